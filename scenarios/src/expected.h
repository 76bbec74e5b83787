/* SPDX-License-Identifier: MIT */
/*
 * What an arena must hold after the steps so far: which pages are allocated under which name and
 * what is in each, the objects of the heap, the roots with the nouns kept there, and the event.
 * Pure bookkeeping that never asks the arena, so that it can say before a scenario runs whether its
 * steps are possible, and while it runs what must survive.
 */
#ifndef EXPECTED_H
#define EXPECTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pma/pma.h>

#include "nouns.h"

struct expected_page {
    uint32_t owner;   /* number of its name, from 1; 0 = not allocated */
    uint32_t content; /* number of its content, 0 = zeros */
    uint32_t step;    /* the step that last changed the content, 0 = none */
    bool ephemeral;
};

struct expected_name {
    const char *text; /* borrowed from whoever named it */
    uint64_t first, pages;
    bool ended; /* all of it was freed: the name may be given again */
};

struct expected_object {
    const char *name; /* borrowed */
    uint64_t place;   /* offset from the arena's base */
    uint64_t bytes;   /* usable */
    uint32_t content, step;
    bool freed; /* its name may be given again */
};

struct expected {
    uint64_t page_count; /* the arena's reserved pages */
    struct expected_page *pages;
    struct expected_name *names; /* names[0] is owner 1 */
    size_t name_count, name_capacity;
    struct expected_object *objects;
    size_t object_count, object_capacity;
    uint64_t roots[PMA_ROOTS];
    const struct noun *kept[PMA_ROOTS]; /* the noun that the root word refers to, or NULL */
    uint32_t kept_step[PMA_ROOTS];      /* that put it there */
    uint64_t event;
};

int expected_init(struct expected *expected, uint64_t page_count);
void expected_deinit(struct expected *expected);
int expected_copy(struct expected *to, const struct expected *from); /* both of the same size */

/* The lowest gap of so many pages; page_count if there is none. */
uint64_t expected_gap(const struct expected *expected, uint64_t pages);

/*
 * One allocation, free or move. 0, or -EINVAL and a sentence, or -ENOMEM; a failure changes
 * nothing. `count` 0 means: to the end of the name. expected_move names the moved part `as`; NULL
 * is for a whole allocation, which keeps its name.
 */
int expected_alloc(struct expected *expected, const char *name, uint64_t first, uint64_t pages,
                   bool ephemeral, char *message, size_t message_bytes);
int expected_free(struct expected *expected, const char *name, uint64_t page, uint64_t count,
                  char *message, size_t message_bytes);
int expected_move(struct expected *expected, const char *name, uint64_t page, uint64_t count,
                  uint64_t to, const char *as, char *message, size_t message_bytes);

/* Where pages [page, page + *count) of a name are; fails if any is not allocated. */
int expected_find(const struct expected *expected, const char *name, uint64_t page, uint64_t *count,
                  uint64_t *first, char *message, size_t message_bytes);

/*
 * Objects of the heap, with names beside those of pages. A freed one is found too, if `freed`: what
 * is tried with it must fail.
 */
int expected_object_add(struct expected *expected, const char *name, uint64_t place, uint64_t bytes,
                        char *message, size_t message_bytes);
struct expected_object *expected_object(const struct expected *expected, const char *name,
                                        bool freed);

/* How many bytes an object of the heap may use: a power of two up to half a page, then whole pages.
 */
uint64_t expected_usable(uint64_t bytes, uint64_t align);

/* What every open does. */
void expected_forget_ephemeral(struct expected *expected);

#endif
