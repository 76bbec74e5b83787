/* SPDX-License-Identifier: MIT */
/*
 * The persistent heap of an arena: malloc in persistent pages, after phkmalloc (Poul-Henning Kamp,
 * "Malloc(3) revisited", USENIX 1998).
 *
 * Objects of at most half a page are chunks of a power of two, 16 bytes at least, and all chunks of
 * a page are of one size. Larger objects are whole contiguous pages. What is allocated is recorded
 * outside the data pages, so that free memory is never touched; and the record lies in persistent
 * pages of its own, so that a snapshot takes heap and objects together: after a crash, both are as
 * they were at the snapshot. See docs/heap.md.
 *
 * One heap an arena; it exists from the first allocation on. Addresses stay true across opens. No
 * call here syncs. Calls may come from several threads, and while another one is in pma_snapshot:
 * they wait for it. A failure changes no object; it can leave free pages behind that the heap took
 * from the arena.
 */
#ifndef PMA_HEAP_H
#define PMA_HEAP_H

#include <pma/pma.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

enum { PMA_CHUNK_LEAST = 16, PMA_CHUNK_MOST = PMA_PAGE_SIZE / 2 };

/*
 * Allocates `bytes` bytes, content undefined; 0 bytes give an object of its own, too. Aligned to
 * the largest power of two not above the size, at least 16 and at most PMA_PAGE_SIZE bytes. -ENOMEM
 * if the address range has no room, -ENOSPC if the disk has none. The caller owns the object until
 * pma_free, across opens: reach it from a root word.
 */
int pma_malloc(pma_t *arena, size_t bytes, void **address);

/* The same for an array, zeroed. -ENOMEM if count x bytes overflows. */
int pma_calloc(pma_t *arena, size_t count, size_t bytes, void **address);

/* The same with an alignment, a power of two (PMA_EARGUMENT if not). */
int pma_memalign(pma_t *arena, size_t alignment, size_t bytes, void **address);

/*
 * Makes the object at *address `bytes` long and puts its new place there. What both lengths cover
 * keeps its content. Objects that are and stay whole pages are cut or extended in place, or moved
 * by re-mapping: no byte of them is copied. *address NULL is pma_malloc. Errors as pma_free and
 * pma_malloc.
 */
int pma_realloc(pma_t *arena, void **address, size_t bytes);

/*
 * Frees an object; NULL is fine. PMA_EFREED if there is none at `address` any more (it may have
 * lain there, or elsewhere in the page), PMA_EINTERIOR if `address` is not the start of one,
 * PMA_EFOREIGN if it is not in the heap; nothing has changed then, and pma_last_error has the
 * address. Pages that fall free stay the heap's until the next snapshot, all but a few.
 */
int pma_free(pma_t *arena, void *address);

/* How many bytes the object at `address` may use; errors as pma_free. */
int pma_usable_size(pma_t *arena, const void *address, size_t *bytes);

/*
 * Makes the allocated pages at the page-aligned `from`, which may be ephemeral, one object of the
 * heap: moves them there by re-mapping, no byte copied. The pages at `from` are not allocated
 * afterwards. Free the object with pma_free.
 */
int pma_heap_take_pages(pma_t *arena, void *from, size_t pages, void **address);

/* What a page of the heap is. RECORD pages hold the heap's own state. */
enum pma_heap_kind {
    PMA_HEAP_FREE,
    PMA_HEAP_START,       /* first page of a large object */
    PMA_HEAP_CONTINUE,    /* another page of it */
    PMA_HEAP_PARTITIONED, /* chunks of one size */
    PMA_HEAP_RECORD
};
struct pma_heap_page {
    void *address;
    enum pma_heap_kind kind;
    uint32_t chunk_bytes; /* partitioned pages, else 0 */
    uint32_t chunks;      /* that the page is divided into */
    uint32_t used;        /* of them, as the heap counts them */
};

/* Finds the first page at or above `from` (NULL = the lowest) that the heap knows; -ENOENT after
 * the last. */
int pma_heap_next_page(pma_t *arena, const void *from, struct pma_heap_page *page);

/* Finds the first allocated chunk at or above `from`, as the chunk maps have it; -ENOENT after the
 * last. */
struct pma_heap_chunk {
    void *address;
    uint32_t bytes;
};
int pma_heap_next_chunk(pma_t *arena, const void *from, struct pma_heap_chunk *chunk);

struct pma_heap_stat {
    uint64_t objects;
    uint64_t object_bytes; /* in chunks and whole pages, so with what is lost to rounding */
    uint64_t pages;        /* of the heap, free and RECORD pages included */
    uint64_t free_pages;
    uint64_t record_pages;
};
int pma_heap_stat(pma_t *arena, struct pma_heap_stat *stat);

/* Checks the whole heap state: 0, or PMA_ECORRUPT with what is wrong in pma_last_error. Reads every
 * record page. */
int pma_heap_check(pma_t *arena);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
