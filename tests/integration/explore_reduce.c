/* SPDX-License-Identifier: MIT */
/* Violations made small: which pages must differ from a legal state. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <faultsim/reduce.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tiny_journal.h"
#include "tiny_stores.h"

enum { BLOCK = FSIM_BLOCK_SIZE, PAGES = 12, TIME_MS = 5000 };

/* The first violation of a store, reduced. */
struct found {
    const struct fsim_subject *subject;
    bool any;
    enum fsim_verdict verdict;
    enum fsim_base base;
    size_t differences, items;
    struct fsim_item first, second; /* that differ */
    uint64_t states, recoveries;
    struct fsim_outcome outcome, again; /* of the reduced state, and of its files */
};

static void reduce(void *sink, const struct fsim_violation *violation)
{
    struct found *found = sink;
    struct fsim_reduction *reduction;
    void *image, *evidence;
    size_t bytes;
    if (found->any)
        return;
    found->any = true;
    assert_int_equal(fsim_reduce(violation, TIME_MS, &reduction), 0);
    assert_false(reduction->out_of_time);
    found->verdict = reduction->violation.verdict;
    found->base = reduction->base;
    found->differences = reduction->difference_count;
    found->items = reduction->violation.item_count;
    if (reduction->difference_count > 0)
        found->first = reduction->differences[0].item;
    if (reduction->difference_count > 1)
        found->second = reduction->differences[1].item;
    found->states = reduction->states;
    found->recoveries = reduction->recoveries;
    found->outcome = *reduction->violation.outcome;
    assert_int_equal(fsim_image_pack(&reduction->violation, &image, &bytes), 0);
    assert_int_equal(fsim_replay(found->subject, image, bytes, 200, &found->again, &evidence), 0);
    assert_int_equal(found->again.status, found->outcome.status);
    assert_true(fsim_digest_equal(found->again.state, found->outcome.state));
    free(evidence);
    free(image);
    fsim_reduction_free(reduction);
}

static struct found reduced(struct fsim_subject subject, struct fsim_options options)
{
    struct found found = {.subject = &subject};
    struct fsim_summary summary;
    options.model = FSIM_POWER_LOSS;
    options.time_limit_ms = 200;
    options.sink = &found;
    options.on_violation = reduce;
    if (fsim_crash_test(&subject, &options, &summary) != 0)
        fail_msg("%s: %s", subject.name, summary.error);
    assert_true(found.any);
    return found;
}

/* Several pages at once, and how many of them recovery must miss before it is wrong. */
struct pages {
    unsigned tolerated; /* so many may be lost */
};

static int open_store(const char *directory, int flags)
{
    char path[512];
    snprintf(path, sizeof path, "%s/store", directory);
    return open(path, flags | O_CLOEXEC, 0600);
}

static int write_pages(void *context, const char *directory)
{
    char page[BLOCK];
    int fd = open_store(directory, O_RDWR);
    if (fd < 0)
        return -errno;
    fsim_capture_mark(FSIM_MARK_ACK, "empty", tiny_state(1), NULL, 0);
    memset(page, 'x', sizeof page);
    for (int i = 0; i < PAGES; i++)
        if (pwrite(fd, page, BLOCK, (off_t)i * BLOCK) != BLOCK)
            return -EIO;
    fsim_capture_mark(FSIM_MARK_ACK, "full", tiny_state(2), NULL, 0);
    int result = fsync(fd); /* too late */
    close(fd);
    return result;
}

static int make_file(void *context, const char *directory)
{
    int fd = open_store(directory, O_RDWR | O_CREAT);
    if (fd < 0 || ftruncate(fd, (off_t)PAGES * BLOCK) < 0)
        return -errno;
    close(fd);
    return 0;
}

static void count_pages(void *context, const char *directory, struct fsim_outcome *outcome)
{
    const struct pages *pages = context;
    unsigned lost = 0;
    char byte;
    int fd = open_store(directory, O_RDONLY);
    for (int i = 0; i < PAGES; i++)
        lost += pread(fd, &byte, 1, (off_t)i * BLOCK) != 1 || byte != 'x';
    close(fd);
    if (lost <= pages->tolerated)
        outcome->state = tiny_state(2);
    else if (lost == PAGES)
        outcome->state = tiny_state(1);
    else
        outcome->state = tiny_state(77); /* that never was */
}

static struct found lost_pages(unsigned tolerated, struct fsim_options options)
{
    struct pages pages = {.tolerated = tolerated};
    return reduced((struct fsim_subject){.name = "pages",
                                         .context = &pages,
                                         .setup = make_file,
                                         .record = write_pages,
                                         .recover = count_pages},
                   options);
}

static void one_lost_page_is_enough(void **state)
{
    struct found found = lost_pages(0, (struct fsim_options){.points = "fsync"});
    assert_int_equal(found.differences, 1);
    assert_int_equal(found.first.kind, FSIM_ITEM_BLOCK);
}

static void two_pages_must_be_lost(void **state)
{
    struct found found =
        lost_pages(1, (struct fsim_options){.points = "fsync", .max_violations = 1});
    assert_int_equal(found.verdict, FSIM_V_MIX);
    assert_int_equal(found.base, FSIM_BASE_LATEST);
    assert_int_equal(found.differences, 2);
    assert_int_not_equal(found.first.number, found.second.number);
}

static void a_missing_sync_comes_down_to_the_payload(void **state)
{
    struct tiny tiny = {.skip_data_sync = true};
    struct found found = reduced(tiny_slots(&tiny), (struct fsim_options){0});
    assert_int_equal(found.verdict, FSIM_V_MIX);
    assert_int_equal(found.differences, 1);
    assert_int_equal(found.recoveries, 0); /* the search had been there */
    assert_true(found.states > 0);
}

static void what_the_search_left_out_is_recovered(void **state)
{
    struct tiny tiny = {.skip_data_sync = true};
    struct found found = reduced(tiny_slots(&tiny), (struct fsim_options){.search = FSIM_BRUTE});
    assert_int_equal(found.verdict, FSIM_V_MIX);
    assert_int_equal(found.differences, 1);
    assert_true(found.recoveries > 0);
}

static void a_wide_store_comes_down_to_one_page(void **state)
{
    struct tiny tiny = {.skip_data_sync = true};
    struct found found = reduced(tiny_wide(&tiny), (struct fsim_options){0});
    assert_int_equal(found.differences, 1);
}

static void a_crash_of_recovery_is_reduced_too(void **state)
{
    struct tiny tiny = {.recovery = CRASHES_ON_TWO};
    struct found found = reduced(tiny_slots(&tiny), (struct fsim_options){0});
    assert_int_equal(found.verdict, FSIM_V_CRASHED);
    assert_int_equal(found.differences, 1);
}

/* Page 0 is overwritten, durably, before anything is announced. */
static int overwrite_too_early(void *context, const char *directory)
{
    int fd = open_store(directory, O_RDWR);
    if (fd < 0)
        return -errno;
    fsim_capture_mark(FSIM_MARK_ACK, "empty", tiny_state(1), NULL, 0);
    if (pwrite(fd, "x", 1, 0) != 1 || fsync(fd) < 0)
        return -EIO;
    if (pwrite(fd, "x", 1, BLOCK) != 1 || fdatasync(fd) < 0)
        return -EIO;
    close(fd);
    return 0;
}

static void first_page(void *context, const char *directory, struct fsim_outcome *outcome)
{
    char byte = 0;
    int fd = open_store(directory, O_RDONLY);
    (void)!pread(fd, &byte, 1, 0);
    close(fd);
    outcome->state = tiny_state(byte == 'x' ? 77 : 1);
}

static void without_a_legal_crash_state_it_is_measured_against_the_last_promise(void **state)
{
    struct found found = reduced((struct fsim_subject){.name = "promise",
                                                       .setup = make_file,
                                                       .record = overwrite_too_early,
                                                       .recover = first_page},
                                 (struct fsim_options){.points = "fdatasync"});
    assert_int_equal(found.base, FSIM_BASE_ACKNOWLEDGED);
    assert_int_equal(found.differences, 1);
    assert_int_equal(found.first.number, 0);
}

static void the_second_of_two_crashes_is_reduced(void **state)
{
    struct tiny_journal journal = {.careless_attempt = 1};
    struct found found = reduced(tiny_journal(&journal), (struct fsim_options){.depth = 2});
    assert_int_equal(found.verdict, FSIM_V_MIX);
    assert_int_equal(found.differences, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_lost_page_is_enough),
        cmocka_unit_test(two_pages_must_be_lost),
        cmocka_unit_test(a_missing_sync_comes_down_to_the_payload),
        cmocka_unit_test(what_the_search_left_out_is_recovered),
        cmocka_unit_test(a_wide_store_comes_down_to_one_page),
        cmocka_unit_test(a_crash_of_recovery_is_reduced_too),
        cmocka_unit_test(the_second_of_two_crashes_is_reduced),
        cmocka_unit_test(without_a_legal_crash_state_it_is_measured_against_the_last_promise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
