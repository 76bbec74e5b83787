/* SPDX-License-Identifier: MIT */
/* A copy holds one snapshot, compact and verified, and is there wholly or not at all. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <pma/check.h>

#include "arena_place.h"

enum { PAGES = 300, STEP = 77 /* prime to PAGES */ };

static struct arena_place beside(const struct arena_place *place, const char *name)
{
    struct arena_place other = *place;

    snprintf(other.path, sizeof(other.path), "%s/%s", place->directory, name);
    return other;
}

static void copy(const struct arena_place *from, const struct arena_place *to,
                 const struct pma_options *options)
{
    struct pma_error error;

    if (pma_copy(from->path, to->path, options, &error))
        fail_msg("%s", error.text);
    assert_int_equal(error.code, 0);
}

static unsigned char *at(pma_t *arena, uint64_t page)
{
    return (unsigned char *)pma_base(arena) + page * PMA_PAGE_SIZE;
}

static void scatter(pma_t *arena, uint64_t tag)
{
    for (uint64_t i = 0; i < PAGES; i++)
        arena_fill(at(arena, i * STEP % PAGES), tag + i * STEP % PAGES);
}

static void expect(pma_t *arena, uint64_t tag)
{
    for (uint64_t i = 0; i < PAGES; i++)
        assert_int_equal(arena_tag(at(arena, i)), tag + i);
}

/* Snapshots 2 and 3, events 1 and 2, of pages with tags from 1000 and 2000 on, one an extent. */
static pma_t *two_snapshots(const struct arena_place *place)
{
    struct pma_options options = PMA_OPTIONS_INIT;
    pma_t *arena;

    options.fanout = 8;
    arena = arena_create(place, &options);
    arena_alloc(arena, PAGES, 0);
    scatter(arena, 1000);
    arena_ok(arena, pma_set_root(arena, 7, 77));
    arena_snapshot(arena, 1);
    scatter(arena, 2000);
    arena_ok(arena, pma_set_root(arena, 7, 78));
    arena_snapshot(arena, 2);
    return arena;
}

static struct pma_check_report check(const struct arena_place *place)
{
    struct pma_check_report report;
    struct pma_error error;

    if (pma_check(place->path, NULL, NULL, &report, &error))
        fail_msg("%s", error.text);
    assert_int_equal(report.findings, 0);
    return report;
}

static uint64_t nodes_for(uint64_t entries, uint64_t fanout)
{
    uint64_t nodes = 0;

    do
        nodes += entries = (entries + fanout - 1) / fanout;
    while (entries > 1);
    return nodes;
}

static void a_copy_is_the_snapshot_on_consecutive_blocks(void **state)
{
    const struct arena_place to = beside(*state, "copy.pma");
    struct pma_check_report report;
    struct pma_stat stat;
    uint64_t root;
    pma_t *arena;

    arena_close(two_snapshots(*state));
    copy(*state, &to, NULL);
    report = check(&to);
    assert_int_equal(report.snapshot, 3);
    assert_int_equal(report.extents, 1);
    assert_int_equal(report.used_blocks, report.file_blocks);
    assert_int_equal(report.file_blocks, 2 + PAGES + 2);

    arena = arena_open(&to);
    expect(arena, 2000);
    arena_ok(arena, pma_root(arena, 7, &root));
    assert_int_equal(root, 78);
    arena_ok(arena, pma_stat(arena, &stat));
    assert_int_equal(stat.event, 2);
    arena_fill(at(arena, 5), 1);
    arena_snapshot(arena, 3);
    arena_close(arena);
    check(&to);
}

static void the_previous_snapshot_can_be_copied(void **state)
{
    const struct arena_place to = beside(*state, "copy.pma");
    struct pma_options options = PMA_OPTIONS_INIT;
    pma_t *arena;

    arena_close(two_snapshots(*state));
    options.previous = true;
    copy(*state, &to, &options);
    assert_int_equal(check(&to).snapshot, 2);
    arena = arena_open(&to);
    expect(arena, 1000);
    arena_close(arena);
}

static void a_copy_is_made_beside_the_writer_and_without_its_unsaved_work(void **state)
{
    const struct arena_place to = beside(*state, "copy.pma");
    pma_t *arena = two_snapshots(*state);

    scatter(arena, 3000);
    copy(*state, &to, NULL);
    expect(arena, 3000);
    arena_snapshot(arena, 3);
    arena_close(arena);
    arena = arena_open(&to);
    expect(arena, 2000);
    arena_close(arena);
}

/* A page in two is missing, so nothing can be joined. */
static void the_directory_of_a_copy_has_as_few_nodes_as_it_can(void **state)
{
    const struct arena_place to = beside(*state, "copy.pma");
    pma_t *arena = two_snapshots(*state);
    struct pma_check_report report;

    for (uint64_t i = 0; i < PAGES; i += 2)
        arena_ok(arena, pma_pages_free(arena, at(arena, i), 1));
    arena_snapshot(arena, 3);
    arena_close(arena);
    copy(*state, &to, NULL);
    report = check(&to);
    assert_int_equal(report.extents, PAGES / 2);
    assert_int_equal(report.nodes, nodes_for(PAGES / 2, 8) + 1);
    arena = arena_open(&to);
    for (uint64_t i = 1; i < PAGES; i += 2)
        assert_int_equal(arena_tag(at(arena, i)), 2000 + i);
    arena_close(arena);
}

static void holes_stay_holes(void **state)
{
    const struct arena_place to = beside(*state, "copy.pma");
    const struct pma_options small = arena_small();
    pma_t *arena = arena_create(*state, &small);
    struct pma_check_report report;

    arena_alloc(arena, 20, 0);
    arena_fill(at(arena, 10), 9);
    arena_snapshot(arena, 1);
    arena_close(arena);
    copy(*state, &to, NULL);
    report = check(&to);
    assert_int_equal(report.extents, 3);
    assert_int_equal(report.file_blocks, 2 + 1 + 2);
    arena = arena_open(&to);
    assert_int_equal(arena_tag(at(arena, 9)), 0);
    assert_int_equal(arena_tag(at(arena, 10)), 9);
    arena_close(arena);
}

static void an_empty_arena_is_copied_too(void **state)
{
    const struct arena_place to = beside(*state, "copy.pma");
    const struct pma_options small = arena_small();
    pma_t *arena;

    arena_close(arena_create(*state, &small));
    copy(*state, &to, NULL);
    assert_int_equal(check(&to).file_blocks, 2);
    arena = arena_open(&to);
    arena_fill(arena_alloc(arena, 1, 0), 4);
    arena_snapshot(arena, 1);
    arena_close(arena);
    check(&to);
}

static void demand_nothing_else(const struct arena_place *place)
{
    DIR *directory = opendir(place->directory);
    const struct dirent *entry;

    while ((entry = readdir(directory))) {
        if (entry->d_name[0] != '.')
            assert_string_equal(entry->d_name, "test.pma");
    }
    closedir(directory);
}

static void a_damaged_block_is_named_and_nothing_is_left_behind(void **state)
{
    const struct arena_place *place = *state, to = beside(place, "copy.pma");
    pma_t *arena = two_snapshots(place);
    struct pma_error error;
    struct pma_run run;
    char expected[64];
    int fd;

    arena_ok(arena, pma_next_run(arena, at(arena, 33), &run));
    arena_close(arena);
    fd = open(place->path, O_RDWR);
    assert_int_equal(pwrite(fd, "rot", 3, (off_t)(run.block * PMA_PAGE_SIZE + 9)), 3);
    close(fd);
    assert_int_equal(pma_copy(place->path, to.path, NULL, &error), PMA_ECORRUPT);
    snprintf(expected, sizeof(expected), "block %lu of page 33 fails its checksum", run.block);
    assert_non_null(strstr(error.text, expected));
    assert_non_null(strstr(error.text, "copy "));
    demand_nothing_else(place);
}

static void what_is_there_is_not_replaced(void **state)
{
    const struct arena_place *place = *state;
    struct pma_error error;

    arena_close(two_snapshots(place));
    assert_int_equal(pma_copy(place->path, place->path, NULL, &error), PMA_EEXISTS);
    assert_non_null(strstr(error.text, "file exists"));
    check(place);
    demand_nothing_else(place);
}

static void what_is_not_there_cannot_be_copied(void **state)
{
    const struct arena_place *place = *state, to = beside(place, "copy.pma");
    struct pma_error error;

    assert_int_equal(pma_copy(place->path, to.path, NULL, &error), -ENOENT);
    assert_int_equal(pma_copy(NULL, to.path, NULL, NULL), PMA_EARGUMENT);
    assert_int_equal(pma_copy(place->path, NULL, NULL, NULL), PMA_EARGUMENT);
    demand_nothing_else(place);
}

struct progress {
    uint64_t copied, all, calls;
};

static void note_progress(void *context, uint64_t copied, uint64_t all)
{
    struct progress *progress = context;

    assert_true(copied > progress->copied);
    *progress = (struct progress){copied, all, progress->calls + 1};
}

static void progress_is_reported_up_to_the_end(void **state)
{
    const struct arena_place to = beside(*state, "copy.pma");
    struct pma_options options = PMA_OPTIONS_INIT;
    struct progress progress = {0};

    arena_close(two_snapshots(*state));
    options.progress = note_progress;
    options.progress_context = &progress;
    copy(*state, &to, &options);
    assert_int_equal(progress.all, PAGES);
    assert_int_equal(progress.copied, PAGES);
    assert_true(progress.calls > 1);
}

#define place_test(test)                                                                           \
    cmocka_unit_test_setup_teardown(test, arena_place_setup, arena_place_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        place_test(a_copy_is_the_snapshot_on_consecutive_blocks),
        place_test(the_previous_snapshot_can_be_copied),
        place_test(a_copy_is_made_beside_the_writer_and_without_its_unsaved_work),
        place_test(the_directory_of_a_copy_has_as_few_nodes_as_it_can),
        place_test(holes_stay_holes),
        place_test(an_empty_arena_is_copied_too),
        place_test(a_damaged_block_is_named_and_nothing_is_left_behind),
        place_test(what_is_there_is_not_replaced),
        place_test(what_is_not_there_cannot_be_copied),
        place_test(progress_is_reported_up_to_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
