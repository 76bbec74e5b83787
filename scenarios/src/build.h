/* SPDX-License-Identifier: MIT */
/* From the words of a suite's file to scenarios: what is being built, and one step of it. */
#ifndef BUILD_H
#define BUILD_H

#include "formula.h"
#include "schema.h"
#include "suite.h"

enum { BUILD_MOST_PAGES = 1 << 20 };

struct suite {
    struct scenario *scenarios;
    size_t count, capacity;
    void **owned; /* strings and step arrays, freed with the suite */
    size_t owned_count, owned_capacity;
};

struct builder {
    struct suite *suite;
    const char *path;
    const struct schema_file *file;
    size_t next_line; /* of file->lines */
    unsigned line;    /* of the step under way */
    const char *word; /* its kind */
    struct formula_counters counters;
    struct step *steps;
    size_t step_count, step_capacity;
    char *message;
    size_t message_bytes;
};

/* Makes the suite the owner of a block, which may be NULL after a failed allocation. */
int build_own(struct suite *suite, void *block);
int build_own_copy(struct suite *suite, const char *text, const char **copy);

/* Says what is wrong at the line under way; -EINVAL. */
int build_wrong(struct builder *builder, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A number, if it is given. */
int build_number(struct builder *builder, const char *key, const char *text, uint64_t *value);

/* A step of that kind, the index-th of its scenario from 0, with no key given. */
struct step build_default(enum step_kind kind, size_t index);

/* The step of that kind that its keys describe, with the counters as they are. */
int build_step(struct builder *builder, enum step_kind kind, const struct schema_keys *keys,
               struct step *step);

#endif
