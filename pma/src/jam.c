/* SPDX-License-Identifier: MIT */
/*
 * jam: a noun as one atom. The noun is gone through twice in the same order: once to find out which
 * parts are references to earlier ones and how long the whole is, once to write it.
 */
#include <string.h>

#include "bits.h"
#include "jam_format.h"
#include "noun_call.h"
#include "noun_equal.h"
#include "noun_mug.h"

#define WRITTEN_IN_FULL UINT64_MAX

struct jam {
    struct scratch scratch;
    struct map places; /* the first of equal parts to the bit where it is written */
    struct equality equality;
    struct pile pending;
    struct pile earlier; /* for each part in turn, where an equal one was written before */
    struct pile_place read;
    struct bits_writer writer; /* without words the first time */
};

static int is_equal(struct jam *jam, pma_noun a, pma_noun b, bool *equal)
{
    *equal = a == b;
    if (a == b || pma_noun_is_direct(a) || pma_noun_is_direct(b))
        return 0;
    return equality_decide(&jam->equality, a, b, equal);
}

static uint64_t atom_bits(pma_noun atom)
{
    uint64_t direct, count;
    const uint64_t *words = noun_words(atom, &direct, &count);

    return noun_bits(words, count);
}

/*
 * Parts that differ and have the same mug are few, so there is little to compare. An atom that is
 * no longer than the number of the bit where it is written is never referred to; neither are equal
 * ones that come later, at higher bits.
 */
static int find_earlier(struct jam *jam, pma_noun noun, uint64_t *earlier)
{
    const uint64_t at = jam->writer.at;
    const uint32_t mug = noun_mug(noun);
    struct map_entry *entry;
    bool equal = false;
    uint64_t step = 0;
    int result;

    *earlier = WRITTEN_IN_FULL;
    while ((entry = map_probe(&jam->places, mug, &step))) {
        result = is_equal(jam, noun, entry->key, &equal);
        if (equal)
            *earlier = entry->value;
        if (result || equal)
            return result;
    }
    if (pma_noun_is_atom(noun) && atom_bits(noun) <= noun_word_bits(at))
        return 0;
    return map_add(&jam->places, &jam->scratch, noun, mug, at);
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

static int put_noun(struct jam *jam, pma_noun noun, uint64_t earlier)
{
    if (earlier != WRITTEN_IN_FULL)
        put_reference(&jam->writer, earlier);
    else if (pma_noun_is_atom(noun))
        put_atom(&jam->writer, noun);
    else
        return put_cell(jam, noun_cell(noun));
    return 0;
}

static int measure(struct jam *jam, pma_noun noun)
{
    int result = pile_push(&jam->pending, &jam->scratch, noun);
    uint64_t earlier = WRITTEN_IN_FULL;

    while (!result && pile_pop(&jam->pending, &noun)) {
        result = find_earlier(jam, noun, &earlier);
        if (!result)
            result = pile_push(&jam->earlier, &jam->scratch, earlier);
        if (!result)
            result = put_noun(jam, noun, earlier);
    }
    return result;
}

/* The pile of what is pending has been as high before, so nothing can fail. */
static void write_all(struct jam *jam, pma_noun noun, uint64_t *words)
{
    uint64_t earlier;

    jam->writer = (struct bits_writer){.words = words};
    pile_push(&jam->pending, &jam->scratch, noun);
    while (pile_pop(&jam->pending, &noun)) {
        pile_next(&jam->earlier, &jam->read, &earlier);
        put_noun(jam, noun, earlier);
    }
}

/* The last bit written is always a one, so the atom has no leading zeros. */
static int make_atom(struct jam *jam, pma_noun noun, pma_noun *atom)
{
    const uint64_t words = (jam->writer.at + 63) / 64;
    struct noun_atom *object;
    int result;

    if (jam->writer.at < 64) {
        *atom = 0;
        write_all(jam, noun, atom);
        return 0;
    }
    result = noun_new_atom(jam->scratch.stack, words, &object);
    if (result)
        return result;
    memset(object->data, 0, words * sizeof(object->data[0]));
    write_all(jam, noun, object->data);
    *atom = noun_of_atom(object);
    return 0;
}

int pma_noun_jam(pma_stack_t *stack, pma_noun noun, pma_noun *atom)
{
    struct jam jam = {0};
    int result = atom ? noun_check_whole(stack, noun) : PMA_EARGUMENT;

    if (result)
        return result;
    scratch_begin(&jam.scratch, stack);
    jam.equality.scratch = &jam.scratch;
    result = noun_mug_all(&jam.scratch, noun);
    if (!result)
        result = measure(&jam, noun);
    if (!result)
        result = make_atom(&jam, noun, atom);
    scratch_end(&jam.scratch);
    return result;
}
