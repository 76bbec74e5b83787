/* SPDX-License-Identifier: MIT */
/* A file that gets its name only when it is whole and durable: docs/format.md, "Creation". */
#ifndef NEW_FILE_H
#define NEW_FILE_H

#include <limits.h>

#include "error.h"

struct new_file {
    int fd;
    int directory;
    const char *name; /* inside the path that was given */
    char temporary[NAME_MAX + 1];
};

/* Makes and locks an empty file under its temporary name. PMA_EEXISTS if `path` is there. */
int new_file_open(struct new_file *file, const char *path, struct pma_error *error);

/* Gives the file, which the caller has synced, its name, and makes that durable. */
int new_file_publish(const struct new_file *file, struct pma_error *error);

/* Comes last, without closing file->fd. With `failed` nothing is left behind. */
void new_file_close(const struct new_file *file, bool failed);

#endif
