/* SPDX-License-Identifier: MIT */
/*
 * The gate: has a run got worse than a recorded one? It plays the scenarios and skips the barriers
 * itself, so that one command is all that a CI system needs.
 */
#include <stdlib.h>
#include <string.h>

#include "campaign/campaign.h"
#include "commandline/database.h"
#include "gate/baseline.h"
#include "gate/gate.h"
#include "gate/publish.h"
#include "output/json.h"
#include "output/text.h"
#include "sabotage/selftest.h"

struct check {
    const struct settings *settings;
    results_t *results;
    struct ledger baseline, run;
    bool there; /* the baseline is */
    struct gate gate;
    int64_t run_id, selftest_id;
};

/* ---- the run ---- */

static enum status play_scenarios(struct check *check)
{
    struct fsim_plan plan;
    struct campaign campaign;
    enum status status = campaign_prepare_suites(&campaign, check->settings, &plan);
    if (status == STATUS_CLEAN)
        status = campaign_perform(&campaign);
    if (status == STATUS_CLEAN) {
        check->run_id = campaign.run;
        status = campaign_status(&campaign);
    }
    /* What was found, and what could not be tested, is the gate's to judge. */
    if (status == STATUS_FOUND || (status == STATUS_FAILED && check->run_id > 0))
        status = campaign.store_failed ? STATUS_FAILED : STATUS_CLEAN;
    if (status == STATUS_CLEAN && campaign_totals(&campaign).disagreements > 0) {
        complain("two searches judge a crash state differently, so neither can be believed; see "
                 "'pmacrash show r%lld'",
                 (long long)check->run_id);
        status = STATUS_FAILED;
    }
    campaign_release(&campaign);
    return status;
}

static const char *where_caught(void *context, const char *barrier, const char *copying)
{
    const struct check *check = context;
    const struct ledger_barrier *before = ledger_barrier(&check->baseline, barrier, copying);
    return before ? before->scenario : NULL;
}

static enum status skip_barriers(struct check *check)
{
    results_t *results = database_open_to_write(check->settings);
    enum status status = STATUS_FAILED;
    if (results)
        status =
            selftest_barriers(check->settings, results, where_caught, check, &check->selftest_id);
    results_close(results);
    return status == STATUS_FOUND ? STATUS_CLEAN : status;
}

static enum status play(struct check *check)
{
    enum status status = play_scenarios(check);
    if (status == STATUS_CLEAN && gate_scope(check->settings, &check->baseline).whole)
        status = skip_barriers(check);
    if (status == STATUS_CLEAN && !(check->results = database_open(check->settings)))
        status = STATUS_FAILED;
    return status;
}

/* The run that --run names, and the latest self-test. */
static enum status look_up(struct check *check)
{
    if (!database_run(check->settings->of_run, &check->run_id))
        return STATUS_USAGE;
    if (!(check->results = database_open(check->settings)))
        return STATUS_FAILED;
    if (check->run_id == 0 && results_last_run(check->results, &check->run_id)) {
        complain("%s", results_error(check->results));
        return STATUS_FAILED;
    }
    return ledger_latest_selftest(check->results, &check->selftest_id) ? STATUS_CLEAN
                                                                       : STATUS_FAILED;
}

/* ---- what it says ---- */

static char *plural(size_t count, const char *one, const char *many)
{
    struct number text;
    return need_format("%s %s", text_count(&text, count), count == 1 ? one : many);
}

static void print_side(const char *what, const struct ledger *ledger)
{
    struct ledger_sum sum = ledger_sum(ledger);
    char *plays = plural(sum.plays, "play", "plays");
    char *crash_points = plural(sum.crash_points, "crash point", "crash points");
    char *points = plural(ledger->point_count, "fault point", "fault points");
    char *violations = sum.violations ? plural(sum.violations, "violation", "violations")
                                      : need_copy("no violation");
    char *line = need_format("%s: %s%s, %s, %s, %s, %zu skipped barriers noticed.", what, plays,
                             sum.partial + sum.failed ? "" : ", all complete", crash_points, points,
                             violations, (size_t)sum.caught);
    text_paragraph(stdout, 0, line);
    free(line);
    free(violations);
    free(points);
    free(crash_points);
    free(plays);
}

static size_t print_remarks(const struct gate *gate, enum gate_weight weight, const char *word,
                            enum text_style style)
{
    size_t count = 0;
    for (size_t i = 0; i < gate->count; i++) {
        const struct gate_remark *remark = &gate->remarks[i];
        if (remark->weight != weight)
            continue;
        printf("%s", count++ == 0 ? "\n" : "");
        text_styled(stdout, style, word);
        printf(" %s\n", remark->sentence);
        if (remark->command)
            printf("       %s\n", remark->command);
    }
    return count;
}

/* The command line that was typed, and another option. */
static void print_again(const struct settings *settings, const char *option)
{
    const char *arguments = strchr(settings->command_line, ' ');
    printf("  %s%s%s\n", program_name(), arguments ? arguments : "", option);
}

static void print(const struct check *check)
{
    const struct gate *gate = &check->gate;
    char *baseline = need_format("Baseline %s", check->baseline.path);
    char *run = need_format("Run %lld", (long long)check->run_id);
    print_side(baseline, &check->baseline);
    print_side(run, &check->run);
    if (!gate->scope.whole)
        printf("Only a part of the baseline was asked for: fault points and oracles are not "
               "compared.\n");
    print_remarks(gate, GATE_KNOWN, "KNOWN ", STYLE_DIM);
    size_t better = print_remarks(gate, GATE_BETTER, "BETTER", STYLE_GOOD);
    print_remarks(gate, GATE_FAILS, "WORSE ", STYLE_BAD);
    free(run);
    free(baseline);
    printf("\n");
    if (check->settings->update)
        return;
    if (gate->failures > 0)
        printf("Worse than the baseline in %zu point%s. If that is meant, the baseline is to be "
               "written anew:\n",
               gate->failures, gate->failures == 1 ? "" : "s");
    else if (better > 0)
        printf("Not worse than the baseline. What is better is demanded from then on if you run\n");
    else
        printf("Not worse than the baseline.\n");
    if (gate->failures + better > 0)
        print_again(check->settings, " --update");
}

static void json_remarks(struct json *json, const struct gate *gate, enum gate_weight weight,
                         const char *key)
{
    json_begin(json, key, '[');
    for (size_t i = 0; i < gate->count; i++) {
        const struct gate_remark *remark = &gate->remarks[i];
        if (remark->weight != weight)
            continue;
        json_begin(json, NULL, '{');
        json_text(json, "demand", gate_demands[remark->rule]);
        json_text(json, "scenario", remark->scenario);
        json_text(json, "sentence", remark->sentence);
        json_text(json, "command", remark->command);
        json_end(json, '}');
    }
    json_end(json, ']');
}

static void print_json(const struct check *check)
{
    struct json json = {.out = stdout};
    json_begin(&json, NULL, '{');
    json_bool(&json, "passed", check->gate.failures == 0);
    json_text(&json, "baseline", check->baseline.path);
    json_text(&json, "database", check->settings->db);
    json_count(&json, "run", (uint64_t)check->run_id);
    json_count(&json, "selftest", (uint64_t)check->selftest_id);
    json_bool(&json, "whole", check->gate.scope.whole);
    json_remarks(&json, &check->gate, GATE_FAILS, "worse");
    json_remarks(&json, &check->gate, GATE_KNOWN, "known");
    json_remarks(&json, &check->gate, GATE_BETTER, "better");
    json_end(&json, '}');
}

/* ---- all of it ---- */

/* `pmacrash db prune` leaves alone what a baseline came from. */
static bool keep_run(const struct check *check)
{
    results_t *results = database_open_to_write(check->settings);
    bool kept = results && results_run_keep(results, check->run_id, check->settings->baseline) == 0;
    if (results && !kept)
        complain("%s", results_error(results));
    results_close(results);
    return kept;
}

static enum status update(struct check *check)
{
    const char *path = check->settings->baseline;
    gate_keep_rest(&check->gate.scope, &check->baseline, &check->run);
    if (!baseline_write(path, &check->run) || !keep_run(check))
        return STATUS_FAILED;
    if (!check->settings->json)
        printf("%s is %s.\n", path, check->there ? "written anew" : "made");
    return STATUS_CLEAN;
}

static enum status compare(struct check *check)
{
    const struct settings *settings = check->settings;
    gate_compare(settings, &check->baseline, &check->run, &check->gate);
    if (settings->json)
        print_json(check);
    else if (check->there)
        print(check);
    if (!publish(settings, &check->run, &check->baseline, &check->gate))
        return STATUS_FAILED;
    if (settings->update)
        return update(check);
    return check->gate.failures > 0 ? STATUS_FOUND : STATUS_CLEAN;
}

static enum status read_baseline(struct check *check)
{
    const struct settings *settings = check->settings;
    const char *path = settings->baseline;
    if (!path) {
        complain("check compares with something: --baseline FILE; with --update that is made");
        return STATUS_USAGE;
    }
    if (settings->update && baseline_is_database(path)) {
        complain("%s is a results database, which runs write; --update writes a text file", path);
        return STATUS_USAGE;
    }
    if (!baseline_read(path, &check->there, &check->baseline))
        return STATUS_USAGE;
    if (check->there || settings->update)
        return STATUS_CLEAN;
    complain("%s: no such baseline; the same command with --update makes it", path);
    return STATUS_USAGE;
}

static enum status run(const struct settings *settings)
{
    struct check check = {.settings = settings};
    enum status status = read_baseline(&check);
    if (status == STATUS_CLEAN)
        status = settings->of_run ? look_up(&check) : play(&check);
    if (status == STATUS_CLEAN &&
        !ledger_read(check.results, settings->db, check.run_id, check.selftest_id, &check.run))
        status = STATUS_FAILED;
    if (status == STATUS_CLEAN)
        status = compare(&check);
    gate_release(&check.gate);
    ledger_release(&check.run);
    ledger_release(&check.baseline);
    results_close(check.results);
    return status;
}

const struct command check_command = {
    .bit = COMMAND_CHECK,
    .name = "check",
    .synopsis = "--baseline FILE [SCENARIO...]",
    .summary = "the regression gate: is anything worse than a recorded baseline?",
    .about =
        "Plays the scenarios, skips each persistence barrier in turn, and compares what came of it "
        "with a baseline. It fails on a violation that is new, a scenario that is gone, crash "
        "points that have become fewer, a fault point that is not hit any more, and a barrier "
        "whose absence no oracle notices any more; each in a line with the command to look "
        "closer. What the baseline knows already is tolerated and listed; scenarios that are new "
        "pass.\n"
        "\n"
        "With --update it writes the baseline: a small sorted text for the repository, so that "
        "each "
        "change of it can be reviewed. With SCENARIO, --copying or --model only that part is "
        "compared, or "
        "written anew. --run compares a run that was made before, and the latest self-test.\n"
        "\n"
        "Exit code: 0 nothing is worse, 1 something is, 2 wrong usage, 3 could not run, 130 "
        "interrupted.",
    .examples = "  pmacrash check --baseline baseline.txt --update\n"
                "  pmacrash check --baseline baseline.txt\n"
                "  pmacrash check --baseline baseline.txt --junit junit.xml\n"
                "  pmacrash check --baseline baseline.txt --run latest\n"
                "  pmacrash check --baseline last-week.db 'move-*' --copying eager\n",
    .most = SIZE_MAX,
    .words = WORDS_SCENARIOS,
    .run = run,
};
