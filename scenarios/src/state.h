/* SPDX-License-Identifier: MIT */
/*
 * The identity of an arena's persistent state: what every allocated page and every object of the
 * heap holds, the roots, the event. It knows nothing of blocks, extents and snapshots' numbers, nor
 * of the heap's own records and the rest of its pages, so that the workload can say what a state
 * must be without asking the arena.
 */
#ifndef STATE_H
#define STATE_H

#include <stddef.h>
#include <stdint.h>

#include <faultsim/trace.h>
#include <pma/pma.h>

struct fsim_digest state_bytes_digest(const void *bytes, size_t count);
struct fsim_digest state_page_digest(const void *page); /* PMA_PAGE_SIZE bytes */
struct fsim_digest state_zeros_digest(void);

/* The parts of a state, ascending by kind and place: a list that grows and is used again. */
enum state_kind {
    STATE_PAGE,   /* place: number of the page; those of the heap are left out */
    STATE_OBJECT, /* place: offset from the arena's base, in bytes */
    STATE_NOUN,   /* place: index of the root word that holds it */
};
struct state_entry {
    uint64_t kind, place;
    uint64_t bytes;
    struct fsim_digest digest;
};
struct state_entries {
    struct state_entry *entries;
    size_t count, capacity;
};
int state_entries_add(struct state_entries *list, struct state_entry entry);
int state_entry_order(const struct state_entry *left, const struct state_entry *right);
void state_entries_deinit(struct state_entries *list);

struct fsim_digest state_digest(const struct state_entries *list, const uint64_t roots[PMA_ROOTS],
                                uint64_t event);

/* The state of all its pages, those of the heap included: what a view shows. */
int state_of_pages(pma_t *arena, struct fsim_digest *digest, struct state_entries *list);

/* The state of an open arena, read through its memory as a program would, and what it is made of. 0
 * or the code of the call that failed. */
int state_of_arena(pma_t *arena, struct fsim_digest *digest, struct state_entries *list);

/* Not by a step of the workload, but after a crash. */
#define STATE_RESUMED UINT64_MAX

/* What a mark of the trace says of its state, so that a violation can be told page by page. */
struct state_part {
    struct state_entry is;
    uint64_t step; /* that wrote it, 0 = none: zeros; or STATE_RESUMED */
};
struct state_description {
    uint64_t event;
    uint64_t roots[PMA_ROOTS];
    uint64_t part_count; /* struct state_part that follow, in the order of entries */
};

/* The description of a state whose parts nobody made in a step. free() it. -ENOMEM. */
int state_describe(const struct state_entries *list, const uint64_t roots[PMA_ROOTS],
                   uint64_t event, struct state_description **description, size_t *bytes);

/* Reads the payload of a mark; NULL if it is none of ours. */
const struct state_description *state_description(const void *payload, size_t bytes);
const struct state_part *state_parts(const struct state_description *description);

/* "page 12", "heap object of 64 bytes at 0x3010" */
void state_entry_name(const struct state_entry *entry, char *text, size_t bytes);

#endif
