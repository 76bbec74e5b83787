/* SPDX-License-Identifier: MIT */
/*
 * The explorer: records a subject once, then recovers every crash state that its trace admits, and
 * judges each.
 *
 *     static int body(void *context, const char *directory);
 *     static void recover(void *context, const char *directory, struct fsim_outcome *outcome);
 *
 *     struct fsim_subject subject = {.name = "counter", .record = body, .recover = recover};
 *     struct fsim_options options = {.model = FSIM_POWER_LOSS};
 *     struct fsim_summary summary;
 *     int error = fsim_crash_test(&subject, &options, &summary);
 *     assert(error == 0 && summary.violations == 0 && summary.complete);
 *
 * The body makes states and marks them (capture.h). Before its first call on a file it acknowledges
 * the state that it starts from, FSIM_ABSENT if that is none: until a mark says otherwise, nothing
 * is legal. tests/integration/explore_example.c has all of it.
 */
#ifndef FAULTSIM_EXPLORE_H
#define FAULTSIM_EXPLORE_H

#include <faultsim/calls.h>
#include <faultsim/capture.h>
#include <faultsim/model.h>
#include <faultsim/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a recovery came to. */
#define FSIM_STATUSES(X)                                                                           \
    X(FSIM_RECOVERED, "recovered", "the store opened; `state` says what it holds")                 \
    X(FSIM_REFUSED, "refused", "the store would not open or said that it is damaged")              \
    X(FSIM_NOT_ALIVE, "not-alive",                                                                 \
      "opened, but does not take more work, or opening it again differs")                          \
    X(FSIM_CRASHED, "crashed", "the recovery was killed by a signal or exited")                    \
    X(FSIM_HUNG, "hung", "the recovery passed its time limit")

enum fsim_status {
#define FSIM_STATUS_ID(id, name, help) id,
    FSIM_STATUSES(FSIM_STATUS_ID)
#undef FSIM_STATUS_ID
};

/*
 * Filled by `recover`, in shared memory: plain values, no pointers. Starts zeroed.
 * "No store of that name" is FSIM_RECOVERED with the state FSIM_ABSENT.
 */
struct fsim_outcome {
    uint32_t status; /* enum fsim_status */
    int32_t code;    /* the store's error code, or the signal */
    /* With FSIM_REFUSED, zeros, or what the store shows to those who do not heed the refusal. */
    struct fsim_digest state;
    struct fsim_digest
        standby; /* an older whole state that the store still holds; zeros = none looked at */
    char message[192];
    uint32_t evidence_bytes; /* how much of fsim_evidence_buffer() `recover` filled: facts for
                                `inspect` */
    uint32_t reserved;
};

/* Where `recover` puts its evidence: a buffer of *capacity bytes, valid during the call. */
void *fsim_evidence_buffer(size_t *capacity);

/* What the judgement of an outcome at a crash point is. */
#define FSIM_VERDICTS(X)                                                                           \
    X(FSIM_LEGAL, "legal", "a legal state, whole and alive")                                       \
    X(FSIM_NOTICED, "noticed", "the storage was wrong, and recovery or its check said so")         \
    X(FSIM_ROLLBACK, "rollback", "the storage was wrong, and a whole state from before came back") \
    X(FSIM_V_LOST, "lost", "an older acknowledged state: acknowledged work is gone")               \
    X(FSIM_V_MIX, "mix", "a state that never was: parts of several, or garbage")                   \
    X(FSIM_V_EARLY, "early", "a state that was attempted, but neither is nor can be legal here")   \
    X(FSIM_V_STANDBY, "standby", "the older state that the store still holds is not whole")        \
    X(FSIM_V_INVARIANT, "invariant", "an invariant of the recovered store is broken")              \
    X(FSIM_V_REFUSED, "refused", "recovery refused a state that a crash can leave")                \
    X(FSIM_V_NOT_ALIVE, "not-alive", "recovered, but takes no more work")                          \
    X(FSIM_V_CRASHED, "crashed", "recovery crashed")                                               \
    X(FSIM_V_HUNG, "hung", "recovery hung")                                                        \
    X(FSIM_V_UNSTABLE, "unstable",                                                                 \
      "the same path gave two outcomes: recovery is not a function of the files")                  \
    X(FSIM_V_RECORDING, "recording", "the workload itself went wrong, before any crash")

enum fsim_verdict {
#define FSIM_VERDICT_ID(id, name, help) id,
    FSIM_VERDICTS(FSIM_VERDICT_ID)
#undef FSIM_VERDICT_ID
        FSIM_VERDICT_COUNT
};
const char *fsim_verdict_name(enum fsim_verdict verdict);
bool fsim_verdict_is_violation(enum fsim_verdict verdict);
const char *fsim_status_name(enum fsim_status status);

struct fsim_subject {
    const char *name;
    void *context;
    /* Makes what is durable before the recording starts. May be NULL. Runs in the recording's
     * process. 0 or a negative code. */
    int (*setup)(void *context, const char *directory);
    /* The workload, recorded. 0, or a negative code that ends the exploration ("the workload itself
     * failed"). */
    int (*record)(void *context, const char *directory);
    /* Opens what a crash left in `directory` and says what it found. Runs many times per process,
     * in one thread; a function of those files alone; must free what it takes. */
    void (*recover)(void *context, const char *directory, struct fsim_outcome *outcome);
    /*
     * Judges the evidence of a recovery, once per distinct evidence, in the supervising process.
     * NULL = nothing to inspect. Returns 0 if it holds, 1 and a sentence ("invariant-name: what")
     * if not, or a negative code.
     */
    int (*inspect)(void *context, const void *evidence, size_t bytes, char *finding,
                   size_t finding_bytes);
    /*
     * For fsim_options.depth: opens what a crash left, as `recover` does, and goes on with some
     * work, recorded. It acknowledges the state that opening returned, without a payload, and marks
     * what it makes itself. It must look at nothing that `recover` does not look at. 0, or a
     * negative code that ends the exploration. May be NULL.
     */
    int (*resume)(void *context, const char *directory);
};

/* How a workload went wrong of itself, without any crash. Plain values but for `what`. */
struct fsim_mishap {
    uint32_t status; /* FSIM_CRASHED, FSIM_HUNG, FSIM_REFUSED: it returned an error; else none */
    int32_t code;    /* the signal, 0 if it exited; or the error */
    uint32_t step;   /* that it was at */
    const char *what;
};

enum fsim_search {
    FSIM_LAZY,    /* decide on first touch: complete, the default */
    FSIM_BRUTE,   /* every crash state of every point that has at most brute_limit */
    FSIM_COMPARE, /* both, and demand the same verdict for every state */
    FSIM_BOUNDED, /* lazy, at most `bound` recoveries a crash point */
    FSIM_RANDOM,  /* `bound` crash states a point, drawn with `seed` */
};

struct fsim_progress {
    uint32_t depth; /* of the crash points that are searched now */
    size_t point, points;
    uint64_t recoveries, violations;
    double states; /* covered so far */
};

/* What the crash states of a crash point did to an item: bits. */
enum {
    FSIM_FATE_THERE = 1, /* it exists in some of them */
    FSIM_FATE_OPEN = 2,  /* it may have one of several values */
    FSIM_FATE_SEEN = 4,  /* a recovery looked at it when it was open, here or earlier */
    FSIM_FATE_KEPT = 8,  /* a violation has its latest value */
    FSIM_FATE_LOST = 16, /* a violation has another */
};
struct fsim_fate {
    struct fsim_item item;
    uint32_t what;
};

/* One crash point, when its search is over. */
struct fsim_point_report {
    const struct fsim_crash_point *point;
    uint32_t depth; /* crashes in a row, this one included */
    const char *where;
    uint64_t states; /* as fsim_cursor_states */
    double log2_states;
    double covered;      /* crash states covered: = states when complete */
    uint64_t paths;      /* leaves of the decision tree that this point admits: what was judged */
    uint64_t recoveries; /* of these, run for this point */
    uint64_t by_verdict[FSIM_VERDICT_COUNT]; /* paths by verdict */
    bool complete;
    uint64_t nanoseconds;
    /* If the options ask for them, at depth 1: of all items that the recording ever writes. */
    const struct fsim_fate *fates;
    size_t fate_count;
};

/* A crash that others followed. */
struct fsim_crash {
    const struct fsim_crash_point *point;
    bool killed; /* the process died, and the machine went on */
};

/* A path whose outcome is judged a violation; reported once per leaf, at the first crash point that
 * admits it. */
struct fsim_violation {
    const struct fsim_crash_point *point;
    /* The crashes before, of which the last one's recovery this point lies in. fsim_cursor_history
     * has the events up to each. */
    const struct fsim_crash *earlier;
    size_t earlier_count;
    enum fsim_verdict verdict;
    const struct fsim_outcome *outcome;
    const void *evidence;
    const char *finding; /* of inspect, or "" */
    const fsim_trace_t *trace;
    const size_t *legal; /* marks, as fsim_cursor_legal */
    size_t legal_count;
    /* What recovery looked at, in order, and saw; and of each how many values were legal. */
    const struct fsim_item *items;
    const uint64_t *values;
    const uint32_t *candidates;
    size_t item_count;
    /* The whole crash state as files: for every name its file (looked-at items as seen, others as
     * last written). */
    const fsim_cursor_t *cursor;
    void *explorer; /* for fsim_reduce */
};

struct fsim_options {
    enum fsim_model model;
    enum fsim_search search;
    uint32_t depth;               /* crashes in a row, to FSIM_DEEPEST; 0 = 1 */
    uint64_t brute_limit;         /* 0 = 65536 */
    uint32_t tear_limit;          /* see fsim_cursor_limit_tears; 0 = 256 */
    uint64_t bound, seed;         /* bounded and random; 0 = 64, and 1 */
    bool isolate;                 /* each recovery in a process of its own */
    bool fates;                   /* fsim_point_report has them */
    enum fsim_grain grain;        /* of the recording; needs code compiled for it, see capture.h */
    uint32_t time_limit_ms;       /* a recovery; 0 = 10000 */
    uint32_t record_limit_ms;     /* setup and workload; 0 = 120000 */
    uint64_t max_recoveries;      /* 0 = none */
    const char *points;           /* glob on where; NULL = all */
    const struct fsim_plan *plan; /* faults while recording */
    /* Leave out the crash points before this rule of the plan, from 1, fires first: a recording
     * without it has them too. 0 = none. */
    uint32_t after_rule;
    uintptr_t skip_code;        /* see fsim_plan_arm */
    const char *work_directory; /* where the recording's files live; NULL = $TMPDIR or /tmp */
    bool in_memory;             /* they live in memory, unless work_directory says where */
    const volatile int *stop;   /* set by a signal handler: end soon, results so far are reported */
    uint64_t max_violations;    /* of distinct ones; end soon after so many; 0 = none */
    void *sink;
    void (*on_progress)(void *sink, const struct fsim_progress *progress);
    void (*on_point)(void *sink, const struct fsim_point_report *report);
    void (*on_violation)(void *sink, const struct fsim_violation *violation);
    /* After the recording, before the search, and says whether there is to be one; the trace is the
     * explorer's. Not called if the recording failed. */
    bool (*on_trace)(void *sink, const fsim_trace_t *trace, const struct fsim_crash_point *points,
                     size_t count);
    /* The workload or its setup failed, died or hung, which is no fault of the recorder; the trace
     * has what it did until then. The call fails all the same. */
    void (*on_mishap)(void *sink, const struct fsim_mishap *mishap, const fsim_trace_t *trace);
};

/* What the search came to at one depth from 2 on. */
struct fsim_nested {
    uint64_t power_failures, kills; /* crash states and instants from which it went on */
    uint64_t crash_points, paths, recoveries, violations;
    double states, covered;
};

/* Crash points, paths, recoveries and states are those of the first depth; the rest is of all. */
struct fsim_summary {
    uint64_t crash_points, paths, recoveries, violations; /* violations: distinct leaves */
    uint64_t images_twice;  /* recoveries of an image that had been recovered: always 0 */
    double states, covered; /* crash states summed over points */
    uint64_t compared_points, compared_states, brute_recoveries, disagreements; /* FSIM_COMPARE */
    uint64_t trace_events, trace_bytes, memory_bytes;
    uint64_t fired[FSIM_PLAN_RULES]; /* by each rule of the plan, even if the recording failed */
    uint64_t calls[FSIM_CALL_COUNT]; /* how often the recording made each */
    uint64_t record_nanoseconds, explore_nanoseconds;
    bool cut_short; /* the recording ended where the plan, or the workload itself, wanted a crash */
    bool complete, interrupted;
    struct fsim_nested nested[FSIM_DEEPEST - 1]; /* depth 2 first */
    char error[256];                             /* why fsim_crash_test failed */
};

/* Records and explores. 0, or a negative code with summary->error: the workload failed, no memory,
 * ... Violations are no error. */
int fsim_crash_test(const struct fsim_subject *subject, const struct fsim_options *options,
                    struct fsim_summary *summary);

/* Only records, in this process, which ends if the workload does; for debuggers. */
int fsim_record_here(const struct fsim_subject *subject, const struct fsim_options *options,
                     struct fsim_summary *summary);

/* Explores what was recorded before (fsim_trace_load): of the subject only `recover` and `inspect`
 * are called. */
int fsim_crash_trace(const struct fsim_subject *subject, fsim_trace_t *trace,
                     const struct fsim_options *options, struct fsim_summary *summary);

/*
 * One crash state as bytes, for storing and replaying: names, lengths and blocks of all files.
 * fsim_image_write puts it into an empty directory. fsim_replay recovers it in a child of its own
 * with the time limit, as the explorer does.
 */
int fsim_image_pack(const struct fsim_violation *violation, void **image,
                    size_t *bytes); /* free() it */
int fsim_image_write(const void *image, size_t bytes, const char *directory);
int fsim_replay(const struct fsim_subject *subject, const void *image, size_t bytes,
                uint32_t time_limit_ms, struct fsim_outcome *outcome,
                void **evidence); /* free() the evidence; it has outcome->evidence_bytes */
/* The same in this process, which ends if recovery does; for debuggers. */
int fsim_replay_here(const struct fsim_subject *subject, const void *image, size_t bytes,
                     struct fsim_outcome *outcome, void **evidence);

#ifdef __cplusplus
}
#endif

#endif
