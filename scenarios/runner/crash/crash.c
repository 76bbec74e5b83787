/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <faultsim/kill.h>
#include <faultsim/reduce.h>
#include <pma/fault_points.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crash_parts.h"
#include "findings/finding.h"
#include "findings/verdict.h"
#include "output/text.h"

enum { PROGRESS_NANOSECONDS = 100000000 };

/* ---- what the recording says ---- */

static void count_event(struct crash *crash, const fsim_trace_t *trace,
                        const struct fsim_event *event)
{
    bool planned = event->kind == FSIM_EV_CALL || event->kind == FSIM_EV_POINT;
    if (planned && event->rule > 0)
        crash->report->fired[event->rule - 1]++;
    if (event->kind != FSIM_EV_POINT)
        return;
    size_t index = catalog_point_find(fsim_trace_string(trace, event->name));
    if (index < CATALOG_POINT_COUNT)
        crash->report->coverage[index].hits++;
}

/* Recordings that differ in nothing that a crash could tell apart are searched once. */
static bool is_new(struct digests *known, struct fsim_digest digest)
{
    for (size_t i = 0; i < known->count; i++)
        if (fsim_digest_equal(known->list[i], digest))
            return false;
    known->list = need(realloc(known->list, (known->count + 1) * sizeof *known->list));
    known->list[known->count++] = digest;
    return true;
}

void crash_count_events(struct crash *crash, const fsim_trace_t *trace)
{
    for (size_t i = 0; i < fsim_trace_events(trace); i++)
        count_event(crash, trace, fsim_trace_event(trace, i));
}

static bool on_trace(void *sink, const fsim_trace_t *trace, const struct fsim_crash_point *points,
                     size_t count)
{
    struct crash *crash = sink;
    bool fired = false;
    if (crash->swept && !is_new(&crash->searched, fsim_trace_digest(trace)))
        return false;
    if (subject_check_trace(crash->subject, trace, crash->broken_rule, sizeof crash->broken_rule) >
        0)
        crash->broken_timeline =
            need(subject_recording_timeline(crash->subject, trace, crash->broken_rule));
    else
        crash->broken_rule[0] = '\0';
    crash->trace = trace;
    if (crash->swept)
        return true;
    crash_count_events(crash, trace);
    for (size_t i = 0; i < FSIM_PLAN_RULES; i++)
        fired |= crash->report->fired[i] > 0;
    if (crash->options->on_trace)
        crash->options->on_trace(crash->options->context, trace);
    return !crash->options->only_record && (fired || !crash->options->only_if_fired);
}

/* ---- what the search says ---- */

static struct crash_total *total_for(struct crash_report *report, const char *where)
{
    for (size_t i = 0; i < report->total_count; i++)
        if (strcmp(report->totals[i].where, where) == 0)
            return &report->totals[i];
    size_t count = report->total_count + 1;
    report->totals = need(realloc(report->totals, count * sizeof *report->totals));
    struct crash_total *total = &report->totals[report->total_count++];
    *total = (struct crash_total){0};
    snprintf(total->where, sizeof total->where, "%s", where);
    return total;
}

static void on_point(void *sink, const struct fsim_point_report *point)
{
    struct crash *crash = sink;
    if (point->depth > 1)
        return;
    if (crash->map && !crash->swept)
        playmap_add(crash->map, crash->trace, point);
    struct crash_total *total = total_for(crash->report, point->where);
    size_t index = catalog_point_find(point->where);
    if (index < CATALOG_POINT_COUNT)
        crash->report->coverage[index].crashed_at++;
    total->points++;
    total->recoveries += point->recoveries;
    total->nanoseconds += point->nanoseconds;
    total->states += point->covered;
    for (size_t i = 0; i < FSIM_VERDICT_COUNT; i++)
        total->paths[i] += point->by_verdict[i];
}

static uint64_t nanoseconds_since(const struct timespec *then, const struct timespec *now)
{
    return (uint64_t)(now->tv_sec - then->tv_sec) * 1000000000u +
           (uint64_t)(now->tv_nsec - then->tv_nsec);
}

static void on_progress(void *sink, const struct fsim_progress *progress)
{
    struct crash *crash = sink;
    struct timespec now;
    if (*crash->options->stop)
        crash->stop = 1;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (!crash->options->on_progress ||
        nanoseconds_since(&crash->last_progress, &now) < PROGRESS_NANOSECONDS)
        return;
    crash->last_progress = now;
    struct fsim_progress sum = *progress;
    if (crash->swept) {
        sum.recoveries += crash->report->summary.recoveries;
        sum.violations += crash->report->summary.violations;
        sum.states += crash->report->summary.covered;
    }
    crash->options->on_progress(crash->options->context, &sum);
}

bool crash_is_first(const struct crash *crash, const struct fsim_kind *kind)
{
    for (size_t i = 0; i < crash->target_count; i++)
        if (fsim_kind_equal(&crash->targets[i].kind, kind))
            return false;
    return true;
}

bool crash_wants(struct crash *crash, const struct fsim_kind *kind)
{
    const struct fsim_kind *only = crash->options->only;
    if (!only)
        return true;
    if (crash->report->found || !fsim_kind_equal(kind, only))
        return false;
    crash->report->found = true;
    crash->stop = 1;
    return true;
}

void crash_report(struct crash *crash, const struct fsim_kind *kind, const char *where,
                  uint64_t step, const struct results_violation *violation)
{
    if (crash_is_first(crash, kind)) {
        size_t count = crash->target_count + 1;
        crash->targets = need(realloc(crash->targets, count * sizeof *crash->targets));
        struct shrink_target *target = &crash->targets[crash->target_count++];
        *target =
            (struct shrink_target){.kind = *kind, .number = crash->reported, .last_step = step};
        if (crash->plan)
            target->plan = *crash->plan;
        snprintf(target->where, sizeof target->where, "%s", where);
    }
    crash->options->on_violation(crash->options->context, crash->reported++, violation);
}

static struct fsim_reduction *reduce(const struct crash *crash,
                                     const struct fsim_violation *violation)
{
    struct fsim_reduction *reduction = NULL;
    if (!crash->options->shrink_pages)
        return NULL;
    int error = fsim_reduce(violation, (uint32_t)crash->options->shrink_ms, &reduction);
    if (error && error != -ENOTSUP)
        complain("a violation cannot be reduced: %s", strerror(-error));
    return reduction;
}

static void on_violation(void *sink, const struct fsim_violation *violation)
{
    struct crash *crash = sink;
    struct fsim_reduction *reduction = NULL;
    struct finding finding;
    struct fsim_kind kind =
        fsim_kind_of(violation->verdict, violation->outcome, violation->finding);
    if (!crash_wants(crash, &kind) || !crash->options->on_violation)
        return;
    bool first = crash_is_first(crash, &kind);
    if (!first && crash->kept[violation->verdict] >= CRASH_KEPT)
        return;
    crash->kept[violation->verdict]++;
    if (first)
        reduction = reduce(crash, violation);
    /* The crash that the workload saw; others may have followed. */
    const struct fsim_crash_point *crashed =
        violation->earlier_count > 0 ? violation->earlier[0].point : violation->point;
    int error =
        finding_make(crash->subject, violation, reduction, crash->options->lasting, &finding);
    if (error)
        complain("a violation cannot be kept: %s", strerror(-error));
    finding.stored.fault = crash->fault;
    if (crash->options->kill)
        finding.stored.measured =
            "nothing: a real kill left this one file, and none beside it that it might have left";
    if (!error)
        crash_report(crash, &kind, fsim_trace_string(violation->trace, crashed->where),
                     crashed->step, &finding.stored);
    finding_release(&finding);
    fsim_reduction_free(reduction);
}

/* ---- the whole ---- */

/* Whether a plan has libc calls fail, of the run or of a step. */
static bool fails_calls(const struct play *play, const struct crash_options *options)
{
    static const char family[] = "call/";
    for (size_t i = 0; options->plan && i < options->plan->count; i++)
        if (strncmp(options->plan->rules[i].point, family, sizeof family - 1) == 0)
            return true;
    for (size_t i = 0; i < play->scenario->step_count; i++)
        if (play->scenario->steps[i].fault && strstr(play->scenario->steps[i].fault, family))
            return true;
    return false;
}

results_oracle_t *crash_oracle(void)
{
    char message[512] = "";
    results_oracle_t *oracle = NULL;
    int error = results_oracle_new(&oracle, message, sizeof message);
    if (error)
        complain("%s", message[0] ? message : strerror(-error));
    return oracle;
}

/* After skipped calls nothing can be demanded of the arena that went on; after failed ones, much.
 */
static struct subject_faults faults_of(const struct fsim_plan *plan)
{
    struct subject_faults faults = {.judged = plan && plan->count > 0};
    for (size_t i = 0; plan && i < plan->count; i++) {
        const struct fsim_rule *rule = &plan->rules[i];
        faults.judged &= rule->action != FSIM_ACTION_SKIP;
        faults.cuts |= rule->action == FSIM_ACTION_SHORT;
        faults.once = plan->count == 1 && rule->hit > 0 && !rule->and_later;
    }
    return faults;
}

/* A sweep records often: in memory, and a recording that takes so much longer than the one without
 * a fault will not end. */
static uint32_t record_limit(const struct crash *crash)
{
    enum { AT_LEAST_MS = 10000, TIMES = 20 };
    uint64_t usual = crash->options->record_limit_ms;
    uint64_t swept = AT_LEAST_MS + TIMES * crash->base_nanoseconds / 1000000;
    return (uint32_t)(crash->swept && swept < usual ? swept : usual);
}

static void set_plan(struct crash *crash, const struct fsim_plan *plan)
{
    crash->plan = plan;
    crash->fault[0] = '\0';
    if (plan)
        fsim_plan_format(plan, crash->fault, sizeof crash->fault);
}

int crash_play(struct crash *crash, const struct fsim_plan *plan, struct fsim_summary *summary)
{
    const struct crash_options *options = crash->options;
    const struct fsim_subject *subject = subject_faultsim(crash->subject);
    struct subject_faults faults = faults_of(plan);
    struct fsim_options explore = {
        .model = crash->play->model,
        .search = options->search,
        .grain = options->grain,
        .depth = (uint32_t)options->depth,
        .bound = options->bound,
        .brute_limit = options->brute_limit,
        .tear_limit = (uint32_t)options->tear_limit,
        .isolate = options->isolate,
        .fates = crash->map && !crash->swept,
        .seed = options->seed,
        .time_limit_ms = (uint32_t)options->time_limit_ms,
        .points = options->points,
        .plan = plan,
        .after_rule = crash->swept ? 1 : 0,
        .skip_code = PMA_FAULT_SKIP,
        .stop = &crash->stop,
        .record_limit_ms = record_limit(crash),
        .work_directory = options->work,
        .in_memory = crash->swept || options->only_record,
        .max_violations = options->max_violations,
        .sink = crash,
        .on_progress = on_progress,
        .on_point = on_point,
        .on_violation = on_violation,
        .on_trace = on_trace,
        .on_mishap = recorded_mishap,
    };
    set_plan(crash, plan);
    faults.judged &= !options->kill;
    crash->broken_rule[0] = '\0';
    crash->went_wrong = false;
    subject_set_faults(crash->subject, &faults);
    const struct fsim_kills kills = {.count = options->kills,
                                     .captured = fails_calls(crash->play, options)};
    int error = options->here   ? fsim_record_here(subject, &explore, summary)
                : options->kill ? fsim_kill_test(subject, &explore, &kills, summary)
                                : fsim_crash_test(subject, &explore, summary);
    if (error && *subject_failure(crash->subject))
        snprintf(summary->error, sizeof summary->error, "%s", subject_failure(crash->subject));
    if (error && crash->went_wrong) {
        summary->error[0] = '\0';
        error = 0;
    }
    if (!error && *crash->broken_rule && summary->violations == 0)
        recorded_broken_rule(crash);
    free(crash->broken_timeline);
    crash->broken_timeline = NULL;
    return error;
}

/* With the fault that was there, and no other. */
static void shrink_target(const struct crash *crash, const struct shrink_target *target)
{
    struct crash_options options = *crash->options;
    options.sweep = CATALOG_SWEEP_NONE;
    options.plan = target->plan.count > 0 ? &target->plan : NULL;
    shrink_steps(crash->play, &options, target);
}

void crash_scenario(const struct play *play, const struct crash_options *options,
                    struct crash_report *report)
{
    struct crash crash = {
        .options = options,
        .play = play,
        .report = report,
        .stop = *options->stop,
    };
    struct fsim_summary *summary = &report->summary;
    *report = (struct crash_report){0};
    struct subject_options subject_options = {
        .input = options->input,
        .oracle = options->oracle,
        .copying = play->copying,
        .model = play->model,
    };
    report->error = subject_new(play->scenario, &subject_options, &crash.subject);
    if (report->error) {
        snprintf(summary->error, sizeof summary->error, "cannot be prepared: %s",
                 strerror(-report->error));
        return;
    }
    if (options->map)
        crash.map = playmap_new();
    report->error = crash_play(&crash, options->plan, summary);
    if (crash.map)
        report->map = playmap_text(crash.map);
    playmap_free(crash.map);
    crash.map = NULL;
    if (!report->error && !summary->interrupted && !crash.went_wrong)
        crash_sweep(&crash);
    free(crash.searched.list);
    subject_free(crash.subject);
    bool over = report->error || *options->stop;
    for (size_t i = 0; i < crash.target_count && options->shrink_steps && !over; i++)
        shrink_target(&crash, &crash.targets[i]);
    free(crash.targets);
}

void crash_report_release(struct crash_report *report)
{
    free(report->totals);
    free(report->map);
    *report = (struct crash_report){0};
}

/* ---- as messages: sender and receiver are the same program, so structs travel as they are ---- */

void crash_put_report(struct message *message, const struct crash_report *report)
{
    message_put_bytes(message, report, sizeof *report);
    message_put_bytes(message, report->totals, report->total_count * sizeof *report->totals);
    message_put_text(message, report->map ? report->map : "");
}

bool crash_get_report(struct message *message, struct crash_report *report)
{
    const void *totals;
    const char *map;
    size_t bytes;
    if (!message_get_exactly(message, report, sizeof *report))
        return false;
    report->totals = NULL;
    report->map = NULL;
    if (!message_get_bytes(message, &totals, &bytes) ||
        bytes != report->total_count * sizeof *report->totals || !message_get_text(message, &map))
        return false;
    report->totals = need(malloc(bytes + 1));
    memcpy(report->totals, totals, bytes);
    report->map = *map ? need_copy(map) : NULL;
    return true;
}
