/* SPDX-License-Identifier: MIT */
#ifndef RESULTS_TABLE_H
#define RESULTS_TABLE_H

#include <sqlite3.h>
#include <stdio.h>

/*
 * Prints the rows of a statement in aligned columns, numbers to the right. Meant for people: long
 * text is cut, large numbers are rounded (1.3e12), line breaks and control characters do not get
 * through. Of more than `most` rows the others are only counted. Where the table is wider than
 * `width` columns (0: none are too many) its widest texts are cut. Results as print_rows.
 */
int table_print(sqlite3_stmt *statement, size_t most, size_t width, FILE *out);

#endif
