/* SPDX-License-Identifier: MIT */
/* How much the arena may keep in memory, and who gives back when it is too much. */
#include "pages.h"

static bool give_back(struct pma *arena, const struct span *span, bool sealing)
{
    if (!(span->extent.flags & EXTENT_MAPPED) || (span->extent.flags & EXTENT_PRIVATE))
        return false;
    if ((span->extent.flags & EXTENT_WRITABLE) && (!sealing || pages_seal(arena, &span->extent, 1)))
        return false;
    return pages_unmap(arena, span) == 0;
}

bool pages_relieve(struct pma *arena, uint64_t page, uint64_t length, bool sealing)
{
    enum { ENOUGH = 1024 };
    const struct pma_error kept = arena->error;
    const uint64_t start = arena->hand;
    bool wrapped = false;
    size_t given = 0;
    struct span span;

    while (given < ENOUGH && !arena->poison) {
        if (pages_next(arena, arena->hand, &span) || (wrapped && span.extent.page >= start)) {
            if (wrapped)
                break;
            wrapped = true;
            arena->hand = 0;
            continue;
        }
        arena->hand = extent_end(&span.extent);
        if (span.extent.page >= page + length || extent_end(&span.extent) <= page)
            given += give_back(arena, &span, sealing);
    }
    if (!arena->poison)
        arena->error = kept;
    return given > 0;
}
