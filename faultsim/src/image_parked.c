/* SPDX-License-Identifier: MIT */
/*
 * Mappings that outlive the recovery that made them.
 *
 * Most recoveries of a search reserve the same range of addresses, map the same blocks to the same
 * places in it, and unmap all of it again. To map eight pages, fill the page table and unmap them
 * takes the kernel several times as long as to change their protection, so a range that is given
 * back is parked instead: what is mapped in it loses all access rights, and stays. The next
 * recovery that reserves the range gets it as it is, since a reservation has no access rights
 * either; a file that it maps where a parked mapping of the same blocks lies gets that one.
 *
 * Only this sequence of calls is served. At any other one that concerns a parked mapping the range
 * becomes what the recovery believes that it is, and all goes on without it.
 */
#include <string.h>
#include <sys/mman.h>

#include "image_state.h"

enum { MOST_PARKED = 256, NOTHING = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE };

/* Of this process, and of a child that it forks. Addresses in no mapping of a file and in no parked
 * one are reserved and nothing else. */
static struct {
    uintptr_t start, end;                       /* nothing: there is no such range */
    bool is_taken;                              /* by the recovery that runs now */
    struct image_segment mappings[MOST_PARKED]; /* by address */
    size_t count;
} range;

static size_t first_above(uintptr_t address)
{
    return image_first_above(range.mappings, range.count, address);
}

static void forget(size_t first, size_t count)
{
    memmove(&range.mappings[first], &range.mappings[first + count],
            (range.count - first - count) * sizeof range.mappings[0]);
    range.count -= count;
}

static bool reserve_again(struct image *image, uintptr_t start, size_t bytes)
{
    void *made = real_mmap((void *)start, bytes, PROT_NONE, NOTHING | MAP_FIXED, -1, 0);
    if ((uintptr_t)made == start)
        return true;
    image_fail(image, (int)(intptr_t)made);
    return false;
}

void image_clear_parked(struct image *image, uintptr_t start, uintptr_t end)
{
    size_t first = first_above(start), last = first;
    while (last < range.count && range.mappings[last].start < end) {
        const struct image_segment *mapping = &range.mappings[last++];
        reserve_again(image, mapping->start, mapping->pages * FSIM_BLOCK_SIZE);
    }
    forget(first, last - first);
}

void image_unpark(struct image *image, uintptr_t start, uintptr_t end)
{
    if (start >= range.end || end <= range.start)
        return;
    image_clear_parked(image, range.start, range.end);
    if (!range.is_taken)
        real_munmap((void *)range.start, range.end - range.start);
    range.start = range.end = 0;
}

void image_unpark_all(struct image *image)
{
    image_unpark(image, 0, UINTPTR_MAX);
}

void image_parked_end(struct image *image)
{
    if (range.is_taken)
        image_unpark_all(image);
    range.is_taken = false;
}

bool image_is_parkable(uintptr_t start, uintptr_t end)
{
    return range.is_taken && start >= range.start && end <= range.end;
}

void image_reserved(uintptr_t start, uintptr_t end)
{
    if (range.end != 0)
        return;
    range.start = start;
    range.end = end;
    range.is_taken = true;
}

bool image_reserve_parked(uintptr_t start, uintptr_t end)
{
    if (range.is_taken || range.start != start || range.end != end)
        return false;
    range.is_taken = true;
    return true;
}

bool image_map_parked(const struct image_segment *wanted)
{
    size_t at = first_above(wanted->start);
    const struct image_segment *parked = &range.mappings[at];
    if (at == range.count || parked->start != wanted->start || parked->pages != wanted->pages ||
        parked->file != wanted->file || parked->block != wanted->block || !wanted->shared ||
        real_mprotect((void *)wanted->start, wanted->pages * FSIM_BLOCK_SIZE, wanted->protection) <
            0)
        return false;
    forget(at, 1);
    return true;
}

static bool park_mapping(struct image *image, const struct image_segment *mapping)
{
    /* What is watched has to show which pages the next one touches, so it has to be mapped anew. */
    if (!mapping->shared || mapping->watched || range.count == MOST_PARKED)
        return reserve_again(image, mapping->start, mapping->pages * FSIM_BLOCK_SIZE);
    size_t at = first_above(mapping->start);
    memmove(&range.mappings[at + 1], &range.mappings[at],
            (range.count - at) * sizeof range.mappings[0]);
    range.mappings[at] = *mapping;
    range.count++;
    return true;
}

bool image_park(struct image *image, uintptr_t start, uintptr_t end,
                const struct image_segment *mappings, size_t count)
{
    if (!range.is_taken || range.start != start || range.end != end)
        return false;
    bool parked = true;
    for (size_t i = 0; parked && i < count; i++)
        parked = park_mapping(image, &mappings[i]);
    if (!parked || real_mprotect((void *)start, end - start, PROT_NONE) < 0)
        return false;
    range.is_taken = false;
    return true;
}
