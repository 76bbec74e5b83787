/* SPDX-License-Identifier: MIT */
/*
 * The operations behind the public calls, one file each. Pages are numbers, arguments have been
 * checked, and the caller holds the lock; recover, create and view make the arena and hold none.
 */
#ifndef OPERATIONS_H
#define OPERATIONS_H

#include "arena.h"

int create_arena(const char *path, const struct pma_options *options, struct pma **arena,
                 struct pma_error *error);
int recover_arena(const char *path, const struct pma_options *options, struct pma **arena,
                  struct pma_error *error);
int view_arena(const char *path, const struct pma_options *options, struct pma **arena,
               struct pma_error *error);

/* The same, but not at the arena's own address, which is left to whoever opens it meanwhile. */
int view_arena_aside(const char *path, const struct pma_options *options, struct pma **arena,
                     struct pma_error *error);

/* The lowest gap of the address range from page `from` on that begins at a multiple of `alignment`
 * pages and is not reserved; -ENOMEM, without a text, if there is none. */
int find_gap(struct pma *arena, uint64_t from, uint64_t pages, uint64_t alignment, uint64_t *page);
int allocate_pages(struct pma *arena, uint64_t pages, bool ephemeral, uint64_t *page);
int allocate_pages_at(struct pma *arena, uint64_t page, uint64_t pages, bool ephemeral);
/* Reserved pages, for who reserved them. */
int allocate_ephemeral_at(struct pma *arena, uint64_t page, uint64_t pages);
int free_pages(struct pma *arena, uint64_t page, uint64_t pages);
int move_pages(struct pma *arena, uint64_t to, uint64_t from, uint64_t pages, unsigned flags);

/* Moves ephemeral pages over other ephemeral ones, whose content goes, and leaves fresh ones
 * behind. */
int replace_pages(struct pma *arena, uint64_t to, uint64_t from, uint64_t pages);
int dirty_pages(struct pma *arena, uint64_t page, uint64_t pages);
int touch_pages(struct pma *arena, uint64_t page, uint64_t pages);
int evict_pages(struct pma *arena, uint64_t page, uint64_t pages);
int take_snapshot(struct pma *arena, uint64_t event);
int duplicate_file(struct pma *from, const char *to, const struct pma_options *options,
                   struct pma_error *error);
int shrink_file(struct pma *arena, uint64_t file_blocks, uint64_t *now);

/* Before and after each snapshot that the caller asks for: whether and how the file gets shorter by
 * itself. */
void shrink_consider(struct pma *arena);
void shrink_go_on(struct pma *arena);

/* A step of a snapshot: moves what is behind arena->limit below it, as far as there is room. Fails
 * only if somebody asked for a shorter file. */
int shrink_vacate(struct pma *arena);

/* A step of a snapshot: joins some extents if there are blocks for it. Fails only with the arena.
 */
int defragment(struct pma *arena);

/* After a sync of blocks that failed: puts what it may have lost on other blocks. */
int rewrite_unsynced(struct pma *arena);

#endif
