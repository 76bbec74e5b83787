/* SPDX-License-Identifier: MIT */
/* A command that looks at what a crash left, in the place of an adapter's `recover`. */
#ifndef STORE_CHECK_H
#define STORE_CHECK_H

#include <faultsim/explore.h>

/* It can recover, but has no workload. */
const struct fsim_subject *store_check(const char *command);

#endif
