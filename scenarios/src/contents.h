/* SPDX-License-Identifier: MIT */
/* What a workload has stored to pages and objects, each content kept once made, so that any older
 * state can be told. */
#ifndef CONTENTS_H
#define CONTENTS_H

#include <stddef.h>
#include <stdint.h>

#include <faultsim/trace.h>

struct content {
    unsigned char *bytes;
    size_t count;
    struct fsim_digest digest;
};
struct contents {
    struct content *list; /* number 1 is the first */
    size_t count, capacity;
};

void contents_deinit(struct contents *contents);

/* Keeps a copy of a page or of an object's bytes; *number is 0 for a page of zeros. -ENOMEM. */
int contents_add(struct contents *contents, const void *bytes, size_t count, uint32_t *number);

/* The bytes of a content; number 0 is a page of zeros. */
const void *contents_bytes(const struct contents *contents, uint32_t number);
struct fsim_digest contents_digest(const struct contents *contents, uint32_t number);

/*
 * What a `write` step stores: words that depend on the seed, the page's index in its allocation and
 * their place, so that no two pages or writes are mistaken for each other.
 */
void contents_generate(uint64_t seed, uint64_t index, void *bytes, size_t count);

#endif
