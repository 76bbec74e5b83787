/* SPDX-License-Identifier: MIT */
/* Crashes inside recovery: what a second and a third one find, and that they find nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tiny_journal.h"
#include "tiny_stores.h"

/* What the explorer said, and of the first violation where the crashes were. */
struct seen {
    struct fsim_summary summary;
    uint64_t by_verdict[FSIM_VERDICT_COUNT];
    size_t crashes, spans;
    bool killed;
    char where[64];
    void *image;
    size_t image_bytes;
};

static void see_violation(void *sink, const struct fsim_violation *violation)
{
    struct seen *seen = sink;
    if (seen->by_verdict[violation->verdict]++ > 0 || seen->image != NULL)
        return;
    const struct fsim_span *spans;
    seen->crashes = violation->earlier_count + 1;
    seen->spans = fsim_cursor_history(violation->cursor, &spans);
    for (size_t i = 0; i < violation->earlier_count; i++) {
        assert_int_equal(spans[i].end, violation->earlier[i].point->events);
        seen->killed = seen->killed || violation->earlier[i].killed;
    }
    assert_int_equal(spans[seen->spans - 1].end, violation->point->events);
    assert_int_equal(fsim_image_pack(violation, &seen->image, &seen->image_bytes), 0);
}

static struct seen explore_as(struct fsim_subject subject, struct fsim_options options)
{
    static struct seen seen;
    free(seen.image);
    memset(&seen, 0, sizeof seen);
    options.brute_limit = 4096;
    options.sink = &seen;
    options.on_violation = see_violation;
    if (fsim_crash_test(&subject, &options, &seen.summary) != 0)
        fail_msg("%s: %s", subject.name, seen.summary.error);
    assert_int_equal(seen.summary.images_twice, 0);
    if (seen.summary.violations == 0)
        assert_true(seen.summary.complete);
    return seen;
}

static struct seen explore(struct fsim_subject subject, uint32_t depth, enum fsim_model model,
                           enum fsim_search search)
{
    return explore_as(subject,
                      (struct fsim_options){.model = model, .search = search, .depth = depth});
}

static struct seen power_losses(struct fsim_subject subject, uint32_t depth)
{
    return explore(subject, depth, FSIM_POWER_LOSS, FSIM_LAZY);
}

static void a_recovery_that_is_right_stands_three_crashes(void **state)
{
    struct tiny_journal journal = {0};
    struct tiny slots = {0};
    struct seen seen = power_losses(tiny_journal(&journal), 3);
    assert_int_equal(seen.summary.violations, 0);
    for (int i = 0; i < 2; i++) {
        assert_true(seen.summary.nested[i].power_failures > 0);
        assert_true(seen.summary.nested[i].kills > 0);
        assert_true(seen.summary.nested[i].crash_points > seen.summary.crash_points);
        assert_true(seen.summary.nested[i].covered == seen.summary.nested[i].states);
    }
    assert_int_equal(power_losses(tiny_slots(&slots), 3).summary.violations, 0);
}

static void a_missing_barrier_in_recovery_takes_a_crash_inside_it(void **state)
{
    struct tiny_journal journal = {.careless_attempt = 1};
    assert_int_equal(power_losses(tiny_journal(&journal), 1).summary.violations, 0);
    struct seen seen = power_losses(tiny_journal(&journal), 2);
    assert_true(seen.by_verdict[FSIM_V_MIX] > 0);
    assert_int_equal(seen.summary.nested[0].violations, seen.summary.violations);
    assert_int_equal(seen.crashes, 2);
    assert_int_equal(seen.spans, 2);
}

static void one_in_the_second_attempt_takes_a_crash_in_each(void **state)
{
    struct tiny_journal journal = {.careless_attempt = 2};
    assert_int_equal(power_losses(tiny_journal(&journal), 2).summary.violations, 0);
    struct seen seen = power_losses(tiny_journal(&journal), 3);
    assert_true(seen.by_verdict[FSIM_V_MIX] > 0);
    assert_int_equal(seen.summary.nested[0].violations, 0);
    assert_int_equal(seen.crashes, 3);
}

static void what_only_the_page_cache_had_is_lost_after_a_killed_process(void **state)
{
    struct tiny slots = {.skip_open_sync = true};
    assert_int_equal(power_losses(tiny_slots(&slots), 1).summary.violations, 0);
    struct seen seen = power_losses(tiny_slots(&slots), 2);
    assert_true(seen.by_verdict[FSIM_V_LOST] > 0);
    assert_true(seen.killed);
}

/* A sync fails, and the program gives up. */
static int record_until_it_fails(void *context, const char *directory)
{
    struct fsim_subject slots = tiny_slots(context);
    int error = slots.record(context, directory);
    return error == -EIO ? 0 : error;
}

static void what_a_failed_sync_left_clean_is_lost_after_the_next_process_synced_it(void **state)
{
    struct tiny tiny = {0};
    struct fsim_subject slots = tiny_slots(&tiny);
    struct fsim_plan plan = {.count = 1,
                             .rules = {{.point = "call/fdatasync",
                                        .hit = 4, /* of the second update's slot */
                                        .action = FSIM_ACTION_ERROR,
                                        .error = EIO}}};
    struct fsim_options options = {.model = FSIM_POWER_LOSS, .depth = 2, .plan = &plan};
    slots.record = record_until_it_fails;
    assert_int_equal(explore_as(slots, options).summary.violations, 0);
    options.model = FSIM_IO_ERROR;
    options.depth = 1;
    assert_int_equal(explore_as(slots, options).summary.violations, 0);
    options.depth = 2;
    struct seen seen = explore_as(slots, options);
    assert_true(seen.by_verdict[FSIM_V_LOST] > 0);
    assert_true(seen.killed);
}

/* Block 0 says how much there is; what block 1 must hold then is written before, by whoever comes
 * first, and nobody looks at it until block 0 says 2. */
struct ahead {
    bool trusts; /* that the other one wrote block 1 */
};

static struct fsim_digest ahead_state(uint64_t count)
{
    return (struct fsim_digest){count + 1, 0};
}

static int put(int fd, off_t block, uint64_t number)
{
    return pwrite(fd, &number, sizeof number, block * FSIM_BLOCK_SIZE) == sizeof number ? 0 : -EIO;
}

static int open_ahead(const char *directory)
{
    char path[512];
    snprintf(path, sizeof path, "%s/ahead", directory);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    return fd < 0 || ftruncate(fd, (off_t)2 * FSIM_BLOCK_SIZE) < 0 ? -errno : fd;
}

static int setup_ahead(void *context, const char *directory)
{
    int fd = open_ahead(directory);
    return fd < 0 ? fd : close(fd);
}

static int record_ahead(void *context, const char *directory)
{
    fsim_capture_mark(FSIM_MARK_ACK, "nothing", ahead_state(0), NULL, 0);
    fsim_capture_mark(FSIM_MARK_BEGIN, "one", ahead_state(1), NULL, 0);
    int fd = open_ahead(directory), error = fd < 0 ? fd : put(fd, 1, 7);
    return error < 0 ? error : put(fd, 0, 1);
}

static void recover_ahead(void *context, const char *directory, struct fsim_outcome *outcome)
{
    uint64_t numbers[2] = {0};
    int fd = open_ahead(directory);
    (void)!pread(fd, &numbers[0], sizeof numbers[0], 0);
    if (numbers[0] == 2)
        (void)!pread(fd, &numbers[1], sizeof numbers[1], FSIM_BLOCK_SIZE);
    bool whole = numbers[0] < 2 || numbers[1] == 7;
    outcome->state = whole ? ahead_state(numbers[0]) : ahead_state(99);
    close(fd);
}

static int resume_ahead(void *context, const char *directory)
{
    const struct ahead *ahead = context;
    unsigned char whole[FSIM_BLOCK_SIZE] = {7};
    uint64_t count = 0;
    int fd = open_ahead(directory);
    if (fd < 0 || pread(fd, &count, sizeof count, 0) != sizeof count || fdatasync(fd) < 0)
        return -EIO;
    fsim_capture_mark(FSIM_MARK_ACK, "what was there", ahead_state(count), NULL, 0);
    fsim_capture_mark(FSIM_MARK_BEGIN, "two", ahead_state(2), NULL, 0);
    if (!ahead->trusts && pwrite(fd, whole, sizeof whole, FSIM_BLOCK_SIZE) != sizeof whole)
        return -EIO;
    if (fdatasync(fd) < 0 || put(fd, 0, 2) < 0 || fdatasync(fd) < 0)
        return -EIO;
    fsim_capture_mark(FSIM_MARK_ACK, "two", ahead_state(2), NULL, 0);
    return 0;
}

static struct fsim_subject ahead_of(struct ahead *ahead)
{
    return (struct fsim_subject){.name = "ahead",
                                 .context = ahead,
                                 .setup = setup_ahead,
                                 .record = record_ahead,
                                 .recover = recover_ahead,
                                 .resume = resume_ahead};
}

static void what_nobody_looked_at_may_be_there_or_not(void **state)
{
    struct ahead ahead = {.trusts = true};
    assert_int_equal(power_losses(ahead_of(&ahead), 1).summary.violations, 0);
    assert_true(power_losses(ahead_of(&ahead), 2).by_verdict[FSIM_V_MIX] > 0);
}

static void writing_the_same_again_is_a_write(void **state)
{
    struct ahead ahead = {0};
    assert_int_equal(power_losses(ahead_of(&ahead), 3).summary.violations, 0);
}

static void killed_processes_alone_need_no_sync(void **state)
{
    struct tiny slots = {.skip_open_sync = true};
    struct tiny_journal journal = {.careless_attempt = 1};
    struct seen seen = explore(tiny_slots(&slots), 3, FSIM_PROCESS_KILL, FSIM_LAZY);
    assert_int_equal(seen.summary.violations, 0);
    assert_true(seen.summary.nested[1].crash_points > 0);
    seen = explore(tiny_journal(&journal), 3, FSIM_PROCESS_KILL, FSIM_LAZY);
    assert_int_equal(seen.summary.violations, 0);
}

static void torn_blocks_go_on_too(void **state)
{
    struct tiny_journal journal = {.updates = 1};
    struct seen seen = explore(tiny_journal(&journal), 2, FSIM_TORN, FSIM_LAZY);
    assert_true(seen.summary.nested[0].states > seen.summary.states);
}

static void the_tree_and_brute_force_agree_inside_recovery(void **state)
{
    for (unsigned careless = 0; careless <= 2; careless++) {
        struct tiny_journal journal = {.careless_attempt = careless};
        struct tiny slots = {.skip_open_sync = careless == 1, .skip_data_sync = careless == 2};
        struct fsim_subject subjects[] = {tiny_journal(&journal), tiny_slots(&slots)};
        for (int i = 0; i < 2; i++) {
            struct seen seen = explore(subjects[i], 3, FSIM_POWER_LOSS, FSIM_COMPARE);
            if (seen.summary.disagreements != 0)
                fail_msg("%s: %s", subjects[i].name, seen.summary.error);
            assert_true(seen.summary.compared_states > seen.summary.covered);
        }
    }
}

static void a_violation_inside_recovery_can_be_replayed(void **state)
{
    struct tiny_journal journal = {.careless_attempt = 1};
    struct fsim_subject subject = tiny_journal(&journal);
    struct seen seen = power_losses(subject, 2);
    struct fsim_outcome outcome;
    void *evidence;
    assert_int_equal(fsim_replay(&subject, seen.image, seen.image_bytes, 0, &outcome, &evidence),
                     0);
    assert_true(fsim_digest_equal(outcome.state, (struct fsim_digest){UINT64_MAX, UINT64_MAX}));
    free(evidence);
}

static void what_cannot_be_searched_is_said(void **state)
{
    struct tiny tiny = {0};
    struct fsim_subject slots = tiny_slots(&tiny), log = tiny_log(&tiny);
    struct fsim_summary summary;
    struct fsim_options options = {.model = FSIM_POWER_LOSS, .depth = 2};
    assert_int_equal(fsim_crash_test(&log, &options, &summary), -EINVAL);
    assert_string_equal(summary.error, "exploring log to depth 2: nobody can go on from its crash "
                                       "states: it has no `resume`");
    options.search = FSIM_BRUTE;
    assert_int_equal(fsim_crash_test(&slots, &options, &summary), -EINVAL);
    options.depth = 4;
    assert_int_equal(fsim_crash_test(&slots, &options, &summary), -EINVAL);
    assert_string_equal(summary.error, "exploring slots to depth 4: a depth is at most 3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_recovery_that_is_right_stands_three_crashes),
        cmocka_unit_test(a_missing_barrier_in_recovery_takes_a_crash_inside_it),
        cmocka_unit_test(one_in_the_second_attempt_takes_a_crash_in_each),
        cmocka_unit_test(what_only_the_page_cache_had_is_lost_after_a_killed_process),
        cmocka_unit_test(what_a_failed_sync_left_clean_is_lost_after_the_next_process_synced_it),
        cmocka_unit_test(what_nobody_looked_at_may_be_there_or_not),
        cmocka_unit_test(writing_the_same_again_is_a_write),
        cmocka_unit_test(killed_processes_alone_need_no_sync),
        cmocka_unit_test(torn_blocks_go_on_too),
        cmocka_unit_test(the_tree_and_brute_force_agree_inside_recovery),
        cmocka_unit_test(a_violation_inside_recovery_can_be_replayed),
        cmocka_unit_test(what_cannot_be_searched_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
