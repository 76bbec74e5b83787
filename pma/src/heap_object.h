/* SPDX-License-Identifier: MIT */
/* Objects of the heap: chunks and runs of whole pages, found by their address, made and unmade. */
#ifndef HEAP_OBJECT_H
#define HEAP_OBJECT_H

#include "heap_state.h"

struct heap_object {
    void *address;
    uint64_t bytes; /* that it may use */
    uint64_t page;
    unsigned chunk; /* of a partitioned page */
    bool whole_pages;
};

/* What is wanted of an object. */
struct heap_wish {
    uint64_t bytes;
    uint64_t alignment; /* a power of two, 1 for none in particular */
    bool zeros;
};

/* The object that starts at `address`. PMA_EFREED, PMA_EINTERIOR or PMA_EFOREIGN if none does. */
int heap_object_find(struct heap_call *call, const void *address, struct heap_object *object);

/* Makes one. *dirty says that it has been in use: it does not read as zeros. If they are wanted its
 * pages are writable, and it is up to the caller to store them once no lock is held. */
int heap_object_make(struct heap_call *call, const struct heap_wish *wish,
                     struct heap_object *object, bool *dirty);

int heap_object_free(struct heap_call *call, const struct heap_object *object);

/* Whether an object of so many bytes is a chunk, and if so of what size. */
bool heap_is_chunk(uint64_t bytes, uint64_t alignment, unsigned *shift);

static inline uint64_t heap_whole_pages(uint64_t bytes)
{
    return bytes / PMA_PAGE_SIZE + (bytes % PMA_PAGE_SIZE != 0);
}

#endif
