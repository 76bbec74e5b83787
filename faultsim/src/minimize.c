/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <faultsim/reduce.h>
#include <stdlib.h>
#include <string.h>

/* Puts the list without `length` members from `first` on into `rest`. */
static size_t without(const size_t *members, size_t count, size_t first, size_t length,
                      size_t *rest)
{
    memcpy(rest, members, first * sizeof *rest);
    memcpy(rest + first, members + first + length, (count - first - length) * sizeof *rest);
    return count - length;
}

/* Tries to drop each piece of this length, from the last on: what comes late has fewer others that
 * need it. Returns whether any went, or what `holds` stopped with. */
static int drop_pieces(size_t *members, size_t *count, size_t length, size_t *rest,
                       fsim_holds *holds, void *context)
{
    int dropped = 0;
    for (size_t end = *count; end > 0;) {
        size_t first = end > length ? end - length : 0;
        size_t left = without(members, *count, first, end - first, rest);
        int held = holds(context, rest, left);
        if (held < 0)
            return held;
        if (held > 0) {
            memcpy(members, rest, left * sizeof *members);
            *count = left;
            dropped = 1;
        }
        end = first;
    }
    return dropped;
}

int fsim_minimize(size_t *members, size_t *count, fsim_holds *holds, void *context)
{
    size_t *rest = malloc((*count + 1) * sizeof *rest);
    int dropped = 0;
    if (rest == NULL)
        return -ENOMEM;
    for (size_t length = (*count + 1) / 2; length > 0 && *count > 0 && dropped >= 0;
         length = dropped > 0 ? length : length / 2) {
        if (length > *count)
            length = *count;
        dropped = drop_pieces(members, count, length, rest, holds, context);
    }
    free(rest);
    return dropped < 0 ? dropped : 0;
}
