/* SPDX-License-Identifier: MIT */
/*
 * Memory that a process shares with those it forks later. Arrays in it are reserved once for the
 * most they can hold and take real memory only as far as they are filled, so nothing ever moves.
 */
#ifndef SHARED_H
#define SHARED_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed memory, or NULL. */
void *shared_reserve(size_t bytes);
void shared_release(void *memory, size_t bytes);

/*
 * Finds entries of an array by hash. Entries are numbered from 0 in the order of being added. One
 * process adds, others may search meanwhile:
 *
 *     for (uint32_t at = shared_index_first(&index, hash); at != 0; at = index.next[at])
 *         if (entries[at - 1] is the one) ...
 */
struct shared_index {
    _Atomic uint32_t *heads;
    uint32_t *next;
    size_t capacity;
};

int shared_index_init(struct shared_index *index, size_t capacity);
void shared_index_deinit(struct shared_index *index);
uint32_t shared_index_first(const struct shared_index *index, uint64_t hash);
void shared_index_add(struct shared_index *index, uint64_t hash, uint32_t entry);

#endif
