/* SPDX-License-Identifier: MIT */
/*
 * Parts of the address range that belong to somebody before any page of them is allocated. The
 * caller holds the lock.
 */
#ifndef RESERVE_H
#define RESERVE_H

#include "arena.h"

/*
 * Pages of which the kernel can move the whole table of page-table entries. Runs that are at least
 * as long begin at multiples of it, so that a move between two of them moves tables, not entries.
 */
enum { CONGRUENT_PAGES = 512 };

/*
 * Reserves the highest range of `pages` pages in which none is allocated or reserved, so that the
 * low end stays for data, at a multiple of `alignment` pages. -ENOMEM if there is none.
 */
int reserve_highest(struct pma *arena, uint64_t pages, uint64_t alignment, uint64_t *page);

/* Takes back the reservation that begins at `page`. */
void reserve_cancel(struct pma *arena, uint64_t page);

/* The lowest reservation with a page of the range, NULL if there is none. */
const struct reservation *reserve_find(const struct pma *arena, uint64_t page, uint64_t pages);

/* 0 if no page of the range is reserved, else PMA_EOCCUPIED. */
int reserve_check_free(struct pma *arena, uint64_t page, uint64_t pages);

/* The lowest page not below `page` whose address is a multiple of `alignment` pages. */
uint64_t reserve_align(const struct pma *arena, uint64_t page, uint64_t alignment);

#endif
