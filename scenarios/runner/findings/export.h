/* SPDX-License-Identifier: MIT */
/* A violation as a directory to give to somebody: files, scenario, and what to do with them. */
#ifndef EXPORT_H
#define EXPORT_H

#include <results/results.h>
#include <stdbool.h>
#include <stdio.h>

/* Into a directory that is new or empty. Complains and returns false if it cannot. */
bool export_violation(const struct results_violation_row *row, const char *directory);

/* The scenario as a suite: the fewest steps if they are known, else as it was run. */
void export_scenario(const struct results_violation_row *row, FILE *file);

#endif
