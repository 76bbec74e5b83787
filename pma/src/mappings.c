/* SPDX-License-Identifier: MIT */
/*
 * The account is a volatile directory of runs: what the kernel keeps as one mapping is one extent,
 * since both join what continues in page, block and kind. Where blocks have their number, private
 * memory has the page that it was first mapped at, which is what the kernel goes by, and a family:
 * when memory fills the gap between two pieces, the kernel makes it one with one of them only.
 */
#include "mappings.h"

#include <errno.h>

#include "directory_path.h"
#include "os.h"

/* Above every block, so that private memory continues no file; below it the family and the page. */
#define PRIVATE_ORIGIN (UINT64_C(1) << 62)
#define FAMILY         (UINT64_C(1) << 36)
#define ELSEWHERE      (FAMILY / 2) /* first mapped outside the range */

enum { PRIVATE_RUN = EXTENT_PRIVATE | EXTENT_WRITABLE | MAPPING_YOUNG };

/* Adds what a range has to the counts, or takes it out of them before the range changes. */
static void count(struct pma *arena, uint64_t page, uint64_t length, bool adding)
{
    /* The pages on both sides show what a mapping inside is one with. */
    const uint64_t first = page > 0 ? page - 1 : 0, end = page + length;
    const uint64_t limit = end < arena->pages ? end + 1 : end;
    uint64_t mappings = 0, resident = 0;
    struct extent run;

    for (uint64_t at = first; at < limit; at = extent_end(&run)) {
        if (directory_next(&arena->mappings.runs, at, &run) || run.page >= limit) {
            mappings++;
            break;
        }
        mappings += run.page > at ? 2 : 1;
        if (run.block && run.page < end && extent_end(&run) > page)
            resident += extent_clip(&run, page, end).length;
    }
    arena->mappings.count += adding ? mappings : -mappings;
    arena->mappings.resident += adding ? resident : -resident;
}

/* Extents are not as long as ranges may be. */
static void put(struct mappings *mappings, struct extent run, uint64_t length)
{
    for (uint64_t step; length > 0; length -= step) {
        step = length < UINT32_MAX ? length : UINT32_MAX;
        run.length = (uint32_t)step;
        if (directory_put(&mappings->runs, &run))
            mappings->inexact = true;
        run.page += step;
        run.block += run.block ? step : 0;
    }
}

static void record(struct pma *arena, const struct extent *run, uint64_t length)
{
    count(arena, run->page, length, false);
    put(&arena->mappings, *run, length);
    count(arena, run->page, length, true);
}

static void forget(struct pma *arena, uint64_t page, uint64_t length)
{
    count(arena, page, length, false);
    if (directory_remove(&arena->mappings.runs, page, length))
        arena->mappings.inexact = true;
    count(arena, page, length, true);
}

/* Pages are about to become inaccessible. */
static void seal(struct pma *arena, uint64_t page, uint64_t length)
{
    const uint64_t record = (arena->heap_record - (uintptr_t)arena->base) / PMA_PAGE_SIZE;

    if (arena->heap_record && page < record + arena->heap_record_pages && record < page + length)
        arena_seal(arena);
}

int mapping_file(struct pma *arena, const struct extent *extent, bool writable,
                 enum fault_point point)
{
    int result =
        os_map_file(arena_address(arena, extent->page), (size_t)extent->length * PMA_PAGE_SIZE,
                    arena->fd, extent->block * PMA_PAGE_SIZE, writable, point);

    if (!result)
        record(arena,
               &(struct extent){.page = extent->page,
                                .block = extent->block,
                                .flags = MAPPING_YOUNG | (writable ? EXTENT_WRITABLE : 0)},
               extent->length);
    return result;
}

static uint64_t new_family(struct pma *arena)
{
    return PRIVATE_ORIGIN + (++arena->mappings.families * FAMILY) % PRIVATE_ORIGIN;
}

/* The family of a private neighbour that was not moved, so that the kernel may join it. */
static bool find_family(struct pma *arena, uint64_t page, uint64_t *family)
{
    struct extent run;

    if (directory_find(&arena->mappings.runs, page, &run) || !(run.flags & EXTENT_PRIVATE))
        return false;
    *family = run.block - run.page;
    return *family % FAMILY == 0;
}

/* Pages from `page` on are a piece of their own, whatever they were one with. */
static void part(struct pma *arena, uint64_t page)
{
    struct extent run;

    if (directory_find(&arena->mappings.runs, page, &run))
        return;
    run = extent_clip(&run, page, UINT64_MAX);
    run.block = new_family(arena) + page;
    record(arena, &run, run.length);
}

/*
 * For memory between two pieces. The kernel joins it with the one before, and all three only if
 * both have the same history of stores, which nobody knows: if they once were one, they are not
 * claimed to become one again.
 */
static uint64_t family_of(struct pma *arena, uint64_t page, uint64_t length)
{
    uint64_t before, behind;
    const bool has_before = page > 0 && find_family(arena, page - 1, &before);
    const bool has_behind = find_family(arena, page + length, &behind);

    if (has_before && has_behind && before == behind)
        part(arena, page + length);
    return has_before ? before : has_behind ? behind : new_family(arena);
}

/*
 * The kernel joins watched mappings less than it could: not when both have memory of their own
 * already. So each is claimed to be one, whatever is beside it.
 */
static void record_watched(struct pma *arena, uint64_t page, uint64_t length)
{
    const struct extent run = {.page = page,
                               .block = new_family(arena) + ELSEWHERE,
                               .flags = PRIVATE_RUN | MAPPING_WATCHED};

    record(arena, &run, length);
}

int mapping_watched(struct pma *arena, const struct extent *extent, enum fault_point map,
                    enum fault_point arm)
{
    const size_t bytes = (size_t)extent->length * PMA_PAGE_SIZE;
    void *address = arena_address(arena, extent->page);
    int result = extent->block
                     ? os_map_copied(address, bytes, arena->fd, extent->block * PMA_PAGE_SIZE, map)
                     : os_map_private(address, bytes, false, map);

    if (result)
        return result;
    record_watched(arena, extent->page, extent->length);
    return mapping_watch(arena, extent->page, extent->length, arm);
}

int mapping_watch(struct pma *arena, uint64_t page, uint64_t length, enum fault_point point)
{
    const uint64_t end = page + length;
    struct extent run;
    void *address = arena_address(arena, page);
    int result = os_watch_arm(&arena->watch, address, length * PMA_PAGE_SIZE, point);

    if (result)
        return result;
    for (uint64_t at = page; at < end; at = extent_end(&run)) {
        if (directory_next(&arena->mappings.runs, at, &run) || run.page >= end)
            break;
        run = extent_clip(&run, at, end);
        record_watched(arena, run.page, run.length);
    }
    return os_protect(address, length * PMA_PAGE_SIZE, true, FAULT_NONE);
}

int mapping_private(struct pma *arena, uint64_t page, uint64_t length, bool writable,
                    enum fault_point point)
{
    int result =
        os_map_private(arena_address(arena, page), length * PMA_PAGE_SIZE, writable, point);

    if (!result)
        record(arena,
               writable ? &(struct extent){.page = page,
                                           .block = family_of(arena, page, length) + page,
                                           .flags = PRIVATE_RUN}
                        : &(struct extent){.page = page, .flags = MAPPING_YOUNG},
               length);
    return result;
}

int mapping_adopt(struct pma *arena, uint64_t page, uint64_t length, void *memory)
{
    int result = os_move(arena_address(arena, page), memory, length * PMA_PAGE_SIZE, FAULT_NONE);

    if (!result)
        record(arena,
               &(struct extent){.page = page,
                                .block = new_family(arena) + page + ELSEWHERE,
                                .flags = PRIVATE_RUN},
               length);
    return result;
}

/*
 * A watched mapping is put beside those that were moved before it while they are not watched any
 * more, and ceases to be watched only then: the kernel leaves it one of its own.
 */
static struct extent moved_watched(struct pma *arena, const struct extent *run)
{
    struct extent moved = *run;

    moved.block = new_family(arena) + ELSEWHERE;
    moved.flags &= (uint8_t)~MAPPING_WATCHED;
    return moved;
}

int mapping_move(struct pma *arena, uint64_t to, uint64_t from, uint64_t length,
                 enum fault_point point)
{
    struct directory *runs = &arena->mappings.runs;
    const uint64_t end = from + length;
    struct extent run;
    int result;

    seal(arena, from, length);
    result = os_move(arena_address(arena, to), arena_address(arena, from), length * PMA_PAGE_SIZE,
                     point);

    if (result) {
        if (result == -EFAULT)
            forget(arena, to, length);
        return result;
    }
    forget(arena, to, length);
    for (uint64_t at = from, next; at < end; at = next) {
        if (directory_next(runs, at, &run) || run.page >= end)
            break;
        run = extent_clip(&run, at, end);
        next = extent_end(&run);
        run.page += to - from;
        if (run.flags & MAPPING_WATCHED)
            run = moved_watched(arena, &run);
        record(arena, &run, run.length);
    }
    forget(arena, from, length);
    return 0;
}

int mapping_nothing(struct pma *arena, uint64_t page, uint64_t length, enum fault_point point)
{
    int result;

    seal(arena, page, length);
    result = os_map_nothing(arena_address(arena, page), length * PMA_PAGE_SIZE, point);
    if (!result)
        forget(arena, page, length);
    return result;
}

int mapping_protect(struct pma *arena, uint64_t page, uint64_t length, bool writable,
                    enum fault_point point)
{
    const uint8_t clear = writable ? 0 : EXTENT_WRITABLE, set = writable ? EXTENT_WRITABLE : 0;
    struct directory *runs = &arena->mappings.runs;
    int result;

    if (!writable)
        arena_seal(arena);
    result = os_protect(arena_address(arena, page), length * PMA_PAGE_SIZE, writable, point);
    if (result || directory_flag_in_place(runs, page, length, clear, set))
        return result;
    count(arena, page, length, false);
    directory_flag(runs, page, length, clear, set);
    count(arena, page, length, true);
    return 0;
}

bool mapping_exists(struct pma *arena, const struct extent *extent)
{
    struct extent run;

    return !arena->mappings.inexact && !directory_find(&arena->mappings.runs, extent->page, &run) &&
           extent_end(&run) >= extent_end(extent);
}
