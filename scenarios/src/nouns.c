/* SPDX-License-Identifier: MIT */
#include "nouns.h"

#include <stdlib.h>
#include <string.h>

#include "contents.h"
#include "room.h"
#include "state.h"

enum { SMALL_BYTES = 3, MEDIUM_BYTES = 21 };

void nouns_deinit(struct nouns *nouns)
{
    while (nouns->count > 0)
        free(nouns->list[--nouns->count]);
    free(nouns->list);
    *nouns = (struct nouns){0};
}

/* A noun with room for `bytes` bytes behind it. */
static struct noun *add(struct nouns *nouns, size_t bytes)
{
    struct noun *noun = calloc(1, sizeof *noun + bytes);

    if (noun == NULL ||
        room_for(&nouns->list, nouns->count + 1, &nouns->capacity, sizeof noun) != 0) {
        free(noun);
        return NULL;
    }
    noun->number = nouns->count;
    nouns->list[nouns->count++] = noun;
    return noun;
}

struct fsim_digest noun_atom_digest(const void *bytes, size_t count)
{
    return state_bytes_digest(bytes, count);
}

struct fsim_digest noun_cell_digest(struct fsim_digest head, struct fsim_digest tail)
{
    const struct fsim_digest both[2] = {head, tail};
    struct fsim_digest digest = state_bytes_digest(both, sizeof both);

    digest.low = ~digest.low; /* an atom of the same bytes is another noun */
    return digest;
}

const struct noun *nouns_atom(struct nouns *nouns, const void *bytes, size_t count)
{
    struct noun *noun;

    while (count > 0 && ((const unsigned char *)bytes)[count - 1] == 0)
        count--;
    noun = add(nouns, count + 1);
    if (noun == NULL)
        return NULL;
    memcpy(noun + 1, bytes, count);
    noun->bytes = (const unsigned char *)(noun + 1);
    noun->count = count;
    noun->digest = noun_atom_digest(bytes, count);
    return noun;
}

const struct noun *nouns_cell(struct nouns *nouns, const struct noun *head, const struct noun *tail)
{
    struct noun *noun = head == NULL || tail == NULL ? NULL : add(nouns, 0);

    if (noun == NULL)
        return NULL;
    noun->cell = true;
    noun->head = head;
    noun->tail = tail;
    noun->digest = noun_cell_digest(head->digest, tail->digest);
    return noun;
}

static const struct noun *make_atom(struct nouns *nouns, uint64_t count, uint64_t seed)
{
    uint64_t bytes = (count + 7) / 8 * 8;
    unsigned char *content = malloc(bytes + 8);
    const struct noun *atom;

    if (content == NULL)
        return NULL;
    contents_generate(seed, count, content, bytes);
    if (count > 0)
        content[count - 1] |= 1; /* as long as was asked for */
    atom = nouns_atom(nouns, content, count);
    free(content);
    return atom;
}

/* Atoms of a list or tree: every third one does not fit into a word. */
static const struct noun *make_item(struct nouns *nouns, uint64_t index, uint64_t seed)
{
    return make_atom(nouns, index % 3 == 2 ? MEDIUM_BYTES : SMALL_BYTES, seed + index);
}

static const struct noun *make_list(struct nouns *nouns, uint64_t size, uint64_t seed)
{
    const struct noun *list = nouns_atom(nouns, "", 0);

    while (size-- > 0)
        list = nouns_cell(nouns, make_item(nouns, size, seed), list);
    return list;
}

/* Pairs neighbours until one is left. */
static const struct noun *make_tree(struct nouns *nouns, uint64_t size, uint64_t seed)
{
    const struct noun **level = calloc(size + 1, sizeof *level), *tree;

    if (level == NULL)
        return NULL;
    for (uint64_t i = 0; i < size; i++)
        level[i] = make_item(nouns, i, seed);
    for (uint64_t left = size; left > 1; left = (left + 1) / 2)
        for (uint64_t i = 0; i < left; i += 2)
            level[i / 2] = i + 1 < left ? nouns_cell(nouns, level[i], level[i + 1]) : level[i];
    tree = level[0];
    free(level);
    return tree;
}

static const struct noun *make_shared(struct nouns *nouns, uint64_t size, uint64_t seed)
{
    const struct noun *part = make_atom(nouns, MEDIUM_BYTES, seed);

    while (size-- > 0)
        part = nouns_cell(nouns, part, part);
    return part;
}

const struct noun *nouns_make(struct nouns *nouns, enum step_shape shape, uint64_t size,
                              uint64_t seed)
{
    switch (shape) {
    case SHAPE_LIST:
        return make_list(nouns, size, seed);
    case SHAPE_TREE:
        return make_tree(nouns, size, seed);
    case SHAPE_SHARED:
        return make_shared(nouns, size, seed);
    default:
        return make_atom(nouns, size, seed);
    }
}

bool noun_is_indirect(const struct noun *noun)
{
    return noun->cell || noun->count > sizeof(uint64_t) ||
           (noun->count == sizeof(uint64_t) && (noun->bytes[7] & 0x80) != 0);
}

uint64_t noun_value(const struct noun *noun)
{
    uint64_t value = 0;

    for (size_t i = noun->count; i-- > 0;)
        value = value << 8 | noun->bytes[i];
    return value;
}

/* Marks what a noun is made of; from the whole to its parts, which have lower numbers. */
static bool *parts_of(const struct nouns *nouns, const struct noun *noun)
{
    bool *parts = calloc(nouns->count + 1, sizeof *parts);

    if (parts == NULL)
        return NULL;
    parts[noun->number] = true;
    for (size_t i = noun->number + 1; i-- > 0;)
        if (parts[i] && nouns->list[i]->cell)
            parts[nouns->list[i]->head->number] = parts[nouns->list[i]->tail->number] = true;
    return parts;
}

/* Parts are copied before what they are of: they have lower numbers. */
const struct noun *nouns_copy(struct nouns *nouns, const struct noun *noun)
{
    bool *parts = parts_of(nouns, noun);
    const struct noun **copies = calloc(noun->number + 1, sizeof *copies), *copy = NULL;

    for (size_t i = 0; parts != NULL && copies != NULL && i <= noun->number; i++) {
        const struct noun *part = nouns->list[i];

        if (!parts[i])
            continue;
        copy = part->cell
                   ? nouns_cell(nouns, copies[part->head->number], copies[part->tail->number])
                   : nouns_atom(nouns, part->bytes, part->count);
        if (copy == NULL)
            break;
        copies[i] = copy;
    }
    free(copies);
    free(parts);
    return copy;
}

bool nouns_share(const struct nouns *nouns, const struct noun *one, const struct noun *other)
{
    bool *first = parts_of(nouns, one), *second = parts_of(nouns, other);
    bool share = first == NULL || second == NULL; /* to be on the safe side */

    for (size_t i = 0; !share && i < nouns->count; i++)
        share = first[i] && second[i] && noun_is_indirect(nouns->list[i]);
    free(first);
    free(second);
    return share;
}
