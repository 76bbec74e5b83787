/* SPDX-License-Identifier: MIT */
/* Objects of the heap: chunks and runs of whole pages, found by their address, made and unmade. */
#ifndef HEAP_OBJECT_H
#define HEAP_OBJECT_H

#include <pma/heap.h>

#include "heap_state.h"

/* What is wanted of an object. */
struct heap_wish {
    uint64_t bytes;
    uint64_t alignment; /* a power of two, 1 for none in particular */
    bool zeros;
};

/* The object that starts at `address`. PMA_EFREED, PMA_EINTERIOR or PMA_EFOREIGN if none does. What
 * is in *object after a failure means nothing, here and below. */
int heap_object_find(struct heap_call *call, const void *address, struct heap_object *object);

/* Makes one. *dirty says that it has been in use: it does not read as zeros. If they are wanted its
 * page is writable, and it is up to the caller to store them once no lock is held. */
int heap_object_make(struct heap_call *call, const struct heap_wish *wish,
                     struct heap_object *object, bool *dirty);

int heap_object_free(struct heap_call *call, const struct heap_object *object);

/* Makes another object of it, a chunk in place of pages, pages in place of a chunk or a chunk of
 * another size, with the content that both can hold. */
int heap_object_replace(struct heap_call *call, const struct heap_object *old, uint64_t bytes,
                        struct heap_object *object);

/* Whether an object of so many bytes is a chunk, and if so of what size. */
static inline bool heap_is_chunk(uint64_t bytes, uint64_t alignment, unsigned *shift)
{
    const uint64_t size = bytes > alignment ? bytes : alignment;

    if (size > PMA_CHUNK_MOST)
        return false;
    *shift = size <= PMA_CHUNK_LEAST ? FORMAT_HEAP_LEAST_SHIFT
                                     : 64 - (unsigned)__builtin_clzll(size - 1);
    return true;
}

static inline uint64_t heap_whole_pages(uint64_t bytes)
{
    return bytes / PMA_PAGE_SIZE + (bytes % PMA_PAGE_SIZE != 0);
}

#endif
