/* SPDX-License-Identifier: MIT */
/*
 * Scenarios as data: what a YAML suite says, checked. docs/scenarios.md documents the syntax.
 */
#ifndef SUITE_H
#define SUITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pma/pma.h>

enum step_kind {
    STEP_ALLOC,    /* name, pages, [at: page number], [ephemeral] */
    STEP_FREE,     /* name, [page, pages]: a part or all of it */
    STEP_WRITE,    /* name, [page, pages], [seed], [bytes], [order] */
    STEP_DIRTY,    /* name, [page, pages] */
    STEP_MOVE,     /* name, [page, pages], to, [as: new name], [ephemeral | persistent] */
    STEP_EVICT,    /* name, [page, pages] */
    STEP_ROOT,     /* index, value */
    STEP_SNAPSHOT, /* [event], [count: so many in a row] */
    STEP_REOPEN,   /* close and open again: work since the last snapshot is gone */
    STEP_KILL,     /* as if the process were killed, then open again */
    STEP_CREATE,   /* with `create: recorded`, first */
    STEP_INGEST,   /* [count]: every file of the input directory becomes pages, each an event and a
                      snapshot */
};

struct suite; /* the scenarios of one file or directory */

struct scenario {
    const char *name, *description, *file, *text;
    unsigned line;
    bool record_creation; /* creation is part of the recording; else the arena is there before,
                             empty */
    uint64_t reserved_pages, initial_blocks, grow_blocks, fanout;
    uint64_t resident_pages, mapping_limit, defragment_blocks; /* 0 = the library's default */
    bool has_copying;                                          /* it is played in this way only */
    enum pma_copying copying;
    const struct step *steps;
    size_t step_count;
};

enum step_order { ORDER_UP, ORDER_DOWN, ORDER_SCATTERED };

struct step {
    enum step_kind kind;
    unsigned line;
    const char *name, *as;
    uint64_t page, pages; /* pages 0: to the end of the name */
    uint64_t at, to, seed, bytes, index, value, event, count;
    bool has_at, has_event, ephemeral, persistent;
    bool attempted; /* reopen, kill: returns the snapshot whose attempt failed, not the last
                       acknowledged one */
    bool killed;    /* create, snapshot: the process is killed before the call returns */
    enum step_order order;
    const char *fault; /* a fault plan for this step, or NULL */
    int expect;        /* the error that the step must end with; 0 = success */
};

/*
 * Reads all *.yaml in a directory, or one file. 0, or -EINVAL with "FILE:LINE: what was wrong; what
 * was meant" in message. A step that cannot work (write to a name that is not allocated, pages
 * beyond it, overlapping `at`) is an error here, before anything runs. `repeat` is unrolled.
 */
int suite_load(const char *path, struct suite **suite, char *message, size_t message_bytes);
void suite_free(struct suite *suite);
size_t suite_count(const struct suite *suite);
const struct scenario *suite_scenario(const struct suite *suite, size_t index);

/* The word for a kind of step in a suite: "alloc". */
const char *step_word(enum step_kind kind);

#endif
