/* SPDX-License-Identifier: MIT */
/*
 * Crash points by depth: those of the workload, those of the recoveries from its crashes, and so
 * on. What was recorded after a crash is a branch; its crash points come one after the other, and
 * branches in the order of the crashes that they start from, so that a cursor for each depth moves
 * forwards most of the time.
 */
#ifndef LEVELS_H
#define LEVELS_H

#include <faultsim/explore.h>

#include "cursor.h"

/* A crash, and what was recorded from there on. The arrays are its own. */
struct branch {
    uint32_t parent; /* the crash point, of the level before */
    bool killed;     /* the process only: all that was written is there, durable or not */
    /* If power failed: what was seen of the files that it left. */
    uint32_t *items;
    uint64_t *values;
    uint32_t count;
    size_t *legal; /* marks; NULL: those of the crash point */
    size_t legal_count;
    struct fsim_span span;
};

struct level {
    struct fsim_crash_point *points;
    size_t point_count;
    uint32_t *branch_of; /* of each point, from the second level on */
    struct branch *branches;
    size_t branch_count;
    fsim_cursor_t *cursor;
    size_t branch; /* that the cursor is on */
};

struct levels {
    const fsim_trace_t *trace;
    const struct fsim_options *options;
    struct level list[FSIM_DEEPEST];
    uint32_t count;
};

void levels_deinit(struct levels *levels);

/* The trace has grown: cursors that know all of it, and none anywhere yet. */
int levels_renew(struct levels *levels);

/* Puts the cursor of a level at one of its crash points. */
int levels_seek(struct levels *levels, uint32_t level, size_t point);

/* Puts the cursor of a level where a branch of it begins. */
int levels_enter(struct levels *levels, uint32_t level, size_t branch);

#endif
