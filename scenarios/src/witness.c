/* SPDX-License-Identifier: MIT */
#include "witness.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pma/noun.h>

#include "room.h"
#include "state_heap.h"

enum { NONE = -1, JUDGE_BYTES = 4 << 20, TAG_FORWARDING = 7, TAG_CELL = 6, TAG_ATOM = 2 };

void witness_row(struct results_dump *dump, enum results_table table, const int64_t *values,
                 size_t count)
{
    results_dump_row(dump, table, values, count);
}

/* ---- the arena and its pages ---- */

int witness_arena(struct results_dump *dump, pma_t *arena, bool live)
{
    struct pma_stat stat;
    struct pma_run run;
    const void *from = NULL;
    int result = pma_stat(arena, &stat);

    if (result != 0)
        return result;
    WITNESS(dump, RESULTS_ARENA, (int64_t)stat.file_blocks, (int64_t)stat.snapshot,
            (int64_t)stat.event, (int64_t)stat.pages, (int64_t)stat.extents,
            (int64_t)stat.free_blocks, live);
    while ((result = pma_next_run(arena, from, &run)) == 0) {
        from = (const unsigned char *)run.address + run.pages * PMA_PAGE_SIZE;
        WITNESS(dump, RESULTS_RUN,
                (int64_t)(((uint64_t)(uintptr_t)run.address - stat.base) / PMA_PAGE_SIZE),
                (int64_t)run.pages, (int64_t)run.block, run.ephemeral);
    }
    return result == -ENOENT ? 0 : result;
}

/* ---- what lies in them ---- */

struct walk {
    struct results_dump *dump;
    pma_t *arena;
    uint64_t base;
    struct heap_objects objects;
    const struct stacks *stacks;
    uint64_t *words; /* references that are yet to be followed */
    size_t count, capacity;
    uint64_t *seen; /* places, in a table of open addressing; 0 = free, else place + 1 */
    size_t seen_count, seen_capacity;
};

static int64_t place(const struct walk *walk, const void *address)
{
    return (int64_t)((uint64_t)(uintptr_t)address - walk->base);
}

static int dump_heap(struct walk *walk)
{
    struct pma_heap_page page;
    struct pma_heap_chunk chunk;
    const void *from = NULL;
    int result;

    while ((result = pma_heap_next_page(walk->arena, from, &page)) == 0) {
        WITNESS(walk->dump, RESULTS_HEAP_PAGE, place(walk, page.address) / PMA_PAGE_SIZE, page.kind,
                page.chunk_bytes, page.chunks, page.used);
        from = (const unsigned char *)page.address + PMA_PAGE_SIZE;
    }
    if (result != -ENOENT)
        return result;
    from = NULL;
    while ((result = pma_heap_next_chunk(walk->arena, from, &chunk)) == 0) {
        WITNESS(walk->dump, RESULTS_HEAP_CHUNK, place(walk, chunk.address), chunk.bytes);
        from = (const unsigned char *)chunk.address + 1;
    }
    return result == -ENOENT ? heap_objects_read(walk->arena, &walk->objects) : result;
}

/* ---- nouns ---- */

static size_t slot_of(const struct walk *walk, uint64_t key)
{
    size_t slot = key * UINT64_C(0x9e3779b97f4a7c15) & (walk->seen_capacity - 1);

    while (walk->seen[slot] != 0 && walk->seen[slot] != key)
        slot = (slot + 1) & (walk->seen_capacity - 1);
    return slot;
}

/* Whether the place is seen for the first time; negative if there is no memory. */
static int first_time(struct walk *walk, uint64_t at)
{
    size_t slot;

    if (2 * walk->seen_count >= walk->seen_capacity) {
        struct walk larger = *walk;

        larger.seen_capacity = walk->seen_capacity == 0 ? 256 : 2 * walk->seen_capacity;
        larger.seen = calloc(larger.seen_capacity, sizeof *larger.seen);
        if (larger.seen == NULL)
            return -ENOMEM;
        for (size_t i = 0; i < walk->seen_capacity; i++)
            if (walk->seen[i] != 0)
                larger.seen[slot_of(&larger, walk->seen[i])] = walk->seen[i];
        free(walk->seen);
        *walk = larger;
    }
    slot = slot_of(walk, at + 1);
    if (walk->seen[slot] != 0)
        return 0;
    walk->seen[slot] = at + 1;
    walk->seen_count++;
    return 1;
}

static int follow_later(struct walk *walk, uint64_t word)
{
    if (room_for(&walk->words, walk->count + 1, &walk->capacity, sizeof word) != 0)
        return -ENOMEM;
    walk->words[walk->count++] = word;
    return 0;
}

/* "10", "110" and "111" in the highest bits; 0 for a direct atom. */
static int tag_of(uint64_t word)
{
    return pma_noun_is_direct(word) ? 0 : word >> 62 == 2 ? TAG_ATOM : (int)(word >> 61);
}

static int64_t place_of(const struct walk *walk, uint64_t word)
{
    return (int64_t)((word & UINT64_MAX >> 3) - walk->base);
}

static int refer(struct walk *walk, int64_t holder, uint64_t word)
{
    int tag = tag_of(word);

    if (tag == 0)
        return 0;
    WITNESS(walk->dump, RESULTS_REFERENCE, holder, place_of(walk, word), tag);
    return tag == TAG_FORWARDING ? 0 : follow_later(walk, word);
}

/* Only what lies on a stack or is an object of the heap may be looked at. */
static bool can_look(const struct walk *walk, int64_t at)
{
    struct pma_stack_stat stat;

    for (size_t i = 0; walk->stacks != NULL && i < walk->stacks->count; i++)
        if (pma_stack_stat(walk->stacks->list[i].stack, &stat) == 0 &&
            at >= place(walk, stat.low) && at < place(walk, stat.high))
            return true;
    return heap_objects_find(&walk->objects, (uint64_t)at) != NULL;
}

static int look(struct walk *walk, uint64_t word)
{
    int64_t at = place_of(walk, word);
    struct pma_noun_object object;
    int result = can_look(walk, at) ? first_time(walk, (uint64_t)at) : 0;

    if (result <= 0)
        return result;
    result = pma_noun_object(word, &object);
    if (result != 0)
        return result;
    WITNESS(walk->dump, RESULTS_NOUN, at, (int64_t)object.bytes, object.cell,
            (int64_t)(uint32_t)object.metadata, object.metadata >> 61 == TAG_FORWARDING);
    if (!object.cell)
        return 0;
    result = refer(walk, at, object.head);
    return result != 0 ? result : refer(walk, at, object.tail);
}

static int dump_nouns(struct walk *walk)
{
    int result = 0;

    for (unsigned i = 0; result == 0 && i < PMA_ROOTS; i++) {
        uint64_t word, ignored;

        result = pma_root(walk->arena, i, &word);
        if (result == 0 && heap_noun_place(walk->arena, word, &ignored))
            result = refer(walk, NONE - (int64_t)i, word);
    }
    while (result == 0 && walk->count > 0)
        result = look(walk, walk->words[--walk->count]);
    return result;
}

/* ---- stacks ---- */

static int64_t pointer(const struct walk *walk, uint64_t address)
{
    return address == 0 ? NONE : (int64_t)(address - walk->base);
}

static int dump_frames(struct walk *walk, const struct stack_model *model, size_t number)
{
    struct pma_stack_frame frame;
    int result = 0;

    for (unsigned depth = 0; result == 0; depth++) {
        result = pma_stack_frame(model->stack, depth, &frame);
        if (result != 0)
            break;
        WITNESS(walk->dump, RESULTS_FRAME, (int64_t)number, frame.depth, frame.west,
                pointer(walk, frame.fp), pointer(walk, frame.sp), pointer(walk, frame.ap),
                pointer(walk, frame.saved_fp), pointer(walk, frame.saved_sp),
                pointer(walk, frame.saved_ap), frame.locals, frame.preserved);
    }
    return result == -ENOENT ? 0 : result;
}

static int dump_stack_pages(struct walk *walk, const struct pma_stack_stat *stat, size_t number)
{
    const unsigned char *from = stat->low, *high = stat->high;
    struct pma_run run;
    int result;

    while ((result = pma_next_run(walk->arena, from, &run)) == 0 &&
           (const unsigned char *)run.address < high) {
        const unsigned char *at = run.address, *end = at + run.pages * PMA_PAGE_SIZE;

        at = at < from ? from : at;
        end = end > high ? high : end;
        if (run.ephemeral)
            WITNESS(walk->dump, RESULTS_STACK_PAGE, (int64_t)number,
                    place(walk, at) / PMA_PAGE_SIZE, (int64_t)(end - at) / PMA_PAGE_SIZE);
        from = end;
        if (from == high)
            return 0;
    }
    return result == -ENOENT ? 0 : result;
}

/* What a preserve left behind is not to be used any more, and may be in pieces. */
static bool is_usable(const struct stack_model *model, const struct stack_thing *thing)
{
    return thing->noun != NULL && (thing->preserved || thing->depth + 1 < model->frame_count ||
                                   !stack_model_top(model)->preserved);
}

static int dump_stack(struct walk *walk, const struct stack_model *model, size_t number)
{
    struct pma_stack_stat stat;
    int result = pma_stack_stat(model->stack, &stat);

    if (result != 0)
        return result;
    WITNESS(walk->dump, RESULTS_STACK, (int64_t)number, place(walk, stat.low),
            place(walk, stat.high), stat.frames, (int64_t)stat.pages, (int64_t)stat.west_bytes,
            (int64_t)stat.east_bytes, model->released);
    result = dump_frames(walk, model, number);
    if (result == 0)
        result = dump_stack_pages(walk, &stat, number);
    for (size_t i = 0; result == 0 && i < model->thing_count; i++)
        if (is_usable(model, &model->things[i]) && !pma_noun_is_direct(model->things[i].reference))
            result = follow_later(walk, model->things[i].reference);
    return result;
}

int witness_objects(struct results_dump *dump, pma_t *arena, const struct stacks *stacks)
{
    struct walk walk = {.dump = dump, .arena = arena, .stacks = stacks};
    struct pma_stat stat;
    int result = pma_stat(arena, &stat);

    walk.base = stat.base;
    if (result == 0)
        result = dump_heap(&walk);
    for (size_t i = 0; result == 0 && stacks != NULL && i < stacks->count; i++)
        result = dump_stack(&walk, &stacks->list[i], i);
    if (result == 0)
        result = dump_nouns(&walk);
    heap_objects_deinit(&walk.objects);
    free(walk.words);
    free(walk.seen);
    return result;
}

/* ---- judging ---- */

static bool has_anything(pma_t *arena, const struct stacks *stacks)
{
    struct pma_heap_page page;

    return stacks->count > 0 || pma_heap_next_page(arena, NULL, &page) == 0;
}

int witness_judge(results_oracle_t *invariants, pma_t *arena, const struct stacks *stacks,
                  char *finding, size_t finding_bytes)
{
    struct results_dump dump = {.capacity = JUDGE_BYTES};
    int result;

    if (invariants == NULL || !has_anything(arena, stacks))
        return 0;
    dump.bytes = malloc(JUDGE_BYTES);
    if (dump.bytes == NULL)
        return -ENOMEM;
    result = witness_arena(&dump, arena, true);
    if (result == 0)
        result = witness_objects(&dump, arena, stacks);
    if (result == 0)
        result = results_oracle_check(invariants, dump.bytes, dump.used, finding, finding_bytes);
    free(dump.bytes);
    return result;
}
