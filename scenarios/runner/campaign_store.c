/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "campaign.h"
#include "finding.h"
#include "text.h"
#include "verdict.h"

static bool failed(struct campaign *campaign, const char *what)
{
    complain("%s cannot be written: %s; what was written before is kept. Make room there, or name "
             "another database with --db",
             what, results_error(campaign->results));
    return false;
}

static int add_fault_points(results_t *results)
{
    int error = 0;
    for (size_t i = 0; i < CATALOG_POINT_COUNT && !error; i++)
        error = results_fault_point_add(results, catalog_points[i].name, catalog_points[i].kind,
                                        catalog_points[i].description);
    return error;
}

bool campaign_store_begin(struct campaign *campaign)
{
    const struct settings *settings = campaign->settings;
    char message[512], plan[1024] = "";
    if (results_open(settings->db, RESULTS_WRITE, &campaign->results, message, sizeof message)) {
        complain("%s", message);
        return false;
    }
    char *models = catalog_model_names(settings->models, ",");
    if (campaign->plan)
        fsim_plan_format(campaign->plan, plan, sizeof plan);
    struct utsname machine;
    uname(&machine);
    struct results_run run = {
        .version = PMACRASH_VERSION,
        .commit = PMACRASH_COMMIT,
        .host = machine.nodename,
        .kernel = machine.release,
        .command = settings->command_line,
        .model = models,
        .search = campaign_search(campaign),
        .plan = plan,
        .seed = settings->seed,
        .jobs = (uint32_t)settings->jobs,
        .depth = (uint32_t)settings->depth,
    };
    results_t *results = campaign->results;
    int error = results_begin(results);
    if (!error)
        error = add_fault_points(results);
    if (!error)
        error = results_run_add(results, &run, &campaign->run);
    if (!error)
        error = results_commit(results);
    free(models);
    if (error) {
        failed(campaign, "the run");
        results_rollback(results);
    }
    return !error;
}

static int add_coverage(results_t *results, int64_t id, const struct crash_report *report)
{
    int error = 0;
    for (size_t i = 0; i < CATALOG_POINT_COUNT && !error; i++) {
        const struct crash_coverage *coverage = &report->coverage[i];
        if (coverage->hits || coverage->crashed_at)
            error = results_coverage_add(results, id, catalog_points[i].name, coverage->hits,
                                         coverage->crashed_at);
    }
    return error;
}

/*
 * Paths are counted by verdict; what the search over a crash point cost is not, and stands on the
 * row of the legal ones, so that sums over rows are right.
 */
static int add_total(results_t *results, int64_t id, const char *model,
                     const struct crash_total *total)
{
    int error = 0;
    for (unsigned verdict = 0; verdict < FSIM_VERDICT_COUNT && !error; verdict++) {
        bool carries_cost = verdict == FSIM_LEGAL;
        if (!carries_cost && total->paths[verdict] == 0)
            continue;
        struct results_total row = {
            .where = total->where,
            .model = model,
            .verdict = fsim_verdict_name((enum fsim_verdict)verdict),
            .paths = total->paths[verdict],
        };
        if (carries_cost) {
            row.points = total->points;
            row.recoveries = total->recoveries;
            row.states = total->states;
            row.nanoseconds = total->nanoseconds;
        }
        error = results_total_add(results, id, &row);
    }
    return error;
}

static int add_nested(const struct campaign *campaign, int64_t id,
                      const struct fsim_summary *summary)
{
    int error = 0;
    for (uint32_t depth = 2; depth <= campaign->settings->depth && !error; depth++) {
        const struct fsim_nested *nested = &summary->nested[depth - 2];
        error = results_nested_add(campaign->results, id,
                                   &(struct results_nested){
                                       .depth = depth,
                                       .power_failures = nested->power_failures,
                                       .kills = nested->kills,
                                       .crash_points = nested->crash_points,
                                       .paths = nested->paths,
                                       .recoveries = nested->recoveries,
                                       .violations = nested->violations,
                                       .states = nested->states,
                                       .covered = nested->covered,
                                   });
    }
    return error;
}

static void remember(struct campaign *campaign, const struct play *play, int64_t id,
                     const struct results_violation *violation)
{
    size_t count = campaign->violation_count + 1;
    campaign->violations =
        need(realloc(campaign->violations, count * sizeof *campaign->violations));
    campaign->violations[campaign->violation_count++] = (struct campaign_violation){
        .id = id,
        .play = play,
        .verdict = need_copy(violation->verdict),
        .headline = verdict_headline(violation),
        .replayable = violation->image_bytes > 0,
    };
}

/* What a transaction that was rolled back had added. */
static void forget_after(struct campaign *campaign, size_t count)
{
    while (campaign->violation_count > count) {
        struct campaign_violation *last = &campaign->violations[--campaign->violation_count];
        free(last->verdict);
        free(last->headline);
    }
}

static int add_violations(struct campaign *campaign, struct campaign_scenario *scenario, int64_t id)
{
    int error = 0;
    for (size_t i = 0; i < scenario->violation_count && !error; i++) {
        struct results_violation violation;
        int64_t violation_id = 0;
        if (!finding_get(&scenario->violations[i], &violation))
            continue;
        error = results_violation_add(campaign->results, id, &violation, &violation_id);
        if (!error)
            remember(campaign, scenario->play, violation_id, &violation);
    }
    return error;
}

static struct results_scenario scenario_row(const struct campaign_scenario *scenario)
{
    const struct fsim_summary *summary = &scenario->report.summary;
    const struct scenario *played = scenario->play->scenario;
    return (struct results_scenario){
        .name = played->name,
        .copying = catalog_copyings[scenario->play->copying].name,
        .model = fsim_model_name(scenario->play->model),
        .description = played->description ? played->description : "",
        .file = played->file,
        .text = played->text,
        .outcome = campaign_scenario_outcome(scenario),
        .error = scenario->failure ? scenario->failure : "",
        .crash_points = summary->crash_points,
        .paths = summary->paths,
        .recoveries = summary->recoveries,
        .violations = scenario->reported ? summary->violations : scenario->violation_count,
        .images_twice = summary->images_twice,
        .states = summary->states,
        .covered = summary->covered,
        .compared_points = summary->compared_points,
        .compared_states = summary->compared_states,
        .brute_recoveries = summary->brute_recoveries,
        .disagreements = summary->disagreements,
        .trace_events = summary->trace_events,
        .trace_bytes = summary->trace_bytes,
        .memory_bytes = summary->memory_bytes,
        .record_ms = summary->record_nanoseconds / 1000000,
        .explore_ms = summary->explore_nanoseconds / 1000000,
        .complete = !scenario->failure && summary->complete,
    };
}

bool campaign_store_scenario(struct campaign *campaign, struct campaign_scenario *scenario)
{
    results_t *results = campaign->results;
    const struct crash_report *report = &scenario->report;
    struct results_scenario row = scenario_row(scenario);
    size_t before = campaign->violation_count;
    int64_t id = 0;
    int error = results_begin(results);
    if (!error)
        error = results_scenario_add(results, campaign->run, &row, &id);
    if (!error)
        error = add_coverage(results, id, report);
    for (size_t i = 0; i < report->total_count && !error; i++)
        error = add_total(results, id, row.model, &report->totals[i]);
    if (!error)
        error = add_nested(campaign, id, &report->summary);
    if (!error)
        error = add_violations(campaign, scenario, id);
    if (!error)
        error = results_commit(results);
    if (error) {
        failed(campaign, row.name);
        results_rollback(results);
        forget_after(campaign, before);
    }
    for (size_t i = 0; i < scenario->violation_count; i++)
        message_free(&scenario->violations[i]);
    free(scenario->violations);
    scenario->violations = NULL;
    return !error;
}

bool campaign_store_end(struct campaign *campaign)
{
    if (results_run_finish(campaign->results, campaign->run, campaign_outcome(campaign),
                           campaign_milliseconds(campaign)) == 0)
        return true;
    return failed(campaign, "the end of the run");
}
