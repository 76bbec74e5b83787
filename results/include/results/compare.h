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

/* Every difference, a row each. */
int results_comparison_print(results_comparison_t *comparison, enum results_format format,
                             FILE *out);

/* For people: a dozen of a kind, and how many more there are. Values: worse (0, 1), change, play,
 * what, before, after. */
int results_comparison_each(results_comparison_t *comparison, results_row_visit *visit,
                            void *context);

#endif
