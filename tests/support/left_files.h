/* SPDX-License-Identifier: MIT */
/* The files that were found in a directory after a crash, and whether a model admits them. */
#ifndef LEFT_FILES_H
#define LEFT_FILES_H

#include <faultsim/model.h>

struct left_file {
    char name[64];
    uint64_t length;
    uint64_t *blocks; /* content ids; what lies beyond the length in the last one is zeros */
};

enum { LEFT_FILES = 8 };
struct left_files {
    size_t count; /* sorted by name */
    struct left_file files[LEFT_FILES];
    uint64_t hash; /* of all of it */
};

/* Reads all regular files of a directory; their blocks become contents of a trace. 0 or a negated
 * errno; -E2BIG if there are more than fit. */
int left_files_read(const char *directory, fsim_trace_t *contents, struct left_files *left);
void left_files_release(struct left_files *left);
bool left_files_equal(const struct left_files *a, const struct left_files *b);

/* Writes them into an empty directory. 0 or a negated errno. */
int left_files_write(const struct left_files *left, const fsim_trace_t *contents,
                     const char *directory);

/*
 * Whether files, lengths and blocks are a crash state of the cursor's instant; if not, `why` says
 * what is none. `recorded` is the cursor's trace.
 */
bool left_files_admitted(const struct left_files *left, const fsim_trace_t *contents,
                         const fsim_cursor_t *cursor, const fsim_trace_t *recorded, char *why,
                         size_t why_bytes);

#endif
