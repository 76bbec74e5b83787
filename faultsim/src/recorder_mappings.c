/* SPDX-License-Identifier: MIT */
/* The mappings of tracked files: an array of disjoint pieces in the order of their addresses. */
#include "recorder.h"

#include <string.h>

size_t mappings_from(uintptr_t address)
{
    size_t low = 0, high = recording.mapping_count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (recording.mappings[middle].end > address)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

bool mappings_overlap(uintptr_t start, uintptr_t end)
{
    size_t at = mappings_from(start);
    return at < recording.mapping_count && recording.mappings[at].start < end;
}

bool mappings_show_files(uintptr_t start, uintptr_t end)
{
    for (size_t at = mappings_from(start);
         at < recording.mapping_count && recording.mappings[at].start < end; at++)
        if (!recording.mappings[at].copies)
            return true;
    return false;
}

static bool make_room(size_t at)
{
    struct tracked_mapping *mappings = recording.mappings;

    if (recording.mapping_count == RECORDER_MAPPINGS) {
        trace_overflow(recording.trace);
        return false;
    }
    memmove(&mappings[at + 1], &mappings[at], (recording.mapping_count - at) * sizeof(mappings[0]));
    recording.mapping_count++;
    return true;
}

static void take_out(size_t first, size_t end)
{
    struct tracked_mapping *mappings = recording.mappings;

    memmove(&mappings[first], &mappings[end],
            (recording.mapping_count - end) * sizeof(mappings[0]));
    recording.mapping_count -= end - first;
}

/* Has a piece start at `address` if one contains it; the index of the first that starts there or
 * later. */
static size_t split(uintptr_t address)
{
    struct tracked_mapping *mappings = recording.mappings;
    size_t at = mappings_from(address);

    if (at == recording.mapping_count || mappings[at].start >= address || !make_room(at))
        return at;
    mappings[at].end = address;
    mappings[at + 1].block += (address - mappings[at + 1].start) / FSIM_BLOCK_SIZE;
    mappings[at + 1].start = address;
    return at + 1;
}

static bool continues(const struct tracked_mapping *left, const struct tracked_mapping *right)
{
    return left->end == right->start && left->file == right->file &&
           left->block + (left->end - left->start) / FSIM_BLOCK_SIZE == right->block &&
           left->copies == right->copies && left->writable == right->writable &&
           left->was_writable == right->was_writable;
}

/* Joins the pieces from `first` on that continue each other, up to those that start beyond `end`.
 */
static void join(size_t first, uintptr_t end)
{
    struct tracked_mapping *mappings = recording.mappings;
    size_t at = first > 0 ? first - 1 : 0;

    while (at + 1 < recording.mapping_count && mappings[at].start <= end) {
        if (!continues(&mappings[at], &mappings[at + 1])) {
            at++;
            continue;
        }
        mappings[at].end = mappings[at + 1].end;
        take_out(at + 1, at + 2);
    }
}

void mappings_remove(uintptr_t start, uintptr_t end)
{
    size_t first = split(start);
    take_out(first, split(end));
}

void mappings_add(const struct tracked_mapping *mapping)
{
    size_t at;

    stores_watch(mapping->start, mapping->end);
    mappings_remove(mapping->start, mapping->end);
    at = mappings_from(mapping->start);
    if (!make_room(at))
        return;
    recording.mappings[at] = *mapping;
    join(at, mapping->end);
}

void mappings_protect(uintptr_t start, uintptr_t end, bool writable)
{
    size_t first = split(start), last = split(end);

    for (size_t i = first; i < last; i++) {
        struct tracked_mapping *mapping = &recording.mappings[i];
        mapping->was_writable |= mapping->writable;
        mapping->writable = writable;
    }
    join(first, end);
}

/* mremap with an old size of 0: one more mapping of the same pages. */
static void double_mapping(uintptr_t old, uintptr_t new, size_t bytes)
{
    struct tracked_mapping mapping = recording.mappings[mappings_from(old)];

    mapping.block += (old - mapping.start) / FSIM_BLOCK_SIZE;
    mapping.start = new;
    mapping.end = new + bytes;
    mappings_add(&mapping);
}

void mappings_move(uintptr_t old, size_t old_bytes, uintptr_t new, size_t new_bytes, bool keep_old)
{
    size_t moved_bytes = old_bytes < new_bytes ? old_bytes : new_bytes;
    uintptr_t from = old, end = old + moved_bytes;

    if (old_bytes == 0) {
        double_mapping(old, new, new_bytes);
        return;
    }
    if (new != old)
        mappings_remove(new, new + new_bytes);
    split(old);
    split(end);

    /* Old and new are disjoint or the same, so that what is added is not met again. */
    while (mappings_overlap(from, end)) {
        struct tracked_mapping piece = recording.mappings[mappings_from(from)];
        bool grows = piece.end == old + old_bytes && new_bytes > old_bytes;

        from = piece.end;
        piece.start = piece.start - old + new;
        piece.end = grows ? new + new_bytes : piece.end - old + new;
        mappings_add(&piece);
    }
    if (new != old && !keep_old)
        mappings_remove(old, old + old_bytes);
    else if (new == old && new_bytes < old_bytes)
        mappings_remove(old + new_bytes, old + old_bytes);
}
