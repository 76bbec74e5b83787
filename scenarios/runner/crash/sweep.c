/* SPDX-License-Identifier: MIT */
/*
 * A sweep: the play is recorded again with each fault at its first hit, its second and so on, until
 * a recording does not meet it: once failing, then failing from there on.
 */
#include "crash_parts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct sweep {
    struct crash *crash;
    /* How often the recording without a fault made each call, and hit each point. */
    uint64_t calls[FSIM_CALL_COUNT], hits[CATALOG_POINT_COUNT];
};

enum answer { MET, PAST, STOP };

static void add_summary(struct fsim_summary *sum, const struct fsim_summary *one)
{
    sum->crash_points += one->crash_points;
    sum->paths += one->paths;
    sum->recoveries += one->recoveries;
    sum->violations += one->violations;
    sum->images_twice += one->images_twice;
    sum->states += one->states;
    sum->covered += one->covered;
    sum->compared_points += one->compared_points;
    sum->compared_states += one->compared_states;
    sum->brute_recoveries += one->brute_recoveries;
    sum->disagreements += one->disagreements;
    sum->record_nanoseconds += one->record_nanoseconds;
    sum->explore_nanoseconds += one->explore_nanoseconds;
    if (one->memory_bytes > sum->memory_bytes)
        sum->memory_bytes = one->memory_bytes;
    for (size_t i = 0; i < sizeof sum->nested / sizeof *sum->nested; i++) {
        sum->nested[i].crash_points += one->nested[i].crash_points;
        sum->nested[i].paths += one->nested[i].paths;
        sum->nested[i].recoveries += one->nested[i].recoveries;
        sum->nested[i].violations += one->nested[i].violations;
        sum->nested[i].states += one->nested[i].states;
        sum->nested[i].covered += one->nested[i].covered;
    }
    sum->complete &= one->complete;
    sum->interrupted |= one->interrupted;
}

static enum answer play_fault(struct crash *crash, const struct fsim_rule *fault)
{
    const struct crash_options *options = crash->options;
    struct crash_report *report = crash->report;
    struct fsim_summary summary, *sum = &report->summary;
    /* The first of several rules for a hit has it. */
    struct fsim_plan plan = {.count = 1, .rules = {*fault}};
    for (size_t i = 0; options->plan && i < options->plan->count; i++)
        plan.rules[plan.count++] = options->plan->rules[i];
    report->error = crash_play(crash, &plan, &summary);
    add_summary(sum, &summary);
    bool met = summary.fired[0] > 0;
    report->recordings += met;
    if (report->error)
        snprintf(sum->error, sizeof sum->error, "%.80s: %.160s", crash->fault, summary.error);
    if (options->max_violations && sum->violations >= options->max_violations)
        sum->interrupted = true;
    if (report->error || sum->interrupted || *options->stop)
        return STOP;
    return met ? MET : PAST;
}

/* Returns false to end the sweep, as all of these do. */
static bool play_all_hits(struct crash *crash, struct fsim_rule fault)
{
    enum answer answer = MET;
    for (fault.hit = 1; answer == MET; fault.hit++)
        answer = play_fault(crash, &fault);
    return answer != STOP;
}

/* `failure` as in fsim_calls. A call that is interrupted is not so for ever. */
static bool play_failure(struct crash *crash, const char *point, int failure)
{
    struct fsim_rule fault = {
        .action = failure == FSIM_SHORT ? FSIM_ACTION_SHORT : FSIM_ACTION_ERROR,
        .error = failure == FSIM_SHORT ? 0 : failure,
    };
    snprintf(fault.point, sizeof fault.point, "%s", point);
    if (!play_all_hits(crash, fault))
        return false;
    fault.and_later = 1;
    return failure == EINTR || play_all_hits(crash, fault);
}

static bool play_failures(struct crash *crash, const char *point, const int *usual, size_t count)
{
    const struct catalog_errors *errors = crash->options->errors;
    const int *failures = usual;
    bool goes_on = true;
    if (errors && errors->count > 0) {
        failures = errors->errors;
        count = errors->count;
    }
    for (size_t i = 0; goes_on && i < count && failures[i] != 0; i++)
        goes_on = play_failure(crash, point, failures[i]);
    return goes_on;
}

static bool is_sync(unsigned call)
{
    return call == FSIM_CALL_FSYNC || call == FSIM_CALL_FDATASYNC || call == FSIM_CALL_MSYNC;
}

static bool sweep_calls(const struct sweep *sweep, enum catalog_sweep kind)
{
    /* That a sync fails is what counts, and EIO says so: this sweep is to be cheap. */
    size_t ways = kind == CATALOG_SWEEP_SYNCS ? 1 : FSIM_CALL_WAYS;
    bool goes_on = true;
    for (unsigned call = 0; goes_on && call < FSIM_CALL_COUNT; call++)
        if (sweep->calls[call] > 0 && (kind != CATALOG_SWEEP_SYNCS || is_sync(call)))
            goes_on = play_failures(sweep->crash, fsim_calls[call].point, fsim_calls[call].failures,
                                    ways);
    return goes_on;
}

static bool sweep_points(const struct sweep *sweep)
{
    bool goes_on = true;
    for (size_t i = 0; goes_on && i < CATALOG_POINT_COUNT; i++)
        if (sweep->hits[i] > 0)
            goes_on =
                play_failures(sweep->crash, catalog_points[i].name, &catalog_points[i].error, 1);
    return goes_on;
}

void crash_sweep(struct crash *crash)
{
    struct crash_report *report = crash->report;
    struct sweep sweep = {.crash = crash};
    enum catalog_sweep kind = crash->options->sweep;
    bool goes_on = true;
    memcpy(sweep.calls, report->summary.calls, sizeof sweep.calls);
    for (size_t i = 0; i < CATALOG_POINT_COUNT; i++)
        sweep.hits[i] = report->coverage[i].hits;
    crash->base_nanoseconds = report->summary.record_nanoseconds;
    crash->swept = true;
    if (kind != CATALOG_SWEEP_NONE && kind != CATALOG_SWEEP_POINTS)
        goes_on = sweep_calls(&sweep, kind);
    if (goes_on && (kind == CATALOG_SWEEP_POINTS || kind == CATALOG_SWEEP_ALL))
        sweep_points(&sweep);
    report->searched = crash->searched.count;
    report->summary.complete &= !report->summary.interrupted;
}
