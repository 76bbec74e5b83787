/* SPDX-License-Identifier: MIT */
/* What a copier does with a stack: preserves, scratch words, and pages that move. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "stack.h"
#include "stack_home.h"

/* Both polarities: the same again with one frame more. */
enum { SIDES = 2 };

static void push_for_side(struct stack_home *home, unsigned side)
{
    for (unsigned i = 0; i <= side; i++)
        stack_ok(home, pma_stack_push(home->stack, 3));
}

static void pop_all(struct stack_home *home)
{
    while (stack_stat(home->stack).frames > 1)
        stack_ok(home, pma_stack_pop(home->stack));
}

static void *alloc(struct stack_home *home, size_t bytes, unsigned value)
{
    void *address = NULL;

    stack_ok(home, pma_stack_alloc(home->stack, bytes, &address));
    memset(address, (int)value, bytes);
    return address;
}

static struct stack_preserve begin(struct stack_home *home)
{
    struct stack_preserve before;

    stack_ok(home, stack_preserve_begin(home->stack, &before));
    return before;
}

static void *preserve(struct stack_home *home, size_t bytes, unsigned value)
{
    void *address = NULL;

    begin(home);
    stack_ok(home, stack_preserve_alloc(home->stack, bytes, &address));
    memset(address, (int)value, bytes);
    return address;
}

static void expect_bytes(const void *address, unsigned value, size_t count)
{
    const unsigned char *bytes = address;

    for (size_t i = 0; i < count; i++)
        assert_int_equal(bytes[i], value);
}

static void preserved_data_belong_to_the_caller_after_the_pop(void **state)
{
    struct stack_home *home = stack_home(state);

    for (unsigned side = 0; side < SIDES; side++) {
        struct pma_stack_frame caller;
        char *first, *second;

        push_for_side(home, side);
        caller = stack_frame(home->stack, side);
        first = preserve(home, 24, 1);
        second = preserve(home, 4, 2);
        assert_int_equal((uintptr_t)first, caller.west ? caller.ap - 24 : caller.ap);
        assert_ptr_equal(second, caller.west ? first - 8 : first + 24);
        stack_sound(home);
        stack_ok(home, pma_stack_pop(home->stack));
        assert_int_equal(stack_top(home->stack).ap, caller.west ? caller.ap - 32 : caller.ap + 32);
        assert_int_equal(stack_top(home->stack).sp, caller.sp);
        expect_bytes(first, 1, 24);
        expect_bytes(second, 2, 4);
        stack_sound(home);
        pop_all(home);
    }
}

static void the_saved_three_lie_beside_ap_during_a_preserve(void **state)
{
    struct stack_home *home = stack_home(state);

    for (unsigned side = 0; side < SIDES; side++) {
        struct pma_stack_frame before, after;
        const uint64_t *ap;

        push_for_side(home, side);
        alloc(home, 40, 7);
        before = stack_top(home->stack);
        preserve(home, 2000, 1);
        after = stack_top(home->stack);
        assert_true(after.preserved);
        assert_int_equal(after.locals, 3);
        assert_int_equal(after.ap, before.ap);
        assert_int_equal(after.saved_fp, before.saved_fp);
        assert_int_equal(after.saved_sp, before.saved_sp);
        ap = stack_pointer(after.ap);
        assert_int_equal(after.west ? ap[-1] : ap[0], before.saved_fp);
        assert_int_equal(after.west ? ap[-2] : ap[1], before.saved_sp);
        assert_int_equal(after.west ? ap[-3] : ap[2], after.saved_ap);
        stack_sound(home);
        pop_all(home);
    }
}

static void nothing_is_pushed_or_allocated_after_a_preserve(void **state)
{
    struct stack_home *home = stack_home(state);
    uint64_t word;
    void *address;

    push_for_side(home, 0);
    stack_ok(home, pma_stack_light_push(home->stack, 1));
    preserve(home, 8, 1);
    stack_refuses(home, pma_stack_push(home->stack, 0), PMA_ESTACK, "push after a preserve");
    stack_refuses(home, pma_stack_alloc(home->stack, 8, &address), PMA_ESTACK,
                  "alloc after a preserve");
    stack_refuses(home, pma_stack_light_push(home->stack, 0), PMA_ESTACK,
                  "light push after a preserve");
    stack_refuses(home, pma_stack_light_pop(home->stack, &word), PMA_ESTACK,
                  "light pop after a preserve");
    assert_null(pma_stack_local(home->stack, 0));
    stack_ok(home, pma_stack_pop(home->stack));
    stack_ok(home, pma_stack_push(home->stack, 0));
}

static void scratch_words_come_back_in_reverse(void **state)
{
    enum { WORDS = 5000 };
    struct stack_home *home = stack_home(state);

    for (unsigned side = 0; side < 2 * SIDES; side++) {
        const uint64_t *sp;

        push_for_side(home, side % SIDES);
        alloc(home, 5000, 1);
        if (side >= SIDES)
            preserve(home, 5000, 2);
        sp = home->stack->sp;
        for (uint64_t i = 0; i < WORDS; i++)
            stack_ok(home, stack_scratch_push(home->stack, i));
        stack_sound(home);
        for (uint64_t i = WORDS; i-- > 0;)
            assert_int_equal(stack_scratch_pop(home->stack), i);
        assert_ptr_equal(home->stack->sp, sp);
        pop_all(home);
    }
}

static void an_address_is_in_the_top_frame_in_an_older_one_or_elsewhere(void **state)
{
    struct stack_home *home = stack_home(state);
    struct pma_stack_stat stat = stack_stat(home->stack);
    char *older[3], *top;

    for (unsigned depth = 0; depth < 3; depth++) {
        older[depth] = alloc(home, 100, 1);
        assert_int_equal(stack_place(home->stack, older[depth]), STACK_TOP);
        assert_int_equal(stack_place(home->stack, older[depth] + 103), STACK_TOP);
        stack_ok(home, pma_stack_push(home->stack, 2));
        for (unsigned i = 0; i <= depth; i++)
            assert_int_equal(stack_place(home->stack, older[i]), STACK_OLDER);
        top = alloc(home, 50, 2);
        assert_int_equal(stack_place(home->stack, top), STACK_TOP);
    }
    top = alloc(home, 50, 2);
    assert_int_equal(stack_place(home->stack, preserve(home, 8, 3)), STACK_OLDER);
    assert_int_equal(stack_place(home->stack, top), STACK_TOP);
    assert_int_equal(stack_place(home->stack, (char *)stat.low - 8), STACK_ELSEWHERE);
    assert_int_equal(stack_place(home->stack, stat.high), STACK_ELSEWHERE);
}

static void a_large_object_moves_to_the_caller_without_a_copy(void **state)
{
    enum { PAGES = 20 };
    struct stack_home *home = stack_home(state);

    for (unsigned side = 0; side < SIDES; side++) {
        char *object, *copy;

        push_for_side(home, side);
        preserve(home, 8, 9);
        pop_all(home);
        push_for_side(home, side);
        object = alloc(home, PAGES * PMA_PAGE_SIZE, 5 + side);
        copy = preserve(home, PAGES * PMA_PAGE_SIZE, 1);
        assert_int_equal((uintptr_t)copy % PMA_PAGE_SIZE, 0);
        stack_ok(home, stack_move_pages(home->stack, copy, object, PAGES));
        expect_bytes(copy, 5 + side, PAGES * PMA_PAGE_SIZE);
        expect_bytes(object, 0, PAGES * PMA_PAGE_SIZE);
        stack_sound(home);
        stack_ok(home, pma_stack_pop(home->stack));
        stack_ok(home, pma_stack_release(home->stack));
        expect_bytes(copy, 5 + side, PAGES * PMA_PAGE_SIZE);
        stack_sound(home);
        pop_all(home);
    }
}

static void pages_that_were_evicted_move_as_well(void **state)
{
    enum { PAGES = 6 };
    struct stack_home *home = stack_home(state);
    char *object, *copy;

    push_for_side(home, 0);
    object = alloc(home, PAGES * PMA_PAGE_SIZE, 4);
    copy = preserve(home, PAGES * PMA_PAGE_SIZE, 1);
    stack_ok(home, pma_evict(home->arena, object + PMA_PAGE_SIZE, 2 * PMA_PAGE_SIZE));
    stack_ok(home, pma_evict(home->arena, copy, PMA_PAGE_SIZE));
    stack_ok(home, stack_move_pages(home->stack, copy, object, PAGES));
    expect_bytes(copy, 4, PAGES * PMA_PAGE_SIZE);
    stack_sound(home);
    pop_all(home);
}

static void objects_larger_than_the_memory_they_may_take_move_as_well(void **state)
{
    enum { PAGES = 60, MEMORY = 20 };
    struct stack_home *home = stack_home(state);
    struct pma_options options = PMA_OPTIONS_INIT;
    char *object, *copy;

    options.resident_bytes = MEMORY * PMA_PAGE_SIZE;
    stack_home_open_again(home, &options);
    for (unsigned side = 0; side < SIDES; side++) {
        push_for_side(home, side);
        object = alloc(home, PAGES * PMA_PAGE_SIZE, 6);
        begin(home);
        stack_ok(home, stack_preserve_alloc(home->stack, PAGES * PMA_PAGE_SIZE, (void **)&copy));
        stack_ok(home, stack_move_pages(home->stack, copy, object, PAGES));
        stack_sound(home);
        expect_bytes(copy, 6, PAGES * PMA_PAGE_SIZE);
        expect_bytes(object, 0, PAGES * PMA_PAGE_SIZE);
        pop_all(home);
    }
    stack_home_open_again(home, NULL); /* the teardown cannot bring pages back */
}

static void pages_that_leave_for_good_are_replaced_by_fresh_ones(void **state)
{
    enum { PAGES = 3 };
    struct stack_home *home = stack_home(state);
    char *object, *kept = pma_base(home->arena);

    push_for_side(home, 1);
    object = alloc(home, PAGES * PMA_PAGE_SIZE, 4);
    stack_ok(home, pma_pages_move(home->arena, kept, object, PAGES, PMA_MOVE_PERSISTENT));
    assert_int_equal(pma_stack_check(home->stack), PMA_ECORRUPT);
    stack_ok(home, stack_refill(home->stack, object, PAGES));
    expect_bytes(object, 0, PAGES * PMA_PAGE_SIZE);
    expect_bytes(kept, 4, PAGES * PMA_PAGE_SIZE);
    stack_sound(home);
    arena_snapshot(home->arena, 1);
    expect_bytes(kept, 4, PAGES * PMA_PAGE_SIZE);
    stack_ok(home, pma_pages_free(home->arena, kept, PAGES));
}

static void a_flip_keeps_what_was_preserved(void **state)
{
    struct stack_home *home = stack_home(state);
    char *kept[8];

    for (unsigned round = 0; round < 8; round++) {
        alloc(home, 3000, 0xee);
        kept[round] = preserve(home, 100 + round * 700, round);
        stack_ok(home, pma_stack_flip(home->stack, round));
        assert_int_equal(stack_place(home->stack, kept[round]), STACK_TOP);
        expect_bytes(kept[round], round, 100 + round * 700);
        assert_false(stack_top(home->stack).preserved);
        stack_sound(home);
    }
}

/* As long as nothing has been stored to what the preserve allocated. */
static void a_cancelled_preserve_has_not_happened(void **state)
{
    struct stack_home *home = stack_home(state);

    for (unsigned side = 0; side < 2 * SIDES; side++) {
        const bool first = side < SIDES;
        struct pma_stack_frame before, after;
        struct stack_preserve undo;
        void *address;

        push_for_side(home, side % SIDES);
        alloc(home, 100, 1);
        if (!first)
            preserve(home, 50, 2);
        before = stack_top(home->stack);
        undo = begin(home);
        stack_ok(home, stack_preserve_alloc(home->stack, 9000, &address));
        stack_preserve_cancel(home->stack, &undo);
        after = stack_top(home->stack);
        assert_true(stack_same_frame(&after, &before));
        stack_sound(home);
        pop_all(home);
    }
}

/* On a full stack the saved three lie where the frame's own words were. */
static void a_cancelled_preserve_gives_every_word_back(void **state)
{
    struct stack_home *home = stack_home(state);
    const struct pma_stack_options page = {.size = sizeof(page), .reserved_bytes = PMA_PAGE_SIZE};

    for (unsigned side = 0; side < SIDES; side++) {
        struct stack_preserve undo;
        uint64_t count = 0, word;

        stack_home_new(home, &page, 0);
        push_for_side(home, side);
        for (unsigned i = 0; i < 3; i++)
            *pma_stack_local(home->stack, i) = 1000 + i;
        while (!pma_stack_light_push(home->stack, count))
            count++;
        undo = begin(home);
        stack_preserve_cancel(home->stack, &undo);
        while (count-- > 0) {
            stack_ok(home, pma_stack_light_pop(home->stack, &word));
            assert_int_equal(word, count);
        }
        for (unsigned i = 0; i < 3; i++)
            assert_int_equal(*pma_stack_local(home->stack, i), 1000 + i);
        stack_sound(home);
        pop_all(home);
    }
}

static void a_preserve_that_does_not_fit_changes_nothing(void **state)
{
    struct stack_home *home = stack_home(state);
    const struct pma_stack_options page = {.size = sizeof(page), .reserved_bytes = PMA_PAGE_SIZE};
    void *address = NULL;
    size_t room;

    for (unsigned side = 0; side < SIDES; side++) {
        stack_home_new(home, &page, 0);
        push_for_side(home, side);
        alloc(home, 800, 1);
        address = NULL;
        begin(home);
        room = stack_free_words(home->stack) - 1;
        assert_int_equal(stack_preserve_alloc(home->stack, room * 8 + 1, &address), -ENOMEM);
        assert_null(address);
        for (size_t words = room - 1, step; words > 0; words -= step) {
            step = words < 256 ? words : 256;
            stack_ok(home, stack_preserve_alloc(home->stack, step * 8, &address));
        }
        stack_ok(home, stack_scratch_push(home->stack, 1));
        assert_int_equal(stack_free_words(home->stack), 1);
        assert_int_equal(stack_scratch_push(home->stack, 1), -ENOMEM);
        assert_string_equal(pma_last_error(home->arena), "stack overflow: 1 words wanted, 0 free: "
                                                         "Cannot allocate memory");
        assert_int_equal(stack_preserve_alloc(home->stack, 17, &address), -ENOMEM);
        assert_string_equal(pma_last_error(home->arena), "stack overflow: 3 words wanted, 0 free: "
                                                         "Cannot allocate memory");
        stack_sound(home);
        pop_all(home);
    }
}

#define stack_test(test)                                                                           \
    cmocka_unit_test_setup_teardown(test, stack_home_setup, stack_home_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        stack_test(preserved_data_belong_to_the_caller_after_the_pop),
        stack_test(the_saved_three_lie_beside_ap_during_a_preserve),
        stack_test(nothing_is_pushed_or_allocated_after_a_preserve),
        stack_test(scratch_words_come_back_in_reverse),
        stack_test(an_address_is_in_the_top_frame_in_an_older_one_or_elsewhere),
        stack_test(a_large_object_moves_to_the_caller_without_a_copy),
        stack_test(pages_that_were_evicted_move_as_well),
        stack_test(objects_larger_than_the_memory_they_may_take_move_as_well),
        stack_test(pages_that_leave_for_good_are_replaced_by_fresh_ones),
        stack_test(a_flip_keeps_what_was_preserved),
        stack_test(a_cancelled_preserve_has_not_happened),
        stack_test(a_cancelled_preserve_gives_every_word_back),
        stack_test(a_preserve_that_does_not_fit_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
