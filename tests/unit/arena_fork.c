/* SPDX-License-Identifier: MIT */
/* What a child of fork has of its parent's arenas: nothing, and a clear word for it. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <pma/heap.h>
#include <pma/noun.h>
#include <pma/stack.h>

#include "arena.h"
#include "arena_place.h"

struct scene {
    const struct arena_place *place;
    pma_t *arena;
    unsigned char *page;
    pma_t *view;
    void *object;
    pma_stack_t *stack;
    pma_noun noun;
};

/* Page 0 is 11 in snapshot 2 and 12 since. */
static struct scene begin(const struct arena_place *place)
{
    const struct pma_options options = arena_small();
    struct scene scene = {.place = place, .arena = arena_create(place, &options)};

    scene.page = arena_alloc(scene.arena, 4, 0);
    arena_fill(scene.page, 11);
    arena_snapshot(scene.arena, 1);
    assert_int_equal(pma_view_open(place->path, NULL, &scene.view, NULL), 0);
    arena_fill(scene.page, 12);
    return scene;
}

static void end(struct scene *scene)
{
    assert_int_equal(arena_tag(scene->page), 12);
    assert_int_equal(arena_tag(pma_view_ptr(scene->view, scene->page)), 11);
    arena_snapshot(scene->arena, 2);
    arena_close(scene->view);
    scene->arena = arena_reopen(scene->place, scene->arena);
    assert_int_equal(arena_tag(scene->page), 12);
    arena_close(scene->arena);
    arena_check(scene->place);
}

typedef bool in_child(const struct scene *scene);

/* Forks; a child that hangs is ended. */
static pid_t start(in_child *body, const struct scene *scene)
{
    enum { LONG = 60 };
    const pid_t child = fork();

    if (child != 0)
        return child;
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves nobody behind */
    signal(SIGSEGV, SIG_DFL);
    alarm(LONG);
    _exit(body(scene) ? 0 : 1);
}

static int outcome(pid_t child)
{
    int status;

    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void expect_true_in_child(in_child *body, const struct scene *scene)
{
    assert_int_equal(outcome(start(body, scene)), 0);
}

static bool every_call_is_refused(const struct scene *scene)
{
    pma_t *const arena = scene->arena;
    struct pma_stat stat;
    struct pma_run run;
    uint64_t number;
    void *address;

    return pma_snapshot(arena, 1) == PMA_EFORK && pma_stat(arena, &stat) == PMA_EFORK &&
           pma_pages_alloc(arena, 1, 0, &address) == PMA_EFORK &&
           pma_pages_alloc_at(arena, scene->page, 1, 0) == PMA_EFORK &&
           pma_pages_free(arena, scene->page, 1) == PMA_EFORK &&
           pma_pages_move(arena, scene->page + PMA_PAGE_SIZE, scene->page, 1, 0) == PMA_EFORK &&
           pma_dirty(arena, scene->page, 1) == PMA_EFORK &&
           pma_touch(arena, scene->page, 1) == PMA_EFORK &&
           pma_evict(arena, scene->page, 1) == PMA_EFORK &&
           pma_root(arena, 0, &number) == PMA_EFORK && pma_set_root(arena, 0, 1) == PMA_EFORK &&
           pma_next_run(arena, NULL, &run) == PMA_EFORK &&
           pma_next_free(arena, 0, &number, &number) == PMA_EFORK &&
           pma_shrink(arena, 0, NULL) == PMA_EFORK && pma_stat(scene->view, &stat) == PMA_EFORK &&
           pma_base(arena) == NULL && pma_view_ptr(scene->view, scene->page) == NULL &&
           strstr(pma_last_error(arena),
                  "in a child of the process that opened the arena: arena was opened before fork");
}

static void every_call_of_a_child_is_refused(void **state)
{
    struct scene scene = begin(*state);

    expect_true_in_child(every_call_is_refused, &scene);
    end(&scene);
}

static bool close_both(const struct scene *scene)
{
    return pma_close(scene->arena) == 0 && pma_close(scene->view) == 0;
}

/* What is made of an arena is as far away as the arena itself. */
static bool heap_and_stack_are_refused(const struct scene *scene)
{
    pma_stack_t *const stack = scene->stack;
    struct pma_stack_frame frame;
    void *object = scene->object;
    pma_noun noun = scene->noun;
    uint64_t word;

    return pma_malloc(scene->arena, 64, &object) == PMA_EFORK &&
           pma_realloc(scene->arena, &object, 9000) == PMA_EFORK &&
           pma_free(scene->arena, object) == PMA_EFORK && pma_stack_push(stack, 1) == PMA_EFORK &&
           pma_stack_pop(stack) == PMA_EFORK && pma_stack_flip(stack, 1) == PMA_EFORK &&
           pma_stack_alloc(stack, 64, &object) == PMA_EFORK &&
           pma_stack_light_push(stack, 1) == PMA_EFORK &&
           pma_stack_light_pop(stack, &word) == PMA_EFORK && pma_stack_local(stack, 0) == NULL &&
           pma_stack_frame(stack, 0, &frame) == PMA_EFORK && pma_stack_check(stack) == PMA_EFORK &&
           pma_stack_release(stack) == PMA_EFORK &&
           pma_noun_from_word(stack, UINT64_MAX, &noun) == PMA_EFORK &&
           pma_noun_cell(stack, 1, 2, &noun) == PMA_EFORK &&
           pma_noun_preserve(stack, &noun, 1, NULL) == PMA_EFORK &&
           pma_noun_keep(stack, scene->noun, &noun, NULL) == PMA_EFORK &&
           pma_noun_jam(stack, scene->noun, &noun) == PMA_EFORK &&
           pma_noun_cue(stack, 1, &noun) == PMA_EFORK &&
           pma_noun_check(stack, &noun, 1) == PMA_EFORK && pma_stack_free(stack) == PMA_EFORK &&
           close_both(scene);
}

static void heap_and_stack_of_a_child_are_refused(void **state)
{
    struct scene scene = begin(*state);

    arena_ok(scene.arena, pma_malloc(scene.arena, 64, &scene.object));
    arena_ok(scene.arena, pma_stack_new(scene.arena, NULL, 2, &scene.stack));
    arena_ok(scene.arena, pma_noun_cell(scene.stack, 1, 2, &scene.noun));
    expect_true_in_child(heap_and_stack_are_refused, &scene);
    arena_ok(scene.arena, pma_stack_check(scene.stack));
    arena_ok(scene.arena, pma_stack_free(scene.stack));
    end(&scene);
}

static bool store_to_a_writable_page(const struct scene *scene)
{
    arena_fill(scene->page, 13);
    return true;
}

static bool load_from_the_view(const struct scene *scene)
{
    return *(volatile const unsigned char *)scene->page == 0;
}

static void no_store_of_a_child_reaches_the_parent_s_pages(void **state)
{
    struct scene scene = begin(*state);
    int status = outcome(start(store_to_a_writable_page, &scene));

    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
    status = outcome(start(load_from_the_view, &scene));
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
    end(&scene);
}

static bool is_busy(const struct scene *scene)
{
    pma_t *arena;

    return pma_open(scene->place->path, NULL, &arena, NULL) == PMA_EBUSY;
}

static bool open_and_close_both_again(const struct scene *scene)
{
    return close_both(scene) && is_busy(scene);
}

static void what_a_child_closes_stays_open_and_locked_for_the_parent(void **state)
{
    struct scene scene = begin(*state);

    expect_true_in_child(open_and_close_both_again, &scene);
    expect_true_in_child(is_busy, &scene);
    end(&scene);
}

static int begun[2]; /* a pipe: what the child inherited is closed when it writes */

static bool wait_for_the_end(const struct scene *scene)
{
    if (write(begun[1], "", 1) != 1)
        return false;
    for (;;)
        pause();
    return scene;
}

static void stop(pid_t child)
{
    assert_int_equal(kill(child, SIGKILL), 0);
    outcome(child);
}

static void a_child_that_lives_on_keeps_neither_the_arena_nor_a_view_open(void **state)
{
    struct scene scene = begin(*state);
    struct pma_stat stat;
    pid_t child;
    char byte;

    assert_int_equal(pipe(begun), 0);
    child = start(wait_for_the_end, &scene);
    assert_int_equal(read(begun[0], &byte, 1), 1);
    for (uint64_t i = 0; i < 3; i++) {
        arena_fill(scene.page, 12);
        arena_snapshot(scene.arena, 2);
    }
    arena_ok(scene.arena, pma_stat(scene.arena, &stat));
    assert_int_not_equal(stat.view_blocks, 0);
    arena_close(scene.view);
    arena_ok(scene.arena, pma_stat(scene.arena, &stat));
    assert_int_equal(stat.view_blocks, 0);
    scene.arena = arena_reopen(scene.place, scene.arena);
    stop(child);
    close(begun[0]);
    close(begun[1]);
    arena_close(scene.arena);
}

static bool look_through_a_view(const struct scene *scene)
{
    pma_t *view;
    bool right;

    if (pma_view_open(scene->place->path, NULL, &view, NULL))
        return false;
    right = pma_view_ptr(view, scene->page) == scene->page && arena_tag(scene->page) == 11;
    return pma_close(view) == 0 && right;
}

static void a_child_may_open_a_view_at_the_arena_s_own_address(void **state)
{
    struct scene scene = begin(*state);

    expect_true_in_child(look_through_a_view, &scene);
    end(&scene);
}

static bool fork_again(const struct scene *scene)
{
    return every_call_is_refused(scene) && look_through_a_view(scene) &&
           outcome(start(every_call_is_refused, scene)) == 0 && close_both(scene);
}

static void a_child_of_a_child_is_told_the_same(void **state)
{
    struct scene scene = begin(*state);

    expect_true_in_child(fork_again, &scene);
    end(&scene);
}

enum { FORKS = 200 };

/* Threads keep the library busy until told to stop; they count what failed. */
struct busy {
    const struct scene *scene;
    _Atomic bool stop, half_changed;
};

static void *store_and_snapshot(void *argument)
{
    struct busy *busy = argument;
    uintptr_t failures = 0;

    while (!atomic_load(&busy->stop)) {
        arena_fill(busy->scene->page, 12);
        failures += pma_snapshot(busy->scene->arena, 2) != 0;
    }
    return (void *)failures;
}

static void *open_and_close_views(void *argument)
{
    struct busy *busy = argument;
    uintptr_t failures = 0;
    pma_t *view;

    while (!atomic_load(&busy->stop)) {
        if (pma_view_open(busy->scene->place->path, NULL, &view, NULL) || pma_close(view))
            failures++;
    }
    return (void *)failures;
}

static bool find_in_proc(const char *file, const char *words)
{
    char line[512];
    bool found = false;
    FILE *stream = fopen(file, "r");

    while (stream && !found && fgets(line, sizeof(line), stream))
        found = strstr(line, words);
    if (stream)
        fclose(stream);
    return found;
}

static bool has_descriptor_of(const char *path)
{
    enum { MOST = 64 };
    char link[32], target[128];
    bool found = false;

    for (int fd = 0; fd < MOST && !found; fd++) {
        snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
        const ssize_t length = readlink(link, target, sizeof(target) - 1);

        target[length > 0 ? length : 0] = '\0';
        found = strcmp(target, path) == 0;
    }
    return found;
}

static bool nothing_is_left_and_nothing_hangs(const struct scene *scene)
{
    return !find_in_proc("/proc/self/maps", scene->place->path) &&
           !has_descriptor_of(scene->place->path) && every_call_is_refused(scene) &&
           close_both(scene);
}

static void fork_while(void *(*work)(void *), const struct scene *scene)
{
    struct busy busy = {.scene = scene};
    pthread_t thread;
    void *failures;

    assert_int_equal(pthread_create(&thread, NULL, work, &busy), 0);
    for (int i = 0; i < FORKS; i++)
        expect_true_in_child(nothing_is_left_and_nothing_hangs, scene);
    atomic_store(&busy.stop, true);
    assert_int_equal(pthread_join(thread, &failures), 0);
    assert_null(failures);
}

static void a_fork_while_another_thread_takes_snapshots_leaves_nothing_behind(void **state)
{
    struct scene scene = begin(*state);

    fork_while(store_and_snapshot, &scene);
    end(&scene);
}

static void a_fork_while_another_thread_opens_views_leaves_nothing_behind(void **state)
{
    struct scene scene = begin(*state);

    fork_while(open_and_close_views, &scene);
    end(&scene);
}

/* Holds the arena as another thread would in the middle of a change, with a table half made. */
static void *hold_half_changed(void *argument)
{
    struct busy *busy = argument;
    struct pma *arena = busy->scene->arena;
    struct blocks *const blocks = arena->blocks;
    struct nodes *const nodes = arena->nodes;

    lock_take(&arena->lock);
    arena->blocks = (struct blocks *)busy;
    arena->nodes = (struct nodes *)busy;
    atomic_store(&busy->half_changed, true);
    while (!atomic_load(&busy->stop))
        sched_yield();
    arena->blocks = blocks;
    arena->nodes = nodes;
    lock_give(&arena->lock);
    return NULL;
}

static void a_child_never_looks_at_what_another_thread_was_changing(void **state)
{
    struct scene scene = begin(*state);
    struct busy busy = {.scene = &scene};
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, hold_half_changed, &busy), 0);
    while (!atomic_load(&busy.half_changed))
        sched_yield();
    expect_true_in_child(nothing_is_left_and_nothing_hangs, &scene);
    atomic_store(&busy.stop, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    end(&scene);
}

#define place_test(test)                                                                           \
    cmocka_unit_test_setup_teardown(test, arena_place_setup, arena_place_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        place_test(every_call_of_a_child_is_refused),
        place_test(heap_and_stack_of_a_child_are_refused),
        place_test(no_store_of_a_child_reaches_the_parent_s_pages),
        place_test(what_a_child_closes_stays_open_and_locked_for_the_parent),
        place_test(a_child_that_lives_on_keeps_neither_the_arena_nor_a_view_open),
        place_test(a_child_may_open_a_view_at_the_arena_s_own_address),
        place_test(a_child_of_a_child_is_told_the_same),
        place_test(a_fork_while_another_thread_takes_snapshots_leaves_nothing_behind),
        place_test(a_fork_while_another_thread_opens_views_leaves_nothing_behind),
        place_test(a_child_never_looks_at_what_another_thread_was_changing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
