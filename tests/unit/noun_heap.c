/* SPDX-License-Identifier: MIT */
/* Nouns of the heap: put there, counted, found again, freed. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "noun_make.h"

static void reopen(struct stack_home *home)
{
    stack_ok(home, pma_stack_free(home->stack));
    home->arena = arena_reopen(home->arena_place, home->arena);
    stack_ok(home, pma_stack_new(home->arena, NULL, 0, &home->stack));
}

static pma_noun keep(const struct stack_home *home, pma_noun noun, struct pma_copy_report *report)
{
    pma_noun kept = UINT64_MAX;

    stack_ok(home, pma_noun_keep(home->stack, noun, &kept, report));
    return kept;
}

static void release(const struct stack_home *home, pma_noun noun)
{
    stack_ok(home, pma_noun_release(home->arena, noun));
}

static uint64_t objects(const struct stack_home *home)
{
    struct pma_heap_stat stat;

    stack_ok(home, pma_heap_check(home->arena));
    stack_ok(home, pma_heap_stat(home->arena, &stat));
    return stat.objects;
}

static uint32_t references(const struct stack_home *home, pma_noun noun)
{
    uint32_t count;

    stack_ok(home, pma_noun_references(home->arena, noun, &count));
    return count;
}

static void a_kept_noun_is_equal_and_released_it_leaves_nothing(void **state)
{
    struct stack_home *home = stack_home(state);
    struct random random = random_start("noun_heap", 1), again;

    for (unsigned round = 0; round < 40; round++) {
        struct pma_copy_report report = {0};
        struct noun_census census;
        pma_noun noun, kept;

        again = random;
        noun = noun_random(home, &random, round * 8, 2);
        census = noun_count(home, noun);
        kept = keep(home, noun, &report);
        assert_int_equal(objects(home), census.cells + census.atoms);
        assert_int_equal(report.moved_objects, census.large);
        assert_int_equal(report.copied_objects, census.cells + census.atoms - census.large);
        stack_home_new(home, NULL, 0);
        noun_sound(home, kept);
        assert_true(noun_same_census(noun_count(home, kept), census));
        assert_true(noun_same(home, kept, noun_random(home, &again, round * 8, 2)));
        release(home, kept);
        assert_int_equal(objects(home), 0);
        stack_home_new(home, NULL, 0);
    }
}

static void every_reference_is_counted(void **state)
{
    struct stack_home *home = stack_home(state);
    const pma_noun part = noun_cons(home, 1, 2);
    const pma_noun kept = keep(home, noun_cons(home, part, noun_cons(home, part, 3)), NULL);

    assert_int_equal(references(home, kept), 1);
    assert_int_equal(references(home, noun_head_of(kept)), 2);
    assert_int_equal(references(home, noun_tail_of(kept)), 1);
    assert_int_equal(references(home, 12), 0);
    release(home, kept);
}

static void the_last_release_frees(void **state)
{
    struct stack_home *home = stack_home(state);
    const pma_noun kept = keep(home, noun_list(home, 10), NULL), tail = noun_tail_of(kept);

    stack_ok(home, pma_noun_hold(home->arena, kept));
    stack_ok(home, pma_noun_hold(home->arena, tail));
    assert_int_equal(references(home, kept), 2);
    assert_int_equal(references(home, tail), 2);
    release(home, kept);
    assert_int_equal(objects(home), 10);
    stack_ok(home, pma_noun_check(home->stack, (pma_noun[]){kept, tail}, 2));
    release(home, kept);
    assert_int_equal(objects(home), 9);
    assert_int_equal(references(home, tail), 1);
    release(home, tail);
    assert_int_equal(objects(home), 0);
}

static void what_lies_in_the_heap_is_shared(void **state)
{
    struct stack_home *home = stack_home(state);
    const pma_noun old = keep(home, noun_list(home, 100), NULL);
    struct pma_copy_report report = {0};
    const pma_noun young = keep(home, noun_cons(home, old, noun_cons(home, old, 1)), &report);

    assert_int_equal(report.copied_objects, 2);
    assert_int_equal(noun_head_of(young), old);
    assert_int_equal(references(home, old), 3);
    stack_ok(home, pma_noun_check(home->stack, (pma_noun[]){old, young}, 2));
    assert_int_equal(keep(home, old, &report), old);
    assert_int_equal(references(home, old), 4);
    assert_int_equal(report.copied_objects, 2);
    release(home, old);
    release(home, old);
    assert_int_equal(objects(home), 102);
    release(home, young);
    assert_int_equal(objects(home), 0);
}

static void a_direct_atom_needs_no_heap(void **state)
{
    struct stack_home *home = stack_home(state);

    assert_int_equal(keep(home, 5, NULL), 5);
    stack_ok(home, pma_noun_hold(home->arena, 5));
    release(home, 5);
    release(home, 5);
    assert_int_equal(objects(home), 0);
}

static void nouns_of_all_frames_go_into_the_heap(void **state)
{
    struct stack_home *home = stack_home(state);
    pma_noun noun = noun_cons(home, 0, noun_blob(home, 9000, 0)), kept;

    for (unsigned i = 1; i < 6; i++) {
        stack_ok(home, pma_stack_push(home->stack, i));
        noun = noun_cons(home, noun, noun_blob(home, 3000 * i, i));
    }
    kept = keep(home, noun, NULL);
    while (stack_stat(home->stack).frames > 1) {
        stack_sound(home);
        stack_ok(home, pma_stack_pop(home->stack));
    }
    for (unsigned i = 5; i > 0; i--) {
        noun = i == 5 ? kept : noun_head_of(noun);
        assert_true(noun_same(home, noun_tail_of(noun), noun_blob(home, 3000 * i, i)));
    }
    noun_sound(home, kept);
    release(home, kept);
    assert_int_equal(objects(home), 0);
}

/* The small parts of what was kept can still be read on the stack: nothing forwards there. */
static void a_keep_leaves_no_forwarding_pointer(void **state)
{
    struct stack_home *home = stack_home(state);
    const pma_noun noun = noun_list(home, 50), kept = keep(home, noun, NULL);

    noun_sound(home, noun);
    assert_true(noun_same(home, noun, kept));
    release(home, kept);
}

static uint64_t copied_pages(const struct stack_home *home)
{
    struct pma_stat stat;

    stack_ok(home, pma_stat(home->arena, &stat));
    return stat.copied_pages;
}

static void a_large_atom_moves_into_the_heap_without_a_copy(void **state)
{
    struct stack_home *home = stack_home(state);
    struct pma_copy_report report = {0};
    const pma_noun noun = noun_blob(home, 50 * PMA_PAGE_SIZE, 3);
    const uint64_t before = copied_pages(home);
    const pma_noun kept = keep(home, noun, &report);

    assert_int_equal(report.moved_objects, 1);
    assert_int_equal(report.moved_bytes, 51 * PMA_PAGE_SIZE);
    assert_int_equal(report.copied_bytes, 0);
    assert_true(copied_pages(home) - before < 10);
    arena_snapshot(home->arena, 1);
    assert_true(noun_same(home, kept, noun_blob(home, 50 * PMA_PAGE_SIZE, 3)));
    release(home, kept);
    assert_int_equal(objects(home), 0);
}

static void nouns_and_their_references_survive_a_reopen(void **state)
{
    struct stack_home *home = stack_home(state);
    struct random random = random_start("noun_heap", 2), again = random;
    struct noun_census census;
    pma_noun kept = keep(home, noun_random(home, &random, 300, 2), NULL);
    uint64_t root;

    stack_ok(home, pma_set_root(home->arena, 0, kept));
    arena_snapshot(home->arena, 1);
    census = noun_count(home, kept);
    release(home, kept); /* without a snapshot it has not happened */
    reopen(home);
    stack_ok(home, pma_root(home->arena, 0, &root));
    kept = root;
    noun_sound(home, kept);
    assert_int_equal(objects(home), census.cells + census.atoms);
    assert_true(noun_same(home, kept, noun_random(home, &again, 300, 2)));
    release(home, kept);
    assert_int_equal(objects(home), 0);
    arena_snapshot(home->arena, 2);
    arena_check(home->arena_place);
}

/* Reading, hashing and comparing nouns of a snapshot changes no page. */
static void committed_nouns_are_not_written_to_by_looking(void **state)
{
    struct stack_home *home = stack_home(state);
    struct random random = random_start("noun_heap", 3);
    const pma_noun a = keep(home, noun_random(home, &random, 200, 1), NULL);
    pma_noun jammed;
    uint64_t before;

    arena_snapshot(home->arena, 1);
    before = copied_pages(home);
    noun_mug_of(home, noun_cons(home, a, a));
    noun_same(home, a, noun_cons(home, a, a));
    stack_ok(home, pma_noun_jam(home->stack, a, &jammed));
    noun_sound(home, a);
    assert_int_equal(copied_pages(home), before);
    release(home, a);
}

static void what_is_not_in_the_heap_is_refused(void **state)
{
    struct stack_home *home = stack_home(state);
    const pma_noun on_stack = noun_list(home, 3), kept = keep(home, noun_list(home, 3), NULL);
    uint32_t count = 9;

    assert_int_equal(pma_noun_hold(home->arena, on_stack), PMA_EFOREIGN);
    assert_int_equal(pma_noun_release(home->arena, on_stack), PMA_EFOREIGN);
    assert_int_equal(pma_noun_references(home->arena, on_stack, &count), PMA_EFOREIGN);
    assert_int_equal(pma_noun_hold(home->arena, kept + 8), PMA_EINTERIOR);
    assert_int_equal(pma_noun_hold(home->arena, UINT64_MAX), PMA_ENOUN);
    assert_string_equal(
        pma_last_error(home->arena),
        "hold a noun: a forwarding pointer: not a well-formed noun, or not of the kind asked for");
    assert_int_equal(references(home, kept), 1);
    release(home, kept);
    assert_int_equal(pma_noun_release(home->arena, kept), PMA_EFREED);
    assert_int_equal(count, 9);
}

static void a_heap_object_that_is_no_noun_is_refused(void **state)
{
    struct stack_home *home = stack_home(state);
    uint64_t *words;
    void *memory;

    stack_ok(home, pma_malloc(home->arena, 24, &memory));
    words = memory;
    words[0] = 1;
    words[1] = 1000; /* words of an atom, of which the object has room for none */
    assert_int_equal(pma_noun_hold(home->arena, UINT64_C(2) << 62 | (uintptr_t)memory), PMA_ENOUN);
    assert_string_equal(pma_last_error(home->arena),
                        "an object of the heap that is no noun: not a well-formed noun, or not of "
                        "the kind asked for");
    words[0] = 0;
    words[1] = words[2] = 7;
    assert_int_equal(pma_noun_release(home->arena, UINT64_C(6) << 61 | (uintptr_t)memory),
                     PMA_ECORRUPT);
    assert_string_equal(pma_last_error(home->arena),
                        "a noun of the heap that nobody refers to: arena file is damaged");
    stack_ok(home, pma_free(home->arena, memory));
}

static void damaged_nouns_are_reported_not_followed(void **state)
{
    struct stack_home *home = stack_home(state);
    pma_noun kept = keep(home, noun_cons(home, noun_list(home, 3), 1), NULL);
    struct pma_noun_object object;
    uint64_t *words;

    assert_int_equal(pma_noun_object(kept, &object), 0);
    words = object.address;
    words[2] = UINT64_C(6) << 61 | 0x1000;
    assert_int_equal(pma_noun_check(home->stack, &kept, 1), PMA_ECORRUPT);
    assert_string_equal(pma_last_error(home->arena),
                        "a reference to where no noun is: arena file is damaged");
    assert_int_equal(pma_noun_release(home->arena, kept), PMA_ECORRUPT);
    assert_string_equal(pma_last_error(home->arena),
                        "a noun of the heap refers out of it: arena file is damaged");
    words[2] = 1;
    words[0]++;
    assert_int_equal(pma_noun_check(home->stack, &kept, 1), PMA_ECORRUPT);
    assert_string_equal(
        pma_last_error(home->arena),
        "a noun of the heap with a wrong number of references: arena file is damaged");
    words[0]--;
    words[0] ^= UINT64_C(1) << 40;
    assert_int_equal(pma_noun_check(home->stack, &kept, 1), PMA_ECORRUPT);
    assert_string_equal(pma_last_error(home->arena),
                        "a mug that is not that of its noun: arena file is damaged");
    words[0] ^= UINT64_C(1) << 40;
    noun_sound(home, kept);
    words[2] = noun_cons(home, 1, 2);
    words[0] = (uint64_t)noun_mug_of(home, noun_cons(home, words[1], words[2])) << 32 | 1;
    assert_int_equal(pma_noun_check(home->stack, &kept, 1), PMA_ECORRUPT);
    assert_string_equal(pma_last_error(home->arena),
                        "a noun of the heap that refers to the stack: arena file is damaged");
}

static void too_many_references_are_refused(void **state)
{
    struct stack_home *home = stack_home(state);
    const pma_noun kept = keep(home, noun_list(home, 2), NULL);
    struct pma_noun_object object;
    uint64_t *metadata;
    pma_noun other = 4;

    assert_int_equal(pma_noun_object(kept, &object), 0);
    metadata = object.address;
    *metadata += INT32_MAX - 1;
    assert_int_equal(pma_noun_hold(home->arena, kept), -EOVERFLOW);
    assert_int_equal(pma_noun_keep(home->stack, noun_cons(home, kept, 1), &other, NULL),
                     -EOVERFLOW);
    assert_int_equal(other, 4);
    assert_int_equal(objects(home), 2);
    *metadata -= INT32_MAX - 1;
    release(home, kept);
}

/* Takes the arena's address range, but for `room` pages in a row and smaller gaps. */
static void *fill_range(const struct stack_home *home, size_t room, size_t *pages)
{
    void *filler = NULL;

    for (*pages = 1024; pma_pages_alloc(home->arena, *pages, 0, &filler); --*pages)
        ;
    *pages -= room;
    stack_ok(home, pma_pages_free(home->arena, (char *)filler + *pages * PMA_PAGE_SIZE, room));
    return filler;
}

static void a_keep_without_room_changes_nothing(void **state)
{
    struct stack_home *home = stack_home(state);
    unsigned refused = 0, done = 0;
    for (size_t room = 1; room < 200; room += 1 + room / 4) {
        struct random random = {.state = 4}, again = random;
        const pma_noun noun = noun_random(home, &random, 400, 6);
        struct noun_census census = noun_count(home, noun);
        pma_noun kept = 6;
        size_t pages;
        void *filler = fill_range(home, room, &pages);
        int result = pma_noun_keep(home->stack, noun, &kept, NULL);
        if (result) {
            assert_int_equal(result, -ENOMEM);
            assert_int_equal(kept, 6);
            assert_int_equal(objects(home), 0);
            noun_sound(home, noun);
            assert_true(noun_same_census(noun_count(home, noun), census));
            refused++;
        } else {
            assert_int_equal(objects(home), census.cells + census.atoms);
            noun_sound(home, kept);
            done++;
        }
        stack_ok(home, pma_pages_free(home->arena, filler, pages));
        if (result)
            kept = keep(home, noun, NULL);
        stack_home_new(home, NULL, 0);
        assert_true(noun_same(home, kept, noun_random(home, &again, 400, 6)));
        release(home, kept);
        assert_int_equal(objects(home), 0);
        stack_home_new(home, NULL, 0);
    }
    assert_true(refused > 0 && done > 3);
}

static void deep_nouns_are_kept_and_released(void **state)
{
    struct stack_home *home = noun_wide_home(state);
    enum { DEEP = 1000000 };
    pma_noun list, left;

    list = keep(home, noun_list(home, DEEP), NULL);
    left = keep(home, noun_left_list(home, DEEP), NULL);
    assert_int_equal(objects(home), 2 * DEEP);
    noun_sound(home, left);
    release(home, list);
    release(home, left);
    assert_int_equal(objects(home), 0);
}

/* The list of the dead is short: a tree that is wide where it is looked at last overflows it. */
static void a_release_needs_no_memory_for_any_shape(void **state)
{
    struct stack_home *home = stack_home(state);
    pma_noun noun = 0;

    for (unsigned i = 0; i < 3000; i++)
        noun = noun_cons(home, noun, noun_cons(home, i, i));
    noun = keep(home, noun, NULL);
    assert_int_equal(objects(home), 6000);
    release(home, noun);
    assert_int_equal(objects(home), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, stack_home_setup, stack_home_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_kept_noun_is_equal_and_released_it_leaves_nothing),
        TEST(every_reference_is_counted),
        TEST(the_last_release_frees),
        TEST(what_lies_in_the_heap_is_shared),
        TEST(a_direct_atom_needs_no_heap),
        TEST(nouns_of_all_frames_go_into_the_heap),
        TEST(a_keep_leaves_no_forwarding_pointer),
        TEST(a_large_atom_moves_into_the_heap_without_a_copy),
        TEST(nouns_and_their_references_survive_a_reopen),
        TEST(committed_nouns_are_not_written_to_by_looking),
        TEST(what_is_not_in_the_heap_is_refused),
        TEST(a_heap_object_that_is_no_noun_is_refused),
        TEST(damaged_nouns_are_reported_not_followed),
        TEST(too_many_references_are_refused),
        TEST(a_keep_without_room_changes_nothing),
        TEST(deep_nouns_are_kept_and_released),
        TEST(a_release_needs_no_memory_for_any_shape),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
