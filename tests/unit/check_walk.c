/* SPDX-License-Identifier: MIT */
/* What the checker reports of sound arenas, and of files that are none. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "check_run.h"

/* What the visitor saw. */
struct seen {
    struct arena_image *image;
    unsigned metas, nodes, leaves, extents, findings;
    uint64_t pages, hole_pages, next_page, wrong_pages, bad_blocks, deepest;
    uint64_t root_first, root_last;
    struct pma_check_meta meta[2];
};

static void see_meta(void *context, const struct pma_check_meta *meta)
{
    struct seen *seen = context;
    seen->metas++;
    seen->meta[meta->slot] = *meta;
}

static void see_node(void *context, const struct pma_check_node *node)
{
    struct seen *seen = context;
    seen->nodes++;
    seen->leaves += node->level == 0;
    if (node->depth > seen->deepest)
        seen->deepest = node->depth;
    if (node->tree == PMA_CHECK_DIRECTORY && node->parent == 0) {
        seen->root_first = node->first;
        seen->root_last = node->last;
    }
    assert_true(node->sum_ok);
}

static void see_extent(void *context, const struct pma_check_extent *extent)
{
    struct seen *seen = context;
    seen->extents++;
    seen->bad_blocks += extent->bad_blocks;
}

static void see_page(void *context, uint64_t page, uint64_t length, const void *data)
{
    struct seen *seen = context;
    seen->wrong_pages += page < seen->next_page;
    seen->next_page = page + length;
    seen->pages += length;
    if (!data) {
        seen->hole_pages += length;
        return;
    }
    bool found = false;
    for (uint64_t block = 2; block < seen->image->blocks; block++)
        found |= memcmp(data, arena_image_block(seen->image, block), PMA_PAGE_SIZE) == 0;
    seen->wrong_pages += length != 1 || !found;
}

static void see_finding(void *context, const char *rule, const char *text)
{
    struct seen *seen = context;
    seen->findings++;
    print_message("%s: %s\n", rule, text);
}

static struct pma_check_report look(struct arena_image *image, struct seen *seen,
                                    const struct pma_check_options *options)
{
    struct check_file_in_memory file;
    struct pma_check_report report;
    struct pma_error error;
    struct pma_check_visitor visitor = {seen,     see_meta, see_node,   see_extent,
                                        see_page, NULL,     see_finding};
    memset(seen, 0, sizeof(*seen));
    seen->image = image;
    check_memory_open(&file);
    check_memory_write(&file, image->bytes, image->blocks * PMA_PAGE_SIZE);
    int code = pma_check(file.path, options, &visitor, &report, &error);
    check_memory_close(&file);
    if (code != 0)
        fail_msg("%s", error.text);
    return report;
}

static void a_sound_arena_has_no_findings(void **state)
{
    struct arena_image image;
    struct seen seen;
    arena_image_sample(&image);

    struct pma_check_report report = look(&image, &seen, NULL);

    assert_int_equal(report.findings, 0);
    assert_int_equal(seen.findings, 0);
    assert_int_equal(report.snapshot, SAMPLE_SNAPSHOT);
    assert_int_equal(report.event, 100 + SAMPLE_SNAPSHOT);
    assert_int_equal(report.file_blocks, SAMPLE_BLOCKS);
    assert_int_equal(report.extents, SAMPLE_EXTENTS);
    assert_int_equal(report.pages, SAMPLE_PAGES);
    assert_int_equal(report.nodes, SAMPLE_NODES);
    assert_int_equal(report.used_blocks, 2 + SAMPLE_DATA + SAMPLE_NODES);
    assert_int_equal(report.limbo_blocks, SAMPLE_LIMBO);
    arena_image_deinit(&image);
}

static void the_visitor_sees_metas_nodes_extents_and_pages(void **state)
{
    struct arena_image image;
    struct seen seen;
    arena_image_sample(&image);

    look(&image, &seen, NULL);

    assert_int_equal(seen.metas, 2);
    assert_true(seen.meta[0].valid);
    assert_int_equal(seen.meta[0].snapshot, SAMPLE_SNAPSHOT);
    assert_int_equal(seen.meta[1].snapshot, SAMPLE_SNAPSHOT - 1);
    assert_int_equal(seen.meta[0].directory_depth, 3);
    assert_int_equal(seen.meta[0].sums_depth, 1);
    assert_int_equal(seen.meta[0].roots[5], 55);
    assert_int_equal(seen.nodes, SAMPLE_NODES);
    assert_int_equal(seen.leaves, 6);
    assert_int_equal(seen.deepest, 2);
    assert_int_equal(seen.root_first, 0);
    assert_int_equal(seen.root_last, 69);
    assert_int_equal(seen.extents, SAMPLE_EXTENTS);
    assert_int_equal(seen.pages, SAMPLE_PAGES);
    assert_int_equal(seen.hole_pages, 1);
    assert_int_equal(seen.wrong_pages, 0);
    arena_image_deinit(&image);
}

static void one_snapshot_alone_leaves_the_other_unread(void **state)
{
    struct arena_image image;
    struct seen seen;
    struct pma_check_options options = PMA_CHECK_OPTIONS_INIT;
    options.both = false;
    arena_image_sample(&image);
    memset(arena_image_node(&image, &arena_image_meta(&image, 1)->directory), 0xff, PMA_PAGE_SIZE);

    struct pma_check_report report = look(&image, &seen, &options);

    assert_int_equal(report.findings, 0);
    assert_int_equal(report.limbo_blocks, 0);
    arena_image_deinit(&image);
}

static void the_previous_snapshot_can_be_walked(void **state)
{
    struct arena_image image;
    struct seen seen;
    struct pma_check_options options = PMA_CHECK_OPTIONS_INIT;
    options.which = PMA_CHECK_PREVIOUS;
    arena_image_sample(&image);

    struct pma_check_report report = look(&image, &seen, &options);

    assert_int_equal(report.findings, 0);
    assert_int_equal(report.snapshot, SAMPLE_SNAPSHOT - 1);
    assert_int_equal(report.limbo_blocks, SAMPLE_LIMBO);
    assert_int_equal(seen.pages, SAMPLE_PAGES);
    arena_image_deinit(&image);
}

static void without_data_only_the_trees_are_read(void **state)
{
    struct arena_image image;
    struct seen seen;
    struct pma_check_options options = PMA_CHECK_OPTIONS_INIT;
    options.data = false;
    arena_image_sample(&image);
    arena_image_block(&image, 2)[0] ^= 1;

    struct pma_check_report report = look(&image, &seen, &options);

    assert_int_equal(report.findings, 0);
    assert_int_equal(seen.extents, SAMPLE_EXTENTS);
    assert_int_equal(seen.pages, 0);
    arena_image_deinit(&image);
}

static void a_check_that_wants_only_the_first_finding_reads_nothing_after_it(void **state)
{
    struct arena_image image;
    struct seen seen;
    struct pma_check_options options = PMA_CHECK_OPTIONS_INIT;
    arena_image_sample(&image);
    arena_image_block(&image, 2)[0] ^= 1;
    memset(arena_image_node(&image, &arena_image_meta(&image, 1)->directory), 0xff, PMA_PAGE_SIZE);
    assert_true(look(&image, &seen, &options).findings > 1);
    options.first = true;

    struct pma_check_report report = look(&image, &seen, &options);

    assert_int_equal(report.findings, 1);
    assert_true(seen.pages < SAMPLE_PAGES);
    arena_image_deinit(&image);
}

static void an_arena_without_pages_is_sound(void **state)
{
    struct arena_image image;
    struct seen seen;
    arena_image_init(&image, 16);
    arena_image_snapshot(&image, 0, 1, NULL, 0, 0);

    struct pma_check_report report = look(&image, &seen, NULL);

    assert_int_equal(report.findings, 0);
    assert_int_equal(report.used_blocks, 2);
    assert_false(seen.meta[1].valid);
    assert_string_equal(seen.meta[1].reason, "never written");
    arena_image_deinit(&image);
}

/* 600 extents of every second page and block, so that leaves are full and sums have two levels. */
static void a_large_arena_is_sound(void **state)
{
    struct arena_image image;
    struct seen seen;
    struct format_extent extents[600] = {0};
    arena_image_init(&image, 1300);
    for (uint32_t i = 0; i < 600; i++) {
        extents[i] = (struct format_extent){.page = 2 * i, .length = 1};
        extents[i].block = arena_image_data(&image, 1);
        image.next++;
    }
    arena_image_snapshot(&image, 1, 9, extents, 600, 0);

    struct pma_check_report report = look(&image, &seen, NULL);

    assert_int_equal(report.findings, 0);
    assert_int_equal(seen.extents, 600);
    assert_int_equal(seen.meta[1].sums_depth, 2);
    assert_int_equal(report.nodes, 4 + 1 + 3 + 1);
    arena_image_deinit(&image);
}

static void a_run_longer_than_one_read_arrives_whole(void **state)
{
    struct arena_image image;
    struct seen seen;
    arena_image_init(&image, 128);
    struct format_extent extent = {.page = 3, .length = 100};
    extent.block = arena_image_data(&image, 100);
    arena_image_snapshot(&image, 0, 2, &extent, 1, 0);
    arena_image_block(&image, 50)[9] ^= 2;

    struct pma_check_report report = look(&image, &seen, NULL);

    assert_int_equal(report.findings, 1);
    assert_int_equal(seen.pages, 100);
    assert_int_equal(seen.next_page, 103);
    assert_int_equal(seen.wrong_pages, 0);
    assert_int_equal(seen.bad_blocks, 1);
    arena_image_deinit(&image);
}

static void a_missing_previous_snapshot_is_said(void **state)
{
    struct arena_image image;
    struct check_run run;
    struct check_file_in_memory file;
    struct pma_check_options options = PMA_CHECK_OPTIONS_INIT;
    options.which = PMA_CHECK_PREVIOUS;
    arena_image_init(&image, 16);
    arena_image_snapshot(&image, 0, 1, NULL, 0, 0);
    check_memory_open(&file);
    check_memory_write(&file, image.bytes, 16 * PMA_PAGE_SIZE);

    check_run_path(&run, file.path, &options);

    assert_int_equal(run.code, -ENOENT);
    assert_non_null(strstr(run.error.text, "there is no older snapshot, only snapshot 1"));
    check_memory_close(&file);
    arena_image_deinit(&image);
}

static void a_failure_leaves_the_report_as_it_was(void **state)
{
    struct pma_check_report report = {.findings = 77};
    assert_int_equal(pma_check("/nowhere/at/all.pma", NULL, NULL, &report, NULL), -ENOENT);
    assert_int_equal(report.findings, 77);
}

static void a_program_that_knows_fewer_options_gets_zeros_for_the_rest(void **state)
{
    const struct pma_check_options older = {.size = offsetof(struct pma_check_options, data),
                                            .which = PMA_CHECK_NEWEST,
                                            .both = true,
                                            .data = true};
    struct arena_image image;
    struct check_file_in_memory file;
    struct check_run run;

    arena_image_sample(&image);
    arena_image_block(&image, 2)[0] ^= 1;
    check_memory_open(&file);
    check_memory_write(&file, image.bytes, SAMPLE_BLOCKS * PMA_PAGE_SIZE);
    check_run_path(&run, file.path, &older);
    assert_int_equal(run.code, 0);
    assert_int_equal(run.report.findings, 0);
    check_run_path(&run, file.path, NULL);
    assert_true(run.report.findings > 0);
    check_memory_close(&file);
    arena_image_deinit(&image);
}

static void options_of_no_size_are_refused(void **state)
{
    struct check_run run;
    struct pma_check_options options = {0};
    check_run_path(&run, "/dev/null", &options);
    assert_int_equal(run.code, PMA_ENOTARENA);

    struct arena_image image;
    arena_image_sample(&image);
    struct check_file_in_memory file;
    check_memory_open(&file);
    check_memory_write(&file, image.bytes, SAMPLE_BLOCKS * PMA_PAGE_SIZE);
    check_run_path(&run, file.path, &options);
    assert_int_equal(run.code, PMA_EARGUMENT);
    check_memory_close(&file);
    arena_image_deinit(&image);
}

static void expect_refusal(const void *bytes, size_t count, int code, const char *text)
{
    struct check_run run;
    check_run_bytes(&run, bytes, count);
    assert_int_equal(run.code, code);
    assert_int_equal(run.error.code, code);
    if (!strstr(run.error.text, text))
        fail_msg("\"%s\" does not say \"%s\"", run.error.text, text);
}

static void a_path_that_is_no_file_is_refused(void **state)
{
    struct check_run run;
    check_run_path(&run, "/nowhere/at/all.pma", NULL);
    assert_int_equal(run.code, -ENOENT);
    assert_string_equal(run.error.text, "open /nowhere/at/all.pma: No such file or directory");

    check_run_path(&run, "/tmp", NULL);
    assert_int_equal(run.code, -EISDIR);
    assert_string_equal(run.error.text, "read /tmp: Is a directory");

    char directory[] = "/tmp/check-walk-XXXXXX", path[64];
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof(path), "%s/fifo", directory);
    assert_int_equal(mkfifo(path, 0600), 0);
    check_run_path(&run, path, NULL);
    assert_int_equal(run.code, PMA_ENOTARENA);
    assert_non_null(strstr(run.error.text, "not a regular file"));
    unlink(path);
    rmdir(directory);
}

static void a_file_that_is_no_arena_is_refused(void **state)
{
    unsigned char zeros[3 * PMA_PAGE_SIZE] = {0};
    expect_refusal("", 0, PMA_ENOTARENA, "empty: not a persistent memory arena");
    expect_refusal("hello", 5, PMA_ENOTARENA, "meta page 0: beyond the end of the file");
    expect_refusal(zeros, sizeof(zeros), PMA_ENOTARENA, "meta page 0: never written");
    memset(zeros, 'x', sizeof(zeros));
    expect_refusal(zeros, sizeof(zeros), PMA_ENOTARENA, "meta page 0: wrong magic");
    expect_refusal(FORMAT_MAGIC, 8, PMA_ECORRUPT, "meta page 0: beyond the end of the file");
}

static void an_arena_of_another_kind_is_refused(void **state)
{
    struct arena_image image;
    arena_image_sample(&image);
    for (unsigned slot = 0; slot < 2; slot++)
        arena_image_meta(&image, slot)->version = 2;
    arena_image_seal(&image);
    expect_refusal(image.bytes, SAMPLE_BLOCKS * PMA_PAGE_SIZE, PMA_EVERSION, "format version");

    for (unsigned slot = 0; slot < 2; slot++) {
        arena_image_meta(&image, slot)->version = FORMAT_VERSION;
        arena_image_meta(&image, slot)->page_size = 16384;
    }
    arena_image_seal(&image);
    expect_refusal(image.bytes, SAMPLE_BLOCKS * PMA_PAGE_SIZE, PMA_EMACHINE, "other page size");

    for (unsigned slot = 0; slot < 2; slot++)
        arena_image_meta(&image, slot)->page_size = PMA_PAGE_SIZE;
    expect_refusal(image.bytes, SAMPLE_BLOCKS * PMA_PAGE_SIZE, PMA_ECORRUPT, "wrong checksum");
    arena_image_deinit(&image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_arena_has_no_findings),
        cmocka_unit_test(the_visitor_sees_metas_nodes_extents_and_pages),
        cmocka_unit_test(one_snapshot_alone_leaves_the_other_unread),
        cmocka_unit_test(the_previous_snapshot_can_be_walked),
        cmocka_unit_test(without_data_only_the_trees_are_read),
        cmocka_unit_test(a_check_that_wants_only_the_first_finding_reads_nothing_after_it),
        cmocka_unit_test(an_arena_without_pages_is_sound),
        cmocka_unit_test(a_large_arena_is_sound),
        cmocka_unit_test(a_run_longer_than_one_read_arrives_whole),
        cmocka_unit_test(a_missing_previous_snapshot_is_said),
        cmocka_unit_test(a_failure_leaves_the_report_as_it_was),
        cmocka_unit_test(a_program_that_knows_fewer_options_gets_zeros_for_the_rest),
        cmocka_unit_test(options_of_no_size_are_refused),
        cmocka_unit_test(a_path_that_is_no_file_is_refused),
        cmocka_unit_test(a_file_that_is_no_arena_is_refused),
        cmocka_unit_test(an_arena_of_another_kind_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
