/* SPDX-License-Identifier: MIT */
/* What the heap of an arena holds: objects by their bytes, nouns under root words by their shape.
 */
#ifndef STATE_HEAP_H
#define STATE_HEAP_H

#include "state.h"

/*
 * Adds the objects that are no part of a noun, then the nouns. A root word with the tag of an
 * indirect noun is one; an object that is allocated and that neither the model nor a noun has is
 * found by that.
 */
int state_heap_add(pma_t *arena, struct state_entries *list);

/* The objects of the heap in address order, as it lists them. */
struct heap_object {
    uint64_t place, bytes; /* place: offset from the arena's base */
    bool in_noun;
    bool known; /* of one in a noun: its digest */
    struct fsim_digest digest;
};
struct heap_objects {
    struct heap_object *list;
    size_t count, capacity;
};
int heap_objects_read(pma_t *arena, struct heap_objects *objects);
void heap_objects_deinit(struct heap_objects *objects);
struct heap_object *heap_objects_find(const struct heap_objects *objects, uint64_t place);

/* Whether a word refers to an object, as cells and large atoms do; then the object's place. */
bool heap_noun_place(const pma_t *arena, uint64_t word, uint64_t *place);

#endif
