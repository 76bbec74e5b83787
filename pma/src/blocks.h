/* SPDX-License-Identifier: MIT */
/*
 * Which block is free. State in memory only, derived at open (docs/format.md, "Space").
 *
 * A block is FREE, BORN (taken since the last acknowledged snapshot, named by no meta page),
 * COMMITTED (named by the last acknowledged snapshot, or by an attempt whose meta write began), or
 * in LIMBO (dropped from the working state, but still named by a meta page or attempt), or HELD
 * (out of limbo, but of a snapshot that a view reads). One byte a block; only while there are such
 * views, also the snapshots between which it was in use.
 *
 * Taking and dropping are async-signal-safe; growing the tables is not (it happens when the file
 * grows: mapped memory, no malloc).
 */
#ifndef BLOCKS_H
#define BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pins.h"

struct blocks;

int blocks_new(
    uint64_t count,
    struct blocks **blocks); /* all FREE but the meta pages, which are COMMITTED for ever */
void blocks_free(struct blocks *blocks);
int blocks_grow(struct blocks *blocks, uint64_t count); /* new blocks are FREE */

/* Derivation at open. */
void blocks_mark_committed(struct blocks *blocks, uint64_t block);
void blocks_mark_limbo(struct blocks *blocks, uint64_t block); /* only if FREE so far */
bool blocks_is_free(const struct blocks *blocks, uint64_t block);

/*
 * Takes a run of at most `want` contiguous FREE blocks, at least one, which become BORN: from the
 * cursor on the first that is long enough, else the longest of the first BLOCKS_LOOKS. -ENOSPC if
 * none is free.
 */
enum { BLOCKS_LOOKS = 64 };
int blocks_take(struct blocks *blocks, uint64_t want, uint64_t *first, uint64_t *got);

/* Whether the blocks taken since this was asked last, if they are enough to tell, lay in short
 * runs. */
bool blocks_are_scattered(struct blocks *blocks);

/* The next search for a run starts at `block`. */
void blocks_seek(struct blocks *blocks, uint64_t block);

/* The longest run of FREE blocks that may be taken; -ENOSPC if there is none. */
int blocks_longest(const struct blocks *blocks, uint64_t *first, uint64_t *count);

/* Takes exactly these blocks, or none of them if one is not FREE or may not be taken. */
bool blocks_take_at(struct blocks *blocks, uint64_t first, uint64_t count);

/* From now on only blocks below `limit` may be taken; UINT64_MAX: all. */
void blocks_limit(struct blocks *blocks, uint64_t limit);

/* Drops a run from the working state: BORN becomes FREE, COMMITTED becomes LIMBO. Anything else is
 * PMA_EBUG with nothing changed. */
int blocks_drop(struct blocks *blocks, uint64_t first, uint64_t count);

/* The meta write of an attempt begins: every BORN block becomes COMMITTED, since a meta page may
 * name it from now on. */
void blocks_attempt(struct blocks *blocks);

/* The attempt is acknowledged: blocks that entered limbo before the acknowledgement before this one
 * become FREE. */
void blocks_acknowledge(struct blocks *blocks);

/*
 * Blocks and views. `pins` tells which of the snapshots up to `older` are read.
 *
 * blocks_hold comes before blocks_acknowledge: of the blocks that would become FREE, those that a
 * view reads become HELD instead. `older` is the snapshot whose meta page the attempt `number` has
 * overwritten. blocks_hold_free comes after the derivation at open: views of snapshots up to
 * `older`, which no meta page names, may read any block that was found FREE. blocks_review makes
 * FREE what is HELD and no longer read.
 */
void blocks_hold(struct blocks *blocks, uint64_t number, uint64_t older, const struct pins *pins);
void blocks_hold_free(struct blocks *blocks, uint64_t older, const struct pins *pins);
void blocks_review(struct blocks *blocks, const struct pins *pins);

bool blocks_is_born(const struct blocks *blocks, uint64_t block);
uint64_t blocks_count(const struct blocks *blocks);
uint64_t blocks_count_free(const struct blocks *blocks);
uint64_t blocks_count_ready(const struct blocks *blocks); /* FREE, and may be taken */
uint64_t blocks_count_used(const struct blocks *blocks);  /* BORN or COMMITTED */
uint64_t blocks_count_used_from(const struct blocks *blocks, uint64_t first);
uint64_t blocks_count_limbo(const struct blocks *blocks);
uint64_t blocks_count_held(const struct blocks *blocks);

/* The number of the last block that is BORN or COMMITTED, and of the last that is not FREE, plus 1.
 */
uint64_t blocks_used_end(const struct blocks *blocks);
uint64_t blocks_end(const struct blocks *blocks);

/* Forgets the blocks from `count` on. PMA_EBUG, with nothing changed, unless all of them are FREE.
 */
int blocks_shrink(struct blocks *blocks, uint64_t count);

/* The first run of FREE blocks at or above `from`; -ENOENT after the last. */
int blocks_next_free(const struct blocks *blocks, uint64_t from, uint64_t *first, uint64_t *count);

#endif
