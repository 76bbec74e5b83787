/* SPDX-License-Identifier: MIT */
#include "campaign.h"

static void add_nested(struct fsim_nested *totals, const struct fsim_nested *nested)
{
    totals->power_failures += nested->power_failures;
    totals->kills += nested->kills;
    totals->crash_points += nested->crash_points;
    totals->paths += nested->paths;
    totals->recoveries += nested->recoveries;
    totals->violations += nested->violations;
    totals->states += nested->states;
    totals->covered += nested->covered;
}

static void add_to_totals(struct campaign_totals *totals, const struct campaign_scenario *scenario)
{
    const struct crash_report *report = &scenario->report;
    const struct fsim_summary *summary = &report->summary;
    if (scenario->state == CAMPAIGN_BEFORE)
        return;
    totals->plays++;
    totals->complete &= scenario->state == CAMPAIGN_ENDED && summary->complete;
    if (scenario->state != CAMPAIGN_ENDED) {
        totals->waiting++;
        totals->recoveries += scenario->progress.recoveries;
        totals->violations += scenario->progress.violations;
        totals->covered += scenario->progress.states;
        return;
    }
    totals->ended++;
    totals->failed += scenario->failure != NULL;
    totals->crash_points += summary->crash_points;
    totals->recoveries += summary->recoveries;
    totals->violations += scenario->reported ? summary->violations : scenario->violation_count;
    totals->images_twice += summary->images_twice;
    totals->recordings += scenario->report.recordings;
    totals->searched += scenario->report.searched;
    totals->compared_points += summary->compared_points;
    totals->compared_states += summary->compared_states;
    totals->brute_recoveries += summary->brute_recoveries;
    totals->disagreements += summary->disagreements;
    totals->states += summary->states;
    totals->covered += summary->covered;
    totals->milliseconds += (summary->record_nanoseconds + summary->explore_nanoseconds) / 1000000;
    if (summary->memory_bytes > totals->most_memory)
        totals->most_memory = summary->memory_bytes;
    for (size_t i = 0; i < FSIM_DEEPEST - 1; i++)
        add_nested(&totals->nested[i], &summary->nested[i]);
    for (size_t i = 0; i < report->total_count; i++)
        for (size_t verdict = 0; verdict < FSIM_VERDICT_COUNT; verdict++)
            totals->paths[verdict] += report->totals[i].paths[verdict];
}

struct campaign_totals campaign_sum(const struct campaign_scenario *scenarios, size_t count)
{
    struct campaign_totals totals = {.complete = true};
    for (size_t i = 0; i < count; i++)
        add_to_totals(&totals, &scenarios[i]);
    return totals;
}

void campaign_totals_add(struct campaign_totals *totals, const struct campaign_totals *more)
{
    bool complete = totals->plays == 0 ? more->complete : totals->complete && more->complete;
    if (more->plays == 0)
        return;
    totals->complete = complete;
    totals->plays += more->plays;
    totals->ended += more->ended;
    totals->failed += more->failed;
    totals->waiting += more->waiting;
    totals->crash_points += more->crash_points;
    totals->recoveries += more->recoveries;
    totals->violations += more->violations;
    totals->images_twice += more->images_twice;
    totals->recordings += more->recordings;
    totals->searched += more->searched;
    totals->compared_points += more->compared_points;
    totals->compared_states += more->compared_states;
    totals->brute_recoveries += more->brute_recoveries;
    totals->disagreements += more->disagreements;
    totals->milliseconds += more->milliseconds;
    totals->states += more->states;
    totals->covered += more->covered;
    if (more->most_memory > totals->most_memory)
        totals->most_memory = more->most_memory;
    for (size_t i = 0; i < FSIM_VERDICT_COUNT; i++)
        totals->paths[i] += more->paths[i];
    for (size_t i = 0; i < FSIM_DEEPEST - 1; i++)
        add_nested(&totals->nested[i], &more->nested[i]);
}

struct campaign_totals campaign_totals(const struct campaign *campaign)
{
    struct campaign_totals totals = campaign_sum(campaign->scenarios, campaign->selection.count);
    for (size_t i = 0; i < CAMPAIGN_MODELS; i++)
        campaign_totals_add(&totals, &campaign->before[i]);
    totals.complete &= !campaign->more;
    return totals;
}

struct campaign_totals campaign_done_totals(const struct campaign *campaign, enum fsim_model model)
{
    struct campaign_totals totals = {.complete = true};
    for (size_t i = 0; i < campaign->selection.count; i++)
        if (campaign->scenarios[i].play->model == model)
            add_to_totals(&totals, &campaign->scenarios[i]);
    campaign_totals_add(&totals, &campaign->before[model]);
    return totals;
}

struct campaign_totals campaign_model_totals(const struct campaign *campaign, enum fsim_model model)
{
    struct campaign_totals totals = campaign_done_totals(campaign, model);
    totals.complete &= !campaign->more;
    return totals;
}
