/* SPDX-License-Identifier: MIT */
/*
 * Nouns that are copied, kept and released while the arena gets no memory, no mapping and no block:
 * every fault at every point that the call meets, once and for good. A call that fails has changed
 * nothing, and does what it should without the fault; only a release of much may fail halfway, and
 * gives the arena up then.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fault_plan.h"
#include "noun_make.h"

/* Cells, small atoms shared between them, and atoms of 2, 3 and 9 pages. */
static pma_noun make(const struct stack_home *home)
{
    struct random random = {.state = 11};
    pma_noun noun = noun_random(home, &random, 300, 0);

    noun = noun_cons(home, noun_blob(home, 2 * PMA_PAGE_SIZE - 100, 1), noun);
    noun = noun_cons(home, noun_blob(home, 3 * PMA_PAGE_SIZE - 100, 2), noun);
    return noun_cons(home, noun, noun_blob(home, 9 * PMA_PAGE_SIZE - 100, 3));
}

static void expect_whole(const struct stack_home *home, pma_noun noun)
{
    noun_sound(home, noun);
    stack_ok(home, pma_stack_push(home->stack, 0));
    assert_true(noun_same(home, noun, make(home)));
    stack_ok(home, pma_stack_pop(home->stack));
    stack_sound(home);
}

static uint64_t objects(const struct stack_home *home)
{
    struct pma_heap_stat stat;

    stack_ok(home, pma_heap_check(home->arena));
    stack_ok(home, pma_heap_stat(home->arena, &stat));
    return stat.objects;
}

/* The fault of this round: the nth hit of a point, or that one and all after it. */
static struct {
    const char *point;
    unsigned n;
    bool for_good;
} fault;

/* Calls with the fault and, if that fails, without. */
#define try_call(home, call, unchanged)                                                            \
    do {                                                                                           \
        int result;                                                                                \
        fault_plan_arm(fault.point, fault.n, fault.for_good, 0);                                   \
        result = (call);                                                                           \
        fault_plan_disarm();                                                                       \
        if (result) {                                                                              \
            assert_string_not_equal(pma_last_error((home)->arena), "");                            \
            unchanged;                                                                             \
            stack_ok((home), (call));                                                              \
        }                                                                                          \
    } while (0)

static void preserve_it(struct stack_home *home)
{
    struct pma_copy_report report = {0};
    struct noun_census census;
    pma_noun noun;

    stack_ok(home, pma_stack_push(home->stack, 3));
    stack_ok(home, pma_stack_push(home->stack, 3));
    noun = make(home);
    census = noun_count(home, noun);
    try_call(home, pma_noun_preserve(home->stack, &noun, 1, &report), expect_whole(home, noun));
    assert_int_equal(report.copied_objects + report.moved_objects, census.cells + census.atoms);
    stack_ok(home, pma_stack_pop(home->stack));
    assert_true(noun_same_census(noun_count(home, noun), census));
    expect_whole(home, noun);
    stack_ok(home, pma_stack_pop(home->stack));
}

/* The snapshot makes every store of the call to the heap one that has to copy a page first. */
static void keep_it(struct stack_home *home)
{
    pma_noun noun, kept = 3;

    arena_snapshot(home->arena, fault.n);
    stack_ok(home, pma_stack_push(home->stack, 3));
    noun = make(home);
    try_call(home, pma_noun_keep(home->stack, noun, &kept, NULL), {
        assert_int_equal(kept, 3);
        assert_int_equal(objects(home), 0);
        expect_whole(home, noun);
    });
    stack_ok(home, pma_stack_pop(home->stack));
    expect_whole(home, kept);
    stack_ok(home, pma_noun_release(home->arena, kept));
    assert_int_equal(objects(home), 0);
}

/* Every object's page is committed, so that stores have to copy it first. */
static void release_it(struct stack_home *home)
{
    pma_noun noun, kept;

    stack_ok(home, pma_stack_push(home->stack, 3));
    noun = make(home);
    stack_ok(home, pma_noun_keep(home->stack, noun, &kept, NULL));
    stack_ok(home, pma_stack_pop(home->stack));
    stack_ok(home, pma_noun_hold(home->arena, kept));
    arena_snapshot(home->arena, 1);
    try_call(home, pma_noun_release(home->arena, kept), {
        stack_ok(home, pma_noun_check(home->stack, (pma_noun[]){kept, kept}, 2));
    });
    expect_whole(home, kept);
    stack_ok(home, pma_noun_release(home->arena, kept));
    assert_int_equal(objects(home), 0);
    arena_snapshot(home->arena, 2);
}

static unsigned given_up;

/* A noun of the heap whose objects are in the care of more than one page of the heap's record. */
static pma_noun keep_wide(struct stack_home *home)
{
    pma_noun wide = 0, made;

    for (unsigned i = 0; i < 10; i++) {
        stack_ok(home, pma_stack_push(home->stack, 0));
        made = noun_cons(home, noun_blob(home, 9 * PMA_PAGE_SIZE - 100, i + 1), wide);
        stack_ok(home, pma_noun_keep(home->stack, made, &made, NULL));
        stack_ok(home, pma_stack_pop(home->stack));
        stack_ok(home, pma_noun_release(home->arena, wide));
        wide = made;
    }
    return wide;
}

static void open_again(struct stack_home *home)
{
    pma_stack_free(home->stack); /* whose pages a poisoned arena does not take back */
    pma_close(home->arena);
    home->arena = arena_open(home->arena_place);
    stack_ok(home, pma_stack_new(home->arena, NULL, 0, &home->stack));
}

static void release_wide(struct stack_home *home)
{
    pma_noun wide = keep_wide(home);
    int result;

    arena_snapshot(home->arena, 2 * fault.n);
    fault_plan_arm(fault.point, fault.n, fault.for_good, 0);
    result = pma_noun_release(home->arena, wide);
    fault_plan_disarm();
    if (result) {
        if (pma_snapshot(home->arena, 2 * fault.n + 1)) {
            assert_non_null(strstr(pma_last_error(home->arena), "poisoned: a noun of the heap"));
            open_again(home);
            given_up++;
        }
        stack_ok(home, pma_noun_check(home->stack, &wide, 1));
        stack_ok(home, pma_noun_release(home->arena, wide));
    }
    assert_int_equal(objects(home), 0);
}

/* Each round makes the call, with the next fault, and leaves the home as it was. */
typedef void round(struct stack_home *home);

static void sweep(void **state, round *play, const char *point, bool for_good)
{
    struct stack_home *home = stack_home(state);

    fault.point = point;
    fault.for_good = for_good;
    fault.n = 0;
    do {
        fault.n++;
        play(home);
    } while (fault_plan_hits() >= fault.n);
    assert_true(fault.n > 1);
}

static void a_preserve_that_fails_has_not_happened(void **state)
{
    sweep(state, preserve_it, "pma/*", false);
}

static void a_preserve_that_always_fails_has_not_happened(void **state)
{
    sweep(state, preserve_it, "pma/*", true);
}

static void a_keep_that_fails_has_not_happened(void **state)
{
    sweep(state, keep_it, "pma/*", false);
}

static void a_keep_without_moves_has_not_happened(void **state)
{
    sweep(state, keep_it, "pma/move/remap", true);
}

static void a_keep_without_blocks_has_not_happened(void **state)
{
    sweep(state, keep_it, "pma/cow/copy", true);
}

static void a_release_that_fails_has_not_happened(void **state)
{
    sweep(state, release_it, "pma/*", false);
}

static void a_last_release_that_fails_halfway_gives_the_arena_up(void **state)
{
    given_up = 0;
    sweep(state, release_wide, "pma/*", true);
    assert_true(given_up > 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, stack_home_setup, stack_home_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_preserve_that_fails_has_not_happened),
        TEST(a_preserve_that_always_fails_has_not_happened),
        TEST(a_keep_that_fails_has_not_happened),
        TEST(a_keep_without_moves_has_not_happened),
        TEST(a_keep_without_blocks_has_not_happened),
        TEST(a_release_that_fails_has_not_happened),
        TEST(a_last_release_that_fails_halfway_gives_the_arena_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
