/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "campaign.h"
#include "commandline/database.h"
#include "findings/finding.h"
#include "findings/verdict.h"
#include "generate.h"
#include "output/text.h"

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

bool campaign_store_open(struct campaign *campaign)
{
    campaign->results = database_open_to_write(campaign->settings);
    return campaign->results != NULL;
}

/* The run that is to be gone on with, or a new one. */
static int find_run(struct campaign *campaign, const struct results_run *run)
{
    int error = RESULTS_ENOROW;
    if (campaign->settings->resume)
        error = results_run_resume(campaign->results, run, &campaign->run, &campaign->before_ms);
    return error == RESULTS_ENOROW ? results_run_add(campaign->results, run, &campaign->run)
                                   : error;
}

/* The scenarios that were asked for, as typed, with blanks between. */
static char *selection_text(const struct settings *settings)
{
    char *text = NULL;
    size_t bytes;
    FILE *out = need(open_memstream(&text, &bytes));
    for (size_t i = 0; i < settings->argument_count; i++)
        fprintf(out, "%s%s", i > 0 ? " " : "", settings->arguments[i]);
    fclose(out);
    return need(text);
}

bool campaign_store_begin(struct campaign *campaign)
{
    const struct settings *settings = campaign->settings;
    char plan[1024] = "";
    if (!campaign_store_open(campaign))
        return false;
    char *models = catalog_model_names(settings->models, ",");
    char *selection = selection_text(settings);
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
        .arguments = settings->tested,
        .model = models,
        .search = campaign_search(campaign),
        .plan = plan,
        .seed = settings->seed,
        .jobs = (uint32_t)settings->jobs,
        .depth = (uint32_t)settings->depth,
        .subcommand = settings->subcommand,
        .selection = selection,
        .mode = catalog_modes[settings->mode].name,
        .grain = catalog_grains[settings->grain].name,
        .copying = catalog_copyings[settings->copying].name,
        .sweep = catalog_sweeps[settings->sweep].name,
        .errors = settings->errors,
        .points = settings->points,
        .kills = settings->kills,
        .budget_ms = settings->budget_ms,
    };
    results_t *results = campaign->results;
    int error = results_begin(results);
    if (!error)
        error = add_fault_points(results);
    if (!error)
        error = find_run(campaign, &run);
    if (!error)
        error = results_commit(results);
    free(models);
    free(selection);
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
        .scenario = need_copy(play->scenario->name),
        .play = catalog_play_name(play),
        .copying = play->copying,
        .model = play->model,
        .verdict = need_copy(violation->verdict),
        .headline = verdict_headline(violation),
    };
}

/* What a transaction that was rolled back had added. */
static void forget_after(struct campaign *campaign, size_t count)
{
    while (campaign->violation_count > count)
        campaign_violation_release(&campaign->violations[--campaign->violation_count]);
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
        .recordings = scenario->report.recordings,
        .searched = scenario->report.searched,
        .trace_events = summary->trace_events,
        .trace_bytes = summary->trace_bytes,
        .memory_bytes = summary->memory_bytes,
        .record_ms = summary->record_nanoseconds / 1000000,
        .explore_ms = summary->explore_nanoseconds / 1000000,
        .complete = !scenario->failure && summary->complete,
        .stopped = scenario->stopped,
    };
}

/* Whether it is told together with others. */
static bool is_collected(const struct campaign *campaign, const struct campaign_scenario *scenario)
{
    return campaign->collective && scenario->state == CAMPAIGN_ENDED && !scenario->stored &&
           !scenario->failure && scenario->report.summary.violations == 0 &&
           scenario->violation_count == 0;
}

/* What hangs on a row. */
static int add_counts(const struct campaign *campaign, int64_t id,
                      const struct campaign_scenario *scenario)
{
    const struct crash_report *report = &scenario->report;
    int error = add_coverage(campaign->results, id, report);
    for (size_t i = 0; i < report->total_count && !error; i++)
        error = add_total(campaign->results, id, fsim_model_name(scenario->play->model),
                          &report->totals[i]);
    return error ? error : add_nested(campaign, id, &report->summary);
}

bool campaign_store_scenario(struct campaign *campaign, struct campaign_scenario *scenario)
{
    results_t *results = campaign->results;
    struct results_scenario row = scenario_row(scenario);
    size_t before = campaign->violation_count;
    int64_t id = 0;
    if (is_collected(campaign, scenario))
        return true;
    int error = results_begin(results);
    /* What is there of it was cut short, or failed. */
    if (!error && campaign->settings->resume)
        error = results_scenario_remove(results, campaign->run, row.name, row.copying, row.model);
    if (!error)
        error = results_scenario_add(results, campaign->run, &row, &id);
    if (!error)
        error = add_counts(campaign, id, scenario);
    if (!error && scenario->report.map)
        error = results_map_add(results, id, scenario->report.map);
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
    free(scenario->report.map);
    scenario->report.map = NULL;
    return !error;
}

/* ---- plays that are told together ---- */

static bool played_alike(const struct play *one, const struct play *other)
{
    return one->copying == other->copying && one->model == other->model;
}

static int add_range(struct campaign *campaign, const struct play *play, const char *name,
                     uint64_t first, uint64_t last)
{
    return results_generated_add(
        campaign->results, campaign->run,
        &(struct results_generated){.name = name,
                                    .copying = catalog_copyings[play->copying].name,
                                    .model = fsim_model_name(play->model),
                                    .first = first,
                                    .last = last});
}

/* The numbers of those played like this, in as few ranges as there are. */
static int add_ranges(struct campaign *campaign, const struct play *like, const char *name)
{
    uint64_t first = 0, next = 0;
    int error = 0;
    for (size_t i = 0; i < campaign->selection.count && !error; i++) {
        const struct campaign_scenario *scenario = &campaign->scenarios[i];
        struct generate_request request;
        uint64_t number;
        if (!is_collected(campaign, scenario) || !played_alike(scenario->play, like) ||
            !generate_parse_name(scenario->play->scenario->name, &request, &number))
            continue;
        if (number != next && next > first)
            error = add_range(campaign, like, name, first, next - 1);
        if (number != next)
            first = number;
        next = number + 1;
    }
    return error || next == first ? error : add_range(campaign, like, name, first, next - 1);
}

bool campaign_store_collected(struct campaign *campaign)
{
    const char *name = campaign->collective;
    char *glob = need_format("%s*", name);
    uint64_t ways = 0; /* of playing, that are done */
    int error = results_begin(campaign->results);
    for (size_t i = 0; i < campaign->selection.count && !error; i++) {
        const struct campaign_scenario *scenario = &campaign->scenarios[i];
        struct results_scenario row = scenario_row(scenario);
        int64_t id = 0;
        if (!is_collected(campaign, scenario))
            continue;
        row.name = glob;
        row.description = "Generated scenarios in which nothing was found.";
        row.text = "";
        error = results_scenario_merge(campaign->results, campaign->run, &row, &id);
        if (!error)
            error = add_counts(campaign, id, scenario);
    }
    for (size_t i = 0; i < campaign->selection.count && !error; i++) {
        const struct play *play = &campaign->selection.plays[i];
        uint64_t way = (uint64_t)1 << (2 * play->model + play->copying);
        if (!(ways & way))
            error = add_ranges(campaign, play, name);
        ways |= way;
    }
    if (!error)
        error = results_commit(campaign->results);
    if (error) {
        failed(campaign, glob);
        results_rollback(campaign->results);
    }
    for (size_t i = 0; i < campaign->selection.count; i++)
        campaign->scenarios[i].stored |= is_collected(campaign, &campaign->scenarios[i]);
    free(glob);
    return !error;
}

bool campaign_store_end(struct campaign *campaign)
{
    if (results_run_more(campaign->results, campaign->run, campaign->more) == 0 &&
        results_run_finish(campaign->results, campaign->run, campaign_outcome(campaign),
                           campaign->before_ms + campaign_milliseconds(campaign)) == 0)
        return true;
    return failed(campaign, "the end of the run");
}
