/* SPDX-License-Identifier: MIT */
#include "gate.h"

#include <fnmatch.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "commandline/catalog.h"
#include "gate_parts.h"
#include "output/text.h"

const char *const gate_demands[GATE_RULES] = {
    [GATE_VIOLATIONS] = "no new violation",      [GATE_SCENARIOS] = "every scenario is played",
    [GATE_COVERAGE] = "coverage has not shrunk", [GATE_POINTS] = "every fault point is hit",
    [GATE_ORACLES] = "every oracle fires",
};
const char *const gate_titles[GATE_RULES] = {
    [GATE_VIOLATIONS] = "violation",     [GATE_SCENARIOS] = "not played",
    [GATE_COVERAGE] = "coverage shrank", [GATE_POINTS] = "fault point not hit",
    [GATE_ORACLES] = "silent oracle",
};

/* ---- what is compared ---- */

bool gate_in_scope(const struct gate_scope *scope, const char *scenario, const char *copying,
                   const char *model)
{
    enum fsim_model number;
    bool wanted = scope->pattern_count == 0;
    for (size_t i = 0; i < scope->pattern_count && !wanted; i++)
        wanted = fnmatch(scope->patterns[i], scenario, 0) == 0;
    if (scope->copying && strcmp(scope->copying, copying) != 0)
        wanted = false;
    if (scope->models && fsim_model_parse(model, &number) == 0 &&
        !catalog_has_model(scope->models, number))
        wanted = false;
    return wanted;
}

static bool play_in_scope(const struct gate_scope *scope, const struct ledger_play *play)
{
    return gate_in_scope(scope, play->scenario, play->copying, play->model);
}

struct gate_scope gate_scope(const struct settings *settings, const struct ledger *baseline)
{
    struct gate_scope scope = {
        .patterns = settings->arguments,
        .pattern_count = settings->argument_count,
        .copying =
            settings->copying == CATALOG_BOTH ? NULL : catalog_copyings[settings->copying].name,
        .models = settings->models_given ? settings->models : 0,
        .whole = true,
    };
    for (size_t i = 0; i < baseline->play_count; i++)
        scope.whole &= play_in_scope(&scope, &baseline->plays[i]);
    return scope;
}

/* ---- remarks ---- */

size_t gate_plays_with(const struct ledger *ledger, const char *scenario, const char *copying,
                       const char *model)
{
    size_t count = 0;
    for (size_t i = 0; i < ledger->play_count; i++)
        count += (!scenario || strcmp(ledger->plays[i].scenario, scenario) == 0) &&
                 (!copying || strcmp(ledger->plays[i].copying, copying) == 0) &&
                 (!model || strcmp(ledger->plays[i].model, model) == 0);
    return count;
}

void gate_remark_add(struct gate *gate, struct gate_remark said)
{
    gate->remarks = need(realloc(gate->remarks, (gate->count + 1) * sizeof *gate->remarks));
    if (said.scenario)
        said.scenario = need_copy(said.scenario);
    gate->remarks[gate->count++] = said;
    gate->failures += said.weight == GATE_FAILS;
}

char *gate_command(const char *format, ...)
{
    va_list values;
    char *arguments = NULL, *whole;
    va_start(values, format);
    int length = vasprintf(&arguments, format, values);
    va_end(values);
    whole = need_format("%s %s", program_name(), (char *)need(length < 0 ? NULL : arguments));
    free(arguments);
    return whole;
}

char *gate_run_command(const struct gate *gate, const char *scenario, const char *copying,
                       const char *model, const char *more)
{
    char *text = NULL;
    size_t bytes;
    FILE *out = need(open_memstream(&text, &bytes));
    fprintf(out, "%s run", program_name());
    command_write_word(out, scenario);
    fprintf(out, " --copying %s", copying);
    if (strcmp(model, "power-loss") != 0)
        fprintf(out, " --model %s", model);
    fprintf(out, "%s %s", gate->run_options, more);
    fclose(out);
    return need(text);
}

/* ---- all of it ---- */

/* " --NAME VALUE" if there is one, quoted as a shell needs it. */
static void write_option(FILE *out, const char *name, const char *value)
{
    if (!value)
        return;
    fprintf(out, " --%s", name);
    command_write_word(out, value);
}

static char *options_for_results(const struct settings *settings)
{
    char *text = NULL;
    size_t bytes;
    FILE *out = need(open_memstream(&text, &bytes));
    if (strcmp(settings->db, "pmacrash.db") != 0)
        write_option(out, "db", settings->db);
    fclose(out);
    return need(text);
}

static char *options_for_runs(const struct settings *settings)
{
    char *text = NULL;
    size_t bytes;
    FILE *out = need(open_memstream(&text, &bytes));
    write_option(out, "suites", settings->suites);
    fputs(settings->lasting ? settings->lasting : "", out);
    write_option(out, "fault", settings->fault);
    fclose(out);
    return need(text);
}

void gate_compare(const struct settings *settings, const struct ledger *baseline,
                  struct ledger *run, struct gate *gate)
{
    const struct gate_pair pair = {gate, baseline, run};
    *gate = (struct gate){
        .scope = gate_scope(settings, baseline),
        .results_options = options_for_results(settings),
        .run_options = options_for_runs(settings),
    };
    gate_violations(&pair);
    gate_scenarios(&pair);
    gate_coverage(&pair);
    if (!gate->scope.whole)
        return;
    gate_points(&pair);
    gate_oracles(&pair);
}

void gate_release(struct gate *gate)
{
    for (size_t i = 0; i < gate->count; i++) {
        free(gate->remarks[i].sentence);
        free(gate->remarks[i].command);
        free((char *)gate->remarks[i].scenario);
    }
    free(gate->remarks);
    free(gate->results_options);
    free(gate->run_options);
    *gate = (struct gate){0};
}

/* ---- what --update leaves alone ---- */

static void keep_point(struct ledger *run, const struct ledger_point *point)
{
    struct ledger_point *now = ledger_point(run, point->name);
    if (now)
        now->crashed |= point->crashed;
    else
        ledger_add_point(run, point);
}

void gate_keep_rest(const struct gate_scope *scope, const struct ledger *baseline,
                    struct ledger *run)
{
    for (size_t i = 0; i < baseline->play_count; i++)
        if (!play_in_scope(scope, &baseline->plays[i]))
            ledger_add_play(run, &baseline->plays[i]);
    for (size_t i = 0; i < baseline->violation_count; i++) {
        const struct ledger_violation *violation = &baseline->violations[i];
        if (!gate_in_scope(scope, violation->scenario, violation->copying, violation->model))
            ledger_add_violation(run, violation);
    }
    for (size_t i = 0; i < baseline->point_count && !scope->whole; i++)
        keep_point(run, &baseline->points[i]);
    for (size_t i = 0; i < baseline->barrier_count && run->selftest == 0; i++)
        ledger_add_barrier(run, &baseline->barriers[i]);
}
