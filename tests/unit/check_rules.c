/* SPDX-License-Identifier: MIT */
/* For every rule of the checker: a fault that breaks it, planted in a sound arena, is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "check_run.h"
#include "check_walk.h"

struct plant {
    enum check_rule rule;
    const char *text; /* part of the finding */
    void (*fault)(struct arena_image *image);
    bool unsealed; /* the checksums stay as they were */
};

static struct format_meta *newest(struct arena_image *image)
{
    return arena_image_meta(image, 0);
}

static struct format_meta *older(struct arena_image *image)
{
    return arena_image_meta(image, 1);
}

static union arena_node *root(struct arena_image *image)
{
    return arena_image_node(image, &newest(image)->directory);
}

static union arena_node *inner(struct arena_image *image, unsigned at)
{
    return arena_image_node(image, &root(image)->inner.children[at].ref);
}

/* The leaf `at` of inner node `above`. */
static union arena_node *leaf(struct arena_image *image, unsigned above, unsigned at)
{
    return arena_image_node(image, &inner(image, above)->inner.children[at].ref);
}

static struct format_extent *extent(struct arena_image *image, unsigned above, unsigned at,
                                    unsigned position)
{
    return &leaf(image, above, at)->leaf.extents[position];
}

static union arena_node *sums(struct arena_image *image)
{
    return arena_image_node(image, &newest(image)->sums);
}

/* -- the file and its meta pages -- */

static void file_shorter_than_stated(struct arena_image *image)
{
    newest(image)->file_blocks = SAMPLE_BLOCKS + 1;
}

static void torn_newest_meta(struct arena_image *image)
{
    newest(image)->event++;
}

static void torn_older_meta(struct arena_image *image)
{
    memset((char *)older(image) + 256, 0, 256);
}

static void fanout_of_three(struct arena_image *image)
{
    newest(image)->fanout = 3;
}

static void snapshot_zero(struct arena_image *image)
{
    older(image)->snapshot = 0;
}

static void snapshot_beyond_all_numbers(struct arena_image *image)
{
    newest(image)->snapshot = FORMAT_SNAPSHOTS;
}

static void crooked_base(struct arena_image *image)
{
    newest(image)->base += 8;
}

static void nothing_reserved(struct arena_image *image)
{
    newest(image)->reserved_pages = 0;
}

static void reserved_past_the_end(struct arena_image *image)
{
    newest(image)->reserved_pages = UINT64_MAX / PMA_PAGE_SIZE;
}

static void based_at_zero(struct arena_image *image)
{
    newest(image)->base = 0;
}

static void based_past_the_end(struct arena_image *image)
{
    newest(image)->base = UINT64_C(1) << 47;
}

static void file_of_one_block(struct arena_image *image)
{
    older(image)->file_blocks = 1;
}

static void same_number_twice(struct arena_image *image)
{
    older(image)->snapshot = SAMPLE_SNAPSHOT;
}

static void another_uuid(struct arena_image *image)
{
    older(image)->uuid[15] ^= 1;
}

static void another_base(struct arena_image *image)
{
    older(image)->base += PMA_PAGE_SIZE;
}

static void another_reserve(struct arena_image *image)
{
    older(image)->reserved_pages++;
}

static void another_fanout(struct arena_image *image)
{
    older(image)->fanout = 5;
}

/* -- reserved bytes -- */

static void byte_in_meta(struct arena_image *image)
{
    newest(image)->reserved[79] = 1;
}

static void byte_after_meta(struct arena_image *image)
{
    arena_image_block(image, 1)[4095] = 1;
}

static void byte_in_reference(struct arena_image *image)
{
    root(image)->inner.children[1].ref.reserved = 1;
}

static void byte_in_extent(struct arena_image *image)
{
    extent(image, 0, 0, 1)->reserved = 1;
}

static void byte_in_header(struct arena_image *image)
{
    leaf(image, 0, 0)->header.index = 1;
}

static void byte_after_last_entry(struct arena_image *image)
{
    arena_image_block(image, root(image)->header.block)[4095] = 1;
}

static void entry_after_last(struct arena_image *image)
{
    leaf(image, 1, 0)->leaf.extents[leaf(image, 1, 0)->header.count].page = 1;
}

static void empty_sums_with_epoch(struct arena_image *image)
{
    newest(image)->sums = (struct format_ref){.epoch = 7};
}

static void empty_directory_with_depth(struct arena_image *image)
{
    newest(image)->directory = (struct format_ref){.depth = 1};
}

/* -- blocks -- */

static void data_in_meta_page(struct arena_image *image)
{
    extent(image, 0, 0, 0)->block = 1;
}

static void data_past_the_end(struct arena_image *image)
{
    extent(image, 0, 0, 1)->block = SAMPLE_BLOCKS - 1;
}

static void data_far_away(struct arena_image *image)
{
    extent(image, 0, 0, 1)->block = UINT64_MAX - 1;
}

static void node_past_the_end(struct arena_image *image)
{
    root(image)->inner.children[1].ref.block = SAMPLE_BLOCKS;
}

static void root_in_meta_page(struct arena_image *image)
{
    newest(image)->directory.block = 1;
}

static void sums_past_the_end(struct arena_image *image)
{
    newest(image)->sums.block = UINT64_C(1) << 60;
}

static void data_on_data(struct arena_image *image)
{
    extent(image, 0, 0, 1)->block = extent(image, 0, 0, 0)->block;
}

static void data_on_node(struct arena_image *image)
{
    extent(image, 1, 0, 0)->block = inner(image, 1)->header.block;
}

static void data_on_sums(struct arena_image *image)
{
    extent(image, 0, 0, 0)->block = sums(image)->header.block;
}

static void node_named_twice(struct arena_image *image)
{
    inner(image, 1)->inner.children[1].ref = inner(image, 1)->inner.children[0].ref;
}

static void circle(struct arena_image *image)
{
    leaf(image, 0, 0)->header.level = 1;
    inner(image, 0)->inner.children[0].ref.block = root(image)->header.block;
}

static void rotten_data(struct arena_image *image)
{
    arena_image_block(image, extent(image, 0, 0, 1)->block)[0] ^= 1;
    arena_image_block(image, extent(image, 0, 0, 1)->block + 1)[4095] ^= 0x80;
}

static void wrong_sum(struct arena_image *image)
{
    sums(image)->sums_leaf.sums[extent(image, 1, 0, 0)->block]++;
}

static void rotten_leaf(struct arena_image *image)
{
    leaf(image, 0, 1)->leaf.extents[0].page++;
}

static void old_node_in_place(struct arena_image *image)
{
    memcpy(root(image), arena_image_node(image, &older(image)->directory), PMA_PAGE_SIZE);
}

static void rotten_sums(struct arena_image *image)
{
    sums(image)->sums_leaf.sums[500] ^= 1;
}

static void epoch_not_as_named(struct arena_image *image)
{
    leaf(image, 0, 0)->header.epoch--;
}

static void no_sums_at_all(struct arena_image *image)
{
    newest(image)->sums = (struct format_ref){0};
}

static void sums_too_shallow(struct arena_image *image)
{
    newest(image)->file_blocks = 509;
}

static void sums_absurdly_deep(struct arena_image *image)
{
    newest(image)->sums.depth = UINT32_MAX;
}

/* -- trees -- */

static void kind_of_another_tree(struct arena_image *image)
{
    inner(image, 0)->header.kind = FORMAT_KIND_SUMS;
}

static void level_of_another_place(struct arena_image *image)
{
    leaf(image, 0, 0)->header.level = 1;
}

static void block_of_another_place(struct arena_image *image)
{
    root(image)->header.block++;
}

static void index_of_another_place(struct arena_image *image)
{
    sums(image)->header.index = 1;
}

static void slots_missing(struct arena_image *image)
{
    sums(image)->header.count = FORMAT_SUMS_LEAF - 1;
}

static void no_entries(struct arena_image *image)
{
    leaf(image, 0, 0)->header.count = 0;
}

static void more_than_fits(struct arena_image *image)
{
    leaf(image, 0, 0)->header.count = FORMAT_LEAF_EXTENTS + 1;
}

static void more_than_fanout(struct arena_image *image)
{
    leaf(image, 1, 0)->header.count = SAMPLE_FANOUT + 1;
}

static void root_with_one_child(struct arena_image *image)
{
    root(image)->header.count = 1;
}

static void too_empty(struct arena_image *image)
{
    newest(image)->fanout = older(image)->fanout = 20;
}

static void leaf_beside_inner(struct arena_image *image)
{
    root(image)->inner.children[0].ref.depth = 1;
}

static void directory_absurdly_deep(struct arena_image *image)
{
    newest(image)->directory.depth = UINT32_MAX;
}

static void directory_without_depth(struct arena_image *image)
{
    newest(image)->directory.depth = 0;
}

static void child_newer_than_parent(struct arena_image *image)
{
    inner(image, 1)->inner.children[0].ref.epoch = SAMPLE_SNAPSHOT;
    leaf(image, 1, 0)->header.epoch = SAMPLE_SNAPSHOT;
}

static void root_newer_than_snapshot(struct arena_image *image)
{
    newest(image)->directory.epoch = SAMPLE_SNAPSHOT + 1;
    root(image)->header.epoch = SAMPLE_SNAPSHOT + 1;
}

static void node_of_snapshot_zero(struct arena_image *image)
{
    inner(image, 1)->inner.children[0].ref.epoch = 0;
    leaf(image, 1, 0)->header.epoch = 0;
}

static void swap_extents(struct arena_image *image)
{
    struct format_extent *extents = leaf(image, 0, 0)->leaf.extents;
    struct format_extent first = extents[0];
    extents[0] = extents[1];
    extents[1] = first;
}

static void swap_children(struct arena_image *image)
{
    struct format_child *children = root(image)->inner.children;
    struct format_child first = children[0];
    children[0] = children[1];
    children[1] = first;
}

static void key_too_small(struct arena_image *image)
{
    root(image)->inner.children[1].page--;
}

static void extent_past_the_next_key(struct arena_image *image)
{
    union arena_node *node = leaf(image, 0, 0);
    node->leaf.extents[node->header.count - 1].length += 5;
}

/* -- extents -- */

static void page_twice(struct arena_image *image)
{
    extent(image, 0, 0, 1)->page = 0;
}

static void pages_overlap(struct arena_image *image)
{
    extent(image, 0, 0, 0)->length = 5;
}

static void page_outside(struct arena_image *image)
{
    newest(image)->reserved_pages = older(image)->reserved_pages = 69;
}

static void page_near_the_end_of_numbers(struct arena_image *image)
{
    union arena_node *node = leaf(image, 1, 0);
    node->leaf.extents[node->header.count - 1].page = UINT64_MAX;
}

static void extent_without_pages(struct arena_image *image)
{
    extent(image, 0, 0, 1)->length = 0;
}

static void extents_that_touch(struct arena_image *image)
{
    extent(image, 0, 0, 0)->length = 4;
    extent(image, 0, 0, 0)->block = SAMPLE_BLOCKS - 8;
    extent(image, 0, 0, 1)->block = SAMPLE_BLOCKS - 4;
}

static void holes_that_touch(struct arena_image *image)
{
    for (unsigned i = 0; i < 2; i++) {
        extent(image, 0, 0, i)->length = 4;
        extent(image, 0, 0, i)->block = 0;
    }
}

static void leaves_that_touch(struct arena_image *image)
{
    union arena_node *left = leaf(image, 0, 0);
    struct format_extent *last = &left->leaf.extents[left->header.count - 1];
    struct format_extent *first = extent(image, 0, 1, 0);
    last->length = (uint32_t)(first->page - last->page);
    last->block = first->block = 0;
}

static void one_extent_more(struct arena_image *image)
{
    newest(image)->extents++;
}

static void one_page_less(struct arena_image *image)
{
    older(image)->pages--;
}

static const struct plant plants[] = {
    {RULE_FILE_LENGTH, "the file has 64 whole blocks, meta page 0 (snapshot 7) says 65",
     file_shorter_than_stated, false},
    {RULE_META_VALID, "meta page 0 is not valid (wrong checksum)", torn_newest_meta, true},
    {RULE_META_VALID, "meta page 1 is not valid (wrong checksum)", torn_older_meta, true},
    {RULE_META_FIELDS, "meta page 0 has a fan-out of 3", fanout_of_three, false},
    {RULE_META_FIELDS, "meta page 1 has snapshot number 0", snapshot_zero, false},
    {RULE_META_FIELDS, "has snapshot number 2305843009213693952", snapshot_beyond_all_numbers,
     false},
    {RULE_META_FIELDS, "base 0x7e8000000008, not a multiple", crooked_base, false},
    {RULE_META_FIELDS, "reserves 0 pages", nothing_reserved, false},
    {RULE_META_FIELDS, "which is no range of addresses", reserved_past_the_end, false},
    {RULE_META_FIELDS, "pages from 0x0, which is no range", based_at_zero, false},
    {RULE_META_FIELDS, "pages from 0x800000000000, which is no range", based_past_the_end, false},
    {RULE_META_FIELDS, "meta page 1 says that the file has 1 blocks", file_of_one_block, false},
    {RULE_METAS_AGREE, "both meta pages are of snapshot 7", same_number_twice, false},
    {RULE_METAS_AGREE, "different UUIDs", another_uuid, false},
    {RULE_METAS_AGREE, "different address ranges", another_base, false},
    {RULE_METAS_AGREE, "different address ranges", another_reserve, false},
    {RULE_METAS_AGREE, "different fan-outs, 4 and 5", another_fanout, false},
    {RULE_RESERVED_ZERO, "meta page 0 has reserved bytes", byte_in_meta, false},
    {RULE_RESERVED_ZERO, "after the record of meta page 1", byte_after_meta, false},
    {RULE_RESERVED_ZERO, "the reference to directory node", byte_in_reference, false},
    {RULE_RESERVED_ZERO, "the extent of page 4 has reserved bytes", byte_in_extent, false},
    {RULE_RESERVED_ZERO, "the header of directory node", byte_in_header, false},
    {RULE_RESERVED_ZERO, "is not zero after its last entry", byte_after_last_entry, false},
    {RULE_RESERVED_ZERO, "is not zero after its last entry", entry_after_last, false},
    {RULE_RESERVED_ZERO, "checksum root names no block", empty_sums_with_epoch, false},
    {RULE_RESERVED_ZERO, "directory root names no block", empty_directory_with_depth, false},
    {RULE_BLOCKS_INSIDE_FILE, "block 1, a meta page, is named as data of page 0", data_in_meta_page,
     false},
    {RULE_BLOCKS_INSIDE_FILE, "data of page 4 is in block 63 (2 long), but the blocks end at 64",
     data_past_the_end, false},
    {RULE_BLOCKS_INSIDE_FILE, "block 18446744073709551614", data_far_away, false},
    {RULE_BLOCKS_INSIDE_FILE, "a directory node is in block 64", node_past_the_end, false},
    {RULE_BLOCKS_INSIDE_FILE, "block 1, a meta page, is named as a directory node",
     root_in_meta_page, false},
    {RULE_BLOCKS_INSIDE_FILE, "a checksum node is in block 1152921504606846976", sums_past_the_end,
     false},
    {RULE_BLOCKS_OWNED_ONCE, "is both data of page 4 and data of another page", data_on_data,
     false},
    {RULE_BLOCKS_OWNED_ONCE, "and a directory node", data_on_node, false},
    {RULE_BLOCKS_OWNED_ONCE, "is both data of page 0 and a checksum node", data_on_sums, false},
    {RULE_BLOCKS_OWNED_ONCE, "is both a directory node and another one", node_named_twice, false},
    {RULE_BLOCKS_OWNED_ONCE, "is both a directory node and another one", circle, false},
    {RULE_CHECKSUMS_MATCH, "(pages 4-5): the data does not have the checksum", rotten_data, true},
    {RULE_CHECKSUMS_MATCH, ": the data does not have the checksum", wrong_sum, false},
    {RULE_CHECKSUMS_MATCH, "has checksum", rotten_leaf, true},
    {RULE_CHECKSUMS_MATCH, "snapshot 7: directory root", old_node_in_place, true},
    {RULE_CHECKSUMS_MATCH, "snapshot 7: checksum root", rotten_sums, true},
    {RULE_CHECKSUMS_MATCH, "was written by snapshot 5, what names it says 6", epoch_not_as_named,
     false},
    {RULE_SUMS_COVER, "no leaf of the checksum tree covers", no_sums_at_all, false},
    {RULE_SUMS_COVER, "has depth 1, a file of 509 blocks demands 2", sums_too_shallow, false},
    {RULE_SUMS_COVER, "has depth 4294967295", sums_absurdly_deep, false},
    {RULE_NODES_IN_PLACE, "is of kind 0x4d555350, not 0x52494450", kind_of_another_tree, false},
    {RULE_NODES_IN_PLACE, "says that it is of level 1, its place demands 0", level_of_another_place,
     false},
    {RULE_NODES_IN_PLACE, "says that it is in block", block_of_another_place, false},
    {RULE_NODES_IN_PLACE, "says that it has index 1 and 508 slots", index_of_another_place, false},
    {RULE_NODES_IN_PLACE, "says that it has index 0 and 507 slots", slots_missing, false},
    {RULE_NODES_FILLED, "has 0 entries", no_entries, false},
    {RULE_NODES_FILLED, "has 170 entries", more_than_fits, false},
    {RULE_NODES_FILLED, "has 5 entries; a leaf in its place has 1 to 4", more_than_fanout, false},
    {RULE_NODES_FILLED, "has 1 entries; an inner node in its place has 2 to 4", root_with_one_child,
     false},
    {RULE_NODES_FILLED, "a leaf in its place has 5 to 20", too_empty, false},
    {RULE_DEPTHS_EQUAL, "has depth 1, its place demands 2", leaf_beside_inner, false},
    {RULE_DEPTHS_EQUAL, "has depth 4294967295", directory_absurdly_deep, false},
    {RULE_DEPTHS_EQUAL, "has depth 0, its place demands 1", directory_without_depth, false},
    {RULE_EPOCHS_ORDERED, "is of snapshot 7, what names it of snapshot 6", child_newer_than_parent,
     false},
    {RULE_EPOCHS_ORDERED, "is of snapshot 8, what names it of snapshot 7", root_newer_than_snapshot,
     false},
    {RULE_EPOCHS_ORDERED, "is of snapshot 0", node_of_snapshot_zero, false},
    {RULE_KEYS_ORDERED, "the extent of page 0 comes after that of page 4", swap_extents, false},
    {RULE_KEYS_ORDERED, "before key 0", swap_children, false},
    {RULE_KEYS_ORDERED, "begins with page", key_too_small, false},
    {RULE_KEYS_ORDERED, "belong to the next node", extent_past_the_next_key, false},
    {RULE_PAGES_MAPPED_ONCE, "page 0 is in two extents", page_twice, false},
    {RULE_PAGES_MAPPED_ONCE, "page 4 is in two extents, from page 0 and from page 4 on",
     pages_overlap, false},
    {RULE_PAGES_INSIDE_ARENA, "the extent of 2 pages from page 68 on leaves the arena",
     page_outside, false},
    {RULE_PAGES_INSIDE_ARENA, "from page 18446744073709551615 on", page_near_the_end_of_numbers,
     false},
    {RULE_EXTENTS_NOT_EMPTY, "the extent of page 4 in directory node", extent_without_pages, false},
    {RULE_EXTENTS_JOINED, "pages 0-3 and 4-5 continue each other", extents_that_touch, false},
    {RULE_EXTENTS_JOINED, "pages 0-3 and 4-7 continue each other", holes_that_touch, false},
    {RULE_EXTENTS_JOINED, "continue each other", leaves_that_touch, false},
    {RULE_COUNTS_MATCH, "the directory holds 18 extents of 27 pages, the meta page says 19 of 27",
     one_extent_more, false},
    {RULE_COUNTS_MATCH, "snapshot 6 (older): the directory holds 18 extents of 27 pages",
     one_page_less, false},
};
enum { PLANTS = sizeof(plants) / sizeof(plants[0]) };

static const char *const rule_names[] = {
#define CHECK_RULE(rule, name) [rule] = name,
    CHECK_RULES(CHECK_RULE)
#undef CHECK_RULE
};
enum { RULES = sizeof(rule_names) / sizeof(rule_names[0]) };

/* The rules from here on are those of the heap, for which heap_damage plants faults. */
enum { PLANTED_RULES = RULE_HEAP_RECORD };

static void a_planted_fault_is_named(void **state)
{
    const struct plant *plant = *state;
    struct arena_image image;
    struct check_run run;
    arena_image_sample(&image);
    plant->fault(&image);
    if (!plant->unsealed)
        arena_image_seal(&image);

    check_run_image(&run, &image);

    const char *rule = rule_names[plant->rule];
    if (run.code != 0 || !check_run_find(&run, rule, plant->text)) {
        check_run_print(&run);
        fail_msg("%s is not reported: %s", rule, plant->text);
    }
    assert_int_equal(run.report.findings, run.count);
    arena_image_deinit(&image);
}

static void a_file_that_ends_inside_a_block_is_named(void **state)
{
    struct arena_image image;
    struct check_run run;
    arena_image_sample(&image);

    check_run_bytes(&run, image.bytes, SAMPLE_BLOCKS * PMA_PAGE_SIZE - 1);

    assert_int_equal(run.code, 0);
    assert_non_null(check_run_find(&run, "file-length", "the file is 262143 bytes long"));
    assert_non_null(check_run_find(&run, "file-length", "the file has 63 whole blocks"));
    arena_image_deinit(&image);
}

/* A checksum tree of two levels, whose root has leaves for blocks 0, 508 and 1016 on. */
static void make_two_levels_of_sums(struct arena_image *image)
{
    struct format_extent extents[3] = {0};
    arena_image_init(image, 1300);
    for (uint32_t i = 0; i < 3; i++) {
        extents[i] = (struct format_extent){.page = 2 * i, .length = 1};
        image->next = 2 + 508 * i;
        extents[i].block = arena_image_data(image, 1);
    }
    arena_image_snapshot(image, 0, SAMPLE_SNAPSHOT, extents, 3, 0);
}

static void a_checksum_node_beyond_the_file_is_named(void **state)
{
    struct arena_image image;
    struct check_run run;
    make_two_levels_of_sums(&image);
    struct format_ref *children = sums(&image)->sums_inner.children;
    children[3] = children[0];
    children[3].block = image.next++;
    union arena_node *stray = arena_image_node(&image, &children[3]);
    memcpy(stray, arena_image_node(&image, &children[0]), sizeof(*stray));
    stray->header.block = children[3].block;
    stray->header.index = 3;
    arena_image_seal(&image);

    check_run_image(&run, &image);

    assert_non_null(check_run_find(&run, "sums-cover", "from 1524 on, but the file has 1300"));
    assert_int_equal(run.count, 1);
    arena_image_deinit(&image);
}

static void a_missing_checksum_leaf_is_named(void **state)
{
    struct arena_image image;
    struct check_run run;
    make_two_levels_of_sums(&image);
    sums(&image)->sums_inner.children[1] = (struct format_ref){0};
    arena_image_seal(&image);

    check_run_image(&run, &image);

    assert_non_null(check_run_find(&run, "sums-cover", "block 510 (page 2): no leaf"));
    assert_int_equal(run.count, 1);
    arena_image_deinit(&image);
}

static void a_reference_to_no_block_must_be_zero(void **state)
{
    struct arena_image image;
    struct check_run run;
    make_two_levels_of_sums(&image);
    sums(&image)->sums_inner.children[126].checksum = 1;
    arena_image_seal(&image);

    check_run_image(&run, &image);

    assert_non_null(check_run_find(&run, "reserved-zero", "reference 126 in checksum node"));
    assert_int_equal(run.count, 1);
    arena_image_deinit(&image);
}

static void every_rule_has_a_planted_fault(void **state)
{
    bool seen[RULES] = {false};
    for (unsigned i = 0; i < PLANTS; i++)
        seen[plants[i].rule] = true;
    for (unsigned rule = 0; rule < PLANTED_RULES; rule++)
        if (!seen[rule])
            fail_msg("no fault is planted for %s", rule_names[rule]);
}

/* Each line of a table row: | 7 | `name` | what | yes | yes |, the checker first. */
static void the_rules_are_those_of_the_document(void **state)
{
    FILE *document = fopen(INVARIANTS_MD, "r");
    assert_non_null(document);
    unsigned rule = 0, number = 0, rows = 0;
    char line[1024];
    while (fgets(line, sizeof(line), document)) {
        char name[64];
        if (sscanf(line, "| %u | `%63[a-z-]` |", &number, name) != 2)
            continue;
        assert_int_equal(number, ++rows);
        if (strstr(line, "| | yes |"))
            continue;
        assert_true(rule < RULES);
        assert_string_equal(name, rule_names[rule++]);
    }
    assert_int_equal(rule, RULES);
    fclose(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_that_ends_inside_a_block_is_named),
        cmocka_unit_test(a_checksum_node_beyond_the_file_is_named),
        cmocka_unit_test(a_missing_checksum_leaf_is_named),
        cmocka_unit_test(a_reference_to_no_block_must_be_zero),
        cmocka_unit_test(every_rule_has_a_planted_fault),
        cmocka_unit_test(the_rules_are_those_of_the_document),
    };
    struct CMUnitTest planted[PLANTS];
    for (unsigned i = 0; i < PLANTS; i++)
        planted[i] = (struct CMUnitTest){.name = plants[i].text,
                                         .test_func = a_planted_fault_is_named,
                                         .initial_state = (void *)&plants[i]};
    int failed = cmocka_run_group_tests_name("planted faults", planted, NULL, NULL);
    return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
