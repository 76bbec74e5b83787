/* SPDX-License-Identifier: MIT */
/* The text of a map, from reports made by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crash/playmap.h"
#include "hand_trace.h"

enum { THERE = FSIM_FATE_THERE, OPEN = FSIM_FATE_THERE | FSIM_FATE_OPEN };

/* A name, a length and three blocks, as the explorer numbers them. */
static struct fsim_fate fates[] = {
    {{FSIM_ITEM_BLOCK, 1, 7}, THERE},  {{FSIM_ITEM_BLOCK, 1, 2}, THERE},
    {{FSIM_ITEM_LENGTH, 1, 0}, THERE}, {{FSIM_ITEM_BLOCK, 1, 3}, 0},
    {{FSIM_ITEM_NAME, 0, 0}, THERE},
};
enum { SEVEN, TWO, LENGTH, THREE, NAME, FATES };

static void set(uint32_t seven, uint32_t two, uint32_t length, uint32_t three)
{
    fates[SEVEN].what = seven;
    fates[TWO].what = two;
    fates[LENGTH].what = length;
    fates[THREE].what = three;
}

static void add(struct hand *hand, struct playmap *map, const char *where, uint32_t hit, bool wrong)
{
    const struct fsim_crash_point point = {
        .where = fsim_trace_add_string(hand->trace, where),
        .hit = hit,
        .step = 4,
        .side = FSIM_BEFORE,
    };
    struct fsim_point_report report = {
        .point = &point, .depth = 1, .fates = fates, .fate_count = FATES};
    report.by_verdict[FSIM_V_LOST] = wrong;
    playmap_add(map, hand->trace, &report);
}

static void assert_holds(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("not in the map: %s\n%s", part, text);
}

static struct playmap *map_of(struct hand *hand)
{
    fates[NAME].item.file = hand->name;
    hand_write(hand, 1, 2, 'a');
    hand_name(hand, 1);
    return playmap_new();
}

static void a_map_without_a_crash_point_has_no_text(void **state)
{
    struct playmap *map = map_of(*state);
    assert_null(playmap_text(map));
    playmap_free(map);
    playmap_free(NULL);
}

static void crash_points_that_do_not_differ_share_a_column(void **state)
{
    struct hand *hand = *state;
    struct playmap *map = map_of(hand);
    set(THERE, THERE, THERE, 0);
    add(hand, map, "first", 1, false);
    add(hand, map, "second", 1, false);
    set(THERE, OPEN, THERE, 0);
    add(hand, map, "second", 2, false);
    add(hand, map, "second", 2, true);
    char *text = playmap_text(map);
    assert_holds(text, "\"crash_points\": 4");
    assert_holds(text, "\"columns\": \"0b1.4x2 1b2.4 1b2.4!\"");
    free(text);
    playmap_free(map);
}

static void each_fate_has_its_letter(void **state)
{
    static const struct {
        uint32_t what;
        const char *cells;
    } letters[] = {
        {0, "-o"},
        {THERE, "do"},
        {OPEN | FSIM_FATE_SEEN, "so"},
        {OPEN | FSIM_FATE_SEEN | FSIM_FATE_KEPT, "ko"},
        {OPEN | FSIM_FATE_SEEN | FSIM_FATE_LOST, "lo"},
        {OPEN | FSIM_FATE_SEEN | FSIM_FATE_KEPT | FSIM_FATE_LOST, "bo"},
        {THERE | FSIM_FATE_SEEN, "do"},
    };
    struct hand *hand = *state;
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        struct playmap *map = map_of(hand);
        char cells[32];
        snprintf(cells, sizeof cells, "\"cells\": \"%s\"", letters[i].cells);
        set(THERE, letters[i].what, THERE, 0);
        add(hand, map, "here", 1, false);
        set(THERE, OPEN, THERE, 0);
        add(hand, map, "here", 2, false);
        char *text = playmap_text(map);
        assert_holds(text, cells);
        free(text);
        playmap_free(map);
    }
}

static void rows_are_lengths_then_blocks_and_only_what_was_ever_open(void **state)
{
    struct hand *hand = *state;
    struct playmap *map = map_of(hand);
    set(OPEN, OPEN, OPEN, 0);
    add(hand, map, "here", 1, false);
    char *text = playmap_text(map);
    const char *length = strstr(text, "\"length of store\"");
    const char *two = strstr(text, "\"block 2 of store\""),
               *seven = strstr(text, "\"block 7 of store\"");
    assert_non_null(length);
    assert_non_null(two);
    assert_non_null(seven);
    assert_true(length < two && two < seven);
    assert_null(strstr(text, "block 3"));
    assert_null(strstr(text, "name store"));
    assert_holds(text, "\"settled\": 2");
    free(text);
    playmap_free(map);
}

/* The text of a map of so many blocks: at each crash point one more is open, or all and none in
 * turn. For free(); may be NULL. */
static char *large_map(struct hand *hand, uint32_t blocks, uint32_t points, bool in_turn)
{
    struct playmap *map = map_of(hand);
    struct fsim_fate *many = calloc(blocks, sizeof *many);
    const struct fsim_crash_point point = {.where = hand->name, .hit = 1};
    struct fsim_point_report report = {.point = &point, .depth = 1, .fates = many};
    report.fate_count = blocks;
    assert_non_null(many);
    for (uint32_t i = 0; i < blocks; i++)
        many[i] = (struct fsim_fate){{FSIM_ITEM_BLOCK, 1, i}, THERE};
    for (uint32_t i = 0; i < points; i++) {
        for (uint32_t k = in_turn ? 0 : i; k < (in_turn ? blocks : i + 1); k++)
            many[k].what ^= FSIM_FATE_OPEN;
        playmap_add(map, hand->trace, &report);
    }
    char *text = playmap_text(map);
    free(many);
    playmap_free(map);
    return text;
}

static void a_map_that_gets_too_large_says_what_it_leaves_out(void **state)
{
    char *text = large_map(*state, 100000, 100, false);
    assert_holds(text, "\"crash_points\": 64");
    assert_holds(text, "\"points_left_out\": 36");
    assert_holds(text, "\"settled\": 99936");
    free(text);
}

static void rows_that_are_too_much_text_are_counted(void **state)
{
    char *text = large_map(*state, 500, 1024, true);
    assert_holds(text, "\"rows_left_out\": 436"); /* 64 rows of 1024 letters are 64 KiB */
    assert_holds(text, "\"block 63 of store\"");
    assert_null(strstr(text, "\"block 64 of store\""));
    free(text);
}

static void of_a_million_blocks_there_is_no_map(void **state)
{
    assert_null(large_map(*state, 1 << 20, 2, false));
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, hand_setup, hand_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_map_without_a_crash_point_has_no_text),
        TEST(crash_points_that_do_not_differ_share_a_column),
        TEST(each_fate_has_its_letter),
        TEST(rows_are_lengths_then_blocks_and_only_what_was_ever_open),
        TEST(a_map_that_gets_too_large_says_what_it_leaves_out),
        TEST(rows_that_are_too_much_text_are_counted),
        TEST(of_a_million_blocks_there_is_no_map),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
