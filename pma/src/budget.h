/* SPDX-License-Identifier: MIT */
/*
 * The limits on mappings and memory (docs/memory.md), and the clock that gives back what passes
 * them. All of it may happen in the fault handler, and none of it changes what a call returns: what
 * cannot be given back stays.
 */
#ifndef BUDGET_H
#define BUDGET_H

#include "arena.h"

/* How many pages from `page` on a fault there may map, if it wants `want`. */
uint64_t budget_step(const struct pma *arena, uint64_t want);

/*
 * A load met `page` of an extent that is not mapped: the part of the extent to map. All of it
 * without a limit on memory; with one a window, which grows as long as loads come in sequence.
 */
struct extent budget_window(struct pma *arena, const struct extent *extent, uint64_t page);

/*
 * Gives back what passes the limits, but for the pages [page, page + length). In a fault only as
 * much as it may take the time for; the next ones go on.
 */
void budget_keep(struct pma *arena, uint64_t page, uint64_t length);
void budget_keep_in_fault(struct pma *arena, uint64_t page, uint64_t length);

/* Gives mappings outside [page, page + length) back, since the process has too many, and with
 * `sealing` those of changed pages too. False if there is none to give. */
bool pages_relieve(struct pma *arena, uint64_t page, uint64_t length, bool sealing);

#endif
