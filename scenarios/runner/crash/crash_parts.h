/* SPDX-License-Identifier: MIT */
/* A play while it is crashed: what crash.c, recorded.c and sweep.c share. */
#ifndef CRASH_PARTS_H
#define CRASH_PARTS_H

#include <time.h>

#include "crash.h"
#include "playmap.h"
#include "shrink.h"
#include "subject.h"

struct digests {
    struct fsim_digest *list;
    size_t count;
};

struct crash {
    const struct crash_options *options;
    struct crash_report *report;
    struct subject *subject;
    const struct play *play;
    const struct fsim_plan *plan; /* of the recording at hand; NULL = no fault */
    char fault[256];              /* the same as text */
    bool swept;                   /* it has a fault of the sweep */
    uint64_t base_nanoseconds;    /* what the recording without one took */
    struct digests searched;      /* traces of the sweep */
    struct playmap *map;          /* NULL = none is asked for */
    const fsim_trace_t *trace;    /* of the recording that is searched */
    volatile int stop;
    uint64_t kept[FSIM_VERDICT_COUNT];
    uint64_t reported; /* violations that were handed out */
    struct shrink_target *targets;
    size_t target_count;
    struct timespec last_progress;
    char broken_rule[256]; /* what the recording did that is wrong without any crash */
    char *broken_timeline; /* and all that it did */
    bool went_wrong;       /* the workload itself did, and that was reported */
};

/*
 * Records and explores once, with the faults of `plan`. What the plan made the recording do wrong
 * is a violation. 0, or a negative code and summary->error.
 */
int crash_play(struct crash *crash, const struct fsim_plan *plan, struct fsim_summary *summary);

/* What a recording did at fault points, for the coverage. */
void crash_count_events(struct crash *crash, const fsim_trace_t *trace);

bool crash_is_first(const struct crash *crash, const struct fsim_kind *kind);

/* Whether the run asks for violations of this kind; of one that it asks for the first is enough. */
bool crash_wants(struct crash *crash, const struct fsim_kind *kind);

/* Hands out a violation; what is the first of its kind is to be shrunk when the search is over. */
void crash_report(struct crash *crash, const struct fsim_kind *kind, const char *where,
                  uint64_t step, const struct results_violation *violation);

/* recorded.c: what is wrong in a recording itself, a violation without a crash. */
/* As fsim_options.on_mishap; sets crash->went_wrong if the library is to blame. */
void recorded_mishap(void *sink, const struct fsim_mishap *mishap, const fsim_trace_t *trace);

/* A rule of what may be written was broken, and no crash state shows it. */
void recorded_broken_rule(struct crash *crash);

/* sweep.c: the recordings with faults, after the one without. */
void crash_sweep(struct crash *crash);

#endif
