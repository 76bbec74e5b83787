/* SPDX-License-Identifier: MIT */
#include "contents.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "state.h"

static const unsigned char zeros[PMA_PAGE_SIZE];

void contents_deinit(struct contents *contents)
{
    free(contents->bytes);
    free(contents->digests);
    memset(contents, 0, sizeof *contents);
}

static int make_room(struct contents *contents)
{
    size_t capacity = contents->capacity == 0 ? 64 : 2 * contents->capacity;
    unsigned char *bytes;
    struct fsim_digest *digests;

    if (contents->count < contents->capacity)
        return 0;
    bytes = realloc(contents->bytes, capacity * PMA_PAGE_SIZE);
    if (bytes == NULL)
        return -ENOMEM;
    contents->bytes = bytes;
    digests = realloc(contents->digests, capacity * sizeof *digests);
    if (digests == NULL)
        return -ENOMEM;
    contents->digests = digests;
    contents->capacity = capacity;
    return 0;
}

int contents_add(struct contents *contents, const void *page, uint32_t *number)
{
    int error = 0;

    if (memcmp(page, zeros, PMA_PAGE_SIZE) == 0) {
        *number = 0;
        return 0;
    }
    error = make_room(contents);
    if (error != 0)
        return error;
    memcpy(contents->bytes + contents->count * PMA_PAGE_SIZE, page, PMA_PAGE_SIZE);
    contents->digests[contents->count] = state_page_digest(page);
    *number = (uint32_t)++contents->count;
    return 0;
}

const void *contents_page(const struct contents *contents, uint32_t number)
{
    return number == 0 ? zeros : contents->bytes + (number - 1) * (size_t)PMA_PAGE_SIZE;
}

struct fsim_digest contents_digest(const struct contents *contents, uint32_t number)
{
    return number == 0 ? state_zeros_digest() : contents->digests[number - 1];
}

static uint64_t mix(uint64_t word)
{
    word ^= word >> 30;
    word *= UINT64_C(0xbf58476d1ce4e5b9);
    word ^= word >> 27;
    word *= UINT64_C(0x94d049bb133111eb);
    return word ^ word >> 31;
}

void contents_generate(uint64_t seed, uint64_t index, void *bytes, size_t count)
{
    uint64_t start = mix(seed + 1) ^ mix(~index);

    for (size_t at = 0; at < count; at += sizeof(uint64_t)) {
        uint64_t word = mix(start + at * UINT64_C(0x9e3779b97f4a7c15));

        memcpy((unsigned char *)bytes + at, &word, sizeof word);
    }
}
