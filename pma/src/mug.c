/* SPDX-License-Identifier: MIT */
#include "mug.h"

enum { MUG_BITS = 31, MUG_TRIES = 8 };

static uint32_t rotate(uint32_t word, unsigned bits)
{
    return word << bits | word >> (32 - bits);
}

static uint32_t scramble(uint32_t block)
{
    return rotate(block * 0xcc9e2d51, 15) * 0x1b873593;
}

static uint32_t little_endian(const uint8_t *bytes, size_t count)
{
    uint32_t word = 0;

    for (size_t i = 0; i < count; i++)
        word |= (uint32_t)bytes[i] << (8 * i);
    return word;
}

static uint32_t murmur3(const uint8_t *bytes, size_t count, uint32_t seed)
{
    const size_t whole = count & ~(size_t)3;
    uint32_t hash = seed;

    for (size_t at = 0; at < whole; at += 4)
        hash = rotate(hash ^ scramble(little_endian(bytes + at, 4)), 13) * 5 + 0xe6546b64;
    hash ^= scramble(little_endian(bytes + whole, count - whole));
    hash ^= (uint32_t)count;
    hash = (hash ^ hash >> 16) * 0x85ebca6b;
    hash = (hash ^ hash >> 13) * 0xc2b2ae35;
    return hash ^ hash >> 16;
}

/* 0 stands for "not computed yet", so a hash that folds to 0 is taken again with the next seed. */
static uint32_t fold(const uint8_t *bytes, size_t count, uint32_t seed, uint32_t otherwise)
{
    for (uint32_t try = 0; try < MUG_TRIES; try++) {
        const uint32_t hash = murmur3(bytes, count, seed + try);
        const uint32_t mug = hash >> MUG_BITS ^ (hash & 0x7fffffff);

        if (mug)
            return mug;
    }
    return otherwise;
}

uint32_t mug_of_bytes(const void *bytes, size_t count)
{
    return fold(bytes, count, 0xcafebabe, 0x7fff);
}

/* The two mugs side by side are the bytes of an atom, so leading zeros of the tail's do not count.
 */
uint32_t mug_of_pair(uint32_t head, uint32_t tail)
{
    uint8_t bytes[8];
    size_t count = sizeof(bytes);

    for (unsigned i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)(head >> (8 * i));
        bytes[4 + i] = (uint8_t)(tail >> (8 * i));
    }
    while (bytes[count - 1] == 0)
        count--;
    return fold(bytes, count, 0xdeadbeef, 0xfffe);
}
