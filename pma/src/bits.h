/* SPDX-License-Identifier: MIT */
/* Streams of bits in words, lowest bit first, and the self-delimiting numbers that jam is made of.
 */
#ifndef BITS_H
#define BITS_H

#include <stdbool.h>
#include <stdint.h>

struct bits_reader {
    const uint64_t *words;
    uint64_t at, end; /* in bits */
};

/* Reads up to 64 bits; false if there are not so many. */
bool bits_get(struct bits_reader *reader, unsigned count, uint64_t *value);

/*
 * Reads the length of a number in bits, which then follows ("mat": as many zeros as the length has
 * bits, a one, the length without its highest bit, the number). false if that many do not follow.
 */
bool bits_get_length(struct bits_reader *reader, uint64_t *bits);

/* Reads `count` bits, which are there, to words; the rest of the last one becomes zeros. */
void bits_get_words(struct bits_reader *reader, uint64_t count, uint64_t *words);

/* Without words it only counts. The words are zeros at first. */
struct bits_writer {
    uint64_t *words;
    uint64_t at;
};

void bits_put(struct bits_writer *writer, uint64_t value, unsigned count);

/* Writes a number of `bits` bits, its highest one set, with its length before it. */
void bits_put_number(struct bits_writer *writer, const uint64_t *words, uint64_t bits);

#endif
