/* SPDX-License-Identifier: MIT */
/*
 * What a run came to, as far as it can get worse: what was played and how far, which fault points
 * were hit, what was found, which barriers the self-test saw missing. It comes from a database or
 * from a baseline file.
 */
#ifndef LEDGER_H
#define LEDGER_H

#include <faultsim/explore.h>
#include <results/results.h>

enum ledger_extent { LEDGER_COMPLETE, LEDGER_PARTIAL, LEDGER_FAILED, LEDGER_NOT_PLAYED };

/* What they are called in a baseline file. */
extern const char *const ledger_extents[];

/* A scenario in one way of copying, under one model. */
struct ledger_play {
    const char *scenario, *copying, *model;
    enum ledger_extent extent;
    uint64_t crash_points[FSIM_DEEPEST]; /* by depth */
    uint64_t recordings;                 /* of a sweep */
    const char *file, *error;            /* of a run; NULL in a baseline file */
    uint64_t milliseconds;
    unsigned line; /* in the baseline file; 0 in a run */
};

/* A fault point of the library that was hit. */
struct ledger_point {
    const char *name;
    bool crashed; /* recovery was tested there */
    unsigned line;
};

/* Violations of one kind in one play. */
struct ledger_violation {
    const char *scenario, *copying, *model, *verdict, *invariant, *fault;
    uint64_t count;
    const char *headline; /* of the first one, NULL in a baseline file */
    int64_t id;
    bool known; /* a baseline tolerates it */
    unsigned line;
};

/* A barrier that the self-test skipped. */
struct ledger_barrier {
    const char *name, *copying;
    bool caught;
    const char *oracle, *scenario; /* which one noticed, and where */
    uint64_t milliseconds;
    unsigned line;
};

struct ledger {
    char *path;            /* of the database or the file */
    int64_t run, selftest; /* 0: none */
    char *started, *host;  /* of a run */
    uint64_t milliseconds;
    struct ledger_play *plays;
    struct ledger_point *points;
    struct ledger_violation *violations;
    struct ledger_barrier *barriers;
    size_t play_count, point_count, violation_count, barrier_count;
};

/* Copies what it is given, texts included. */
void ledger_add_play(struct ledger *ledger, const struct ledger_play *play);
void ledger_add_point(struct ledger *ledger, const struct ledger_point *point);
void ledger_add_violation(struct ledger *ledger, const struct ledger_violation *violation);
void ledger_add_barrier(struct ledger *ledger, const struct ledger_barrier *barrier);

/* NULL if there is none. */
struct ledger_play *ledger_play(const struct ledger *ledger, const char *scenario,
                                const char *copying, const char *model);
struct ledger_point *ledger_point(const struct ledger *ledger, const char *name);
struct ledger_violation *ledger_violation(const struct ledger *ledger,
                                          const struct ledger_violation *like);
struct ledger_barrier *ledger_barrier(const struct ledger *ledger, const char *name,
                                      const char *copying);

/* Reads a run and a self-test (0: none) of a database. Complains and returns false if it cannot;
 * ledger_release either way. */
bool ledger_read(results_t *results, const char *path, int64_t run, int64_t selftest,
                 struct ledger *ledger);

/* The latest self-test over all scenarios, 0 if there is none. Complains and returns false. */
bool ledger_latest_selftest(results_t *results, int64_t *selftest);

struct ledger_sum {
    uint64_t plays, partial, failed, crash_points, violations, caught;
};
struct ledger_sum ledger_sum(const struct ledger *ledger);

/* In an order of its own, whatever it was read from. */
void ledger_sort(struct ledger *ledger);
void ledger_release(struct ledger *ledger);

/* "create", "create (lazy)", "create (lazy, torn)": as catalog_play_name. free() it. */
char *ledger_play_name(const char *scenario, const char *copying, const char *model);

#endif
