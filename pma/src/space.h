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

/* The same without growing the file: -ENOSPC if only those for tree nodes are left. */
int space_take_spare(struct pma *arena, uint64_t want, uint64_t *first, uint64_t *got);

/* How many blocks that may be spent on other things than tree nodes. */
uint64_t space_spare(const struct pma *arena);

/*
 * Takes blocks from below `limit` only, until there is none left: then the limit is lifted. 0: no
 * limit. While there is one, snapshots record no longer file than they need.
 */
void space_limit(struct pma *arena, uint64_t limit);

/* The shortest file that holds what is used now and leaves a snapshot the blocks it needs. */
uint64_t space_least(const struct pma *arena);

/* What a snapshot has to record as the length of the file. */
uint64_t space_recorded_length(const struct pma *arena);

/* Truncates the file to what both meta pages record, if the blocks behind that are free. */
int space_truncate(struct pma *arena);

/* Grows the file, if it can be grown, so that blocks are ready for the fault handler and for the
 * tree nodes that are dirty now. */
void space_top_up(struct pma *arena);

/* Gives blocks of the working state back. */
void space_drop(struct pma *arena, uint64_t first, uint64_t count);

/* The attempt `number` is acknowledged: what only older snapshots needed becomes free, but for what
 * views read. */
void space_acknowledge(struct pma *arena, uint64_t number);

/* Looks whether views that held blocks are gone. */
void space_review(struct pma *arena);

#endif
