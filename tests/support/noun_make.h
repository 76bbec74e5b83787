/* SPDX-License-Identifier: MIT */
/* Nouns for tests, on the stack of a stack_place. A failure fails the test. */
#ifndef NOUN_MAKE_H
#define NOUN_MAKE_H

#include <pma/noun.h>

#include "random.h"
#include "stack_home.h"

/* What a test begins with that needs room: as stack_home, an arena of the usual size and a stack of
 * 512 MiB. */
struct stack_home *noun_wide_home(void **state);

pma_noun noun_cons(const struct stack_home *home, pma_noun head, pma_noun tail);
pma_noun noun_import(const struct stack_home *home, const void *bytes, size_t count);

/* An atom of exactly `bytes` bytes, its content told by `tag`. */
pma_noun noun_blob(const struct stack_home *home, size_t bytes, uint64_t tag);

/* A list of `length` numbers, and the same with heads and tails exchanged. */
pma_noun noun_list(const struct stack_home *home, uint64_t length);
pma_noun noun_left_list(const struct stack_home *home, uint64_t length);

/* `levels` cells, each of which has the one below as its head and its tail: 2^levels leaves. */
pma_noun noun_doubled(const struct stack_home *home, unsigned levels, pma_noun leaf);

/* A noun of `cells` cells whose parts are atoms of all sizes and cells made before; `large` in 64
 * of the atoms have pages of their own. */
pma_noun noun_random(const struct stack_home *home, struct random *random, unsigned cells,
                     unsigned large);

pma_noun noun_head_of(pma_noun cell);
pma_noun noun_tail_of(pma_noun cell);
bool noun_same(const struct stack_home *home, pma_noun a, pma_noun b);
uint32_t noun_mug_of(const struct stack_home *home, pma_noun noun);

/* What a noun consists of, each object counted once. */
struct noun_census {
    uint64_t cells, atoms, large, bytes;
};
struct noun_census noun_count(const struct stack_home *home, pma_noun noun);
bool noun_same_census(struct noun_census a, struct noun_census b);

/* Demands that all of it is sound, with one reference held to it if it is of the heap. */
void noun_sound(const struct stack_home *home, pma_noun noun);

#endif
