/* SPDX-License-Identifier: MIT */
/*
 * A suite file as it is written: libcyaml maps it to these structs, after a walk over the document
 * that knows the same schema and says what is wrong with file, line and what was meant. Numbers of
 * steps are still text, since they may be formulas; suite.c makes scenarios of this.
 */
#ifndef SCHEMA_H
#define SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* X(identifier, key in the file): the kinds of steps. */
#define STEP_KINDS(X)                                                                              \
    X(ALLOC, alloc)                                                                                \
    X(FREE, free)                                                                                  \
    X(WRITE, write)                                                                                \
    X(DIRTY, dirty)                                                                                \
    X(MOVE, move)                                                                                  \
    X(EVICT, evict)                                                                                \
    X(ROOT, root)                                                                                  \
    X(SNAPSHOT, snapshot)                                                                          \
    X(REOPEN, reopen)                                                                              \
    X(KILL, kill)                                                                                  \
    X(CREATE, create)                                                                              \
    X(INGEST, ingest)                                                                              \
    X(MALLOC, malloc)                                                                              \
    X(REALLOC, realloc)                                                                            \
    X(FREE_OBJECT, free_object)                                                                    \
    X(TAKE, take)                                                                                  \
    X(STACK, stack)                                                                                \
    X(PUSH, push)                                                                                  \
    X(POP, pop)                                                                                    \
    X(FLIP, flip)                                                                                  \
    X(STACK_ALLOC, stack_alloc)                                                                    \
    X(LOCAL, local)                                                                                \
    X(LIGHT_PUSH, light_push)                                                                      \
    X(LIGHT_POP, light_pop)                                                                        \
    X(STACK_RELEASE, stack_release)                                                                \
    X(STACK_FREE, stack_free)                                                                      \
    X(NOUN, noun)                                                                                  \
    X(CELL, cell)                                                                                  \
    X(PRESERVE, preserve)                                                                          \
    X(KEEP, keep)                                                                                  \
    X(HOLD, hold)                                                                                  \
    X(DROP, drop)                                                                                  \
    X(JAM, jam)                                                                                    \
    X(SHRINK, shrink)                                                                              \
    X(COPY, copy)                                                                                  \
    X(VIEW, view)                                                                                  \
    X(VIEW_CHECK, view_check)                                                                      \
    X(VIEW_CLOSE, view_close)                                                                      \
    X(SECOND_WRITER, second_writer)                                                                \
    X(REPEAT, repeat)

/* Whatever keys a step has; NULL = not given. */
struct schema_keys {
    char *name, *page, *pages, *at, *seed, *bytes, *to, *as, *index, *value, *event, *count;
    char *align, *offset, *locals, *size, *blocks, *most, *on, *head, *tail;
    char *times, *counter, *fault, *expect;
    bool ephemeral, persistent, killed, zeroed, batch, previous;
    int order, state, shape;
    struct schema_step *steps;
    unsigned steps_count;
};

/* One of these is not NULL. */
struct schema_step {
#define SCHEMA_STEP_FIELD(id, key) struct schema_keys *key;
    STEP_KINDS(SCHEMA_STEP_FIELD)
#undef SCHEMA_STEP_FIELD
};

struct schema_arena {
    uint64_t reserved_pages, initial_blocks, grow_blocks, fanout;
    uint64_t resident_pages, mapping_limit, defragment_blocks, keep_blocks;
    int copying;
    bool verify;
};

enum schema_create { SCHEMA_CREATE_BEFORE, SCHEMA_CREATE_RECORDED };
enum schema_copying { SCHEMA_COPY_EITHER, SCHEMA_COPY_EAGER, SCHEMA_COPY_LAZY };
enum schema_shape { SCHEMA_ATOM, SCHEMA_LIST, SCHEMA_TREE, SCHEMA_SHARED };
enum schema_state { SCHEMA_ACKNOWLEDGED, SCHEMA_ATTEMPTED };

struct schema_scenario {
    char *name, *description;
    int create;
    struct schema_arena *arena;
    struct schema_step *steps;
    unsigned steps_count;
};

struct schema_suite {
    struct schema_scenario *scenarios;
    unsigned scenarios_count;
};

struct schema_file {
    char *text; /* the file's bytes */
    size_t bytes;
    struct schema_suite *suite;
    /* Where the entries of all sequences begin, scenarios and steps, in the order of the file. */
    unsigned *lines;
    size_t line_count, line_capacity;
};

/* 0, or a negated errno and "FILE:LINE: what was wrong; what was meant". Free with
 * schema_file_deinit either way. */
int schema_file_load(const char *path, struct schema_file *file, char *message,
                     size_t message_bytes);
void schema_file_deinit(struct schema_file *file);

/* Calls `visit` for every key, with the step it belongs to, "scenario" or "arena", and whether it
 * must be given. */
typedef void schema_visit(void *context, const char *where, const char *key, bool needed);
void schema_each_key(schema_visit *visit, void *context);

#endif
