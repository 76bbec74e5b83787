/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "output/text.h"

/* A walk over a recording. */
struct survey {
    struct audit_survey *result;
    char point[AUDIT_NAME], step[24];
    uint64_t step_number;
    struct {
        char name[24];
        uint64_t count;
    } calls[8];
};

static bool is_sync(const char *call)
{
    static const char *const syncs[] = {"fdatasync", "fsync", "msync", "sync_file_range"};
    for (size_t i = 0; i < sizeof syncs / sizeof *syncs; i++)
        if (strcmp(call, syncs[i]) == 0)
            return true;
    return false;
}

static uint64_t count_call(struct survey *survey, const char *call)
{
    size_t i = 0;
    while (survey->calls[i].count > 0 && strcmp(survey->calls[i].name, call) != 0)
        i++;
    snprintf(survey->calls[i].name, sizeof survey->calls[i].name, "%s", call);
    return ++survey->calls[i].count;
}

static void add_sync(struct survey *survey, const char *call)
{
    struct audit_survey *result = survey->result;
    size_t count = result->sync_count + 1;
    result->syncs = need(realloc(result->syncs, count * sizeof *result->syncs));
    struct audit_sync *sync = &result->syncs[result->sync_count++];
    *sync =
        (struct audit_sync){.hit = count_call(survey, call), .step_number = survey->step_number};
    snprintf(sync->call, sizeof sync->call, "%s", call);
    snprintf(sync->point, sizeof sync->point, "%s", survey->point);
    snprintf(sync->step, sizeof sync->step, "%s", survey->step);
}

static void begin_step(struct survey *survey, const struct fsim_event *event, const char *text)
{
    struct audit_survey *result = survey->result;
    snprintf(survey->step, sizeof survey->step, "%.*s", (int)strcspn(text, " ,"), text);
    survey->step_number = event->number;
    result->snapshots += strcmp(survey->step, "snapshot") == 0;
    result->reopens += strcmp(survey->step, "reopen") == 0;
    result->kills += strcmp(survey->step, "kill") == 0;
    result->creations += strcmp(survey->step, "create") == 0;
}

static void survey_event(struct survey *survey, const fsim_trace_t *trace,
                         const struct fsim_event *event)
{
    struct audit_survey *result = survey->result;
    const char *name = event->name ? fsim_trace_string(trace, event->name) : "";
    switch (event->kind) {
    case FSIM_EV_STEP:
        begin_step(survey, event, name);
        break;
    case FSIM_EV_POINT:
        snprintf(survey->point, sizeof survey->point, "%s", name);
        break;
    case FSIM_EV_CALL:
        if (is_sync(name))
            add_sync(survey, name);
        survey->point[0] = '\0';
        break;
    case FSIM_EV_SYNC_END:
        if (result->sync_count > 0 && event->microseconds > 0)
            result->syncs[result->sync_count - 1].microseconds = event->microseconds;
        break;
    default:
        break;
    }
}

static void on_trace(void *context, const fsim_trace_t *trace)
{
    struct survey *survey = context;
    for (size_t i = 0; i < fsim_trace_events(trace); i++)
        survey_event(survey, trace, fsim_trace_event(trace, i));
}

/* Whose workload goes wrong has nothing to tell of its syncs. */
static void on_violation(void *context, uint64_t number, const struct results_violation *violation)
{
    struct audit_survey *result = ((struct survey *)context)->result;
    snprintf(result->error, sizeof result->error, "%s", violation->message);
}

void audit_survey_play(const struct audit *audit, size_t play, const volatile int *stop,
                       struct audit_survey *result)
{
    struct survey survey = {.result = result, .step = "open"};
    struct crash_options options = {
        .input = audit->settings->input,
        .oracle = audit->sabotage.oracle,
        .work = audit->work,
        .stop = stop,
        .only_record = true,
        .context = &survey,
        .on_trace = on_trace,
        .on_violation = on_violation,
    };
    struct crash_report report;
    result->opens = !audit->selection.plays[play].scenario->record_creation;
    crash_scenario(&audit->selection.plays[play], &options, &report);
    if (report.error)
        snprintf(result->error, sizeof result->error, "%s",
                 report.summary.error[0] ? report.summary.error : strerror(-report.error));
    crash_report_release(&report);
    result->ended = true;
}

void audit_survey_put(struct message *message, const struct audit_survey *survey)
{
    message_put_bytes(message, survey, sizeof *survey);
    message_put_bytes(message, survey->syncs, survey->sync_count * sizeof *survey->syncs);
}

bool audit_survey_get(struct message *message, struct audit_survey *survey)
{
    const void *syncs;
    size_t bytes;
    if (!message_get_exactly(message, survey, sizeof *survey))
        return false;
    survey->syncs = NULL;
    if (!message_get_bytes(message, &syncs, &bytes) ||
        bytes != survey->sync_count * sizeof *survey->syncs) {
        survey->sync_count = 0;
        return false;
    }
    survey->syncs = need(malloc(bytes + 1));
    memcpy(survey->syncs, syncs, bytes);
    return true;
}

void audit_survey_release(struct audit_survey *survey)
{
    free(survey->syncs);
    survey->syncs = NULL;
}

const struct audit_sync *audit_sync_at(const struct audit *audit, size_t index, size_t *play)
{
    *play = 0;
    while (index >= audit->surveys[*play].sync_count)
        index -= audit->surveys[(*play)++].sync_count;
    return &audit->surveys[*play].syncs[index];
}
