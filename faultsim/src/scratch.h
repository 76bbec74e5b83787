/* SPDX-License-Identifier: MIT */
/* Directories that are there for a while. */
#ifndef SCRATCH_H
#define SCRATCH_H

#include <stddef.h>

/* Makes a fresh directory below `parent`, and resolves links in its path. */
int scratch_make(const char *parent, char *path, size_t bytes);

/* Removes a directory with all that is in it. */
void scratch_remove(const char *path);

/* Where files go that should stay in memory, and where those that should be on a disk. */
const char *scratch_in_memory(void);
const char *scratch_for_files(void);

#endif
