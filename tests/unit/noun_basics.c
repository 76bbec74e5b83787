/* SPDX-License-Identifier: MIT */
/* Atoms, cells, equality and mugs. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "mug.h"
#include "noun_equal.h"
#include "noun_make.h"

/* The vectors of Urbit's own tests. */
static void mugs_are_those_of_the_field(void **state)
{
    const struct stack_home *home = stack_home(state);
    const uint32_t words[] = {0xdeadbeef, 0xbeefdead, 0xfeedbeef}, zeros[] = {0, 1, 0, 1};
    const uint8_t high[16] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                              0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    const struct {
        pma_noun noun;
        uint32_t mug;
    } vectors[] = {
        {0, 0x79ff04e8},
        {1, 0x715c2a60},
        {2, 0x718b9468},
        {42, 0x643849c6},
        {noun_import(home, "Hello, world!", 13), 0x4d441035},
        {noun_import(home, "xxxxxxxxxxxxxxxxxxxxxxxxxxxx", 28), 0x64dfda5c},
        {noun_import(home, words, sizeof(words)), 0x601265fc},
        {noun_import(home, zeros, sizeof(zeros)), 0x540eb8a9},
        {noun_cons(home, 0, 0), 0x192f5588},
        {noun_cons(home, 1, 1), 0x6b32ec46},
        {noun_cons(home, 2, 2), 0x2effe10},
        {noun_cons(home, 1, noun_cons(home, 2, 3)), 0x3a811aec},
        {noun_cons(home, 0, UINT64_C(1) << 32), 0x7cefb7f},
        {noun_cons(home, noun_import(home, high, sizeof(high)), 1), 0x2aa06bfc},
    };

    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        assert_int_equal(noun_mug_of(home, vectors[i].noun), vectors[i].mug);
        assert_int_equal(noun_mug_of(home, vectors[i].noun), vectors[i].mug);
    }
}

/* The two mugs of a cell are hashed as one number, so leading zeros of the tail's do not count. */
static void mugs_of_pairs_are_those_of_the_field(void **state)
{
    (void)state;
    assert_int_equal(mug_of_pair(0x715c2a60, 0x718b9468), 1781973465);
    assert_int_equal(mug_of_pair(1, 0), 724918415);
}

static void a_mug_is_kept_in_the_metadata_word(void **state)
{
    const struct stack_home *home = stack_home(state);
    const pma_noun part = noun_cons(home, 1, 2), cell = noun_cons(home, part, part);
    struct pma_noun_object object;

    assert_int_equal(pma_noun_object(part, &object), 0);
    assert_int_equal(object.metadata, 0);
    noun_mug_of(home, cell);
    assert_int_equal(pma_noun_object(part, &object), 0);
    assert_int_equal(object.metadata >> 32, noun_mug_of(home, part));
    assert_int_equal((uint32_t)object.metadata, 0);
}

static void an_atom_of_63_bits_is_direct(void **state)
{
    const struct stack_home *home = stack_home(state);
    pma_noun atom;

    stack_ok(home, pma_noun_from_word(home->stack, PMA_NOUN_DIRECT_MOST, &atom));
    assert_int_equal(atom, PMA_NOUN_DIRECT_MOST);
    stack_ok(home, pma_noun_from_word(home->stack, PMA_NOUN_DIRECT_MOST + 1, &atom));
    assert_false(pma_noun_is_direct(atom));
    assert_true(pma_noun_is_atom(atom));
    assert_false(pma_noun_is_cell(atom));
}

static void bytes_come_back_as_they_went_in(void **state)
{
    const struct stack_home *home = stack_home(state);
    uint8_t bytes[3000], back[3000];
    struct random random = random_start("noun_basics", 3);
    size_t length;

    for (size_t count = 0; count < sizeof(bytes); count += 1 + count / 7) {
        pma_noun atom;

        for (size_t i = 0; i < count; i++)
            bytes[i] = (uint8_t)random_next(&random);
        if (count)
            bytes[count - 1] = 1;
        atom = noun_import(home, bytes, count);
        assert_int_equal(pma_noun_length(atom, &length), 0);
        assert_int_equal(length, count);
        assert_int_equal(pma_noun_export(atom, back, sizeof(back)), 0);
        assert_memory_equal(back, bytes, count);
        for (size_t i = count; i < sizeof(back); i++)
            assert_int_equal(back[i], 0);
        assert_int_equal(pma_noun_export(atom, back, count / 2), 0);
        assert_memory_equal(back, bytes, count / 2);
    }
}

static void leading_zeros_do_not_count(void **state)
{
    const struct stack_home *home = stack_home(state);
    const uint8_t bytes[5000] = {7, 1};
    uint8_t long_bytes[40] = {[20] = 9};

    assert_int_equal(noun_import(home, bytes, sizeof(bytes)), 0x107);
    assert_int_equal(noun_import(home, bytes + 2, 4998), 0);
    assert_true(
        noun_same(home, noun_import(home, long_bytes, 40), noun_import(home, long_bytes, 21)));
}

static void a_cell_has_a_head_and_a_tail(void **state)
{
    const struct stack_home *home = stack_home(state);
    const pma_noun big = noun_blob(home, 100, 1), cell = noun_cons(home, 5, big);

    assert_true(pma_noun_is_cell(cell));
    assert_false(pma_noun_is_atom(cell));
    assert_int_equal(noun_head_of(cell), 5);
    assert_int_equal(noun_tail_of(cell), big);
}

static void equal_nouns_need_not_be_the_same_objects(void **state)
{
    const struct stack_home *home = stack_home(state);
    struct random random = random_start("noun_basics", 4), again = random;
    const pma_noun a = noun_random(home, &random, 300, 1), b = noun_random(home, &again, 300, 1);

    assert_int_not_equal(a, b);
    assert_true(noun_same(home, a, b));
    assert_false(noun_same(home, a, noun_cons(home, b, b)));
    assert_false(noun_same(home, noun_cons(home, a, 1), noun_cons(home, b, 2)));
    assert_false(noun_same(home, noun_cons(home, 1, a), noun_cons(home, 2, b)));
    assert_false(noun_same(home, a, 7));
    assert_false(noun_same(home, noun_blob(home, 90, 1), noun_blob(home, 90, 2)));
    assert_false(noun_same(home, noun_blob(home, 90, 1), noun_blob(home, 91, 1)));
    assert_int_equal(noun_mug_of(home, a), noun_mug_of(home, b));
}

/* Unfolded they have 2^60 leaves. */
static void shared_parts_are_compared_once(void **state)
{
    const struct stack_home *home = stack_home(state);
    const pma_noun a = noun_doubled(home, 60, 1), b = noun_doubled(home, 60, 1);

    assert_true(noun_same(home, a, b));
    assert_false(noun_same(home, a, noun_doubled(home, 60, 2)));
    assert_true(noun_same(home, a, b));
    assert_int_equal(noun_mug_of(home, a), noun_mug_of(home, b));
}

/* What was taken for equal on the way to a difference is forgotten with it. */
static void nouns_that_differ_still_do_when_asked_again(void **state)
{
    const struct stack_home *home = stack_home(state);
    const pma_noun a = noun_cons(home, noun_cons(home, noun_list(home, 9), 1), 1);
    const pma_noun b = noun_cons(home, noun_cons(home, noun_list(home, 9), 1), 2);
    struct equality equality = {0};
    struct scratch scratch;
    bool equal = true;

    scratch_begin(&scratch, home->stack);
    equality.scratch = &scratch;
    for (int i = 0; i < 2; i++) {
        stack_ok(home, equality_decide(&equality, a, b, &equal));
        assert_false(equal);
        stack_ok(home, equality_decide(&equality, noun_head_of(a), noun_head_of(b), &equal));
        assert_true(equal);
    }
    scratch_end(&scratch);
}

static void what_is_no_noun_of_the_kind_is_refused(void **state)
{
    const struct stack_home *home = stack_home(state);
    const pma_noun cell = noun_cons(home, 1, 2), forwarding = UINT64_MAX;
    struct pma_noun_object object;
    pma_noun noun = 77;
    uint32_t mug;
    size_t length;
    bool equal;
    char byte;

    assert_int_equal(pma_noun_head(3, &noun), PMA_ENOUN);
    assert_int_equal(pma_noun_tail(3, &noun), PMA_ENOUN);
    assert_int_equal(pma_noun_length(cell, &length), PMA_ENOUN);
    assert_int_equal(pma_noun_export(cell, &byte, 1), PMA_ENOUN);
    assert_int_equal(pma_noun_object(3, &object), PMA_ENOUN);
    assert_int_equal(pma_noun_object(forwarding, &object), PMA_ENOUN);
    stack_refuses(home, pma_noun_cell(home->stack, forwarding, 0, &noun), PMA_ENOUN,
                  "a forwarding pointer");
    stack_refuses(home, pma_noun_cell(home->stack, 0, forwarding, &noun), PMA_ENOUN,
                  "a forwarding pointer");
    stack_refuses(home, pma_noun_mug(home->stack, forwarding, &mug), PMA_ENOUN,
                  "a forwarding pointer");
    stack_refuses(home, pma_noun_equal(home->stack, 1, forwarding, &equal), PMA_ENOUN,
                  "a forwarding pointer");
    stack_refuses(home, pma_noun_preserve(home->stack, (pma_noun[]){1, forwarding}, 2, NULL),
                  PMA_ENOUN, "a forwarding pointer");
    assert_int_equal(noun, 77);
    assert_int_equal(pma_noun_cell(NULL, 1, 1, &noun), PMA_EARGUMENT);
    assert_int_equal(pma_noun_cell(home->stack, 1, 1, NULL), PMA_EARGUMENT);
    assert_int_equal(pma_noun_import(home->stack, NULL, 1, &noun), PMA_EARGUMENT);
    assert_int_equal(pma_noun_preserve(NULL, &noun, 1, NULL), PMA_EARGUMENT);
}

/* The mug of a cell is known once those of its parts are, which lie deeper. */
static void deep_nouns_have_mugs_and_can_be_compared(void **state)
{
    struct stack_home *home = stack_home(state);
    const struct pma_stack_options roomy = {.size = sizeof(roomy), .reserved_bytes = 3 << 20};
    uint32_t list = mug_of_bytes("", 0), left = list;

    stack_home_new(home, &roomy, 0);
    for (uint64_t n = 20000; n > 0; n--) {
        const uint32_t mug = noun_mug_of(home, n);

        list = mug_of_pair(mug, list);
        left = mug_of_pair(left, mug);
    }
    assert_int_equal(noun_mug_of(home, noun_list(home, 20000)), list);
    assert_int_equal(noun_mug_of(home, noun_left_list(home, 20000)), left);
    assert_true(noun_same(home, noun_list(home, 6000), noun_list(home, 6000)));
    assert_true(noun_same(home, noun_left_list(home, 6000), noun_left_list(home, 6000)));
}

static void without_scratch_memory_nothing_is_decided(void **state)
{
    const struct stack_home *home = stack_home(state);
    const pma_noun a = noun_list(home, 1000), b = noun_list(home, 1000);
    const struct pma_stack_stat stat = stack_stat(home->stack);
    const size_t free_bytes =
        STACK_PAGES * PMA_PAGE_SIZE - stat.west_bytes - stat.east_bytes - 3 * PMA_PAGE_SIZE;
    bool equal = true;
    uint32_t mug = 5;

    noun_blob(home, free_bytes, 1);
    assert_int_equal(pma_noun_equal(home->stack, a, b, &equal), -ENOMEM);
    assert_int_equal(pma_noun_mug(home->stack, a, &mug), -ENOMEM);
    assert_true(equal);
    assert_int_equal(mug, 5);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, stack_home_setup, stack_home_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(mugs_are_those_of_the_field),
        cmocka_unit_test(mugs_of_pairs_are_those_of_the_field),
        TEST(a_mug_is_kept_in_the_metadata_word),
        TEST(an_atom_of_63_bits_is_direct),
        TEST(bytes_come_back_as_they_went_in),
        TEST(leading_zeros_do_not_count),
        TEST(a_cell_has_a_head_and_a_tail),
        TEST(equal_nouns_need_not_be_the_same_objects),
        TEST(shared_parts_are_compared_once),
        TEST(nouns_that_differ_still_do_when_asked_again),
        TEST(what_is_no_noun_of_the_kind_is_refused),
        TEST(deep_nouns_have_mugs_and_can_be_compared),
        TEST(without_scratch_memory_nothing_is_decided),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
