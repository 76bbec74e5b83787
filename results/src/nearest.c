/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <string.h>

#include <results/results.h>

enum { LONGEST_NAME = 96 };

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool same_letter(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/*
 * Damerau-Levenshtein distance, restricted form: a swap of neighbours counts once, since it is the
 * commonest slip of the fingers. Case does not count. Three rows of the table are enough.
 */
static size_t edit_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[3][LONGEST_NAME + 1];
    size_t *before = rows[0], *above = rows[1], *row = rows[2];

    for (size_t j = 0; j <= b_length; j++)
        above[j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t replaced = above[j - 1] + !same_letter(a[i - 1], b[j - 1]);
            size_t best = smaller(replaced, smaller(above[j], row[j - 1]) + 1);
            bool swapped = i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) &&
                           same_letter(a[i - 2], b[j - 1]);
            row[j] = swapped ? smaller(best, before[j - 2] + 1) : best;
        }
        size_t *oldest = before;
        before = above;
        above = row;
        row = oldest;
    }
    return above[b_length];
}

const char *results_nearest(const char *name, const char *const *names, size_t count)
{
    const char *nearest = NULL;
    size_t shortest = SIZE_MAX, length = strlen(name);

    if (length > LONGEST_NAME)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t other = strlen(names[i]);
        if (other > LONGEST_NAME)
            continue;
        size_t distance = edit_distance(name, length, names[i], other);
        /* One slip in three letters still looks like the word that was meant. */
        size_t limit = ((length > other ? length : other) + 2) / 3;
        if (distance <= limit && distance < shortest) {
            shortest = distance;
            nearest = names[i];
        }
    }
    return nearest;
}
