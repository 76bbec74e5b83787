/* SPDX-License-Identifier: MIT */
/* Visiting what nouns reach, each object once, and checking it. */
#include "call.h"
#include "map.h"
#include "mug.h"
#include "noun_call.h"
#include "noun_heap.h"
#include "noun_mug.h"
#include "pile.h"

struct walk {
    pma_stack_t *stack;
    struct scratch scratch;
    struct map seen; /* objects, to how many counted references to them were seen */
    struct pile pending;
};

static int damaged(const struct walk *walk, const char *what)
{
    return noun_heap_fail(walk->stack->arena, PMA_ECORRUPT, what);
}

static bool on_stack(const struct walk *walk, pma_noun noun)
{
    return stack_place(walk->stack, noun_address(noun)) != STACK_ELSEWHERE;
}

/* The address of a noun is that of an object, as far as it can be told. */
static int check_place(const struct walk *walk, pma_noun noun)
{
    const uintptr_t address = (uintptr_t)noun_address(noun);
    const uintptr_t high = (uintptr_t)walk->stack->high;
    int result;

    if (noun_is_forwarding(noun))
        return damaged(walk, "a reference that is a forwarding pointer");
    if (!on_stack(walk, noun)) {
        result = noun_heap_check(walk->stack->arena, noun);
        return result ? damaged(walk, "a reference to where no noun is") : 0;
    }
    if (address % sizeof(uint64_t) || high - address < sizeof(struct noun_cell) ||
        (pma_noun_is_atom(noun) &&
         noun_atom(noun)->words > (high - address) / sizeof(uint64_t) - 2))
        return damaged(walk, "a reference out of the stack");
    return 0;
}

/* `counted`: the reference is one that a noun of the heap counts. */
static int reach(struct walk *walk, pma_noun noun, bool counted)
{
    struct map_entry *entry;
    int result;

    if (pma_noun_is_direct(noun))
        return 0;
    entry = map_find(&walk->seen, noun);
    if (entry) {
        entry->value += counted;
        return 0;
    }
    result = check_place(walk, noun);
    if (!result)
        result = map_put(&walk->seen, &walk->scratch, noun, counted);
    return result ? result : pile_push(&walk->pending, &walk->scratch, noun);
}

/* The parts of a cell are known to be where they can be read before it is visited. */
static int visit_all(struct walk *walk, pma_noun_visitor *visit, void *context)
{
    struct pma_noun_object object;
    pma_noun noun;
    int result = 0;

    while (!result && pile_pop(&walk->pending, &noun)) {
        result = pma_noun_object(noun, &object);
        if (!result && object.cell)
            result = reach(walk, object.tail, !on_stack(walk, noun));
        if (!result && object.cell)
            result = reach(walk, object.head, !on_stack(walk, noun));
        if (!result)
            result = visit(context, noun, &object);
    }
    return result;
}

static int walk_all(struct walk *walk, const pma_noun *nouns, size_t count, pma_noun_visitor *visit,
                    void *context)
{
    int result = 0;

    for (size_t i = 0; i < count && !result; i++) {
        result = reach(walk, nouns[i], true);
        if (!result)
            result = visit_all(walk, visit, context);
    }
    return result;
}

int pma_noun_walk(pma_stack_t *stack, const pma_noun *nouns, size_t count, pma_noun_visitor *visit,
                  void *context)
{
    struct walk walk = {.stack = stack};
    int result = (nouns || !count) && visit ? stack_missing(stack) : PMA_EARGUMENT;

    if (result)
        return result;
    scratch_begin(&walk.scratch, stack);
    result = walk_all(&walk, nouns, count, visit, context);
    scratch_end(&walk.scratch);
    return result;
}

static bool is_normal_atom(const struct noun_atom *atom)
{
    return atom->words > 1 ? atom->data[atom->words - 1] != 0
                           : atom->words == 1 && atom->data[0] > PMA_NOUN_DIRECT_MOST;
}

/* The mug that an object should have; 0 if it takes one of a part that is not there. */
static uint32_t right_mug(pma_noun noun)
{
    const uint64_t metadata = *noun_metadata(noun);
    uint32_t head, tail;

    if (pma_noun_is_atom(noun))
        return noun_mug_anew(noun);
    head = noun_mug(noun_cell(noun)->head);
    tail = noun_mug(noun_cell(noun)->tail);
    return head && tail ? mug_of_pair(head, tail) : noun_mug_in(metadata);
}

static int check_object(void *context, pma_noun noun, const struct pma_noun_object *object)
{
    const struct walk *walk = context;
    const uint32_t mug = noun_mug_in(object->metadata);
    const bool in_heap = !on_stack(walk, noun);

    if (noun_is_forwarding(object->metadata))
        return damaged(walk, "a forwarding pointer in a noun");
    if (!object->cell && !is_normal_atom(noun_atom(noun)))
        return damaged(walk, "an atom with leading zeros, or one that fits into a word");
    if (noun_is_large(object->bytes) && (uintptr_t)object->address % PMA_PAGE_SIZE)
        return damaged(walk, "a large atom that does not begin a page");
    if ((mug || in_heap) && mug != right_mug(noun))
        return damaged(walk, "a mug that is not that of its noun");
    if (in_heap && object->cell &&
        ((!pma_noun_is_direct(object->head) && on_stack(walk, object->head)) ||
         (!pma_noun_is_direct(object->tail) && on_stack(walk, object->tail))))
        return damaged(walk, "a noun of the heap that refers to the stack");
    return 0;
}

static int check_references(const struct walk *walk)
{
    for (uint64_t i = 0; i < walk->seen.capacity; i++) {
        const struct map_entry *entry = &walk->seen.entries[i];

        if (entry->key != MAP_NO_KEY && !on_stack(walk, entry->key) &&
            noun_references_in(*noun_metadata(entry->key)) != entry->value)
            return damaged(walk, "a noun of the heap with a wrong number of references");
    }
    return 0;
}

int pma_noun_check(pma_stack_t *stack, const pma_noun *nouns, size_t count)
{
    struct walk walk = {.stack = stack};
    int result = nouns || !count ? stack_missing(stack) : PMA_EARGUMENT;

    if (result)
        return result;
    scratch_begin(&walk.scratch, stack);
    result = walk_all(&walk, nouns, count, check_object, &walk);
    if (!result)
        result = check_references(&walk);
    scratch_end(&walk.scratch);
    return result;
}
