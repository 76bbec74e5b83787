/* SPDX-License-Identifier: MIT */
/* Where a recording may be cut, and what each place is called. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <faultsim/model.h>

#include "hand_trace.h"

/* All crash points as text: "events side where#hit", in one line each. */
static void expect_points(struct hand *hand, const char *expected)
{
    static const char *const sides[] = {"before", "after", "inside"};
    struct fsim_crash_point *points;
    size_t count;
    char text[2048] = "";
    assert_int_equal(fsim_crash_points(hand->trace, &points, &count), 0);
    for (size_t i = 0; i < count; i++) {
        size_t used = strlen(text);
        assert_int_equal(points[i].index, i);
        snprintf(text + used, sizeof text - used, "%u %s %s#%u\n", points[i].events,
                 sides[points[i].side], fsim_trace_string(hand->trace, points[i].where),
                 points[i].hit);
    }
    assert_string_equal(text, expected);
    free(points);
}

static void a_write_of_two_blocks_can_be_cut_before_inside_and_after(void **state)
{
    struct hand *hand = *state;
    hand_call(hand, "pwrite");
    hand_write(hand, 1, 0, 'a');
    hand_write(hand, 1, 1, 'a');
    expect_points(hand, "0 before pwrite#1\n"
                        "2 inside pwrite#1\n"
                        "3 after pwrite#1\n");
}

static void a_sync_can_be_cut_inside(void **state)
{
    struct hand *hand = *state;
    hand_call(hand, "fdatasync");
    hand_sync(hand, 1, 0, 0, 0);
    expect_points(hand, "0 before fdatasync#1\n"
                        "2 inside fdatasync#1\n"
                        "3 after fdatasync#1\n");
}

static void a_fault_point_gives_its_name_to_the_call_behind_it(void **state)
{
    struct hand *hand = *state;
    hand_point(hand, "store/sync", 7);
    hand_call(hand, "fdatasync");
    hand_sync(hand, 1, 0, 0, 0);
    hand_call(hand, "close");
    expect_points(hand, "0 before store/sync#7\n"
                        "3 inside store/sync#7\n"
                        "4 after store/sync#7\n"
                        "4 before close#1\n"
                        "5 after close#1\n");
}

static void calls_are_counted_by_name(void **state)
{
    struct hand *hand = *state;
    hand_call(hand, "open");
    hand_call(hand, "close");
    hand_call(hand, "open");
    expect_points(hand, "0 before open#1\n"
                        "1 after open#1\n"
                        "1 before close#1\n"
                        "2 after close#1\n"
                        "2 before open#2\n"
                        "3 after open#2\n");
}

static void an_acknowledgement_makes_a_point_of_its_own(void **state)
{
    struct hand *hand = *state;
    hand_call(hand, "fdatasync");
    hand_sync(hand, 1, 0, 0, 0);
    hand_mark(hand, FSIM_MARK_ACK, 1);
    expect_points(hand, "0 before fdatasync#1\n"
                        "2 inside fdatasync#1\n"
                        "3 after fdatasync#1\n"
                        "4 after fdatasync#1\n");
}

static void stores_seen_after_a_sync_come_after_it(void **state)
{
    struct hand *hand = *state;
    hand_call(hand, "msync");
    hand_sync(hand, 1, 0, 1, 0);
    hand_write(hand, 1, 0, 'b');
    hand_call(hand, "msync");
    expect_points(hand, "0 before msync#1\n"
                        "2 inside msync#1\n"
                        "3 after msync#1\n"
                        "4 after msync#1\n"
                        "4 before msync#2\n"
                        "5 after msync#2\n");
}

static void what_was_there_to_begin_with_is_not_cut(void **state)
{
    struct hand *hand = *state;
    hand_name(hand, 1);
    hand_write(hand, 1, 0, 'a');
    hand_sync(hand, 1, 0, 0, 0);
    hand_step(hand, 3);
    hand_mark(hand, FSIM_MARK_ACK, 1);
    hand_call(hand, "open");
    expect_points(hand, "6 before open#1\n"
                        "7 after open#1\n");
}

static void a_recording_without_calls_has_one_point(void **state)
{
    struct hand *hand = *state;
    hand_write(hand, 1, 0, 'a');
    expect_points(hand, "1 before start#0\n");
}

int main(void)
{
#define ON_A_TRACE(test) cmocka_unit_test_setup_teardown(test, hand_setup, hand_teardown)
    const struct CMUnitTest tests[] = {
        ON_A_TRACE(a_write_of_two_blocks_can_be_cut_before_inside_and_after),
        ON_A_TRACE(a_sync_can_be_cut_inside),
        ON_A_TRACE(a_fault_point_gives_its_name_to_the_call_behind_it),
        ON_A_TRACE(calls_are_counted_by_name),
        ON_A_TRACE(an_acknowledgement_makes_a_point_of_its_own),
        ON_A_TRACE(stores_seen_after_a_sync_come_after_it),
        ON_A_TRACE(what_was_there_to_begin_with_is_not_cut),
        ON_A_TRACE(a_recording_without_calls_has_one_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
