/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "campaign.h"
#include "output/grid.h"
#include "output/json.h"
#include "output/text.h"

enum { HEADLINES = 5 };

static const char *completeness(const struct campaign_scenario *scenario)
{
    const struct fsim_summary *summary = &scenario->report.summary;
    if (scenario->state == CAMPAIGN_BEFORE)
        return "before";
    if (scenario->state != CAMPAIGN_ENDED)
        return "not run";
    if (scenario->failure)
        return "failed";
    if (summary->interrupted)
        return "stopped";
    if (summary->crash_points == 0 && summary->violations > 0)
        return "no";
    return summary->complete ? "yes" : "bounded";
}

/* The plays from `first` on that differ in nothing but the model. */
static size_t same_but_model(const struct campaign *campaign, size_t first)
{
    const struct play *plays = campaign->selection.plays;
    size_t count = 1;
    while (first + count < campaign->selection.count &&
           plays[first + count].scenario == plays[first].scenario &&
           plays[first + count].copying == plays[first].copying)
        count++;
    return count;
}

/* Of a row; `clean` if all is well. */
static enum text_style style_of(const struct campaign_totals *totals, enum text_style clean)
{
    return totals->violations > 0 || totals->failed > 0 ? STYLE_BAD
           : totals->complete                           ? clean
                                                        : STYLE_INCOMPLETE;
}

static void add_scenario_row(struct grid *grid, const struct campaign_scenario *scenarios,
                             size_t count)
{
    struct campaign_totals totals = campaign_sum(scenarios, count);
    struct number points, states, recoveries, violations, seconds;
    const char *complete = "yes", *name = scenarios->play->scenario->name;
    const char *copying = catalog_copyings[scenarios->play->copying].name;
    for (size_t i = 0; i < count && strcmp(complete, "yes") == 0; i++)
        complete = completeness(&scenarios[i]);
    if (totals.crash_points == 0 && totals.violations == 0) {
        grid_row(grid, totals.failed > 0 ? STYLE_BAD : STYLE_DIM,
                 (const char *[]){name, copying, "-", "-", "-", "-", complete, "-"});
        return;
    }
    grid_row(grid, style_of(&totals, STYLE_PLAIN),
             (const char *[]){name, copying, text_count(&points, totals.crash_points),
                              text_states(&states, totals.covered),
                              text_count(&recoveries, totals.recoveries),
                              text_count(&violations, totals.violations), complete,
                              text_seconds(&seconds, totals.milliseconds)});
}

/* Generated scenarios are too many for a row each. */
static void print_collected(const struct campaign *campaign, const struct campaign_totals *totals)
{
    static const char *const headers[] = {"generated",     "plays",         "crash\npoints",
                                          "crash\nstates", "recov-\neries", "viola-\ntions",
                                          "com-\nplete",   "time"};
    struct number plays, points, states, recoveries, violations, seconds;
    struct grid *grid = grid_new(headers, "lrrrrrlr");
    char *names = need_format("%s*", campaign->collective);
    grid_row(grid, style_of(totals, STYLE_GOOD),
             (const char *[]){
                 names, text_count(&plays, totals->ended),
                 text_count(&points, totals->crash_points), text_states(&states, totals->covered),
                 text_count(&recoveries, totals->recoveries),
                 text_count(&violations, totals->violations), totals->complete ? "yes" : "no",
                 text_seconds(&seconds, campaign_milliseconds(campaign))});
    grid_print(grid, stdout);
    grid_free(grid);
    free(names);
    if (campaign->expected > totals->ended)
        printf("\nNot played yet: %s of %s.\n",
               text_count(&plays, campaign->expected - totals->ended),
               text_count(&points, campaign->expected));
    if (totals->failed > 0)
        printf("\nCould not be tested: %s; %s query \"SELECT scenario, error FROM v_scenario WHERE "
               "run = %lld AND outcome = 'failed'\"\n",
               text_count(&plays, totals->failed), program_name(), (long long)campaign->run);
}

static void print_table(const struct campaign *campaign, const struct campaign_totals *totals)
{
    static const char *const headers[] = {"scenario",      "copy-\ning",    "crash\npoints",
                                          "crash\nstates", "recov-\neries", "viola-\ntions",
                                          "com-\nplete",   "time"};
    struct number points, states, recoveries, violations, seconds;
    struct grid *grid = grid_new(headers, "llrrrrlr");
    size_t rows = 0;
    for (size_t i = 0, count; i < campaign->selection.count; i += count, rows++) {
        count = same_but_model(campaign, i);
        add_scenario_row(grid, &campaign->scenarios[i], count);
    }
    char *all = need_format("all %zu", rows);
    grid_rule(grid);
    grid_row(grid, style_of(totals, STYLE_GOOD),
             (const char *[]){
                 all, "", text_count(&points, totals->crash_points),
                 text_states(&states, totals->covered), text_count(&recoveries, totals->recoveries),
                 text_count(&violations, totals->violations), totals->complete ? "yes" : "no",
                 text_seconds(&seconds, campaign_milliseconds(campaign))});
    grid_print(grid, stdout);
    grid_free(grid);
    free(all);
}

/* A row a model, with what only some models can come to. */
static void print_models(const struct campaign *campaign)
{
    static const char *const headers[] = {"model",       "crash\nstates", "recov-\neries",
                                          "noticed",     "rolled\nback",  "viola-\ntions",
                                          "com-\nplete", "time"};
    struct grid *grid = grid_new(headers, "lrrrrrlr");
    for (size_t i = 0; i < catalog_model_count; i++) {
        struct number states, recoveries, noticed, back, violations, seconds;
        struct campaign_totals totals = campaign_model_totals(campaign, (enum fsim_model)i);
        bool distrusts = fsim_model_distrusts_storage((enum fsim_model)i);
        if (!catalog_has_model(campaign->settings->models, i))
            continue;
        grid_row(grid, style_of(&totals, STYLE_PLAIN),
                 (const char *[]){
                     catalog_models[i].name, text_states(&states, totals.covered),
                     text_count(&recoveries, totals.recoveries),
                     distrusts ? text_count(&noticed, totals.paths[FSIM_NOTICED]) : "-",
                     distrusts ? text_count(&back, totals.paths[FSIM_ROLLBACK]) : "-",
                     text_count(&violations, totals.violations), totals.complete ? "yes" : "no",
                     text_seconds(&seconds, totals.milliseconds)});
    }
    grid_print(grid, stdout);
    grid_free(grid);
    printf("\n");
}

/* Whether the sums over scenarios would leave out what the models came to. */
static bool models_matter(const struct campaign *campaign)
{
    uint64_t models = campaign->settings->models;
    bool matter = (models & (models - 1)) != 0;
    for (size_t i = 0; i < catalog_model_count; i++)
        matter |= catalog_has_model(models, i) && fsim_model_distrusts_storage((enum fsim_model)i);
    return matter;
}

static double ratio(double states, uint64_t recoveries)
{
    return recoveries ? states / (double)recoveries : 0;
}

static void print_kills(const struct campaign *campaign, const struct campaign_totals *totals)
{
    struct number kills;
    char *sentence =
        need_format("Processes killed %s: %s. What each left in %s was recovered there.",
                    campaign->settings->kills ? "at random instants" : "at hits of fault points",
                    text_count(&kills, totals->crash_points), campaign->settings->work);
    text_paragraph(stdout, 0, sentence);
    free(sentence);
}

/* What was covered, in one sentence. */
static void print_coverage(const struct campaign *campaign, const struct campaign_totals *totals)
{
    char *model = catalog_model_names(campaign->settings->models, ", "), *sentence;
    struct number states, all, recoveries, factor;
    text_states(&states, totals->covered);
    text_count(&recoveries, totals->recoveries);
    text_factor(&factor, ratio(totals->covered, totals->recoveries));
    if (totals->complete && campaign->points)
        sentence = need_format("Under %s, every crash state at '%s' was covered: %s states by %s "
                               "recoveries, %s states a recovery.",
                               model, campaign->points, states.text, recoveries.text, factor.text);
    else if (totals->complete)
        sentence = need_format("Under %s, every file content that a crash can leave was covered: "
                               "%s crash states by %s recoveries, %s states a recovery.",
                               model, states.text, recoveries.text, factor.text);
    else if (totals->states > totals->covered)
        sentence =
            need_format("Coverage is not complete: %s of at least %s crash states under %s, "
                        "by %s recoveries.",
                        states.text, text_states(&all, totals->states), model, recoveries.text);
    else
        sentence =
            need_format("Coverage is not complete: %s crash states under %s were covered, by "
                        "%s recoveries.",
                        states.text, model, recoveries.text);
    text_paragraph(stdout, 0, sentence);
    free(sentence);
    free(model);
    if (totals->images_twice > 0)
        printf("%s images were recovered twice, which must never be: a bug in pmacrash.\n",
               text_count(&states, totals->images_twice));
}

/* What came of crashing inside the recoveries from crashes: a sentence a depth. */
static void print_nested(const struct campaign *campaign, const struct campaign_totals *totals)
{
    static const char *const which[] = {"second", "third"};
    for (size_t i = 0; i + 2 <= campaign->settings->depth; i++) {
        const struct fsim_nested *nested = &totals->nested[i];
        struct number failures, kills, points, states, recoveries, violations;
        char *sentence = need_format(
            "A %s crash, inside the recovery or until the first snapshot after it, from %s crash "
            "states and %s instant%s at which the process alone dies: %s crash points, %s crash "
            "states by %s recoveries, %s violation%s.",
            which[i], text_count(&failures, nested->power_failures),
            text_count(&kills, nested->kills), nested->kills == 1 ? "" : "s",
            text_count(&points, nested->crash_points), text_states(&states, nested->covered),
            text_count(&recoveries, nested->recoveries),
            nested->violations ? text_count(&violations, nested->violations) : "no",
            nested->violations == 1 ? "" : "s");
        text_paragraph(stdout, 0, sentence);
        free(sentence);
    }
}

static void print_comparison(const struct campaign *campaign, const struct campaign_totals *totals)
{
    struct number points, limit, states, recoveries, lazy, factor, wrong;
    char *sentence = need_format(
        "Brute force: %s crash points with at most %s states each, %s states, %s recoveries; the "
        "lazy search needed %s for all points, %s times fewer. Verdicts that differ: %s.",
        text_count(&points, totals->compared_points),
        text_count(&limit, campaign->settings->brute_limit),
        text_count(&states, totals->compared_states),
        text_count(&recoveries, totals->brute_recoveries), text_count(&lazy, totals->recoveries),
        text_factor(&factor, ratio((double)totals->brute_recoveries, totals->recoveries)),
        text_count(&wrong, totals->disagreements));
    text_paragraph(stdout, 0, sentence);
    free(sentence);
    for (size_t i = 0; i < campaign->selection.count; i++) {
        const struct fsim_summary *summary = &campaign->scenarios[i].report.summary;
        if (summary->disagreements > 0)
            printf("%s: %s\n", campaign->selection.plays[i].scenario->name, summary->error);
    }
}

static void print_failures(const struct campaign *campaign)
{
    for (size_t i = 0; i < campaign->selection.count; i++) {
        const struct campaign_scenario *scenario = &campaign->scenarios[i];
        if (!scenario->failure)
            continue;
        char *name = catalog_play_name(scenario->play);
        char *line = need_format("%s could not be tested: %s", name, scenario->failure);
        text_paragraph(stdout, 0, line);
        free(line);
        free(name);
    }
}

/* Whether an earlier violation reads the same. */
static bool told_before(const struct campaign *campaign, size_t index)
{
    const struct campaign_violation *violations = campaign->violations;
    for (size_t i = 0; i < index; i++)
        if (strcmp(violations[i].scenario, violations[index].scenario) == 0 &&
            strcmp(violations[i].headline, violations[index].headline) == 0)
            return true;
    return false;
}

static void print_headlines(const struct campaign *campaign, uint64_t found)
{
    struct number count;
    size_t told = 0;
    if (campaign->violation_count == 0)
        return;
    printf("\n");
    for (size_t i = 0; i < campaign->violation_count && told < HEADLINES; i++) {
        const struct campaign_violation *violation = &campaign->violations[i];
        if (told_before(campaign, i))
            continue;
        char *line = need_format("v%lld %s: %s", (long long)violation->id, violation->play,
                                 violation->headline);
        text_paragraph(stdout, 0, line);
        free(line);
        told++;
    }
    if (campaign->violation_count > told)
        printf("... and %zu more: %s query violations\n", campaign->violation_count - told,
               program_name());
    if (found > campaign->violation_count)
        printf("Of %s found, the first %d of each verdict and scenario are kept.\n",
               text_count(&count, found), CRASH_KEPT);
}

static void print_next(const struct campaign *campaign, const struct campaign_totals *totals)
{
    const char *db = campaign->settings->db;
    const char *program = program_name();
    char *option = strcmp(db, "pmacrash.db") == 0 ? need_copy("") : need_format(" --db %s", db);
    printf("\nResults: %s, run %lld. Try next:\n", db, (long long)campaign->run);
    if (campaign->violation_count > 0) {
        const struct campaign_violation *first = &campaign->violations[0];
        long long id = (long long)first->id;
        printf("  %s show v%lld%s\n", program, id, option);
        printf("  %s replay v%lld%s\n", program, id, option);
    } else if (totals->complete) {
        printf("  %s query coverage%s\n  %s selftest\n", program, option, program);
    } else {
        const char *resume = campaign->settings->resume ? "" : " --resume";
        if (campaign->out_of_budget || campaign->end != POOL_DONE)
            printf("  %s%s%s\n", program, strchr(campaign->settings->command_line, ' '), resume);
        printf("  %s show r%lld%s\n  %s query summary%s\n", program, (long long)campaign->run,
               option, program, option);
    }
    free(option);
}

static void print_sweep(const struct campaign_totals *totals)
{
    struct number recordings, searched;
    char *sentence = need_format(
        "Sweep: %s recordings with a fault, %s of them different in what a crash can leave after "
        "it; those were searched.",
        text_count(&recordings, totals->recordings), text_count(&searched, totals->searched));
    text_paragraph(stdout, 0, sentence);
    free(sentence);
}

void campaign_print(const struct campaign *campaign)
{
    struct campaign_totals totals = campaign_totals(campaign);
    if (campaign->collective)
        print_collected(campaign, &totals);
    else
        print_table(campaign, &totals);
    printf("\n");
    if (models_matter(campaign))
        print_models(campaign);
    if (campaign->settings->mode == CATALOG_KILL)
        print_kills(campaign, &totals);
    else
        print_coverage(campaign, &totals);
    print_nested(campaign, &totals);
    if (totals.recordings > 0)
        print_sweep(&totals);
    if (campaign->settings->search == FSIM_COMPARE)
        print_comparison(campaign, &totals);
    print_failures(campaign);
    print_headlines(campaign, totals.violations);
    print_next(campaign, &totals);
}

/* ---- for scripts ---- */

/* How many judgements there were of each kind. */
static void json_verdicts(struct json *json, const struct campaign_totals *totals)
{
    json_begin(json, "verdicts", '{');
    for (size_t i = 0; i < FSIM_VERDICT_COUNT; i++)
        if (totals->paths[i] > 0)
            json_count(json, fsim_verdict_name((enum fsim_verdict)i), totals->paths[i]);
    json_end(json, '}');
}

static void json_nested(struct json *json, const struct campaign *campaign,
                        const struct fsim_nested *levels)
{
    json_begin(json, "nested", '[');
    for (uint64_t depth = 2; depth <= campaign->settings->depth; depth++) {
        const struct fsim_nested *nested = &levels[depth - 2];
        json_begin(json, NULL, '{');
        json_count(json, "depth", depth);
        json_count(json, "power_failures", nested->power_failures);
        json_count(json, "kills", nested->kills);
        json_count(json, "crash_points", nested->crash_points);
        json_number(json, "states", nested->states);
        json_number(json, "covered", nested->covered);
        json_count(json, "recoveries", nested->recoveries);
        json_count(json, "violations", nested->violations);
        json_end(json, '}');
    }
    json_end(json, ']');
}

static void json_counts(struct json *json, const struct campaign *campaign,
                        const struct campaign_totals *totals)
{
    json_count(json, "crash_points", totals->crash_points);
    json_number(json, "states", totals->states);
    json_number(json, "covered", totals->covered);
    json_count(json, "recoveries", totals->recoveries);
    json_count(json, "violations", totals->violations);
    json_count(json, "images_twice", totals->images_twice);
    json_count(json, "recordings", totals->recordings);
    json_count(json, "searched", totals->searched);
    json_count(json, "compared_points", totals->compared_points);
    json_count(json, "compared_states", totals->compared_states);
    json_count(json, "brute_recoveries", totals->brute_recoveries);
    json_count(json, "disagreements", totals->disagreements);
    json_count(json, "memory_bytes", totals->most_memory);
    json_verdicts(json, totals);
    json_nested(json, campaign, totals->nested);
}

static void json_summary(struct json *json, const struct campaign *campaign,
                         const struct campaign_scenario *scenario)
{
    const struct fsim_summary *summary = &scenario->report.summary;
    struct campaign_totals totals = campaign_sum(scenario, 1);
    json_begin(json, NULL, '{');
    json_text(json, "scenario", scenario->play->scenario->name);
    json_text(json, "copying", catalog_copyings[scenario->play->copying].name);
    json_text(json, "model", fsim_model_name(scenario->play->model));
    json_text(json, "outcome",
              scenario->state == CAMPAIGN_ENDED    ? campaign_scenario_outcome(scenario)
              : scenario->state == CAMPAIGN_BEFORE ? "done before"
                                                   : "not run");
    json_text(json, "error", scenario->failure);
    json_bool(json, "complete", !scenario->failure && summary->complete);
    json_count(json, "milliseconds", totals.milliseconds);
    json_counts(json, campaign, &totals);
    json_end(json, '}');
}

static void json_totals(struct json *json, const struct campaign *campaign,
                        const struct campaign_totals *totals)
{
    json_begin(json, "totals", '{');
    json_bool(json, "complete", totals->complete);
    json_count(json, "plays", totals->ended);
    json_number(json, "states_per_recovery", ratio(totals->covered, totals->recoveries));
    json_counts(json, campaign, totals);
    json_end(json, '}');
}

void campaign_print_json(const struct campaign *campaign)
{
    const struct settings *settings = campaign->settings;
    struct campaign_totals totals = campaign_totals(campaign);
    struct json json = {.out = stdout};
    char *models = catalog_model_names(settings->models, ",");
    json_begin(&json, NULL, '{');
    json_text(&json, "version", PMACRASH_VERSION);
    json_text(&json, "database", settings->db);
    json_count(&json, "run", (uint64_t)campaign->run);
    json_text(&json, "outcome", campaign_outcome(campaign));
    json_text(&json, "model", models);
    json_text(&json, "search", campaign_search(campaign));
    json_text(&json, "copying", catalog_copyings[settings->copying].name);
    json_text(&json, "fault", settings->fault);
    json_count(&json, "depth", settings->depth);
    json_text(&json, "sweep", catalog_sweeps[settings->sweep].name);
    json_count(&json, "seed", settings->seed);
    json_count(&json, "jobs", settings->jobs);
    json_count(&json, "milliseconds", campaign_milliseconds(campaign));
    json_totals(&json, campaign, &totals);
    json_begin(&json, "scenarios", '[');
    for (size_t i = 0; i < campaign->selection.count; i++)
        json_summary(&json, campaign, &campaign->scenarios[i]);
    json_end(&json, ']');
    json_begin(&json, "violations", '[');
    for (size_t i = 0; i < campaign->violation_count; i++) {
        const struct campaign_violation *violation = &campaign->violations[i];
        json_begin(&json, NULL, '{');
        json_count(&json, "id", (uint64_t)violation->id);
        json_text(&json, "scenario", violation->scenario);
        json_text(&json, "copying", catalog_copyings[violation->copying].name);
        json_text(&json, "model", fsim_model_name(violation->model));
        json_text(&json, "verdict", violation->verdict);
        json_text(&json, "headline", violation->headline);
        json_end(&json, '}');
    }
    json_end(&json, ']');
    json_end(&json, '}');
    free(models);
}
