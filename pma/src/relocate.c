/* SPDX-License-Identifier: MIT */
#include "relocate.h"

#include <errno.h>

#include "lazy.h"
#include "os.h"
#include "space.h"

int relocator_init(struct relocator *relocator, struct pma *arena)
{
    relocator->arena = arena;
    relocator->buffer = os_memory(RELOCATE_BLOCKS * PMA_PAGE_SIZE, FAULT_NONE);
    return relocator->buffer ? 0 : arena_fail(arena, -ENOMEM, "memory to move blocks");
}

void relocator_deinit(struct relocator *relocator)
{
    os_memory_free(relocator->buffer, RELOCATE_BLOCKS * PMA_PAGE_SIZE);
}

static int read_verified(struct pma *arena, const struct extent *extent, unsigned char *buffer)
{
    uint64_t expected;
    int result = os_read(arena->fd, buffer, extent_bytes(extent), extent->block * PMA_PAGE_SIZE,
                         FAULT_RELOCATE_READ);

    if (result)
        return arena_fail(arena, result, "read of blocks %lu to %lu", extent->block,
                          extent->block + extent->length - 1);
    for (uint32_t i = 0; i < extent->length && !result; i++) {
        result = sums_get(&arena->sums, extent->block + i, &expected);
        if (result == -ENOENT ||
            (!result &&
             expected != format_checksum(buffer + (size_t)i * PMA_PAGE_SIZE, PMA_PAGE_SIZE)))
            return arena_fail(arena, PMA_ECORRUPT, "block %lu of page %lu fails its checksum",
                              extent->block + i, extent->page + i);
    }
    return result;
}

static int write_checksummed(struct pma *arena, const struct extent *extent,
                             const unsigned char *buffer)
{
    int result = os_write(arena->fd, buffer, extent_bytes(extent), extent->block * PMA_PAGE_SIZE,
                          FAULT_RELOCATE_WRITE);

    if (result)
        return arena_fail(arena, result, "write of blocks %lu to %lu", extent->block,
                          extent->block + extent->length - 1);
    for (uint32_t i = 0; i < extent->length && !result; i++)
        result = sums_set(&arena->sums, extent->block + i,
                          format_checksum(buffer + (size_t)i * PMA_PAGE_SIZE, PMA_PAGE_SIZE));
    return result;
}

/* System calls of the program may count on what was mapped, so it is mapped again. Verification
 * would read it all once more, and comes with the next access instead. */
static void map_again(struct pma *arena, const struct extent *extent)
{
    const struct pma_error kept = arena->error;
    struct span span;

    if (!arena->verify &&
        (pages_find(arena, extent->page, &span) || pages_map(arena, &span, extent)))
        arena->error = kept; /* the next access tries again */
}

static bool is_mapped(struct pma *arena, bool ephemeral, uint64_t page)
{
    struct extent extent;

    return directory_find(pages_tree(arena, ephemeral), page, &extent) == 0 &&
           (extent.flags & EXTENT_MAPPED);
}

/* Or next to what is: if the pages become one extent with that, all of it counts as not mapped. */
static bool touches_mapped(struct pma *arena, const struct span *span)
{
    const struct extent *extent = &span->extent;

    return (extent->page > 0 && is_mapped(arena, span->ephemeral, extent->page - 1)) ||
           is_mapped(arena, span->ephemeral, extent_end(extent));
}

int relocate(const struct relocator *relocator, const struct span *spans, size_t count,
             uint64_t block)
{
    struct pma *arena = relocator->arena;
    struct span moved = {{.page = spans[0].extent.page, .block = block}, spans[0].ephemeral};
    bool mapped = false;
    int result = 0;

    for (size_t i = 0; i < count && !result; i++) {
        result =
            read_verified(arena, &spans[i].extent, relocator->buffer + extent_bytes(&moved.extent));
        moved.extent.length += spans[i].extent.length;
        mapped = mapped || (spans[i].extent.flags & EXTENT_MAPPED) ||
                 lazy_is_watched(arena, spans[i].extent.page);
    }
    mapped = mapped || touches_mapped(arena, &moved);
    if (!result)
        result = write_checksummed(arena, &moved.extent, relocator->buffer);
    if (!result)
        result = lazy_leave(arena, moved.extent.page, moved.extent.length);
    if (!result)
        result = pages_unmap(arena, &moved);
    if (!result)
        result = directory_put(pages_tree(arena, moved.ephemeral), &moved.extent);
    if (result)
        return result;
    for (size_t i = 0; i < count; i++)
        space_drop(arena, spans[i].extent.block, spans[i].extent.length);
    if (mapped)
        map_again(arena, &moved.extent);
    return 0;
}
