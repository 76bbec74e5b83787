/* SPDX-License-Identifier: MIT */
/*
 * Blocks for an arena: derived when first needed, taken, dropped, and made by growing the file. All
 * of it may happen in the fault handler.
 */
#ifndef SPACE_H
#define SPACE_H

#include "arena.h"

/*
 * Derives which blocks are free, the first time. Comes before any change of the trees: it reads
 * them as they are on disk.
 */
int space_ready(struct pma *arena);

/*
 * Takes between 1 and `want` contiguous blocks, growing the file if it must. Those for data leave
 * as many as the next snapshot needs for its tree nodes, so that a full arena can still take one.
 */
int space_take_data(struct pma *arena, uint64_t want, uint64_t *first, uint64_t *got);
int space_take_node(struct pma *arena, uint64_t *block);

/* Grows the file, if it can be grown, so that blocks are ready for the fault handler and for the
 * tree nodes that are dirty now. */
void space_top_up(struct pma *arena);

/* Gives blocks of the working state back. */
void space_drop(struct pma *arena, uint64_t first, uint64_t count);

#endif
