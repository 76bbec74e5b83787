/* SPDX-License-Identifier: MIT */
/*
 * A search: one recording's crash points, and what is known of them so far.
 *
 * Two processes work on it. The worker (worker.c) walks the crash points in order, recovers what
 * nobody recovered yet, and makes the tree grow. The supervisor (supervise.c) judges the points
 * that the worker has finished (judge.c), keeps the time, and when a recovery takes its process
 * down, has a new worker enter what became of it and go on. All that must survive a worker is in
 * shared memory.
 */
#ifndef SEARCH_H
#define SEARCH_H

#include <faultsim/explore.h>
#include <stdatomic.h>

#include "brute.h"
#include "image.h"
#include "levels.h"
#include "outcomes.h"
#include "recovery.h"
#include "tree.h"

/* What the worker left behind at a point that it finished. */
struct point_result {
    struct tree_limit limit;
    uint64_t recoveries, nanoseconds;
};

enum run_kind {
    RUN_NONE,  /* between recoveries */
    RUN_PATH,  /* along a path that nobody took yet */
    RUN_AGAIN, /* a sample, to see whether the same comes out */
    RUN_BRUTE, /* a whole crash state */
};

/* What goes on now, and what a dead worker's successor must know. */
struct search_progress {
    _Atomic uint64_t runs;
    _Atomic uint32_t kind; /* enum run_kind */
    _Atomic uint32_t points_done;
    _Atomic bool stop;    /* of the supervisor: end soon */
    uint32_t again_leaf;  /* RUN_AGAIN */
    uint64_t brute_image; /* RUN_BRUTE */
    uint32_t died_as; /* enum run_kind of the run whose worker died, its outcome is in the slot */
    bool approximate; /* some path may name items that no recovery looked at */
    uint64_t recoveries, brute_recoveries, point_recoveries;
    uint64_t wrong; /* recoveries whose outcome is a violation where it was first met */
    int error;      /* of the worker: the search cannot go on */
    struct image_path path;
    struct recovery_slot slot;
};

struct search {
    const struct fsim_subject *subject;
    const struct fsim_options *options; /* with all defaults filled in */
    fsim_trace_t *trace;
    struct levels *levels;                         /* the last is searched */
    struct frontier *frontier;                     /* NULL: this is the last one */
    uint64_t recoveries_before, violations_before; /* at other depths */
    double covered_before;
    fsim_cursor_t *cursor; /* of that level; each process moves its own */
    const struct fsim_crash_point *points;
    size_t point_count;
    const char *directory; /* for images, of workers */

    struct tree *tree;
    struct outcomes *outcomes;
    struct brute *brute;
    struct point_result *results;
    struct search_progress *progress;
};

/* The options with the zeros that mean a default replaced by it. */
struct fsim_options options_with_defaults(const struct fsim_options *options);

/* Whether the options ask for this crash point. */
bool search_selects(const struct search *search, const struct fsim_crash_point *point);

/* Whether all crash states of the cursor's point are to be recovered one by one. */
bool search_enumerates(const struct search *search);

/* Puts the cursor at a crash point. */
int search_seek(struct search *search, size_t point);

/* Goes on from progress->points_done; does not return. */
_Noreturn void worker_main(struct search *search, const char *directory);

struct judge;

/* Runs workers until all points are judged, or something stops that. Fills the summary's numbers.
 */
int supervise(struct search *search, struct judge *judge, struct fsim_summary *summary);

/* verdict.c */
/*
 * The verdict on an outcome at the cursor's point as far as it can be told without inspecting the
 * evidence, which only the supervisor does.
 */
enum fsim_verdict judge_plainly(const fsim_trace_t *trace, const fsim_cursor_t *cursor,
                                const struct fsim_outcome *outcome);

/* Whether the plain verdict is one that the evidence may still overturn. */
static inline bool judge_inspects(enum fsim_verdict verdict)
{
    return verdict == FSIM_LEGAL || verdict == FSIM_ROLLBACK;
}

/* judge.c */
int judge_new(struct search *search, struct judge **judge);
void judge_free(struct judge *judge);

/* The search is at its next level, and has a summary for it. */
int judge_begin(struct judge *judge, struct fsim_summary *summary);

/* The whole verdict on an outcome at the cursor's point: an enum fsim_verdict, or a negative code
 * if its evidence cannot be inspected. *finding says which invariant is broken, or is "". */
int64_t judge_outcome(struct judge *judge, uint32_t number, const char **finding);

struct search *judge_search(const struct judge *judge);

/* Reports the next point in order, which the worker has finished. */
int judge_point(struct judge *judge, size_t index);

#endif
