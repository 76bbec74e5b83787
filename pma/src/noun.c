/* SPDX-License-Identifier: MIT */
/* Atoms and cells: how they are made, and what is in them. */
#include <string.h>

#include "noun_call.h"

int noun_check(pma_stack_t *stack, pma_noun noun)
{
    int result = stack_missing(stack);

    if (result)
        return result;
    return noun_is_forwarding(noun) ? stack_refuse(stack, PMA_ENOUN, "a forwarding pointer") : 0;
}

int noun_check_whole(pma_stack_t *stack, pma_noun noun)
{
    int result = noun_check(stack, noun);

    if (result || !stack->preserved || pma_noun_is_direct(noun) ||
        stack_place(stack, noun_address(noun)) != STACK_TOP)
        return result;
    return stack_refuse(stack, PMA_ESTACK, "a noun of a frame that has been preserved from");
}

int noun_new_atom(pma_stack_t *stack, uint64_t words, struct noun_atom **atom)
{
    void *memory;
    int result = pma_stack_alloc(stack, noun_atom_bytes(words), &memory);

    if (result)
        return result;
    *atom = memory;
    (*atom)->metadata = 0;
    (*atom)->words = words;
    return 0;
}

int pma_noun_import(pma_stack_t *stack, const void *bytes, size_t count, pma_noun *atom)
{
    const uint8_t *from = bytes;
    struct noun_atom *object;
    uint64_t words, word = 0;
    int result;

    if (!stack || !atom || (!bytes && count))
        return PMA_EARGUMENT;
    while (count && from[count - 1] == 0)
        count--;
    if (count <= sizeof(word)) {
        if (count)
            memcpy(&word, from, count);
        return pma_noun_from_word(stack, word, atom);
    }
    words = (count + sizeof(word) - 1) / sizeof(word);
    result = noun_new_atom(stack, words, &object);
    if (result)
        return result;
    object->data[words - 1] = 0;
    memcpy(object->data, from, count);
    *atom = noun_of_atom(object);
    return 0;
}

int pma_noun_from_word(pma_stack_t *stack, uint64_t word, pma_noun *atom)
{
    struct noun_atom *object;
    int result;

    if (!stack || !atom)
        return PMA_EARGUMENT;
    if (word <= PMA_NOUN_DIRECT_MOST) {
        *atom = word;
        return 0;
    }
    result = noun_new_atom(stack, 1, &object);
    if (result)
        return result;
    object->data[0] = word;
    *atom = noun_of_atom(object);
    return 0;
}

int pma_noun_length(pma_noun atom, size_t *bytes)
{
    uint64_t direct, count;
    const uint64_t *words;

    if (!bytes)
        return PMA_EARGUMENT;
    if (!pma_noun_is_atom(atom))
        return PMA_ENOUN;
    words = noun_words(atom, &direct, &count);
    *bytes = (noun_bits(words, count) + 7) / 8;
    return 0;
}

int pma_noun_export(pma_noun atom, void *bytes, size_t count)
{
    uint64_t direct, words;
    const uint64_t *data;
    size_t there;

    if (!bytes && count)
        return PMA_EARGUMENT;
    if (!pma_noun_is_atom(atom))
        return PMA_ENOUN;
    if (count == 0)
        return 0;
    data = noun_words(atom, &direct, &words);
    there = words * sizeof(*data) < count ? words * sizeof(*data) : count;
    memcpy(bytes, data, there);
    memset((uint8_t *)bytes + there, 0, count - there);
    return 0;
}

int pma_noun_cell(pma_stack_t *stack, pma_noun head, pma_noun tail, pma_noun *cell)
{
    void *memory;
    int result = cell ? noun_check(stack, head) : PMA_EARGUMENT;

    if (!result)
        result = noun_check(stack, tail);
    if (!result)
        result = pma_stack_alloc(stack, sizeof(struct noun_cell), &memory);
    if (result)
        return result;
    *(struct noun_cell *)memory = (struct noun_cell){.head = head, .tail = tail};
    *cell = noun_of_cell(memory);
    return 0;
}

int pma_noun_head(pma_noun cell, pma_noun *head)
{
    if (!head)
        return PMA_EARGUMENT;
    if (!pma_noun_is_cell(cell))
        return PMA_ENOUN;
    *head = noun_cell(cell)->head;
    return 0;
}

int pma_noun_tail(pma_noun cell, pma_noun *tail)
{
    if (!tail)
        return PMA_EARGUMENT;
    if (!pma_noun_is_cell(cell))
        return PMA_ENOUN;
    *tail = noun_cell(cell)->tail;
    return 0;
}

int pma_noun_object(pma_noun noun, struct pma_noun_object *object)
{
    if (!object)
        return PMA_EARGUMENT;
    if (pma_noun_is_direct(noun) || noun_is_forwarding(noun))
        return PMA_ENOUN;
    *object = (struct pma_noun_object){
        .address = noun_address(noun),
        .metadata = *noun_metadata(noun),
        .bytes = noun_bytes(noun),
        .cell = pma_noun_is_cell(noun),
    };
    if (object->cell) {
        object->head = noun_cell(noun)->head;
        object->tail = noun_cell(noun)->tail;
    }
    return 0;
}
