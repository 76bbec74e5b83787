/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "campaign.h"
#include "text.h"

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

/* A rule that never fired has tested nothing, which nobody should mistake for a clean result. */
static void warn_of_idle_faults(const struct campaign *campaign)
{
    for (size_t rule = 0; campaign->plan && rule < campaign->plan->count; rule++) {
        uint64_t fired = 0;
        for (size_t i = 0; i < campaign->selection.count; i++)
            fired += campaign->scenarios[i].report.fired[rule];
        if (fired == 0)
            complain("warning: the fault at '%s' never fired: no scenario of this run gets there; "
                     "see 'pmacrash query coverage'",
                     campaign->plan->rules[rule].point);
    }
}

static enum status status_of(const struct campaign *campaign)
{
    struct campaign_totals totals = campaign_totals(campaign);
    if (campaign->end == POOL_INTERRUPTED || campaign->end == POOL_ABANDONED)
        return STATUS_INTERRUPTED;
    if (totals.violations > 0 || totals.disagreements > 0)
        return STATUS_FOUND;
    if (totals.failed > 0 || campaign->store_failed)
        return STATUS_FAILED;
    if (campaign->out_of_budget && !totals.complete)
        return STATUS_BUDGET;
    if (totals.crash_points == 0) {
        complain("no crash point is like --points '%s'; see 'pmacrash list points'",
                 campaign->points ? campaign->points : "*");
        return STATUS_USAGE;
    }
    return STATUS_CLEAN;
}

static void say_interrupted(const struct campaign *campaign)
{
    struct campaign_totals totals = campaign_totals(campaign);
    complain("interrupted: %llu of %zu scenarios are in %s", (unsigned long long)totals.ended,
             campaign->selection.count, campaign->settings->db);
}

static enum status run(const struct settings *settings)
{
    struct fsim_plan plan;
    struct campaign campaign = {.settings = settings};
    enum status status = STATUS_USAGE;
    clock_gettime(CLOCK_MONOTONIC, &campaign.started);
    if (settings->points && !(campaign.points = catalog_points_glob(settings->points)))
        return STATUS_USAGE;
    if (settings->fault) {
        if (!catalog_plan(settings->fault, &plan))
            return STATUS_USAGE;
        campaign.plan = &plan;
    }
    if (!is_directory("--input", settings->input, R_OK | X_OK, "of files") ||
        !is_directory("--work", settings->work, W_OK | X_OK, "where files can be made"))
        return STATUS_USAGE;
    status = catalog_select(settings->suites, settings->arguments, settings->argument_count,
                            &campaign.selection);
    if (status == STATUS_CLEAN)
        status = catalog_set_copying(&campaign.selection, (enum catalog_copying)settings->copying);
    if (status != STATUS_CLEAN) {
        catalog_deselect(&campaign.selection);
        return status;
    }
    catalog_set_models(&campaign.selection, settings->models);
    size_t count = campaign.selection.count;
    campaign.scenarios = need(calloc(count, sizeof *campaign.scenarios));
    for (size_t i = 0; i < count; i++)
        campaign.scenarios[i].play = &campaign.selection.plays[i];
    status = STATUS_FAILED;
    campaign.oracle = crash_oracle();
    if (!campaign.oracle)
        goto done;
    int error = pool_new(settings->jobs < count ? settings->jobs : count, campaign_task, &campaign,
                         &campaign.pool);
    if (error) {
        complain("no worker processes: %s; use fewer --jobs", strerror(-error));
        goto done;
    }
    if (!campaign_store_begin(&campaign))
        goto done;
    campaign.progress = progress_new(settings->quiet);
    campaign_play(&campaign);
    progress_free(campaign.progress);
    campaign.progress = NULL;
    if (!campaign_store_end(&campaign))
        campaign.store_failed = true;
    if (settings->json)
        campaign_print_json(&campaign);
    else
        campaign_print(&campaign);
    warn_of_idle_faults(&campaign);
    status = status_of(&campaign);
    if (status == STATUS_INTERRUPTED)
        say_interrupted(&campaign);
done:
    campaign_release(&campaign);
    return status;
}

const struct command run_command = {
    .bit = COMMAND_RUN,
    .name = "run",
    .synopsis = "[SCENARIO...]",
    .summary = "crash scenarios everywhere, recover every crash state, judge it",
    .about =
        "Plays each scenario once on the real library, crashes it before and after every fault "
        "point and inside every sync, and recovers every file content that a crash there can "
        "leave. SCENARIO is a name or a glob; none means all. Ctrl-C keeps what is done; a second "
        "one stops at once.\n"
        "\n"
        "With --mode kill nothing is simulated: each scenario is played on a disk, many times, and "
        "its process killed each time; the file that is left is recovered where it lies.\n"
        "\n"
        "Exit code: 0 clean, 1 violations, 2 wrong usage, 3 could not run, 4 the budget was used "
        "up before coverage was complete, 130 interrupted.",
    .examples = "  pmacrash run\n"
                "  pmacrash run create 'move-*' --jobs 4\n"
                "  pmacrash run --copying lazy\n"
                "  pmacrash run --search compare\n"
                "  pmacrash run --mode kill --kills 1000\n"
                "  pmacrash run --grain store first-snapshot\n"
                "  pmacrash run first-snapshot --fault 'pma/sync/blocks:skip'\n"
                "  pmacrash run ingest --input /etc/ssl/certs --budget 5m\n",
    .most = SIZE_MAX,
    .run = run,
};
