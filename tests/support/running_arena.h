/* SPDX-License-Identifier: MIT */
/* Arenas as rows of a dump, and what is done to them: for the tests of the invariants. */
#ifndef RUNNING_ARENA_H
#define RUNNING_ARENA_H

#include <results/results.h>

enum { MOST_ROWS = 16, MOST_COLUMNS = 13, MOST_EDITS = 10, DUMP_BYTES = 8192 };

struct rows {
    size_t count[RESULTS_TABLES];
    int64_t values[RESULTS_TABLES][MOST_ROWS][MOST_COLUMNS];
};

/* Sets one value; a row beyond the last is added, its other values 0. */
struct edit {
    enum results_table table;
    size_t row, column;
    int64_t value;
};

struct damage {
    const char *invariant; /* the only one that it breaks */
    const char *what;
    struct edit edits[MOST_EDITS];
    size_t edit_count;
};

#define EDITS(...)                                                                                 \
    .edits = {__VA_ARGS__}, .edit_count = sizeof((struct edit[]){__VA_ARGS__}) / sizeof(struct edit)

/*
 * An arena at work: a heap with two chunks and a large object, all nouns; a stack of pages 100 to
 * 115 with a west frame, that has a cell and a reference from it into the heap, and an east one,
 * that has a cell which refers to the first.
 */
extern const struct rows running_arena;

enum { RUNNING_DAMAGES = 25 };
extern const struct damage running_damages[RUNNING_DAMAGES];

#endif
