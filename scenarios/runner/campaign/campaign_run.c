/* SPDX-License-Identifier: MIT */
/* How a campaign begins and ends, for all subcommands that have one. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "campaign.h"
#include "output/text.h"

static bool is_directory(const char *option, const char *path, int access_mode, const char *wanted)
{
    struct stat status;
    int error = 0;
    if (!path)
        return true;
    if (stat(path, &status) < 0)
        error = errno;
    else if (!S_ISDIR(status.st_mode))
        error = ENOTDIR;
    else if (access(path, access_mode) < 0)
        error = errno;
    if (error)
        complain("%s %s: %s; name a directory %s", option, path, strerror(error), wanted);
    return error == 0;
}

static bool sweep_is_possible(const struct settings *settings)
{
    if (settings->errors && settings->sweep == CATALOG_SWEEP_NONE) {
        complain("--errors says what a sweep fails with; add --sweep calls, say");
        return false;
    }
    if (settings->sweep == CATALOG_SWEEP_NONE || settings->mode != CATALOG_KILL)
        return true;
    complain("--sweep records faults to simulate crashes, --mode kill does neither; give one");
    return false;
}

enum status campaign_prepare(struct campaign *campaign, const struct settings *settings,
                             struct fsim_plan *plan)
{
    *campaign = (struct campaign){.settings = settings};
    clock_gettime(CLOCK_MONOTONIC, &campaign->started);
    if (settings->points && !(campaign->points = catalog_points_glob(settings->points)))
        return STATUS_USAGE;
    if (settings->fault) {
        if (!catalog_plan(settings->fault, plan))
            return STATUS_USAGE;
        campaign->plan = plan;
        if (plan->count == FSIM_PLAN_RULES && settings->sweep != CATALOG_SWEEP_NONE) {
            complain("--fault may have %d rules beside a sweep, which adds one",
                     FSIM_PLAN_RULES - 1);
            return STATUS_USAGE;
        }
    }
    if (!sweep_is_possible(settings) ||
        (settings->errors && !catalog_parse_errors(settings->errors, &campaign->errors)))
        return STATUS_USAGE;
    if (!is_directory("--input", settings->input, R_OK | X_OK, "of files") ||
        !is_directory("--work", settings->work, W_OK | X_OK, "where files can be made"))
        return STATUS_USAGE;
    campaign->oracle = crash_oracle();
    return campaign->oracle ? STATUS_CLEAN : STATUS_FAILED;
}

enum status campaign_prepare_suites(struct campaign *campaign, const struct settings *settings,
                                    struct fsim_plan *plan)
{
    enum status status = campaign_prepare(campaign, settings, plan);
    if (status == STATUS_CLEAN)
        status = catalog_select(settings->suites, settings->arguments, settings->argument_count,
                                &campaign->selection);
    if (status == STATUS_CLEAN)
        status = catalog_set_copying(&campaign->selection, (enum catalog_copying)settings->copying);
    if (status == STATUS_CLEAN)
        catalog_set_models(&campaign->selection, settings->models);
    return status;
}

enum status campaign_muster(struct campaign *campaign)
{
    size_t count = campaign->selection.count;
    campaign->scenarios = need(calloc(count, sizeof *campaign->scenarios));
    for (size_t i = 0; i < count; i++)
        campaign->scenarios[i].play = &campaign->selection.plays[i];
    campaign->pool = pool_new(campaign->settings->jobs, count, campaign_task, campaign);
    return campaign->pool ? STATUS_CLEAN : STATUS_FAILED;
}

/* A rule that never fired has tested nothing, which nobody should mistake for a clean result. */
static void warn_of_idle_faults(const struct campaign *campaign)
{
    for (size_t rule = 0; campaign->plan && rule < campaign->plan->count; rule++)
        if (campaign->fired[rule] == 0)
            complain("warning: the fault at '%s' never fired: no scenario of this run gets there; "
                     "see 'pmacrash query coverage'",
                     campaign->plan->rules[rule].point);
}

enum status campaign_status(const struct campaign *campaign)
{
    struct campaign_totals totals = campaign_totals(campaign);
    warn_of_idle_faults(campaign);
    if (campaign->end == POOL_INTERRUPTED || campaign->end == POOL_ABANDONED) {
        complain("interrupted: %llu of %llu scenarios are in %s", (unsigned long long)totals.ended,
                 (unsigned long long)(campaign->expected ? campaign->expected : totals.plays),
                 campaign->settings->db);
        return STATUS_INTERRUPTED;
    }
    if (totals.violations > 0 || totals.disagreements > 0)
        return STATUS_FOUND;
    if (totals.failed > 0 || campaign->store_failed)
        return STATUS_FAILED;
    if (campaign->out_of_budget && !totals.complete)
        return STATUS_BUDGET;
    if (totals.crash_points == 0 && totals.plays > 0) {
        complain("no crash point is like --points '%s'; see 'pmacrash list points'",
                 campaign->points ? campaign->points : "*");
        return STATUS_USAGE;
    }
    return STATUS_CLEAN;
}

enum status campaign_perform(struct campaign *campaign)
{
    const struct settings *settings = campaign->settings;
    enum status status = campaign_muster(campaign);
    if (status != STATUS_CLEAN)
        return status;
    if (!campaign_store_begin(campaign) || (settings->resume && !campaign_resume(campaign)))
        return STATUS_FAILED;
    campaign->progress = progress_new(settings->quiet);
    campaign_play(campaign);
    progress_free(campaign->progress);
    campaign->progress = NULL;
    if (!campaign_store_end(campaign))
        campaign->store_failed = true;
    return STATUS_CLEAN;
}

enum status campaign_conduct(struct campaign *campaign)
{
    enum status status = campaign_perform(campaign);
    if (status != STATUS_CLEAN)
        return status;
    if (campaign->settings->json)
        campaign_print_json(campaign);
    else
        campaign_print(campaign);
    return campaign_status(campaign);
}
