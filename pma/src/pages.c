/* SPDX-License-Identifier: MIT */
#include "pages.h"

#include <errno.h>

#include "budget.h"
#include "lazy.h"
#include "mappings.h"
#include "os.h"

/* What comes from the disk decides what is mapped where: it is believed only within bounds. */
static int check_bounds(struct pma *arena, const struct extent *extent)
{
    if (extent->page < arena->pages && extent->length <= arena->pages - extent->page &&
        (!extent->block ||
         (extent->block >= FORMAT_META_BLOCKS && extent->block < arena->file_blocks &&
          extent->length <= arena->file_blocks - extent->block)))
        return 0;
    return arena_fail(arena, PMA_ECORRUPT, "extent of pages %lu to %lu on blocks from %lu on",
                      extent->page, extent_end(extent) - 1, extent->block);
}

int pages_next(struct pma *arena, uint64_t page, struct span *span)
{
    struct extent persistent, ephemeral;
    int result = directory_next(&arena->persistent, page, &persistent);
    int other = directory_next(&arena->ephemeral, page, &ephemeral);

    if (result && result != -ENOENT)
        return result;
    if (other && other != -ENOENT)
        return other;
    if (result && other)
        return -ENOENT;
    if (result || (!other && ephemeral.page < persistent.page))
        *span = (struct span){ephemeral, true};
    else
        *span = (struct span){persistent, false};
    return check_bounds(arena, &span->extent);
}

int pages_find(struct pma *arena, uint64_t page, struct span *span)
{
    int result = pages_next(arena, page, span);

    if (result == -ENOENT || (!result && span->extent.page > page))
        return arena_fail(arena, PMA_EADDRESS, "page %lu", page);
    return result;
}

int pages_check_free(struct pma *arena, uint64_t page, uint64_t length)
{
    struct span span;
    int result = pages_next(arena, page, &span);

    if (result == -ENOENT || (!result && span.extent.page >= page + length))
        return 0;
    if (result)
        return result;
    return arena_fail(arena, PMA_EOCCUPIED, "page %lu",
                      span.extent.page > page ? span.extent.page : page);
}

int pages_check_allocated(struct pma *arena, uint64_t page, uint64_t length)
{
    const uint64_t end = page + length;
    struct span span = {0};
    int result = 0;

    while (page < end && !result) {
        result = pages_find(arena, page, &span);
        if (!result)
            page = extent_end(&span.extent);
    }
    return result;
}

int pages_put(struct pma *arena, bool ephemeral, uint64_t page, uint64_t length, uint8_t flags)
{
    struct directory *tree = pages_tree(arena, ephemeral);
    uint64_t first = page, step;
    int result = 0;

    for (; length > 0 && !result; page += step, length -= step) {
        step = length < UINT32_MAX ? length : UINT32_MAX;
        result = directory_put(
            tree, &(struct extent){.page = page, .length = (uint32_t)step, .flags = flags});
    }
    if (result && page > first && directory_remove(tree, first, page - first))
        return arena_poison(arena, result);
    return result;
}

struct gathering {
    struct extent *extents;
    size_t count, capacity;
};

static int gather(void *context, const struct extent *extent)
{
    struct gathering *gathering = context;

    gathering->extents[gathering->count++] = *extent;
    return gathering->count == gathering->capacity;
}

size_t pages_gather(struct pma *arena, uint8_t flag, uint64_t from, struct extent *extents,
                    size_t capacity)
{
    struct gathering gathering = {extents, 0, capacity};

    directory_each_dirty(&arena->persistent, flag, from, gather, &gathering);
    return gathering.count;
}

static int verify(struct pma *arena, const struct extent *extent)
{
    uint64_t expected;
    int result = 0;

    if (!arena->verified_block)
        arena->verified_block = os_memory(PMA_PAGE_SIZE, FAULT_NONE);
    if (!arena->verified_block)
        return arena_fail(arena, -ENOMEM, "memory to verify blocks");
    for (uint64_t block = extent->block; !result && block < extent->block + extent->length;
         block++) {
        result = os_read(arena->fd, arena->verified_block, PMA_PAGE_SIZE, block * PMA_PAGE_SIZE,
                         FAULT_NONE);
        if (result)
            return arena_fail(arena, result, "read of block %lu", block);
        result = sums_get(&arena->sums, block, &expected);
        if (result == -ENOENT ||
            (!result && expected != format_checksum(arena->verified_block, PMA_PAGE_SIZE)))
            return arena_fail(arena, PMA_ECORRUPT, "block %lu of page %lu fails its checksum",
                              block, extent->page + block - extent->block);
    }
    return result;
}

static bool has_stranded(const struct pma *arena, const struct extent *extent)
{
    for (size_t i = 0; i < arena->stranded_count; i++) {
        if (arena->stranded[i] >= extent->page && arena->stranded[i] < extent_end(extent))
            return true;
    }
    return false;
}

static int map_once(struct pma *arena, const struct span *span)
{
    const struct extent *extent = &span->extent;

    if (extent->block)
        return mapping_file(arena, extent, false, FAULT_MAP);
    return mapping_private(arena, extent->page, extent->length, span->ephemeral, FAULT_MAP);
}

int pages_may_map(struct pma *arena, const struct extent *extent)
{
    if (has_stranded(arena, extent))
        return arena_fail(arena, -ENOMEM, "map around a page that is only in memory");
    return arena->verify && extent->block ? verify(arena, extent) : 0;
}

static int record_mapped(struct pma *arena, const struct span *part)
{
    struct extent private = part->extent;

    if (!part->ephemeral || part->extent.block)
        return directory_flag(pages_tree(arena, part->ephemeral), part->extent.page,
                              part->extent.length, 0, EXTENT_MAPPED);
    private.flags = EXTENT_PRIVATE | EXTENT_MAPPED;
    return directory_put(&arena->ephemeral, &private);
}

int pages_map(struct pma *arena, const struct span *span, const struct extent *wanted)
{
    const bool takes_memory = span->extent.block || span->ephemeral;
    const struct span part = {
        arena->budget.pages && takes_memory ? *wanted : span->extent,
        span->ephemeral,
    };
    const struct extent *extent = &part.extent;
    int result;

    if (span->extent.flags & EXTENT_MAPPED)
        return 0;
    if (arena->lazy && !span->ephemeral)
        return lazy_map(arena, wanted);
    result = pages_may_map(arena, extent);
    if (result)
        return result;
    do
        result = map_once(arena, &part);
    while (result == -ENOMEM && pages_relieve(arena, extent->page, extent->length, true));
    if (result)
        return arena_fail(arena, result, "map of pages %lu to %lu", extent->page,
                          extent_end(extent) - 1);
    result = record_mapped(arena, &part);
    if (result && mapping_nothing(arena, extent->page, extent->length, FAULT_NONE))
        arena_poison(arena, result);
    return result;
}

int pages_unmap(struct pma *arena, const struct span *span)
{
    const struct extent *extent = &span->extent;
    int result;

    if (arena->lazy && !span->ephemeral)
        return lazy_release(arena, extent->page, extent->length);
    result = mapping_nothing(arena, extent->page, extent->length, FAULT_UNMAP);
    if (result)
        return arena_fail(arena, result, "unmap of pages %lu to %lu", extent->page,
                          extent_end(extent) - 1);
    result = directory_flag(pages_tree(arena, span->ephemeral), extent->page, extent->length,
                            EXTENT_MAPPED, 0);
    return result ? arena_poison(arena, result) : 0;
}

static int record_checksums(struct pma *arena, const struct extent *extent)
{
    int result = 0;

    for (uint32_t i = 0; i < extent->length && !result; i++)
        result = sums_set(&arena->sums, extent->block + i,
                          format_checksum(arena_address(arena, extent->page + i), PMA_PAGE_SIZE));
    return result;
}

int pages_seal(struct pma *arena, const struct extent *extents, size_t count)
{
    uint64_t page, length;
    size_t sealed, end;
    int result = 0;

    for (sealed = 0; sealed < count && !result; sealed = end) {
        page = extents[sealed].page;
        for (end = sealed + 1; end < count && extents[end].page == extent_end(&extents[end - 1]);)
            end++;
        length = extent_end(&extents[end - 1]) - page;
        do
            result = mapping_protect(arena, page, length, false, FAULT_PROTECT);
        while (result == -ENOMEM && pages_relieve(arena, page, length, false));
        if (result) {
            arena_fail(arena, result, "write-protect pages %lu to %lu", page, page + length - 1);
            break;
        }
        for (size_t i = sealed; i < end && !result; i++)
            result = record_checksums(arena, &extents[i]);
        if (!result)
            result = directory_flag(&arena->persistent, page, length, EXTENT_WRITABLE, 0);
        /* If this fails as well, the next store faults and is answered then. */
        if (result)
            mapping_protect(arena, page, length, true, FAULT_NONE);
    }
    return result;
}
