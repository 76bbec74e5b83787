/* SPDX-License-Identifier: MIT */
/*
 * What went wrong, in words. Texts are composed without malloc and without stdio, because the
 * fault handler composes them too.
 */
#ifndef ERROR_H
#define ERROR_H

#include <pma/pma.h>

/*
 * Writes "CONTEXT: what the code means" into `error` (NULL is fine) and returns `code`. The context
 * is a format as of printf, of which %s, %d, %u, %lu, %lx and %% are understood. Longer texts are
 * cut.
 */
int error_set(struct pma_error *error, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts more context in front of the text that is there: "snapshot 7: sync of blocks: ...". */
void error_prefix(struct pma_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
