/* SPDX-License-Identifier: MIT */
#include "map.h"

#include <string.h>

enum { FIRST_CAPACITY = 64 };

uint32_t map_mix(uint64_t key)
{
    key = (key ^ key >> 32) * UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)(key >> 32);
}

struct map_entry *map_probe(const struct map *map, uint32_t hash, uint64_t *step)
{
    struct map_entry *entry;

    if (map->capacity == 0)
        return NULL;
    do
        entry = map->entries + ((hash + (*step)++) & (map->capacity - 1));
    while (entry->hash != hash && entry->key != MAP_NO_KEY);
    return entry->key == MAP_NO_KEY ? NULL : entry;
}

struct map_entry *map_find(const struct map *map, uint64_t key)
{
    const uint32_t hash = map_mix(key);
    struct map_entry *entry;
    uint64_t step = 0;

    do
        entry = map_probe(map, hash, &step);
    while (entry && entry->key != key);
    return entry;
}

static void put(struct map *map, const struct map_entry *added)
{
    uint64_t at = added->hash;

    while (map->entries[at & (map->capacity - 1)].key != MAP_NO_KEY)
        at++;
    map->entries[at & (map->capacity - 1)] = *added;
    map->count++;
}

static int grow(struct map *map, struct scratch *scratch)
{
    struct map larger = {.capacity = map->capacity ? 2 * map->capacity : FIRST_CAPACITY};
    void *memory;
    int result = scratch_take(scratch, larger.capacity * sizeof(*larger.entries), &memory);

    if (result)
        return result;
    larger.entries = memory;
    map_clear(&larger);
    for (uint64_t i = 0; i < map->capacity; i++) {
        if (map->entries[i].key != MAP_NO_KEY)
            put(&larger, &map->entries[i]);
    }
    *map = larger;
    return 0;
}

int map_add(struct map *map, struct scratch *scratch, uint64_t key, uint32_t hash, uint64_t value)
{
    const struct map_entry added = {.key = key, .value = value, .hash = hash};
    int result = 4 * map->count < 3 * map->capacity ? 0 : grow(map, scratch);

    if (!result)
        put(map, &added);
    return result;
}

/* Bytes of ones are MAP_NO_KEY. */
void map_clear(struct map *map)
{
    if (map->capacity)
        memset(map->entries, 0xff, map->capacity * sizeof(*map->entries));
    map->count = 0;
}
