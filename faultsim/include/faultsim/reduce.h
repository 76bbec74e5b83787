/* SPDX-License-Identifier: MIT */
/*
 * Making a violation small: which pages must differ from a legal crash state for it to show.
 * docs/violations.md tells how.
 */
#ifndef FAULTSIM_REDUCE_H
#define FAULTSIM_REDUCE_H

#include <faultsim/explore.h>

/*
 * Leaves out of a list whatever a property does not need (delta debugging): halves first, then
 * ever smaller pieces, until no single member can go. `holds` says of a selection whether it has
 * the property: above zero yes, 0 no, below zero: look no further. The whole list is taken to have
 * it. `members` keeps its order and is shortened to *count. Returns 0, or what `holds` stopped
 * with; the list is a valid one either way.
 */
typedef int fsim_holds(void *context, const size_t *members, size_t count);
int fsim_minimize(size_t *members, size_t *count, fsim_holds *holds, void *context);

/* What makes two violations the same for somebody who looks for the cause: the verdict, and the
 * invariant that is broken or the signal that recovery died of. */
struct fsim_kind {
    enum fsim_verdict verdict;
    int32_t code;
    char rule[64];
};
struct fsim_kind fsim_kind_of(enum fsim_verdict verdict, const struct fsim_outcome *outcome,
                              const char *finding);
bool fsim_kind_equal(const struct fsim_kind *a, const struct fsim_kind *b);

/* The legal state that a violation is measured against, in the order of preference. */
#define FSIM_BASES(X)                                                                              \
    X(FSIM_BASE_NONE, "none")                                                                      \
    X(FSIM_BASE_LATEST, "all that was written had reached the disk")                               \
    X(FSIM_BASE_EARLIEST, "nothing that no sync had made durable had reached the disk")            \
    X(FSIM_BASE_ACKNOWLEDGED, "the files were as when success was last reported")

enum fsim_base {
#define FSIM_BASE_ID(id, help) id,
    FSIM_BASES(FSIM_BASE_ID)
#undef FSIM_BASE_ID
};
const char *fsim_base_help(enum fsim_base base);

struct fsim_difference {
    struct fsim_item item;
    uint64_t value, legal; /* here, and in the legal state */
};

/*
 * What came of it. With FSIM_BASE_LATEST and FSIM_BASE_EARLIEST `violation` is another crash state
 * of the same crash point, of the same kind, that differs from a legal crash state in
 * `differences` alone. Where both are violations themselves, the file contents at the last
 * acknowledgement are a legal state that the crash point does not admit: `violation` is the one
 * given then, and putting the differences into those files is enough to see it. FSIM_BASE_NONE:
 * that is no legal state either.
 */
struct fsim_reduction {
    enum fsim_base base;
    struct fsim_violation violation;
    const struct fsim_difference *differences;
    size_t difference_count;
    uint64_t states, recoveries; /* tried; of these recovered for it, the rest were known */
    bool out_of_time;
};

/*
 * Within fsim_options.on_violation only. The violation given must live as long as the reduction. 0,
 * or a negative code: no memory, the evidence cannot be inspected, or -ENOTSUP for a violation that
 * no search has found.
 */
int fsim_reduce(const struct fsim_violation *violation, uint32_t time_limit_ms,
                struct fsim_reduction **reduction);
void fsim_reduction_free(struct fsim_reduction *reduction);

#endif
