/* SPDX-License-Identifier: MIT */
/* One run as a page of HTML: what its parts share. docs/report.md. */
#ifndef REPORT_H
#define REPORT_H

#include <results/results.h>
#include <stdbool.h>
#include <stdio.h>

#include "commandline/command.h"

/* The page of a run where --html says. Complains and returns false if that fails. */
bool report_write(const struct settings *settings, results_t *results, int64_t run);

struct report {
    results_t *results;
    const char *db;      /* its name */
    const char *run;     /* its number, as text for SELECTs */
    const char *mutants; /* what `scripts/mutants --json` printed, as one JSON array; NULL = none */
    FILE *out;
};

/* What the page is made of, from the files of scenarios/report and from d3. */
extern const char report_style[], report_script[], report_d3[], report_d3_license[];

/* All of these write to report->out. They return 0, or what the results library failed with. */
int report_page(const struct report *report);
int report_verdict(const struct report *report);
int report_violations(const struct report *report);
int report_plays(const struct report *report);
int report_spent(const struct report *report);
int report_mutants(const struct report *report);

/* The rows of a SELECT in which ?1 is the run. */
int report_rows(const struct report *report, const char *select, results_row_visit *visit,
                void *context);

/* Numbers as text of the results library, for people. Each lives until the next call but seven. */
const char *report_count(const char *value);
const char *report_states(const char *value);
const char *report_seconds(const char *milliseconds);

#endif
