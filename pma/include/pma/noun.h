/* SPDX-License-Identifier: MIT */
/*
 * Nouns: what a copier can trace. A noun is an atom (a natural number of any size) or a cell (an
 * ordered pair of nouns); nouns never change and never form a cycle. They are made on a stack
 * (pma/stack.h), live as long as their frame, and may refer to older frames and to the heap, never
 * the other way round. To keep one, preserve it into the calling frame or put it into the heap. See
 * docs/nouns.md.
 *
 * A noun is one word, in the New Mars layout: high bit 0: a direct atom of 63 bits; 10: an indirect
 * atom; 110: a cell; 111: a forwarding pointer, which only exists during a copy. Large atoms (more
 * than half a page) are page-aligned, and the copier moves them by re-mapping: no byte is copied.
 *
 * A call belongs to the thread that the stack belongs to; calls that count references,
 * pma_noun_keep, _hold and _release, to one thread of an arena at a time. Nothing here recurses and
 * nothing syncs. The free space of `stack` serves as scratch memory; -ENOMEM if it is full.
 * PMA_ENOUN if a noun is not of the kind that the call wants. A failure changes nothing, but for
 * mugs that are kept.
 */
#ifndef PMA_NOUN_H
#define PMA_NOUN_H

#include <pma/heap.h>
#include <pma/stack.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

typedef uint64_t pma_noun;

#define PMA_NOUN_DIRECT_MOST UINT64_C(0x7fffffffffffffff)

static inline bool pma_noun_is_direct(pma_noun noun)
{
    return noun >> 63 == 0;
}
static inline bool pma_noun_is_cell(pma_noun noun)
{
    return noun >> 61 == 6;
}
static inline bool pma_noun_is_atom(pma_noun noun)
{
    return pma_noun_is_direct(noun) || noun >> 62 == 2;
}

/* The atom whose little-endian bytes these are; copies them. */
int pma_noun_import(pma_stack_t *stack, const void *bytes, size_t count, pma_noun *atom);

/* An atom of a 64-bit number. */
int pma_noun_from_word(pma_stack_t *stack, uint64_t word, pma_noun *atom);

/* The bytes that an atom needs without leading zeros; 0 for the atom 0. */
int pma_noun_length(pma_noun atom, size_t *bytes);

/* Writes the lowest `count` bytes of an atom, little-endian, the rest zeros. */
int pma_noun_export(pma_noun atom, void *bytes, size_t count);

int pma_noun_cell(pma_stack_t *stack, pma_noun head, pma_noun tail, pma_noun *cell);
int pma_noun_head(pma_noun cell, pma_noun *head);
int pma_noun_tail(pma_noun cell, pma_noun *tail);

/* Whether two nouns are the same number or the same tree. Looks at cached mugs first. */
int pma_noun_equal(pma_stack_t *stack, pma_noun a, pma_noun b, bool *equal);

/*
 * The mug of a noun: a hash of 31 bits, equal for equal nouns (MurmurHash3 of an atom's bytes, and
 * of the mugs of a cell's parts). Cached in the metadata word of every noun on the stack that was
 * looked at.
 */
int pma_noun_mug(pma_stack_t *stack, pma_noun noun, uint32_t *mug);

/* What a copy did. Sums up over calls: zero it first. */
struct pma_copy_report {
    uint64_t copied_bytes; /* of objects, metadata words included */
    uint64_t moved_bytes;  /* of the pages that were re-mapped */
    uint64_t copied_objects, moved_objects;
};

/*
 * Copies what of `nouns` lies in the top frame to its caller's allocation area, and puts the new
 * references in their place. Sharing is kept, also between preserves of one frame. From the first
 * one on the frame's locals and light stack are gone, its nouns are good for nothing but another
 * preserve, and until it is popped nothing may be pushed or allocated (PMA_ESTACK). -ENOMEM before
 * anything changed; an atom that cannot be moved is copied. `report` may be NULL.
 */
int pma_noun_preserve(pma_stack_t *stack, pma_noun *nouns, size_t count,
                      struct pma_copy_report *report);

/*
 * Puts what of `noun` lies on the stack into the heap, with one reference held for the caller:
 * large atoms by re-mapping, the rest by copying; what lies in the heap already is shared. Go on
 * with *kept: nothing on the stack that contains one of those atoms is a noun any more. -ENOMEM or
 * -ENOSPC with nothing changed. PMA_EFOREIGN if a part is neither on this stack nor in the heap,
 * -EOVERFLOW if one would get more than 2^31 - 1 references.
 *
 * Nouns of the heap never change. Each counts the nouns of the heap that refer to it, and who holds
 * it; nouns of a stack are not counted, so hold what they refer to for as long as they live.
 */
int pma_noun_keep(pma_stack_t *stack, pma_noun noun, pma_noun *kept,
                  struct pma_copy_report *report);

/*
 * Holds one reference more to a noun of the heap, or one less; the last one frees it and what only
 * it refers to. PMA_EFOREIGN if it is not in the heap; direct atoms are fine. References held are
 * part of a snapshot, as the nouns are: hold one for each root word that names a noun. A release
 * fails with -ENOMEM or -ENOSPC and nothing changed; if that comes when a part is freed or counts
 * one reference less already, the arena is poisoned. PMA_ECORRUPT at a noun that cannot be: what
 * was released before stays so.
 */
int pma_noun_hold(pma_t *arena, pma_noun noun);
int pma_noun_release(pma_t *arena, pma_noun noun);

/* How many references a noun of the heap counts; 0 for direct atoms. */
int pma_noun_references(pma_t *arena, pma_noun noun, uint32_t *references);

/*
 * jam: a noun as one atom, equal parts written once (Hoon's ++jam). cue: the reverse; PMA_ENOUN if
 * the atom is not one whole jammed noun. Both leave their result in the top frame, and shared parts
 * shared.
 */
int pma_noun_jam(pma_stack_t *stack, pma_noun noun, pma_noun *atom);
int pma_noun_cue(pma_stack_t *stack, pma_noun atom, pma_noun *noun);

/*
 * An object that a noun of the stack or of the heap occupies, for checks and dumps. The metadata
 * word has the mug in bits 32-62, 0 if it has not been computed, and the number of references to a
 * noun of the heap in bits 0-31. A forwarding pointer, which only exists in the top frame between a
 * preserve and its end, has 111 in the highest bits.
 */
struct pma_noun_object {
    void *address;
    uint64_t metadata;
    uint64_t bytes;
    bool cell;
    pma_noun head, tail; /* cells only */
};

/* The object of an indirect noun; PMA_ENOUN for a direct atom. */
int pma_noun_object(pma_noun noun, struct pma_noun_object *object);

/*
 * Visits each object that the nouns reach once, whatever refers to it. Ends early with what `visit`
 * returns if that is not 0. It must leave the stack alone. PMA_ECORRUPT at a reference that leads
 * to no object of this stack or of the heap.
 */
typedef int pma_noun_visitor(void *context, pma_noun noun, const struct pma_noun_object *object);
int pma_noun_walk(pma_stack_t *stack, const pma_noun *nouns, size_t count, pma_noun_visitor *visit,
                  void *context);

/*
 * Checks all that the nouns reach: objects, mugs, that the heap does not refer to the stack, and
 * that each noun of the heap counts the references to it, of which each of `nouns` is one: name all
 * that are held. 0, or PMA_ECORRUPT with what is wrong in pma_last_error of the arena.
 */
int pma_noun_check(pma_stack_t *stack, const pma_noun *nouns, size_t count);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
