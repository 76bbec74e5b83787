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
    STEP_SNAPSHOT, /* [event], [count: so many in a row], [most: blocks of the file then] */
    STEP_REOPEN,   /* close and open again: work since the last snapshot is gone */
    STEP_KILL,     /* as if the process were killed, then open again */
    STEP_CREATE,   /* with `create: recorded`, first */
    STEP_INGEST,   /* [count]: every file of the input directory becomes pages, each an event and a
                      snapshot */
    STEP_MALLOC,   /* name, bytes, [align], [zeroed], [seed]; write, dirty and evict take it too */
    STEP_REALLOC,  /* name, bytes, [seed] */
    STEP_FREE_OBJECT,   /* name, [offset]: from its start, to free what is none */
    STEP_TAKE,          /* name, as: allocated pages become an object of the heap */
    STEP_STACK,         /* [name], [pages], [locals], [batch] */
    STEP_PUSH,          /* [on], [locals]; `on` names the stack, here and below: the latest one */
    STEP_POP,           /* [on] */
    STEP_FLIP,          /* [on], [locals] */
    STEP_STACK_ALLOC,   /* [on], name, bytes, [seed] */
    STEP_LOCAL,         /* [on], index, value */
    STEP_LIGHT_PUSH,    /* [on], [count], [seed] */
    STEP_LIGHT_POP,     /* [on], [count] */
    STEP_STACK_RELEASE, /* [on] */
    STEP_STACK_FREE,    /* [on] */
    STEP_NOUN,          /* [on], name, shape, size, [seed] */
    STEP_CELL,          /* [on], name, head, tail; "root 3" is what is kept there */
    STEP_PRESERVE,      /* [on], name: several with spaces between */
    STEP_KEEP,          /* [on], name, index: of the root word that then holds it */
    STEP_HOLD,          /* index, to: the root word that holds it as well */
    STEP_DROP,          /* index */
    STEP_JAM,           /* [on], name, as: to an atom, and back to a noun of its own */
    STEP_SHRINK,        /* [blocks], [most] */
    STEP_COPY,          /* [previous] */
    STEP_VIEW,          /* name, [previous] */
    STEP_VIEW_CHECK,    /* name */
    STEP_VIEW_CLOSE,    /* name */
    STEP_SECOND_WRITER, /* another one opens the arena, and must be refused */
};

struct suite; /* the scenarios of one file or directory */

struct scenario {
    const char *name, *description, *file, *text;
    unsigned line;
    bool record_creation; /* creation is part of the recording; else the arena is there before,
                             empty */
    uint64_t reserved_pages, initial_blocks, grow_blocks, fanout;
    uint64_t resident_pages, mapping_limit; /* 0 = the library's default */
    uint64_t defragment_blocks, keep_blocks;
    bool verify;      /* whoever opens it checks each block that is mapped */
    bool has_copying; /* it is played in this way only */
    enum pma_copying copying;
    const struct step *steps;
    size_t step_count;
};

enum step_order { ORDER_UP, ORDER_DOWN, ORDER_SCATTERED };
enum step_shape { SHAPE_ATOM, SHAPE_LIST, SHAPE_TREE, SHAPE_SHARED };

struct step {
    enum step_kind kind;
    unsigned line;
    const char *name, *as, *on, *head, *tail;
    uint64_t page, pages; /* pages 0: to the end of the name */
    uint64_t at, to, seed, bytes, index, value, event, count;
    uint64_t align, offset, locals, size, blocks, most;
    bool has_at, has_event, ephemeral, persistent, zeroed, batch, previous;
    bool attempted; /* reopen, kill: returns the snapshot whose attempt failed, not the last
                       acknowledged one */
    bool killed;    /* create, snapshot: the process is killed before the call returns */
    enum step_order order;
    enum step_shape shape;
    const char *fault; /* a fault plan for this step, or NULL */
    int expect;        /* the error that the step must end with; 0 = success */
};

/*
 * Reads all *.yaml in a directory, or one file. 0, or -EINVAL with "FILE:LINE: what was wrong; what
 * was meant" in message. A step that cannot work (write to a name that is not allocated, pages
 * beyond it, overlapping `at`) is an error here, before anything runs. `repeat` is unrolled.
 */
int suite_load(const char *path, struct suite **suite, char *message, size_t message_bytes);
/* A suite in memory, and scenarios added to it: names of steps are borrowed, the rest is copied,
 * and `text` is made. 0 or -ENOMEM. */
int suite_new(struct suite **suite);
int suite_add(struct suite *suite, const struct scenario *scenario);
void suite_free(struct suite *suite);
size_t suite_count(const struct suite *suite);
const struct scenario *suite_scenario(const struct suite *suite, size_t index);

/* A scenario whose file says nothing of its arena. */
extern const struct scenario suite_default;

/* The word for a kind of step in a suite: "alloc". */
const char *step_word(enum step_kind kind);

#endif
