/* SPDX-License-Identifier: MIT */
/* Damage of every kind: the checker notices what matters, and survives everything. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "check_run.h"

static struct arena_image image;
static struct check_file_in_memory file;

static int set_up(void **state)
{
    arena_image_sample(&image);
    check_memory_open(&file);
    check_memory_write(&file, image.bytes, SAMPLE_BLOCKS * PMA_PAGE_SIZE);
    return 0;
}

static int tear_down(void **state)
{
    check_memory_close(&file);
    arena_image_deinit(&image);
    return 0;
}

/* What the blocks hold, from the checker's callbacks on the sound image. */
enum use { UNREACHED, TREES, DATA };

static void mark_node(void *context, const struct pma_check_node *node)
{
    ((enum use *)context)[node->block] = TREES;
}

static void mark_extent(void *context, const struct pma_check_extent *extent)
{
    for (uint64_t i = 0; extent->block && i < extent->length; i++)
        ((enum use *)context)[extent->block + i] = DATA;
}

static void uses_of_blocks(enum use uses[SAMPLE_BLOCKS])
{
    struct pma_check_visitor visitor = {.context = uses, .node = mark_node, .extent = mark_extent};
    struct pma_check_options options = PMA_CHECK_OPTIONS_INIT;
    memset(uses, 0, SAMPLE_BLOCKS * sizeof *uses);
    uses[0] = uses[1] = TREES;
    assert_int_equal(pma_check(file.path, &options, &visitor, NULL, NULL), 0);
    options.which = PMA_CHECK_PREVIOUS;
    assert_int_equal(pma_check(file.path, &options, &visitor, NULL, NULL), 0);
}

/* Flips a bit of that byte in all blocks of that use, or what was flipped back. */
static unsigned flip_in_all(const enum use uses[SAMPLE_BLOCKS], enum use use, size_t offset)
{
    unsigned blocks = 0;
    for (size_t block = 0; block < SAMPLE_BLOCKS; block++) {
        unsigned char *byte = image.bytes + block * PMA_PAGE_SIZE + offset;
        if (uses[block] != use)
            continue;
        *byte ^= (unsigned char)(1 << offset % 8);
        assert_int_equal(pwrite(file.fd, byte, 1, byte - image.bytes), 1);
        blocks++;
    }
    return blocks;
}

static void every_flipped_byte_of_the_trees_is_noticed(void **state)
{
    enum use uses[SAMPLE_BLOCKS], one[SAMPLE_BLOCKS] = {0};
    struct pma_check_options options = PMA_CHECK_OPTIONS_INIT;
    unsigned blocks = 0;
    uses_of_blocks(uses);
    options.data = false;
    for (size_t block = 0; block < SAMPLE_BLOCKS; block++) {
        if (uses[block] != TREES)
            continue;
        one[block] = TREES;
        for (size_t offset = 0; offset < PMA_PAGE_SIZE; offset++) {
            struct pma_check_report report = {0};
            flip_in_all(one, TREES, offset);
            int code = pma_check(file.path, &options, NULL, &report, NULL);
            flip_in_all(one, TREES, offset);
            if (code == 0 && report.findings == 0)
                fail_msg("flipping bit %zu of byte %zu of block %zu passes", offset % 8, offset,
                         block);
        }
        one[block] = UNREACHED;
        blocks++;
    }
    assert_int_equal(blocks, 2 + SAMPLE_NODES + SAMPLE_LIMBO - 2);
}

static void add_bad_blocks(void *context, const struct pma_check_extent *extent)
{
    *(uint64_t *)context += extent->bad_blocks;
}

static void expect_all_data_bad(enum pma_check_which which, size_t offset)
{
    uint64_t bad = 0;
    struct pma_check_visitor visitor = {.context = &bad, .extent = add_bad_blocks};
    struct pma_check_options options = PMA_CHECK_OPTIONS_INIT;
    options.which = which;
    options.both = false;
    assert_int_equal(pma_check(file.path, &options, &visitor, NULL, NULL), 0);
    if (bad != SAMPLE_DATA)
        fail_msg("flipping bit %zu of byte %zu of all data is noticed in %lu blocks of %d",
                 offset % 8, offset, bad, SAMPLE_DATA);
}

/* A bad block of data hides no other, so one byte of each is flipped at a time. */
static void every_flipped_byte_of_data_is_noticed(void **state)
{
    enum use uses[SAMPLE_BLOCKS];
    uses_of_blocks(uses);
    for (size_t offset = 0; offset < PMA_PAGE_SIZE; offset++) {
        assert_int_equal(flip_in_all(uses, DATA, offset), SAMPLE_DATA + 2);
        expect_all_data_bad(PMA_CHECK_NEWEST, offset);
        expect_all_data_bad(PMA_CHECK_PREVIOUS, offset);
        flip_in_all(uses, DATA, offset);
    }
}

static void what_no_snapshot_reaches_may_be_anything(void **state)
{
    enum use uses[SAMPLE_BLOCKS];
    struct pma_check_report report = {0};
    unsigned blocks = 0;
    uses_of_blocks(uses);
    for (size_t offset = 0; offset < PMA_PAGE_SIZE; offset++)
        blocks = flip_in_all(uses, UNREACHED, offset);
    assert_int_equal(blocks, SAMPLE_BLOCKS - 2 - SAMPLE_DATA - SAMPLE_NODES - SAMPLE_LIMBO);
    assert_int_equal(pma_check(file.path, NULL, NULL, &report, NULL), 0);
    assert_int_equal(report.findings, 0);
}

static void a_truncated_file_is_noticed(void **state)
{
    size_t length = SAMPLE_BLOCKS * PMA_PAGE_SIZE;
    while (length > 0) {
        length -= length > 2 * PMA_PAGE_SIZE ? 509 : 1;
        struct pma_check_report report = {0};
        assert_int_equal(ftruncate(file.fd, (off_t)length), 0);
        int code = pma_check(file.path, NULL, NULL, &report, NULL);
        if (code == 0 && report.findings == 0)
            fail_msg("a file of %zu bytes passes", length);
    }
}

/* Interesting values for whole fields: the edges of what a field can say. */
static uint64_t edge(void)
{
    static const uint64_t edges[] = {0,
                                     1,
                                     2,
                                     3,
                                     SAMPLE_BLOCKS - 1,
                                     SAMPLE_BLOCKS,
                                     SAMPLE_BLOCKS + 1,
                                     169,
                                     170,
                                     508,
                                     0xffff,
                                     0x10000,
                                     UINT32_MAX,
                                     UINT64_C(1) << 32,
                                     UINT64_C(1) << 51,
                                     UINT64_C(1) << 52,
                                     UINT64_C(1) << 63,
                                     UINT64_MAX - 4095,
                                     UINT64_MAX - 1,
                                     UINT64_MAX};
    return edges[(unsigned)random() % (sizeof(edges) / sizeof(edges[0]))];
}

static void damage(unsigned char *bytes)
{
    for (unsigned faults = 1 + (unsigned)random() % 8; faults > 0; faults--) {
        size_t at = (size_t)random() % (SAMPLE_BLOCKS * PMA_PAGE_SIZE);
        /* Most fields are at the beginning of a block. */
        if (random() % 4)
            at = at / PMA_PAGE_SIZE * PMA_PAGE_SIZE + (size_t)random() % 256;
        if (random() % 8 == 0)
            at = (size_t)random() % 512;
        uint64_t value = edge();
        switch (random() % 4) {
        case 0:
            bytes[at] ^= (unsigned char)(1 << random() % 8);
            break;
        case 1:
            memcpy(bytes + at / 8 * 8, &value, 8);
            break;
        case 2:
            memcpy(bytes + at / 4 * 4, &value, 4);
            break;
        default:
            memcpy(bytes + at / PMA_PAGE_SIZE * PMA_PAGE_SIZE,
                   image.bytes + (size_t)random() % SAMPLE_BLOCKS * PMA_PAGE_SIZE, PMA_PAGE_SIZE);
        }
    }
}

/* With its checksums made right again, damage gets past them and into the walk. */
static void random_damage_is_survived(void **state)
{
    const unsigned seed = 20240607;
    srandom(seed);
    print_message("seed %u\n", seed);
    struct arena_image copy;
    arena_image_init(&copy, SAMPLE_BLOCKS);
    unsigned walked = 0;
    for (unsigned round = 0; round < 6000; round++) {
        struct check_run run;
        memcpy(copy.bytes, image.bytes, SAMPLE_BLOCKS * PMA_PAGE_SIZE);
        damage(copy.bytes);
        if (round % 4)
            arena_image_seal(&copy);
        check_memory_write(&file, copy.bytes, SAMPLE_BLOCKS * PMA_PAGE_SIZE);
        check_run_path(&run, file.path, NULL);
        walked += run.code == 0 && run.report.findings > 0;
        assert_true(run.code <= 0);
    }
    assert_true(walked > 1000);
    arena_image_deinit(&copy);
}

/* Every entry of every leaf claims the whole file, and every reference names the same node. */
static void an_arena_that_claims_everything_at_once_ends(void **state)
{
    struct check_run run;
    struct format_meta *meta = arena_image_meta(&image, 0);
    meta->fanout = 0;
    meta->reserved_pages = UINT64_C(1) << 40;
    meta->file_blocks = UINT64_C(1) << 60;
    meta->directory.depth = 60;
    for (uint64_t block = 2; block < SAMPLE_BLOCKS; block++) {
        union arena_node *node = (union arena_node *)arena_image_block(&image, block);
        bool leaf = block % 2;
        node->header = (struct format_node_header){.kind = FORMAT_KIND_DIRECTORY,
                                                   .level = leaf ? 0 : 1,
                                                   .count = leaf ? 169 : 101,
                                                   .block = block,
                                                   .epoch = 1};
        for (unsigned i = 0; leaf && i < 169; i++)
            node->leaf.extents[i] =
                (struct format_extent){.page = i, .block = 2, .length = UINT32_MAX};
        for (unsigned i = 0; !leaf && i < 101; i++)
            node->inner.children[i] = (struct format_child){
                .page = i, .ref = {.block = 2 + i % 62, .epoch = 1, .depth = 1 + i % 2}};
    }
    arena_image_seal(&image);
    check_memory_write(&file, image.bytes, SAMPLE_BLOCKS * PMA_PAGE_SIZE);

    check_run_path(&run, file.path, NULL);

    assert_int_equal(run.code, 0);
    assert_true(run.report.findings > 0);
}

/* Found by fuzzing. */
static void a_heap_without_any_page_is_a_finding(void **state)
{
    struct check_run run;
    struct format_meta *meta = arena_image_meta(&image, 0);
    meta->heap = meta->base;
    meta->directory = (struct format_ref){0};
    meta->extents = meta->pages = 0;
    arena_image_seal(&image);
    check_memory_write(&file, image.bytes, SAMPLE_BLOCKS * PMA_PAGE_SIZE);

    check_run_path(&run, file.path, NULL);

    assert_int_equal(run.code, 0);
    assert_true(run.report.findings > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_flipped_byte_of_the_trees_is_noticed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(every_flipped_byte_of_data_is_noticed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_no_snapshot_reaches_may_be_anything, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_truncated_file_is_noticed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(random_damage_is_survived, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_heap_without_any_page_is_a_finding, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_arena_that_claims_everything_at_once_ends, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
