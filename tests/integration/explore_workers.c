/* SPDX-License-Identifier: MIT */
/* The search as a whole: workers that are lost, limits, what is asked for and what is reported. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tiny_stores.h"

struct watched {
    struct fsim_summary summary;
    unsigned points, violations, traces, calls;
    uint64_t recoveries, most_recoveries;
    bool complete;
    volatile int *stop;
};

static void on_point(void *sink, const struct fsim_point_report *report)
{
    struct watched *watched = sink;
    watched->points++;
    watched->recoveries += report->recoveries;
    if (report->recoveries > watched->most_recoveries)
        watched->most_recoveries = report->recoveries;
    if (watched->stop != NULL && watched->points == 5)
        *watched->stop = 1;
}

static void on_violation(void *sink, const struct fsim_violation *violation)
{
    ((struct watched *)sink)->violations++;
}

static bool on_trace(void *sink, const fsim_trace_t *trace, const struct fsim_crash_point *points,
                     size_t count)
{
    assert_true(count > 0 && fsim_trace_events(trace) > 0);
    ((struct watched *)sink)->traces++;
    return true;
}

static struct watched *run(struct fsim_subject subject, struct fsim_options options)
{
    static struct watched watched;
    memset(&watched, 0, sizeof watched);
    watched.stop = (volatile int *)options.stop;
    options.model = FSIM_POWER_LOSS;
    options.sink = &watched;
    options.on_point = on_point;
    options.on_violation = on_violation;
    options.on_trace = on_trace;
    if (fsim_crash_test(&subject, &options, &watched.summary) != 0)
        fail_msg("%s: %s", subject.name, watched.summary.error);
    assert_int_equal(watched.summary.images_twice, 0);
    assert_int_equal(watched.summary.violations, watched.violations);
    return &watched;
}

static void every_crashing_recovery_costs_one_state_only(void **state)
{
    struct tiny tiny = {.updates = 6, .recovery = CRASHES_ON_TWO};
    struct watched *watched = run(tiny_slots(&tiny), (struct fsim_options){0});
    assert_true(watched->summary.complete);
    assert_true(watched->summary.violations > 0);
    assert_int_equal(watched->recoveries, watched->summary.recoveries);
    assert_int_equal(watched->points, watched->summary.crash_points);
    assert_int_equal(watched->traces, 1);
}

static void a_crash_with_pages_mapped_is_charged_to_what_was_touched(void **state)
{
    struct tiny tiny = {.updates = 4, .recovery = CRASHES_ON_TWO};
    struct watched *watched = run(tiny_wide(&tiny), (struct fsim_options){0});
    assert_true(watched->summary.complete);
    assert_true(watched->summary.violations > 0);
    assert_true(watched->summary.recoveries <= 16);
}

static void a_hanging_recovery_is_ended(void **state)
{
    struct tiny tiny = {.recovery = HANGS_ON_TWO};
    struct watched *watched = run(tiny_mapped(&tiny), (struct fsim_options){.time_limit_ms = 200});
    assert_true(watched->summary.complete);
    assert_int_equal(watched->summary.violations, 1);
}

static void expect_same_when_isolated(struct fsim_subject subject, struct fsim_options options)
{
    struct fsim_summary together = run(subject, options)->summary;
    options.isolate = true;
    struct fsim_summary apart = run(subject, options)->summary;
    assert_true(apart.complete);
    assert_int_equal(apart.recoveries, together.recoveries);
    assert_int_equal(apart.paths, together.paths);
    assert_int_equal(apart.violations, together.violations);
}

static void a_process_for_each_recovery_changes_no_verdict(void **state)
{
    struct tiny writing = {.updates = 6}, crashing = {.updates = 6, .recovery = CRASHES_ON_TWO};
    struct tiny mapping = {.updates = 4, .recovery = CRASHES_ON_TWO};
    struct tiny hanging = {.recovery = HANGS_ON_TWO};
    expect_same_when_isolated(tiny_in_place(&writing), (struct fsim_options){0});
    expect_same_when_isolated(tiny_slots(&crashing), (struct fsim_options){0});
    expect_same_when_isolated(tiny_wide(&mapping), (struct fsim_options){0});
    expect_same_when_isolated(tiny_mapped(&hanging), (struct fsim_options){.time_limit_ms = 200});
}

static void a_recovery_that_leaks_leaves_nothing_behind(void **state)
{
    struct tiny tiny = {.updates = 8, .recovery = LEAKS};
    struct watched *watched = run(tiny_slots(&tiny), (struct fsim_options){0});
    assert_true(watched->summary.complete);
    assert_int_equal(watched->summary.violations, 0);
}

static void a_recovery_that_keeps_memory_does_not_fill_it(void **state)
{
    struct tiny tiny = {.updates = 70, .recovery = GREEDY};
    struct watched *watched = run(tiny_in_place(&tiny), (struct fsim_options){0});
    struct rusage usage;
    assert_true(watched->summary.complete);
    assert_true(watched->summary.recoveries > 200); /* 1.6 GiB in all */
    assert_int_equal(getrusage(RUSAGE_CHILDREN, &usage), 0);
    assert_true(usage.ru_maxrss < 1 << 20);
}

static void points_can_be_chosen(void **state)
{
    struct tiny tiny = {0};
    struct watched all = *run(tiny_slots(&tiny), (struct fsim_options){0});
    struct watched *some = run(tiny_slots(&tiny), (struct fsim_options){.points = "f*sync"});
    assert_true(some->points > 0);
    assert_true(some->points < all.points);
    assert_true(some->summary.complete);
}

static void a_bounded_search_keeps_to_its_bound(void **state)
{
    struct tiny tiny = {0};
    struct fsim_options options = {.search = FSIM_BOUNDED, .bound = 1};
    struct watched *watched = run(tiny_in_place(&tiny), options);
    assert_int_equal(watched->most_recoveries, 1);
    assert_false(watched->summary.complete);
    assert_true(watched->summary.covered < watched->summary.states);
}

static void a_bound_that_is_never_reached_leaves_the_search_complete(void **state)
{
    struct tiny tiny = {0};
    struct fsim_options options = {.search = FSIM_BOUNDED, .bound = 1000};
    assert_true(run(tiny_in_place(&tiny), options)->summary.complete);
}

static void a_random_search_finds_the_same_with_the_same_seed(void **state)
{
    struct tiny tiny = {0};
    struct fsim_options options = {.search = FSIM_RANDOM, .bound = 2, .seed = 7};
    struct watched one = *run(tiny_in_place(&tiny), options);
    struct watched *two = run(tiny_in_place(&tiny), options);
    assert_true(one.summary.recoveries > 0);
    assert_int_equal(one.summary.recoveries, two->summary.recoveries);
    assert_int_equal(one.summary.paths, two->summary.paths);
    assert_true(one.summary.covered <= one.summary.states);
}

static void a_random_search_that_draws_enough_finds_what_there_is(void **state)
{
    struct tiny tiny = {0};
    struct fsim_options options = {.search = FSIM_RANDOM, .bound = 200};
    struct watched lazy = *run(tiny_in_place(&tiny), (struct fsim_options){0});
    struct watched *drawn = run(tiny_in_place(&tiny), options);
    assert_int_equal(lazy.summary.violations, drawn->summary.violations);
    assert_true(drawn->summary.complete);
}

static void brute_force_covers_the_points_that_are_small_enough(void **state)
{
    struct tiny tiny = {0};
    struct fsim_options options = {.search = FSIM_BRUTE};
    struct watched *all = run(tiny_in_place(&tiny), options);
    assert_true(all->summary.complete);
    assert_true(all->summary.violations > 0);
    options.brute_limit = 2;
    assert_false(run(tiny_in_place(&tiny), options)->summary.complete);
}

static void the_number_of_recoveries_can_be_limited(void **state)
{
    struct tiny tiny = {0};
    struct watched *watched = run(tiny_in_place(&tiny), (struct fsim_options){.max_recoveries = 3});
    assert_int_equal(watched->summary.recoveries, 3);
    assert_false(watched->summary.complete);
}

static void the_first_violation_can_end_the_search(void **state)
{
    struct tiny tiny = {0};
    struct watched *watched = run(tiny_in_place(&tiny), (struct fsim_options){.max_violations = 1});
    assert_true(watched->summary.interrupted);
    assert_true(watched->summary.violations > 0);
    assert_false(watched->summary.complete);
}

static void a_stopped_search_reports_what_it_has(void **state)
{
    static volatile int stop;
    struct tiny tiny = {0};
    stop = 0;
    struct watched *watched = run(tiny_in_place(&tiny), (struct fsim_options){.stop = &stop});
    assert_true(watched->summary.interrupted);
    assert_int_equal(watched->points, 5);
    assert_false(watched->summary.complete);
}

/* Failing workloads. */

static int fails(void *context, const char *directory)
{
    return -EDOM;
}

static int crashes(void *context, const char *directory)
{
    fsim_capture_step(4, "crash");
    abort();
}

static int leaves(void *context, const char *directory)
{
    exit(3);
}

static void on_mishap(void *sink, const struct fsim_mishap *mishap, const fsim_trace_t *trace)
{
    struct fsim_mishap *seen = sink;
    assert_int_equal(seen->status, FSIM_RECOVERED);
    assert_non_null(trace);
    *seen = *mishap;
}

static void expect_failure(int (*record)(void *, const char *), int code, const char *message,
                           struct fsim_mishap mishap)
{
    struct tiny tiny = {0};
    struct fsim_subject subject = tiny_slots(&tiny);
    struct fsim_mishap seen = {0};
    struct fsim_options options = {.on_mishap = on_mishap, .sink = &seen};
    struct fsim_summary summary;
    subject.record = record;
    assert_int_equal(fsim_crash_test(&subject, &options, &summary), code);
    assert_string_equal(summary.error, message);
    assert_false(summary.complete);
    assert_int_equal(seen.status, mishap.status);
    assert_int_equal(seen.code, mishap.code);
    assert_int_equal(seen.step, mishap.step);
}

static void a_workload_that_fails_is_no_recording(void **state)
{
    char message[64];
    snprintf(message, sizeof message, "the workload failed with code %d", -EDOM);
    expect_failure(fails, -EDOM, message,
                   (struct fsim_mishap){.status = FSIM_REFUSED, .code = -EDOM});
    expect_failure(crashes, -ECHILD,
                   "the workload was killed by signal 6 (Aborted) in step 4 (crash)",
                   (struct fsim_mishap){.status = FSIM_CRASHED, .code = SIGABRT, .step = 4});
    expect_failure(leaves, -ECHILD, "the workload ended its process with status 3",
                   (struct fsim_mishap){.status = FSIM_CRASHED});
}

static int hangs(void *context, const char *directory)
{
    while (pause() < 0)
        ;
    return 0;
}

static void a_workload_that_hangs_is_ended(void **state)
{
    struct tiny tiny = {0};
    struct fsim_subject subject = tiny_slots(&tiny);
    struct fsim_mishap seen = {0};
    struct fsim_options options = {.record_limit_ms = 50, .on_mishap = on_mishap, .sink = &seen};
    struct fsim_summary summary;
    subject.record = hangs;
    assert_int_equal(fsim_crash_test(&subject, &options, &summary), -ETIMEDOUT);
    assert_non_null(strstr(summary.error, "was killed: it hangs"));
    assert_int_equal(seen.status, FSIM_HUNG);
}

static void a_work_directory_that_is_not_there_is_named(void **state)
{
    struct tiny tiny = {0};
    struct fsim_subject subject = tiny_slots(&tiny);
    struct fsim_summary summary;
    struct fsim_mishap seen = {0};
    struct fsim_options options = {
        .work_directory = "/no/such/place", .on_mishap = on_mishap, .sink = &seen};
    assert_int_equal(fsim_crash_test(&subject, &options, &summary), -ENOENT);
    assert_string_equal(summary.error, "/no/such/place: cannot make a directory for the recording: "
                                       "No such file or directory");
    assert_int_equal(seen.status, FSIM_RECOVERED);
}

/* Nothing stays behind. */

static unsigned entries_in(const char *path)
{
    unsigned count = 0;
    DIR *directory = opendir(path);
    while (directory != NULL && readdir(directory) != NULL)
        count++;
    closedir(directory);
    return count;
}

static void no_directory_and_no_descriptor_stays_behind(void **state)
{
    char work[] = "/tmp/explore-workers-XXXXXX";
    assert_non_null(mkdtemp(work));
    struct tiny tiny = {.recovery = CRASHES_ON_TWO};
    unsigned descriptors = entries_in("/proc/self/fd");
    run(tiny_slots(&tiny), (struct fsim_options){.work_directory = work});
    assert_int_equal(entries_in("/proc/self/fd"), descriptors);
    assert_int_equal(rmdir(work), 0);
}

/* A directory as an explorer leaves it that was killed `seconds` ago. */
static void abandon(const char *path, time_t seconds)
{
    struct timespec times[2] = {{.tv_sec = time(NULL) - seconds}, {.tv_sec = time(NULL) - seconds}};
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void what_a_killed_explorer_left_is_removed(void **state)
{
    char work[] = "/tmp/explore-workers-XXXXXX", old[64], young[64], locked[64];
    assert_non_null(mkdtemp(work));
    snprintf(old, sizeof old, "%s/faultsim-aaaaaa", work);
    snprintf(young, sizeof young, "%s/faultsim-bbbbbb", work);
    snprintf(locked, sizeof locked, "%s/faultsim-cccccc", work);
    abandon(old, 3600);
    abandon(young, 0);
    abandon(locked, 3600);
    int lock = open(locked, O_RDONLY | O_DIRECTORY);
    assert_int_equal(flock(lock, LOCK_EX), 0);

    struct tiny tiny = {0};
    run(tiny_slots(&tiny), (struct fsim_options){.work_directory = work});
    assert_int_equal(rmdir(old), -1);
    assert_int_equal(rmdir(young), 0);
    assert_int_equal(rmdir(locked), 0);
    close(lock);
    assert_int_equal(rmdir(work), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_crashing_recovery_costs_one_state_only),
        cmocka_unit_test(a_crash_with_pages_mapped_is_charged_to_what_was_touched),
        cmocka_unit_test(a_hanging_recovery_is_ended),
        cmocka_unit_test(a_process_for_each_recovery_changes_no_verdict),
        cmocka_unit_test(a_recovery_that_leaks_leaves_nothing_behind),
        cmocka_unit_test(a_recovery_that_keeps_memory_does_not_fill_it),
        cmocka_unit_test(points_can_be_chosen),
        cmocka_unit_test(a_bounded_search_keeps_to_its_bound),
        cmocka_unit_test(a_bound_that_is_never_reached_leaves_the_search_complete),
        cmocka_unit_test(a_random_search_finds_the_same_with_the_same_seed),
        cmocka_unit_test(a_random_search_that_draws_enough_finds_what_there_is),
        cmocka_unit_test(brute_force_covers_the_points_that_are_small_enough),
        cmocka_unit_test(the_number_of_recoveries_can_be_limited),
        cmocka_unit_test(the_first_violation_can_end_the_search),
        cmocka_unit_test(a_stopped_search_reports_what_it_has),
        cmocka_unit_test(a_workload_that_fails_is_no_recording),
        cmocka_unit_test(a_workload_that_hangs_is_ended),
        cmocka_unit_test(a_work_directory_that_is_not_there_is_named),
        cmocka_unit_test(no_directory_and_no_descriptor_stays_behind),
        cmocka_unit_test(what_a_killed_explorer_left_is_removed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
