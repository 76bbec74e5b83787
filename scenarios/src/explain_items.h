/* SPDX-License-Identifier: MIT */
/* What a crash kept and lost, block by block, and what of it matters. */
#ifndef EXPLAIN_ITEMS_H
#define EXPLAIN_ITEMS_H

#include <faultsim/reduce.h>
#include <stdio.h>

/* `reduction` is of this violation, or NULL. */
void explain_items(FILE *out, const struct fsim_violation *violation,
                   const struct fsim_reduction *reduction);

#endif
