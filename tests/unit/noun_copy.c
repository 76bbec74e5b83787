/* SPDX-License-Identifier: MIT */
/* Copies from frame to frame. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "noun_make.h"

static pma_noun preserve(const struct stack_home *home, pma_noun noun,
                         struct pma_copy_report *report)
{
    stack_ok(home, pma_noun_preserve(home->stack, &noun, 1, report));
    return noun;
}

static pma_noun preserve_and_pop(const struct stack_home *home, pma_noun noun)
{
    noun = preserve(home, noun, NULL);
    stack_ok(home, pma_stack_pop(home->stack));
    stack_sound(home);
    noun_sound(home, noun);
    return noun;
}

static void push(const struct stack_home *home)
{
    stack_ok(home, pma_stack_push(home->stack, 2));
}

static uint64_t copied_pages(const struct stack_home *home)
{
    struct pma_stat stat;

    stack_ok(home, pma_stat(home->arena, &stat));
    return stat.copied_pages;
}

static void a_preserved_noun_outlives_its_frame(void **state)
{
    const struct stack_home *home = stack_home(state);
    pma_noun noun;

    push(home);
    noun = preserve_and_pop(home, noun_cons(home, 1, noun_cons(home, 2, 3)));
    assert_true(noun_same(home, noun, noun_cons(home, 1, noun_cons(home, 2, 3))));
    assert_int_equal(stack_stat(home->stack).frames, 1);
}

static void what_is_not_preserved_is_gone(void **state)
{
    const struct stack_home *home = stack_home(state);
    const struct pma_stack_stat before = stack_stat(home->stack);
    struct pma_stack_stat after;

    push(home);
    noun_list(home, 100);
    preserve_and_pop(home, noun_cons(home, 1, 2));
    after = stack_stat(home->stack);
    assert_int_equal(after.west_bytes + after.east_bytes,
                     before.west_bytes + before.east_bytes + 3 * sizeof(uint64_t));
}

static void older_nouns_are_referred_to_not_copied(void **state)
{
    const struct stack_home *home = stack_home(state);
    const pma_noun old = noun_list(home, 50);
    struct pma_copy_report report = {0};
    pma_noun noun;

    push(home);
    noun = preserve(home, noun_cons(home, old, old), &report);
    assert_int_equal(report.copied_objects, 1);
    assert_int_equal(report.copied_bytes, 3 * sizeof(uint64_t));
    assert_int_equal(noun_head_of(noun), old);
    assert_int_equal(noun_tail_of(noun), old);
}

static void a_direct_atom_is_preserved_as_it_is(void **state)
{
    const struct stack_home *home = stack_home(state);
    struct pma_copy_report report = {0};

    push(home);
    assert_int_equal(preserve(home, 42, &report), 42);
    assert_int_equal(report.copied_objects, 0);
    stack_refuses(home, pma_stack_push(home->stack, 0), PMA_ESTACK, "push after a preserve");
}

static void random_nouns_keep_their_shape_through_frames(void **state)
{
    struct stack_home *home = stack_home(state);
    struct random random = random_start("noun_copy", 1), again;

    for (unsigned round = 0; round < 60; round++) {
        const unsigned frames = 1 + (unsigned)random_below(&random, 5);
        struct noun_census census;
        pma_noun noun, model;

        for (unsigned i = 0; i < frames; i++)
            push(home);
        again = random;
        noun = noun_random(home, &random, 1 + round * 5, 2);
        census = noun_count(home, noun);
        if (round % 2)
            noun_mug_of(home, noun);
        for (unsigned i = 0; i < frames; i++) {
            noun = preserve_and_pop(home, noun);
            assert_true(noun_same_census(noun_count(home, noun), census));
        }
        push(home);
        model = noun_random(home, &again, 1 + round * 5, 2);
        assert_true(noun_same(home, noun, model));
        stack_ok(home, pma_stack_pop(home->stack));
        stack_home_new(home, NULL, 1);
    }
}

static void a_frame_between_adds_to_what_it_was_given(void **state)
{
    const struct stack_home *home = stack_home(state);
    pma_noun noun = noun_cons(home, 0, 0);

    for (unsigned i = 0; i < 20; i++) {
        push(home);
        push(home);
        noun = preserve_and_pop(home, noun_cons(home, noun, noun));
        noun = preserve_and_pop(home, noun_cons(home, noun, noun));
    }
    assert_true(noun_same(home, noun, noun_doubled(home, 41, 0)));
    assert_int_equal(noun_count(home, noun).cells, 41);
}

static void preserves_of_one_frame_share(void **state)
{
    const struct stack_home *home = stack_home(state);
    struct pma_copy_report first = {0}, second = {0};
    pma_noun shared, big, a, b;

    push(home);
    shared = noun_list(home, 30);
    big = noun_blob(home, 3 * PMA_PAGE_SIZE, 1);
    a = noun_cons(home, shared, big);
    b = noun_cons(home, shared, shared);
    a = preserve(home, a, &first);
    b = preserve(home, b, &second);
    assert_int_equal(second.copied_objects, 1);
    assert_int_equal(noun_head_of(b), noun_head_of(a));
    assert_int_equal(preserve(home, noun_tail_of(shared), &second), noun_tail_of(noun_head_of(a)));
    assert_int_equal(second.copied_objects, 1);
    assert_int_equal(preserve(home, big, &second), noun_tail_of(a));
    assert_int_equal(second.moved_objects, 0);
    assert_int_equal(first.moved_objects, 1);
    stack_sound(home);
    stack_ok(home, pma_stack_pop(home->stack));
    noun_sound(home, a);
    assert_true(noun_same(home, noun_head_of(a), noun_list(home, 30)));
    assert_true(noun_same(home, noun_tail_of(a), noun_blob(home, 3 * PMA_PAGE_SIZE, 1)));
}

static void several_nouns_are_preserved_in_one_go(void **state)
{
    const struct stack_home *home = stack_home(state);
    pma_noun nouns[3];

    push(home);
    nouns[0] = noun_list(home, 10);
    nouns[1] = 7;
    nouns[2] = noun_cons(home, nouns[0], nouns[0]);
    stack_ok(home, pma_noun_preserve(home->stack, nouns, 3, NULL));
    assert_int_equal(noun_head_of(nouns[2]), nouns[0]);
    assert_int_equal(nouns[1], 7);
    stack_ok(home, pma_stack_pop(home->stack));
    assert_true(noun_same(home, nouns[0], noun_list(home, 10)));
}

static void large_atoms_are_moved_not_copied(void **state)
{
    const struct stack_home *home = stack_home(state);
    const size_t sizes[] = {2100, PMA_PAGE_SIZE, 5 * PMA_PAGE_SIZE, 40 * PMA_PAGE_SIZE};
    pma_noun nouns[4];

    for (unsigned i = 0; i < 4; i++) {
        struct pma_copy_report report = {0};
        const uint64_t pages = (sizes[i] + 16 + PMA_PAGE_SIZE - 1) / PMA_PAGE_SIZE;
        const uint64_t copied = copied_pages(home);

        push(home);
        push(home);
        nouns[i] = noun_blob(home, sizes[i], i);
        for (unsigned frame = 0; frame < 2; frame++) {
            nouns[i] = preserve(home, nouns[i], &report);
            stack_ok(home, pma_stack_pop(home->stack));
        }
        assert_int_equal(report.moved_objects, 2);
        assert_int_equal(report.moved_bytes, 2 * pages * PMA_PAGE_SIZE);
        assert_int_equal(report.copied_bytes, 0);
        assert_int_equal(copied_pages(home), copied);
        stack_sound(home);
    }
    for (unsigned i = 0; i < 4; i++) {
        noun_sound(home, nouns[i]);
        push(home);
        assert_true(noun_same(home, nouns[i], noun_blob(home, sizes[i], i)));
        stack_ok(home, pma_stack_pop(home->stack));
    }
}

static int no_forwarding(void *context, pma_noun noun, const struct pma_noun_object *object)
{
    (void)context;
    (void)noun;
    return object->metadata >> 61 == 7 ? -EINVAL : 0;
}

static void no_forwarding_pointer_outlives_the_frame(void **state)
{
    const struct stack_home *home = stack_home(state);
    pma_noun inner, noun;
    struct pma_noun_object object;

    push(home);
    inner = noun_list(home, 20);
    noun = preserve(home, inner, NULL);
    assert_int_equal(pma_noun_object(inner, &object), 0);
    assert_int_equal(object.metadata >> 61, 7);
    stack_ok(home, pma_noun_walk(home->stack, &noun, 1, no_forwarding, NULL));
    assert_int_equal(pma_noun_check(home->stack, &inner, 1), PMA_ECORRUPT);
    assert_string_equal(pma_last_error(home->arena),
                        "a forwarding pointer in a noun: arena file is damaged");
    stack_ok(home, pma_stack_pop(home->stack));
    stack_ok(home, pma_noun_walk(home->stack, &noun, 1, no_forwarding, NULL));
}

/* Nouns of the frame are only good for another preserve: some of their parts are gone. */
static void what_was_preserved_from_is_not_looked_at_again(void **state)
{
    const struct stack_home *home = stack_home(state);
    pma_noun shared, other, noun, made = 8;
    uint32_t mug;
    bool equal;

    stack_ok(home, pma_stack_push(home->stack, 0));
    shared = noun_list(home, 5);
    other = noun_cons(home, shared, 1);
    noun = preserve(home, shared, NULL);
    stack_refuses(home, pma_noun_mug(home->stack, other, &mug), PMA_ESTACK,
                  "a noun of a frame that has been preserved from");
    stack_refuses(home, pma_noun_equal(home->stack, noun, other, &equal), PMA_ESTACK,
                  "a noun of a frame that has been preserved from");
    stack_refuses(home, pma_noun_jam(home->stack, other, &made), PMA_ESTACK,
                  "a noun of a frame that has been preserved from");
    stack_refuses(home, pma_noun_keep(home->stack, other, &made, NULL), PMA_ESTACK,
                  "a noun of a frame that has been preserved from");
    assert_int_equal(made, 8);
    assert_int_equal(noun_mug_of(home, noun), noun_mug_of(home, noun));
    other = preserve(home, other, NULL);
    assert_int_equal(noun_head_of(other), noun);
}

static void a_flip_collects_the_whole_stack(void **state)
{
    const struct stack_home *home = stack_home(state);
    pma_noun noun = 0;

    for (unsigned i = 0; i < 30; i++) {
        noun = noun_cons(home, i, noun);
        noun_list(home, 500);
        if (i == 20)
            noun = noun_cons(home, noun_blob(home, 2 * PMA_PAGE_SIZE, 9), noun);
        noun = preserve(home, noun, NULL);
        stack_ok(home, pma_stack_flip(home->stack, i));
        stack_sound(home);
        noun_sound(home, noun);
    }
    assert_int_equal(noun_count(home, noun).cells, 31);
    assert_int_equal(noun_head_of(noun), 29);
}

/* Fills the stack so that about `words` words stay free. */
static void leave_free(const struct stack_home *home, uint64_t words)
{
    struct pma_stack_stat stat = stack_stat(home->stack);
    uint64_t *low = stat.low, *high = stat.high, free_words;
    void *filler;

    free_words = (uint64_t)(high - low) - (stat.west_bytes + stat.east_bytes) / 8;
    if (free_words > words + 1024)
        stack_ok(home, pma_stack_alloc(home->stack, (free_words - words - 1024) * 8, &filler));
    for (;;) {
        stat = stack_stat(home->stack);
        free_words = (uint64_t)(high - low) - (stat.west_bytes + stat.east_bytes) / 8;
        if (free_words <= words)
            return;
        stack_ok(home, pma_stack_alloc(home->stack, 8, &filler));
    }
}

enum { LOCALS = 700 };

static void push_with_locals(const struct stack_home *home)
{
    stack_ok(home, pma_stack_push(home->stack, LOCALS));
    for (unsigned i = 0; i < LOCALS; i++)
        *pma_stack_local(home->stack, i) = 99 + i;
    stack_ok(home, pma_stack_light_push(home->stack, 98));
}

static void expect_locals(const struct stack_home *home)
{
    uint64_t word;

    for (unsigned i = 0; i < LOCALS; i++)
        assert_int_equal(*pma_stack_local(home->stack, i), 99 + i);
    stack_ok(home, pma_stack_light_pop(home->stack, &word));
    assert_int_equal(word, 98);
}

/* Whatever is missing, the frame is as it was; it is large enough for what should stay out of it.
 */
static void a_preserve_without_room_changes_nothing(void **state)
{
    struct stack_home *home = stack_home(state);
    unsigned refused = 0, done = 0;

    for (uint64_t words = 3; words < 2400; words += 1 + words / 9) {
        struct random random = {.state = 5}, again = random;
        struct noun_census census;
        pma_noun noun;
        int result;

        push_with_locals(home);
        noun = noun_random(home, &random, 40, 2);
        census = noun_count(home, noun);
        leave_free(home, words);
        result = pma_noun_preserve(home->stack, &noun, 1, NULL);
        if (result) {
            assert_int_equal(result, -ENOMEM);
            assert_string_equal(strstr(pma_last_error(home->arena), ": Cannot"),
                                ": Cannot allocate memory");
            expect_locals(home);
            stack_sound(home);
            refused++;
        } else {
            stack_ok(home, pma_stack_pop(home->stack));
            stack_sound(home);
            noun_sound(home, noun);
            assert_true(noun_same_census(noun_count(home, noun), census));
            assert_true(noun_same(home, noun, noun_random(home, &again, 40, 2)));
            done++;
        }
        stack_home_new(home, NULL, 0);
    }
    assert_true(refused > 5 && done > 5);
}

static void a_refused_preserve_leaves_the_noun_whole(void **state)
{
    const struct stack_home *home = stack_home(state);
    struct random random = {.state = 6};
    pma_noun noun;
    struct pma_noun_object object;

    push(home);
    noun = noun_random(home, &random, 40, 0);
    noun_mug_of(home, noun);
    leave_free(home, 200);
    assert_int_equal(pma_noun_preserve(home->stack, &noun, 1, NULL), -ENOMEM);
    for (pma_noun cell = noun; pma_noun_is_cell(cell); cell = noun_tail_of(cell)) {
        assert_int_equal(pma_noun_object(cell, &object), 0);
        assert_int_equal(object.metadata >> 32, noun_mug_of(home, cell));
    }
}

enum { DEEP = 1000000 };

static void a_deep_list_is_copied(void **state)
{
    const struct stack_home *home = noun_wide_home(state);
    struct pma_copy_report report = {0};
    pma_noun noun;
    uint64_t at = 0;

    push(home);
    push(home);
    noun = preserve(home, noun_list(home, DEEP), &report);
    stack_ok(home, pma_stack_pop(home->stack));
    noun = preserve(home, noun, &report);
    stack_ok(home, pma_stack_pop(home->stack));
    assert_int_equal(report.copied_objects, 2 * DEEP);
    for (; pma_noun_is_cell(noun); noun = noun_tail_of(noun))
        assert_int_equal(noun_head_of(noun), ++at);
    assert_int_equal(at, DEEP);
}

static void a_deep_left_tree_is_copied(void **state)
{
    const struct stack_home *home = noun_wide_home(state);
    pma_noun noun;
    uint64_t at = 0;

    push(home);
    noun = noun_left_list(home, DEEP);
    noun_mug_of(home, noun);
    noun = preserve(home, noun, NULL);
    stack_ok(home, pma_stack_pop(home->stack));
    noun_sound(home, noun);
    for (; pma_noun_is_cell(noun); noun = noun_head_of(noun))
        assert_int_equal(noun_tail_of(noun), ++at);
    assert_int_equal(at, DEEP);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, stack_home_setup, stack_home_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_preserved_noun_outlives_its_frame),
        TEST(what_is_not_preserved_is_gone),
        TEST(older_nouns_are_referred_to_not_copied),
        TEST(a_direct_atom_is_preserved_as_it_is),
        TEST(random_nouns_keep_their_shape_through_frames),
        TEST(a_frame_between_adds_to_what_it_was_given),
        TEST(preserves_of_one_frame_share),
        TEST(several_nouns_are_preserved_in_one_go),
        TEST(large_atoms_are_moved_not_copied),
        TEST(no_forwarding_pointer_outlives_the_frame),
        TEST(what_was_preserved_from_is_not_looked_at_again),
        TEST(a_flip_collects_the_whole_stack),
        TEST(a_preserve_without_room_changes_nothing),
        TEST(a_refused_preserve_leaves_the_noun_whole),
        TEST(a_deep_list_is_copied),
        TEST(a_deep_left_tree_is_copied),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
