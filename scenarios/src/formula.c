/* SPDX-License-Identifier: MIT */
#include "formula.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Wide enough that a sum may pass through values below zero on its way to any 64-bit number. */
typedef __int128 wide;

struct reader {
    const char *at;
    const struct formula_counters *counters;
    char *message;
    size_t message_bytes;
};

static void skip_space(struct reader *reader)
{
    while (*reader->at == ' ')
        reader->at++;
}

static int read_factor(struct reader *reader, wide *value)
{
    const char *start;
    size_t length;
    char *end;

    skip_space(reader);
    start = reader->at;
    if (isdigit((unsigned char)*start)) {
        errno = 0;
        *value = strtoull(start, &end, 0);
        reader->at = end;
        if (errno != 0) {
            snprintf(reader->message, reader->message_bytes, "number too large");
            return -EINVAL;
        }
        return 0;
    }
    while (isalpha((unsigned char)*reader->at) || *reader->at == '_')
        reader->at++;
    length = (size_t)(reader->at - start);
    for (size_t i = reader->counters->count; length > 0 && i-- > 0;) {
        const char *name = reader->counters->names[i];

        if (strlen(name) == length && memcmp(name, start, length) == 0) {
            *value = reader->counters->values[i];
            return 0;
        }
    }
    if (length > 0)
        snprintf(reader->message, reader->message_bytes, "no repeat here counts '%.*s'",
                 (int)length, start);
    else if (*start == '\0')
        snprintf(reader->message, reader->message_bytes, "a number is missing at the end");
    else
        snprintf(reader->message, reader->message_bytes, "a number cannot start with '%c'", *start);
    return -EINVAL;
}

static int read_product(struct reader *reader, wide *value)
{
    int error = read_factor(reader, value);
    wide factor;

    skip_space(reader);
    while (error == 0 && *reader->at == '*') {
        reader->at++;
        error = read_factor(reader, &factor);
        if (error == 0 && __builtin_mul_overflow(*value, factor, value)) {
            snprintf(reader->message, reader->message_bytes, "number too large");
            error = -EINVAL;
        }
        skip_space(reader);
    }
    return error;
}

/* Reads up to the end of the text, or up to `stop`. */
static int read_sum(struct reader *reader, char stop, uint64_t *value)
{
    wide sum, product;
    int error = read_product(reader, &sum);

    while (error == 0 && (*reader->at == '+' || *reader->at == '-')) {
        bool minus = *reader->at++ == '-';

        error = read_product(reader, &product);
        if (error == 0 && __builtin_add_overflow(sum, minus ? -product : product, &sum)) {
            snprintf(reader->message, reader->message_bytes, "number too large");
            error = -EINVAL;
        }
    }
    if (error != 0)
        return error;
    if (*reader->at != stop) {
        snprintf(reader->message, reader->message_bytes, "'%s' was not understood", reader->at);
        return -EINVAL;
    }
    if (sum < 0 || sum > UINT64_MAX) {
        snprintf(reader->message, reader->message_bytes,
                 sum < 0 ? "the number is below zero" : "number too large");
        return -EINVAL;
    }
    *value = (uint64_t)sum;
    return 0;
}

int formula_number(const char *text, const struct formula_counters *counters, uint64_t *value,
                   char *message, size_t message_bytes)
{
    struct reader reader = {text, counters, message, message_bytes};

    return read_sum(&reader, '\0', value);
}

int formula_name(const char *text, const struct formula_counters *counters, char **name,
                 char *message, size_t message_bytes)
{
    char built[128];
    size_t used = 0;

    while (*text != '\0' && used + 1 < sizeof built) {
        struct reader reader = {text + 1, counters, message, message_bytes};
        uint64_t value;

        if (*text != '(') {
            built[used++] = *text++;
            continue;
        }
        if (read_sum(&reader, ')', &value) != 0)
            return -EINVAL;
        used +=
            (size_t)snprintf(built + used, sizeof built - used, "%llu", (unsigned long long)value);
        text = reader.at + 1;
    }
    if (used + 1 >= sizeof built) {
        snprintf(message, message_bytes, "the name is longer than %zu bytes", sizeof built - 2);
        return -EINVAL;
    }
    built[used] = '\0';
    *name = strdup(built);
    if (*name == NULL) {
        snprintf(message, message_bytes, "out of memory");
        return -ENOMEM;
    }
    return 0;
}
