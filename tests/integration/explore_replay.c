/* SPDX-License-Identifier: MIT */
/* A violation as bytes: stored, replayed, and bytes that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scratch.h"
#include "tiny_stores.h"

/* The first violation of a store, packed. */
struct stored {
    void *image;
    size_t bytes;
    struct fsim_outcome outcome;
};

static void store(void *sink, const struct fsim_violation *violation)
{
    struct stored *stored = sink;
    if (stored->image != NULL)
        return;
    assert_int_equal(fsim_image_pack(violation, &stored->image, &stored->bytes), 0);
    stored->outcome = *violation->outcome;
}

static struct stored violation_of(struct fsim_subject subject)
{
    struct stored stored = {0};
    struct fsim_summary summary;
    struct fsim_options options = {
        .model = FSIM_POWER_LOSS, .time_limit_ms = 200, .sink = &stored, .on_violation = store};
    if (fsim_crash_test(&subject, &options, &summary) != 0)
        fail_msg("%s: %s", subject.name, summary.error);
    assert_non_null(stored.image);
    return stored;
}

static void expect_the_same_again(struct fsim_subject subject)
{
    struct stored stored = violation_of(subject);
    struct fsim_outcome outcome;
    void *evidence;
    assert_int_equal(fsim_replay(&subject, stored.image, stored.bytes, 200, &outcome, &evidence),
                     0);
    assert_int_equal(outcome.status, stored.outcome.status);
    assert_true(fsim_digest_equal(outcome.state, stored.outcome.state));
    assert_string_equal(outcome.message, stored.outcome.message);
    assert_int_equal(outcome.evidence_bytes, stored.outcome.evidence_bytes);
    free(evidence);
    free(stored.image);
}

static void a_violation_happens_again(void **state)
{
    expect_the_same_again(tiny_in_place(&(struct tiny){0}));
    expect_the_same_again(tiny_slots(&(struct tiny){.skip_data_sync = true}));
    expect_the_same_again(tiny_renamed(&(struct tiny){.skip_data_sync = true}));
    expect_the_same_again(tiny_renamed(&(struct tiny){.skip_commit_sync = true}));
    expect_the_same_again(tiny_log(&(struct tiny){.skip_data_sync = true}));
}

static void so_do_crashes_and_hangs(void **state)
{
    expect_the_same_again(tiny_slots(&(struct tiny){.recovery = CRASHES_ON_TWO}));
    expect_the_same_again(tiny_slots(&(struct tiny){.recovery = EXITS_ON_TWO}));
    expect_the_same_again(tiny_slots(&(struct tiny){.recovery = HANGS_ON_TWO}));
}

static void the_evidence_comes_back(void **state)
{
    struct tiny tiny = {.skip_data_sync = true, .recovery = EVIDENCE};
    struct fsim_subject subject = tiny_slots(&tiny);
    struct stored stored = violation_of(subject);
    struct fsim_outcome outcome;
    uint64_t *evidence;
    assert_int_equal(
        fsim_replay(&subject, stored.image, stored.bytes, 0, &outcome, (void **)&evidence), 0);
    assert_int_equal(outcome.evidence_bytes, sizeof *evidence);
    assert_true(*evidence >= 1 && *evidence <= 3);
    free(evidence);
    free(stored.image);
}

static int write_into_scratch(const void *image, size_t bytes)
{
    struct scratch scratch;
    assert_int_equal(scratch_open(&scratch, scratch_in_memory()), 0);
    int result = fsim_image_write(image, bytes, scratch.path);
    scratch_close(&scratch);
    return result;
}

static void bytes_that_are_cut_off_are_refused(void **state)
{
    struct stored stored = violation_of(tiny_in_place(&(struct tiny){0}));
    assert_int_equal(write_into_scratch(stored.image, stored.bytes), 0);
    for (size_t bytes = 0; bytes < stored.bytes; bytes += bytes < 64 ? 1 : 97)
        assert_int_equal(write_into_scratch(stored.image, bytes), -EILSEQ);
    free(stored.image);
}

static void bytes_behind_the_end_are_refused(void **state)
{
    struct stored stored = violation_of(tiny_in_place(&(struct tiny){0}));
    uint8_t *longer = realloc(stored.image, stored.bytes + 1);
    assert_non_null(longer);
    longer[stored.bytes] = 0;
    assert_int_equal(write_into_scratch(longer, stored.bytes + 1), -EILSEQ);
    free(longer);
}

static void bytes_that_lie_do_no_harm(void **state)
{
    struct stored stored = violation_of(tiny_renamed(&(struct tiny){.skip_data_sync = true}));
    uint8_t *image = stored.image;
    for (size_t i = 0; i < stored.bytes * 8; i++) {
        if (i / 8 >= 80 && i / 8 + 80 < stored.bytes && i % 641 != 0)
            continue; /* all of the numbers, some of the content */
        image[i / 8] ^= (uint8_t)(1U << (i % 8));
        int result = write_into_scratch(image, stored.bytes);
        assert_true(result <= 0);
        image[i / 8] ^= (uint8_t)(1U << (i % 8));
    }
    free(stored.image);
}

static void a_name_cannot_lead_out_of_the_directory(void **state)
{
    struct stored stored = violation_of(tiny_in_place(&(struct tiny){0}));
    uint8_t *image = stored.image;
    assert_memory_equal(image + stored.bytes - 5, "store", 5);
    memcpy(image + stored.bytes - 5, "../up", 5);
    assert_int_equal(write_into_scratch(image, stored.bytes), -EILSEQ);
    free(stored.image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_violation_happens_again),
        cmocka_unit_test(so_do_crashes_and_hangs),
        cmocka_unit_test(the_evidence_comes_back),
        cmocka_unit_test(bytes_that_are_cut_off_are_refused),
        cmocka_unit_test(bytes_behind_the_end_are_refused),
        cmocka_unit_test(bytes_that_lie_do_no_harm),
        cmocka_unit_test(a_name_cannot_lead_out_of_the_directory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
