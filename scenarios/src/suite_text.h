/* SPDX-License-Identifier: MIT */
/* Scenarios as text again, repeats unrolled: what suite_load reads as the same steps. */
#ifndef SUITE_TEXT_H
#define SUITE_TEXT_H

#include <stdio.h>

#include "suite.h"

/* A suite of this scenario alone. Numbers that come from a step's place are given, so that steps
 * can be taken out. 0, or -EIO. */
int suite_print(const struct scenario *scenario, FILE *out);

/* What stands in a suite for this scenario, below "scenarios:". */
void suite_print_scenario(const struct scenario *scenario, FILE *out);

/* One step: "alloc: {name: a, pages: 3}". */
void suite_print_step(const struct step *step, FILE *out);

#endif
