/* SPDX-License-Identifier: MIT */
/*
 * Nouns as a scenario means them: plain trees in memory, with shared parts, made from a seed and
 * never from the arena's own. They live until the workload ends.
 */
#ifndef NOUNS_H
#define NOUNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <faultsim/trace.h>

#include "suite.h"

struct noun {
    bool cell;
    const struct noun *head, *tail; /* cells only */
    const unsigned char *bytes;     /* atoms only: little-endian, the last one not zero */
    size_t count;
    struct fsim_digest digest; /* the same for equal nouns, whatever they share */
    size_t number; /* of the noun, from 0: parts have lower ones than what they are of */
};

struct nouns {
    struct noun **list;
    size_t count, capacity;
};

void nouns_deinit(struct nouns *nouns);

/* NULL if there is no memory. Bytes are copied, zeros at the end left out. */
const struct noun *nouns_atom(struct nouns *nouns, const void *bytes, size_t count);
const struct noun *nouns_cell(struct nouns *nouns, const struct noun *head,
                              const struct noun *tail);

/*
 * What the step `noun` makes: an atom of `size` bytes, a list or a balanced tree of `size` atoms
 * small and large, or a cell of the same part twice, `size` deep.
 */
const struct noun *nouns_make(struct nouns *nouns, enum step_shape shape, uint64_t size,
                              uint64_t seed);

/* An equal noun that shares nothing with this one, and as much in itself. */
const struct noun *nouns_copy(struct nouns *nouns, const struct noun *noun);

/* Whether the arena keeps it outside the word that refers to it: cells, and atoms of 64 bits. */
bool noun_is_indirect(const struct noun *noun);

/* The number of an atom that is not indirect. */
uint64_t noun_value(const struct noun *noun);

/* Whether a part that is indirect is in both. */
bool nouns_share(const struct nouns *nouns, const struct noun *one, const struct noun *other);

/* The digests that nouns are told by, for whoever reads them from the arena. */
struct fsim_digest noun_atom_digest(const void *bytes, size_t count);
struct fsim_digest noun_cell_digest(struct fsim_digest head, struct fsim_digest tail);

#endif
