/* SPDX-License-Identifier: MIT */
/* What a run says while it plays. */
#include <stdlib.h>
#include <string.h>

#include "campaign.h"
#include "findings/finding.h"
#include "findings/verdict.h"
#include "output/text.h"

/* How much of all the work is done, with running plays in part. Every play counts alike: how long
 * it takes depends on little that is known before. */
static double part_done(const struct campaign *campaign, const struct campaign_totals *totals)
{
    uint64_t all = campaign->expected ? campaign->expected : totals->plays;
    double done = (double)totals->ended;
    for (size_t i = 0; i < campaign->selection.count; i++) {
        const struct campaign_scenario *scenario = &campaign->scenarios[i];
        const struct fsim_progress *progress = &scenario->progress;
        if (scenario->state == CAMPAIGN_RUNNING && progress->depth <= 1 && progress->points > 0)
            done += (double)progress->point / (double)progress->points;
    }
    return all > 0 ? done / (double)all : 0;
}

void campaign_show_progress(struct campaign *campaign)
{
    struct progress_state state;
    if (!progress_is_due(campaign->progress, &state))
        return;
    struct campaign_totals totals = campaign_totals(campaign);
    state.unit = "plays";
    state.done = totals.ended;
    state.all = campaign->expected ? campaign->expected : totals.plays;
    state.part = part_done(campaign, &totals);
    state.budget_ms = campaign->settings->budget_ms;
    state.states = totals.covered;
    state.recoveries = totals.recoveries;
    state.bad = totals.violations;
    state.one_bad = "violation";
    state.many_bad = "violations";
    state.stopping = pool_is_stopping(campaign->pool);
    for (size_t i = 0; i < campaign->selection.count; i++) {
        const struct campaign_scenario *scenario = &campaign->scenarios[i];
        if (scenario->state == CAMPAIGN_RUNNING)
            progress_add_task(&state, catalog_play_name(scenario->play), scenario->progress.point,
                              scenario->progress.points);
    }
    progress_show(campaign->progress, &state);
    progress_state_release(&state);
}

/* Violations stay messages until they are stored; looking does not use them up. */
static bool look_at_violation(const struct campaign_scenario *scenario, size_t number,
                              struct results_violation *violation)
{
    struct message message = scenario->violations[number];
    return finding_get(&message, violation);
}

/* Says at once what was found, if it is the first of its verdict in its play. One bug can show
 * itself in thousands of plays: the lines of more than a few would be read by nobody. */
void campaign_say_violation(struct campaign *campaign, const struct campaign_scenario *scenario)
{
    enum { MOST_TOLD = 20 };
    struct results_violation violation, earlier;
    size_t last = scenario->violation_count - 1;
    bool all = campaign->settings->verbose;
    if (!look_at_violation(scenario, last, &violation) || (!all && campaign->told > MOST_TOLD))
        return;
    for (size_t i = 0; i < last && !all; i++)
        if (look_at_violation(scenario, i, &earlier) &&
            strcmp(earlier.verdict, violation.verdict) == 0)
            return;
    if (campaign->told++ == MOST_TOLD && !all) {
        progress_line(campaign->progress, STYLE_DIM,
                      "further violations are counted; --verbose tells of each");
        return;
    }
    char *play = catalog_play_name(scenario->play), *headline = verdict_headline(&violation);
    progress_line(campaign->progress, STYLE_BAD, "violation in %s: %s: %s", play, violation.verdict,
                  headline);
    free(headline);
    free(play);
}

static void say_result(struct campaign *campaign, const struct campaign_scenario *scenario)
{
    const struct fsim_summary *summary = &scenario->report.summary;
    char *name = catalog_play_name(scenario->play);
    struct number states, recoveries, violations, seconds;
    uint64_t nanoseconds = summary->record_nanoseconds + summary->explore_nanoseconds;
    enum text_style style = summary->violations > 0 ? STYLE_BAD
                            : summary->complete     ? STYLE_PLAIN
                                                    : STYLE_INCOMPLETE;
    if (scenario->failure)
        progress_line(campaign->progress, STYLE_BAD, "%s: failed: %s", name, scenario->failure);
    else if (campaign->settings->verbose)
        progress_line(campaign->progress, style,
                      "%s: %s, %s crash states by %s recoveries, %s violation%s, %s", name,
                      campaign_scenario_outcome(scenario), text_states(&states, summary->covered),
                      text_count(&recoveries, summary->recoveries),
                      summary->violations ? text_count(&violations, summary->violations) : "no",
                      summary->violations == 1 ? "" : "s",
                      text_seconds(&seconds, nanoseconds / 1000000));
    free(name);
}

/* One line a crash-point name: what --verbose adds. */
static void say_points(struct campaign *campaign, const struct campaign_scenario *scenario)
{
    for (size_t i = 0; i < scenario->report.total_count; i++) {
        const struct crash_total *total = &scenario->report.totals[i];
        struct number points, states, recoveries;
        uint64_t bad = 0;
        for (size_t verdict = 0; verdict < FSIM_VERDICT_COUNT; verdict++)
            if (fsim_verdict_is_violation((enum fsim_verdict)verdict))
                bad += total->paths[verdict];
        progress_line(campaign->progress, bad ? STYLE_BAD : STYLE_DIM,
                      "  %-24s %6s crash points, %8s states, %8s recoveries%s", total->where,
                      text_count(&points, total->points), text_states(&states, total->states),
                      text_count(&recoveries, total->recoveries), bad ? ", violations" : "");
    }
}

void campaign_say_ended(struct campaign *campaign, const struct campaign_scenario *scenario)
{
    say_result(campaign, scenario);
    if (campaign->settings->verbose)
        say_points(campaign, scenario);
}
