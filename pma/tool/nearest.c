/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "tool.h"

enum { LONGEST = 32 };

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

/* How many letters must be put in, left out or replaced to make one word of the other. */
static size_t distance(const char *from, const char *to)
{
    size_t width = strlen(to), row[LONGEST + 1];
    for (size_t j = 0; j <= width; j++)
        row[j] = j;
    for (size_t i = 1; from[i - 1]; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            size_t above = row[j];
            row[j] = smallest(above + 1, row[j - 1] + 1, diagonal + (from[i - 1] != to[j - 1]));
            diagonal = above;
        }
    }
    return row[width];
}

const char *nearest_name(const char *word, const char *const *names, size_t count)
{
    const char *nearest = NULL;
    size_t least = strlen(word) / 2 + 1;
    for (size_t i = 0; i < count; i++) {
        size_t far = strlen(names[i]) <= LONGEST ? distance(word, names[i]) : least;
        if (far < least) {
            nearest = names[i];
            least = far;
        }
    }
    return nearest;
}
