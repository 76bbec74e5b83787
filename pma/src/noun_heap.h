/* SPDX-License-Identifier: MIT */
/* Nouns of the heap: what can be said of one, and who refers to it. */
#ifndef NOUN_HEAP_H
#define NOUN_HEAP_H

#include "noun_object.h"

enum { NOUN_REFERENCES_MOST = INT32_MAX };

/*
 * 0 if the object of an indirect noun is one of the heap and whole, as far as that can be told
 * without its parts: PMA_EFOREIGN, PMA_EINTERIOR or PMA_EFREED if not, PMA_ENOUN if what lies there
 * is no such noun.
 */
int noun_heap_check(pma_t *arena, pma_noun noun);

static inline void noun_heap_hold(pma_noun noun)
{
    if (!pma_noun_is_direct(noun))
        ++*noun_metadata(noun);
}

/* Remembers why a call fails. Returns the code. */
int noun_heap_fail(pma_t *arena, int code, const char *why);

#endif
