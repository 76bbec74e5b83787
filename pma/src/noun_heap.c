/* SPDX-License-Identifier: MIT */
/*
 * Reference counts of nouns in the heap. The last release frees an object and lets go of its parts,
 * with a list of those that nobody refers to any more instead of a recursion. The list is short:
 * the head of a cell is finished before its tail is looked at. What it cannot hold is chained
 * through the metadata words of the dead objects themselves, so a release needs no memory.
 */
#include "noun_heap.h"

#include <errno.h>

#include "call.h"

int noun_heap_fail(pma_t *arena, int code, const char *why)
{
    int result = call_enter(arena, CALL_READS);

    if (result)
        return result;
    return call_finish(arena, arena_fail(arena, code, "%s", why), NULL);
}

static bool holds_atom(const struct noun_atom *atom, size_t bytes)
{
    return atom->words > 0 && atom->words <= (bytes - sizeof(*atom)) / sizeof(atom->data[0]);
}

int noun_heap_check(pma_t *arena, pma_noun noun)
{
    size_t bytes;
    int result = pma_usable_size(arena, noun_address(noun), &bytes);

    if (result)
        return result;
    if (bytes >= sizeof(struct noun_cell) &&
        (pma_noun_is_cell(noun) || holds_atom(noun_atom(noun), bytes)))
        return 0;
    return noun_heap_fail(arena, PMA_ENOUN, "an object of the heap that is no noun");
}

/* Also refuses what a call that counts may not do: to a direct atom there is nothing to do. */
static int find_counted(pma_t *arena, pma_noun noun, enum call_access access, const char *call)
{
    int result = call_enter(arena, access);

    if (result)
        return result;
    if (noun_is_forwarding(noun))
        result = arena_fail(arena, PMA_ENOUN, "%s: a forwarding pointer", call);
    result = call_finish(arena, result, call);
    if (result || pma_noun_is_direct(noun))
        return result;
    result = noun_heap_check(arena, noun);
    if (!result && noun_references_in(*noun_metadata(noun)) == 0)
        return noun_heap_fail(arena, PMA_ECORRUPT, "a noun of the heap that nobody refers to");
    return result;
}

int pma_noun_hold(pma_t *arena, pma_noun noun)
{
    int result = find_counted(arena, noun, CALL_CHANGES, "hold a noun");

    if (result || pma_noun_is_direct(noun))
        return result;
    if (noun_references_in(*noun_metadata(noun)) >= NOUN_REFERENCES_MOST)
        return noun_heap_fail(arena, -EOVERFLOW, "too many references to a noun");
    noun_heap_hold(noun);
    return 0;
}

int pma_noun_references(pma_t *arena, pma_noun noun, uint32_t *references)
{
    int result;

    if (!references)
        return PMA_EARGUMENT;
    result = find_counted(arena, noun, CALL_READS, "references of a noun");
    if (!result)
        *references = pma_noun_is_direct(noun) ? 0 : noun_references_in(*noun_metadata(noun));
    return result;
}

enum { DEAD = 256 };

struct dead {
    pma_noun nouns[DEAD];
    size_t count;
    pma_noun chained; /* those that did not fit, each refers to the next; 0: none */
    bool begun;       /* something in the heap has changed */
};

static void add_dead(struct dead *dead, pma_noun noun)
{
    if (dead->count < DEAD) {
        dead->nouns[dead->count++] = noun;
        return;
    }
    *noun_metadata(noun) = dead->chained;
    dead->chained = noun;
    dead->begun = true;
}

static bool take_dead(struct dead *dead, pma_noun *noun)
{
    if (dead->count) {
        *noun = dead->nouns[--dead->count];
        return true;
    }
    *noun = dead->chained;
    if (dead->chained)
        dead->chained = *noun_metadata(dead->chained);
    return *noun != 0;
}

static bool is_no_noun(int result)
{
    return result == PMA_EFOREIGN || result == PMA_EFREED || result == PMA_EINTERIOR ||
           result == PMA_ENOUN;
}

/* Lets go of one reference. The last one costs no store to the object: its page may never change.
 */
static int let_go(pma_t *arena, struct dead *dead, pma_noun noun)
{
    uint32_t references;
    int result;

    if (pma_noun_is_direct(noun))
        return 0;
    result = noun_heap_check(arena, noun);
    if (is_no_noun(result))
        return noun_heap_fail(arena, PMA_ECORRUPT, "a noun of the heap refers out of it");
    if (result)
        return result;
    references = noun_references_in(*noun_metadata(noun));
    if (references == 0)
        return noun_heap_fail(arena, PMA_ECORRUPT,
                              "a noun of the heap has more references than "
                              "it counts");
    dead->begun = dead->begun || references > 1;
    if (references == 1)
        add_dead(dead, noun);
    else
        --*noun_metadata(noun);
    return 0;
}

/*
 * What has been freed is not there to be referred to again, so a failure after the first change
 * leaves no way back: the arena is given up. A broken noun is no reason to, since nobody can do
 * better with it.
 */
static int stuck(pma_t *arena, int cause)
{
    int result = call_enter(arena, CALL_READS);

    if (result)
        return result;
    arena_fail(arena, cause, "a noun of the heap is released in part: its root is gone");
    return call_finish(arena, arena_poison(arena, cause), NULL);
}

int pma_noun_release(pma_t *arena, pma_noun noun)
{
    struct dead dead = {0};
    struct noun_cell cell;
    int result = find_counted(arena, noun, CALL_CHANGES, "release a noun");

    if (!result)
        result = let_go(arena, &dead, noun);
    while (!result && take_dead(&dead, &noun)) {
        if (pma_noun_is_cell(noun)) {
            cell = *noun_cell(noun);
            result = let_go(arena, &dead, cell.tail);
            if (!result)
                result = let_go(arena, &dead, cell.head);
        }
        if (!result)
            result = pma_free(arena, noun_address(noun));
        dead.begun = dead.begun || !result;
    }
    return dead.begun && result && result != PMA_ECORRUPT ? stuck(arena, result) : result;
}
