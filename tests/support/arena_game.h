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

#include <pma/noun.h>

#include "arena_place.h"
#include "random.h"

enum { GAME_PAGES = 320, GAME_BLOCKS = 1 << 16, GAME_ATTEMPTS = 256, GAME_VIEWS = 3 };
enum {
    GAME_OBJECTS = 40,
    GAME_FIRST_KEPT = 8, /* root word of the first of the nouns that are kept */
    GAME_KEPT = 6,
    GAME_FRAMES = 20,
    GAME_WORDS = 256, /* on the light stack of a frame, and locals */
    GAME_THINGS = 48,
};

/* HEAP and STACK pages are others' than the game's; a stack's range need not be all allocated. */
enum game_kind { NOT_ALLOCATED, PERSISTENT, EPHEMERAL, HEAP, STACK };

/* An object of the heap; bytes 0: none. The first `good` bytes hold the pattern of the tag. */
struct game_object {
    unsigned char *address;
    uint64_t bytes, good, tag;
};

struct game_model {
    enum game_kind kind[GAME_PAGES];
    uint64_t tag[GAME_PAGES];
    uint64_t root;
    uint64_t event;
    struct game_object objects[GAME_OBJECTS];
    uint32_t kept[GAME_KEPT]; /* number of the noun, 0 = none */
    pma_noun kept_word[GAME_KEPT];
};

/* Nouns as they should be, by numbers from 1; parts have lower numbers than what they are of. */
struct game_noun {
    uint32_t head, tail; /* 0: an atom, of `bytes` bytes with the pattern of the tag */
    uint64_t tag;
    uint32_t bytes;
    uint32_t met; /* the comparison that met it last, as... */
    pma_noun as;
};
struct game_nouns {
    struct game_noun *list;
    uint32_t count, capacity, comparisons;
};

/* A noun or bytes in a frame of the stack. */
struct game_thing {
    unsigned depth;
    bool preserved;
    uint32_t noun; /* 0: bytes */
    pma_noun word;
    unsigned char *address;
    uint64_t bytes, tag;
};
struct game_frame {
    unsigned locals, light;
    uint64_t words[GAME_WORDS]; /* locals, then light words */
};
struct game_stack {
    pma_stack_t *handle; /* NULL: there is none */
    struct game_frame frames[GAME_FRAMES];
    unsigned frame_count, thing_count;
    bool preserved; /* from the top frame, which takes nothing new then */
    struct game_thing things[GAME_THINGS];
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
    struct game_stack stack;
    struct game_nouns nouns;
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
