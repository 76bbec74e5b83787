/* SPDX-License-Identifier: MIT */
/*
 * Opens what a crash left and says what it is: which state, which older state stands by, whether
 * the file is sound, whether the arena takes more work.
 */
#ifndef ORACLE_H
#define ORACLE_H

#include <faultsim/explore.h>
#include <pma/check.h>

#include "evidence.h"

/* A run of blocks, and what they are: the kinds of results/sql/dump.sql. */
enum oracle_kind { ORACLE_META, ORACLE_DATA, ORACLE_DIRECTORY, ORACLE_SUMS };
struct oracle_blocks {
    uint64_t first, count;
    enum oracle_kind kind;
};

/* Memory that recoveries use again, so that thousands a second do not allocate it anew. */
struct oracle {
    enum fsim_model model;    /* that the crash followed */
    bool cut_writes;          /* the recording had writes that ended in their middle */
    bool alive;               /* put the recovered arena to work */
    enum pma_copying copying; /* of the arena that is opened */
    struct state_entries live, standby;
    struct oracle_blocks *older; /* what the older snapshot names */
    size_t older_count, older_capacity;
    uint8_t *named; /* one per block: named by the newest snapshot */
    size_t named_capacity;
};

void oracle_deinit(struct oracle *oracle);

/* How it opens an arena, and makes one where there is none. */
struct pma_options oracle_options(const struct oracle *oracle);

void oracle_recover(struct oracle *oracle, const char *directory, struct fsim_outcome *outcome);

/* 0 if the evidence is sound, 1 and "rule: what" if not, or a negative code. */
int oracle_inspect(results_oracle_t *invariants, const void *bytes, size_t count, char *finding,
                   size_t finding_bytes);

#endif
