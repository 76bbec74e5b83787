/* SPDX-License-Identifier: MIT */
/* Which block is free: life of a block from birth to limbo and back. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <pma/pma.h>

#include "blocks.h"
#include "random.h"

static struct blocks *new_blocks(uint64_t count)
{
    struct blocks *blocks;
    assert_int_equal(blocks_new(count, &blocks), 0);
    return blocks;
}

static void assert_takes(struct blocks *blocks, uint64_t want, uint64_t first, uint64_t got)
{
    uint64_t taken, count;
    assert_int_equal(blocks_take(blocks, want, &taken, &count), 0);
    assert_int_equal(taken, first);
    assert_int_equal(count, got);
}

static void snapshot(struct blocks *blocks)
{
    blocks_attempt(blocks);
    blocks_acknowledge(blocks);
}

static void the_meta_pages_are_never_free(void **state)
{
    struct blocks *blocks = new_blocks(8);
    assert_int_equal(blocks_count_free(blocks), 6);
    assert_false(blocks_is_free(blocks, 0));
    assert_false(blocks_is_free(blocks, 1));
    assert_int_equal(blocks_drop(blocks, 1, 1), PMA_EBUG);
    assert_takes(blocks, 100, 2, 6);
    blocks_free(blocks);
}

static void a_run_is_taken_where_it_first_fits_behind_the_last_one(void **state)
{
    struct blocks *blocks = new_blocks(20);
    assert_takes(blocks, 4, 2, 4);
    assert_takes(blocks, 4, 6, 4);
    assert_int_equal(blocks_drop(blocks, 2, 4), 0);
    assert_takes(blocks, 2, 10, 2);
    assert_takes(blocks, 8, 12, 8);
    assert_takes(blocks, 3, 2, 3);
    blocks_free(blocks);
}

static void the_longest_run_is_taken_if_none_is_long_enough(void **state)
{
    struct blocks *blocks = new_blocks(20);
    assert_takes(blocks, 18, 2, 18);
    assert_int_equal(blocks_drop(blocks, 3, 2), 0);
    assert_int_equal(blocks_drop(blocks, 8, 3), 0);
    assert_int_equal(blocks_drop(blocks, 15, 1), 0);
    assert_takes(blocks, 10, 8, 3);
    assert_takes(blocks, 10, 3, 2);
    assert_takes(blocks, 10, 15, 1);
    uint64_t first = 77, got = 77;
    assert_int_equal(blocks_take(blocks, 1, &first, &got), -ENOSPC);
    assert_int_equal(first, 77);
    blocks_free(blocks);
}

static void a_search_through_splinters_ends_after_a_while(void **state)
{
    struct blocks *blocks = new_blocks(400);
    assert_takes(blocks, 398, 2, 398);
    for (uint64_t block = 2; block < 2 + 2 * BLOCKS_LOOKS; block += 2)
        assert_int_equal(blocks_drop(blocks, block, 1), 0);
    assert_int_equal(blocks_drop(blocks, 300, 8), 0);
    assert_takes(blocks, 8, 2, 1);
    assert_takes(blocks, 8, 300, 8);
    blocks_free(blocks);
}

static void a_block_that_no_snapshot_saw_is_free_at_once(void **state)
{
    struct blocks *blocks = new_blocks(8);
    assert_takes(blocks, 2, 2, 2);
    assert_true(blocks_is_born(blocks, 2));
    assert_int_equal(blocks_drop(blocks, 2, 2), 0);
    assert_true(blocks_is_free(blocks, 2));
    assert_int_equal(blocks_count_free(blocks), 6);
    blocks_free(blocks);
}

static void a_block_dropped_while_t_is_built_is_reused_from_t_plus_2_on(void **state)
{
    struct blocks *blocks = new_blocks(8);
    assert_takes(blocks, 1, 2, 1);
    snapshot(blocks); /* T - 1 names it */
    assert_false(blocks_is_born(blocks, 2));
    assert_int_equal(blocks_drop(blocks, 2, 1), 0);
    assert_int_equal(blocks_count_limbo(blocks), 1);
    snapshot(blocks); /* T */
    assert_false(blocks_is_free(blocks, 2));
    snapshot(blocks); /* T + 1 overwrites the meta page of T - 1 */
    assert_true(blocks_is_free(blocks, 2));
    assert_int_equal(blocks_count_limbo(blocks), 0);
    blocks_free(blocks);
}

static void the_blocks_of_a_failed_attempt_stay_until_its_slot_is_overwritten(void **state)
{
    struct blocks *blocks = new_blocks(8);
    assert_takes(blocks, 1, 2, 1);
    blocks_attempt(blocks); /* its meta page may be on the disk */
    assert_int_equal(blocks_drop(blocks, 2, 1), 0);
    assert_false(blocks_is_free(blocks, 2));
    blocks_attempt(blocks);
    assert_false(blocks_is_free(blocks, 2));
    blocks_acknowledge(blocks);
    assert_false(blocks_is_free(blocks, 2));
    snapshot(blocks);
    assert_true(blocks_is_free(blocks, 2));
    blocks_free(blocks);
}

static void what_only_the_older_meta_page_names_is_free_after_one_snapshot(void **state)
{
    struct blocks *blocks = new_blocks(8);
    blocks_mark_committed(blocks, 3);
    blocks_mark_limbo(blocks, 3);
    blocks_mark_limbo(blocks, 4);
    blocks_mark_limbo(blocks, 4);
    assert_int_equal(blocks_count_limbo(blocks), 1);
    assert_int_equal(blocks_count_free(blocks), 4);
    snapshot(blocks);
    assert_true(blocks_is_free(blocks, 4));
    assert_false(blocks_is_free(blocks, 3));
    blocks_free(blocks);
}

static void marking_a_block_beyond_the_file_does_nothing(void **state)
{
    struct blocks *blocks = new_blocks(8);
    blocks_mark_committed(blocks, 8);
    blocks_mark_limbo(blocks, UINT64_MAX);
    assert_int_equal(blocks_count_free(blocks), 6);
    assert_false(blocks_is_free(blocks, 8));
    blocks_free(blocks);
}

static void a_second_drop_is_a_bug_and_changes_nothing(void **state)
{
    struct blocks *blocks = new_blocks(16);
    assert_takes(blocks, 6, 2, 6);
    snapshot(blocks);
    assert_int_equal(blocks_drop(blocks, 4, 1), 0);
    assert_int_equal(blocks_drop(blocks, 4, 1), PMA_EBUG);
    assert_int_equal(blocks_drop(blocks, 2, 6), PMA_EBUG);
    assert_int_equal(blocks_drop(blocks, 9, 1), PMA_EBUG);
    assert_int_equal(blocks_drop(blocks, 15, 2), PMA_EBUG);
    assert_int_equal(blocks_drop(blocks, UINT64_MAX, 2), PMA_EBUG);
    assert_int_equal(blocks_count_limbo(blocks), 1);
    assert_int_equal(blocks_count_free(blocks), 8);
    blocks_free(blocks);
}

static void new_blocks_are_free_when_the_file_grows(void **state)
{
    struct blocks *blocks = new_blocks(4);
    assert_takes(blocks, 2, 2, 2);
    assert_int_equal(blocks_grow(blocks, 20000), 0);
    assert_int_equal(blocks_count(blocks), 20000);
    assert_int_equal(blocks_count_free(blocks), 19996);
    assert_true(blocks_is_born(blocks, 3));
    assert_takes(blocks, 19996, 4, 19996);
    assert_int_equal(blocks_grow(blocks, 3), PMA_EARGUMENT);
    blocks_free(blocks);
}

static void free_runs_are_found_in_order(void **state)
{
    struct blocks *blocks = new_blocks(12);
    uint64_t first, count;
    assert_takes(blocks, 10, 2, 10);
    assert_int_equal(blocks_drop(blocks, 3, 2), 0);
    assert_int_equal(blocks_drop(blocks, 9, 3), 0);
    assert_int_equal(blocks_next_free(blocks, 0, &first, &count), 0);
    assert_int_equal(first, 3);
    assert_int_equal(count, 2);
    assert_int_equal(blocks_next_free(blocks, 5, &first, &count), 0);
    assert_int_equal(first, 9);
    assert_int_equal(count, 3);
    assert_int_equal(blocks_next_free(blocks, 12, &first, &count), -ENOENT);
    assert_int_equal(blocks_next_free(blocks, UINT64_MAX, &first, &count), -ENOENT);
    blocks_free(blocks);
}

static void nothing_is_taken_from_the_limit_on(void **state)
{
    struct blocks *blocks = new_blocks(20);
    assert_takes(blocks, 6, 2, 6);
    assert_int_equal(blocks_drop(blocks, 3, 1), 0);
    blocks_limit(blocks, 10);
    assert_int_equal(blocks_count_ready(blocks), 3);
    assert_int_equal(blocks_count_free(blocks), 13);
    assert_takes(blocks, 10, 8, 2);
    assert_takes(blocks, 10, 3, 1);
    uint64_t first, got;
    assert_int_equal(blocks_take(blocks, 1, &first, &got), -ENOSPC);
    assert_false(blocks_take_at(blocks, 12, 1));
    assert_int_equal(blocks_longest(blocks, &first, &got), -ENOSPC);
    blocks_limit(blocks, UINT64_MAX);
    assert_int_equal(blocks_count_ready(blocks), 10);
    assert_takes(blocks, 10, 10, 10);
    blocks_free(blocks);
}

static void the_limit_counts_what_becomes_free_and_what_is_new(void **state)
{
    struct blocks *blocks = new_blocks(20);
    assert_takes(blocks, 18, 2, 18);
    blocks_limit(blocks, 10);
    assert_int_equal(blocks_drop(blocks, 8, 4), 0);
    assert_int_equal(blocks_count_ready(blocks), 2);
    assert_int_equal(blocks_grow(blocks, 30), 0);
    assert_int_equal(blocks_count_ready(blocks), 2);
    assert_int_equal(blocks_count_free(blocks), 14);
    blocks_free(blocks);
}

static void chosen_blocks_are_taken_all_or_none(void **state)
{
    struct blocks *blocks = new_blocks(20);
    assert_true(blocks_take_at(blocks, 5, 3));
    assert_false(blocks_take_at(blocks, 3, 3));
    assert_false(blocks_take_at(blocks, 18, 3));
    assert_false(blocks_take_at(blocks, 8, 0));
    assert_false(blocks_take_at(blocks, 1, 1));
    assert_int_equal(blocks_count_free(blocks), 15);
    assert_true(blocks_is_born(blocks, 7));
    assert_true(blocks_take_at(blocks, 8, 12));
    blocks_free(blocks);
}

static void the_longest_free_run_is_found_wherever_it_is(void **state)
{
    struct blocks *blocks = new_blocks(40);
    uint64_t first, count;
    assert_takes(blocks, 38, 2, 38);
    assert_int_equal(blocks_drop(blocks, 4, 3), 0);
    assert_int_equal(blocks_drop(blocks, 20, 5), 0);
    assert_int_equal(blocks_drop(blocks, 39, 1), 0);
    assert_int_equal(blocks_longest(blocks, &first, &count), 0);
    assert_int_equal(first, 20);
    assert_int_equal(count, 5);
    blocks_limit(blocks, 22);
    assert_int_equal(blocks_longest(blocks, &first, &count), 0);
    assert_int_equal(first, 4);
    assert_int_equal(count, 3);
    blocks_free(blocks);
}

static void the_file_is_cut_where_nothing_but_free_blocks_follows(void **state)
{
    struct blocks *blocks = new_blocks(40);
    assert_int_equal(blocks_used_end(blocks), 2);
    assert_takes(blocks, 20, 2, 20);
    snapshot(blocks);
    assert_int_equal(blocks_drop(blocks, 12, 10), 0);
    assert_int_equal(blocks_used_end(blocks), 12);
    assert_int_equal(blocks_count_used(blocks), 12);
    assert_int_equal(blocks_count_used_from(blocks, 10), 2);
    assert_int_equal(blocks_end(blocks), 22);
    assert_int_equal(blocks_shrink(blocks, 21), PMA_EBUG);
    assert_int_equal(blocks_shrink(blocks, 41), PMA_EBUG);
    assert_int_equal(blocks_shrink(blocks, 30), 0);
    assert_int_equal(blocks_count(blocks), 30);
    assert_int_equal(blocks_count_free(blocks), 8);
    snapshot(blocks);
    snapshot(blocks);
    assert_int_equal(blocks_end(blocks), 12);
    assert_int_equal(blocks_shrink(blocks, 12), 0);
    assert_int_equal(blocks_count_free(blocks), 0);
    assert_int_equal(blocks_grow(blocks, 16), 0);
    assert_takes(blocks, 4, 12, 4);
    blocks_free(blocks);
}

/* A block in the model: the acknowledgements at which it was named last and dropped. */
struct fate {
    enum { IS_FREE, IS_BORN, IS_COMMITTED, IS_LIMBO } is;
    unsigned dropped;
};

static void a_long_life_keeps_every_count_right(void **state)
{
    enum { COUNT = 300, STEPS = 20000 };
    struct random random = random_start("pma_blocks", 42);
    struct fate fates[COUNT] = {{.is = IS_COMMITTED}, {.is = IS_COMMITTED}};
    struct blocks *blocks = new_blocks(COUNT);
    unsigned acknowledged = 0;
    for (unsigned step = 0; step < STEPS; step++) {
        uint64_t first = random_below(&random, COUNT), count = 1 + random_below(&random, 9);
        bool attempt = random_below(&random, 20) == 0;
        if (attempt) {
            bool acknowledge = random_below(&random, 4) != 0;
            blocks_attempt(blocks);
            if (acknowledge) {
                blocks_acknowledge(blocks);
                acknowledged++;
            }
            for (unsigned i = 2; i < COUNT; i++) {
                if (fates[i].is == IS_BORN)
                    fates[i].is = IS_COMMITTED;
                if (fates[i].is == IS_LIMBO && fates[i].dropped + 2 <= acknowledged)
                    fates[i].is = IS_FREE;
            }
        } else if (random_below(&random, 2) == 0) {
            bool sound = first >= 2 && first + count <= COUNT;
            for (uint64_t i = first; sound && i < first + count; i++)
                sound = fates[i].is == IS_BORN || fates[i].is == IS_COMMITTED;
            assert_int_equal(blocks_drop(blocks, first, count), sound ? 0 : PMA_EBUG);
            for (uint64_t i = first; sound && i < first + count; i++)
                fates[i] = fates[i].is == IS_BORN ? (struct fate){.is = IS_FREE}
                                                  : (struct fate){IS_LIMBO, acknowledged};
        } else if (blocks_take(blocks, count, &first, &count) == 0) {
            for (uint64_t i = first; i < first + count; i++) {
                assert_int_equal(fates[i].is, IS_FREE);
                fates[i].is = IS_BORN;
            }
        }
        uint64_t free_blocks = 0, limbo = 0;
        for (unsigned i = 0; i < COUNT; i++) {
            free_blocks += fates[i].is == IS_FREE;
            limbo += fates[i].is == IS_LIMBO;
            assert_int_equal(blocks_is_free(blocks, i), fates[i].is == IS_FREE);
            assert_int_equal(blocks_is_born(blocks, i), fates[i].is == IS_BORN);
        }
        assert_int_equal(blocks_count_free(blocks), free_blocks);
        assert_int_equal(blocks_count_limbo(blocks), limbo);
    }
    blocks_free(blocks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_meta_pages_are_never_free),
        cmocka_unit_test(a_run_is_taken_where_it_first_fits_behind_the_last_one),
        cmocka_unit_test(the_longest_run_is_taken_if_none_is_long_enough),
        cmocka_unit_test(a_search_through_splinters_ends_after_a_while),
        cmocka_unit_test(a_block_that_no_snapshot_saw_is_free_at_once),
        cmocka_unit_test(a_block_dropped_while_t_is_built_is_reused_from_t_plus_2_on),
        cmocka_unit_test(the_blocks_of_a_failed_attempt_stay_until_its_slot_is_overwritten),
        cmocka_unit_test(what_only_the_older_meta_page_names_is_free_after_one_snapshot),
        cmocka_unit_test(marking_a_block_beyond_the_file_does_nothing),
        cmocka_unit_test(a_second_drop_is_a_bug_and_changes_nothing),
        cmocka_unit_test(new_blocks_are_free_when_the_file_grows),
        cmocka_unit_test(free_runs_are_found_in_order),
        cmocka_unit_test(nothing_is_taken_from_the_limit_on),
        cmocka_unit_test(the_limit_counts_what_becomes_free_and_what_is_new),
        cmocka_unit_test(chosen_blocks_are_taken_all_or_none),
        cmocka_unit_test(the_longest_free_run_is_found_wherever_it_is),
        cmocka_unit_test(the_file_is_cut_where_nothing_but_free_blocks_follows),
        cmocka_unit_test(a_long_life_keeps_every_count_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
