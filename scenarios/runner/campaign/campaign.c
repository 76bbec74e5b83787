/* SPDX-License-Identifier: MIT */
#include "campaign.h"

#include <faultsim/kill.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "findings/finding.h"
#include "findings/verdict.h"
#include "output/text.h"

/* What a worker sends while it plays a scenario. */
enum { KIND_PROGRESS = 1, KIND_VIOLATION, KIND_REPORT };

/* ---- the worker's side ---- */

static void send_progress(void *context, const struct fsim_progress *progress)
{
    struct message message = {0};
    message_put_bytes(&message, progress, sizeof *progress);
    message_send(*(int *)context, KIND_PROGRESS, &message);
    message_free(&message);
}

static void send_violation(void *context, uint64_t number,
                           const struct results_violation *violation)
{
    struct message message = {0};
    message_put_count(&message, number);
    finding_put(&message, violation);
    message_send(*(int *)context, KIND_VIOLATION, &message);
    message_free(&message);
}

const char *campaign_search(const struct campaign *campaign)
{
    const struct settings *settings = campaign->settings;
    return settings->mode == CATALOG_KILL ? catalog_modes[CATALOG_KILL].name
                                          : catalog_searches[settings->search].name;
}

/* Its part of the random kills of the run. */
static uint64_t kills_of(const struct campaign *campaign, size_t task)
{
    uint64_t kills = campaign->settings->kills, plays = campaign->selection.count;
    return kills == 0 ? FSIM_KILL_AT_HITS : kills / plays + (task < kills % plays);
}

/* What the model io-error says of failed syncs is said only where syncs fail. */
static enum catalog_sweep sweep_of(const struct settings *settings, const struct play *play)
{
    enum catalog_sweep sweep = (enum catalog_sweep)settings->sweep;
    bool implied = play->model == FSIM_IO_ERROR && settings->mode != CATALOG_KILL;
    return implied && sweep == CATALOG_SWEEP_NONE ? CATALOG_SWEEP_SYNCS : sweep;
}

void campaign_task(void *context, size_t task, int socket, const volatile int *stop)
{
    const struct campaign *campaign = context;
    const struct settings *settings = campaign->settings;
    struct crash_options options = {
        .input = settings->input,
        .oracle = campaign->oracle,
        .work = settings->work,
        .kill = settings->mode == CATALOG_KILL,
        .kills = kills_of(campaign, task),
        .search = (enum fsim_search)settings->search,
        .grain = (enum fsim_grain)settings->grain,
        .depth = settings->depth,
        .bound = settings->bound,
        .brute_limit = settings->brute_limit,
        .tear_limit = settings->tear_limit,
        .isolate = settings->isolate,
        .seed = settings->seed,
        .time_limit_ms = settings->time_limit_ms,
        .record_limit_ms = settings->record_limit_ms,
        .max_violations = settings->max_violations,
        .shrink_pages =
            settings->shrink == CATALOG_SHRINK_PAGES || settings->shrink == CATALOG_SHRINK_ALL,
        .shrink_steps =
            settings->shrink == CATALOG_SHRINK_STEPS || settings->shrink == CATALOG_SHRINK_ALL,
        .shrink_ms = settings->shrink_ms,
        .lasting = settings->lasting,
        .points = campaign->points,
        .plan = campaign->plan,
        .sweep = sweep_of(settings, &campaign->selection.plays[task]),
        .errors = &campaign->errors,
        .map = true,
        .stop = stop,
        .context = &socket,
        .on_progress = send_progress,
        .on_violation = send_violation,
    };
    struct crash_report report;
    struct message message = {0};
    crash_scenario(&campaign->selection.plays[task], &options, &report);
    crash_put_report(&message, &report);
    message_send(socket, KIND_REPORT, &message);
    message_free(&message);
    crash_report_release(&report);
}

/* ---- the coordinator's side ---- */

uint64_t campaign_milliseconds(const struct campaign *campaign)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)((now.tv_sec - campaign->started.tv_sec) * 1000 +
                      (now.tv_nsec - campaign->started.tv_nsec) / 1000000);
}

const char *campaign_scenario_outcome(const struct campaign_scenario *scenario)
{
    const struct fsim_summary *summary = &scenario->report.summary;
    if (summary->violations > 0 || scenario->violation_count > 0)
        return "violations";
    if (scenario->failure)
        return "failed";
    if (summary->interrupted)
        return "interrupted";
    return summary->complete ? "clean" : "incomplete";
}

static void on_started(void *context, size_t task)
{
    struct campaign *campaign = context;
    campaign->scenarios[task].state = CAMPAIGN_RUNNING;
}

/* What comes under a number that was there before is the same violation, made smaller. */
static void keep_violation(struct campaign *campaign, struct campaign_scenario *scenario,
                           struct message *message)
{
    size_t count = scenario->violation_count;
    uint64_t number;
    if (!message_get_count(message, &number) || number > count)
        return;
    if (number == count) {
        scenario->violations = need(realloc(scenario->violations, (count + 1) * sizeof *message));
        scenario->violations[scenario->violation_count++] = (struct message){0};
    }
    message_free(&scenario->violations[number]);
    scenario->violations[number] = *message;
    *message = (struct message){0};
    if (number == count)
        campaign_say_violation(campaign, scenario);
}

static void on_message(void *context, size_t task, uint32_t kind, struct message *message)
{
    struct campaign *campaign = context;
    struct campaign_scenario *scenario = &campaign->scenarios[task];
    switch (kind) {
    case KIND_PROGRESS:
        message_get_exactly(message, &scenario->progress, sizeof scenario->progress);
        break;
    case KIND_VIOLATION:
        keep_violation(campaign, scenario, message);
        break;
    case KIND_REPORT:
        scenario->reported = crash_get_report(message, &scenario->report);
        break;
    default:
        break;
    }
}

/* Why a scenario could not be played to its end, or NULL. */
static char *failure_of(const struct campaign_scenario *scenario, const char *failure)
{
    const struct crash_report *report = &scenario->report;
    if (failure)
        return need_copy(failure);
    if (!scenario->reported)
        return need_copy("its worker ended without a report");
    if (report->error == 0)
        return NULL;
    if (report->summary.error[0])
        return need_copy(report->summary.error);
    return need_copy(strerror(-report->error));
}

/* As if it had never been begun. */
static void forget(struct campaign_scenario *scenario)
{
    crash_report_release(&scenario->report);
    scenario->state = CAMPAIGN_WAITING;
    scenario->progress = (struct fsim_progress){0};
}

static bool is_found(const struct campaign_scenario *scenario)
{
    const char *outcome = campaign_scenario_outcome(scenario);
    return strcmp(outcome, "violations") == 0 || strcmp(outcome, "failed") == 0;
}

static void on_ended(void *context, size_t task, const char *failure)
{
    struct campaign *campaign = context;
    struct campaign_scenario *scenario = &campaign->scenarios[task];
    scenario->state = CAMPAIGN_ENDED;
    scenario->failure = failure_of(scenario, failure);
    for (size_t i = 0; i < FSIM_PLAN_RULES; i++)
        campaign->fired[i] += scenario->report.fired[i];
    scenario->stopped = scenario->report.summary.interrupted && pool_is_stopping(campaign->pool);
    /* Asked to end before it had anything to say: it was not played. */
    if (!scenario->failure && scenario->stopped &&
        (scenario->report.summary.recoveries == 0 ||
         (campaign->collective && scenario->violation_count == 0)))
        forget(scenario);
    else if (!campaign->store_failed && !campaign_store_scenario(campaign, scenario))
        campaign->store_failed = true;
    if (campaign->store_failed || (campaign->settings->first && is_found(scenario)))
        pool_stop(campaign->pool);
    if (scenario->state == CAMPAIGN_ENDED)
        campaign_say_ended(campaign, scenario);
    campaign_show_progress(campaign);
}

/* A tester that is killed has lost a second's work at most. */
static void store_now_and_then(struct campaign *campaign)
{
    enum { OFTEN_MS = 1000 };
    uint64_t now = campaign_milliseconds(campaign);
    if (!campaign->collective || campaign->store_failed || now - campaign->collected_ms < OFTEN_MS)
        return;
    campaign->collected_ms = now;
    campaign->store_failed = !campaign_store_collected(campaign);
    if (campaign->store_failed)
        pool_stop(campaign->pool);
}

static void on_tick(void *context)
{
    struct campaign *campaign = context;
    store_now_and_then(campaign);
    uint64_t budget = campaign->settings->budget_ms;
    if (budget && campaign_milliseconds(campaign) >= budget) {
        campaign->out_of_budget = true;
        pool_stop(campaign->pool);
    }
    campaign_show_progress(campaign);
}

static void on_interrupted(void *context)
{
    struct campaign *campaign = context;
    progress_line(campaign->progress, STYLE_INCOMPLETE,
                  "stopping: what runs is cut short and kept; a second Ctrl-C stops at once");
}

void campaign_play(struct campaign *campaign)
{
    struct pool_listener listener = {
        .context = campaign,
        .started = on_started,
        .message = on_message,
        .ended = on_ended,
        .tick = on_tick,
        .interrupted = on_interrupted,
    };
    /* Large ones first keep all workers busy to the end; who waits for the first violation waits
     * shorter if small ones come first. */
    size_t *order = catalog_by_size(&campaign->selection, !campaign->settings->first);
    size_t count = 0;
    /* What is generated is done in its order, so that few numbers say what is done. */
    for (size_t i = 0; campaign->collective && i < campaign->selection.count; i++)
        order[i] = i;
    for (size_t i = 0; i < campaign->selection.count; i++)
        if (campaign->scenarios[order[i]].state == CAMPAIGN_WAITING)
            order[count++] = order[i];
    campaign->end = pool_run(campaign->pool, order, count, &listener);
    free(order);
}

const char *campaign_outcome(const struct campaign *campaign)
{
    struct campaign_totals totals = campaign_totals(campaign);
    if (campaign->end == POOL_INTERRUPTED || campaign->end == POOL_ABANDONED)
        return "interrupted";
    if (totals.violations > 0 || totals.disagreements > 0)
        return "violations";
    if (totals.failed > 0 || campaign->store_failed)
        return "failed";
    return totals.complete ? "clean" : "incomplete";
}

/* Of generated scenarios those that were not played are not counted: `more` says that there are. */
static void count_ended_only(struct campaign *campaign)
{
    for (size_t i = 0; campaign->scenarios && i < campaign->selection.count; i++)
        if (campaign->scenarios[i].state != CAMPAIGN_ENDED)
            campaign->scenarios[i].state = CAMPAIGN_BEFORE;
}

void campaign_dismiss(struct campaign *campaign)
{
    if (campaign->collective)
        count_ended_only(campaign);
    for (size_t i = 0; i < CAMPAIGN_MODELS && campaign->scenarios; i++)
        campaign->before[i] = campaign_done_totals(campaign, (enum fsim_model)i);
    for (size_t i = 0; campaign->scenarios && i < campaign->selection.count; i++) {
        struct campaign_scenario *scenario = &campaign->scenarios[i];
        for (size_t j = 0; j < scenario->violation_count && scenario->violations; j++)
            message_free(&scenario->violations[j]);
        free(scenario->violations);
        free(scenario->failure);
        crash_report_release(&scenario->report);
    }
    free(campaign->scenarios);
    campaign->scenarios = NULL;
    catalog_deselect(&campaign->selection);
    pool_free(campaign->pool);
    campaign->pool = NULL;
}

void campaign_release(struct campaign *campaign)
{
    campaign_dismiss(campaign);
    for (size_t i = 0; i < campaign->violation_count; i++)
        campaign_violation_release(&campaign->violations[i]);
    free(campaign->violations);
    progress_free(campaign->progress);
    results_close(campaign->results);
    results_oracle_free(campaign->oracle);
}

void campaign_violation_release(struct campaign_violation *violation)
{
    free(violation->scenario);
    free(violation->play);
    free(violation->verdict);
    free(violation->headline);
}
