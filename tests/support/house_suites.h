/* SPDX-License-Identifier: MIT */
/* The suites that come with pmacrash, and the oracle of all invariants, for a group of tests. */
#ifndef HOUSE_SUITES_H
#define HOUSE_SUITES_H

#include <results/results.h>

#include "suite.h"

extern struct suite *house_suites;
extern results_oracle_t *house_oracle;

/* cmocka fixtures of a group. */
int house_suites_load(void **state);
int house_suites_unload(void **state);

/* Fails the test if there is none of that name. */
const struct scenario *house_scenario(const char *name);

#endif
