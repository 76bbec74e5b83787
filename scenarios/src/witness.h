/* SPDX-License-Identifier: MIT */
/*
 * Heap, nouns and stacks of an open arena as rows for the SQL invariants: of a recovered arena, and
 * of a workload that runs, whose stacks no recovery ever sees.
 */
#ifndef WITNESS_H
#define WITNESS_H

#include <results/results.h>

#include "stacks.h"

/* Appends rows; `count` values, as many as the table has columns. */
void witness_row(struct results_dump *dump, enum results_table table, const int64_t *values,
                 size_t count);
#define WITNESS(dump, table, ...)                                                                  \
    witness_row((dump), (table), (const int64_t[]){__VA_ARGS__},                                   \
                sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

/* The arena itself, and the pages that it has allocated. 0 or the code of a call that failed. */
int witness_arena(struct results_dump *dump, pma_t *arena, bool live);

/* Heap, stacks and nouns. `stacks` may be NULL; those of its things that are nouns are where the
 * walk begins, beside the root words. */
int witness_objects(struct results_dump *dump, pma_t *arena, const struct stacks *stacks);

/*
 * Judges a running workload by all invariants. 0, or 1 and the finding, or a negative code. Does
 * nothing while there is neither a heap nor a stack.
 */
int witness_judge(results_oracle_t *invariants, pma_t *arena, const struct stacks *stacks,
                  char *finding, size_t finding_bytes);

#endif
