/* SPDX-License-Identifier: MIT */
/* Page contents that a workload has stored, each kept once made, so that any older state can be
 * told. */
#ifndef CONTENTS_H
#define CONTENTS_H

#include <stddef.h>
#include <stdint.h>

#include <faultsim/trace.h>

struct contents {
    unsigned char *bytes; /* count pages; number 1 is the first */
    struct fsim_digest *digests;
    size_t count, capacity;
};

void contents_deinit(struct contents *contents);

/* Keeps a copy of a page; *number is 0 for zeros. -ENOMEM. */
int contents_add(struct contents *contents, const void *page, uint32_t *number);
const void *contents_page(const struct contents *contents, uint32_t number);
struct fsim_digest contents_digest(const struct contents *contents, uint32_t number);

/*
 * What a `write` step stores: words that depend on the seed, the page's index in its allocation and
 * their place, so that no two pages or writes are mistaken for each other.
 */
void contents_generate(uint64_t seed, uint64_t index, void *bytes, size_t count);

#endif
