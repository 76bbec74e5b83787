/* SPDX-License-Identifier: MIT */
/* Stores through mappings, calls on mappings, fault handlers, and the end of a process. */
#include "recorded.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

enum { BLOCK = FSIM_BLOCK_SIZE };

static void a_store_is_seen_at_the_next_call(void **state)
{
    struct recorded *r = *state;
    int fd, other = open_in(r, "other", O_RDWR | O_CREAT);
    char *page = map_in(r, "a", 4, &fd);

    close(fd);
    skip_events(r);
    page[BLOCK] = 'x';
    expect_events(r, NULL);
    assert_int_equal(fdatasync(other), 0);
    expect_events(r, "write a block 1", "fdatasync other", "sync of other begins", "sync done",
                  NULL);
    munmap(page, 4 * BLOCK);
    close(other);
}

static void stores_in_any_order_are_versions(void **state)
{
    struct recorded *r = *state;
    int fd;
    char *page = map_in(r, "a", 4, &fd);

    skip_events(r);
    page[3 * BLOCK] = 'x';
    fsim_capture_sample();
    page[0] = 'y';
    fsim_capture_sample();
    page[3 * BLOCK] = 'z';
    page[2 * BLOCK] = 'z';
    fsim_capture_sample();
    expect_events(r, "write a block 3", "write a block 0", "write a block 2", "write a block 3",
                  NULL);
    assert_string_equal(last_content(r, 1, 3), "z");
    munmap(page, 4 * BLOCK);
    close(fd);
}

static void a_store_back_is_a_version_too(void **state)
{
    struct recorded *r = *state;
    int fd;
    char *page = map_in(r, "a", 1, &fd);

    page[0] = 'x';
    fsim_capture_sample();
    skip_events(r);
    page[0] = 0;
    fsim_capture_sample();
    expect_events(r, "write a block 0 (zeros)", NULL);
    munmap(page, BLOCK);
    close(fd);
}

static void write_protection_takes_the_last_stores(void **state)
{
    struct recorded *r = *state;
    int fd;
    char *page = map_in(r, "a", 3, &fd);

    skip_events(r);
    page[BLOCK] = 'x';
    assert_int_equal(mprotect(page, 3 * BLOCK, PROT_READ), 0);
    expect_events(r, "write a block 1", "mprotect a", NULL);
    assert_int_equal(mprotect(page + BLOCK, BLOCK, PROT_READ | PROT_WRITE), 0);
    page[BLOCK] = 'y';
    assert_int_equal(mprotect(page, 3 * BLOCK, PROT_NONE), 0);
    expect_events(r, "mprotect a", "write a block 1", "mprotect a", NULL);
    munmap(page, 3 * BLOCK);
    close(fd);
}

static void private_pages_are_no_versions(void **state)
{
    struct recorded *r = *state;
    int fd = open_in(r, "a", O_RDWR | O_CREAT);
    char *page;

    assert_int_equal(ftruncate(fd, BLOCK), 0);
    skip_events(r);
    page = mmap(NULL, BLOCK, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    page[0] = 'x';
    fsim_capture_sample();
    munmap(page, BLOCK);
    expect_events(r, "mmap a", NULL);
    close(fd);
}

static void stores_beyond_the_end_do_not_exist(void **state)
{
    struct recorded *r = *state;
    int fd = open_in(r, "a", O_RDWR | O_CREAT);
    char *page;

    assert_int_equal(ftruncate(fd, 10), 0);
    page = mmap(NULL, 2 * BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    skip_events(r);
    page[10] = 'x';
    fsim_capture_sample();
    expect_events(r, NULL);
    munmap(page, 2 * BLOCK);
    close(fd);
}

static void msync_syncs_its_range(void **state)
{
    struct recorded *r = *state;
    int fd;
    char *page = map_in(r, "a", 4, &fd);

    assert_int_equal(fsync(fd), 0);
    skip_events(r);
    assert_int_equal(msync(page + BLOCK, 2 * BLOCK, MS_SYNC), 0);
    expect_events(r, "msync a", "sync of a blocks 1-2 begins", "sync done", NULL);
    assert_int_equal(msync(page, BLOCK, MS_ASYNC), 0);
    expect_events(r, "msync a", NULL);
    munmap(page, 4 * BLOCK);
    close(fd);
}

static void msync_beyond_the_durable_length_takes_the_length_along(void **state)
{
    struct recorded *r = *state;
    int fd;
    char *page = map_in(r, "a", 2, &fd);

    skip_events(r);
    assert_int_equal(msync(page, BLOCK, MS_SYNC), 0);
    expect_events(r, "msync a", "sync of a block 0 begins", "sync of the length of a begins",
                  "sync done", "sync done", NULL);
    munmap(page, 2 * BLOCK);
    close(fd);
}

static void mremap_takes_the_blocks_along(void **state)
{
    struct recorded *r = *state;
    int fd;
    char *page = map_in(r, "a", 8, &fd);
    char *target = mmap(NULL, 8 * BLOCK, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    skip_events(r);
    assert_ptr_equal(
        mremap(page + 2 * BLOCK, 3 * BLOCK, 3 * BLOCK, MREMAP_MAYMOVE | MREMAP_FIXED, target),
        target);
    target[BLOCK] = 'x';
    page[5 * BLOCK] = 'y';
    fsim_capture_sample();
    expect_events(r, "mremap a", "write a block 3", "write a block 5", NULL);
    munmap(page, 8 * BLOCK);
    skip_events(r);
    target[0] = 'z';
    munmap(target, 8 * BLOCK);
    expect_events(r, "write a block 2", "munmap a", NULL);
    close(fd);
}

static void a_grown_mapping_shows_more_blocks(void **state)
{
    struct recorded *r = *state;
    int fd;
    char *page = map_in(r, "a", 8, &fd), *grown;

    assert_int_equal(munmap(page + 2 * BLOCK, 6 * BLOCK), 0);
    grown = mremap(page, 2 * BLOCK, 6 * BLOCK, MREMAP_MAYMOVE);
    assert_ptr_not_equal(grown, MAP_FAILED);
    skip_events(r);
    grown[5 * BLOCK] = 'x';
    grown = mremap(grown, 6 * BLOCK, BLOCK, MREMAP_MAYMOVE);
    assert_ptr_not_equal(grown, MAP_FAILED);
    expect_events(r, "write a block 5", "mremap a", NULL);
    munmap(grown, BLOCK);
    close(fd);
}

static void a_hole_in_a_mapping_is_watched_no_more(void **state)
{
    struct recorded *r = *state;
    int fd;
    char *page = map_in(r, "a", 4, &fd);

    skip_events(r);
    page[BLOCK] = 'x';
    assert_int_equal(munmap(page + BLOCK, 2 * BLOCK), 0);
    expect_events(r, "write a block 1", "munmap a", NULL);
    assert_int_equal(pwrite(fd, "y", 1, 2 * BLOCK), 1);
    page[3 * BLOCK] = 'z';
    expect_events(r, "pwrite a", "write a block 2", NULL);
    munmap(page, 4 * BLOCK);
    expect_events(r, "write a block 3", "munmap a", NULL);
    assert_int_equal(munmap(page, 4 * BLOCK), 0);
    expect_events(r, NULL);
    close(fd);
}

static void mapping_over_a_mapping_ends_it(void **state)
{
    struct recorded *r = *state;
    int fd;
    char *page = map_in(r, "a", 2, &fd);

    skip_events(r);
    page[BLOCK] = 'x';
    mmap(page, 2 * BLOCK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    page[0] = 'y';
    fsim_capture_sample();
    expect_events(r, "write a block 1", "mmap", NULL);
    munmap(page, 2 * BLOCK);
    expect_events(r, NULL);
    close(fd);
}

static void blocks_given_back_to_the_file_system_are_zeros(void **state)
{
    struct recorded *r = *state;
    int fd;
    char *page = map_in(r, "a", 2, &fd);

    page[BLOCK] = 'x';
    fsim_capture_sample();
    skip_events(r);
    assert_int_equal(madvise(page + BLOCK, BLOCK, MADV_REMOVE), 0);
    expect_events(r, "madvise a", "write a block 1 (zeros)", NULL);
    munmap(page, 2 * BLOCK);
    close(fd);
}

static void many_pieces_are_kept_apart(void **state)
{
    enum { PIECES = 256 };
    struct recorded *r = *state;
    int fd;
    char *page = map_in(r, "a", 2 * PIECES, &fd);

    /* Every second page read-only, then all of them mapped elsewhere, backwards. */
    for (int i = 0; i < PIECES; i++)
        assert_int_equal(mprotect(page + 2 * i * BLOCK, BLOCK, PROT_READ), 0);
    for (int i = 0; i < PIECES; i++)
        assert_ptr_not_equal(mmap(page + 2 * i * BLOCK, BLOCK, PROT_READ | PROT_WRITE,
                                  MAP_SHARED | MAP_FIXED, fd, 2 * (PIECES - 1 - i) * BLOCK),
                             MAP_FAILED);
    skip_events(r);
    page[0] = 'x';
    page[2 * (PIECES - 1) * BLOCK] = 'y';
    page[7 * BLOCK] = 'z';
    fsim_capture_sample();
    expect_events(r, "write a block 510", "write a block 7", "write a block 0", NULL);
    munmap(page, 2 * PIECES * BLOCK);
    close(fd);
}

/* A store as an arena has it: a page that may not be written is copied to a fresh block, in the
 * handler of the fault. */
static struct {
    int fd;
    char *page;
    off_t fresh;
    volatile sig_atomic_t in_handler;
} arena;

static void copy_on_store(int signal, siginfo_t *info, void *context)
{
    char *page = (char *)((uintptr_t)info->si_addr & ~(uintptr_t)(BLOCK - 1));

    if (page != arena.page)
        _exit(1);
    arena.in_handler = 1;
    if (pwrite(arena.fd, page, BLOCK, arena.fresh) != BLOCK ||
        mmap(page, BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, arena.fd, arena.fresh) !=
            page)
        _exit(1);
    arena.in_handler = 0;
}

static void store_with_handler(struct recorded *r, char value)
{
    struct sigaction action = {.sa_sigaction = copy_on_store, .sa_flags = SA_SIGINFO}, before;

    arena.fd = open_in(r, "arena", O_RDWR | O_CREAT);
    assert_int_equal(pwrite(arena.fd, "old", 3, 0), 3);
    assert_int_equal(ftruncate(arena.fd, 4 * BLOCK), 0);
    arena.page = mmap(NULL, BLOCK, PROT_READ, MAP_SHARED, arena.fd, 0);
    arena.fresh = 2 * BLOCK;
    assert_int_equal(sigaction(SIGSEGV, &action, &before), 0);
    skip_events(r);
    *(volatile char *)arena.page = value;
    assert_int_equal(sigaction(SIGSEGV, &before, NULL), 0);
}

static void a_fault_handler_is_recorded(void **state)
{
    struct recorded *r = *state;

    store_with_handler(r, 'N');
    assert_int_equal(fdatasync(arena.fd), 0);
    expect_events(r, "pwrite arena", "write arena block 2", "mmap arena", "write arena block 2",
                  "fdatasync arena", "sync of arena begins", "sync done", NULL);
    assert_string_equal(last_content(r, 1, 2), "Nld");
    munmap(arena.page, BLOCK);
    close(arena.fd);
}

/* Sanitizers bring a malloc of their own. */
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

void *libc_malloc(size_t bytes) __asm__("__libc_malloc");
void *libc_calloc(size_t count, size_t bytes) __asm__("__libc_calloc");
void *libc_realloc(void *memory, size_t bytes) __asm__("__libc_realloc");

static int allocations_in_handler;

void *malloc(size_t bytes)
{
    allocations_in_handler += arena.in_handler;
    return libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes)
{
    allocations_in_handler += arena.in_handler;
    return libc_calloc(count, bytes);
}

void *realloc(void *memory, size_t bytes)
{
    allocations_in_handler += arena.in_handler;
    return libc_realloc(memory, bytes);
}

static void the_recorder_allocates_nothing(void **state)
{
    struct recorded *r = *state;
    void *volatile memory;

    /* The counting works. */
    arena.in_handler = 1;
    memory = malloc(1);
    free(memory);
    assert_int_equal(allocations_in_handler, 1);
    arena.in_handler = 0;

    store_with_handler(r, 'N');
    assert_int_equal(allocations_in_handler, 1);
    munmap(arena.page, BLOCK);
    close(arena.fd);
}

#endif

/* What the trace says of a file is what is in it. */
static void assert_trace_agrees(struct recorded *r, uint32_t file, int fd, size_t blocks)
{
    char block[BLOCK];

    assert_false(fsim_trace_full(r->trace));
    for (size_t i = 0; i < blocks; i++) {
        assert_int_equal(pread(fd, block, BLOCK, (off_t)(i * BLOCK)), BLOCK);
        assert_memory_equal(block, last_content(r, file, i), BLOCK);
    }
}

/* A signal whose handler writes to a recorded file while its thread is busy writing to it. */
static struct {
    int fd;
    pthread_t writer;
    atomic_int signals;
} interruption;

enum { INTERRUPTIONS = 200 };

static void write_from_handler(int signal)
{
    int count = ++interruption.signals;

    if (pwrite(interruption.fd, &count, sizeof(count), 100) != sizeof(count))
        _exit(1);
}

static void *interrupt(void *unused)
{
    while (interruption.signals < INTERRUPTIONS)
        pthread_kill(interruption.writer, SIGUSR1);
    return NULL;
}

static void a_signal_at_any_time_finds_no_lock_held(void **state)
{
    struct recorded *r = *state;
    struct sigaction action = {.sa_handler = write_from_handler, .sa_flags = SA_RESTART}, before;
    pthread_t interrupter;

    interruption.fd = open_in(r, "a", O_RDWR | O_CREAT);
    interruption.writer = pthread_self();
    interruption.signals = 0;
    assert_int_equal(ftruncate(interruption.fd, 2 * BLOCK), 0);
    assert_int_equal(sigaction(SIGUSR1, &action, &before), 0);
    assert_int_equal(pthread_create(&interrupter, NULL, interrupt, NULL), 0);
    for (int i = 0; interruption.signals < INTERRUPTIONS; i++)
        assert_int_equal(pwrite(interruption.fd, &i, sizeof(i), BLOCK - 2), (int)sizeof(i));
    assert_int_equal(pthread_join(interrupter, NULL), 0);
    assert_int_equal(sigaction(SIGUSR1, &before, NULL), 0);
    assert_trace_agrees(r, 1, interruption.fd, 2);
    close(interruption.fd);
}

enum { WRITES = 300 };

static void *write_many(void *argument)
{
    int fd = *(int *)argument;

    for (int i = 0; i < WRITES; i++)
        if (pwrite(fd, &i, sizeof(i), i * 911 % (8 * BLOCK - 8)) != sizeof(i))
            return argument;
    return NULL;
}

static void threads_take_turns(void **state)
{
    struct recorded *r = *state;
    int fd = open_in(r, "a", O_RDWR | O_CREAT);
    pthread_t other;
    void *failed;

    assert_int_equal(ftruncate(fd, 8 * BLOCK), 0);
    assert_int_equal(pthread_create(&other, NULL, write_many, &fd), 0);
    assert_null(write_many(&fd));
    assert_int_equal(pthread_join(other, &failed), 0);
    assert_null(failed);
    assert_trace_agrees(r, 1, fd, 8);
    close(fd);
}

static void a_killed_process_leaves_its_files_and_nothing_else(void **state)
{
    struct recorded *r = *state;
    int fd, again;
    char *page = map_in(r, "a", 1, &fd);

    assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
    skip_events(r);
    page[0] = 'x';
    fsim_capture_kill();
    expect_events(r, "write a block 0", "the process is killed, a new one goes on", NULL);

    again = open_in(r, "a", O_RDWR);
    assert_int_not_equal(again, fd);
    assert_int_equal(flock(again, LOCK_EX | LOCK_NB), 0);
    page = mmap(NULL, BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED, again, 0);
    assert_string_equal(page, "x");
    expect_events(r, "mmap a", NULL);
    munmap(page, BLOCK);
    close(again);
    close(fd);
}

static void after_a_kill_the_old_handle_can_be_tidied_up(void **state)
{
    struct recorded *r = *state;
    int fd;
    char *page = map_in(r, "a", 1, &fd);

    fsim_capture_kill();
    skip_events(r);
    assert_int_equal(pwrite(fd, "x", 1, 0), 1);
    assert_int_equal(munmap(page, BLOCK), 0);
    assert_int_equal(close(fd), 0);
    expect_events(r, NULL);
}

#define recorded_test(test) cmocka_unit_test_setup_teardown(test, recorded_setup, recorded_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        recorded_test(a_store_is_seen_at_the_next_call),
        recorded_test(stores_in_any_order_are_versions),
        recorded_test(a_store_back_is_a_version_too),
        recorded_test(write_protection_takes_the_last_stores),
        recorded_test(private_pages_are_no_versions),
        recorded_test(stores_beyond_the_end_do_not_exist),
        recorded_test(msync_syncs_its_range),
        recorded_test(msync_beyond_the_durable_length_takes_the_length_along),
        recorded_test(mremap_takes_the_blocks_along),
        recorded_test(a_grown_mapping_shows_more_blocks),
        recorded_test(a_hole_in_a_mapping_is_watched_no_more),
        recorded_test(mapping_over_a_mapping_ends_it),
        recorded_test(blocks_given_back_to_the_file_system_are_zeros),
        recorded_test(many_pieces_are_kept_apart),
        recorded_test(a_fault_handler_is_recorded),
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
        recorded_test(the_recorder_allocates_nothing),
#endif
        recorded_test(a_signal_at_any_time_finds_no_lock_held),
        recorded_test(threads_take_turns),
        recorded_test(a_killed_process_leaves_its_files_and_nothing_else),
        recorded_test(after_a_kill_the_old_handle_can_be_tidied_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
