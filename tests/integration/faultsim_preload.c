/* SPDX-License-Identifier: MIT */
/* The recorder preloaded into a program that knows nothing of it. */
#include "preloaded.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *content_of(const fsim_trace_t *trace, const char *write)
{
    size_t event = find_event(trace, 0, write);
    return fsim_trace_content(trace, fsim_trace_event(trace, event)->value);
}

static void assert_whole(struct preloaded *preloaded, const fsim_trace_t *trace)
{
    size_t sync = find_event(trace, 0, "sync of data begins");

    assert_int_equal(count_events(trace, "fdatasync data"), 1);
    assert_string_equal(content_of(trace, "write data block 0"), "called");
    assert_string_equal(content_of(trace, "write data block 1"), "stored");
    assert_true(find_event(trace, 0, "name data is file 1") <
                find_event(trace, 0, "write data block 0"));
    assert_true(find_event(trace, 0, "write data block 1") < sync);
    find_event(trace, sync, "sync done");
}

static void calls_and_stores_are_recorded(void **state)
{
    struct preloaded *preloaded = *state;
    fsim_trace_t *trace = trace_of(preloaded, PRELOAD_PROGRAM, "");

    assert_int_equal(preloaded->status, 0);
    assert_whole(preloaded, trace);
    fsim_trace_free(trace);
}

static void an_abrupt_exit_saves_too(void **state)
{
    struct preloaded *preloaded = *state;
    fsim_trace_t *trace = trace_of(preloaded, PRELOAD_PROGRAM, "_exit");

    assert_int_equal(WEXITSTATUS(preloaded->status), 3);
    assert_whole(preloaded, trace);
    fsim_trace_free(trace);
}

static void children_are_left_alone(void **state)
{
    struct preloaded *preloaded = *state;
    fsim_trace_t *trace = trace_of(preloaded, PRELOAD_PROGRAM, "fork");

    assert_int_equal(preloaded->status, 0);
    assert_whole(preloaded, trace);
    assert_int_equal(count_events(trace, "close data"), 0);
    fsim_trace_free(trace);
}

static void no_trace_is_better_than_one_without_what_a_child_wrote(void **state)
{
    struct preloaded *preloaded = *state;

    fsim_trace_free(trace_of(preloaded, PRELOAD_PROGRAM, ""));
    run_preloaded(preloaded, PRELOAD_PROGRAM, "fork and write");
    assert_int_equal(preloaded->status, 0);
    assert_int_equal(access(preloaded->path, F_OK), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(calls_and_stores_are_recorded, preloaded_setup,
                                        preloaded_teardown),
        cmocka_unit_test_setup_teardown(an_abrupt_exit_saves_too, preloaded_setup,
                                        preloaded_teardown),
        cmocka_unit_test_setup_teardown(children_are_left_alone, preloaded_setup,
                                        preloaded_teardown),
        cmocka_unit_test_setup_teardown(no_trace_is_better_than_one_without_what_a_child_wrote,
                                        preloaded_setup, preloaded_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
