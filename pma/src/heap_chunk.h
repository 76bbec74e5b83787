/* SPDX-License-Identifier: MIT */
/* Chunks: a bit each in the descriptor of their page. */
#ifndef HEAP_CHUNK_H
#define HEAP_CHUNK_H

#include "heap_state.h"

/* Finds a free chunk of 2^shift bytes; once the places are owned it can be taken. */
int heap_chunk_find(struct heap_call *call, unsigned shift, struct heap_object *chunk,
                    struct heap_places *places);
void heap_chunk_take(struct heap_call *call, const struct heap_object *chunk);

/* The places that giving a chunk back changes, and doing it. */
int heap_chunk_places(struct heap_call *call, const struct heap_object *chunk,
                      struct heap_places *places);
void heap_chunk_give(struct heap_call *call, const struct heap_object *chunk);

static inline bool heap_chunk_taken(const struct format_heap_page *descriptor, unsigned chunk)
{
    return descriptor->map[chunk / 64] >> chunk % 64 & 1;
}

#endif
