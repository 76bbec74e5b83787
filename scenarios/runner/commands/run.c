/* SPDX-License-Identifier: MIT */
#include "campaign/campaign.h"
#include "gate/publish.h"
#include "report/report.h"

static enum status run(const struct settings *settings)
{
    struct fsim_plan plan;
    struct campaign campaign;
    enum status status = campaign_prepare_suites(&campaign, settings, &plan);
    if (status == STATUS_CLEAN)
        status = campaign_conduct(&campaign);
    if (campaign.run > 0 &&
        !publish_run(settings, campaign.results, campaign.run, &campaign.selection))
        status = STATUS_FAILED;
    if (campaign.run > 0 && settings->html &&
        !report_write(settings, campaign.results, campaign.run))
        status = STATUS_FAILED;
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
        "With --sweep each scenario is recorded again and again, with one call after the other "
        "failing; each must say so, change nothing, and leave an arena that works or is poisoned, "
        "and from which each crash recovers.\n"
        "\n"
        "With --mode kill nothing is simulated: each scenario is played on a disk, many times, and "
        "its process killed each time; the file that is left is recovered where it lies.\n"
        "\n"
        "Exit code: 0 clean, 1 violations, 2 wrong usage, 3 could not run, 4 the budget was used "
        "up before coverage was complete, 130 interrupted. After the last two, or after a crash of "
        "this program, the same command with --resume goes on.",
    .examples = "  pmacrash run\n"
                "  pmacrash run create 'move-*' --jobs 4\n"
                "  pmacrash run --copying lazy\n"
                "  pmacrash run --search compare\n"
                "  pmacrash run --mode kill --kills 1000\n"
                "  pmacrash run --grain store first-snapshot\n"
                "  pmacrash run first-snapshot --sweep all --errors EIO,ENOSPC\n"
                "  pmacrash run first-snapshot --fault 'pma/sync/blocks:skip'\n"
                "  pmacrash run --junit junit.xml --html report.html\n"
                "  pmacrash run ingest --input /etc/ssl/certs --budget 5m\n"
                "  pmacrash run --model all --budget 10m --resume\n",
    .most = SIZE_MAX,
    .words = WORDS_SCENARIOS,
    .run = run,
};
