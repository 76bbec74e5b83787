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
};

struct map {
    struct map_entry *entries;
    uint64_t capacity; /* a power of two */
    uint64_t count;
};

/* A hash of a key, always the same. */
typedef uint32_t map_hash(uint64_t key);

/* For keys that say nothing of themselves. */
uint32_t map_mix(uint64_t key);

/*
 * Goes through the entries that may have a key with this hash: start with *step 0. NULL after the
 * last.
 */
struct map_entry *map_probe(const struct map *map, uint32_t hash, uint64_t *step);

/* The entry with this key, or NULL. */
struct map_entry *map_find(const struct map *map, map_hash *hash, uint64_t key);

/* Adds a key that is not there. -ENOMEM, and the map is as before. Entries move. */
int map_add(struct map *map, struct scratch *scratch, map_hash *hash, uint64_t key, uint64_t value);

/* Forgets all entries and keeps the memory. */
void map_clear(struct map *map);

#endif
