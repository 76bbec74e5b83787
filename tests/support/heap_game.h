/* SPDX-License-Identifier: MIT */
/*
 * Random work on the heap of an arena, and a model in plain memory of what it holds. Every object
 * is filled with a pattern of its own, so that two that overlap betray each other.
 */
#ifndef HEAP_GAME_H
#define HEAP_GAME_H

#include <stdbool.h>
#include <stddef.h>

#include "arena_place.h"
#include "random.h"

enum { HEAP_GAME_PAGES = 4096, HEAP_GAME_OBJECTS = 160, HEAP_GAME_ATTEMPTS = 64 };

struct heap_game_object {
    unsigned char *address;
    size_t bytes;
    uint64_t tag; /* of its pattern; 0: a fault kept it from being stored */
};

struct heap_game_state {
    struct heap_game_object objects[HEAP_GAME_OBJECTS];
    size_t count;
    uint64_t event;
};

struct heap_game {
    const struct arena_place *place;
    pma_t *arena;
    struct random random;
    bool faults; /* any call may fail; then nothing has changed */
    bool poisoned;
    uint64_t tags, events;
    struct heap_game_state now, newest, attempts[HEAP_GAME_ATTEMPTS];
    size_t attempt_count;
};

/* They fail the test when the heap does not do what the model says; false means a fault. */
struct heap_game *heap_game_new(const struct arena_place *place, uint64_t seed);
void heap_game_free(struct heap_game *game);
bool heap_game_create(struct heap_game *game);
bool heap_game_reopen(struct heap_game *game);
bool heap_game_snapshot(struct heap_game *game);
void heap_game_play(struct heap_game *game, unsigned moves);

/* Compares everything, and lets the heap check itself. */
void heap_game_look(struct heap_game *game);

#endif
