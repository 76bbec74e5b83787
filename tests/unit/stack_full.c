/* SPDX-License-Identifier: MIT */
/* A stack of one page, at every number of free words, from both sides: what fits is done, what does
 * not changes nothing. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "stack.h"
#include "stack_home.h"

enum { SIDES = 2, WORD = sizeof(uint64_t) };

static void new_stack_of_a_page(struct stack_home *home, unsigned frames)
{
    const struct pma_stack_options page = {.size = sizeof(page), .reserved_bytes = PMA_PAGE_SIZE};

    stack_home_new(home, &page, 0);
    for (unsigned i = 0; i < frames; i++)
        stack_ok(home, pma_stack_push(home->stack, 0));
}

/* Words that may be taken: SP and AP must not meet. */
static uint64_t room(const struct stack_home *home)
{
    const struct pma_stack_frame top = stack_top(home->stack);

    return (top.west ? top.ap - top.sp : top.sp - top.ap) / WORD - 1;
}

/* Demands that a call that takes `words` words succeeded or not, as they fit. */
static bool fits(const struct stack_home *home, int result, uint64_t words, uint64_t free_words)
{
    char expected[128];

    if (words <= free_words) {
        stack_ok(home, result);
        return true;
    }
    assert_int_equal(result, -ENOMEM);
    snprintf(expected, sizeof(expected), "stack overflow: %lu words wanted, %lu free: %s",
             (unsigned long)words, (unsigned long)free_words, pma_strerror(-ENOMEM));
    assert_string_equal(pma_last_error(home->arena), expected);
    return false;
}

static void expect_top(const struct stack_home *home, const struct pma_stack_frame *expected)
{
    const struct pma_stack_frame top = stack_top(home->stack);

    assert_true(stack_same_frame(&top, expected));
}

/* Uses one word up, in one of the two ways; false if there is none. */
static bool use_a_word(struct stack_home *home, bool light)
{
    const uint64_t left = room(home);
    void *address;
    int result =
        light ? pma_stack_light_push(home->stack, 1) : pma_stack_alloc(home->stack, WORD, &address);

    return fits(home, result, 1, left);
}

static void a_frame_is_pushed_if_and_only_if_it_fits(void **state)
{
    struct stack_home *home = stack_home(state);

    for (unsigned way = 0; way < 2 * SIDES; way++) {
        new_stack_of_a_page(home, way % SIDES);
        do {
            const struct pma_stack_frame top = stack_top(home->stack);
            const uint64_t left = room(home);

            for (unsigned locals = 0; locals < left + 4; locals++) {
                if (fits(home, pma_stack_push(home->stack, locals), locals + 3, left))
                    stack_ok(home, pma_stack_pop(home->stack));
                expect_top(home, &top);
            }
        } while (use_a_word(home, way >= SIDES));
        stack_sound(home);
    }
}

static void an_object_is_allocated_if_and_only_if_it_fits(void **state)
{
    struct stack_home *home = stack_home(state);

    for (unsigned side = 0; side < SIDES; side++) {
        new_stack_of_a_page(home, side);
        do {
            const struct pma_stack_frame top = stack_top(home->stack);
            const uint64_t left = room(home);

            for (uint64_t words = left > 3 ? left - 3 : 1; words < left + 4; words++) {
                void *address = NULL;

                if (words * WORD > PMA_PAGE_SIZE / 2)
                    break;
                if (!fits(home, pma_stack_alloc(home->stack, words * WORD, &address), words,
                          left)) {
                    assert_null(address);
                    expect_top(home, &top);
                    continue;
                }
                memset(address, 1, words * WORD);
                home->stack->ap = stack_pointer(top.ap);
            }
        } while (use_a_word(home, true));
    }
}

static void data_are_preserved_if_and_only_if_they_fit(void **state)
{
    struct stack_home *home = stack_home(state);

    for (unsigned side = 0; side < SIDES; side++) {
        for (uint64_t used = 0;; used++) {
            struct stack_preserve undo;
            size_t left;
            void *address;

            new_stack_of_a_page(home, side + 1);
            for (uint64_t i = 0; i < used && room(home) > 0; i++)
                use_a_word(home, false);
            if (room(home) == 0)
                break;
            left = room(home); /* the saved three take the place of the slots */
            stack_ok(home, stack_preserve_begin(home->stack, &undo));
            for (; left > 0; left--) {
                assert_int_equal(stack_free_words(home->stack) - 1, left);
                stack_ok(home, left % 2 ? stack_preserve_alloc(home->stack, WORD, &address)
                                        : stack_scratch_push(home->stack, left));
            }
            stack_refuses(home, stack_preserve_alloc(home->stack, WORD, &address), -ENOMEM,
                          "stack overflow: 1 words wanted, 0 free");
            stack_refuses(home, stack_scratch_push(home->stack, 0), -ENOMEM,
                          "stack overflow: 1 words wanted, 0 free");
            stack_sound(home);
        }
    }
}

static void sizes_that_no_memory_has_are_refused(void **state)
{
    static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 6, SIZE_MAX / 2, (size_t)1 << 47,
                                   STACK_PAGES * PMA_PAGE_SIZE};
    struct stack_home *home = stack_home(state);
    void *address = NULL;

    for (unsigned side = 0; side < SIDES; side++) {
        const struct pma_stack_frame top = stack_top(home->stack);

        for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
            assert_int_equal(pma_stack_alloc(home->stack, sizes[i], &address), -ENOMEM);
            expect_top(home, &top);
        }
        assert_int_equal(pma_stack_push(home->stack, UINT32_MAX), -ENOMEM);
        expect_top(home, &top);
        stack_ok(home, pma_stack_push(home->stack, 0));
    }
    stack_ok(home, pma_stack_pop(home->stack));
    stack_ok(home, pma_stack_pop(home->stack));
    assert_int_equal(pma_stack_flip(home->stack, UINT32_MAX), -ENOMEM);
    assert_true(stack_top(home->stack).west);
}

static void a_flip_happens_if_and_only_if_the_new_frame_fits(void **state)
{
    enum { PAGE_WORDS = PMA_PAGE_SIZE / WORD };
    struct stack_home *home = stack_home(state);
    struct stack_preserve undo;
    void *address;

    for (unsigned kept = 1; kept < PAGE_WORDS / 2; kept++) {
        new_stack_of_a_page(home, 0);
        stack_ok(home, stack_preserve_begin(home->stack, &undo));
        stack_ok(home, stack_preserve_alloc(home->stack, kept * WORD, &address));
        assert_false(fits(home, pma_stack_flip(home->stack, PAGE_WORDS - kept - 3),
                          PAGE_WORDS - kept, PAGE_WORDS - kept - 1));
        assert_true(stack_top(home->stack).preserved);
        stack_ok(home, pma_stack_flip(home->stack, PAGE_WORDS - kept - 4));
        assert_int_equal(room(home), 0);
    }
}

#define stack_test(test)                                                                           \
    cmocka_unit_test_setup_teardown(test, stack_home_setup, stack_home_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        stack_test(a_frame_is_pushed_if_and_only_if_it_fits),
        stack_test(an_object_is_allocated_if_and_only_if_it_fits),
        stack_test(data_are_preserved_if_and_only_if_they_fit),
        stack_test(sizes_that_no_memory_has_are_refused),
        stack_test(a_flip_happens_if_and_only_if_the_new_frame_fits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
