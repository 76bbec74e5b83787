/* SPDX-License-Identifier: MIT */
/*
 * A stack whose pages cannot be had, moved or given back: the call fails and nothing has changed,
 * or it did without. Every fault at every point that a computation meets, once and for good.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fault_plan.h"
#include "stack.h"
#include "stack_home.h"

enum { PAGES = 70 };

struct computation {
    struct stack_home *home;
    bool failed;
    char *object, *kept, *result;
};

/*
 * A call that fails because of the plan leaves the frames as they were, and does what it should
 * without the plan.
 */
static bool again(struct computation *computation, int result, const struct stack_before *before)
{
    const struct stack_before after = stack_before(computation->home);

    if (!result)
        return false;
    assert_int_equal(result, -ENOMEM);
    assert_false(computation->failed);
    computation->failed = true;
    fault_plan_disarm();
    assert_string_not_equal(pma_last_error(computation->home->arena), "");
    assert_true(stack_same_frame(&before->top, &after.top));
    stack_sound(computation->home);
    return true;
}

#define step(computation, call)                                                                    \
    do {                                                                                           \
        const struct stack_before before = stack_before((computation)->home);                      \
        if (again((computation), (call), &before))                                                 \
            stack_ok((computation)->home, (call));                                                 \
    } while (0)

static void expect_bytes(const char *bytes, int value)
{
    for (size_t i = 0; i < PAGES * PMA_PAGE_SIZE; i++)
        assert_int_equal(bytes[i], value);
}

static void compute(struct computation *computation)
{
    pma_stack_t *stack = computation->home->stack;
    struct stack_preserve undo;
    void *address = NULL;

    step(computation, pma_stack_push(stack, 600));
    step(computation, pma_stack_push(stack, 600));
    step(computation, pma_stack_alloc(stack, PAGES * PMA_PAGE_SIZE, &address));
    computation->object = memset(address, 'a', PAGES * PMA_PAGE_SIZE);
    step(computation, stack_preserve_begin(stack, &undo));
    step(computation, stack_preserve_alloc(stack, PAGES * PMA_PAGE_SIZE, &address));
    computation->kept = address;
    step(computation, stack_move_pages(stack, computation->kept, computation->object, PAGES));
    expect_bytes(computation->kept, 'a');
    step(computation, pma_stack_pop(stack));
    expect_bytes(computation->kept, 'a');
    step(computation, pma_stack_pop(stack));
    step(computation, pma_stack_release(stack));
    stack_sound(computation->home);
}

static void sweep(void **state, const char *point, bool persistent)
{
    struct stack_home *home = stack_home(state);
    struct computation computation;
    unsigned n = 0;

    do {
        computation = (struct computation){.home = home};
        fault_plan_arm(point, ++n, persistent, 0);
        compute(&computation);
        fault_plan_disarm();
    } while (fault_plan_hits() >= n);
    assert_true(n > 1);
}

static void pages_that_cannot_be_mapped(void **state)
{
    sweep(state, "pma/map", false);
}

static void pages_that_can_never_be_mapped(void **state)
{
    sweep(state, "pma/map", true);
}

static void pages_that_cannot_be_moved(void **state)
{
    sweep(state, "pma/move/remap", false);
}

static void pages_that_can_never_be_moved(void **state)
{
    sweep(state, "pma/move/remap", true);
}

static void pages_that_cannot_be_given_back(void **state)
{
    sweep(state, "pma/unmap", false);
}

static void pages_that_can_never_be_given_back(void **state)
{
    sweep(state, "pma/unmap", true);
}

static void a_stack_that_cannot_be_made_leaves_nothing_behind(void **state)
{
    struct stack_home *home = stack_home(state);
    pma_stack_t *none = NULL;
    struct pma_stat before, after;
    void *address = NULL;

    stack_ok(home, pma_stat(home->arena, &before));
    fault_plan_arm("pma/map", 1, true, 0);
    assert_int_equal(pma_stack_new(home->arena, NULL, 0, &none), -ENOMEM);
    fault_plan_disarm();
    assert_null(none);
    stack_ok(home, pma_stat(home->arena, &after));
    assert_int_equal(after.ephemeral_pages, before.ephemeral_pages);
    stack_ok(home, pma_pages_alloc(home->arena, ARENA_PAGES - STACK_PAGES, 0, &address));
}

static void the_handle_of_a_stack_goes_even_if_its_pages_stay(void **state)
{
    struct stack_home *home = stack_home(state);
    struct pma_stack_stat stat;
    pma_stack_t *other;

    stack_ok(home, pma_stack_new(home->arena, NULL, 0, &other));
    stat = stack_stat(other);
    fault_plan_arm("pma/unmap", 1, true, 0);
    assert_int_equal(pma_stack_free(other), -ENOMEM);
    fault_plan_disarm();
    stack_ok(home, pma_pages_free(home->arena, stat.low, stat.pages));
    stack_ok(home, pma_pages_alloc_at(home->arena, stat.low, STACK_PAGES, 0));
}

#define stack_test(test)                                                                           \
    cmocka_unit_test_setup_teardown(test, stack_home_setup, stack_home_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        stack_test(pages_that_cannot_be_mapped),
        stack_test(pages_that_can_never_be_mapped),
        stack_test(pages_that_cannot_be_moved),
        stack_test(pages_that_can_never_be_moved),
        stack_test(pages_that_cannot_be_given_back),
        stack_test(pages_that_can_never_be_given_back),
        stack_test(a_stack_that_cannot_be_made_leaves_nothing_behind),
        stack_test(the_handle_of_a_stack_goes_even_if_its_pages_stay),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
