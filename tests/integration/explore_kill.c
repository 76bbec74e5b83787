/* SPDX-License-Identifier: MIT */
/* Real kills: of a store that can take them, of one that cannot, and of workloads that say little.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIU_ENABLE
#include <faultsim/capture.h>
#include <faultsim/kill.h>
#include <fiu.h>

enum { LAST = 4, RANDOM_KILLS = 40 };

/* A number, stored twice. */
struct pair {
    int number, again;
};

static void path_of(char path[512], const char *directory, const char *name)
{
    snprintf(path, 512, "%s/%s", directory, name);
}

static int put(const char *directory, const char *name, struct pair pair, const char *between)
{
    char path[512];
    path_of(path, directory, name);
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    if (fd < 0)
        return -1;
    ssize_t one = pwrite(fd, &pair.number, sizeof pair.number, offsetof(struct pair, number));
    fiu_fail(between);
    ssize_t two = pwrite(fd, &pair.again, sizeof pair.again, offsetof(struct pair, again));
    return close(fd) == 0 && one == sizeof(int) && two == sizeof(int) ? 0 : -1;
}

static int save_in_place(const char *directory, int number)
{
    fiu_fail("store/save");
    return put(directory, "pair", (struct pair){number, number}, "store/between");
}

static int save_beside(const char *directory, int number)
{
    char from[512], to[512];
    fiu_fail("store/save");
    int error = put(directory, "new", (struct pair){number, number}, "store/between");
    path_of(from, directory, "new");
    path_of(to, directory, "pair");
    fiu_fail("store/rename");
    return error != 0 ? error : rename(from, to);
}

static struct fsim_digest state_of(int number)
{
    return (struct fsim_digest){(uint64_t)number, 1};
}

struct store {
    int (*save)(const char *directory, int number);
    int start_after; /* hits before it says what it starts from */
    bool forgets;    /* acknowledges what it does not do */
    bool captured;
};

static int setup(void *context, const char *directory)
{
    return put(directory, "pair", (struct pair){1, 1}, "none");
}

static int play(void *context, const char *directory)
{
    const struct store *store = context;
    int error = 0;
    for (int i = 0; i < store->start_after; i++)
        fiu_fail("store/early");
    fsim_capture_mark(FSIM_MARK_ACK, "one", state_of(1), NULL, 0);
    for (int number = 2; error == 0 && number <= LAST; number++) {
        fsim_capture_mark(FSIM_MARK_BEGIN, "next", state_of(number), NULL, 0);
        if (!store->forgets || number < LAST)
            error = store->save(directory, number);
        fsim_capture_mark(FSIM_MARK_ACK, "next", state_of(number), NULL, 0);
        fiu_fail("store/saved");
    }
    return error;
}

static void recover(void *context, const char *directory, struct fsim_outcome *outcome)
{
    struct pair pair = {0};
    char path[512];
    path_of(path, directory, "pair");
    int fd = open(path, O_RDONLY);
    if (fd < 0 || pread(fd, &pair, sizeof pair, 0) < 0)
        outcome->status = FSIM_REFUSED;
    outcome->state = state_of(pair.number == pair.again ? pair.number : -1);
    close(fd);
}

static struct fsim_summary kill_store(struct store *store, const struct fsim_options *options,
                                      uint64_t count)
{
    struct fsim_kills kills = {.count = count, .captured = store->captured};
    struct fsim_subject subject = {
        .name = "pair", .context = store, .setup = setup, .record = play, .recover = recover};
    struct fsim_summary summary;
    assert_int_equal(fsim_kill_test(&subject, options, &kills, &summary), 0);
    return summary;
}

/* ---- at hits ---- */

static void each_hit_of_a_fault_point_is_an_instant_to_die_at(void **state)
{
    struct store store = {.save = save_beside};
    struct fsim_summary summary = kill_store(&store, &(struct fsim_options){0}, FSIM_KILL_AT_HITS);
    assert_int_equal(summary.crash_points, (LAST - 1) * 4);
    assert_int_equal(summary.violations, 0);
    assert_true(summary.complete);
}

struct found {
    unsigned count;
    struct fsim_crash_point point;
    char where[64];
    enum fsim_verdict verdict;
    size_t image_bytes;
};

static void note(void *sink, const struct fsim_violation *violation)
{
    struct found *found = sink;
    void *image;
    found->count++;
    found->point = *violation->point;
    found->verdict = violation->verdict;
    snprintf(found->where, sizeof found->where, "%s",
             fsim_trace_string(violation->trace, violation->point->where));
    assert_int_equal(fsim_image_pack(violation, &image, &found->image_bytes), 0);
    struct fsim_outcome outcome;
    void *evidence;
    const struct fsim_subject subject = {.name = "again", .recover = recover};
    assert_int_equal(fsim_replay(&subject, image, found->image_bytes, 0, &outcome, &evidence), 0);
    assert_true(fsim_digest_equal(outcome.state, violation->outcome->state));
    free(evidence);
    free(image);
}

static void a_store_that_writes_in_place_is_caught_between_its_two_writes(void **state)
{
    struct store store = {.save = save_in_place};
    struct found found = {0};
    struct fsim_options options = {.points = "store/between", .sink = &found, .on_violation = note};
    struct fsim_summary summary = kill_store(&store, &options, FSIM_KILL_AT_HITS);
    assert_int_equal(summary.crash_points, LAST - 1);
    assert_int_equal(summary.violations, LAST - 1);
    assert_int_equal(found.count, LAST - 1);
    assert_int_equal(found.verdict, FSIM_V_MIX);
    assert_string_equal(found.where, "store/between");
    assert_int_equal(found.point.hit, LAST - 1);
    assert_int_equal(found.point.side, FSIM_BEFORE);
}

static void a_plan_has_libc_calls_fail_if_the_recorder_stands_between(void **state)
{
    struct store store = {.save = save_beside, .captured = true};
    struct fsim_plan plan;
    char message[64];
    assert_int_equal(fsim_plan_parse("call/rename@2:skip", NULL, &plan, message, sizeof message),
                     0);
    struct found found = {0};
    struct fsim_options options = {.plan = &plan, .sink = &found, .on_violation = note};
    struct fsim_summary summary = kill_store(&store, &options, FSIM_KILL_AT_HITS);
    assert_int_equal(summary.violations, 4);
    assert_int_equal(found.verdict, FSIM_V_LOST);
}

static void what_was_acknowledged_before_the_kill_is_binding(void **state)
{
    struct store store = {.save = save_beside, .forgets = true};
    struct found found = {0};
    struct fsim_options options = {.sink = &found, .on_violation = note};
    struct fsim_summary summary = kill_store(&store, &options, FSIM_KILL_AT_HITS);
    assert_int_equal(summary.violations, 1);
    assert_int_equal(found.verdict, FSIM_V_LOST);
    assert_string_equal(found.where, "store/saved");
}

static void dying_before_the_first_mark_is_dying_in_the_state_that_it_starts_from(void **state)
{
    struct store store = {.save = save_beside, .start_after = 2};
    struct fsim_options options = {.points = "store/early"};
    struct fsim_summary summary = kill_store(&store, &options, FSIM_KILL_AT_HITS);
    assert_int_equal(summary.crash_points, 2);
    assert_int_equal(summary.violations, 0);
}

static void enough_violations_are_enough(void **state)
{
    struct store store = {.save = save_in_place};
    struct fsim_options options = {.points = "store/between", .max_violations = 1};
    struct fsim_summary summary = kill_store(&store, &options, FSIM_KILL_AT_HITS);
    assert_int_equal(summary.violations, 1);
    assert_false(summary.complete);
}

/* ---- at random instants ---- */

static void random_kills_come_wherever_the_workload_is(void **state)
{
    struct store store = {.save = save_beside};
    struct fsim_summary summary =
        kill_store(&store, &(struct fsim_options){.seed = 7}, RANDOM_KILLS);
    assert_int_equal(summary.crash_points, RANDOM_KILLS);
    assert_int_equal(summary.recoveries, RANDOM_KILLS);
    assert_int_equal(summary.violations, 0);
    assert_true(summary.complete);
}

static void random_kills_catch_a_store_that_acknowledges_what_it_does_not_do(void **state)
{
    struct store store = {.save = save_beside, .forgets = true};
    struct found found = {0};
    struct fsim_options options = {.points = "store/saved", .sink = &found, .on_violation = note};
    struct fsim_summary summary = kill_store(&store, &options, RANDOM_KILLS);
    assert_true(summary.violations > 0);
    assert_int_equal(found.verdict, FSIM_V_LOST);
    assert_int_equal(found.point.side, FSIM_AFTER);
}

/* ---- workloads that fail ---- */

static int give_up(void *context, const char *directory)
{
    return -5;
}

static void a_workload_that_fails_is_told_from_one_that_was_killed(void **state)
{
    const struct fsim_subject subject = {.name = "failing", .record = give_up, .recover = recover};
    struct fsim_summary summary;
    int error = fsim_kill_test(&subject, &(struct fsim_options){0},
                               &(struct fsim_kills){.count = RANDOM_KILLS}, &summary);
    assert_int_equal(error, -5);
    assert_string_equal(summary.error, "the workload failed with code -5");
}

static int never_end(void *context, const char *directory)
{
    while (pause() == -1)
        continue;
    return 0;
}

static void a_workload_that_hangs_is_told_from_one_that_was_killed(void **state)
{
    const struct fsim_subject subject = {.name = "hanging", .record = never_end};
    struct fsim_summary summary;
    int error = fsim_kill_test(&subject, &(struct fsim_options){.record_limit_ms = 10},
                               &(struct fsim_kills){.count = RANDOM_KILLS}, &summary);
    assert_true(error < 0);
    assert_non_null(strstr(summary.error, "did not end within"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_hit_of_a_fault_point_is_an_instant_to_die_at),
        cmocka_unit_test(a_store_that_writes_in_place_is_caught_between_its_two_writes),
        cmocka_unit_test(a_plan_has_libc_calls_fail_if_the_recorder_stands_between),
        cmocka_unit_test(what_was_acknowledged_before_the_kill_is_binding),
        cmocka_unit_test(dying_before_the_first_mark_is_dying_in_the_state_that_it_starts_from),
        cmocka_unit_test(enough_violations_are_enough),
        cmocka_unit_test(random_kills_come_wherever_the_workload_is),
        cmocka_unit_test(random_kills_catch_a_store_that_acknowledges_what_it_does_not_do),
        cmocka_unit_test(a_workload_that_fails_is_told_from_one_that_was_killed),
        cmocka_unit_test(a_workload_that_hangs_is_told_from_one_that_was_killed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
