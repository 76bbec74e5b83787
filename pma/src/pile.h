/* SPDX-License-Identifier: MIT */
/*
 * A pile of words in scratch memory of a stack: words are put on top and taken off again, or
 * visited from the lowest on. It grows by segments and never moves. A pile that is all zeros is
 * empty.
 */
#ifndef PILE_H
#define PILE_H

#include "scratch.h"

struct pile {
    struct pile_segment *first, *top;
    uint64_t count;
};

/* -ENOMEM, and the pile is as before. */
int pile_push(struct pile *pile, struct scratch *scratch, uint64_t word);

/* False if there is none. */
bool pile_pop(struct pile *pile, uint64_t *word);

/* A place in a pile: all zeros before the lowest word. */
struct pile_place {
    const struct pile_segment *segment;
    uint64_t visited;
};

/* The next word upwards; false after the top. The pile may grow meanwhile. */
bool pile_next(const struct pile *pile, struct pile_place *place, uint64_t *word);

#endif
