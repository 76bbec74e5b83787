/* SPDX-License-Identifier: MIT */
/* Violations, scenarios and coverage: what hangs on a play. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "gate_parts.h"
#include "output/text.h"

enum { NAMES_TOLD = 5 };

/* ---- violations ---- */

static void compare_violation(const struct gate_pair *pair, struct ledger_violation *violation)
{
    const struct ledger_violation *before = ledger_violation(pair->baseline, violation);
    struct gate_remark said = {.rule = GATE_VIOLATIONS, .scenario = violation->scenario};
    char *name = ledger_play_name(violation->scenario, violation->copying, violation->model);
    struct number now, then;
    text_count(&now, violation->count);
    violation->known = before && violation->count <= before->count;
    said.weight = violation->known ? GATE_KNOWN : GATE_FAILS;
    if (!before)
        said.sentence = need_format("%s: new violation (%s): %s", name, violation->verdict,
                                    violation->headline);
    else if (!violation->known)
        said.sentence = need_format("%s: %s violations of one kind (%s), %s in the baseline: %s",
                                    name, now.text, violation->verdict,
                                    text_count(&then, before->count), violation->headline);
    else
        said.sentence = need_format("%s: known violation (%s): %s", name, violation->verdict,
                                    violation->headline);
    said.command = gate_command("show v%" PRId64 "%s", violation->id, pair->gate->results_options);
    gate_remark_add(pair->gate, said);
    free(name);
}

static void tell_of_mended(const struct gate_pair *pair, const struct ledger_violation *before)
{
    const struct ledger_violation *now = ledger_violation(pair->run, before);
    if (!gate_in_scope(&pair->gate->scope, before->scenario, before->copying, before->model) ||
        !ledger_play(pair->run, before->scenario, before->copying, before->model) ||
        (now && now->count >= before->count))
        return;
    char *name = ledger_play_name(before->scenario, before->copying, before->model);
    gate_remark_add(pair->gate,
                    (struct gate_remark){
                        .rule = GATE_VIOLATIONS,
                        .weight = GATE_BETTER,
                        .scenario = before->scenario,
                        .line = before->line,
                        .sentence = need_format("%s: %s of the known violations (%s) are gone",
                                                name, now ? "some" : "all", before->verdict),
                    });
    free(name);
}

void gate_violations(const struct gate_pair *pair)
{
    for (size_t i = 0; i < pair->run->violation_count; i++)
        compare_violation(pair, &pair->run->violations[i]);
    for (size_t i = 0; i < pair->baseline->violation_count; i++)
        tell_of_mended(pair, &pair->baseline->violations[i]);
}

/* ---- scenarios ---- */

/* One sentence for as much as is missing together: a scenario, a way of copying, a model. `asked`
 * are the plays of the baseline that are in scope. */
static char *say_missing(const struct ledger *asked, const struct ledger_play *play,
                         const struct ledger *run)
{
    const char *copying = play->copying, *model = play->model;
    struct number count;
    if (gate_plays_with(run, play->scenario, NULL, NULL) == 0)
        return need_format("scenario %s is gone", play->scenario);
    if (gate_plays_with(run, NULL, copying, NULL) == 0)
        return need_format("no scenario is played with copying %s any more; the baseline has %s "
                           "such plays",
                           copying,
                           text_count(&count, gate_plays_with(asked, NULL, copying, NULL)));
    if (gate_plays_with(run, NULL, NULL, model) == 0)
        return need_format("no scenario is played under %s any more; the baseline has %s such "
                           "plays",
                           model, text_count(&count, gate_plays_with(asked, NULL, NULL, model)));
    char *name = ledger_play_name(play->scenario, copying, model);
    char *sentence = need_format("%s is not played any more", name);
    free(name);
    return sentence;
}

static bool is_said(const struct gate *gate, const char *sentence)
{
    for (size_t i = 0; i < gate->count; i++)
        if (strcmp(gate->remarks[i].sentence, sentence) == 0)
            return true;
    return false;
}

static void tell_of_missing(const struct gate_pair *pair, const struct ledger *asked,
                            const struct ledger_play *play)
{
    bool there = gate_plays_with(pair->run, play->scenario, NULL, NULL) > 0;
    char *sentence = say_missing(asked, play, pair->run);
    if (is_said(pair->gate, sentence)) {
        free(sentence);
        return;
    }
    gate_remark_add(pair->gate,
                    (struct gate_remark){
                        .rule = GATE_SCENARIOS,
                        .weight = GATE_FAILS,
                        .scenario = play->scenario,
                        .line = play->line,
                        .sentence = sentence,
                        .command = there ? gate_run_command(pair->gate, play->scenario,
                                                            play->copying, play->model, "--verbose")
                                         : gate_command("list scenarios"),
                    });
}

/* "3 scenarios are new: a, b, c" */
static void tell_of_new(const struct gate_pair *pair)
{
    const struct ledger *run = pair->run;
    size_t count = 0, bytes;
    char *names = NULL;
    FILE *out = need(open_memstream(&names, &bytes));
    for (size_t i = 0; i < run->play_count; i++) {
        const char *scenario = run->plays[i].scenario;
        const struct ledger before = {.plays = run->plays, .play_count = i};
        if (gate_plays_with(pair->baseline, scenario, NULL, NULL) > 0 ||
            gate_plays_with(&before, scenario, NULL, NULL) > 0)
            continue;
        if (count < NAMES_TOLD)
            fprintf(out, "%s%s", count ? ", " : "", scenario);
        count++;
    }
    if (count > NAMES_TOLD)
        fprintf(out, " and %zu more", count - NAMES_TOLD);
    fclose(out);
    if (count > 0)
        gate_remark_add(pair->gate, (struct gate_remark){
                                        .rule = GATE_SCENARIOS,
                                        .weight = GATE_BETTER,
                                        .sentence = need_format("%zu scenario%s new: %s", count,
                                                                count == 1 ? " is" : "s are",
                                                                (char *)need(names)),
                                    });
    free(names);
}

void gate_scenarios(const struct gate_pair *pair)
{
    struct ledger asked = {0}; /* its plays are those of the baseline */
    for (size_t i = 0; i < pair->baseline->play_count; i++) {
        const struct ledger_play *play = &pair->baseline->plays[i];
        if (gate_in_scope(&pair->gate->scope, play->scenario, play->copying, play->model))
            ledger_add_play(&asked, play);
    }
    for (size_t i = 0; i < asked.play_count; i++)
        if (!ledger_play(pair->run, asked.plays[i].scenario, asked.plays[i].copying,
                         asked.plays[i].model))
            tell_of_missing(pair, &asked, &asked.plays[i]);
    ledger_release(&asked);
    tell_of_new(pair);
}

/* ---- coverage ---- */

static void compare_extent(const struct gate_pair *pair, const struct ledger_play *before,
                           const struct ledger_play *now, const char *name)
{
    enum ledger_extent extent = before ? before->extent : LEDGER_COMPLETE;
    struct gate_remark said = {
        .rule = GATE_COVERAGE, .scenario = now->scenario, .line = before ? before->line : 0};
    if (now->extent == extent || (!before && now->extent != LEDGER_FAILED))
        return;
    said.weight = now->extent > extent ? GATE_FAILS : GATE_BETTER;
    if (now->extent == LEDGER_FAILED)
        said.sentence = need_format("%s could not be tested: %s", name, now->error);
    else if (said.weight == GATE_FAILS)
        said.sentence = need_format("%s: not every crash state was covered, in the baseline all "
                                    "of them",
                                    name);
    else
        said.sentence = need_format("%s is %s now, in the baseline %s", name,
                                    ledger_extents[now->extent], ledger_extents[extent]);
    if (said.weight == GATE_FAILS)
        said.command =
            gate_run_command(pair->gate, now->scenario, now->copying, now->model, "--verbose");
    gate_remark_add(pair->gate, said);
}

/* Returns whether there are more than before. */
static bool compare_number(const struct gate_pair *pair, const struct ledger_play *before,
                           const char *name, const char *what, uint64_t then, uint64_t now)
{
    struct number fewer, more;
    if (now < then)
        gate_remark_add(
            pair->gate,
            (struct gate_remark){
                .rule = GATE_COVERAGE,
                .weight = GATE_FAILS,
                .scenario = before->scenario,
                .line = before->line,
                .sentence = need_format("%s: %s %s, %s in the baseline", name,
                                        text_count(&fewer, now), what, text_count(&more, then)),
                .command = gate_run_command(pair->gate, before->scenario, before->copying,
                                            before->model, "--verbose"),
            });
    return now > then;
}

static bool compare_play(const struct gate_pair *pair, const struct ledger_play *now)
{
    static const char *const points[FSIM_DEEPEST] = {
        "crash points", "crash points after a first crash", "crash points after two crashes"};
    const struct ledger_play *before =
        ledger_play(pair->baseline, now->scenario, now->copying, now->model);
    char *name = ledger_play_name(now->scenario, now->copying, now->model);
    bool grew = false;
    compare_extent(pair, before, now, name);
    if (before && now->extent != LEDGER_FAILED) {
        for (size_t depth = 0; depth < FSIM_DEEPEST; depth++)
            grew |= compare_number(pair, before, name, points[depth], before->crash_points[depth],
                                   now->crash_points[depth]);
        grew |= compare_number(pair, before, name, "recordings with a fault", before->recordings,
                               now->recordings);
    }
    free(name);
    return grew;
}

void gate_coverage(const struct gate_pair *pair)
{
    size_t grew = 0;
    for (size_t i = 0; i < pair->run->play_count; i++)
        grew += compare_play(pair, &pair->run->plays[i]);
    if (grew > 0)
        gate_remark_add(pair->gate,
                        (struct gate_remark){
                            .rule = GATE_COVERAGE,
                            .weight = GATE_BETTER,
                            .sentence = need_format("%zu play%s more crash points", grew,
                                                    grew == 1 ? " has" : "s have"),
                        });
}
