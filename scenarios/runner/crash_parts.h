/* SPDX-License-Identifier: MIT */
/* A play while it is crashed: what crash.c and sweep.c share. */
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
};

/*
 * Records and explores once, with the faults of `plan`. What the plan made the recording do wrong
 * is a violation. 0, or a negative code and summary->error.
 */
int crash_play(struct crash *crash, const struct fsim_plan *plan, struct fsim_summary *summary);

/* sweep.c: the recordings with faults, after the one without. */
void crash_sweep(struct crash *crash);

#endif
