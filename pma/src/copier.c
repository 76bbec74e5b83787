/* SPDX-License-Identifier: MIT */
#include "copier.h"

static bool is_copied(const struct copier *copier, pma_noun noun)
{
    const enum stack_place place = stack_place(copier->scratch.stack, noun_address(noun));

    return place == STACK_TOP || (place == STACK_OLDER && copier->all_frames);
}

static int remember(struct copier *copier, pma_noun noun, uint64_t metadata)
{
    int result = pile_push(&copier->objects, &copier->scratch, noun);

    if (!result) {
        result = pile_push(&copier->objects, &copier->scratch, metadata);
        if (result)
            pile_pop(&copier->objects, &noun);
    }
    return result;
}

static void forget(struct copier *copier)
{
    uint64_t word;

    pile_pop(&copier->objects, &word);
    pile_pop(&copier->objects, &word);
}

static int give_place(struct copier *copier, pma_noun noun)
{
    void *place;
    int result;

    if (pma_noun_is_direct(noun))
        return 0;
    if (!is_copied(copier, noun))
        return copier->meet ? copier->meet(copier, noun) : 0;
    if (noun_is_forwarding(*noun_metadata(noun)))
        return 0;
    result = remember(copier, noun, *noun_metadata(noun));
    if (result)
        return result;
    result = copier->place(copier, noun, noun_bytes(noun), &place);
    if (result)
        forget(copier);
    else
        *noun_metadata(noun) = noun_forwarding_to(place);
    return result;
}

int copier_find(struct copier *copier, pma_noun noun)
{
    struct copier_object object;
    int result = give_place(copier, noun);

    while (!result && copier_next(copier, &copier->looked, &object)) {
        if (pma_noun_is_atom(object.noun))
            continue;
        result = give_place(copier, noun_cell(object.noun)->head);
        if (!result)
            result = give_place(copier, noun_cell(object.noun)->tail);
    }
    return result;
}

bool copier_next(const struct copier *copier, struct pile_place *at, struct copier_object *object)
{
    if (!pile_next(&copier->objects, at, &object->noun))
        return false;
    pile_next(&copier->objects, at, &object->metadata);
    object->place = noun_address(*noun_metadata(object->noun));
    return true;
}

pma_noun copier_follow(const struct copier *copier, pma_noun noun)
{
    if (pma_noun_is_direct(noun) || !is_copied(copier, noun))
        return noun;
    return noun_moved(noun, noun_address(*noun_metadata(noun)));
}

void copier_take_back(struct copier *copier)
{
    struct pile_place at = {0};
    struct copier_object object;

    while (copier_next(copier, &at, &object))
        *noun_metadata(object.noun) = object.metadata;
}

void copier_add_report(const struct copier *copier, struct pma_copy_report *report)
{
    if (!report)
        return;
    report->copied_bytes += copier->report.copied_bytes;
    report->copied_objects += copier->report.copied_objects;
    report->moved_bytes += copier->report.moved_bytes;
    report->moved_objects += copier->report.moved_objects;
}
