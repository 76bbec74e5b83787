/* SPDX-License-Identifier: MIT */
/* The SQL files that the library reads at run time: migrations, views, queries, invariants. */
#ifndef RESULTS_DATA_H
#define RESULTS_DATA_H

#include <results/results.h>

/*
 * Reads FOLDER/NAME of the data directory into a string for free(). On failure returns a negated
 * errno and, if message is not NULL, says which file and why.
 */
int data_read(const char *folder, const char *name, char **text, char *message,
              size_t message_bytes);

/*
 * The files of a folder whose names end in .sql, sorted, without the ending, each with the first
 * sentence of its comment. Free with results_list_free.
 */
int data_list(const char *folder, struct results_entry **entries, size_t *count, char *message,
              size_t message_bytes);

/* snprintf into a buffer that may be absent. */
void data_message(char *message, size_t message_bytes, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
