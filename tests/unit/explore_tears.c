/* SPDX-License-Identifier: MIT */
/* Which mixes of two versions a torn block may hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include <faultsim/model.h>

#include "hand_trace.h"

enum { SECTOR = 512, WORD = 8, LIMIT = 256 };

static const struct fsim_item block0 = {FSIM_ITEM_BLOCK, 1, 0};

/* Block 0 gets this content. */
static void write_bytes(struct hand *hand, const unsigned char *bytes)
{
    struct fsim_event event = {.kind = FSIM_EV_WRITE, .file = 1};
    event.value = fsim_trace_add_content(hand->trace, bytes);
    fsim_trace_add_event(hand->trace, &event);
}

/* The values of block 0 after all events; they are the cursor's. */
static fsim_cursor_t *look(struct hand *hand, uint32_t limit, const uint64_t **values,
                           size_t *count)
{
    fsim_cursor_t *cursor;
    assert_int_equal(fsim_cursor_new(hand->trace, FSIM_TORN, &cursor), 0);
    fsim_cursor_limit_tears(cursor, limit);
    assert_int_equal(fsim_cursor_advance(cursor, fsim_trace_events(hand->trace)), 0);
    *count = fsim_cursor_values(cursor, block0, values);
    return cursor;
}

static void expect_whole_parts(struct hand *hand, uint64_t value, size_t part,
                               const unsigned char *a, const unsigned char *b)
{
    unsigned char scratch[FSIM_BLOCK_SIZE];
    const unsigned char *bytes = fsim_value_content(hand->trace, value, scratch);
    for (size_t at = 0; at < FSIM_BLOCK_SIZE; at += part)
        assert_true(memcmp(bytes + at, a + at, part) == 0 || memcmp(bytes + at, b + at, part) == 0);
}

static void expect_different(struct hand *hand, const uint64_t *values, size_t count)
{
    unsigned char *all = malloc(count * FSIM_BLOCK_SIZE), scratch[FSIM_BLOCK_SIZE];
    for (size_t i = 0; i < count; i++) {
        memcpy(all + i * FSIM_BLOCK_SIZE, fsim_value_content(hand->trace, values[i], scratch),
               FSIM_BLOCK_SIZE);
        for (size_t k = 0; k < i; k++)
            assert_memory_not_equal(all + i * FSIM_BLOCK_SIZE, all + k * FSIM_BLOCK_SIZE,
                                    FSIM_BLOCK_SIZE);
    }
    free(all);
}

static void versions_mix_by_sector_in_every_way(void **state)
{
    struct hand *hand = *state;
    unsigned char a[FSIM_BLOCK_SIZE], b[FSIM_BLOCK_SIZE];
    const uint64_t *values;
    size_t count;
    memset(a, 'a', sizeof a);
    memset(b, 'b', sizeof b);
    write_bytes(hand, a);
    hand_sync(hand, 1, 0, 0, 0);
    write_bytes(hand, b);
    fsim_cursor_t *cursor = look(hand, LIMIT, &values, &count);
    assert_int_equal(count, 256);
    assert_false(fsim_cursor_sampled(cursor));
    for (size_t i = 0; i < count; i++)
        expect_whole_parts(hand, values[i], SECTOR, a, b);
    expect_different(hand, values, count);
    fsim_cursor_free(cursor);
}

static void a_small_record_mixes_by_word(void **state)
{
    struct hand *hand = *state;
    unsigned char zeros[FSIM_BLOCK_SIZE] = {0}, record[FSIM_BLOCK_SIZE] = {0};
    const uint64_t *values;
    uint64_t newer, older;
    size_t count;
    memset(record + 3 * SECTOR, 'r', 3 * WORD);
    write_bytes(hand, record);
    fsim_cursor_t *cursor = look(hand, LIMIT, &values, &count);
    assert_int_equal(count, 8);
    assert_false(fsim_value_torn(values[0], &newer, &older));
    for (size_t i = 0; i < count; i++)
        expect_whole_parts(hand, values[i], WORD, zeros, record);
    expect_different(hand, values, count);
    fsim_cursor_free(cursor);
}

static void a_mix_that_was_a_version_counts_once(void **state)
{
    struct hand *hand = *state;
    unsigned char bytes[FSIM_BLOCK_SIZE] = {0};
    const uint64_t *values;
    size_t count;
    bytes[0] = 1;
    write_bytes(hand, bytes);
    bytes[SECTOR] = 1;
    write_bytes(hand, bytes);
    fsim_cursor_t *cursor = look(hand, LIMIT, &values, &count);
    assert_int_equal(count, 4); /* the last one: the second sector without the first */
    expect_different(hand, values, count);
    fsim_cursor_free(cursor);
}

static void more_mixes_than_the_limit_are_sampled_and_that_is_said(void **state)
{
    struct hand *hand = *state;
    unsigned char record[FSIM_BLOCK_SIZE] = {0};
    const uint64_t *values;
    size_t count;
    memset(record, 'r', SECTOR); /* 64 words: 2^64 mixes */
    write_bytes(hand, record);
    fsim_cursor_t *cursor = look(hand, 100, &values, &count);
    assert_int_equal(count, 100);
    assert_true(fsim_cursor_sampled(cursor));
    expect_different(hand, values, count);
    fsim_cursor_free(cursor);
}

static void each_word_alone_is_old_in_one_of_the_first_mixes_and_new_in_another(void **state)
{
    struct hand *hand = *state;
    unsigned char record[FSIM_BLOCK_SIZE] = {0}, scratch[FSIM_BLOCK_SIZE];
    const uint64_t *values;
    size_t count;
    uint64_t old_alone = 0, new_alone = 0;
    memset(record, 'r', SECTOR);
    write_bytes(hand, record);
    fsim_cursor_t *cursor = look(hand, 2 + 2 * SECTOR / WORD, &values, &count);
    for (size_t i = 0; i < count; i++) {
        const unsigned char *bytes = fsim_value_content(hand->trace, values[i], scratch);
        uint64_t old = 0;
        for (unsigned word = 0; word < SECTOR / WORD; word++)
            old |= (uint64_t)(bytes[word * WORD] == 0) << word;
        old_alone |= (old & (old - 1)) == 0 ? old : 0;
        new_alone |= (~old & (~old - 1)) == 0 ? ~old : 0;
    }
    assert_int_equal(old_alone, UINT64_MAX);
    assert_int_equal(new_alone, UINT64_MAX);
    fsim_cursor_free(cursor);
}

static void what_a_sync_made_durable_is_not_torn(void **state)
{
    struct hand *hand = *state;
    unsigned char bytes[FSIM_BLOCK_SIZE];
    const uint64_t *values;
    size_t count;
    memset(bytes, 'a', sizeof bytes);
    write_bytes(hand, bytes);
    hand_sync(hand, 1, 0, 0, 0);
    fsim_cursor_t *cursor = look(hand, LIMIT, &values, &count);
    assert_int_equal(count, 1);
    fsim_cursor_free(cursor);
}

int main(void)
{
#define ON_A_TRACE(test) cmocka_unit_test_setup_teardown(test, hand_setup, hand_teardown)
    const struct CMUnitTest tests[] = {
        ON_A_TRACE(versions_mix_by_sector_in_every_way),
        ON_A_TRACE(a_small_record_mixes_by_word),
        ON_A_TRACE(a_mix_that_was_a_version_counts_once),
        ON_A_TRACE(more_mixes_than_the_limit_are_sampled_and_that_is_said),
        ON_A_TRACE(each_word_alone_is_old_in_one_of_the_first_mixes_and_new_in_another),
        ON_A_TRACE(what_a_sync_made_durable_is_not_torn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
