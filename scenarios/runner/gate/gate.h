/* SPDX-License-Identifier: MIT */
/* What a run has lost against a baseline, a sentence each, and the command to look closer. */
#ifndef GATE_H
#define GATE_H

#include "commandline/command.h"
#include "ledger.h"

enum gate_rule {
    GATE_VIOLATIONS,
    GATE_SCENARIOS,
    GATE_COVERAGE,
    GATE_POINTS,
    GATE_ORACLES,
    GATE_RULES,
};

/* What each demands: "no new violation". */
extern const char *const gate_demands[GATE_RULES];
/* What it is called when that is not so: "coverage shrank". */
extern const char *const gate_titles[GATE_RULES];

enum gate_weight {
    GATE_FAILS,
    GATE_KNOWN,  /* the baseline tolerates it */
    GATE_BETTER, /* the baseline does not demand it yet */
};

struct gate_remark {
    enum gate_rule rule;
    enum gate_weight weight;
    char *sentence, *command;
    const char *scenario; /* that it is about; NULL: none */
    unsigned line;        /* of the baseline file; 0: none */
};

/* What the command line left of the baseline to be compared. */
struct gate_scope {
    const char *const *patterns; /* of scenarios; none: all */
    size_t pattern_count;
    const char *copying; /* NULL: both ways */
    uint64_t models;     /* see catalog_has_model; 0: all */
    bool whole;          /* nothing of the baseline is left out */
};

struct gate {
    struct gate_scope scope;
    struct gate_remark *remarks; /* in the order of rules */
    size_t count, failures;
    char *results_options; /* with which a command reads the same database */
    char *run_options;     /* with which a run tests the same */
};

struct gate_scope gate_scope(const struct settings *settings, const struct ledger *baseline);

/* Marks what is known in `run`. gate_release ends it. */
void gate_compare(const struct settings *settings, const struct ledger *baseline,
                  struct ledger *run, struct gate *gate);
void gate_release(struct gate *gate);

/* Adds to a run what of the baseline lies outside the scope, so that it stays. */
void gate_keep_rest(const struct gate_scope *scope, const struct ledger *baseline,
                    struct ledger *run);

#endif
