/* SPDX-License-Identifier: MIT */
/* What the calls on nouns of a stack have in common. */
#ifndef NOUN_CALL_H
#define NOUN_CALL_H

#include "noun_object.h"
#include "stack.h"

/* PMA_EARGUMENT without a stack; PMA_ENOUN, with a text, if the word can be no noun. */
int noun_check(pma_stack_t *stack, pma_noun noun);

/* The same, and PMA_ESTACK for a noun of a frame that has been preserved from: some of its parts
 * are elsewhere. */
int noun_check_whole(pma_stack_t *stack, pma_noun noun);

/* Makes room for an atom of `words` words in the top frame; the caller fills in the data. */
int noun_new_atom(pma_stack_t *stack, uint64_t words, struct noun_atom **atom);

/* What the top frame has allocated, to go back to if a call fails halfway. */
static inline uint64_t *noun_mark(const pma_stack_t *stack)
{
    return stack->ap;
}
static inline void noun_drop(pma_stack_t *stack, uint64_t *mark)
{
    stack->ap = mark;
}

#endif
