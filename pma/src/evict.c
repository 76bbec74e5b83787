/* SPDX-License-Identifier: MIT */
#include "lazy.h"
#include "operations.h"
#include "os.h"

/* Writable pages are on blocks of their own already: the kernel is told to write them. */
static int write_back(struct pma *arena, const struct extent *extent)
{
    int result = pages_seal(arena, extent, 1);

    if (result)
        return result;
    result = os_write_back(arena->fd, extent->block * PMA_PAGE_SIZE, extent_bytes(extent),
                           FAULT_EVICT_WRITEBACK);
    return result ? arena_fail(arena, result, "write-back of blocks %lu to %lu", extent->block,
                               extent->block + extent->length - 1)
                  : 0;
}

static int evict_span(struct pma *arena, const struct span *span)
{
    int result = 0;

    if (span->extent.flags & EXTENT_PRIVATE)
        return pages_write_out(arena, span, false,
                               span->ephemeral ? FAULT_EVICT_PRIVATE : FAULT_PRIVATE_WRITE);
    if (span->extent.flags & EXTENT_WRITABLE)
        result = write_back(arena, &span->extent);
    return result ? result : pages_unmap(arena, span);
}

int evict_pages(struct pma *arena, uint64_t page, uint64_t pages)
{
    const uint64_t end = page + pages, resident = arena->mappings.resident;
    struct span span;
    int result = lazy_release(arena, page, pages);

    while (page < end && !result) {
        result = pages_find(arena, page, &span);
        if (result)
            break;
        /* Clean extents go whole: the directory need not change for them. */
        if (arena->lazy || span.extent.flags & (EXTENT_WRITABLE | EXTENT_PRIVATE))
            span.extent = extent_clip(&span.extent, page, end);
        result = evict_span(arena, &span);
        page = extent_end(&span.extent);
    }
    arena->budget.evicted += resident - arena->mappings.resident;
    return result;
}
