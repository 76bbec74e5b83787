/* SPDX-License-Identifier: MIT */
/*
 * jam: a noun as one atom. The noun is gone through twice in the same order: once to find where
 * each part lands and how long the whole is, once to write it.
 */
#include <string.h>

#include "bits.h"
#include "jam_format.h"
#include "noun_call.h"
#include "noun_equal.h"
#include "noun_mug.h"

struct jam {
    struct scratch scratch;
    struct map places; /* the first of equal parts to the bit where it was written */
    struct equality equality;
    struct pile pending;
    struct bits_writer writer;
};

/* Parts that differ and have the same mug are few, so a chain of the map is short. */
static int find_place(struct jam *jam, pma_noun noun, struct map_entry **found)
{
    const uint32_t mug = noun_mug(noun);
    struct map_entry *entry;
    bool equal = false;
    uint64_t step = 0;
    int result = 0;

    do {
        entry = map_probe(&jam->places, mug, &step);
        if (entry && noun_mug(entry->key) == mug)
            result = equality_decide(&jam->equality, noun, entry->key, &equal);
    } while (entry && !result && !equal);
    *found = entry;
    return result;
}

static uint64_t atom_bits(pma_noun atom)
{
    uint64_t direct, count;
    const uint64_t *words = noun_words(atom, &direct, &count);

    return noun_bits(words, count);
}

static void put_atom(struct bits_writer *writer, pma_noun atom)
{
    uint64_t direct, count;
    const uint64_t *words = noun_words(atom, &direct, &count);

    bits_put(writer, JAM_ATOM, JAM_ATOM_BITS);
    bits_put_number(writer, words, noun_bits(words, count));
}

static void put_reference(struct bits_writer *writer, uint64_t place)
{
    bits_put(writer, JAM_REFERENCE, JAM_REFERENCE_BITS);
    bits_put_number(writer, &place, noun_word_bits(place));
}

static int put_cell(struct jam *jam, const struct noun_cell *cell)
{
    int result;

    bits_put(&jam->writer, JAM_CELL, JAM_CELL_BITS);
    result = pile_push(&jam->pending, &jam->scratch, cell->tail);
    return result ? result : pile_push(&jam->pending, &jam->scratch, cell->head);
}

/* A part met before is written as a reference, unless it is an atom that is no longer than one. */
static int put_noun(struct jam *jam, pma_noun noun)
{
    const uint64_t at = jam->writer.at;
    const bool atom = pma_noun_is_atom(noun);
    struct map_entry *place;
    int result = find_place(jam, noun, &place);

    if (!result && !place)
        result = map_add(&jam->places, &jam->scratch, noun_mug, noun, at);
    if (result)
        return result;
    if (place && place->value != at && !(atom && atom_bits(noun) <= noun_word_bits(place->value)))
        put_reference(&jam->writer, place->value);
    else if (atom)
        put_atom(&jam->writer, noun);
    else
        result = put_cell(jam, noun_cell(noun));
    return result;
}

static int put_all(struct jam *jam, pma_noun noun)
{
    int result = pile_push(&jam->pending, &jam->scratch, noun);

    while (!result && pile_pop(&jam->pending, &noun))
        result = put_noun(jam, noun);
    return result;
}

/* The last bit written is always a one, so the atom has no leading zeros. */
static int write_atom(struct jam *jam, pma_noun noun, pma_noun *atom)
{
    const uint64_t words = (jam->writer.at + 63) / 64;
    uint64_t direct = 0;
    struct noun_atom *object;
    int result;

    if (jam->writer.at < 64) {
        jam->writer = (struct bits_writer){.words = &direct};
        result = put_all(jam, noun);
        if (!result)
            *atom = direct;
        return result;
    }
    result = noun_new_atom(jam->scratch.stack, words, &object);
    if (result)
        return result;
    memset(object->data, 0, words * sizeof(object->data[0]));
    jam->writer = (struct bits_writer){.words = object->data};
    result = put_all(jam, noun);
    if (!result)
        *atom = noun_of_atom(object);
    return result;
}

int pma_noun_jam(pma_stack_t *stack, pma_noun noun, pma_noun *atom)
{
    struct jam jam = {0};
    uint64_t *mark;
    int result = atom ? noun_check(stack, noun) : PMA_EARGUMENT;

    if (result)
        return result;
    mark = noun_mark(stack);
    scratch_begin(&jam.scratch, stack);
    jam.equality.scratch = &jam.scratch;
    result = noun_mug_all(&jam.scratch, noun);
    if (!result)
        result = put_all(&jam, noun);
    if (!result)
        result = write_atom(&jam, noun, atom);
    scratch_end(&jam.scratch);
    if (result)
        noun_drop(stack, mark);
    return result;
}
