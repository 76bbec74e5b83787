/* SPDX-License-Identifier: MIT */
/* Moves the content of clean pages to other blocks of the file. The pages stay where they are. */
#ifndef RELOCATE_H
#define RELOCATE_H

#include "pages.h"

enum { RELOCATE_BLOCKS = 64 }; /* at most, in one go */

struct relocator {
    struct pma *arena;
    unsigned char *buffer;
};

int relocator_init(struct relocator *relocator, struct pma *arena);
void relocator_deinit(struct relocator *relocator);

/*
 * Copies clean extents, or parts of them, whose pages follow each other in one directory, to the
 * blocks from `block` on, which the caller has taken. What is read must match its checksum. The
 * pages are one extent then, and their old blocks are dropped. What was mapped is mapped again. On
 * failure the pages keep their blocks, and the caller the ones that it took.
 */
int relocate(const struct relocator *relocator, const struct span *spans, size_t count,
             uint64_t block);

#endif
