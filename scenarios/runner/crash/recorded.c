/* SPDX-License-Identifier: MIT */
/*
 * Violations of a recording itself: the workload went wrong, or what it had the library write was
 * wrong, without any crash. There is no crash state; the recording is what shows them again.
 */
#include <stdlib.h>
#include <string.h>

#include "crash_parts.h"
#include "findings/finding.h"
#include "output/text.h"

/* `stored` says what is known of it. */
static void report(struct crash *crash, const struct fsim_kind *kind,
                   struct results_violation *stored)
{
    struct fsim_summary *summary = &crash->report->summary;
    summary->violations++;
    if (!crash_wants(crash, kind) || !crash->options->on_violation)
        return;
    if (!crash_is_first(crash, kind) && crash->kept[kind->verdict] >= CRASH_KEPT)
        return;
    crash->kept[kind->verdict]++;
    char *settings = finding_settings(crash->subject, crash->options->lasting);
    stored->model = fsim_model_name(crash->play->model);
    stored->verdict = fsim_verdict_name(kind->verdict);
    stored->where = RECORDED_WHERE;
    stored->side = "inside";
    stored->depth = 1;
    stored->earlier = stored->legal = stored->known = stored->state = "";
    stored->image = stored->rows = stored->reduced = "";
    stored->settings = settings ? settings : "";
    stored->measured = "nothing: the fault lies in the recording";
    stored->fault = crash->fault;
    crash_report(crash, kind, RECORDED_WHERE, stored->step, stored);
    free(settings);
}

/* What one cause usually brings about: the rule, and which call, signal or error. */
static struct fsim_kind kind_of(const struct workload_failure *broken)
{
    struct fsim_kind kind = {.verdict = FSIM_V_RECORDING, .code = broken->code};
    snprintf(kind.rule, sizeof kind.rule, "%.31s %.31s", broken->name, broken->call);
    return kind;
}

static char *explain(const struct workload_failure *broken)
{
    const char *expected = broken->expected;
    return need_format("%s: %s.\n%s%s%sFound: %s.\n", broken->name,
                       workload_rule_help(broken->rule), *expected ? "Expected: " : "", expected,
                       *expected ? ".\n" : "", broken->found);
}

void recorded_mishap(void *sink, const struct fsim_mishap *mishap, const fsim_trace_t *trace)
{
    struct crash *crash = sink;
    const struct workload_failure *broken = subject_broken(crash->subject, mishap);
    if (!broken)
        return;
    struct fsim_kind kind = kind_of(broken);
    bool named = *broken->step != '\0';
    char *message = need_format("%s%s%s", broken->step, named ? ": " : "", broken->found);
    char *finding = need_format("%s: %s", broken->name, broken->found);
    char *timeline = need(subject_recording_timeline(crash->subject, trace, message));
    char *explanation = explain(broken);
    crash->went_wrong = true;
    if (!crash->swept)
        crash_count_events(crash, trace);
    report(crash, &kind,
           &(struct results_violation){
               .status = mishap->status == FSIM_REFUSED
                             ? "failed"
                             : fsim_status_name((enum fsim_status)mishap->status),
               .message = message,
               .finding = finding,
               .step = mishap->step,
               .timeline = timeline,
               .explanation = explanation,
           });
    free(message);
    free(finding);
    free(timeline);
    free(explanation);
}

void recorded_broken_rule(struct crash *crash)
{
    struct fsim_kind kind = fsim_kind_of(FSIM_V_INVARIANT, NULL, RECORDED_WHERE);
    report(crash, &kind,
           &(struct results_violation){
               .status = fsim_status_name(FSIM_RECOVERED),
               .message = "",
               .finding = crash->broken_rule,
               .step = crash->play->scenario->step_count,
               .timeline = crash->broken_timeline,
               .explanation =
                   "Found in what was recorded. No crash state that was searched shows it: the "
                   "oracle looks at the arena and not at copies of it, and the model writes each "
                   "block whole or not at all, while a disk that is cut short in the middle of a "
                   "write leaves neither the old content nor the new.",
           });
}
