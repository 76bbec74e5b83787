/* SPDX-License-Identifier: MIT */
#include "noun_equal.h"

#include <string.h>

#include "noun_call.h"

static pma_noun class_of(const struct equality *equality, pma_noun noun)
{
    struct map_entry *entry, *next;

    while ((entry = map_find(&equality->classes, noun))) {
        next = map_find(&equality->classes, entry->value);
        if (next)
            entry->value = next->value; /* the next search has half as far to go */
        noun = entry->value;
    }
    return noun;
}

static bool same_atoms(const struct noun_atom *a, const struct noun_atom *b)
{
    return a->words == b->words && !memcmp(a->data, b->data, a->words * sizeof(a->data[0]));
}

/* What two objects tell without a look at the parts of cells. */
static bool may_be_equal(pma_noun a, pma_noun b)
{
    uint32_t mug_a, mug_b;

    if (pma_noun_is_direct(a) || pma_noun_is_direct(b) ||
        pma_noun_is_cell(a) != pma_noun_is_cell(b))
        return false;
    mug_a = noun_mug_in(*noun_metadata(a));
    mug_b = noun_mug_in(*noun_metadata(b));
    if (mug_a && mug_b && mug_a != mug_b)
        return false;
    return pma_noun_is_cell(a) || same_atoms(noun_atom(a), noun_atom(b));
}

static int push_pair(struct equality *equality, pma_noun a, pma_noun b)
{
    int result;

    if (a == b)
        return 0;
    result = pile_push(&equality->pairs, equality->scratch, b);
    return result ? result : pile_push(&equality->pairs, equality->scratch, a);
}

/* Takes the two for equal until their parts show that they are not. */
static int compare(struct equality *equality, pma_noun a, pma_noun b, bool *differ)
{
    int result;

    a = class_of(equality, a);
    b = class_of(equality, b);
    if (a == b)
        return 0;
    *differ = !may_be_equal(a, b);
    if (*differ)
        return 0;
    result = map_put(&equality->classes, equality->scratch, a, b);
    if (result || pma_noun_is_atom(a))
        return result;
    result = push_pair(equality, noun_cell(a)->tail, noun_cell(b)->tail);
    return result ? result : push_pair(equality, noun_cell(a)->head, noun_cell(b)->head);
}

int equality_decide(struct equality *equality, pma_noun a, pma_noun b, bool *equal)
{
    bool differ = false;
    int result = push_pair(equality, a, b);

    while (!result && !differ && pile_pop(&equality->pairs, &a)) {
        pile_pop(&equality->pairs, &b);
        result = compare(equality, a, b, &differ);
    }
    if (result)
        return result;
    /* What was taken for equal on the way to a difference may not be. */
    if (differ) {
        map_clear(&equality->classes);
        while (pile_pop(&equality->pairs, &a))
            ;
    }
    *equal = !differ;
    return 0;
}

int pma_noun_equal(pma_stack_t *stack, pma_noun a, pma_noun b, bool *equal)
{
    struct equality equality = {0};
    struct scratch scratch;
    int result = equal ? noun_check_whole(stack, a) : PMA_EARGUMENT;

    if (!result)
        result = noun_check_whole(stack, b);
    if (result)
        return result;
    scratch_begin(&scratch, stack);
    equality.scratch = &scratch;
    result = equality_decide(&equality, a, b, equal);
    scratch_end(&scratch);
    return result;
}
