/* SPDX-License-Identifier: MIT */
#include "tears.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

enum {
    SECTOR = 512,
    WORD = 8,
    MOST_PARTS = SECTOR / WORD,
    CONTENT_BITS = 21, /* of a value: flag, two contents, index */
    INDEX_BITS = 21
};
#define TORN        (UINT64_C(1) << 63)
#define FIELD(bits) ((UINT64_C(1) << (bits)) - 1)
#define SPREAD      UINT64_C(0x9e3779b97f4a7c15) /* odd: multiples visit every mix once */

/* The parts in which two contents differ. */
struct difference {
    size_t part_bytes;
    unsigned count;
    uint16_t parts[MOST_PARTS];
};

static void find_parts(const unsigned char *a, const unsigned char *b, size_t bytes,
                       struct difference *difference)
{
    for (size_t part = 0; part < bytes / difference->part_bytes; part++) {
        size_t offset = part * difference->part_bytes;
        if (memcmp(a + offset, b + offset, difference->part_bytes) != 0)
            difference->parts[difference->count++] = (uint16_t)part;
    }
}

static struct difference compare(const unsigned char *a, const unsigned char *b)
{
    struct difference difference = {.part_bytes = SECTOR};
    find_parts(a, b, FSIM_BLOCK_SIZE, &difference);
    if (difference.count != 1)
        return difference;
    size_t sector = difference.parts[0], first = sector * (SECTOR / WORD);
    difference = (struct difference){.part_bytes = WORD};
    find_parts(a + sector * SECTOR, b + sector * SECTOR, SECTOR, &difference);
    for (unsigned i = 0; i < difference.count; i++)
        difference.parts[i] = (uint16_t)(difference.parts[i] + first);
    return difference;
}

static uint64_t all_parts(const struct difference *difference)
{
    return difference->count == 64 ? UINT64_MAX : (UINT64_C(1) << difference->count) - 1;
}

/*
 * Which parts are of the older content. 0 if that would be all of them: there is no such mix. First
 * come those in which one part alone is old, then those in which one alone is new: however few of
 * the mixes are tried, a part that no checksum covers shows.
 */
static uint64_t mask_of(const struct difference *difference, uint64_t index)
{
    const uint64_t count = difference->count, all = all_parts(difference);
    uint64_t mask = (index - 2 * count) * SPREAD & all;
    if (index <= count)
        mask = UINT64_C(1) << (index - 1);
    else if (index <= 2 * count)
        mask = all & ~(UINT64_C(1) << (index - count - 1));
    return mask == all ? 0 : mask;
}

static struct difference compare_contents(const fsim_trace_t *trace, uint64_t a, uint64_t b)
{
    return compare(fsim_trace_content(trace, a), fsim_trace_content(trace, b));
}

bool fsim_value_torn(uint64_t value, uint64_t *newer, uint64_t *older)
{
    *newer = value >> (CONTENT_BITS + INDEX_BITS) & FIELD(CONTENT_BITS);
    *older = value >> INDEX_BITS & FIELD(CONTENT_BITS);
    return value & TORN;
}

const void *tears_content(const fsim_trace_t *trace, uint64_t value,
                          unsigned char scratch[FSIM_BLOCK_SIZE])
{
    uint64_t newer, older;
    fsim_value_torn(value, &newer, &older);
    const unsigned char *from = fsim_trace_content(trace, older);
    struct difference difference = compare_contents(trace, newer, older);
    uint64_t mask = mask_of(&difference, value & FIELD(INDEX_BITS));
    memcpy(scratch, fsim_trace_content(trace, newer), FSIM_BLOCK_SIZE);
    for (unsigned i = 0; i < difference.count; i++) {
        size_t offset = difference.parts[i] * difference.part_bytes;
        if (mask >> i & 1)
            memcpy(scratch + offset, from + offset, difference.part_bytes);
    }
    return scratch;
}

/* The bytes that are among the values already, by hash. */
struct known {
    uint64_t *hashes; /* 0 = empty */
    size_t mask;
};

static bool is_new(struct known *known, const void *content)
{
    uint64_t hash = XXH3_64bits(content, FSIM_BLOCK_SIZE) | 1;
    size_t at = hash >> 1 & known->mask;
    for (; known->hashes[at] != 0; at = (at + 1) & known->mask) {
        if (known->hashes[at] == hash)
            return false;
    }
    known->hashes[at] = hash;
    return true;
}

static void mix(const fsim_trace_t *trace, uint64_t newer, uint64_t older, uint32_t limit,
                struct known *known, struct choices *tears)
{
    unsigned char scratch[FSIM_BLOCK_SIZE];
    struct difference difference = compare_contents(trace, newer, older);
    uint64_t all = all_parts(&difference), more = 2 * (uint64_t)difference.count;
    uint64_t last = all < UINT64_MAX - more ? all + more : UINT64_MAX;
    if (newer > FIELD(CONTENT_BITS) || older > FIELD(CONTENT_BITS)) {
        tears->sampled = true;
        return;
    }
    for (uint64_t index = 1; difference.count > 1 && index <= last; index++) {
        if (index > FIELD(INDEX_BITS) || tears->count == limit) {
            tears->sampled = true;
            return;
        }
        uint64_t value = TORN | newer << (CONTENT_BITS + INDEX_BITS) | older << INDEX_BITS | index;
        if (mask_of(&difference, index) != 0 && is_new(known, tears_content(trace, value, scratch)))
            tears->values[tears->count++] = value;
    }
}

int tears_find(const fsim_trace_t *trace, const uint64_t *versions, uint32_t count, uint32_t limit,
               struct choices *tears)
{
    struct known known = {.mask = 1};
    if (limit < count)
        limit = count;
    while (known.mask < (size_t)limit * 2)
        known.mask = known.mask * 2 + 1;
    known.hashes = calloc(known.mask + 1, sizeof *known.hashes);
    if (known.hashes == NULL || choices_reset(tears, limit) < 0) {
        free(known.hashes);
        return -ENOMEM;
    }
    for (uint32_t i = 0; i < count; i++) {
        is_new(&known, fsim_trace_content(trace, versions[i]));
        tears->values[tears->count++] = versions[i];
    }
    for (uint32_t newer = 0; newer < count && !tears->sampled; newer++) {
        for (uint32_t older = newer + 1; older < count; older++)
            mix(trace, versions[newer], versions[older], limit, &known, tears);
    }
    tears->sound = tears->count;
    free(known.hashes);
    return 0;
}
