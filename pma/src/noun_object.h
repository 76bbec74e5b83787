/* SPDX-License-Identifier: MIT */
/*
 * What a noun word refers to, in memory: docs/nouns.md as C.
 *
 * The metadata word of an object keeps the mug in bits 32-62 and, in the heap, the number of
 * references to it in bits 0-31; on a stack those are 0. Its highest bit is 0, so that it cannot be
 * taken for a forwarding pointer, which lies in its place after a copy.
 */
#ifndef NOUN_OBJECT_H
#define NOUN_OBJECT_H

#include <pma/noun.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "words of an atom are little-endian, and are read as bytes too"
#endif

#define NOUN_TAG_ATOM       (UINT64_C(2) << 62)
#define NOUN_TAG_CELL       (UINT64_C(6) << 61)
#define NOUN_TAG_FORWARDING (UINT64_C(7) << 61)
#define NOUN_ADDRESS        (UINT64_MAX >> 3)

/* What no noun is: the word of a forwarding pointer to the end of the address space. */
#define NOUN_NONE UINT64_MAX

struct noun_atom {
    uint64_t metadata;
    uint64_t words;  /* at least 1 */
    uint64_t data[]; /* the last one is not 0; one alone has its highest bit set */
};

struct noun_cell {
    uint64_t metadata;
    pma_noun head, tail;
};

static inline bool noun_is_forwarding(uint64_t word)
{
    return word >> 61 == 7;
}

static inline void *noun_address(pma_noun noun)
{
    return (void *)(uintptr_t)(noun & NOUN_ADDRESS);
}

static inline struct noun_atom *noun_atom(pma_noun noun)
{
    return noun_address(noun);
}

static inline struct noun_cell *noun_cell(pma_noun noun)
{
    return noun_address(noun);
}

static inline uint64_t *noun_metadata(pma_noun noun)
{
    return noun_address(noun);
}

static inline pma_noun noun_of_atom(const struct noun_atom *atom)
{
    return NOUN_TAG_ATOM | (uintptr_t)atom;
}

static inline pma_noun noun_of_cell(const struct noun_cell *cell)
{
    return NOUN_TAG_CELL | (uintptr_t)cell;
}

/* The same noun at another address. */
static inline pma_noun noun_moved(pma_noun noun, const void *address)
{
    return (noun & ~NOUN_ADDRESS) | (uintptr_t)address;
}

static inline uint64_t noun_forwarding_to(const void *address)
{
    return NOUN_TAG_FORWARDING | (uintptr_t)address;
}

static inline uint64_t noun_metadata_of(uint32_t mug, uint32_t references)
{
    return (uint64_t)mug << 32 | references;
}

/* 0: not computed yet. */
static inline uint32_t noun_mug_in(uint64_t metadata)
{
    return (uint32_t)(metadata >> 32);
}

static inline uint32_t noun_references_in(uint64_t metadata)
{
    return (uint32_t)metadata;
}

static inline uint64_t noun_atom_bytes(uint64_t words)
{
    return sizeof(struct noun_atom) + words * sizeof(uint64_t);
}

/* Of the object of an indirect noun. */
static inline uint64_t noun_bytes(pma_noun noun)
{
    return pma_noun_is_cell(noun) ? sizeof(struct noun_cell)
                                  : noun_atom_bytes(noun_atom(noun)->words);
}

/* Objects of this size are page-aligned, and whole pages are theirs. */
static inline bool noun_is_large(uint64_t bytes)
{
    return bytes > PMA_PAGE_SIZE / 2;
}

static inline uint64_t noun_pages(uint64_t bytes)
{
    return (bytes + PMA_PAGE_SIZE - 1) / PMA_PAGE_SIZE;
}

/* The words of an atom; those of a direct one are put into *direct. None for the atom 0. */
static inline const uint64_t *noun_words(pma_noun atom, uint64_t *direct, uint64_t *count)
{
    if (!pma_noun_is_direct(atom)) {
        *count = noun_atom(atom)->words;
        return noun_atom(atom)->data;
    }
    *direct = atom;
    *count = atom != 0;
    return direct;
}

/* How many bits a number has without leading zeros. */
static inline unsigned noun_word_bits(uint64_t word)
{
    return word ? 64 - (unsigned)__builtin_clzll(word) : 0;
}

static inline uint64_t noun_bits(const uint64_t *words, uint64_t count)
{
    return count ? (count - 1) * 64 + noun_word_bits(words[count - 1]) : 0;
}

#endif
