/* SPDX-License-Identifier: MIT */
/*
 * The byte string that carries a recovered arena from the recovery to the oracle.
 *
 * A row is one byte for the table, one for the number of values, then the values, each as a
 * zigzag-coded integer in groups of seven bits, lowest first, the high bit set in all but the last.
 * A row that did not fit, or that was no row, turns the first byte into DUMP_WORTHLESS.
 */
#ifndef RESULTS_DUMP_H
#define RESULTS_DUMP_H

#include <results/results.h>

enum { DUMP_MOST_COLUMNS = 16, DUMP_WORTHLESS = 0xff };

struct dump_table {
    const char *name;
    size_t columns;
};
extern const struct dump_table dump_tables[RESULTS_TABLES];

struct dump_row {
    enum results_table table;
    int64_t values[DUMP_MOST_COLUMNS];
};

/*
 * Decodes the row at *bytes and moves both on. The bytes may be anything: -EOVERFLOW if the writer
 * ran out of room, -EBADMSG if they are no row.
 */
int dump_next(const unsigned char **bytes, size_t *left, struct dump_row *row);

#endif
