/* SPDX-License-Identifier: MIT */
/*
 * The model media: each kind of damage has a store whose recovery overlooks that kind alone, and
 * the search must find it; a recovery that overlooks nothing notices them all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <faultsim/capture.h>
#include <faultsim/explore.h>

/*
 * A shelf: two headers, used in turn, and three areas of two parts each, so that what the older
 * header means stays whole while the next update is written. A block says where it belongs and of
 * which update it is, and has a sum of its words.
 */
enum { BLOCK = FSIM_BLOCK_SIZE, HEADERS = 2, AREAS = 3, PARTS = 2, UPDATES = 5, WORDS = 40 };

struct record {
    uint64_t place; /* the number of its block */
    uint64_t update;
    uint64_t words[WORDS];
    uint64_t sum;
};

/* What a recovery does not look at. */
enum oversight { NONE, SUM, ZEROS, PLACE, UPDATE };

static uint64_t header_of(uint64_t update)
{
    return update % HEADERS;
}

static uint64_t part_of(uint64_t update, uint64_t part)
{
    return HEADERS + update % AREAS * PARTS + part;
}

static uint64_t word_of(uint64_t place, uint64_t update)
{
    return (place << 32 | update) * UINT64_C(0x9e3779b97f4a7c15);
}

static uint64_t sum_of(const struct record *record)
{
    uint64_t sum = record->place * 3 + record->update * 5 + 1;

    for (size_t i = 0; i < WORDS; i++)
        sum = sum * 7 + record->words[i];
    return sum;
}

static struct fsim_digest state_of(uint64_t update)
{
    return update == 0 ? FSIM_ABSENT : (struct fsim_digest){update, ~update};
}

/* ---- the workload ---- */

static int put(int fd, uint64_t place, uint64_t update)
{
    struct record record = {.place = place, .update = update};

    for (size_t i = 0; i < WORDS; i++)
        record.words[i] = word_of(place, update);
    record.sum = sum_of(&record);
    off_t offset = (off_t)place * BLOCK;
    return pwrite(fd, &record, sizeof record, offset) == sizeof record ? 0 : -errno;
}

static int put_update(int fd, uint64_t update)
{
    int error = 0;

    fsim_capture_mark(FSIM_MARK_BEGIN, "update", state_of(update), NULL, 0);
    for (uint64_t part = 0; error == 0 && part < PARTS; part++)
        error = put(fd, part_of(update, part), update);
    if (error == 0 && fdatasync(fd) == 0)
        error = put(fd, header_of(update), update);
    if (error != 0 || fdatasync(fd) != 0)
        return -EIO;
    fsim_capture_mark(FSIM_MARK_ACK, "update", state_of(update), NULL, 0);
    return 0;
}

static int open_shelf(const char *directory, int flags)
{
    char path[512];

    snprintf(path, sizeof path, "%s/shelf", directory);
    return open(path, flags | O_CLOEXEC, 0600);
}

static int set_up(void *context, const char *directory)
{
    int fd = open_shelf(directory, O_RDWR | O_CREAT);

    return fd < 0 || ftruncate(fd, (HEADERS + AREAS * PARTS) * BLOCK) != 0 || close(fd) != 0
               ? -errno
               : 0;
}

static int record(void *context, const char *directory)
{
    int fd, error = 0;

    fsim_capture_mark(FSIM_MARK_ACK, "empty", state_of(0), NULL, 0);
    fd = open_shelf(directory, O_RDWR);
    for (uint64_t update = 1; error == 0 && update <= UPDATES; update++)
        error = put_update(fd, update);
    close(fd);
    return error;
}

/* ---- recovery ---- */

static bool is_zero(const struct record *record)
{
    static const struct record zeros;

    return memcmp(record, &zeros, sizeof zeros) == 0;
}

/* Whether a block is taken for what was put at `place` by `update`; 0: by any. */
static bool takes(enum oversight oversight, const struct record *record, uint64_t place,
                  uint64_t update)
{
    if (is_zero(record))
        return oversight == ZEROS;
    return (oversight == SUM || record->sum == sum_of(record)) &&
           (oversight == PLACE || record->place == place) &&
           (oversight == UPDATE || update == 0 || record->update == update);
}

static bool get(int fd, uint64_t place, struct record *record)
{
    return pread(fd, record, sizeof *record, (off_t)place * BLOCK) == sizeof *record;
}

static uint64_t newest_update(int fd)
{
    struct record record;
    uint64_t newest = 0;

    for (uint64_t place = 0; place < HEADERS; place++)
        if (get(fd, place, &record) && takes(NONE, &record, place, 0) && record.update > newest)
            newest = record.update;
    return newest;
}

static void recover(void *context, const char *directory, struct fsim_outcome *outcome)
{
    const enum oversight *oversight = context;
    struct record record;
    int fd = open_shelf(directory, O_RDONLY);
    const uint64_t update = newest_update(fd);

    outcome->state = state_of(update);
    for (uint64_t part = 0; update > 0 && part < PARTS; part++) {
        const uint64_t place = part_of(update, part);
        if (!get(fd, place, &record) || !takes(*oversight, &record, place, update)) {
            outcome->status = FSIM_REFUSED;
            outcome->state = (struct fsim_digest){0};
            break;
        }
        for (size_t i = 0; i < WORDS; i++)
            if (record.words[i] != word_of(place, update))
                outcome->state = (struct fsim_digest){.low = 1, .high = 1}; /* it never was */
    }
    close(fd);
}

/* ---- what is found ---- */

enum damage { FLIP, ZEROED, STRAY, LOST, DAMAGES };

struct findings {
    uint64_t noticed, violations[DAMAGES];
};

static enum damage damage_of(const struct fsim_violation *violation, size_t index)
{
    const uint64_t value = violation->values[index];
    unsigned char scratch[FSIM_BLOCK_SIZE];
    uint64_t content, bit;
    struct record record;

    if (fsim_value_flipped(value, &content, &bit))
        return FLIP;
    if (value == FSIM_ZEROS)
        return ZEROED;
    memcpy(&record, fsim_value_content(violation->trace, value, scratch), sizeof record);
    return record.place == violation->items[index].number ? LOST : STRAY;
}

static bool is_damaged(const struct fsim_violation *violation, size_t index)
{
    const struct fsim_item item = violation->items[index];
    const uint64_t *values;
    const size_t count = fsim_cursor_values(violation->cursor, item, &values);

    for (size_t i = fsim_cursor_sound(violation->cursor, item); i < count; i++)
        if (values[i] == violation->values[index])
            return true;
    return false;
}

static void on_violation(void *sink, const struct fsim_violation *violation)
{
    struct findings *findings = sink;
    size_t damaged = 0;

    assert_int_equal(violation->verdict, FSIM_V_MIX);
    for (size_t i = 0; i < violation->item_count; i++) {
        if (!is_damaged(violation, i))
            continue;
        damaged++;
        findings->violations[damage_of(violation, i)]++;
    }
    assert_int_equal(damaged, 1);
}

static void on_point(void *sink, const struct fsim_point_report *report)
{
    struct findings *findings = sink;

    findings->noticed += report->by_verdict[FSIM_NOTICED];
}

static struct findings find(enum oversight oversight, enum fsim_model model)
{
    const struct fsim_subject subject = {.name = "shelf",
                                         .context = &oversight,
                                         .setup = set_up,
                                         .record = record,
                                         .recover = recover};
    struct findings findings = {0};
    const struct fsim_options options = {
        .model = model, .sink = &findings, .on_violation = on_violation, .on_point = on_point};
    struct fsim_summary summary;

    if (fsim_crash_test(&subject, &options, &summary) != 0)
        fail_msg("%s", summary.error);
    assert_true(summary.complete);
    return findings;
}

static void expect(const struct findings *findings, enum damage damage)
{
    for (int i = 0; i < DAMAGES; i++)
        assert_int_equal(findings->violations[i] > 0, i == (int)damage);
}

static void a_recovery_that_looks_at_all_notices_all(void **state)
{
    const struct findings findings = find(NONE, FSIM_MEDIA);

    expect(&findings, DAMAGES);
    assert_true(findings.noticed > 0);
}

static void no_oversight_shows_where_nothing_is_damaged(void **state)
{
    for (enum oversight oversight = NONE; oversight <= UPDATE; oversight++) {
        const struct findings findings = find(oversight, FSIM_POWER_LOSS);
        expect(&findings, DAMAGES);
        assert_int_equal(findings.noticed, 0);
    }
}

static void a_sum_that_nobody_looks_at_shows_by_a_flipped_bit(void **state)
{
    const struct findings findings = find(SUM, FSIM_MEDIA);

    expect(&findings, FLIP);
}

static void zeros_that_pass_for_never_written_show(void **state)
{
    const struct findings findings = find(ZEROS, FSIM_MEDIA);

    expect(&findings, ZEROED);
}

static void a_block_that_does_not_say_where_it_belongs_shows_by_a_stray_write(void **state)
{
    const struct findings findings = find(PLACE, FSIM_MEDIA);

    expect(&findings, STRAY);
}

static void a_block_that_does_not_say_when_it_was_written_shows_by_a_lost_write(void **state)
{
    const struct findings findings = find(UPDATE, FSIM_MEDIA);

    expect(&findings, LOST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_recovery_that_looks_at_all_notices_all),
        cmocka_unit_test(no_oversight_shows_where_nothing_is_damaged),
        cmocka_unit_test(a_sum_that_nobody_looks_at_shows_by_a_flipped_bit),
        cmocka_unit_test(zeros_that_pass_for_never_written_show),
        cmocka_unit_test(a_block_that_does_not_say_where_it_belongs_shows_by_a_stray_write),
        cmocka_unit_test(a_block_that_does_not_say_when_it_was_written_shows_by_a_lost_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
