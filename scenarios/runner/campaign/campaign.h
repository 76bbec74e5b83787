/* SPDX-License-Identifier: MIT */
/* A run as its coordinator sees it: which scenario is where, what came back, what goes into the
 * database. */
#ifndef CAMPAIGN_H
#define CAMPAIGN_H

#include <results/results.h>
#include <time.h>

#include "commandline/catalog.h"
#include "crash/crash.h"
#include "output/progress.h"
#include "workers/pool.h"

/* A stored violation as far as the end of a run tells of it. */
struct campaign_violation {
    int64_t id;
    char *scenario, *play; /* play: as catalog_play_name has it */
    enum pma_copying copying;
    enum fsim_model model;
    char *verdict, *headline;
};

enum campaign_state {
    CAMPAIGN_WAITING,
    CAMPAIGN_RUNNING,
    CAMPAIGN_ENDED,
    CAMPAIGN_BEFORE, /* it was done before the run was resumed */
};

struct campaign_scenario {
    const struct play *play;
    enum campaign_state state;
    struct fsim_progress progress;
    struct crash_report report;
    bool reported;
    bool stopped;               /* before it was done, by a budget or a signal */
    bool stored;                /* as one of those that are told together */
    char *failure;              /* NULL unless it failed */
    struct message *violations; /* until they are stored */
    size_t violation_count;
};

enum {
    CAMPAIGN_MODELS = 0
#define CAMPAIGN_MODEL(id, name, help) +1
    FSIM_MODELS(CAMPAIGN_MODEL)
#undef CAMPAIGN_MODEL
};

/* What several plays came to together. */
struct campaign_totals {
    uint64_t plays, ended, failed, waiting;
    uint64_t crash_points, recoveries, violations, images_twice;
    uint64_t recordings, searched; /* of a sweep */
    uint64_t compared_points, compared_states, brute_recoveries, disagreements;
    uint64_t milliseconds; /* recording and searching, summed */
    uint64_t most_memory;  /* of one play, bytes */
    uint64_t paths[FSIM_VERDICT_COUNT];
    double states, covered;
    struct fsim_nested nested[FSIM_DEEPEST - 1]; /* as in fsim_summary */
    bool complete;
};
struct campaign {
    const struct settings *settings;
    struct selection selection;
    const struct fsim_plan *plan; /* NULL = no fault */
    const char *points;
    struct catalog_errors errors; /* of the sweep */
    results_oracle_t *oracle;
    struct campaign_scenario *scenarios;
    struct campaign_violation *violations;
    size_t violation_count;
    results_t *results;
    int64_t run;
    struct pool *pool;
    struct progress *progress;
    uint64_t told; /* violations that a line was printed of */
    struct timespec started;
    uint64_t collected_ms; /* when plays that are told together were last stored */
    bool out_of_budget, store_failed;
    /* What was done before, by model: before the run was resumed, or in batches before this one. */
    struct campaign_totals before[CAMPAIGN_MODELS];
    uint64_t before_ms; /* that the run took before it was resumed */
    uint64_t expected;  /* plays of the whole run; 0: those of the selection */
    bool more;          /* there are plays that are not even selected yet */
    /* What the names of generated scenarios begin with: a play of them in which nothing is found
     * gets no row of its own. NULL: these are not generated. */
    const char *collective;
    uint64_t fired[FSIM_PLAN_RULES]; /* how often each rule of the plan did */
    enum pool_end end;
};

/* The pool's task: play number `task` of the selection. */
void campaign_task(void *context, size_t task, int socket, const volatile int *stop);

/*
 * What the options say of how to test: points, plan, directories, the invariants. `plan` must
 * outlive the campaign. Complains if something is wrong.
 */
enum status campaign_prepare(struct campaign *campaign, const struct settings *settings,
                             struct fsim_plan *plan);

/* The same, and the selection: scenarios of suites, ways of copying and models. */
enum status campaign_prepare_suites(struct campaign *campaign, const struct settings *settings,
                                    struct fsim_plan *plan);

/* Makes room for the plays of the selection, and the processes for them. */
enum status campaign_muster(struct campaign *campaign);

/* Plays all scenarios; the pool and the database are there. */
void campaign_play(struct campaign *campaign);

/* Lets go of the selection and the pool, so that there can be others; what it came to is kept. */
void campaign_dismiss(struct campaign *campaign);

/* All of it, with a selection that is there: muster, play and store. STATUS_CLEAN: it ended. */
enum status campaign_perform(struct campaign *campaign);

/* And report, as the command ends then. */
enum status campaign_conduct(struct campaign *campaign);

/* How the command ends. Complains about what nobody should mistake for a clean run. */
enum status campaign_status(const struct campaign *campaign);

/* How it ended, in the words of the results: "clean", "violations", "incomplete", ... */
const char *campaign_outcome(const struct campaign *campaign);
const char *campaign_scenario_outcome(const struct campaign_scenario *scenario);

/* How crash states were come by, in those words: "lazy", ..., or "kill". */
const char *campaign_search(const struct campaign *campaign);

uint64_t campaign_milliseconds(const struct campaign *campaign);
void campaign_release(struct campaign *campaign);
void campaign_violation_release(struct campaign_violation *violation);

/* ---- what plays came to together (campaign_totals.c) ---- */

void campaign_totals_add(struct campaign_totals *totals, const struct campaign_totals *more);
struct campaign_totals campaign_sum(const struct campaign_scenario *scenarios, size_t count);
struct campaign_totals campaign_totals(const struct campaign *campaign);
struct campaign_totals campaign_model_totals(const struct campaign *campaign,
                                             enum fsim_model model);
/* The same of what was played so far, complete or not as that was. */
struct campaign_totals campaign_done_totals(const struct campaign *campaign, enum fsim_model model);

/* ---- what it writes (campaign_store.c) ---- */

/* Opens the database. Complains and returns false if it cannot. */
bool campaign_store_open(struct campaign *campaign);
/* Begins the run, or goes on with one if --resume says so. */
bool campaign_store_begin(struct campaign *campaign);
/* One scenario and its violations, as one transaction. */
bool campaign_store_scenario(struct campaign *campaign, struct campaign_scenario *scenario);
/* Those plays of generated scenarios in which nothing was found, as one row for each way of
 * playing. */
bool campaign_store_collected(struct campaign *campaign);
bool campaign_store_end(struct campaign *campaign);

/* ---- going on with a run (campaign_resume.c) ---- */

/* Finds out which plays of the selection are done, and what these came to. */
bool campaign_resume(struct campaign *campaign);

/* Whether a play of the generated scenario of that number was done before. */
struct campaign_done;
bool campaign_done_read(struct campaign *campaign, struct campaign_done **done);
bool campaign_done_has(const struct campaign_done *done, const struct play *play, uint64_t number);
void campaign_done_free(struct campaign_done *done);

/* ---- what it says while it plays (campaign_live.c) ---- */

/* If it is time to. */
void campaign_show_progress(struct campaign *campaign);
/* The last one that came. */
void campaign_say_violation(struct campaign *campaign, const struct campaign_scenario *scenario);
void campaign_say_ended(struct campaign *campaign, const struct campaign_scenario *scenario);

/* ---- what it says at its end (campaign_report.c) ---- */

void campaign_print(const struct campaign *campaign);
void campaign_print_json(const struct campaign *campaign);

#endif
