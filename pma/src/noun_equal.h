/* SPDX-License-Identifier: MIT */
/*
 * Whether nouns are equal, asked many times. What has been found equal is remembered as classes of
 * objects (union-find, after Hopcroft and Karp): no two parts are compared twice, so that shared
 * parts cost once, however many trees they unfold to.
 */
#ifndef NOUN_EQUAL_H
#define NOUN_EQUAL_H

#include "map.h"
#include "noun_object.h"
#include "pile.h"

struct equality {
    struct scratch *scratch;
    struct map classes; /* object to another one of its class; the last of them has no entry */
    struct pile pairs;  /* still to be compared */
};

/* -ENOMEM if the scratch memory is full. */
int equality_decide(struct equality *equality, pma_noun a, pma_noun b, bool *equal);

#endif
