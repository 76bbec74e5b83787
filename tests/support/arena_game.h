/* SPDX-License-Identifier: MIT */
/*
 * Random operations on an arena and on a model of it, an array of what each page holds.
 *
 * Without faults every result is predicted. With faults any call may fail: then the model stays as
 * it was, and what the arena holds must too; snapshots that failed may be found at the next open,
 * but by no view before. Views stay open while the arena is closed and opened again.
 */
#ifndef ARENA_GAME_H
#define ARENA_GAME_H

#include "arena_place.h"
#include "random.h"

enum { GAME_PAGES = 192, GAME_BLOCKS = 1 << 16, GAME_ATTEMPTS = 256, GAME_VIEWS = 3 };

enum game_kind { NOT_ALLOCATED, PERSISTENT, EPHEMERAL };

struct game_model {
    enum game_kind kind[GAME_PAGES];
    uint64_t tag[GAME_PAGES];
    uint64_t root;
    uint64_t event;
};

struct game_view {
    pma_t *handle; /* NULL: none is open */
    struct game_model shows;
};

struct game {
    const struct arena_place *place;
    struct random random;
    struct pma_options options; /* that the arena is made and opened with */
    pma_t *arena;               /* NULL: none is open */
    bool faults;
    bool store_only; /* with faults: stores are made without pma_dirty before them */
    bool poisoned;
    bool tell; /* what is done, on standard error */

    struct game_model now, newest;
    struct game_model previous; /* of the snapshot before the newest */
    bool has_previous;
    struct game_model attempts[GAME_ATTEMPTS]; /* that failed since the newest */
    unsigned attempt_count;
    struct game_view views[GAME_VIEWS];
    uint64_t events;
    uint64_t tags;
    unsigned char named[GAME_BLOCKS]; /* by a snapshot in the file */
};

struct game *game_new(const struct arena_place *place, uint64_t seed);
void game_free(struct game *game);

/* False if the arena could not be created, which only happens with faults. */
bool game_create(struct game *game, uint32_t fanout);

/* One random move on pages, roots, or the whole arena. */
void game_move(struct game *game);

/* The same with everything else that the library offers mixed in. */
void game_any_move(struct game *game);

/* Makes random moves; stops early when the arena is poisoned or cannot be opened any more. */
void game_play(struct game *game, unsigned moves);

/* Does once and on purpose what random moves do rarely, so that every fault point is met. */
void game_tour(struct game *game);

/* Closes and opens again. False if that failed, with faults. */
bool game_reopen(struct game *game);
void game_close(struct game *game);

bool game_snapshot(struct game *game);

/* Compares all of the arena with the model. */
void game_look(const struct game *game);

/* Compares both snapshots of the file with the model, and the free blocks with both. */
void game_check_file(struct game *game);

#endif
