/* SPDX-License-Identifier: MIT */
/*
 * What a page is now, and how it becomes something else: mapped, writable on fresh blocks, private,
 * clean. The states, and what holds of them, are in arena.h. pages.c finds, maps and seals; copy.c
 * copies, to blocks and to private memory, and answers faults.
 *
 * Everything here may happen in the fault handler. The caller holds the lock.
 */
#ifndef PAGES_H
#define PAGES_H

#include "arena.h"
#include "directory_path.h"
#include "fault.h"

/* An extent, or a part of one, with the directory that it is in. */
struct span {
    struct extent extent;
    bool ephemeral;
};

static inline struct directory *pages_tree(struct pma *arena, bool ephemeral)
{
    return ephemeral ? &arena->ephemeral : &arena->persistent;
}

static inline size_t extent_bytes(const struct extent *extent)
{
    return (size_t)extent->length * PMA_PAGE_SIZE;
}

/* The first span of either directory that ends above `page`; -ENOENT if there is none. */
int pages_next(struct pma *arena, uint64_t page, struct span *span);

/* The span that holds `page`; PMA_EADDRESS if it is not allocated. */
int pages_find(struct pma *arena, uint64_t page, struct span *span);

/* 0 if no page of the range is allocated, else PMA_EOCCUPIED. */
int pages_check_free(struct pma *arena, uint64_t page, uint64_t length);

/* 0 if every page of the range is allocated, else PMA_EADDRESS. */
int pages_check_allocated(struct pma *arena, uint64_t page, uint64_t length);

/* Puts an extent of any length into a directory. */
int pages_put(struct pma *arena, bool ephemeral, uint64_t page, uint64_t length, uint8_t flags);

/*
 * Collects the persistent extents with `flag` (WRITABLE or PRIVATE) from page `from` on, in page
 * order, at most `capacity`. Returns how many.
 */
size_t pages_gather(struct pma *arena, uint8_t flag, uint64_t from, struct extent *extents,
                    size_t capacity);

/* Whether an extent's pages may be mapped: no page of it is only in memory, and with the option
 * `verify` its blocks match their checksums. */
int pages_may_map(struct pma *arena, const struct extent *extent);

/*
 * Maps a part of a span, a whole extent, so that it can be read; all of it, unless there is a limit
 * on memory. Ephemeral holes become private memory.
 */
int pages_map(struct pma *arena, const struct span *span, const struct extent *part);

/* Takes the mapping of a whole extent of clean pages or holes away. With lazy copying any part of
 * one will do, and pages that were stored to become PRIVATE instead. */
int pages_unmap(struct pma *arena, const struct span *span);

/* Makes WRITABLE extents clean: write-protected, checksummed. Neighbours are protected in one go.
 */
int pages_seal(struct pma *arena, const struct extent *extents, size_t count);

/*
 * Makes allocated pages writable, `want` from `page` on or fewer; *got tells how many. Persistent
 * ones are copied to fresh blocks, ephemeral ones to private memory.
 */
int pages_make_writable(struct pma *arena, uint64_t page, uint64_t want, uint64_t *got);

/*
 * Makes PRIVATE pages clean by writing them to fresh blocks; `point` says what for. They stay
 * mapped for reading, or not.
 */
int pages_write_out(struct pma *arena, const struct span *span, bool mapped,
                    enum fault_point point);

/* Writes all private pages of the persistent directory out. */
int pages_settle(struct pma *arena);

/* Takes stranded pages into the directory. Comes before anything that changes or maps pages. */
int pages_rescue(struct pma *arena);

/* Answers a load or store that met a page it could not access. False if the arena has no answer. */
bool pages_fault(struct pma *arena, uint64_t page, bool store);

#endif
