/* SPDX-License-Identifier: MIT */
/* Whether the steps of a scenario can work, found out without running them. */
#ifndef PLAUSIBLE_H
#define PLAUSIBLE_H

#include "suite.h"

/* 0, or -EINVAL and "FILE:LINE: step 'write': nothing named 'b' was allocated before". */
int plausible_scenario(const struct scenario *scenario, char *message, size_t message_bytes);

#endif
