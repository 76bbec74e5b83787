/* SPDX-License-Identifier: MIT */
/*
 * Puts a noun into the heap. Objects get their memory there while they are found, large atoms by
 * re-mapping at once; a failure frees it all and copies such atoms back. Mugs are computed before,
 * so that nobody has to store them to pages of a snapshot later, and references are counted last,
 * when nothing can fail any more.
 */
#include <errno.h>
#include <string.h>

#include "call.h"
#include "copier.h"
#include "noun_call.h"
#include "noun_heap.h"
#include "noun_mug.h"

struct keep {
    struct copier copier;
    uint32_t most_references; /* to a noun of the heap that will get more */
};

/*
 * Without pages where the atom was there is no way on, since its frame could not be popped, and no
 * way back: one more attempt, to copy it back, then the arena is given up.
 */
static int put_back(pma_stack_t *stack, pma_noun atom, uint64_t bytes, void *place, int cause)
{
    int result = stack_refill(stack, noun_address(atom), noun_pages(bytes));

    if (result) {
        result = call_enter(stack->arena, CALL_READS);
        if (result)
            return result;
        arena_fail(stack->arena, cause,
                   "no pages where a kept atom was, not even for a copy of it");
        return call_finish(stack->arena, arena_poison(stack->arena, cause), NULL);
    }
    memcpy(noun_address(atom), place, bytes);
    pma_free(stack->arena, place);
    return noun_heap_fail(stack->arena, cause, "fresh pages where a kept atom was");
}

static int take_atom(struct copier *copier, pma_noun atom, uint64_t bytes, void **place)
{
    pma_stack_t *stack = copier->scratch.stack;
    const uint64_t pages = noun_pages(bytes);
    int result = pma_heap_take_pages(stack->arena, noun_address(atom), pages, place);

    if (result)
        return result;
    result = stack_refill(stack, noun_address(atom), pages);
    if (result)
        return put_back(stack, atom, bytes, *place, result);
    copier->report.moved_objects++;
    copier->report.moved_bytes += pages * PMA_PAGE_SIZE;
    return 0;
}

static int place_in_heap(struct copier *copier, pma_noun noun, uint64_t bytes, void **place)
{
    int result;

    if (noun_is_large(bytes))
        return take_atom(copier, noun, bytes, place);
    result = pma_malloc(copier->scratch.stack->arena, bytes, place);
    if (result)
        return result;
    memcpy(*place, noun_address(noun), bytes);
    copier->report.copied_objects++;
    copier->report.copied_bytes += bytes;
    return 0;
}

/* What is not on the stack has to be in the heap. */
static int meet_heap(struct copier *copier, pma_noun noun)
{
    struct keep *keep = (struct keep *)copier;
    uint32_t references;
    int result = noun_heap_check(copier->scratch.stack->arena, noun);

    if (result)
        return result;
    references = noun_references_in(*noun_metadata(noun));
    if (references > keep->most_references)
        keep->most_references = references;
    return 0;
}

/* Each object found adds two references at most, and the caller holds one. */
static int check_references(const struct keep *keep)
{
    const uint64_t added = keep->copier.objects.count + 1;

    if (added > NOUN_REFERENCES_MOST || keep->most_references > NOUN_REFERENCES_MOST - added)
        return noun_heap_fail(keep->copier.scratch.stack->arena, -EOVERFLOW,
                              "too many references to a noun");
    return 0;
}

/* The only copy of an atom that was moved is in the heap. */
static void give_places_back(struct copier *copier)
{
    struct pile_place at = {0};
    struct copier_object object;
    uint64_t bytes;

    while (copier_next(copier, &at, &object)) {
        bytes = noun_bytes(noun_moved(object.noun, object.place));
        if (noun_is_large(bytes))
            memcpy(noun_address(object.noun), object.place, bytes);
        pma_free(copier->scratch.stack->arena, object.place);
    }
    copier_take_back(copier);
}

static pma_noun refer(const struct copier *copier, pma_noun noun)
{
    noun = copier_follow(copier, noun);
    noun_heap_hold(noun);
    return noun;
}

static pma_noun count_references(struct copier *copier, pma_noun noun)
{
    struct copier_object object;
    struct pile_place at = {0};
    struct noun_cell *cell;

    while (copier_next(copier, &at, &object))
        *(uint64_t *)object.place = noun_metadata_of(noun_mug_in(object.metadata), 0);
    at = (struct pile_place){0};
    while (copier_next(copier, &at, &object)) {
        if (pma_noun_is_atom(object.noun))
            continue;
        cell = object.place;
        cell->head = refer(copier, cell->head);
        cell->tail = refer(copier, cell->tail);
    }
    noun = refer(copier, noun);
    copier_take_back(copier);
    return noun;
}

static int keep_noun(struct keep *keep, pma_noun noun, pma_noun *kept)
{
    struct copier *copier = &keep->copier;
    int result = noun_mug_all(&copier->scratch, noun);

    if (result)
        return result;
    result = copier_find(copier, noun);
    if (!result)
        result = check_references(keep);
    if (result)
        give_places_back(copier);
    else
        *kept = count_references(copier, noun);
    return result;
}

int pma_noun_keep(pma_stack_t *stack, pma_noun noun, pma_noun *kept, struct pma_copy_report *report)
{
    struct keep keep = {.copier = {.all_frames = true, .place = place_in_heap, .meet = meet_heap}};
    int result = kept ? noun_check_whole(stack, noun) : PMA_EARGUMENT;

    if (result)
        return result;
    scratch_begin(&keep.copier.scratch, stack);
    result = keep_noun(&keep, noun, kept);
    scratch_end(&keep.copier.scratch);
    if (!result)
        copier_add_report(&keep.copier, report);
    return result;
}
