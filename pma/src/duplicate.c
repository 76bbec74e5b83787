/* SPDX-License-Identifier: MIT */
/*
 * A compacting copy of the snapshot that a view shows (docs/space.md, "Copying"): data in page
 * order on consecutive blocks, then the nodes of trees that are built anew.
 */
#include <errno.h>
#include <stdlib.h>

#include "new_file.h"
#include "operations.h"
#include "os.h"
#include "pages.h"

enum { AT_ONCE = 64 }; /* blocks read and written */

struct copying {
    struct pma *from;
    const struct pma_options *options;
    int fd;
    unsigned char *buffer;
    uint64_t blocks; /* of data */
    uint64_t next;   /* block of the new file */

    struct directory_host host;
    struct directory directory;
    struct sums sums;
    struct extent *extents; /* of the copy */
    size_t count, capacity;
    struct pma_error *error;
};

/* Joins an extent to the last one if it continues it. */
static int append(struct copying *copying, const struct extent *extent)
{
    struct extent *last = copying->count ? &copying->extents[copying->count - 1] : NULL;

    if (last && extent_continues(last, extent)) {
        last->length += extent->length;
        return 0;
    }
    if (copying->count == copying->capacity) {
        const size_t capacity = copying->capacity ? 2 * copying->capacity : 256;
        struct extent *extents = realloc(copying->extents, capacity * sizeof(*extents));

        if (!extents)
            return error_set(copying->error, -ENOMEM, "memory for %lu extents", capacity);
        copying->extents = extents;
        copying->capacity = capacity;
    }
    copying->extents[copying->count++] = *extent;
    return 0;
}

/* The view's own words for what is wrong with it. */
static int view_failed(const struct copying *copying, int result, const char *what)
{
    if (copying->from->error.code != result)
        return error_set(copying->error, result, "%s", what);
    if (copying->error)
        *copying->error = copying->from->error;
    return result;
}

static int read_verified(struct copying *copying, const struct extent *part)
{
    uint64_t expected;
    int result = os_read(copying->from->fd, copying->buffer, extent_bytes(part),
                         part->block * PMA_PAGE_SIZE, FAULT_COPY_READ);

    if (result)
        return error_set(copying->error, result, "read of blocks %lu to %lu", part->block,
                         part->block + part->length - 1);
    for (uint32_t i = 0; i < part->length; i++) {
        const uint64_t found =
            format_checksum(copying->buffer + (size_t)i * PMA_PAGE_SIZE, PMA_PAGE_SIZE);

        result = sums_get(&copying->from->sums, part->block + i, &expected);
        if (result && result != -ENOENT)
            return view_failed(copying, result, "checksum tree");
        if (result || expected != found)
            return error_set(copying->error, PMA_ECORRUPT,
                             "block %lu of page %lu fails its checksum", part->block + i,
                             part->page + i);
        result = sums_set(&copying->sums, copying->next + i, found);
        if (result)
            return error_set(copying->error, result, "memory for checksums");
    }
    return 0;
}

static int write_blocks(struct copying *copying, const void *bytes, uint64_t block, uint64_t count)
{
    int result = os_write(copying->fd, bytes, count * PMA_PAGE_SIZE, block * PMA_PAGE_SIZE,
                          FAULT_COPY_WRITE);

    return result ? error_set(copying->error, result, "write of blocks %lu to %lu", block,
                              block + count - 1)
                  : 0;
}

static void report_progress(const struct copying *copying)
{
    if (copying->options->progress)
        copying->options->progress(copying->options->progress_context,
                                   copying->next - FORMAT_META_BLOCKS, copying->blocks);
}

static int copy_extent(struct copying *copying, const struct extent *extent)
{
    struct extent fresh = {.page = extent->page, .length = extent->length};
    struct extent part;
    int result = 0;

    if (extent->block)
        fresh.block = copying->next;
    for (uint64_t page = extent->page; extent->block && page < extent_end(extent) && !result;
         page = extent_end(&part)) {
        part = extent_clip(extent, page, page + AT_ONCE);
        result = read_verified(copying, &part);
        if (!result)
            result = write_blocks(copying, copying->buffer, copying->next, part.length);
        copying->next += part.length;
        report_progress(copying);
    }
    return result ? result : append(copying, &fresh);
}

typedef int each_extent(struct copying *copying, const struct extent *extent);

static int count_blocks(struct copying *copying, const struct extent *extent)
{
    copying->blocks += extent->block ? extent->length : 0;
    return 0;
}

static int for_each_extent(struct copying *copying, each_extent *each)
{
    struct span span;
    uint64_t page = 0;
    int result;

    while ((result = pages_next(copying->from, page, &span)) == 0) {
        result = each(copying, &span.extent);
        if (result)
            return result;
        page = extent_end(&span.extent);
    }
    return result == -ENOENT ? 0 : view_failed(copying, result, "page directory");
}

static int take_block(void *context, uint64_t *block)
{
    *block = ((struct copying *)context)->next++;
    return 0;
}

static int write_node(void *context, uint64_t block, const void *bytes)
{
    return write_blocks(context, bytes, block, 1);
}

/* Of a node that could not be written: the copy is given up, blocks and all. */
static void drop_block(void *context, uint64_t block)
{
    (void)context;
    (void)block;
}

static int write_trees(struct copying *copying, struct format_meta *meta)
{
    const struct directory_writer writer = {copying, take_block, write_node, meta->snapshot};
    int result = directory_pack(&copying->directory, copying->extents, copying->count);

    if (!result)
        result = directory_write(&copying->directory, &writer, &meta->directory);
    /* Its own nodes can make the checksum tree need another level. */
    do {
        meta->file_blocks = copying->next;
        if (!result)
            result = sums_write(&copying->sums, &writer, meta->file_blocks, &meta->sums);
    } while (!result && sums_depth(copying->next) != sums_depth(meta->file_blocks));
    meta->file_blocks = copying->next;
    meta->extents = copying->directory.extents;
    meta->pages = copying->directory.pages;
    return result;
}

static int write_snapshot(struct copying *copying)
{
    struct format_meta meta = {.snapshot = copying->from->snapshot, .event = copying->from->event};
    int result = write_trees(copying, &meta);

    if (result)
        return copying->error && copying->error->code == result
                   ? result
                   : error_set(copying->error, result, "trees of pages and checksums");
    arena_describe(copying->from, &meta);
    format_meta_seal(&meta);
    result = os_write(copying->fd, &meta, sizeof(meta), 0, FAULT_CREATE_META);
    if (result)
        return error_set(copying->error, result, "write of meta page 0");
    result = os_sync(copying->fd, FAULT_CREATE_SYNC);
    return result ? error_set(copying->error, result, "sync of the file") : 0;
}

static int copy_all(struct copying *copying)
{
    int result = for_each_extent(copying, count_blocks);
    uint64_t length = FORMAT_META_BLOCKS + copying->blocks;

    if (result)
        return result;
    result = os_allocate(copying->fd, 0, length * PMA_PAGE_SIZE, FAULT_CREATE_GROW);
    if (result)
        return error_set(copying->error, result, "reserve %lu blocks", length);
    result = for_each_extent(copying, copy_extent);
    return result ? result : write_snapshot(copying);
}

int duplicate_file(struct pma *from, const char *to, const struct pma_options *options,
                   struct pma_error *error)
{
    struct copying copying = {.from = from,
                              .options = options,
                              .next = FORMAT_META_BLOCKS,
                              .host = {.drop = drop_block},
                              .error = error};
    struct nodes *nodes;
    struct new_file file;
    int result = nodes_new(&nodes);

    if (result)
        return error_set(error, result, "memory for tree nodes");
    directory_init(&copying.directory, nodes, &copying.host, from->fanout, NULL, 0, 0);
    sums_init(&copying.sums, nodes, &copying.host, NULL);
    copying.buffer = os_memory(AT_ONCE * PMA_PAGE_SIZE, FAULT_NONE);
    if (!copying.buffer) {
        result = error_set(error, -ENOMEM, "memory to copy blocks");
        goto free_memory;
    }
    result = new_file_open(&file, to, error);
    if (result)
        goto free_memory;

    copying.fd = file.fd;
    result = copy_all(&copying);
    if (!result)
        result = new_file_publish(&file, error);
    new_file_close(&file, result);
    os_unlock(file.fd); /* a child of a fork in the meantime has the file open, too */
    os_close(file.fd, FAULT_NONE);

free_memory:
    directory_deinit(&copying.directory);
    sums_deinit(&copying.sums);
    nodes_free(nodes);
    free(copying.extents);
    os_memory_free(copying.buffer, AT_ONCE * PMA_PAGE_SIZE);
    return result;
}
