/* SPDX-License-Identifier: MIT */
/* What a cursor is made of: for the files that move it. */
#ifndef CURSOR_STATE_H
#define CURSOR_STATE_H

#include "cursor.h"
#include "damages.h"
#include "model_rules.h"
#include "tears.h"
#include "versions.h"

struct item_state {
    struct versions versions;
    uint32_t open_slot; /* place in `open`, if it has several versions */
    /* Events: when it was last written, be it with the same bytes, and when a sync of it last
     * failed, or power did: from then on it is clean, and no sync makes it durable. */
    uint64_t written, failed;
    struct choices more;         /* what a block may hold beside its versions */
    bool extended;               /* that is up to date */
    struct damage_source source; /* that `more` was made from, where blocks decay */
    uint64_t stale;              /* what was durable before the last sync */
    bool has_stale;
};

struct note {
    uint32_t item;
    uint64_t value;
};

/* A sync between its two events. */
struct pending_sync {
    uint64_t begin;
    struct note *notes;
    size_t count;
};

struct fsim_cursor {
    const fsim_trace_t *trace;
    enum fsim_model model;
    const struct model_rules *rules;
    uint32_t tear_limit;
    size_t applied;
    /* The recordings so far, each up to a crash, but the last, which ends with what is applied. */
    struct fsim_span spans[FSIM_DEEPEST];
    size_t span_count;
    uint64_t power_failed; /* the first event after it last did */
    bool began; /* the first call or fault point was met: what comes before it is the beginning */
    uint64_t generation;

    struct fsim_item *items;
    struct item_state *states;
    size_t item_count;
    uint32_t *slots; /* hash table of item indexes + 1 */
    size_t slot_mask;

    uint32_t *open; /* items with several versions, unordered */
    size_t open_count;
    uint32_t *damaged; /* items that may be damaged, in the order of their numbers */
    size_t damaged_count;
    uint64_t damages;            /* how many these are together */
    uint64_t damaged_generation; /* that they are up to date for */
    uint32_t *named;             /* by file: how many values of names refer to it */
    size_t named_count;

    struct pending_sync *syncs;
    size_t sync_count, sync_capacity;

    size_t *legal;
    size_t legal_count, legal_capacity;

    /* What the accessors hand out, made when asked for. */
    uint64_t listed_generation;
    uint32_t *listed;
    struct fsim_item *listed_items;
    size_t listed_count;
    uint32_t *names;
};

/* A value of a name begins (1) or ceases (-1) to be possible. */
void cursor_count_name(fsim_cursor_t *cursor, uint32_t item, uint64_t file, int change);

/* An item has one value only from now on. */
void cursor_close_item(fsim_cursor_t *cursor, uint32_t item);

/* cursor_damage.c: finds what may be damaged now, where blocks decay. -ENOMEM. */
int cursor_damage_items(fsim_cursor_t *cursor);

/* Other marks are legal from now on. -ENOMEM. */
int cursor_set_legal(fsim_cursor_t *cursor, const size_t *legal, size_t count);

#endif
