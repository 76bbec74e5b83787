/* SPDX-License-Identifier: MIT */
/*
 * A map from words to words, open addressing, in scratch memory of a stack. Entries are never
 * removed one by one. A map that is all zeros is empty.
 */
#ifndef MAP_H
#define MAP_H

#include "scratch.h"

#define MAP_NO_KEY UINT64_MAX

struct map_entry {
    uint64_t key, value;
    uint64_t hash;
};

struct map {
    struct map_entry *entries;
    uint64_t capacity; /* a power of two */
    uint64_t count;
};

/* A hash for keys that say nothing of themselves. */
uint32_t map_mix(uint64_t key);

/* Goes through the entries with this hash: start with *step 0. NULL after the last. */
struct map_entry *map_probe(const struct map *map, uint32_t hash, uint64_t *step);

/* Adds a key that is not there. -ENOMEM, and the map is as before. Entries move. */
int map_add(struct map *map, struct scratch *scratch, uint64_t key, uint32_t hash, uint64_t value);

/* The entry of a key, or NULL, where keys are hashed by map_mix; and how it is added. */
struct map_entry *map_find(const struct map *map, uint64_t key);
static inline int map_put(struct map *map, struct scratch *scratch, uint64_t key, uint64_t value)
{
    return map_add(map, scratch, key, map_mix(key), value);
}

/* Forgets all entries and keeps the memory. */
void map_clear(struct map *map);

#endif
