/* SPDX-License-Identifier: MIT */
/*
 * cue: the noun that an atom is the jam of. The bits are gone through twice: once to see that they
 * are one whole noun and which places are referred to, once to build it. Nothing of the atom is
 * trusted.
 */
#include "bits.h"
#include "jam_format.h"
#include "map.h"
#include "noun_call.h"
#include "pile.h"

struct cue {
    pma_stack_t *stack;
    struct scratch scratch;
    struct bits_reader reader;
    struct map targets; /* bits that references name, to the nouns that start there */
    struct pile open;   /* cells that lack a part, and above each the bit where it starts */
};

enum token_kind { ATOM, CELL, REFERENCE };
struct token {
    enum token_kind kind;
    uint64_t value; /* of an atom the length in bits, of a reference the bit it names */
};

static bool get_token(struct bits_reader *reader, struct token *token)
{
    uint64_t bit, length;

    if (!bits_get(reader, JAM_ATOM_BITS, &bit))
        return false;
    if (bit == JAM_ATOM) {
        token->kind = ATOM;
        return bits_get_length(reader, &token->value);
    }
    if (!bits_get(reader, JAM_CELL_BITS - 1, &bit))
        return false;
    token->kind = bit ? REFERENCE : CELL;
    if (token->kind == CELL)
        return true;
    return bits_get_length(reader, &length) && length <= 64 &&
           bits_get(reader, (unsigned)length, &token->value);
}

static int damaged(struct cue *cue, const char *what)
{
    return stack_refuse(cue->stack, PMA_ENOUN, what);
}

static int add_target(struct cue *cue, uint64_t bit)
{
    if (map_find(&cue->targets, bit))
        return 0;
    return map_put(&cue->targets, &cue->scratch, bit, NOUN_NONE);
}

static int find_targets(struct cue *cue)
{
    struct bits_reader reader = cue->reader;
    uint64_t missing = 1;
    struct token token;
    int result = 0;

    for (; missing && !result; missing--) {
        const uint64_t at = reader.at;

        if (!get_token(&reader, &token))
            return damaged(cue, "the atom ends inside a noun");
        if (token.kind == ATOM)
            reader.at += token.value;
        else if (token.kind == CELL)
            missing += 2;
        else if (token.value < at)
            result = add_target(cue, token.value);
        else
            result = damaged(cue, "a reference to what comes later");
    }
    if (!result && reader.at != reader.end)
        result = damaged(cue, "the atom goes on behind the noun");
    return result;
}

/* Leading zeros within the stated length are nobody's jam, but there is a noun with that meaning.
 */
static int get_atom(struct cue *cue, uint64_t bits, pma_noun *atom)
{
    const uint64_t words = (bits + 63) / 64;
    struct noun_atom *object;
    int result;

    if (bits < 64) {
        *atom = 0;
        bits_get_words(&cue->reader, bits, atom);
        return 0;
    }
    result = noun_new_atom(cue->stack, words, &object);
    if (result)
        return result;
    bits_get_words(&cue->reader, bits, object->data);
    while (object->words && object->data[object->words - 1] == 0)
        object->words--;
    if (object->words == 0 || (object->words == 1 && object->data[0] <= PMA_NOUN_DIRECT_MOST))
        *atom = object->words ? object->data[0] : 0;
    else
        *atom = noun_of_atom(object);
    return 0;
}

static int open_cell(struct cue *cue, uint64_t at)
{
    pma_noun cell;
    int result = pma_noun_cell(cue->stack, 0, 0, &cell);

    if (result)
        return result;
    noun_cell(cell)->head = NOUN_NONE;
    result = pile_push(&cue->open, &cue->scratch, cell);
    return result ? result : pile_push(&cue->open, &cue->scratch, at);
}

static int get_reference(struct cue *cue, uint64_t bit, pma_noun *noun)
{
    *noun = map_find(&cue->targets, bit)->value;
    return *noun == NOUN_NONE ? damaged(cue, "a reference to where no whole noun is") : 0;
}

/*
 * Puts a whole noun that started at bit `at` where it belongs, and the cells that become whole by
 * it. *done if nothing is open afterwards; the noun is the result then.
 */
static int close_noun(struct cue *cue, uint64_t at, pma_noun *noun, bool *done)
{
    struct map_entry *target;
    pma_noun cell;
    uint64_t start;
    int result;

    for (;;) {
        target = map_find(&cue->targets, at);
        if (target)
            target->value = *noun;
        *done = !pile_pop(&cue->open, &start);
        if (*done)
            return 0;
        pile_pop(&cue->open, &cell);
        if (noun_cell(cell)->head == NOUN_NONE)
            break;
        noun_cell(cell)->tail = *noun;
        *noun = cell;
        at = start;
    }
    noun_cell(cell)->head = *noun;
    result = pile_push(&cue->open, &cue->scratch, cell);
    return result ? result : pile_push(&cue->open, &cue->scratch, start);
}

static int build(struct cue *cue, pma_noun *noun)
{
    struct token token;
    bool done = false;
    int result = 0;

    while (!done && !result) {
        const uint64_t at = cue->reader.at;

        if (!get_token(&cue->reader, &token))
            return damaged(cue, "the atom ends inside a noun");
        if (token.kind == CELL) {
            result = open_cell(cue, at);
            continue;
        }
        result = token.kind == ATOM ? get_atom(cue, token.value, noun)
                                    : get_reference(cue, token.value, noun);
        if (!result)
            result = close_noun(cue, at, noun, &done);
    }
    return result;
}

int pma_noun_cue(pma_stack_t *stack, pma_noun atom, pma_noun *noun)
{
    struct cue cue = {.stack = stack};
    uint64_t direct, words, *mark;
    pma_noun built;
    int result = noun ? noun_check_whole(stack, atom) : PMA_EARGUMENT;

    if (result)
        return result;
    if (!pma_noun_is_atom(atom))
        return stack_refuse(stack, PMA_ENOUN, "cue of a cell");
    cue.reader.words = noun_words(atom, &direct, &words);
    cue.reader.end = noun_bits(cue.reader.words, words);
    mark = noun_mark(stack);
    scratch_begin(&cue.scratch, stack);
    result = find_targets(&cue);
    if (!result)
        result = build(&cue, &built);
    scratch_end(&cue.scratch);
    if (result)
        noun_drop(stack, mark);
    else
        *noun = built;
    return result;
}
