/* SPDX-License-Identifier: MIT */
/* Which values a crash may leave: the cursor on traces built by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include <faultsim/model.h>

#include "hand_trace.h"

static const struct fsim_item block0 = {FSIM_ITEM_BLOCK, 1, 0}, block1 = {FSIM_ITEM_BLOCK, 1, 1};
static const struct fsim_item length = {FSIM_ITEM_LENGTH, 1, 0};

/* The values of an item after all events, latest first. */
static void expect_values(struct hand *hand, enum fsim_model model, struct fsim_item item,
                          const uint64_t *expected, size_t count)
{
    fsim_cursor_t *cursor;
    const uint64_t *values;
    assert_int_equal(fsim_cursor_new(hand->trace, model, &cursor), 0);
    assert_int_equal(fsim_cursor_advance(cursor, fsim_trace_events(hand->trace)), 0);
    assert_int_equal(fsim_cursor_values(cursor, item, &values), count);
    assert_memory_equal(values, expected, count * sizeof *values);
    fsim_cursor_free(cursor);
}

#define EXPECT(hand, item, ...)                                                                    \
    expect_values(hand, FSIM_POWER_LOSS, item, (const uint64_t[]){__VA_ARGS__},                    \
                  sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t))

static void an_unsynced_write_may_be_there_or_not(void **state)
{
    struct hand *hand = *state;
    hand_write(hand, 1, 0, 'a');
    EXPECT(hand, block0, hand_content(hand, 'a'), FSIM_ZEROS);
}

static void every_version_since_the_durable_one_may_be_there(void **state)
{
    struct hand *hand = *state;
    hand_write(hand, 1, 0, 'a');
    hand_sync(hand, 1, 0, 0, 0);
    hand_write(hand, 1, 0, 'b');
    hand_write(hand, 1, 0, 'c');
    EXPECT(hand, block0, hand_content(hand, 'c'), hand_content(hand, 'b'), hand_content(hand, 'a'));
}

static void a_version_that_comes_back_counts_once_and_is_the_latest(void **state)
{
    struct hand *hand = *state;
    hand_write(hand, 1, 0, 'a');
    hand_write(hand, 1, 0, 'b');
    hand_write(hand, 1, 0, 'a');
    EXPECT(hand, block0, hand_content(hand, 'a'), hand_content(hand, 'b'), FSIM_ZEROS);
}

static void a_sync_makes_durable_what_was_there_when_it_began(void **state)
{
    struct hand *hand = *state;
    hand_write(hand, 1, 0, 'a');
    hand_write(hand, 1, 0, 'b');
    uint64_t begin = hand_sync_begin(hand, 1, 0, 0);
    hand_write(hand, 1, 0, 'c');
    hand_sync_end(hand, begin, 0);
    EXPECT(hand, block0, hand_content(hand, 'c'), hand_content(hand, 'b'));
}

static void
a_version_before_the_sync_does_not_survive_by_a_later_return_of_its_successor(void **state)
{
    struct hand *hand = *state;
    hand_write(hand, 1, 0, 'a');
    hand_write(hand, 1, 0, 'b');
    uint64_t begin = hand_sync_begin(hand, 1, 0, 0);
    hand_write(hand, 1, 0, 'c');
    hand_write(hand, 1, 0, 'b');
    hand_sync_end(hand, begin, 0);
    EXPECT(hand, block0, hand_content(hand, 'b'), hand_content(hand, 'c'));
}

static void during_a_sync_nothing_is_durable_yet(void **state)
{
    struct hand *hand = *state;
    hand_write(hand, 1, 0, 'a');
    hand_sync_begin(hand, 1, 0, 0);
    EXPECT(hand, block0, hand_content(hand, 'a'), FSIM_ZEROS);
}

static void a_failed_sync_makes_nothing_durable(void **state)
{
    struct hand *hand = *state;
    hand_write(hand, 1, 0, 'a');
    hand_sync(hand, 1, 0, 0, EIO);
    EXPECT(hand, block0, hand_content(hand, 'a'), FSIM_ZEROS);
}

static void a_sync_of_a_range_leaves_other_blocks_and_the_length_open(void **state)
{
    struct hand *hand = *state;
    hand_length(hand, 1, 8192);
    hand_write(hand, 1, 0, 'a');
    hand_write(hand, 1, 1, 'b');
    hand_sync(hand, 1, 1, 1, 0);
    EXPECT(hand, block0, hand_content(hand, 'a'), FSIM_ZEROS);
    EXPECT(hand, block1, hand_content(hand, 'b'));
    EXPECT(hand, length, 8192, 0);
    hand_sync(hand, 1, FSIM_SYNC_LENGTH, 1, 0);
    EXPECT(hand, length, 8192);
}

static void a_sync_of_the_file_covers_its_length_but_not_its_name(void **state)
{
    struct hand *hand = *state;
    struct fsim_item name = {FSIM_ITEM_NAME, hand->name, 0};
    hand_name(hand, 1);
    hand_length(hand, 1, 4096);
    hand_sync(hand, 1, 0, 0, 0);
    EXPECT(hand, length, 4096);
    EXPECT(hand, name, 1, FSIM_NO_FILE);
    hand_sync(hand, FSIM_NO_FILE, 0, 0, 0);
    EXPECT(hand, name, 1);
}

static void overlapping_syncs_each_keep_what_they_saw(void **state)
{
    struct hand *hand = *state;
    hand_write(hand, 1, 0, 'a');
    uint64_t first = hand_sync_begin(hand, 1, 0, 0);
    hand_write(hand, 1, 0, 'b');
    uint64_t second = hand_sync_begin(hand, 1, 0, 0);
    hand_write(hand, 1, 0, 'c');
    hand_sync_end(hand, second, 0);
    hand_sync_end(hand, first, 0);
    EXPECT(hand, block0, hand_content(hand, 'c'), hand_content(hand, 'b'));
}

static void a_killed_process_loses_nothing(void **state)
{
    struct hand *hand = *state;
    uint64_t latest = hand_content(hand, 'b');
    hand_write(hand, 1, 0, 'a');
    hand_write(hand, 1, 0, 'b');
    expect_values(hand, FSIM_PROCESS_KILL, block0, &latest, 1);
}

/* Block 0 went from a, durable, to b, and a sync of it failed. */
static void fail_a_sync(struct hand *hand)
{
    hand_write(hand, 1, 0, 'a');
    hand_sync(hand, 1, 0, 0, 0);
    hand_write(hand, 1, 0, 'b');
    hand_sync(hand, 1, 0, 0, EIO);
}

#define EXPECT_IO_ERROR(hand, item, ...)                                                           \
    expect_values(hand, FSIM_IO_ERROR, item, (const uint64_t[]){__VA_ARGS__},                      \
                  sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t))

static void what_a_failed_sync_covered_no_later_sync_makes_durable(void **state)
{
    struct hand *hand = *state;
    fail_a_sync(hand);
    hand_sync(hand, 1, 0, 0, 0);
    EXPECT_IO_ERROR(hand, block0, hand_content(hand, 'b'), hand_content(hand, 'a'));
    EXPECT(hand, block0, hand_content(hand, 'b'));
}

static void what_is_written_after_a_failed_sync_is_made_durable_by_the_next(void **state)
{
    struct hand *hand = *state;
    fail_a_sync(hand);
    hand_write(hand, 1, 0, 'c');
    hand_sync(hand, 1, 0, 0, 0);
    EXPECT_IO_ERROR(hand, block0, hand_content(hand, 'c'));
}

static void writing_the_same_bytes_again_makes_a_block_dirty(void **state)
{
    struct hand *hand = *state;
    fail_a_sync(hand);
    hand_write(hand, 1, 0, 'b');
    hand_sync(hand, 1, 0, 0, 0);
    EXPECT_IO_ERROR(hand, block0, hand_content(hand, 'b'));
}

static void a_failed_sync_of_a_range_leaves_the_rest_dirty(void **state)
{
    struct hand *hand = *state;
    hand_write(hand, 1, 0, 'a');
    hand_write(hand, 1, 1, 'b');
    hand_sync(hand, 1, 1, 1, EIO);
    hand_sync(hand, 1, 0, 0, 0);
    EXPECT_IO_ERROR(hand, block0, hand_content(hand, 'a'));
    EXPECT_IO_ERROR(hand, block1, hand_content(hand, 'b'), FSIM_ZEROS);
}

static void what_is_written_while_a_sync_fails_may_be_what_failed(void **state)
{
    struct hand *hand = *state;
    uint64_t begin = hand_sync_begin(hand, 1, 0, 0);
    hand_write(hand, 1, 0, 'a');
    hand_sync_end(hand, begin, EIO);
    hand_sync(hand, 1, 0, 0, 0);
    EXPECT_IO_ERROR(hand, block0, hand_content(hand, 'a'), FSIM_ZEROS);
}

static void a_sync_during_which_another_fails_makes_nothing_durable(void **state)
{
    struct hand *hand = *state;
    hand_write(hand, 1, 0, 'a');
    uint64_t begin = hand_sync_begin(hand, 1, 0, 0);
    hand_sync(hand, 1, 0, 0, EIO);
    hand_write(hand, 1, 0, 'b');
    hand_sync_end(hand, begin, 0);
    EXPECT_IO_ERROR(hand, block0, hand_content(hand, 'b'), hand_content(hand, 'a'), FSIM_ZEROS);
}

static void a_failed_sync_forgets_neither_length_nor_name(void **state)
{
    struct hand *hand = *state;
    struct fsim_item name = {FSIM_ITEM_NAME, hand->name, 0};
    hand_name(hand, 1);
    hand_length(hand, 1, 4096);
    hand_sync(hand, 1, 0, 0, EIO);
    hand_sync(hand, FSIM_NO_FILE, 0, 0, EIO);
    EXPECT_IO_ERROR(hand, length, 4096, 0);
    EXPECT_IO_ERROR(hand, name, 1, FSIM_NO_FILE);
    hand_sync(hand, 1, 0, 0, 0);
    hand_sync(hand, FSIM_NO_FILE, 0, 0, 0);
    EXPECT_IO_ERROR(hand, length, 4096);
    EXPECT_IO_ERROR(hand, name, 1);
}

static void a_lying_disk_keeps_only_what_was_there_before_the_first_call(void **state)
{
    struct hand *hand = *state;
    hand_write(hand, 1, 0, 'a');
    hand_sync(hand, 1, 0, 0, 0);
    hand_call(hand, "pwrite");
    hand_write(hand, 1, 0, 'b');
    hand_call(hand, "fsync");
    hand_sync(hand, 1, 0, 0, 0);
    hand_write(hand, 1, 0, 'c');
    const uint64_t all[] = {hand_content(hand, 'c'), hand_content(hand, 'b'),
                            hand_content(hand, 'a')};
    expect_values(hand, FSIM_LYING_DISK, block0, all, 3);
}

static void states_are_the_product_of_what_is_open(void **state)
{
    struct hand *hand = *state;
    fsim_cursor_t *cursor;
    const struct fsim_item *open;
    double logarithm;
    hand_name(hand, 1);
    hand_sync(hand, FSIM_NO_FILE, 0, 0, 0);
    hand_write(hand, 1, 0, 'a');
    hand_write(hand, 1, 0, 'b');
    hand_write(hand, 1, 1, 'a');
    assert_int_equal(fsim_cursor_new(hand->trace, FSIM_POWER_LOSS, &cursor), 0);
    assert_int_equal(fsim_cursor_advance(cursor, fsim_trace_events(hand->trace)), 0);
    assert_int_equal(fsim_cursor_undetermined(cursor, &open), 2);
    assert_int_equal(fsim_cursor_states(cursor, &logarithm), 6);
    assert_true(logarithm > 2.58 && logarithm < 2.59);
    fsim_cursor_free(cursor);
}

static void more_states_than_fit_are_told_by_their_logarithm(void **state)
{
    struct hand *hand = *state;
    fsim_cursor_t *cursor;
    double logarithm;
    hand_name(hand, 1);
    hand_sync(hand, FSIM_NO_FILE, 0, 0, 0);
    for (uint64_t block = 0; block < 100; block++)
        hand_write(hand, 1, block, 'a');
    assert_int_equal(fsim_cursor_new(hand->trace, FSIM_POWER_LOSS, &cursor), 0);
    assert_int_equal(fsim_cursor_advance(cursor, fsim_trace_events(hand->trace)), 0);
    assert_true(fsim_cursor_states(cursor, &logarithm) == UINT64_MAX);
    assert_true(logarithm == 100);
    fsim_cursor_free(cursor);
}

static void blocks_of_a_file_without_a_name_leave_nothing_open(void **state)
{
    struct hand *hand = *state;
    fsim_cursor_t *cursor;
    const struct fsim_item *open;
    hand_write(hand, 1, 0, 'a');
    assert_int_equal(fsim_cursor_new(hand->trace, FSIM_POWER_LOSS, &cursor), 0);
    assert_int_equal(fsim_cursor_advance(cursor, 1), 0);
    assert_int_equal(fsim_cursor_undetermined(cursor, &open), 0);
    fsim_cursor_free(cursor);
}

static void a_cursor_goes_forwards_only(void **state)
{
    struct hand *hand = *state;
    fsim_cursor_t *cursor;
    hand_write(hand, 1, 0, 'a');
    assert_int_equal(fsim_cursor_new(hand->trace, FSIM_POWER_LOSS, &cursor), 0);
    assert_int_equal(fsim_cursor_advance(cursor, 1), 0);
    assert_int_equal(fsim_cursor_advance(cursor, 0), -EINVAL);
    assert_int_equal(fsim_cursor_advance(cursor, 2), -EINVAL);
    fsim_cursor_free(cursor);
}

/* The legal marks after all events are these. */
static void expect_legal(struct hand *hand, const size_t *expected, size_t count)
{
    fsim_cursor_t *cursor;
    const size_t *marks;
    assert_int_equal(fsim_cursor_new(hand->trace, FSIM_POWER_LOSS, &cursor), 0);
    assert_int_equal(fsim_cursor_advance(cursor, fsim_trace_events(hand->trace)), 0);
    assert_int_equal(fsim_cursor_legal(cursor, &marks), count);
    if (count > 0)
        assert_memory_equal(marks, expected, count * sizeof *marks);
    fsim_cursor_free(cursor);
}

static void without_marks_nothing_is_legal(void **state)
{
    hand_write(*state, 1, 0, 'a');
    expect_legal(*state, NULL, 0);
}

static void legal_is_the_last_acknowledged_state_and_every_attempt_since(void **state)
{
    struct hand *hand = *state;
    hand_mark(hand, FSIM_MARK_ACK, 1);
    hand_mark(hand, FSIM_MARK_BEGIN, 2);
    hand_mark(hand, FSIM_MARK_BEGIN, 3);
    hand_mark(hand, FSIM_MARK_BEGIN, 2);
    expect_legal(hand, (const size_t[]){0, 1, 2}, 3);
    hand_mark(hand, FSIM_MARK_ACK, 3);
    expect_legal(hand, (const size_t[]){4}, 1);
}

static void models_are_known_by_name(void **state)
{
    enum fsim_model model;
    assert_int_equal(fsim_model_parse("process-kill", &model), 0);
    assert_int_equal(model, FSIM_PROCESS_KILL);
    assert_string_equal(fsim_model_name(FSIM_POWER_LOSS), "power-loss");
    assert_int_equal(fsim_model_parse("act-of-god", &model), -EINVAL);
}

int main(void)
{
#define ON_A_TRACE(test) cmocka_unit_test_setup_teardown(test, hand_setup, hand_teardown)
    const struct CMUnitTest tests[] = {
        ON_A_TRACE(an_unsynced_write_may_be_there_or_not),
        ON_A_TRACE(every_version_since_the_durable_one_may_be_there),
        ON_A_TRACE(a_version_that_comes_back_counts_once_and_is_the_latest),
        ON_A_TRACE(a_sync_makes_durable_what_was_there_when_it_began),
        ON_A_TRACE(a_version_before_the_sync_does_not_survive_by_a_later_return_of_its_successor),
        ON_A_TRACE(during_a_sync_nothing_is_durable_yet),
        ON_A_TRACE(a_failed_sync_makes_nothing_durable),
        ON_A_TRACE(a_sync_of_a_range_leaves_other_blocks_and_the_length_open),
        ON_A_TRACE(a_sync_of_the_file_covers_its_length_but_not_its_name),
        ON_A_TRACE(overlapping_syncs_each_keep_what_they_saw),
        ON_A_TRACE(a_killed_process_loses_nothing),
        ON_A_TRACE(what_a_failed_sync_covered_no_later_sync_makes_durable),
        ON_A_TRACE(what_is_written_after_a_failed_sync_is_made_durable_by_the_next),
        ON_A_TRACE(writing_the_same_bytes_again_makes_a_block_dirty),
        ON_A_TRACE(a_failed_sync_of_a_range_leaves_the_rest_dirty),
        ON_A_TRACE(what_is_written_while_a_sync_fails_may_be_what_failed),
        ON_A_TRACE(a_sync_during_which_another_fails_makes_nothing_durable),
        ON_A_TRACE(a_failed_sync_forgets_neither_length_nor_name),
        ON_A_TRACE(a_lying_disk_keeps_only_what_was_there_before_the_first_call),
        ON_A_TRACE(states_are_the_product_of_what_is_open),
        ON_A_TRACE(more_states_than_fit_are_told_by_their_logarithm),
        ON_A_TRACE(blocks_of_a_file_without_a_name_leave_nothing_open),
        ON_A_TRACE(a_cursor_goes_forwards_only),
        ON_A_TRACE(without_marks_nothing_is_legal),
        ON_A_TRACE(legal_is_the_last_acknowledged_state_and_every_attempt_since),
        cmocka_unit_test(models_are_known_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
