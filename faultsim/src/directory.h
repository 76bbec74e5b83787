/* SPDX-License-Identifier: MIT */
/* Directories for a while. */
#ifndef DIRECTORY_H
#define DIRECTORY_H

#include <stddef.h>

/* Makes a fresh directory below `parent`, and resolves links in its path. */
int scratch_make(const char *parent, char *path, size_t bytes);

/* Removes a directory with all that is in it. */
void scratch_remove(const char *path);

/* Where files go that should stay in memory, and where those that should be on a disk. */
const char *directory_in_memory(void);
const char *directory_for_files(void);

#endif
