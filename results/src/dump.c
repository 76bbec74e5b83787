/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "dump.h"

enum { HEADER_BYTES = 2, VALUE_BYTES = 10 /* the most that 64 bits take */ };

const struct dump_table dump_tables[RESULTS_TABLES] = {
    [RESULTS_ARENA] = {"arena", 7},
    [RESULTS_META] = {"meta", 13},
    [RESULTS_NODE] = {"node", 10},
    [RESULTS_EXTENT] = {"extent", 6},
    [RESULTS_OWNER] = {"owner", 4},
    [RESULTS_FREE] = {"free", 2},
    [RESULTS_RUN] = {"run", 4},
    [RESULTS_HEAP_PAGE] = {"heap_page", 5},
    [RESULTS_HEAP_CHUNK] = {"heap_chunk", 2},
    [RESULTS_HEAP_RUN] = {"heap_run", 5},
    [RESULTS_NOUN] = {"noun", 5},
    [RESULTS_REFERENCE] = {"reference", 3},
    [RESULTS_STACK] = {"stack", 8},
    [RESULTS_FRAME] = {"stack_frame", 11},
    [RESULTS_STACK_PAGE] = {"stack_page", 3},
};

static size_t encode(int64_t value, unsigned char bytes[VALUE_BYTES])
{
    uint64_t rest = (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0);
    size_t used = 0;

    do {
        bytes[used++] = (unsigned char)((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
        rest >>= 7;
    } while (rest != 0);
    return used;
}

/* Returns how many bytes the value took, 0 if there is no whole one. */
static size_t decode(const unsigned char *bytes, size_t left, int64_t *value)
{
    uint64_t coded = 0;

    for (size_t i = 0; i < left && i < VALUE_BYTES; i++) {
        if (i == VALUE_BYTES - 1 && bytes[i] > 1)
            return 0;
        coded |= (uint64_t)(bytes[i] & 0x7f) << 7 * i;
        if (bytes[i] < 0x80) {
            *value = (int64_t)(coded >> 1 ^ (coded & 1 ? UINT64_MAX : 0));
            return i + 1;
        }
    }
    return 0;
}

static void spoil(struct results_dump *dump)
{
    dump->overflow = true;
    if (dump->capacity > 0)
        dump->bytes[0] = DUMP_WORTHLESS;
}

void results_dump_row(struct results_dump *dump, enum results_table table, const int64_t *values,
                      size_t count)
{
    unsigned char row[HEADER_BYTES + DUMP_MOST_COLUMNS * VALUE_BYTES];
    size_t used = 0;

    if (dump->overflow)
        return;
    if ((unsigned)table >= RESULTS_TABLES || count != dump_tables[table].columns) {
        spoil(dump);
        return;
    }
    row[used++] = (unsigned char)table;
    row[used++] = (unsigned char)count;
    for (size_t i = 0; i < count; i++)
        used += encode(values[i], row + used);
    if (used > dump->capacity - dump->used) {
        spoil(dump);
        return;
    }
    for (size_t i = 0; i < used; i++)
        dump->bytes[dump->used++] = row[i];
}

int dump_next(const unsigned char **bytes, size_t *left, struct dump_row *row)
{
    const unsigned char *at = *bytes, *end = at + *left;

    if (*left > 0 && at[0] == DUMP_WORTHLESS)
        return -EOVERFLOW;
    if (*left < HEADER_BYTES || at[0] >= RESULTS_TABLES || at[1] != dump_tables[at[0]].columns)
        return -EBADMSG;
    row->table = at[0];
    at += HEADER_BYTES;
    for (size_t i = 0; i < dump_tables[row->table].columns; i++) {
        size_t used = decode(at, (size_t)(end - at), &row->values[i]);
        if (used == 0)
            return -EBADMSG;
        at += used;
    }
    *bytes = at;
    *left = (size_t)(end - at);
    return 0;
}
