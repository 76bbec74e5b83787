/* SPDX-License-Identifier: MIT */
/* What differs between two runs, of one database or of two: results/sql/compare.sql says how it is
 * decided. */
#ifndef RESULTS_COMPARE_H
#define RESULTS_COMPARE_H

#include <results/results.h>

struct results_side {
    results_t *results;
    int64_t run;
};

typedef struct results_comparison results_comparison_t;

/* Both runs must be there. Failure leaves *comparison NULL and says why in `message`. */
int results_compare(const struct results_side *before, const struct results_side *after,
                    results_comparison_t **comparison, char *message, size_t message_bytes);
void results_comparison_free(results_comparison_t *comparison);

/* How often the later run is worse and in what, "2 x new violation, 1 x coverage lost"; "" if it is
 * not. */
const char *results_comparison_worse(const results_comparison_t *comparison);

/* A row for each difference. A table fits into `width` columns, if that is not 0, and has a dozen
 * rows of a kind. */
int results_comparison_print(results_comparison_t *comparison, enum results_format format,
                             size_t width, FILE *out);

#endif
