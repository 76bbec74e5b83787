/* SPDX-License-Identifier: MIT */
/* All spans of a range of pages at once, for operations that check everything before they begin. */
#ifndef SPANS_H
#define SPANS_H

#include "pages.h"

struct spans {
    struct span *items;
    size_t count;
};

/* PMA_EADDRESS unless all pages of the range are allocated. The spans are cut to the range. */
int spans_gather(struct pma *arena, uint64_t page, uint64_t length, struct spans *spans);
void spans_free(struct spans *spans);

#endif
