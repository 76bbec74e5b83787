/* SPDX-License-Identifier: MIT */
/*
 * What an arena is worth on storage that may be wrong: whether the checker finds anything, and
 * whether somebody who opens it without asking the checker, but with `verify`, is told.
 */
#ifndef DOUBT_H
#define DOUBT_H

#include <pma/pma.h>

#include "state.h"

enum { DOUBT_BYTES = 256 };

/* 0 if the checker finds nothing wrong; else 1 and its first finding, or why it could not look. */
int doubt_check(const char *path, char finding[DOUBT_BYTES]);

/* Opens the arena and closes it again, which must end, and not in a crash. */
void doubt_open(const char *path, const struct pma_options *options);

/*
 * Opens the arena with `verify` and reads all of it. 0 and the digest of what it shows, or the
 * error that it was refused with on the way. After such an error it is worked on as far as it goes,
 * and asked again: work must not make damage look right.
 */
int doubt_read(const char *path, const struct pma_options *options, struct fsim_digest *digest,
               struct state_entries *scratch);

#endif
