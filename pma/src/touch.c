/* SPDX-License-Identifier: MIT */
/* What a store or a load of a range would do, page by page, in one go. */
#include "budget.h"
#include "mappings.h"
#include "operations.h"
#include "pages.h"

int dirty_pages(struct pma *arena, uint64_t page, uint64_t pages)
{
    const uint64_t first = page, end = page + pages;
    uint64_t got;
    int result = 0;

    for (; page < end && !result; page += result ? 0 : got)
        result = pages_make_writable(arena, page, end - page, &got);
    budget_keep(arena, first, page - first);
    return result;
}

int touch_pages(struct pma *arena, uint64_t page, uint64_t pages)
{
    const uint64_t first = page, end = page + pages;
    struct extent part;
    struct span span;
    int result = 0;

    while (page < end && !result) {
        result = pages_find(arena, page, &span);
        if (result)
            break;
        part = extent_clip(&span.extent, page, end);
        if (!mapping_exists(arena, &part))
            result = pages_map(arena, &span, &part);
        page = extent_end(&part);
    }
    budget_keep(arena, first, page - first);
    return result;
}
