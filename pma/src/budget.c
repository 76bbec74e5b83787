/* SPDX-License-Identifier: MIT */
/*
 * A clock over what is mapped. Its hand goes round in the order of pages; a run that was mapped
 * since the hand last passed is young, and is passed over once. What it takes is made clean, and
 * neighbours are unmapped in one go, whatever lies between them: nothing there is mapped.
 */
#include "budget.h"

#include "directory_path.h"
#include "lazy.h"
#include "mappings.h"
#include "os.h"
#include "pages.h"

enum {
    BATCH = 64, /* mappings or pages that one round gives back, and young runs it passes over */
    LOOKS = 4 * BATCH,
    STEP =
        32, /* pages that a fault may map under a limit on memory; less than a round gives back */
    EMERGENCY = 1024
};

/* One turn of the clock, as far as it goes. */
struct round {
    struct pma *arena;
    uint64_t kept, kept_end;      /* pages that stay */
    uint64_t wanted;              /* mappings or pages to give back */
    bool pages;                   /* pages; else mappings, so that a run must go wholly */
    bool sealing;                 /* changed pages may be made clean */
    uint64_t work;                /* how many of them */
    uint64_t young;               /* runs that may be passed over for being young */
    uint64_t looks;               /* runs that may be looked at */
    uint64_t given;               /* so far, what is clean but still mapped included */
    uint64_t pending;             /* that */
    uint64_t first, end;          /* and where it is, to be unmapped in one go */
    struct extent written[BATCH]; /* sealed, to be written back in as few calls as may be */
    size_t written_count;
};

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static uint64_t longest_step(const struct pma *arena)
{
    return arena->budget.pages ? smaller(arena->budget.pages / 4, STEP) : UINT64_MAX;
}

uint64_t budget_step(const struct pma *arena, uint64_t want)
{
    return smaller(want, longest_step(arena));
}

/* The smallest windows that, alone in their surroundings, fill the memory before the mappings. */
static uint64_t least_window(const struct pma *arena)
{
    uint64_t window = 1;

    while (window * arena->budget.mappings < 2 * arena->budget.pages &&
           2 * window <= longest_step(arena))
        window *= 2;
    return window;
}

struct extent budget_window(struct pma *arena, const struct extent *extent, uint64_t page)
{
    struct budget *budget = &arena->budget;
    struct extent next;
    uint64_t first = page, length;

    if (!budget->pages)
        return *extent;
    if (page == budget->read_end) {
        length = smaller(2 * budget->read_length, longest_step(arena));
    } else {
        length = least_window(arena);
        first -= page % length;
    }
    budget->read_length = length;
    if (!directory_next(&arena->mappings.runs, page, &next) && next.page > page)
        length = smaller(length, next.page - first);
    budget->read_end = first + length;
    return extent_clip(extent, first, first + length);
}

/* Blocks that follow each other go to the kernel in one call. */
static void write_back(struct round *round)
{
    struct extent *written = round->written;
    const size_t count = round->written_count;

    for (size_t i = 1; i < count; i++) {
        for (size_t j = i; j > 0 && written[j].block < written[j - 1].block; j--) {
            const struct extent later = written[j - 1];

            written[j - 1] = written[j];
            written[j] = later;
        }
    }
    for (size_t i = 0, next; i < count; i = next) {
        uint64_t end = written[i].block + written[i].length;

        for (next = i + 1; next < count && written[next].block == end; next++)
            end += written[next].length;
        /* What cannot be written now is still there to be synced by the snapshot. */
        os_write_back(round->arena->fd, written[i].block * PMA_PAGE_SIZE,
                      (end - written[i].block) * PMA_PAGE_SIZE, FAULT_EVICT_WRITEBACK);
    }
    round->written_count = 0;
}

static void unmap(struct round *round)
{
    if (round->end > round->first &&
        mapping_nothing(round->arena, round->first, round->end - round->first, FAULT_UNMAP))
        round->given -= round->pending;
    round->first = round->end = round->pending = 0;
}

/* Makes a part of one extent such that its mapping is not needed. */
static bool clean(struct round *round, const struct span *span, bool private)
{
    const struct extent *extent = &span->extent;
    struct pma *arena = round->arena;

    if (extent->flags & (EXTENT_WRITABLE | EXTENT_PRIVATE)) {
        if (!round->sealing || !arena->blocks || extent->length > round->work)
            return false;
        round->work -= extent->length;
    } else if (private) {
        return false; /* stranded: only the memory has it */
    }
    if (extent->flags & EXTENT_PRIVATE)
        return !pages_write_out(arena, span, false,
                                span->ephemeral ? FAULT_EVICT_PRIVATE : FAULT_PRIVATE_WRITE);
    if (extent->flags & EXTENT_WRITABLE) {
        if (pages_seal(arena, extent, 1))
            return false;
        if (round->pages && round->written_count < BATCH)
            round->written[round->written_count++] = *extent;
    }
    return !(extent->flags & EXTENT_MAPPED) ||
           !directory_flag(pages_tree(arena, span->ephemeral), extent->page, extent->length,
                           EXTENT_MAPPED, 0);
}

static bool clean_run(struct round *round, const struct extent *run)
{
    const bool watched = run->flags & MAPPING_WATCHED;
    const bool private = run->flags & EXTENT_PRIVATE && !watched;
    uint64_t page = run->page;
    struct span span;

    if (watched && (!round->sealing || lazy_release(round->arena, run->page, run->length)))
        return false;
    while (page < extent_end(run)) {
        if (pages_next(round->arena, page, &span) || span.extent.page >= extent_end(run))
            break;
        span.extent = extent_clip(&span.extent, page, extent_end(run));
        if (!clean(round, &span, private))
            return false;
        page = extent_end(&span.extent);
    }
    return true;
}

/* The part of a run that may go now; length 0 if none. */
static struct extent eligible(const struct round *round, const struct extent *run)
{
    const bool changed =
        run->flags & (EXTENT_WRITABLE | EXTENT_PRIVATE) && !(run->flags & MAPPING_WATCHED);
    struct extent part = *run;

    if (run->page < round->kept && extent_end(run) > round->kept)
        part = extent_clip(run, 0, round->kept);
    else if (run->page >= round->kept && extent_end(run) > round->kept_end &&
             run->page < round->kept_end)
        part = extent_clip(run, round->kept_end, UINT64_MAX);
    else if (run->page >= round->kept && extent_end(run) <= round->kept_end)
        part.length = 0;
    if (round->pages)
        part.length = run->block ? (uint32_t)smaller(part.length, round->wanted - round->given) : 0;
    else if (changed && part.length > round->work)
        part.length = 0;
    return part;
}

/* Takes a run or part of it, or passes over it. Returns the page where to go on. */
static uint64_t look_at(struct round *round, const struct extent *run)
{
    struct pma *arena = round->arena;
    const struct extent part = eligible(round, run);
    const bool spared = part.length > 0 && (run->flags & MAPPING_YOUNG) && round->young > 0;
    const uint64_t given = round->pages ? part.length : 1;

    if (spared) {
        round->young--;
        directory_flag(&arena->mappings.runs, run->page, run->length, MAPPING_YOUNG, 0);
    }
    /* What stays must not lie between the ends of what goes. */
    if (part.page > run->page || arena->mappings.inexact)
        unmap(round);
    if (part.length == 0 || spared || !clean_run(round, &part)) {
        unmap(round);
        return extent_end(run);
    }
    if (round->end == 0)
        round->first = part.page;
    round->end = extent_end(&part);
    round->given += given;
    round->pending += given;
    return round->end;
}

/* Returns what it has given back. */
static uint64_t go_round(struct round *round)
{
    struct pma *arena = round->arena;
    const struct pma_error kept = arena->error;
    const uint64_t resident = arena->mappings.resident;
    struct extent run;

    if (arena->budget.turning)
        return 0;
    arena->budget.turning = true;
    round->sealing = round->sealing && !arena->poison;
    for (; round->given < round->wanted && round->looks > 0; round->looks--) {
        if (directory_next(&arena->mappings.runs, arena->budget.hand, &run)) {
            unmap(round);
            arena->budget.hand = 0;
            continue;
        }
        run = extent_clip(&run, arena->budget.hand, UINT64_MAX);
        arena->budget.hand = look_at(round, &run);
    }
    unmap(round);
    write_back(round);
    arena->budget.turning = false;
    arena->budget.evicted += resident - arena->mappings.resident;
    if (!arena->poison)
        arena->error = kept;
    return round->given;
}

bool pages_relieve(struct pma *arena, uint64_t page, uint64_t length, bool sealing)
{
    struct round round = {.arena = arena,
                          .kept = page,
                          .kept_end = page + length,
                          .wanted = EMERGENCY,
                          .sealing = sealing,
                          .work = UINT64_MAX,
                          .looks = 2 * arena->mappings.runs.extents + 1};

    return go_round(&round) > 0;
}

/* How much there is to give back, in mappings or pages; 0 if the limits are kept. */
static uint64_t excess(const struct pma *arena, bool pages)
{
    const struct budget *budget = &arena->budget;
    /* So that the next fault does not pass the limit either. */
    const uint64_t limit = pages ? budget->pages - longest_step(arena) : budget->mappings;
    const uint64_t now = pages ? arena->mappings.resident : arena->mappings.count;

    return now > limit && (!pages || budget->pages) ? larger(now - limit, smaller(BATCH, limit / 4))
                                                    : 0;
}

static bool give_back(struct pma *arena, uint64_t page, uint64_t length, bool pages)
{
    struct round round = {.arena = arena,
                          .kept = page,
                          .kept_end = page + length,
                          .wanted = smaller(excess(arena, pages), BATCH),
                          .pages = pages,
                          .sealing = true,
                          .work = BATCH,
                          .young = BATCH,
                          .looks = LOOKS};

    return go_round(&round) > 0;
}

void budget_keep_in_fault(struct pma *arena, uint64_t page, uint64_t length)
{
    if (excess(arena, true))
        give_back(arena, page, length, true);
    if (excess(arena, false))
        give_back(arena, page, length, false);
}

void budget_keep(struct pma *arena, uint64_t page, uint64_t length)
{
    while (excess(arena, true) && give_back(arena, page, length, true))
        ;
    while (excess(arena, false) && give_back(arena, page, length, false))
        ;
}
