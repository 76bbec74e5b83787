/* SPDX-License-Identifier: MIT */
#include "state_heap.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <pma/noun.h>

#include "nouns.h"
#include "room.h"

/* What a reference that leads nowhere stands for: no state has it. */
#define DANGLING ((struct fsim_digest){UINT64_C(0x6461676c696e67), 0})

/* ---- the objects of the heap ---- */

static int add_object(struct heap_objects *objects, uint64_t place, uint64_t bytes)
{
    if (room_for(&objects->list, objects->count + 1, &objects->capacity, sizeof *objects->list) !=
        0)
        return -ENOMEM;
    objects->list[objects->count++] = (struct heap_object){.place = place, .bytes = bytes};
    return 0;
}

static int read_large(pma_t *arena, struct heap_objects *objects)
{
    const unsigned char *base = pma_base(arena);
    struct pma_heap_page page;
    const void *from = NULL;
    int result;

    while ((result = pma_heap_next_page(arena, from, &page)) == 0) {
        const unsigned char *address = page.address;

        if (page.kind == PMA_HEAP_START)
            result = add_object(objects, (uint64_t)(address - base), PMA_PAGE_SIZE);
        else if (page.kind == PMA_HEAP_CONTINUE && objects->count > 0)
            objects->list[objects->count - 1].bytes += PMA_PAGE_SIZE;
        if (result != 0)
            return result;
        from = address + PMA_PAGE_SIZE;
    }
    return result == -ENOENT ? 0 : result;
}

static int read_small(pma_t *arena, struct heap_objects *objects)
{
    const unsigned char *base = pma_base(arena);
    struct pma_heap_chunk chunk;
    const void *from = NULL;
    int result;

    while ((result = pma_heap_next_chunk(arena, from, &chunk)) == 0) {
        const unsigned char *address = chunk.address;

        result = add_object(objects, (uint64_t)(address - base), chunk.bytes);
        if (result != 0)
            return result;
        from = address + 1;
    }
    return result == -ENOENT ? 0 : result;
}

static int order(const void *left, const void *right)
{
    const struct heap_object *a = left, *b = right;

    return a->place == b->place ? 0 : a->place < b->place ? -1 : 1;
}

int heap_objects_read(pma_t *arena, struct heap_objects *objects)
{
    int result = read_large(arena, objects);

    if (result == 0)
        result = read_small(arena, objects);
    if (result == 0 && objects->count > 0)
        qsort(objects->list, objects->count, sizeof *objects->list, order);
    return result;
}

void heap_objects_deinit(struct heap_objects *objects)
{
    free(objects->list);
    *objects = (struct heap_objects){0};
}

struct heap_object *heap_objects_find(const struct heap_objects *objects, uint64_t place)
{
    const struct heap_object wanted = {.place = place};

    return objects->count == 0
               ? NULL
               : bsearch(&wanted, objects->list, objects->count, sizeof *objects->list, order);
}

bool heap_noun_place(const pma_t *arena, uint64_t word, uint64_t *place)
{
    struct pma_stat stat;

    if (pma_noun_is_direct(word) || (!pma_noun_is_cell(word) && !pma_noun_is_atom(word)))
        return false;
    if (pma_stat((pma_t *)arena, &stat) != 0)
        return false;
    *place = (word & UINT64_MAX >> 3) - stat.base;
    return true;
}

/* ---- nouns ---- */

struct reading {
    pma_t *arena;
    struct heap_objects *objects;
    uint64_t *words; /* yet to be read, the innermost last */
    size_t count, capacity;
};

static int push(struct reading *reading, uint64_t word)
{
    /* Deeper than there are objects: a cycle. */
    if (reading->count > 2 * reading->objects->count + 2)
        return -ELOOP;
    if (room_for(&reading->words, reading->count + 1, &reading->capacity, sizeof word) != 0)
        return -ENOMEM;
    reading->words[reading->count++] = word;
    return 0;
}

/* The object that the word refers to; NULL for a direct atom, or if there is none. */
static struct heap_object *object_of(const struct reading *reading, uint64_t word)
{
    uint64_t place;

    return heap_noun_place(reading->arena, word, &place)
               ? heap_objects_find(reading->objects, place)
               : NULL;
}

/* Whether the digest of this word is known by now. */
static bool is_known(const struct reading *reading, uint64_t word, struct fsim_digest *digest)
{
    const struct heap_object *object = object_of(reading, word);

    if (pma_noun_is_direct(word)) {
        uint64_t left = word;
        size_t count = 0;

        for (; left != 0; left >>= 8)
            count++;
        *digest = noun_atom_digest(&word, count);
        return true;
    }
    *digest = object != NULL ? object->digest : DANGLING;
    return object == NULL || object->known;
}

static int read_atom(uint64_t word, struct fsim_digest *digest)
{
    unsigned char *bytes = NULL;
    size_t count = 0;
    int result = pma_noun_length(word, &count);

    if (result == 0) {
        bytes = malloc(count + 1);
        result = bytes == NULL ? -ENOMEM : pma_noun_export(word, bytes, count);
    }
    if (result == 0)
        *digest = noun_atom_digest(bytes, count);
    free(bytes);
    return result;
}

/* Reads the last word if all its parts are known, else puts these behind it. */
static int step(struct reading *reading)
{
    uint64_t word = reading->words[reading->count - 1];
    struct heap_object *object = object_of(reading, word);
    struct fsim_digest digests[2];
    pma_noun parts[2];
    bool waits = false;
    int result;

    if (object == NULL || object->known) {
        reading->count--;
        return 0;
    }
    object->in_noun = true;
    if (pma_noun_is_cell(word)) {
        result = pma_noun_head(word, &parts[0]);
        if (result == 0)
            result = pma_noun_tail(word, &parts[1]);
        for (int i = 0; result == 0 && i < 2; i++)
            if (!is_known(reading, parts[i], &digests[i])) {
                result = push(reading, parts[i]);
                waits = true;
            }
        if (result != 0 || waits)
            return result;
        object->digest = noun_cell_digest(digests[0], digests[1]);
    } else {
        result = read_atom(word, &object->digest);
    }
    object->known = result == 0;
    reading->count--;
    return result;
}

static int add_noun(struct reading *reading, unsigned root, uint64_t word,
                    struct state_entries *list)
{
    struct state_entry entry = {.kind = STATE_NOUN, .place = root, .digest = DANGLING};
    int result;

    reading->count = 0;
    result = push(reading, word);
    while (result == 0 && reading->count > 0)
        result = step(reading);
    if (result == -ENOMEM)
        return result;
    if (result != 0 || !is_known(reading, word, &entry.digest))
        entry.digest = DANGLING;
    return state_entries_add(list, entry);
}

static int add_objects(pma_t *arena, const struct heap_objects *objects, struct state_entries *list)
{
    const unsigned char *base = pma_base(arena);
    int result = 0;

    for (size_t i = 0; result == 0 && i < objects->count; i++) {
        const struct heap_object *object = &objects->list[i];

        if (object->in_noun)
            continue;
        result = pma_touch(arena, base + object->place, object->bytes);
        if (result == 0)
            result = state_entries_add(
                list,
                (struct state_entry){STATE_OBJECT, object->place, object->bytes,
                                     state_bytes_digest(base + object->place, object->bytes)});
    }
    return result;
}

int state_heap_add(pma_t *arena, struct state_entries *list)
{
    struct heap_objects objects = {0};
    struct reading reading = {.arena = arena, .objects = &objects};
    struct state_entries nouns = {0};
    int result = heap_objects_read(arena, &objects);

    for (unsigned i = 0; result == 0 && i < PMA_ROOTS; i++) {
        uint64_t word, place;

        result = pma_root(arena, i, &word);
        if (result == 0 && heap_noun_place(arena, word, &place))
            result = add_noun(&reading, i, word, &nouns);
    }
    /* Only now is it known which objects are parts of nouns. */
    if (result == 0)
        result = add_objects(arena, &objects, list);
    for (size_t i = 0; result == 0 && i < nouns.count; i++)
        result = state_entries_add(list, nouns.entries[i]);
    free(reading.words);
    state_entries_deinit(&nouns);
    heap_objects_deinit(&objects);
    return result;
}
