/* SPDX-License-Identifier: MIT */
#include "crash.h"

#include <errno.h>
#include <faultsim/kill.h>
#include <pma/fault_points.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "subject.h"
#include "text.h"
#include "verdict.h"

enum { PROGRESS_NANOSECONDS = 100000000 };

struct crash {
    const struct crash_options *options;
    struct crash_report *report;
    struct subject *subject;
    const char *model;
    volatile int stop;
    uint64_t kept[FSIM_VERDICT_COUNT];
    struct timespec last_progress;
    char broken_rule[256]; /* what the recording did that is wrong without any crash */
};

/* ---- what the recording says ---- */

static uint64_t *rule_counter(struct crash *crash, const char *point, uint64_t action)
{
    const struct fsim_plan *plan = crash->options->plan;
    for (size_t i = 0; plan && i < plan->count; i++)
        if (plan->rules[i].action == (enum fsim_action)action &&
            fsim_rule_matches(&plan->rules[i], point))
            return &crash->report->fired[i];
    return NULL;
}

static void count_fired(struct crash *crash, const char *point, uint64_t action)
{
    uint64_t *fired = action == FSIM_ACTION_NONE ? NULL : rule_counter(crash, point, action);
    if (fired)
        ++*fired;
}

static void count_event(struct crash *crash, const fsim_trace_t *trace,
                        const struct fsim_event *event)
{
    const char *name = fsim_trace_string(trace, event->name);
    if (event->kind == FSIM_EV_POINT) {
        size_t index = catalog_point_find(name);
        if (index < CATALOG_POINT_COUNT)
            crash->report->coverage[index].hits++;
        count_fired(crash, name, event->value);
    } else if (event->kind == FSIM_EV_CALL) {
        char point[64];
        snprintf(point, sizeof point, "call/%s", name);
        count_fired(crash, point, event->value);
    }
}

static void on_trace(void *sink, const fsim_trace_t *trace, const struct fsim_crash_point *points,
                     size_t count)
{
    struct crash *crash = sink;
    bool fired = false;
    if (subject_check_trace(crash->subject, trace, crash->broken_rule, sizeof crash->broken_rule) <=
        0)
        crash->broken_rule[0] = '\0';
    for (size_t i = 0; i < fsim_trace_events(trace); i++)
        count_event(crash, trace, fsim_trace_event(trace, i));
    for (size_t i = 0; i < FSIM_PLAN_RULES; i++)
        fired |= crash->report->fired[i] > 0;
    if (crash->options->only_if_fired && !fired)
        crash->stop = 1;
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
    crash->options->on_progress(crash->options->context, progress);
}

/* One "DIGEST label" line for each of these marks, each state once. */
static char *state_list(const fsim_trace_t *trace, const size_t *marks, size_t count)
{
    char *list = need_copy("");
    for (size_t i = 0; i < count; i++) {
        const struct fsim_mark *mark = fsim_trace_mark(trace, marks[i]);
        char digest[DIGEST_TEXT];
        int length;
        if (verdict_label(list, verdict_digest(mark->state, digest), &length))
            continue;
        char *longer =
            need_format("%s%s %s\n", list, digest, fsim_trace_string(trace, mark->label));
        free(list);
        list = longer;
    }
    return list;
}

/* Every state that was attempted before power failed. */
static char *known_states(const fsim_trace_t *trace, size_t events)
{
    size_t count = fsim_trace_marks(trace), known = 0;
    size_t *marks = need(calloc(count + 1, sizeof *marks));
    for (size_t i = 0; i < count; i++)
        if (fsim_trace_mark(trace, i)->event < events)
            marks[known++] = i;
    char *list = state_list(trace, marks, known);
    free(marks);
    return list;
}

static void on_violation(void *sink, const struct fsim_violation *violation)
{
    struct crash *crash = sink;
    if (!crash->options->on_violation || crash->kept[violation->verdict]++ >= CRASH_KEPT)
        return;
    const struct fsim_crash_point *point = violation->point;
    char state[DIGEST_TEXT], settings[2048];
    void *image = NULL;
    size_t image_bytes = 0;
    int error = fsim_image_pack(violation, &image, &image_bytes);
    if (!error)
        error = subject_settings(crash->subject, settings, sizeof settings);
    if (error) {
        complain("a violation cannot be kept: %s", strerror(-error));
        free(image);
        return;
    }
    char *timeline = need(subject_timeline(crash->subject, violation));
    char *explanation = need(subject_explain(crash->subject, violation));
    char *legal = state_list(violation->trace, violation->legal, violation->legal_count);
    char *known = known_states(violation->trace, point->events);
    crash->options->on_violation(
        crash->options->context,
        &(struct results_violation){
            .model = crash->model,
            .verdict = fsim_verdict_name(violation->verdict),
            .status = fsim_status_name((enum fsim_status)violation->outcome->status),
            .message = violation->outcome->message,
            .finding = violation->finding,
            .where = fsim_trace_string(violation->trace, point->where),
            .side = verdict_side(point),
            .point = point->index,
            .hit = point->hit,
            .step = point->step,
            .timeline = timeline,
            .explanation = explanation,
            .legal = legal,
            .known = known,
            .state = verdict_digest(violation->outcome->state, state),
            .image = image,
            .image_bytes = image_bytes,
            .settings = settings,
        });
    free(known);
    free(legal);
    free(explanation);
    free(timeline);
    free(image);
}

/*
 * What is wrong in the recording itself is a violation without a crash state, so there is nothing
 * to replay. It is told only where no crash state shows it: that would tell more.
 */
static void report_broken_rule(struct crash *crash)
{
    crash->report->summary.violations++;
    if (!crash->options->on_violation)
        return;
    crash->options->on_violation(
        crash->options->context,
        &(struct results_violation){
            .model = crash->model,
            .verdict = fsim_verdict_name(FSIM_V_INVARIANT),
            .status = fsim_status_name(FSIM_RECOVERED),
            .message = "",
            .finding = crash->broken_rule,
            .where = "the recording",
            .side = "inside",
            .timeline = "",
            .explanation =
                "Found in what was recorded. No crash state that was searched shows it, because "
                "the model writes each block whole or not at all; a disk that is cut short in the "
                "middle of such a write leaves neither the old content nor the new.",
            .legal = "",
            .known = "",
            .state = "",
            .image = "",
            .settings = "",
        });
}

/* ---- the whole ---- */

results_oracle_t *crash_oracle(void)
{
    char message[512] = "";
    results_oracle_t *oracle = NULL;
    int error = results_oracle_new(&oracle, message, sizeof message);
    if (error)
        complain("%s", message[0] ? message : strerror(-error));
    return oracle;
}

void crash_scenario(const struct play *play, const struct crash_options *options,
                    struct crash_report *report)
{
    struct crash crash = {
        .options = options,
        .report = report,
        .model = fsim_model_name(play->model),
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
    struct fsim_options explore = {
        .model = play->model,
        .search = options->search,
        .grain = options->grain,
        .bound = options->bound,
        .brute_limit = options->brute_limit,
        .tear_limit = (uint32_t)options->tear_limit,
        .isolate = options->isolate,
        .seed = options->seed,
        .time_limit_ms = (uint32_t)options->time_limit_ms,
        .points = options->points,
        .plan = options->plan,
        .skip_code = PMA_FAULT_SKIP,
        .stop = &crash.stop,
        .record_limit_ms = (uint32_t)options->record_limit_ms,
        .work_directory = options->work,
        .max_violations = options->max_violations,
        .sink = &crash,
        .on_progress = on_progress,
        .on_point = on_point,
        .on_violation = on_violation,
        .on_trace = on_trace,
    };
    const struct fsim_subject *subject = subject_faultsim(crash.subject);
    if (options->kill)
        report->error = fsim_kill_test(subject, &explore, options->kills, summary);
    else
        report->error = fsim_crash_test(subject, &explore, summary);
    if (report->error && *subject_failure(crash.subject))
        snprintf(summary->error, sizeof summary->error, "%s", subject_failure(crash.subject));
    if (!report->error && *crash.broken_rule && summary->violations == 0)
        report_broken_rule(&crash);
    subject_free(crash.subject);
}

void crash_report_release(struct crash_report *report)
{
    free(report->totals);
    *report = (struct crash_report){0};
}

/* ---- as messages: sender and receiver are the same program, so structs travel as they are ---- */

void crash_put_report(struct message *message, const struct crash_report *report)
{
    message_put_bytes(message, report, sizeof *report);
    message_put_bytes(message, report->totals, report->total_count * sizeof *report->totals);
}

bool crash_get_report(struct message *message, struct crash_report *report)
{
    const void *totals;
    size_t bytes;
    if (!message_get_exactly(message, report, sizeof *report))
        return false;
    report->totals = NULL;
    if (!message_get_bytes(message, &totals, &bytes) ||
        bytes != report->total_count * sizeof *report->totals)
        return false;
    report->totals = need(malloc(bytes + 1));
    memcpy(report->totals, totals, bytes);
    return true;
}

/* The texts of a violation, in the order in which they travel. */
#define VIOLATION_TEXTS(X)                                                                         \
    X(model)                                                                                       \
    X(verdict)                                                                                     \
    X(status)                                                                                      \
    X(message)                                                                                     \
    X(finding) X(where) X(side) X(timeline) X(explanation) X(legal) X(known) X(state) X(settings)

void crash_put_violation(struct message *message, const struct results_violation *violation)
{
#define PUT_TEXT(field) message_put_text(message, violation->field);
    VIOLATION_TEXTS(PUT_TEXT)
#undef PUT_TEXT
    message_put_count(message, violation->point);
    message_put_count(message, violation->hit);
    message_put_count(message, violation->step);
    message_put_bytes(message, violation->image, violation->image_bytes);
}

bool crash_get_violation(struct message *message, struct results_violation *violation)
{
    *violation = (struct results_violation){0};
#define GET_TEXT(field)                                                                            \
    if (!message_get_text(message, &violation->field))                                             \
        return false;
    VIOLATION_TEXTS(GET_TEXT)
#undef GET_TEXT
    return message_get_count(message, &violation->point) &&
           message_get_count(message, &violation->hit) &&
           message_get_count(message, &violation->step) &&
           message_get_bytes(message, &violation->image, &violation->image_bytes);
}
