/* SPDX-License-Identifier: MIT */
/*
 * Directories that are there for a while.
 *
 * Each is locked by its process and those it forks. What a killed process left is removed by the
 * next one that makes a directory in the same place.
 */
#ifndef SCRATCH_H
#define SCRATCH_H

#include <limits.h>

struct scratch {
    char path[PATH_MAX]; /* links resolved */
    int lock;
};

int scratch_open(struct scratch *scratch, const char *parent);
void scratch_close(struct scratch *scratch);

/* Removes a directory with all that is in it. */
void scratch_remove(const char *path);

/* Where files go that should stay in memory, and where those that should be on a disk. */
const char *scratch_in_memory(void);
const char *scratch_for_files(void);

#endif
