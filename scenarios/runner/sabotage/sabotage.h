/* SPDX-License-Identifier: MIT */
/* Something is left out of a play, and an oracle notices or does not. */
#ifndef SABOTAGE_H
#define SABOTAGE_H

#include "crash/crash.h"

struct sabotage {
    const struct settings *settings;
    const struct selection *selection;
    const size_t *smallest_first; /* indexes of plays */
    results_oracle_t *oracle;
};

/* What playing came to; starts zeroed, and travels as it is. */
struct trial {
    bool ended, hit, found;
    size_t play; /* the last one; if something was found, where */
    char verdict[32], finding[256], error[256];
    uint64_t plays, recoveries, milliseconds; /* plays: in which something was left out */
    double states;
};

/* Plays one until something is found; NULL leaves nothing out. */
void sabotage_play(const struct sabotage *sabotage, size_t play, const struct fsim_plan *plan,
                   const volatile int *stop, struct trial *trial);

/* Plays all of one way of copying with every hit of that point left out, until something is found;
 * the scenario `first` before the others, if that is not NULL. */
void sabotage_point(const struct sabotage *sabotage, const char *point, enum pma_copying copying,
                    const char *first, const volatile int *stop, struct trial *trial);

/* A plan that leaves out one hit, or all of them if it is 0. */
struct fsim_plan sabotage_plan(const char *point, uint64_t hit);

/* The oracle that found it: see crash-model.md, "What the oracle calls legal". */
const char *trial_oracle(const struct trial *trial, char text[64]);

/* The ways of copying that are played at all. */
size_t sabotage_ways(const struct selection *selection, enum pma_copying ways[2]);

#endif
