/* SPDX-License-Identifier: MIT */
/*
 * Outcomes of recoveries and their evidence, each kept once, in shared memory. One process adds at
 * a time; others may read what was added before.
 */
#ifndef OUTCOMES_H
#define OUTCOMES_H

#include <faultsim/explore.h>

struct outcomes;

int outcomes_new(struct outcomes **outcomes);
void outcomes_free(struct outcomes *outcomes);

/* The outcome's number, or a negative code. */
int64_t outcomes_add(struct outcomes *outcomes, const struct fsim_outcome *outcome,
                     const void *evidence);

const struct fsim_outcome *outcomes_get(const struct outcomes *outcomes, uint32_t number);

/* Evidence has numbers of its own, from 0: many outcomes may share one. */
uint32_t outcomes_evidence(const struct outcomes *outcomes, uint32_t number);
const void *outcomes_evidence_bytes(const struct outcomes *outcomes, uint32_t evidence,
                                    size_t *bytes);

size_t outcomes_memory(const struct outcomes *outcomes);

#endif
