/* SPDX-License-Identifier: MIT */
/* What a store or a load of a range would do, page by page, in one go. */
#include "operations.h"
#include "pages.h"

int dirty_pages(struct pma *arena, uint64_t page, uint64_t pages)
{
    const uint64_t end = page + pages;
    uint64_t got;
    int result = 0;

    for (; page < end && !result; page += result ? 0 : got)
        result = pages_make_writable(arena, page, end - page, &got);
    return result;
}

int touch_pages(struct pma *arena, uint64_t page, uint64_t pages)
{
    const uint64_t end = page + pages;
    struct span span;
    int result = 0;

    while (page < end && !result) {
        result = pages_find(arena, page, &span);
        if (result)
            break;
        result = pages_map(arena, &span);
        page = extent_end(&span.extent);
    }
    return result;
}
