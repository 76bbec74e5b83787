/* SPDX-License-Identifier: MIT */
/* Chunks: a bit each in the descriptor of their page. */
#ifndef HEAP_CHUNK_H
#define HEAP_CHUNK_H

#include "heap_state.h"

/* Takes a free chunk of 2^shift bytes. With `writable` its page can be stored to. */
int heap_chunk_take(struct heap_call *call, unsigned shift, bool writable, uint64_t *page,
                    unsigned *chunk);

int heap_chunk_give(struct heap_call *call, uint64_t page, unsigned chunk);

static inline bool heap_chunk_taken(const struct format_heap_page *descriptor, unsigned chunk)
{
    return descriptor->map[chunk / 64] >> chunk % 64 & 1;
}

#endif
