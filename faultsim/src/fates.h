/* SPDX-License-Identifier: MIT */
/*
 * What the crash states of one crash point did to each item: for maps of a whole scenario. Kept
 * only if fsim_options.fates asks for it.
 */
#ifndef FATES_H
#define FATES_H

#include <faultsim/explore.h>

#include "cursor.h"

struct fates;

int fates_new(const fsim_cursor_t *cursor, struct fates **fates);
void fates_free(struct fates *fates);

/* The cursor is at another crash point: nothing is known but what it admits. */
void fates_begin(struct fates *fates, const fsim_cursor_t *cursor);

/* A recovery looked at these items and saw these values; `wrong`: it was judged a violation. */
void fates_note(struct fates *fates, const fsim_cursor_t *cursor, const uint32_t *items,
                const uint64_t *values, size_t count, bool wrong);

/* All items, in the order of their indexes. */
const struct fsim_fate *fates_list(const struct fates *fates, size_t *count);

#endif
