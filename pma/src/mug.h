/* SPDX-License-Identifier: MIT */
/*
 * Mugs: hashes of 31 bits, never 0. Urbit's: MurmurHash3 (Austin Appleby's x86 variant of 32 bits,
 * public domain) of an atom's bytes without leading zeros, and of the mugs of a cell's parts.
 */
#ifndef MUG_H
#define MUG_H

#include <stddef.h>
#include <stdint.h>

/* Of the atom with these little-endian bytes, the last of which is not 0. */
uint32_t mug_of_bytes(const void *bytes, size_t count);

/* Of a cell whose parts have these mugs. */
uint32_t mug_of_pair(uint32_t head, uint32_t tail);

#endif
