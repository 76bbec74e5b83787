/* SPDX-License-Identifier: MIT */
/* The data blocks: whether each has a checksum, and whether its content has that checksum. */
#include "check_walk.h"

#include <inttypes.h>
#include <stdio.h>

/* Blocks [block, block + length) and pages [page, page + length), for findings. */
static const char *run_name(uint64_t block, uint64_t page, uint64_t length, char *text,
                            size_t bytes)
{
    if (length == 1)
        snprintf(text, bytes, "block %" PRIu64 " (page %" PRIu64 ")", block, page);
    else
        snprintf(text, bytes, "blocks %" PRIu64 "-%" PRIu64 " (pages %" PRIu64 "-%" PRIu64 ")",
                 block, block + length - 1, page, page + length - 1);
    return text;
}

void check_cover(struct check_walk *walk, const struct format_extent *extent)
{
    uint64_t end = extent->block + extent->length;
    for (uint64_t block = extent->block, after; block < end; block = after) {
        uint64_t leaf = block / FORMAT_SUMS_LEAF;
        after = (leaf + 1) * FORMAT_SUMS_LEAF < end ? (leaf + 1) * FORMAT_SUMS_LEAF : end;
        char name[128];
        if (!walk->sums[leaf])
            check_finding(walk->check, RULE_SUMS_COVER,
                          "%s: no leaf of the checksum tree covers %s",
                          run_name(block, extent->page + (block - extent->block), after - block,
                                   name, sizeof name),
                          after - block == 1 ? "it" : "them");
    }
}

/* The checksum that the tree states for the block; NULL if it states none. */
static const uint64_t *stated(const struct check_walk *walk, uint64_t block)
{
    uint64_t leaf = block / FORMAT_SUMS_LEAF;
    if (leaf >= walk->sums_count || !walk->sums[leaf])
        return NULL;
    return &walk->sums[leaf]->sums[block % FORMAT_SUMS_LEAF];
}

/* The second walk reads again only what the first has not found to be what both trees state. */
static bool must_read(const struct check_walk *walk, uint64_t block)
{
    const struct check_block *state = &walk->check->blocks[block];
    if (!walk->seen || !state->data_read || state->data_bad)
        return true;
    const uint64_t *here = stated(walk, block), *there = stated(walk->seen, block);
    return here && (!there || *here != *there);
}

static bool is_bad(struct check_walk *walk, uint64_t block, const unsigned char *content)
{
    const uint64_t *sum = stated(walk, block);
    bool bad = sum && format_checksum(content, PMA_PAGE_SIZE) != *sum;
    walk->check->blocks[block].data_read = true;
    walk->check->blocks[block].data_bad = bad;
    return bad;
}

/* Judges `length` blocks in the buffer; neighbours that are bad share a finding. */
static uint64_t judge(struct check_walk *walk, uint64_t block, uint64_t page, uint64_t length)
{
    uint64_t bad = 0, run = 0;
    for (uint64_t i = 0; i <= length; i++) {
        if (i < length && is_bad(walk, block + i, walk->check->buffer + i * PMA_PAGE_SIZE)) {
            run++;
            continue;
        }
        char name[128];
        if (run > 0)
            check_finding(walk->check, RULE_CHECKSUMS_MATCH,
                          "%s: the data does not have the checksum that the checksum tree states",
                          run_name(block + i - run, page + i - run, run, name, sizeof name));
        bad += run;
        run = 0;
    }
    return bad;
}

static void report_pages(const struct check_walk *walk, uint64_t page, uint64_t length)
{
    const struct pma_check_visitor *visitor = walk->check->visitor;
    if (!visitor->page || walk->seen)
        return;
    for (uint64_t i = 0; i < length; i++)
        visitor->page(visitor->context, page + i, 1, walk->check->buffer + i * PMA_PAGE_SIZE);
}

int check_data(struct check_walk *walk, const struct format_extent *extent, uint64_t *bad_blocks)
{
    uint64_t length, most = walk->check->first ? 1 : CHECK_READ_BLOCKS;
    for (uint64_t at = 0; at < extent->length; at += length) {
        uint64_t block = extent->block + at, page = extent->page + at;
        length = 1;
        if (!must_read(walk, block))
            continue;
        while (at + length < extent->length && length < most && must_read(walk, block + length))
            length++;
        int code = check_file_read(&walk->check->file, block * PMA_PAGE_SIZE, walk->check->buffer,
                                   length * PMA_PAGE_SIZE);
        if (code != 0)
            return code;
        *bad_blocks += judge(walk, block, page, length);
        report_pages(walk, page, length);
    }
    return 0;
}
