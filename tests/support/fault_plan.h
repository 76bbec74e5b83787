/* SPDX-License-Identifier: MIT */
/* One fault at a time: the nth hit of a point, or that one and all after it. */
#ifndef FAULT_PLAN_H
#define FAULT_PLAN_H

#include <stdbool.h>

/* `error` is an errno, 0 for the point's own, or PMA_FAULT_SKIP. n counts from 1. */
void fault_plan_arm(const char *point, unsigned n, bool persistent, int error);
void fault_plan_disarm(void);

/* Instead of arena_place_teardown: a test that failed has left its fault armed. */
int fault_plan_teardown(void **state);

/* How often the point was hit while it was armed. */
unsigned fault_plan_hits(void);

#endif
