/* SPDX-License-Identifier: MIT */
#include <pma/check.h>

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_walk.h"
#include "error.h"
#include "options.h"

void check_finding(struct check *check, enum check_rule rule, const char *format, ...)
{
    static const char *const names[] = {
#define CHECK_RULE(symbol, name) [symbol] = name,
        CHECK_RULES(CHECK_RULE)
#undef CHECK_RULE
    };
    check->findings++;
    check->file.stopped = check->first;
    if (!check->visitor->finding)
        return;
    char text[512];
    int prefix = snprintf(text, sizeof text, "%s", check->prefix);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + prefix, sizeof text - (size_t)prefix, format, arguments);
    va_end(arguments);
    check->visitor->finding(check->visitor->context, names[rule], text);
}

static void report_metas(const struct pma_check_visitor *visitor, const struct check_metas *metas)
{
    for (unsigned slot = 0; visitor->meta && slot < FORMAT_META_BLOCKS; slot++) {
        const struct format_meta *meta = &metas->meta[slot];
        struct pma_check_meta out = {.slot = slot, .reason = metas->reason[slot]};
        if (!out.reason) {
            out = (struct pma_check_meta){
                .slot = slot,
                .valid = true,
                .snapshot = meta->snapshot,
                .event = meta->event,
                .base = meta->base,
                .reserved_pages = meta->reserved_pages,
                .file_blocks = meta->file_blocks,
                .extents = meta->extents,
                .pages = meta->pages,
                .heap = meta->heap,
                .directory_block = meta->directory.block,
                .sums_block = meta->sums.block,
                .directory_depth = meta->directory.depth,
                .sums_depth = meta->sums.depth,
                .fanout = meta->fanout,
            };
            memcpy(out.uuid, meta->uuid, sizeof out.uuid);
            memcpy(out.roots, meta->roots, sizeof out.roots);
        }
        visitor->meta(visitor->context, &out);
    }
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* The checksum tree first, because the data is judged by it while the directory is walked. */
static int walk_snapshot(struct check_walk *walk, const struct check_metas *metas)
{
    struct check *check = walk->check;
    char prefix[64];
    snprintf(prefix, sizeof prefix, "snapshot %" PRIu64 "%s: ", walk->meta->snapshot,
             walk->meta == metas->previous ? " (older)" : "");
    check->prefix = prefix;
    walk->limit = smaller(walk->meta->file_blocks, check->file.bytes / PMA_PAGE_SIZE);
    walk->sums_count = (walk->limit + FORMAT_SUMS_LEAF - 1) / FORMAT_SUMS_LEAF;
    walk->sums = calloc(walk->sums_count + 1, sizeof *walk->sums);
    int code = walk->sums ? check_sums(walk) : check_file_out_of_memory(&check->file);
    if (code == 0)
        code = check_directory(walk);
    if (code == 0 && !walk->directory_partial)
        code = check_heap(walk);
    check->prefix = "";
    return code;
}

static int walk_snapshots(struct check *check, const struct check_metas *metas,
                          const struct format_meta *meta, const struct format_meta *other,
                          struct pma_check_report *report)
{
    struct check_walk walk = {.check = check, .meta = meta};
    struct check_walk second = {.check = check, .meta = other, .seen = &walk};
    uint64_t named = meta->file_blocks;
    if (other && other->file_blocks > named)
        named = other->file_blocks;
    check->blocks_count = smaller(named, check->file.bytes / PMA_PAGE_SIZE);
    check->blocks = calloc(check->blocks_count + 1, sizeof *check->blocks);
    check->buffer = check->data ? malloc(CHECK_READ_BLOCKS * PMA_PAGE_SIZE) : NULL;
    int code = 0;
    if (!check->blocks || (check->data && !check->buffer))
        code = check_file_out_of_memory(&check->file);
    if (code == 0)
        code = walk_snapshot(&walk, metas);
    if (code == 0 && other)
        code = walk_snapshot(&second, metas);
    if (check->file.stopped)
        code = 0;
    if (code == 0)
        *report = (struct pma_check_report){
            .findings = check->findings,
            .snapshot = meta->snapshot,
            .event = meta->event,
            .file_blocks = check->file.bytes / PMA_PAGE_SIZE,
            .used_blocks = FORMAT_META_BLOCKS + walk.reached,
            .limbo_blocks = second.limbo,
            .extents = walk.extents,
            .pages = walk.pages,
            .nodes = walk.nodes,
            .heap = walk.heap,
        };
    free(walk.sums);
    free(second.sums);
    free(walk.extents_seen);
    free(second.extents_seen);
    free(check->blocks);
    free(check->buffer);
    return code;
}

/* The code's own words would only mislead here: the file does exist. */
static int no_previous(struct pma_error *error, const char *path, uint64_t snapshot)
{
    if (error) {
        error->code = -ENOENT;
        snprintf(error->text, sizeof error->text,
                 "%s: there is no older snapshot, only snapshot %" PRIu64, path, snapshot);
    }
    return -ENOENT;
}

static int take_options(const struct pma_check_options *given, struct pma_check_options *options,
                        const char *path, struct pma_error *error)
{
    *options = PMA_CHECK_OPTIONS_INIT;
    if (given && !options_take(options, sizeof(*options), given))
        return error_set(error, PMA_EARGUMENT,
                         "check %s: options of %lu bytes, this library knows %lu", path,
                         given->size, sizeof(*options));
    return 0;
}

int pma_check(const char *path, const struct pma_check_options *given,
              const struct pma_check_visitor *visitor, struct pma_check_report *report,
              struct pma_error *error)
{
    static const struct pma_check_visitor nobody = {0};
    struct pma_check_report unread;
    struct check check = {.visitor = visitor ? visitor : &nobody, .prefix = ""};
    struct pma_check_options options;
    struct check_metas metas;
    const struct format_meta *meta, *other;

    int code = check_file_open(&check.file, path, error);
    if (code != 0)
        goto out;
    code = take_options(given, &options, path, error);
    if (code != 0)
        goto out;
    check.data = options.data;
    check.first = options.first;
    code = check_metas(&check, &metas);
    if (code != 0)
        goto out;
    report_metas(check.visitor, &metas);
    meta = options.which == PMA_CHECK_PREVIOUS ? metas.previous : metas.newest;
    other = meta == metas.newest ? metas.previous : metas.newest;
    if (!meta) {
        code = no_previous(error, path, metas.newest->snapshot);
        goto out;
    }
    code = walk_snapshots(&check, &metas, meta, options.both ? other : NULL,
                          report ? report : &unread);
out:
    check_file_close(&check.file);
    return code;
}
