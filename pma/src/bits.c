/* SPDX-License-Identifier: MIT */
#include "bits.h"

enum { WORD = 64 };

static uint64_t low_bits(unsigned count)
{
    return count == WORD ? UINT64_MAX : (UINT64_C(1) << count) - 1;
}

static unsigned length_of(uint64_t number)
{
    return number ? WORD - (unsigned)__builtin_clzll(number) : 0;
}

static uint64_t get(struct bits_reader *reader, unsigned count)
{
    const uint64_t *word = reader->words + reader->at / WORD;
    const unsigned shift = reader->at % WORD;
    uint64_t value = count ? word[0] >> shift : 0;

    if (shift + count > WORD)
        value |= word[1] << (WORD - shift);
    reader->at += count;
    return value & low_bits(count);
}

bool bits_get(struct bits_reader *reader, unsigned count, uint64_t *value)
{
    if (count > reader->end - reader->at)
        return false;
    *value = get(reader, count);
    return true;
}

bool bits_get_length(struct bits_reader *reader, uint64_t *bits)
{
    unsigned zeros = 0;
    uint64_t bit = 0, low;

    while (bits_get(reader, 1, &bit) && !bit && zeros < WORD)
        zeros++;
    if (!bit)
        return false;
    if (zeros == 0) {
        *bits = 0;
        return true;
    }
    if (!bits_get(reader, zeros - 1, &low))
        return false;
    low |= UINT64_C(1) << (zeros - 1);
    if (low > reader->end - reader->at)
        return false;
    *bits = low;
    return true;
}

void bits_get_words(struct bits_reader *reader, uint64_t count, uint64_t *words)
{
    for (; count > WORD; count -= WORD)
        *words++ = get(reader, WORD);
    if (count)
        *words = get(reader, (unsigned)count);
}

void bits_put(struct bits_writer *writer, uint64_t value, unsigned count)
{
    if (writer->words && count) {
        uint64_t *word = writer->words + writer->at / WORD;
        const unsigned shift = writer->at % WORD;

        value &= low_bits(count);
        word[0] |= value << shift;
        if (shift + count > WORD)
            word[1] |= value >> (WORD - shift);
    }
    writer->at += count;
}

void bits_put_number(struct bits_writer *writer, const uint64_t *words, uint64_t bits)
{
    const unsigned length = length_of(bits);

    bits_put(writer, 0, length);
    bits_put(writer, 1, 1);
    if (length > 1)
        bits_put(writer, bits, length - 1);
    if (!writer->words) {
        writer->at += bits;
        return;
    }
    for (; bits > WORD; bits -= WORD)
        bits_put(writer, *words++, WORD);
    if (bits)
        bits_put(writer, *words, (unsigned)bits);
}
