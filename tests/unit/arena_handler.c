/* SPDX-License-Identifier: MIT */
/* The fault handler: whose faults it answers, and what the program notices of it. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "arena_place.h"

static struct {
    sigjmp_buf back;
    volatile sig_atomic_t count;
    void *volatile address;
} caught;

static void catch (int number, siginfo_t *information, void *context)
{
    caught.count++;
    caught.address = information->si_addr;
    siglongjmp(caught.back, number);
}

static void install(void)
{
    struct sigaction action = {.sa_sigaction = catch, .sa_flags = SA_SIGINFO};

    caught.count = 0;
    sigaction(SIGSEGV, &action, NULL);
}

/* Whether a store to the address got through to the program's own handler. */
static bool store_is_caught(void *address)
{
    caught.address = NULL;
    if (sigsetjmp(caught.back, 1) == 0) {
        *(volatile char *)address = 1;
        return false;
    }
    assert_ptr_equal(caught.address, address);
    return true;
}

static void the_program_s_own_handler_gets_what_is_not_the_arena_s(void **state)
{
    void *mine = mmap(NULL, PMA_PAGE_SIZE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    pma_t *arena;
    char *page;

    install();
    arena = arena_create(*state, NULL);
    page = arena_alloc(arena, 1, 0);
    for (int i = 0; i < 3; i++) {
        assert_true(store_is_caught(mine));
        assert_true(store_is_caught(page + PMA_PAGE_SIZE)); /* not allocated */
    }
    assert_false(store_is_caught(page));
    assert_int_equal(caught.count, 6);
    munmap(mine, PMA_PAGE_SIZE);
    arena_close(arena);
}

static void a_store_to_a_reader_is_the_program_s_mistake(void **state)
{
    const struct arena_place *place = *state;
    struct pma_options options = arena_defaults();
    pma_t *arena = arena_create(place, NULL);
    unsigned char *page = arena_alloc(arena, 1, 0);

    arena_fill(page, 1);
    arena_snapshot(arena, 1);
    arena_close(arena);
    install();
    options.read_only = true;
    assert_int_equal(pma_open(place->path, &options, &arena, NULL), 0);
    assert_true(store_is_caught(page));
    assert_int_equal(arena_tag(page), 1);
    arena_close(arena);
}

static void damage_block(const struct arena_place *place, uint64_t block)
{
    const int fd = open(place->path, O_WRONLY);

    assert_int_equal(pwrite(fd, "x", 1, (off_t)block * PMA_PAGE_SIZE + 9), 1);
    close(fd);
}

/* A private copy of the page, made because it could not be copied to a block, would make it right.
 */
static void a_store_to_a_page_that_fails_its_checksum_is_not_answered(void **state)
{
    const struct arena_place *place = *state;
    const enum pma_copying ways[] = {PMA_COPY_EAGER, PMA_COPY_LAZY};
    pma_t *arena = arena_create(place, NULL);
    unsigned char *page = arena_alloc(arena, 1, 0);
    struct pma_options options = arena_defaults();
    struct pma_run run;

    arena_fill(page, 1);
    arena_snapshot(arena, 1);
    assert_int_equal(pma_next_run(arena, page, &run), 0);
    arena_close(arena);
    damage_block(place, run.block);
    options.verify = true;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        options.copying = ways[i];
        install();
        if (pma_open(place->path, &options, &arena, NULL) == -EOPNOTSUPP)
            continue;
        assert_true(store_is_caught(page));
        assert_int_equal(pma_dirty(arena, page, 1), PMA_ECORRUPT);
        arena_close(arena);
    }
}

static void a_closed_arena_answers_nothing(void **state)
{
    pma_t *arena;
    char *page;

    install();
    arena = arena_create(*state, NULL);
    page = arena_alloc(arena, 1, 0);
    arena_close(arena);
    assert_true(store_is_caught(page));
}

static void without_another_handler_a_stray_store_ends_the_process(void **state)
{
    const struct arena_place *place = *state;
    pid_t child = fork();
    int status;

    if (child == 0) {
        pma_t *arena;

        signal(SIGSEGV, SIG_DFL);
        if (pma_create(place->path, NULL, &arena, NULL))
            _exit(1);
        *(volatile char *)pma_base(arena) = 1;
        _exit(2);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGSEGV);
}

static void a_store_leaves_errno_alone(void **state)
{
    pma_t *arena = arena_create(*state, NULL);
    volatile char *page = arena_alloc(arena, 1, 0);

    errno = 12345;
    page[100] = 1;
    assert_int_equal(errno, 12345);
    arena_close(arena);
}

/* What Linux programs give a handler at least; sanitizers put red zones into every frame. */
#ifdef __SANITIZE_ADDRESS__
enum { SIGNAL_STACK = 16 * 1024 };
#else
enum { SIGNAL_STACK = 8 * 1024 };
#endif

static void a_signal_stack_is_used_if_there_is_one(void **state)
{
    static char memory[65536];
    const stack_t stack = {.ss_sp = memory, .ss_size = sizeof(memory)};
    const stack_t none = {.ss_flags = SS_DISABLE};
    pma_t *arena = arena_create(*state, NULL);
    volatile char *page = arena_alloc(arena, 1, 0);
    size_t untouched = 0;

    assert_int_equal(sigaltstack(&stack, NULL), 0);
    page[0] = 1;
    assert_int_equal(sigaltstack(&none, NULL), 0);
    while (memory[untouched] == 0)
        untouched++;
    assert_true(untouched < sizeof(memory));
    assert_true(sizeof(memory) - untouched < SIGNAL_STACK);
    arena_close(arena);
}

static void stores_in_sequence_are_copied_in_runs(void **state)
{
    arena_eager_only();
    enum { COUNT = 64 };
    pma_t *arena = arena_create(*state, NULL);
    unsigned char *page = arena_alloc(arena, 2 * COUNT, 0);
    struct pma_stat stat;

    for (size_t i = 0; i < COUNT; i++)
        arena_fill(page + i * PMA_PAGE_SIZE, i + 1);
    arena_ok(arena, pma_stat(arena, &stat));
    assert_in_range(stat.copied_pages, COUNT, COUNT + 16);
    assert_int_equal(stat.extents, 2);
    arena_close(arena);
}

static void scattered_stores_are_copied_one_by_one(void **state)
{
    arena_eager_only();
    pma_t *arena = arena_create(*state, NULL);
    unsigned char *page = arena_alloc(arena, 64, 0);
    struct pma_stat stat;

    for (size_t i = 0; i < 64; i += 4)
        arena_fill(page + i * PMA_PAGE_SIZE, i + 1);
    arena_ok(arena, pma_stat(arena, &stat));
    assert_int_equal(stat.copied_pages, 16);
    arena_close(arena);
}

enum { THREADS = 8, PAGES_EACH = 40 };

struct work {
    unsigned char *page;
    uint64_t number;
};

/* Threads take turns page by page, so that they fault side by side in the same extents. */
static void *store_and_load(void *argument)
{
    const struct work *work = argument;
    uintptr_t wrong = 0;

    for (uint64_t i = 0; i < PAGES_EACH; i++) {
        unsigned char *page = work->page + (i * THREADS + work->number) * PMA_PAGE_SIZE;

        wrong += arena_tag(page) != 0;
        arena_fill(page, 1000 * work->number + i + 1);
        wrong += arena_tag(page) != 1000 * work->number + i + 1;
    }
    return (void *)wrong;
}

static void threads_may_store_at_the_same_time(void **state)
{
    pma_t *arena = arena_create(*state, NULL);
    unsigned char *page = arena_alloc(arena, THREADS * PAGES_EACH, 0);
    struct work work[THREADS];
    pthread_t threads[THREADS];
    void *wrong;

    for (uint64_t i = 0; i < THREADS; i++) {
        work[i] = (struct work){page, i};
        assert_int_equal(pthread_create(&threads[i], NULL, store_and_load, &work[i]), 0);
    }
    for (uint64_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
    arena_snapshot(arena, 1);
    arena = arena_reopen(*state, arena);
    for (uint64_t i = 0; i < THREADS * PAGES_EACH; i++)
        assert_int_equal(arena_tag(page + i * PMA_PAGE_SIZE),
                         1000 * (i % THREADS) + i / THREADS + 1);
    arena_close(arena);
    arena_check(*state);
}

static void a_system_call_reads_and_writes_what_was_announced(void **state)
{
    pma_t *arena = arena_create(*state, NULL);
    char *page = arena_alloc(arena, 2, 0), zeros[8];
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], page, 8), -1);
    assert_int_equal(errno, EFAULT);
    arena_ok(arena, pma_touch(arena, page, 8));
    assert_int_equal(write(ends[1], page, 8), 8);
    assert_int_equal(read(ends[0], zeros, 8), 8);

    assert_int_equal(write(ends[1], "announce", 8), 8);
    assert_int_equal(read(ends[0], page + 4092, 8), -1);
    assert_int_equal(errno, EFAULT);
    arena_ok(arena, pma_dirty(arena, page + 4092, 8));
    assert_int_equal(read(ends[0], page + 4092, 8), 8);
    assert_memory_equal(page + 4092, "announce", 8);
    close(ends[0]);
    close(ends[1]);
    arena_close(arena);
}

/* Linux allows a process 65530 mappings; the test takes most of them away. */
static void scattered_pages_need_no_more_mappings_than_there_are(void **state)
{
#ifdef __SANITIZE_THREAD__
    skip(); /* the sanitizer needs mappings of its own, and would find none */
#endif
    enum { FILLERS = 60000, COUNT = 8000 };
    pma_t *arena = arena_create(*state, NULL);
    unsigned char *page = arena_alloc(arena, COUNT, 0);
    char *filler =
        mmap(NULL, (size_t)FILLERS * PMA_PAGE_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    assert_ptr_not_equal(filler, MAP_FAILED);
    for (size_t i = 0; i < FILLERS; i += 2)
        assert_int_equal(mprotect(filler + i * PMA_PAGE_SIZE, PMA_PAGE_SIZE, PROT_READ), 0);
    for (size_t i = 0; i < COUNT; i += 2)
        arena_fill(page + i * PMA_PAGE_SIZE, i + 1);
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(arena_tag(page + i * PMA_PAGE_SIZE), i % 2 ? 0 : i + 1);
    arena_snapshot(arena, 1);
    for (size_t i = 0; i < COUNT; i += 4)
        arena_fill(page + i * PMA_PAGE_SIZE, i + 7);
    arena_snapshot(arena, 2);
    munmap(filler, (size_t)FILLERS * PMA_PAGE_SIZE);
    arena = arena_reopen(*state, arena);
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(arena_tag(page + i * PMA_PAGE_SIZE), i % 2 ? 0 : i % 4 ? i + 1 : i + 7);
    arena_close(arena);
    arena_check(*state);
}

#define place_test(test)                                                                           \
    cmocka_unit_test_setup_teardown(test, arena_place_setup, arena_place_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        place_test(the_program_s_own_handler_gets_what_is_not_the_arena_s),
        place_test(a_store_to_a_reader_is_the_program_s_mistake),
        place_test(a_store_to_a_page_that_fails_its_checksum_is_not_answered),
        place_test(a_closed_arena_answers_nothing),
        place_test(without_another_handler_a_stray_store_ends_the_process),
        place_test(a_store_leaves_errno_alone),
        place_test(a_signal_stack_is_used_if_there_is_one),
        place_test(stores_in_sequence_are_copied_in_runs),
        place_test(scattered_stores_are_copied_one_by_one),
        place_test(threads_may_store_at_the_same_time),
        place_test(scattered_pages_need_no_more_mappings_than_there_are),
        place_test(a_system_call_reads_and_writes_what_was_announced),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
