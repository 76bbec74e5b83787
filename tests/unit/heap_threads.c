/* SPDX-License-Identifier: MIT */
/* Several threads at one heap, beside snapshots and evictions; and what a forked child is told. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <fiu-control.h>
#include <fiu.h>
#include <pma/check.h>
#include <pma/fault_points.h>
#include <pma/heap.h>

#include "arena_place.h"
#include "heap_state.h"
#include "random.h"

enum {
    THREADS = 3,
    OBJECTS = 60,
    MOVES = 20000,
    DISTURBANCES = 30,
    EVICTED_PAGES = 40,
    RANGE = 2048
};

struct worker {
    pma_t *arena;
    unsigned number;
    struct random random;
    struct {
        unsigned char *address;
        size_t bytes;
    } objects[OBJECTS];
    unsigned count;
    const char *failure;
};

static _Atomic bool working;
static pthread_barrier_t all_there;

static pma_t *open_arena(const struct arena_place *place)
{
    struct pma_options options = arena_small();

    options.reserved_bytes = (uint64_t)RANGE * PMA_PAGE_SIZE;
    return arena_create(place, &options);
}

static void make_one(struct worker *worker)
{
    const size_t bytes = 1 + (size_t)random_below(&worker->random, 3000);
    void *address;

    if (pma_malloc(worker->arena, bytes, &address)) {
        worker->failure = "pma_malloc";
        return;
    }
    memset(address, (int)worker->number, bytes);
    worker->objects[worker->count].address = address;
    worker->objects[worker->count++].bytes = bytes;
}

static void free_one(struct worker *worker)
{
    const unsigned chosen = (unsigned)random_below(&worker->random, worker->count);
    const unsigned char *address = worker->objects[chosen].address;

    for (size_t i = 0; i < worker->objects[chosen].bytes; i++) {
        if (address[i] != worker->number)
            worker->failure = "the content of an object";
    }
    if (pma_free(worker->arena, worker->objects[chosen].address))
        worker->failure = "pma_free";
    worker->objects[chosen] = worker->objects[--worker->count];
}

static void *work(void *context)
{
    struct worker *worker = context;

    pthread_barrier_wait(&all_there);
    for (unsigned i = 0; (i < MOVES || atomic_load(&working)) && !worker->failure; i++) {
        if (worker->count == 0 ||
            (worker->count < OBJECTS && random_below(&worker->random, 2) == 0))
            make_one(worker);
        else
            free_one(worker);
    }
    return NULL;
}

/* What a snapshot holds must be whole, whatever the threads were at. */
static const char *check_snapshot(const char *path)
{
    struct pma_check_options options = PMA_CHECK_OPTIONS_INIT;
    struct pma_check_report report;

    options.both = false;
    if (pma_check(path, &options, NULL, &report, NULL))
        return "pma_check";
    return report.findings ? "the snapshot breaks a rule" : NULL;
}

struct disturber {
    pma_t *arena;
    const char *path, *failure;
};

static void *disturb(void *context)
{
    struct disturber *disturber = context;
    pma_t *arena = disturber->arena;

    for (uint64_t event = 1; event <= DISTURBANCES && !disturber->failure; event++) {
        if (pma_snapshot(arena, event) || pma_heap_check(arena) ||
            pma_evict(arena, pma_base(arena), EVICTED_PAGES * PMA_PAGE_SIZE))
            disturber->failure = pma_last_error(arena);
        else
            disturber->failure = check_snapshot(disturber->path);
    }
    atomic_store(&working, false);
    return NULL;
}

static void start(struct worker *workers, pthread_t *threads, pma_t *arena)
{
    pthread_barrier_init(&all_there, NULL, THREADS);
    for (unsigned i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.arena = arena, .number = i + 1, .random = {i}};
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
}

/* Demands that all went well, and that nothing else is in the heap. */
static void finish(struct worker *workers, const pthread_t *threads, pma_t *arena)
{
    struct pma_heap_stat stat;
    unsigned objects = 0;

    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (unsigned i = 0; i < THREADS; i++) {
        if (workers[i].failure)
            fail_msg("thread %u: %s: %s", i, workers[i].failure, pma_last_error(arena));
        objects += workers[i].count;
    }
    arena_ok(arena, pma_heap_check(arena));
    arena_ok(arena, pma_heap_stat(arena, &stat));
    assert_int_equal(stat.objects, objects);
    arena_snapshot(arena, 1);
    arena_close(arena);
}

static void threads_share_a_heap(void **state)
{
    pma_t *arena = open_arena(*state);
    struct worker workers[THREADS];
    pthread_t threads[THREADS];

    start(workers, threads, arena);
    finish(workers, threads, arena);
    arena_check(*state);
}

/* The record comes first in the arena, so that the evictions meet it. */
static void threads_share_a_heap_beside_snapshots_and_evictions(void **state)
{
    pma_t *arena = open_arena(*state);
    struct worker workers[THREADS];
    pthread_t threads[THREADS], thread;
    struct disturber disturber = {arena, ((struct arena_place *)*state)->path, NULL};
    void *evicted; /* what is asked to be evicted must be there */

    arena_ok(arena, pma_malloc(arena, EVICTED_PAGES * PMA_PAGE_SIZE, &evicted));
    atomic_store(&working, true);
    start(workers, threads, arena);
    assert_int_equal(pthread_create(&thread, NULL, disturb, &disturber), 0);
    pthread_join(thread, NULL);
    if (disturber.failure)
        fail_msg("beside the threads: %s", disturber.failure);
    arena_ok(arena, pma_free(arena, evicted));
    finish(workers, threads, arena);
    arena_check(*state);
}

static pma_t *watched;
static bool kept_out;

static int look_at_the_lock(const char *name, int *number, void **information, unsigned *flags)
{
    kept_out = atomic_load(&watched->heap->lock.state) != 0;
    return 0;
}

static void a_snapshot_keeps_calls_on_the_heap_out(void **state)
{
    pma_t *arena = open_arena(*state);
    void *object;

    arena_ok(arena, pma_malloc(arena, 100, &object));
    watched = arena;
    pma_fault_gate(1);
    fiu_enable_external("pma/sync/blocks", 1, NULL, 0, look_at_the_lock);
    arena_snapshot(arena, 1);
    fiu_disable("pma/sync/blocks");
    pma_fault_gate(0);
    assert_true(kept_out);
    arena_ok(arena, pma_free(arena, object));
    arena_close(arena);
}

static void a_forked_child_gets_an_error_from_the_heap(void **state)
{
    pma_t *arena = open_arena(*state);
    void *object, *other;
    int status;
    pid_t child;

    arena_ok(arena, pma_malloc(arena, 100, &object));
    child = fork();
    if (child == 0)
        _exit(pma_free(arena, object) != PMA_EFORK || pma_malloc(arena, 9, &other) != PMA_EFORK);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    arena_ok(arena, pma_free(arena, object));
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(threads_share_a_heap, arena_place_setup,
                                        arena_place_teardown),
        cmocka_unit_test_setup_teardown(threads_share_a_heap_beside_snapshots_and_evictions,
                                        arena_place_setup, arena_place_teardown),
        cmocka_unit_test_setup_teardown(a_snapshot_keeps_calls_on_the_heap_out, arena_place_setup,
                                        arena_place_teardown),
        cmocka_unit_test_setup_teardown(a_forked_child_gets_an_error_from_the_heap,
                                        arena_place_setup, arena_place_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
