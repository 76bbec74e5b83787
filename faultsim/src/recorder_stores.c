/* SPDX-License-Identifier: MIT */
/*
 * Versions between two stores.
 *
 * A callback comes before its store, so the version that a store made is taken at the next
 * callback. At that time, because a store to a page that cannot be written yet has the program's
 * fault handler map another one in its place: where a store went is known only when it is done.
 * Then the page that is about to be written is looked at as well, for the sake of stores that did
 * not call back.
 *
 * The code under test is taken to have one thread that stores. With several, a version may show the
 * stores of two of them at once, as it may at the coarser grain.
 */
#include "recorder.h"

#include <faultsim/capture.h>

#include <errno.h>
#include <stdatomic.h>

/*
 * Code may be compiled to any kind of store, and copying functions choose their own. A word is what
 * no machine tears, and the unit of the model `torn`; of a long copy a line is, of the cache, which
 * is what a device that reads memory gets as one.
 */
enum { WORD = 8, LINE = 64, LONGEST_IN_WORDS = 512 };

static bool expected;
static enum fsim_grain grain;

/* All addresses ever watched in this recording lie between. */
static atomic_uintptr_t watched_start = UINTPTR_MAX, watched_end;

static struct {
    uintptr_t start, end;
} last;

int fsim_capture_grain(enum fsim_grain wanted)
{
    if (wanted == FSIM_GRAIN_STORE && !expected)
        return -ENOTSUP;
    grain = wanted;
    return 0;
}

void fsim_capture_expect_stores(void)
{
    expected = true;
}

void stores_reset(void)
{
    atomic_store_explicit(&watched_start, UINTPTR_MAX, memory_order_relaxed);
    atomic_store_explicit(&watched_end, 0, memory_order_relaxed);
    last.start = last.end = 0;
}

void stores_watch(uintptr_t start, uintptr_t end)
{
    if (grain != FSIM_GRAIN_STORE)
        return;
    if (start < atomic_load_explicit(&watched_start, memory_order_relaxed))
        atomic_store_explicit(&watched_start, start, memory_order_relaxed);
    if (end > atomic_load_explicit(&watched_end, memory_order_relaxed))
        atomic_store_explicit(&watched_end, end, memory_order_relaxed);
}

bool stores_watched(uintptr_t start, size_t bytes)
{
    return start < atomic_load_explicit(&watched_end, memory_order_relaxed) &&
           start + bytes > atomic_load_explicit(&watched_start, memory_order_relaxed);
}

/* The part of a range that one mapping shows, block by block. */
static void take_from(const struct tracked_mapping *mapping, uintptr_t start, uintptr_t end,
                      size_t piece)
{
    uintptr_t at = start > mapping->start ? start : mapping->start;
    uintptr_t stop = end < mapping->end ? end : mapping->end;

    while (at < stop) {
        const uint64_t page = (at - mapping->start) / FSIM_BLOCK_SIZE;
        const uintptr_t here = mapping->start + page * FSIM_BLOCK_SIZE;
        const uintptr_t next = here + FSIM_BLOCK_SIZE;

        file_take_store(mapping->file, mapping->block + page, at - here,
                        (stop < next ? stop : next) - here, piece);
        at = next;
    }
}

static void take(uintptr_t start, uintptr_t end, size_t piece)
{
    for (size_t i = mappings_from(start);
         i < recording.mapping_count && recording.mappings[i].start < end; i++)
        if (recording.mappings[i].writable && !recording.mappings[i].copies)
            take_from(&recording.mappings[i], start, end, piece);
}

void stores_settle(void)
{
    take(last.start, last.end, last.end - last.start > LONGEST_IN_WORDS ? LINE : WORD);
}

void stores_next(uintptr_t start, size_t bytes)
{
    stores_settle();
    take(start, start + bytes, FSIM_BLOCK_SIZE);
    last.start = start;
    last.end = start + bytes;
}
