/* SPDX-License-Identifier: MIT */
/* Whether the steps of a scenario can work, found out without running them. */
#ifndef PLAUSIBLE_H
#define PLAUSIBLE_H

#include "suite.h"

/* A walk over steps, one by one: what the arena would hold after them. Names are borrowed. */
struct plausible;

/* Before the first step of such a scenario. 0 or -ENOMEM. */
int plausible_new(const struct scenario *scenario, struct plausible **plausible);
void plausible_free(struct plausible *plausible);

/* 0, -ENOMEM, or -EINVAL and why the step cannot work here; that changes nothing. */
int plausible_step(struct plausible *plausible, const struct step *step, const char **why);

/* 0, or -EINVAL and "FILE:LINE: step 'write': nothing named 'b' was allocated before". */
int plausible_scenario(const struct scenario *scenario, char *message, size_t message_bytes);

#endif
