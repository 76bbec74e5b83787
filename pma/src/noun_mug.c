/* SPDX-License-Identifier: MIT */
#include "noun_mug.h"

#include "mug.h"
#include "noun_call.h"
#include "pile.h"

uint32_t noun_mug_anew(pma_noun atom)
{
    uint64_t direct, count;
    const uint64_t *words = noun_words(atom, &direct, &count);

    return mug_of_bytes(words, (noun_bits(words, count) + 7) / 8);
}

/* Nouns of the heap have theirs from the start, so this never stores to a page of a snapshot. */
static void keep_mug(pma_noun noun, uint32_t mug)
{
    *noun_metadata(noun) = noun_metadata_of(mug, noun_references_in(*noun_metadata(noun)));
}

uint32_t noun_mug(pma_noun noun)
{
    uint32_t mug = pma_noun_is_direct(noun) ? 0 : noun_mug_in(*noun_metadata(noun));

    if (mug || pma_noun_is_cell(noun))
        return mug;
    mug = noun_mug_anew(noun);
    if (!pma_noun_is_direct(noun))
        keep_mug(noun, mug);
    return mug;
}

/* Computes the mug of a cell, or puts a part that it takes first on the pile. */
static int mug_cell(struct pile *pending, struct scratch *scratch, pma_noun cell)
{
    const pma_noun parts[] = {noun_cell(cell)->head, noun_cell(cell)->tail};
    uint32_t mugs[2];
    int result;

    for (int i = 0; i < 2; i++) {
        mugs[i] = noun_mug(parts[i]);
        if (mugs[i])
            continue;
        result = pile_push(pending, scratch, cell);
        return result ? result : pile_push(pending, scratch, parts[i]);
    }
    keep_mug(cell, mug_of_pair(mugs[0], mugs[1]));
    return 0;
}

int noun_mug_all(struct scratch *scratch, pma_noun noun)
{
    struct pile pending = {0};
    int result = 0;

    if (noun_mug(noun))
        return 0;
    result = pile_push(&pending, scratch, noun);
    while (!result && pile_pop(&pending, &noun))
        result = mug_cell(&pending, scratch, noun);
    return result;
}

int pma_noun_mug(pma_stack_t *stack, pma_noun noun, uint32_t *mug)
{
    struct scratch scratch;
    int result = mug ? noun_check_whole(stack, noun) : PMA_EARGUMENT;

    if (result)
        return result;
    scratch_begin(&scratch, stack);
    result = noun_mug_all(&scratch, noun);
    if (!result)
        *mug = noun_mug(noun);
    scratch_end(&scratch);
    return result;
}
