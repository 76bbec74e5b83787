/* SPDX-License-Identifier: MIT */
/* Frames of a 2stackz: where they lie, what they hold, what is refused. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "stack_home.h"

static void a_new_stack_has_one_empty_frame_in_the_west(void **state)
{
    struct stack_home *home = stack_home(state);
    struct pma_stack_frame frame;
    struct pma_stack_stat stat;

    stack_home_new(home, NULL, 2);
    frame = stack_top(home->stack);
    stat = stack_stat(home->stack);
    assert_int_equal(stat.frames, 1);
    assert_true(frame.west);
    assert_int_equal(frame.locals, 2);
    assert_int_equal(frame.fp, (uintptr_t)stat.low + 5 * sizeof(uint64_t));
    assert_int_equal(frame.sp, frame.fp);
    assert_int_equal(frame.ap, (uintptr_t)stat.high);
    assert_int_equal(frame.saved_fp, 0);
    assert_false(frame.preserved);
}

static void the_range_is_taken_from_the_high_end_of_the_arena(void **state)
{
    struct stack_home *home = stack_home(state);
    const struct pma_stack_stat stat = stack_stat(home->stack);
    unsigned char *base = pma_base(home->arena);
    void *page = NULL;

    assert_ptr_equal(stat.high, base + ARENA_PAGES * PMA_PAGE_SIZE);
    assert_ptr_equal(stat.low, base + (ARENA_PAGES - STACK_PAGES) * PMA_PAGE_SIZE);
    stack_ok(home, pma_pages_alloc(home->arena, ARENA_PAGES - STACK_PAGES, 0, &page));
    assert_ptr_equal(page, base);
    assert_int_equal(pma_pages_alloc(home->arena, 1, 0, &page), -ENOMEM);
    assert_int_equal(pma_pages_alloc_at(home->arena, stat.low, 1, 0), PMA_EOCCUPIED);
    assert_int_equal(pma_pages_move(home->arena, (char *)stat.low + 64 * PMA_PAGE_SIZE, base, 1, 0),
                     PMA_EOCCUPIED);
    assert_string_equal(pma_last_error(home->arena),
                        "pages 768 to 1023 are reserved for a stack: address range of the arena "
                        "is already allocated");
    stack_ok(home, pma_pages_free(home->arena, base, ARENA_PAGES - STACK_PAGES));
}

static void the_range_of_a_stack_that_is_freed_can_be_allocated(void **state)
{
    struct stack_home *home = stack_home(state);
    pma_stack_t *second;
    void *pages = NULL, *low;

    stack_ok(home, pma_stack_new(home->arena, NULL, 0, &second));
    low = stack_stat(second).low;
    assert_true(stack_stat(second).high == stack_stat(home->stack).low);
    stack_ok(home, pma_stack_push(second, 10));
    stack_ok(home, pma_stack_free(second));
    stack_ok(home, pma_pages_alloc(home->arena, ARENA_PAGES - STACK_PAGES, 0, &pages));
    assert_true((char *)low < (char *)pages + (ARENA_PAGES - STACK_PAGES) * PMA_PAGE_SIZE);
    stack_ok(home, pma_pages_free(home->arena, pages, ARENA_PAGES - STACK_PAGES));
    stack_ok(home, pma_stack_free(NULL));
}

static void frames_lie_on_alternating_sides_and_keep_their_callers_pointers(void **state)
{
    struct stack_home *home = stack_home(state);
    struct pma_stack_frame caller, frame;

    for (unsigned locals = 0; locals < 9; locals++) {
        uint64_t words;

        caller = stack_top(home->stack);
        stack_ok(home, pma_stack_push(home->stack, locals));
        frame = stack_top(home->stack);
        words = (locals + 3) * sizeof(uint64_t);
        assert_int_equal(frame.west, !caller.west);
        assert_int_equal(frame.fp, caller.west ? caller.ap - words : caller.ap + words);
        assert_int_equal(frame.sp, frame.fp);
        assert_int_equal(frame.ap, caller.sp);
        assert_int_equal(frame.saved_fp, caller.fp);
        assert_int_equal(frame.saved_sp, caller.sp);
        assert_int_equal(frame.saved_ap, caller.ap);
        assert_int_equal(frame.locals, locals);
        stack_sound(home);
    }
    for (unsigned left = 9; left > 0; left--) {
        frame = stack_frame(home->stack, left - 1);
        stack_ok(home, pma_stack_pop(home->stack));
        caller = stack_top(home->stack);
        assert_true(stack_same_frame(&frame, &caller));
    }
}

static void slots_lie_below_fp_in_the_west_and_from_fp_on_in_the_east(void **state)
{
    struct stack_home *home = stack_home(state);
    struct pma_stack_frame frame;
    uint64_t *fp;

    stack_ok(home, pma_stack_push(home->stack, 2));
    frame = stack_top(home->stack);
    fp = (uint64_t *)(uintptr_t)frame.fp;
    assert_int_equal(fp[0], frame.saved_fp);
    assert_int_equal(fp[1], frame.saved_sp);
    assert_int_equal(fp[2], frame.saved_ap);
    assert_ptr_equal(pma_stack_local(home->stack, 1), fp + 4);
    stack_ok(home, pma_stack_push(home->stack, 2));
    frame = stack_top(home->stack);
    fp = (uint64_t *)(uintptr_t)frame.fp;
    assert_int_equal(fp[-1], frame.saved_fp);
    assert_int_equal(fp[-2], frame.saved_sp);
    assert_int_equal(fp[-3], frame.saved_ap);
    assert_ptr_equal(pma_stack_local(home->stack, 1), fp - 5);
}

static void locals_are_zero_and_survive_calls(void **state)
{
    struct stack_home *home = stack_home(state);

    for (unsigned depth = 1; depth < 20; depth++) {
        stack_ok(home, pma_stack_push(home->stack, depth));
        for (unsigned i = 0; i < depth; i++) {
            assert_int_equal(*pma_stack_local(home->stack, i), 0);
            *pma_stack_local(home->stack, i) = depth * 100 + i;
        }
        assert_null(pma_stack_local(home->stack, depth));
    }
    for (unsigned depth = 19; depth > 0; depth--) {
        for (unsigned i = 0; i < depth; i++)
            assert_int_equal(*pma_stack_local(home->stack, i), depth * 100 + i);
        stack_ok(home, pma_stack_pop(home->stack));
    }
}

static void locals_are_zero_where_other_frames_have_been(void **state)
{
    struct stack_home *home = stack_home(state);
    void *address;

    for (unsigned i = 0; i < 2; i++) {
        stack_ok(home, pma_stack_push(home->stack, 0));
        stack_ok(home, pma_stack_alloc(home->stack, 1000, &address));
        memset(address, 0xff, 1000);
    }
    stack_ok(home, pma_stack_pop(home->stack));
    stack_ok(home, pma_stack_pop(home->stack));
    stack_ok(home, pma_stack_push(home->stack, 50));
    stack_ok(home, pma_stack_push(home->stack, 50));
    for (unsigned i = 0; i < 50; i++)
        assert_int_equal(*pma_stack_local(home->stack, i), 0);
}

static void objects_lie_on_the_other_side_of_their_frame(void **state)
{
    struct stack_home *home = stack_home(state);
    struct pma_stack_frame before, after;
    void *address = NULL;

    for (unsigned i = 0; i < 4; i++) {
        before = stack_top(home->stack);
        stack_ok(home, pma_stack_alloc(home->stack, 13, &address));
        after = stack_top(home->stack);
        assert_int_equal(after.ap, before.west ? before.ap - 16 : before.ap + 16);
        assert_int_equal((uintptr_t)address, before.west ? after.ap : before.ap);
        assert_int_equal(after.sp, before.sp);
        stack_ok(home, pma_stack_push(home->stack, i));
    }
}

static void an_object_of_no_bytes_has_an_address_of_its_own(void **state)
{
    struct stack_home *home = stack_home(state);
    void *first = NULL, *second = NULL;

    stack_ok(home, pma_stack_alloc(home->stack, 0, &first));
    stack_ok(home, pma_stack_alloc(home->stack, 0, &second));
    assert_ptr_equal((uint64_t *)first - 1, second);
}

static void objects_above_half_a_page_take_whole_pages(void **state)
{
    struct stack_home *home = stack_home(state);
    char *small = NULL, *large = NULL, *larger = NULL, *after = NULL;

    for (unsigned side = 0; side < 2; side++) {
        const int direction = side ? 1 : -1;

        stack_ok(home, pma_stack_alloc(home->stack, PMA_PAGE_SIZE / 2, (void **)&small));
        stack_ok(home, pma_stack_alloc(home->stack, PMA_PAGE_SIZE / 2 + 1, (void **)&large));
        stack_ok(home, pma_stack_alloc(home->stack, 2 * PMA_PAGE_SIZE + 1, (void **)&larger));
        stack_ok(home, pma_stack_alloc(home->stack, 8, (void **)&after));
        assert_int_equal((uintptr_t)large % PMA_PAGE_SIZE, 0);
        assert_int_equal((uintptr_t)larger % PMA_PAGE_SIZE, 0);
        assert_int_equal((large - small) * direction > 0, 1);
        assert_ptr_equal(larger, side ? large + PMA_PAGE_SIZE : large - 3 * PMA_PAGE_SIZE);
        assert_ptr_equal(after, side ? larger + 3 * PMA_PAGE_SIZE : larger - 8);
        memset(large, 1, PMA_PAGE_SIZE);
        memset(larger, 1, 3 * PMA_PAGE_SIZE);
        stack_sound(home);
        stack_ok(home, pma_stack_push(home->stack, 1));
    }
}

static void the_light_stack_holds_words_until_the_last_is_popped(void **state)
{
    struct stack_home *home = stack_home(state);
    uint64_t word = 0;

    for (unsigned frame = 0; frame < 3; frame++) {
        for (uint64_t i = 0; i < 2000; i++)
            stack_ok(home, pma_stack_light_push(home->stack, frame * 10000 + i));
        stack_sound(home);
        stack_ok(home, pma_stack_push(home->stack, frame));
    }
    for (unsigned frame = 3; frame-- > 0;) {
        stack_ok(home, pma_stack_pop(home->stack));
        for (uint64_t i = 2000; i-- > 0;) {
            stack_ok(home, pma_stack_light_pop(home->stack, &word));
            assert_int_equal(word, frame * 10000 + i);
        }
        stack_refuses(home, pma_stack_light_pop(home->stack, &word), PMA_ESTACK,
                      "light pop of an empty light stack");
    }
}

static void a_frame_goes_with_all_it_allocated(void **state)
{
    struct stack_home *home = stack_home(state);
    struct pma_stack_stat before, after;
    void *address;

    stack_ok(home, pma_stack_alloc(home->stack, 100, &address));
    before = stack_stat(home->stack);
    stack_ok(home, pma_stack_push(home->stack, 3));
    stack_ok(home, pma_stack_alloc(home->stack, 3000, &address));
    stack_ok(home, pma_stack_light_push(home->stack, 1));
    stack_ok(home, pma_stack_pop(home->stack));
    after = stack_stat(home->stack);
    assert_int_equal(after.west_bytes, before.west_bytes);
    assert_int_equal(after.east_bytes, before.east_bytes);
}

static void the_last_frame_cannot_be_popped(void **state)
{
    struct stack_home *home = stack_home(state);

    stack_refuses(home, pma_stack_pop(home->stack), PMA_ESTACK, "pop of the last frame");
}

static void a_flip_puts_an_empty_frame_of_the_other_side_in_place(void **state)
{
    struct stack_home *home = stack_home(state);
    const struct pma_stack_stat stat = stack_stat(home->stack);
    struct pma_stack_frame frame;
    void *address;

    stack_ok(home, pma_stack_alloc(home->stack, 5000, &address));
    stack_ok(home, pma_stack_flip(home->stack, 4));
    frame = stack_top(home->stack);
    assert_false(frame.west);
    assert_int_equal(frame.locals, 4);
    assert_int_equal(frame.fp, (uintptr_t)stat.high - 7 * sizeof(uint64_t));
    assert_int_equal(frame.ap, (uintptr_t)stat.low);
    assert_int_equal(frame.saved_fp, 0);
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(*pma_stack_local(home->stack, i), 0);
    stack_sound(home);
    stack_ok(home, pma_stack_push(home->stack, 0));
    assert_true(stack_top(home->stack).west);
    stack_refuses(home, pma_stack_flip(home->stack, 0), PMA_ESTACK,
                  "flip with more than one frame");
    stack_ok(home, pma_stack_pop(home->stack));
    stack_ok(home, pma_stack_flip(home->stack, 0));
    assert_true(stack_top(home->stack).west);
}

static void a_hundred_thousand_frames_are_a_stack_like_any_other(void **state)
{
    enum { FRAMES = 100000 };
    const struct pma_stack_options large = {.size = sizeof(large),
                                            .reserved_bytes = ARENA_PAGES * PMA_PAGE_SIZE};
    struct stack_home *home = stack_home(state);

    stack_home_new(home, &large, 1);
    for (unsigned depth = 1; depth < FRAMES; depth++) {
        stack_ok(home, pma_stack_push(home->stack, 1));
        *pma_stack_local(home->stack, 0) = depth;
    }
    stack_sound(home);
    assert_int_equal(stack_stat(home->stack).frames, FRAMES);
    assert_int_equal(stack_frame(home->stack, 12345).depth, 12345);
    for (unsigned depth = FRAMES; depth-- > 1;) {
        assert_int_equal(*pma_stack_local(home->stack, 0), depth);
        stack_ok(home, pma_stack_pop(home->stack));
    }
    stack_refuses(home, pma_stack_pop(home->stack), PMA_ESTACK, "pop of the last frame");
}

static void there_are_no_more_frames_than_there_are(void **state)
{
    struct stack_home *home = stack_home(state);
    struct pma_stack_frame frame;

    stack_ok(home, pma_stack_push(home->stack, 0));
    assert_int_equal(pma_stack_frame(home->stack, 1, &frame), 0);
    assert_int_equal(pma_stack_frame(home->stack, 2, &frame), -ENOENT);
}

static void a_stack_that_does_not_fit_is_refused(void **state)
{
    struct stack_home *home = stack_home(state);
    struct pma_stack_options options = PMA_STACK_OPTIONS_INIT;
    pma_stack_t *none = NULL;

    options.reserved_bytes = 769 * PMA_PAGE_SIZE;
    assert_int_equal(pma_stack_new(home->arena, &options, 0, &none), -ENOMEM);
    assert_string_equal(pma_last_error(home->arena),
                        "reservation of 769 pages: Cannot allocate memory");
    options.reserved_bytes = PMA_PAGE_SIZE;
    assert_int_equal(pma_stack_new(home->arena, &options, 509, &none), -ENOMEM);
    assert_string_equal(pma_last_error(home->arena), "stack overflow: 512 words wanted, 511 free: "
                                                     "Cannot allocate memory");
    options.reserved_bytes = PMA_PAGE_SIZE + 8;
    assert_int_equal(pma_stack_new(home->arena, &options, 0, &none), PMA_EARGUMENT);
    assert_string_equal(pma_last_error(home->arena),
                        "a stack of 4104 bytes, not whole pages: argument out of range");
    options.size = 4;
    assert_int_equal(pma_stack_new(home->arena, &options, 0, &none), PMA_EARGUMENT);
    options.size = sizeof(options) + 8;
    assert_int_equal(pma_stack_new(home->arena, &options, 0, &none), PMA_EARGUMENT);
    assert_int_equal(pma_stack_new(home->arena, NULL, 0, NULL), PMA_EARGUMENT);
    assert_int_equal(pma_stack_new(NULL, NULL, 0, &none), PMA_EARGUMENT);
    assert_null(none);
}

static void a_program_that_knows_fewer_options_gets_zeros_for_the_rest(void **state)
{
    struct stack_home *home = stack_home(state);
    const struct pma_stack_options older = {
        .size = offsetof(struct pma_stack_options, reserved_bytes), .reserved_bytes = 4095};
    pma_stack_t *stack;

    assert_int_equal(pma_stack_new(home->arena, &older, 0, &stack), 0);
    assert_int_equal(pma_stack_free(stack), 0);
}

static void nothing_of_a_stack_is_there_after_the_next_open(void **state)
{
    struct stack_home *home = stack_home(state);
    struct pma_stat stat;

    stack_ok(home, pma_stack_push(home->stack, 600));
    arena_snapshot(home->arena, 1);
    stack_ok(home, pma_stack_free(home->stack));
    home->arena = arena_reopen(home->arena_place, home->arena);
    stack_ok(home, pma_stat(home->arena, &stat));
    assert_int_equal(stat.pages + stat.ephemeral_pages, 0);
    stack_ok(home, pma_stack_new(home->arena, NULL, 0, &home->stack));
}

/* How many of the public calls do something other than to refuse. */
static int calls_that_work(pma_stack_t *stack)
{
    struct pma_stack_frame frame;
    struct pma_stack_stat stat;
    uint64_t word;
    void *address;

    return (pma_stack_push(stack, 1) != PMA_EFORK) + (pma_stack_pop(stack) != PMA_EFORK) +
           (pma_stack_flip(stack, 1) != PMA_EFORK) +
           (pma_stack_alloc(stack, 8, &address) != PMA_EFORK) +
           (pma_stack_light_push(stack, 1) != PMA_EFORK) +
           (pma_stack_light_pop(stack, &word) != PMA_EFORK) +
           (pma_stack_release(stack) != PMA_EFORK) +
           (pma_stack_frame(stack, 0, &frame) != PMA_EFORK) +
           (pma_stack_stat(stack, &stat) != PMA_EFORK) + (pma_stack_check(stack) != PMA_EFORK) +
           (pma_stack_local(stack, 0) != NULL) + (pma_stack_free(stack) != PMA_EFORK);
}

static void a_child_after_fork_is_refused_by_every_call(void **state)
{
    struct stack_home *home = stack_home(state);
    pid_t child;
    int status = -1;

    stack_ok(home, pma_stack_push(home->stack, 1));
    child = fork();
    if (child == 0)
        _exit(calls_that_work(home->stack));
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    stack_ok(home, pma_stack_push(home->stack, 1));
}

#define stack_test(test)                                                                           \
    cmocka_unit_test_setup_teardown(test, stack_home_setup, stack_home_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        stack_test(a_new_stack_has_one_empty_frame_in_the_west),
        stack_test(the_range_is_taken_from_the_high_end_of_the_arena),
        stack_test(the_range_of_a_stack_that_is_freed_can_be_allocated),
        stack_test(frames_lie_on_alternating_sides_and_keep_their_callers_pointers),
        stack_test(slots_lie_below_fp_in_the_west_and_from_fp_on_in_the_east),
        stack_test(locals_are_zero_and_survive_calls),
        stack_test(locals_are_zero_where_other_frames_have_been),
        stack_test(objects_lie_on_the_other_side_of_their_frame),
        stack_test(an_object_of_no_bytes_has_an_address_of_its_own),
        stack_test(objects_above_half_a_page_take_whole_pages),
        stack_test(the_light_stack_holds_words_until_the_last_is_popped),
        stack_test(a_frame_goes_with_all_it_allocated),
        stack_test(the_last_frame_cannot_be_popped),
        stack_test(a_flip_puts_an_empty_frame_of_the_other_side_in_place),
        stack_test(a_hundred_thousand_frames_are_a_stack_like_any_other),
        stack_test(there_are_no_more_frames_than_there_are),
        stack_test(a_stack_that_does_not_fit_is_refused),
        stack_test(a_child_after_fork_is_refused_by_every_call),
        stack_test(a_program_that_knows_fewer_options_gets_zeros_for_the_rest),
        stack_test(nothing_of_a_stack_is_there_after_the_next_open),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
