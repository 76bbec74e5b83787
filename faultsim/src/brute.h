/* SPDX-License-Identifier: MIT */
/*
 * Crash states one by one: the slow way, which shows that the decision tree is right.
 *
 * Outcomes are kept by the hash of the whole crash state (every item's value), in shared memory, so
 * a state that several crash points admit is recovered once.
 */
#ifndef BRUTE_H
#define BRUTE_H

#include "cursor.h"

struct brute;

int brute_new(struct brute **brute);
void brute_free(struct brute *brute);
size_t brute_memory(const struct brute *brute);

/* The number of a crash state among those recovered, from 0, or -ENOENT. */
int64_t brute_find(const struct brute *brute, uint64_t image);
uint32_t brute_outcome(const struct brute *brute, uint32_t state);
int brute_insert(struct brute *brute, uint64_t image, uint32_t outcome);

/* All crash states of a crash point, as an odometer over its undetermined items. A wheel goes on to
 * damage only while no other one shows any. */
struct enumeration {
    const fsim_cursor_t *cursor;
    const uint32_t *items; /* the undetermined ones */
    size_t count;
    const uint64_t **candidates;
    uint32_t *sizes, *sound, *digits;
    size_t damaged;      /* the item that is damaged, or `count` */
    uint64_t *values;    /* of `items` */
    uint64_t determined; /* hash of all other items */
    uint64_t image;      /* hash of the state */
};

int enumeration_init(struct enumeration *enumeration, const fsim_cursor_t *cursor);
void enumeration_deinit(struct enumeration *enumeration);

/* The next state; false after the last. The first is there from the start. */
bool enumeration_next(struct enumeration *enumeration);

/* An item's value in the state; for tree_find. `context` is the enumeration. */
uint64_t enumeration_value(void *context, uint32_t item);

#endif
