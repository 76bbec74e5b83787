/* SPDX-License-Identifier: MIT */
/*
 * A scenario as something that faultsim can crash: the workload plays the steps on libpma and marks
 * what must survive; the oracle opens what a crash left and says what it is.
 */
#ifndef SUBJECT_H
#define SUBJECT_H

#include <faultsim/reduce.h>
#include <pma/pma.h>
#include <results/results.h>

#include "suite.h"
#include "workload.h"

struct subject;

struct subject_options {
    const char *input;        /* directory that `ingest` reads; NULL = /usr/share/common-licenses */
    results_oracle_t *oracle; /* for the invariants; borrowed; NULL = the checker's findings only */
    enum pma_copying copying; /* in the recording and in every recovery */
    enum fsim_model model;    /* of the crashes: says what a recovery may do about them */
    bool idle;                /* do not put each recovered arena to work: for measurements */
};

/* `scenario` must outlive it. The arena file is "arena.pma" in the explorer's directory. */
int subject_new(const struct scenario *scenario, const struct subject_options *options,
                struct subject **subject);
void subject_free(struct subject *subject);

/* What the plan of a recording has in store, if anything. */
struct subject_faults {
    bool judged; /* it makes calls fail: what becomes of the arena is judged, see workload_play */
    bool once;   /* one hit, and no later one */
    bool cuts;   /* a write may end in its middle: a meta page that is not valid is no finding */
};

/* Before each recording; the recoveries of what it left know of them too. */
void subject_set_faults(struct subject *subject, const struct subject_faults *faults);

/* The callbacks, ready for fsim_crash_test. */
const struct fsim_subject *subject_faultsim(struct subject *subject);

enum fsim_model subject_model(const struct subject *subject);

/* Why the workload failed, if fsim_crash_test says that it did; else "". */
const char *subject_failure(const struct subject *subject);

/* Which rule the library broke, if fsim_options.on_mishap says that the workload went wrong; NULL
 * if it is none: then the scenario could not be played. */
const struct workload_failure *subject_broken(struct subject *subject,
                                              const struct fsim_mishap *mishap);

/*
 * Whether the recording itself broke a rule that holds at every instant: a block that a valid meta
 * page reaches was written, or a file got its name before it was durable. 0, or 1 and a sentence,
 * or a negated errno. For fsim_options.on_trace.
 */
int subject_check_trace(const struct subject *subject, const fsim_trace_t *trace, char *message,
                        size_t message_bytes);

/* What a replay needs to know of the scenario, as text, and a subject made from it alone (it can
 * recover and inspect, not record). */
int subject_settings(const struct subject *subject, char *text, size_t bytes);
int subject_from_settings(const char *text, const struct subject_options *options,
                          struct subject **subject);

/*
 * A violation in words, for someone who never saw the code: what was written, synced and
 * acknowledged up to the crash (timeline), which blocks were kept and lost and what they hold (meta
 * page, directory node, page 12), what recovery returned beside what was legal, page by page.
 * `reduction` is what made the violation small, or NULL. malloc'ed.
 */
char *subject_timeline(const struct subject *subject, const struct fsim_violation *violation,
                       const struct fsim_reduction *reduction);
char *subject_explain(const struct subject *subject, const struct fsim_violation *violation,
                      const struct fsim_reduction *reduction);

/* The same of a recording without a crash: what was done until its `end`, a sentence. */
char *subject_recording_timeline(const struct subject *subject, const fsim_trace_t *trace,
                                 const char *end);

/* The rows of its evidence that break an invariant, as a table; nothing if none do. */
void subject_print_rows(const struct subject *subject, const struct fsim_violation *violation,
                        FILE *out);

#endif
