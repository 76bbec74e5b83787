/* SPDX-License-Identifier: MIT */
/*
 * What a snapshot does in lazy mode: the pages that were stored to go to fresh blocks.
 *
 * A scan arms the pages that it finds before anything reads them, so a store that comes later is
 * found by the next one. They are gathered in a buffer, checksummed there and written from there,
 * so that block and checksum agree even if a thread stores meanwhile; next to each other in the
 * buffer they are next to each other in the file.
 */
#include <errno.h>
#include <string.h>

#include "lazy.h"
#include "os.h"
#include "space.h"

/* In pages; also the most runs, when each is a page. */
enum { BATCH = ARENA_STAGING };

/* Some runs of pages, and how far they have been written. */
struct batch {
    struct os_run runs[BATCH];
    size_t count, at; /* runs; all of those before `at` are written */
    uintptr_t done;   /* and of that one, what lies below */
};

static size_t pages_left(const struct batch *batch)
{
    size_t bytes = 0;

    for (size_t i = batch->at; i < batch->count; i++)
        bytes += batch->runs[i].end - (i == batch->at ? batch->done : batch->runs[i].start);
    return bytes / PMA_PAGE_SIZE;
}

static void step(struct batch *batch, size_t bytes)
{
    batch->done += bytes;
    if (batch->done < batch->runs[batch->at].end)
        return;
    batch->at++;
    if (batch->at < batch->count)
        batch->done = batch->runs[batch->at].start;
}

/* The next pages of a batch that lie side by side, at most `most`. */
static size_t next_piece(const struct batch *batch, size_t most)
{
    const size_t rest = (batch->runs[batch->at].end - batch->done) / PMA_PAGE_SIZE;

    return rest < most ? rest : most;
}

/* Copies the next `count` pages side by side; `batch` is a copy of the caller's. */
static void gather(struct batch batch, unsigned char *buffer, size_t count)
{
    for (size_t piece; count > 0; count -= piece) {
        piece = next_piece(&batch, count);
        memcpy(buffer, (const void *)batch.done, piece * PMA_PAGE_SIZE);
        buffer += piece * PMA_PAGE_SIZE;
        step(&batch, piece * PMA_PAGE_SIZE);
    }
}

/* Has the directory name the blocks that pages have been written to. */
static int place(struct pma *arena, struct extent fresh)
{
    const uint64_t end = extent_end(&fresh);
    struct extent old, part;
    int result = 0;

    for (uint64_t page = fresh.page; page < end && !result; page = extent_end(&old)) {
        result = directory_find(&arena->persistent, page, &old);
        if (result)
            break;
        old = extent_clip(&old, page, end);
        part = extent_clip(&fresh, page, extent_end(&old));
        result = directory_put(&arena->persistent, &part);
        if (!result && old.block)
            space_drop(arena, old.block, old.length);
    }
    return result;
}

static int record_checksums(struct pma *arena, uint64_t block, size_t count)
{
    int result = 0;

    for (size_t i = 0; i < count && !result; i++)
        result = sums_set(&arena->sums, block + i,
                          format_checksum(arena->staging + i * PMA_PAGE_SIZE, PMA_PAGE_SIZE));
    return result;
}

static int write_some(struct pma *arena, struct batch *batch)
{
    uint64_t first, got;
    size_t piece = 0;
    int result = space_take_data(arena, pages_left(batch), &first, &got);

    if (result)
        return result;
    gather(*batch, arena->staging, got);
    result = os_write(arena->fd, arena->staging, got * PMA_PAGE_SIZE, first * PMA_PAGE_SIZE,
                      FAULT_PRIVATE_WRITE);
    if (result)
        arena_fail(arena, result, "write of stored pages to blocks %lu to %lu", first,
                   first + got - 1);
    if (!result)
        result = record_checksums(arena, first, got);
    for (; got > 0 && !result; first += piece, got -= piece) {
        piece = next_piece(batch, got);
        result = place(arena, (struct extent){.page = arena_page(arena, batch->done),
                                              .block = first,
                                              .length = (uint32_t)piece});
        if (result)
            break;
        step(batch, piece * PMA_PAGE_SIZE);
        arena->copied_pages += piece;
    }
    if (result)
        space_drop(arena, first, got);
    return result;
}

/* What is not written is found again by the next scan. */
static int give_up(struct pma *arena, const struct batch *batch, int cause)
{
    int result = 0;

    for (size_t i = batch->at; i < batch->count && !result; i++) {
        const uintptr_t start = i == batch->at ? batch->done : batch->runs[i].start;

        result = os_watch_mark(&arena->watch, (void *)start, batch->runs[i].end - start);
    }
    return result ? arena_poison(arena, cause) : cause;
}

static int capture_range(struct pma *arena, const struct extent *range)
{
    const uintptr_t end = (uintptr_t)arena_address(arena, extent_end(range));
    uintptr_t at = (uintptr_t)arena_address(arena, range->page);
    struct batch batch;
    int count, result = 0;

    while (at < end && !result) {
        count = os_watch_scan(&arena->watch, &at, end, BATCH, batch.runs, BATCH, FAULT_LAZY_SCAN);
        if (count < 0)
            return arena_fail(arena, count, "search for stored pages from page %lu on",
                              arena_page(arena, at));
        if (count == 0)
            continue;
        batch.count = (size_t)count;
        batch.at = 0;
        batch.done = batch.runs[0].start;
        while (batch.at < batch.count && !result)
            result = write_some(arena, &batch);
        if (result)
            result = give_up(arena, &batch, result);
    }
    return result;
}

int lazy_capture(struct pma *arena)
{
    struct extent range;
    int result = 0;

    for (uint64_t page = 0; !result && !directory_next(&arena->watched, page, &range);
         page = extent_end(&range))
        result = capture_range(arena, &range);
    return result;
}
