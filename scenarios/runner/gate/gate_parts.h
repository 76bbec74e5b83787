/* SPDX-License-Identifier: MIT */
/* What the files of the gate share. */
#ifndef GATE_PARTS_H
#define GATE_PARTS_H

#include "gate.h"

struct gate_pair {
    struct gate *gate;
    const struct ledger *baseline;
    struct ledger *run;
};

bool gate_in_scope(const struct gate_scope *scope, const char *scenario, const char *copying,
                   const char *model);

/* How many plays have these names; NULL: any. */
size_t gate_plays_with(const struct ledger *ledger, const char *scenario, const char *copying,
                       const char *model);

/* Takes the sentence and the command, copies the rest. */
void gate_remark_add(struct gate *gate, struct gate_remark remark);

/* "pmacrash " and what is formatted. */
char *gate_command(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* "pmacrash run" of one play as it was tested, with another option. */
char *gate_run_command(const struct gate *gate, const char *scenario, const char *copying,
                       const char *model, const char *more);

/* Compare, and remark on what differs (gate_plays.c, gate_reach.c). */
void gate_violations(const struct gate_pair *pair);
void gate_scenarios(const struct gate_pair *pair);
void gate_coverage(const struct gate_pair *pair);
void gate_points(const struct gate_pair *pair);
void gate_oracles(const struct gate_pair *pair);

#endif
