/* SPDX-License-Identifier: MIT */
/* Mugs of whole nouns, and where they are kept. */
#ifndef NOUN_MUG_H
#define NOUN_MUG_H

#include "noun_object.h"
#include "scratch.h"

/* The mug of an atom, or of a cell for which it has been computed. */
uint32_t noun_mug(pma_noun noun);

/* The same of an atom, not looking at what has been kept. */
uint32_t noun_mug_anew(pma_noun atom);

/* Computes what mugs of a noun's parts are not there yet, and keeps all of them. -ENOMEM. */
int noun_mug_all(struct scratch *scratch, pma_noun noun);

#endif
