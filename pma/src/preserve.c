/* SPDX-License-Identifier: MIT */
/*
 * Copies what a frame leaves behind into its caller's allocation area. Places are taken there while
 * the objects are found, but nothing is written to them before all have one: the frame's locals
 * still lie there, and a failure gives them back.
 */
#include <string.h>

#include "copier.h"
#include "noun_call.h"

static int place_for_caller(struct copier *copier, pma_noun noun, uint64_t bytes, void **place)
{
    (void)noun;
    return stack_preserve_alloc(copier->scratch.stack, bytes, place);
}

static void count_copied(struct copier *copier, uint64_t bytes)
{
    copier->report.copied_objects++;
    copier->report.copied_bytes += bytes;
}

/* The pages at its place are there, so an atom that cannot be moved is copied. */
static void move_atom(struct copier *copier, const struct copier_object *object, uint64_t bytes)
{
    const uint64_t pages = noun_pages(bytes);

    if (stack_move_pages(copier->scratch.stack, object->place, noun_address(object->noun), pages)) {
        memcpy(object->place, noun_address(object->noun), bytes);
        count_copied(copier, bytes);
        return;
    }
    *noun_metadata(object->noun) = noun_forwarding_to(object->place);
    copier->report.moved_objects++;
    copier->report.moved_bytes += pages * PMA_PAGE_SIZE;
}

static void copy_object(struct copier *copier, const struct copier_object *object)
{
    const uint64_t bytes = noun_bytes(object->noun);
    struct noun_cell *cell;

    if (noun_is_large(bytes)) {
        move_atom(copier, object, bytes);
    } else {
        memcpy(object->place, noun_address(object->noun), bytes);
        count_copied(copier, bytes);
    }
    *(uint64_t *)object->place = object->metadata;
    if (pma_noun_is_cell(object->noun)) {
        cell = object->place;
        cell->head = copier_follow(copier, cell->head);
        cell->tail = copier_follow(copier, cell->tail);
    }
}

static void copy_all(struct copier *copier)
{
    struct pile_place at = {0};
    struct copier_object object;

    while (copier_next(copier, &at, &object))
        copy_object(copier, &object);
}

static int find_all(struct copier *copier, const pma_noun *nouns, size_t count)
{
    int result = 0;

    for (size_t i = 0; i < count && !result; i++)
        result = copier_find(copier, nouns[i]);
    return result;
}

static int preserve(pma_stack_t *stack, pma_noun *nouns, size_t count,
                    struct pma_copy_report *report)
{
    struct copier copier = {.place = place_for_caller};
    struct stack_preserve before;
    int result = stack_preserve_begin(stack, &before);

    if (result)
        return result;
    scratch_begin(&copier.scratch, stack);
    copier.scratch.bound = before.first ? before.sp : NULL;
    result = find_all(&copier, nouns, count);
    if (result) {
        copier_take_back(&copier);
        scratch_end(&copier.scratch);
        stack_preserve_cancel(stack, &before);
        return result;
    }
    copy_all(&copier);
    for (size_t i = 0; i < count; i++)
        nouns[i] = copier_follow(&copier, nouns[i]);
    scratch_end(&copier.scratch);
    copier_add_report(&copier, report);
    return 0;
}

int pma_noun_preserve(pma_stack_t *stack, pma_noun *nouns, size_t count,
                      struct pma_copy_report *report)
{
    int result = nouns || !count ? 0 : PMA_EARGUMENT;

    if (!stack)
        return PMA_EARGUMENT;
    for (size_t i = 0; i < count && !result; i++)
        result = noun_check(stack, nouns[i]);
    return result ? result : preserve(stack, nouns, count, report);
}
