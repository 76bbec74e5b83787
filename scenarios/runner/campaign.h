/* SPDX-License-Identifier: MIT */
/* A run as its coordinator sees it: which scenario is where, what came back, what goes into the
 * database. */
#ifndef CAMPAIGN_H
#define CAMPAIGN_H

#include <results/results.h>
#include <time.h>

#include "catalog.h"
#include "crash.h"
#include "pool.h"
#include "progress.h"

/* A stored violation as far as the end of a run tells of it. */
struct campaign_violation {
    int64_t id;
    const struct play *play;
    char *verdict, *headline;
    bool replayable;
};

enum campaign_state { CAMPAIGN_WAITING, CAMPAIGN_RUNNING, CAMPAIGN_ENDED };

struct campaign_scenario {
    const struct play *play;
    enum campaign_state state;
    struct fsim_progress progress;
    struct crash_report report;
    bool reported;
    char *failure;              /* NULL unless it failed */
    struct message *violations; /* until they are stored */
    size_t violation_count;
};

struct campaign {
    const struct settings *settings;
    struct selection selection;
    const struct fsim_plan *plan; /* NULL = no fault */
    const char *points;
    results_oracle_t *oracle;
    struct campaign_scenario *scenarios;
    struct campaign_violation *violations;
    size_t violation_count;
    results_t *results;
    int64_t run;
    struct pool *pool;
    struct progress *progress;
    struct timespec started;
    bool out_of_budget, store_failed;
    enum pool_end end;
};

/* The pool's task: play number `task` of the selection. */
void campaign_task(void *context, size_t task, int socket, const volatile int *stop);

/* Plays all scenarios; the pool and the database are there. */
void campaign_play(struct campaign *campaign);

/* How it ended, in the words of the results: "clean", "violations", "incomplete", ... */
const char *campaign_outcome(const struct campaign *campaign);
const char *campaign_scenario_outcome(const struct campaign_scenario *scenario);

/* How crash states were come by, in those words: "lazy", ..., or "kill". */
const char *campaign_search(const struct campaign *campaign);

uint64_t campaign_milliseconds(const struct campaign *campaign);
void campaign_release(struct campaign *campaign);

/* What several plays came to together. */
struct campaign_totals {
    uint64_t plays, ended, failed, waiting;
    uint64_t crash_points, recoveries, violations, images_twice;
    uint64_t compared_points, compared_states, brute_recoveries, disagreements;
    uint64_t milliseconds; /* recording and searching, summed */
    uint64_t most_memory;  /* of one play, bytes */
    uint64_t paths[FSIM_VERDICT_COUNT];
    double states, covered;
    struct fsim_nested nested[FSIM_DEEPEST - 1]; /* as in fsim_summary */
    bool complete;
};
struct campaign_totals campaign_sum(const struct campaign_scenario *scenarios, size_t count);
struct campaign_totals campaign_totals(const struct campaign *campaign);
struct campaign_totals campaign_model_totals(const struct campaign *campaign,
                                             enum fsim_model model);

/* ---- what it writes (campaign_store.c) ---- */

/* Opens the database and begins the run. Complains and returns false if it cannot. */
bool campaign_store_begin(struct campaign *campaign);
/* One scenario and its violations, as one transaction. */
bool campaign_store_scenario(struct campaign *campaign, struct campaign_scenario *scenario);
bool campaign_store_end(struct campaign *campaign);

/* ---- what it says at its end (campaign_report.c) ---- */

void campaign_print(const struct campaign *campaign);
void campaign_print_json(const struct campaign *campaign);

#endif
