/* SPDX-License-Identifier: MIT */
/*
 * Fault plans: where (a fault point or a libc call, which hit) and what (an error, a skip, ...).
 *
 *     PLAN   = RULE {"," RULE}
 *     RULE   = POINT ["@" HIT ["+"]] [":" ACTION]
 *     POINT  = a fault point's name, a call of calls.h, or a prefix followed by "*"; only one that
 *              begins with "call/" is about calls
 *     HIT    = counts from 1 the hits of whatever POINT matches; "+" = and all later ones;
 *              none = every hit
 *     ACTION = "error" [":" ERRNO] | "skip" | "short" | "evict" | "crash"
 *              (default: error with the point's own errno)
 *
 * Of several rules that want the same hit the first one has it.
 */
#ifndef FAULTSIM_PLAN_H
#define FAULTSIM_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum fsim_action {
    FSIM_ACTION_NONE,
    FSIM_ACTION_ERROR, /* the call is not made; the code under test sees an errno */
    /* The call is not made; the code under test sees success (sabotage). Where a wildcard matches a
     * call whose result the program needs, that is made. */
    FSIM_ACTION_SKIP,
    /* The kernel is asked to write every dirty page back now; the call is made. The models admit
     * that at any time, so all it adds is the versions of this moment, as any fault point does. */
    FSIM_ACTION_EVICT,
    FSIM_ACTION_CRASH, /* the recording ends here: the process exits with FSIM_CRASH_EXIT */
    /* Calls that read or write alone: the first half of the bytes is transferred, rounded down but
     * one at least. Elsewhere (a wildcard may match more) the call is made whole. */
    FSIM_ACTION_SHORT,
};

struct fsim_rule {
    char point[64]; /* a trailing '*' matches any rest */
    uint64_t hit;   /* 0 = every hit */
    int and_later;
    enum fsim_action action;
    int error; /* positive errno, 0 = the point's default */
};

enum {
    FSIM_PLAN_RULES = 16,
    FSIM_CRASH_EXIT = 99, /* exit status of a process in which a rule says crash */
};

struct fsim_plan {
    size_t count;
    struct fsim_rule rules[FSIM_PLAN_RULES];
};

/*
 * Reads a plan. On failure returns -EINVAL and a sentence that says where and what was meant.
 * `resolve` (may be NULL) maps an alias to a point's name, or returns NULL for an unknown point; a
 * wildcard is not passed to it.
 */
int fsim_plan_parse(const char *text, const char *(*resolve)(const char *point),
                    struct fsim_plan *plan, char *message, size_t message_bytes);

/* The plan as text, in the syntax above. Returns what snprintf would. */
int fsim_plan_format(const struct fsim_plan *plan, char *text, size_t bytes);

/* Whether a rule is about the point, or call, of that name. */
bool fsim_rule_matches(const struct fsim_rule *rule, const char *point);

/*
 * Arms libfiu in this process: every hit of a fault point is recorded in the trace being recorded
 * (if any), counted, and answered by the plan (NULL = never fail); so is every call that the
 * recorder sees. `skip_code` is the failinfo by which the code under test knows a skip. Call
 * fsim_plan_disarm to end. Not thread-safe. 0, -EBUSY if a plan is armed already, -ENOMEM.
 */
int fsim_plan_arm(const struct fsim_plan *plan, uintptr_t skip_code);
void fsim_plan_disarm(void);

/*
 * More rules for a while, asked after those of the armed plan; their hits count from here on. For
 * faults that a workload wants in the middle of a recording. `plan` is copied. 0, -EBUSY if rules
 * are pushed already, -EINVAL if nothing is armed.
 */
int fsim_plan_push(const struct fsim_plan *plan);
void fsim_plan_pop(void);

/*
 * Until resumed nothing fails and nothing counts as a hit, so that a workload can look at what it
 * made by the means of the code under test. Hits of fault points are recorded as ever.
 */
void fsim_plan_pause(void);
void fsim_plan_resume(void);

/* How many times rules of the armed plan fired so far; pushed rules do not count. */
uint64_t fsim_plan_fired(void);

#ifdef __cplusplus
}
#endif

#endif
