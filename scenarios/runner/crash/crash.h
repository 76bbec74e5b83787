/* SPDX-License-Identifier: MIT */
/* The part of a run that happens in a worker: one scenario recorded and explored, and what it came
 * to. */
#ifndef CRASH_H
#define CRASH_H

#include <faultsim/explore.h>
#include <faultsim/reduce.h>
#include <results/results.h>

#include "commandline/catalog.h"
#include "workers/message.h"

/*
 * A sabotaged run can have violations by the thousand that all say the same. All are counted; of
 * each verdict the first few of a scenario are kept with image and explanation.
 */
enum { CRASH_KEPT = 20 };

/* How often a scenario hit a fault point, and how many of its crash points are there. */
struct crash_coverage {
    uint64_t hits, crashed_at;
};

/* What the crash points of one name came to. */
struct crash_total {
    char where[64];
    uint64_t points, recoveries, nanoseconds;
    uint64_t paths[FSIM_VERDICT_COUNT];
    double states;
};

struct crash_report {
    int error;
    struct fsim_summary summary;
    struct crash_coverage coverage[CATALOG_POINT_COUNT];
    uint64_t fired[FSIM_PLAN_RULES]; /* how often each rule of the plan fired */
    uint64_t recordings, searched;   /* of the sweep: with a fault; of these, different ones */
    struct crash_total *totals;
    size_t total_count;
    bool found; /* what crash_options.only asks for */
    char *map;  /* as playmap_text; NULL = none was asked for, or nothing was searched */
};

/* Starts zeroed. */
void crash_report_release(struct crash_report *report);

struct crash_options {
    const char *input;
    results_oracle_t *oracle;
    const char *work; /* where the files of workloads live; NULL: where temporary files do */
    bool kill;        /* really, instead of exploring */
    uint64_t kills;   /* as for fsim_kill_test */
    enum fsim_search search;
    enum fsim_grain grain;
    uint64_t depth; /* most crashes in a row */
    uint64_t bound, brute_limit, tear_limit, seed, time_limit_ms, record_limit_ms;
    const char *points;           /* NULL = all */
    const struct fsim_plan *plan; /* NULL = no fault */
    enum catalog_sweep sweep;
    const struct catalog_errors *errors; /* that the sweep fails calls with */
    const volatile int *stop;
    uint64_t max_violations;
    bool shrink_pages, shrink_steps; /* of the first violation of each kind */
    uint64_t shrink_ms;              /* for either, and each such violation */
    const struct fsim_kind *only;    /* be done with the first of this kind; NULL = all there are */
    const char *lasting;             /* how to ask for all this, see struct settings; NULL = "" */
    bool isolate;                    /* each recovery in a process of its own */
    bool map;           /* the report has one, of the recording without a sweep's fault */
    bool only_record;   /* do not explore at all */
    bool here;          /* nor in another process: for debuggers */
    bool only_if_fired; /* do not explore a recording in which the plan never fired */
    void *context;
    /* All may be NULL. The violation's texts live during the call only. `number` counts from 0; a
     * violation with a number that was there before is the same made smaller. */
    void (*on_trace)(void *context, const fsim_trace_t *trace); /* what was recorded */
    void (*on_progress)(void *context, const struct fsim_progress *progress);
    void (*on_violation)(void *context, uint64_t number, const struct results_violation *violation);
};

/*
 * The invariants, read and prepared; complains and returns NULL if they cannot be. That takes a
 * third of the time of a small scenario, so it is done once, before workers are forked, which
 * inherit it.
 */
results_oracle_t *crash_oracle(void);

/* Records and explores, also with the faults of the sweep; report->error is negative if that
 * failed, report->summary.error says why.
 */
void crash_scenario(const struct play *play, const struct crash_options *options,
                    struct crash_report *report);

/* Reports as messages. The getter returns false for a message that is none. */
void crash_put_report(struct message *message, const struct crash_report *report);
bool crash_get_report(struct message *message, struct crash_report *report);

#endif
