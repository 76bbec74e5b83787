/* SPDX-License-Identifier: MIT */
/*
 * A list of operations that fails, made short: it is played again and again in processes of its
 * own, with less and less of it, until nothing more can be left out.
 */
#ifndef FORKED_PLAY_H
#define FORKED_PLAY_H

#include <stdbool.h>
#include <stddef.h>

enum { FORKED_TEXT = 8192 };

/*
 * Plays the operations whose numbers `list` has, in that order, in a process of its own; it fails
 * by ending that process in any way but exit(0), and says why on its standard error or output.
 * Operations must mean the same whichever others are left out. *at is to be set to the index in
 * `list` of the operation under way.
 */
typedef void forked_play(void *context, const unsigned *list, size_t count, volatile size_t *at);

struct forked_result {
    bool failed;
    size_t at;              /* index in the list of the last operation that was begun */
    char text[FORKED_TEXT]; /* what it said on its standard error, or how it ended */
};

struct forked_result forked_run(forked_play *play, void *context, const unsigned *list,
                                size_t count);

/*
 * Leaves out what is not needed for a failure, of any kind: first all after it, then ever smaller
 * parts. Plays at most `tries` times. Returns how many operations are left at the front of `list`.
 */
size_t forked_shrink(forked_play *play, void *context, unsigned *list, size_t count,
                     unsigned tries);

#endif
