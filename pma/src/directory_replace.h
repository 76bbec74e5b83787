/* SPDX-License-Identifier: MIT */
/* The steps of a change of the page directory: directory_change.c has them, directory_flag.c too
 * goes by them. */
#ifndef DIRECTORY_REPLACE_H
#define DIRECTORY_REPLACE_H

#include "directory_path.h"

struct replacement {
    uint64_t first, end; /* extents that begin in [first, end) go; none of them passes the end */
    struct extent extents[3];
    unsigned count;
};

/* What puts `extent` (NULL: nothing) in place of the pages [first, end). */
int replacement_plan(struct directory *directory, uint64_t first, uint64_t end,
                     const struct extent *extent, struct replacement *plan);

int replacement_read(struct directory *directory, const struct replacement *plan);
int replacement_reserve(struct directory *directory);

/* Cannot fail after these two. */
int replacement_commit(struct directory *directory, const struct replacement *plan);

/* An extent with these flags comes or goes. */
void directory_count_flags(struct directory *directory, uint8_t flags, bool coming);

static inline uint64_t replacement_end(uint64_t page, uint64_t length)
{
    return length < UINT64_MAX - page ? page + length : UINT64_MAX;
}

#endif
