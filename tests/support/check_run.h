/* SPDX-License-Identifier: MIT */
/* One run of the offline checker over bytes in memory, and what it said. */
#ifndef CHECK_RUN_H
#define CHECK_RUN_H

#include <pma/check.h>

#include "arena_image.h"

enum { CHECK_RUN_FINDINGS = 64 };

struct check_run {
    int code;
    struct pma_error error;
    struct pma_check_report report;
    struct {
        const char *rule;
        char text[512];
    } findings[CHECK_RUN_FINDINGS]; /* the first ones */
    unsigned count;
};

/* A file in memory that pma_check can open by its path. */
struct check_file_in_memory {
    int fd;
    char path[32];
};
void check_memory_open(struct check_file_in_memory *file);
void check_memory_write(struct check_file_in_memory *file, const void *bytes, size_t count);
void check_memory_close(struct check_file_in_memory *file);

/* Runs the checker on a path, both snapshots and all data unless `options` says otherwise. */
void check_run_path(struct check_run *run, const char *path,
                    const struct pma_check_options *options);

/* The same on an image, or on its first bytes. */
void check_run_image(struct check_run *run, const struct arena_image *image);
void check_run_bytes(struct check_run *run, const void *bytes, size_t count);

/* The text of the first finding of the rule that contains `text`; NULL if there is none. */
const char *check_run_find(const struct check_run *run, const char *rule, const char *text);

/* Prints all findings, for a test that is about to fail. */
void check_run_print(const struct check_run *run);

#endif
