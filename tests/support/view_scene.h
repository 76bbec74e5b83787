/* SPDX-License-Identifier: MIT */
/* Arenas whose every page says which snapshot it is of, and views of them. */
#ifndef VIEW_SCENE_H
#define VIEW_SCENE_H

#include "arena_place.h"

enum { VIEW_PAGES = 24 };

/* Changes all pages and a root word, and takes the snapshot: its number and event are `number`. */
void view_write(pma_t *arena, uint64_t number);

/* A new arena with the snapshots up to `number`; the first one is empty. */
pma_t *view_arena_with(const struct arena_place *place, uint64_t number);

/* They fail the test with the library's own words. */
pma_t *view_open_with(const struct arena_place *place, const struct pma_options *options);
pma_t *view_open(const struct arena_place *place);
pma_t *view_open_previous(const struct arena_place *place);
struct pma_stat arena_stat(pma_t *arena);

/* Where an arena or a view shows a page. */
const unsigned char *view_page(const pma_t *shown, size_t number);

/* How many pages do not show the snapshot `number`. */
size_t view_wrong_pages(const pma_t *shown, uint64_t number);

/* Demands that all is shown as the snapshot `number` has it. */
void view_expect(pma_t *shown, uint64_t number);

/* Keeps views from the arena's own address, or fails the test if something is there. */
void view_take_base(void);
void view_give_base(void);

#endif
