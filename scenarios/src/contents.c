/* SPDX-License-Identifier: MIT */
#include "contents.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "room.h"
#include "state.h"

static const unsigned char zeros[PMA_PAGE_SIZE];

void contents_deinit(struct contents *contents)
{
    while (contents->count > 0)
        free(contents->list[--contents->count].bytes);
    free(contents->list);
    memset(contents, 0, sizeof *contents);
}

int contents_add(struct contents *contents, const void *bytes, size_t count, uint32_t *number)
{
    struct content content = {.count = count};

    if (count == PMA_PAGE_SIZE && memcmp(bytes, zeros, PMA_PAGE_SIZE) == 0) {
        *number = 0;
        return 0;
    }
    content.bytes = malloc(count + 1);
    if (content.bytes == NULL ||
        room_for(&contents->list, contents->count + 1, &contents->capacity, sizeof content) != 0) {
        free(content.bytes);
        return -ENOMEM;
    }
    memcpy(content.bytes, bytes, count);
    content.digest = state_bytes_digest(bytes, count);
    contents->list[contents->count++] = content;
    *number = (uint32_t)contents->count;
    return 0;
}

const void *contents_bytes(const struct contents *contents, uint32_t number)
{
    return number == 0 ? zeros : contents->list[number - 1].bytes;
}

struct fsim_digest contents_digest(const struct contents *contents, uint32_t number)
{
    return number == 0 ? state_zeros_digest() : contents->list[number - 1].digest;
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
