/* SPDX-License-Identifier: MIT */
#include "pile.h"

enum { SEGMENT = 510 };

struct pile_segment {
    struct pile_segment *below, *above; /* `above` stays when the pile shrinks, for the next time */
    uint64_t words[SEGMENT];
};

static int add_segment(struct pile *pile, struct scratch *scratch)
{
    struct pile_segment *above = pile->top ? pile->top->above : pile->first;
    void *memory;
    int result;

    if (!above) {
        result = scratch_take(scratch, sizeof(*above), &memory);
        if (result)
            return result;
        above = memory;
        above->below = pile->top;
        above->above = NULL;
        if (pile->top)
            pile->top->above = above;
        else
            pile->first = above;
    }
    pile->top = above;
    return 0;
}

int pile_push(struct pile *pile, struct scratch *scratch, uint64_t word)
{
    int result = pile->count % SEGMENT ? 0 : add_segment(pile, scratch);

    if (!result)
        pile->top->words[pile->count++ % SEGMENT] = word;
    return result;
}

bool pile_pop(struct pile *pile, uint64_t *word)
{
    if (pile->count == 0)
        return false;
    *word = pile->top->words[--pile->count % SEGMENT];
    if (pile->count % SEGMENT == 0)
        pile->top = pile->top->below;
    return true;
}

bool pile_next(const struct pile *pile, struct pile_place *place, uint64_t *word)
{
    if (place->visited == pile->count)
        return false;
    if (place->visited % SEGMENT == 0)
        place->segment = place->segment ? place->segment->above : pile->first;
    *word = place->segment->words[place->visited++ % SEGMENT];
    return true;
}
