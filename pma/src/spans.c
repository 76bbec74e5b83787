/* SPDX-License-Identifier: MIT */
#include "spans.h"

#include <errno.h>
#include <stdlib.h>

static int append(struct spans *spans, size_t *capacity, const struct span *span)
{
    struct span *items = spans->items;

    if (spans->count == *capacity) {
        *capacity = *capacity ? *capacity * 2 : 16;
        items = realloc(spans->items, *capacity * sizeof(*items));
        if (!items)
            return -ENOMEM;
        spans->items = items;
    }
    items[spans->count++] = *span;
    return 0;
}

int spans_gather(struct pma *arena, uint64_t page, uint64_t length, struct spans *spans)
{
    const uint64_t end = page + length;
    size_t capacity = 0;
    struct span span;
    int result = 0;

    *spans = (struct spans){0};
    while (page < end && !result) {
        result = pages_find(arena, page, &span);
        if (result)
            break;
        span.extent = extent_clip(&span.extent, page, end);
        page = extent_end(&span.extent);
        result = append(spans, &capacity, &span);
    }
    if (result)
        spans_free(spans);
    return result;
}

void spans_free(struct spans *spans)
{
    free(spans->items);
    *spans = (struct spans){0};
}
