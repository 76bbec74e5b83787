/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <errno.h>
#include <inttypes.h>
#include <results/results.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "catalog.h"
#include "generate.h"
#include "text.h"

enum option_kind {
    OPTION_FLAG,
    OPTION_TEXT,
    OPTION_COUNT,
    OPTION_DURATION,
    OPTION_MODE,
    OPTION_MODELS,
    OPTION_SEARCH,
    OPTION_GRAIN,
    OPTION_COPYING,
    OPTION_SHRINK,
    OPTION_SWEEP,
};

struct option {
    const char *name;
    char letter;       /* 0 = none */
    const char *value; /* what stands for it in the help; NULL for a flag */
    enum option_kind kind;
    size_t field; /* offset in struct settings */
    unsigned commands;
    uint64_t least, most; /* counts */
    const char *help;
};

enum {
    CAMPAIGN = COMMAND_RUN | COMMAND_GENERATE,
    EXPLORING = COMMAND_RUN | COMMAND_SELFTEST | COMMAND_AUDIT,
    READING = COMMAND_SHOW | COMMAND_REPLAY | COMMAND_QUERY,
};

#define FIELD(name) offsetof(struct settings, name)

static const struct option options[] = {
    {"suites", 0, "PATH", OPTION_TEXT, FIELD(suites), EXPLORING | COMMAND_LIST, 0, 0,
     "a scenario file, or a directory of *.yaml (default: the ones that come with pmacrash)"},
    {"input", 0, "DIR", OPTION_TEXT, FIELD(input), EXPLORING | COMMAND_REPLAY, 0, 0,
     "the files that 'ingest' reads (default: /usr/share/common-licenses)"},
    {"mode", 0, "MODE", OPTION_MODE, FIELD(mode), COMMAND_RUN, 0, 0,
     "simulate crashes (the default), or kill: end the playing process with SIGKILL, at each hit "
     "of "
     "a fault point, and recover what it left"},
    {"kills", 0, "N", OPTION_COUNT, FIELD(kills), COMMAND_RUN, 1, UINT32_MAX,
     "with --mode kill: at so many random instants instead, over all scenarios"},
    {"work", 0, "DIR", OPTION_TEXT, FIELD(work), COMMAND_RUN | COMMAND_AUDIT, 0, 0,
     "where scenarios are played (default: $TMPDIR, else /tmp; to kill and to audit, /var/tmp: on "
     "a disk)"},
    {"model", 0, "LIST", OPTION_MODELS, FIELD(models), CAMPAIGN | COMMAND_STORE, 0, 0,
     "which crash states there are: names of 'pmacrash list models' with commas between, or all "
     "(default: power-loss)"},
    {"search", 0, "HOW", OPTION_SEARCH, FIELD(search), CAMPAIGN | COMMAND_STORE, 0, 0,
     "lazy (complete, the default), brute, compare, bounded or random"},
    {"grain", 0, "GRAIN", OPTION_GRAIN, FIELD(grain), CAMPAIGN, 0, 0,
     "when versions of mapped pages are taken: at every call (the default), or at every store"},
    {"copying", 0, "HOW", OPTION_COPYING, FIELD(copying), CAMPAIGN | EXPLORING, 0, 0,
     "how the arena copies pages: eager, lazy, or both, each scenario twice (the default)"},
    {"depth", 0, "N", OPTION_COUNT, FIELD(depth), CAMPAIGN, 1, FSIM_DEEPEST,
     "crashes in a row: 2 also crashes inside each recovery and the first snapshot after it, 3 "
     "inside the recovery from that (default: 1)"},
    {"bound", 0, "N", OPTION_COUNT, FIELD(bound), CAMPAIGN | COMMAND_STORE, 1, UINT64_MAX,
     "recoveries a crash point, for bounded and random (default: 64)"},
    {"brute-limit", 0, "N", OPTION_COUNT, FIELD(brute_limit), CAMPAIGN | COMMAND_STORE, 1,
     UINT64_MAX, "brute and compare pass over crash points with more states (default: 65536)"},
    {"tear-limit", 0, "N", OPTION_COUNT, FIELD(tear_limit), CAMPAIGN | COMMAND_STORE, 2, 1 << 20,
     "under the model torn, the most values of one block (default: 256)"},
    {"seed", 0, "S", OPTION_COUNT, FIELD(seed), CAMPAIGN | COMMAND_STORE, 0, UINT64_MAX,
     "what random searches and random kills draw from (default: 1)"},
    {"points", 0, "GLOB", OPTION_TEXT, FIELD(points), CAMPAIGN | COMMAND_STORE, 0, 0,
     "crash only at fault points or calls like this: 'pma/meta/*'"},
    {"trace", 0, "FILE", OPTION_TEXT, FIELD(trace), COMMAND_STORE, 0, 0,
     "explore what the preloaded recorder saved, instead of the adapter's own workload"},
    {"fault", 0, "PLAN", OPTION_TEXT, FIELD(fault), CAMPAIGN, 0, 0,
     "faults while recording: 'POINT[@HIT[+]][:error[:ERRNO]|:skip|:evict|:crash],...'"},
    {"sweep", 0, "WHAT", OPTION_SWEEP, FIELD(sweep), CAMPAIGN, 0, 0,
     "record each play again with each fault, at its first hit, its second and so on, once and for "
     "good, and crash that too: none (the default), syncs, calls, points or all"},
    {"errors", 0, "LIST", OPTION_TEXT, FIELD(errors), CAMPAIGN, 0, 0,
     "what a sweep fails with: 'EIO,ENOMEM' (default: what each call usually fails with)"},
    {"isolate", 0, NULL, OPTION_FLAG, FIELD(isolate), CAMPAIGN | COMMAND_STORE, 0, 0,
     "each recovery in a process of its own: slower, and nothing survives from one to the next"},
    {"alphabet", 0, "LIST", OPTION_TEXT, FIELD(alphabet), COMMAND_GENERATE, 0, 0,
     "operations and named sets of them, with commas between (default: pages)"},
    {"length", 0, "N", OPTION_COUNT, FIELD(length), COMMAND_GENERATE, 1, GENERATE_MOST_LENGTH,
     "operations of a scenario (default: 3; with --random 60)"},
    {"random", 0, NULL, OPTION_FLAG, FIELD(random), COMMAND_GENERATE, 0, 0,
     "draw operations from --seed instead of trying all sequences"},
    {"count", 0, "N", OPTION_COUNT, FIELD(count), COMMAND_GENERATE, 1, UINT64_MAX,
     "at most so many scenarios (default: all; with --random 1000, or what the budget allows)"},
    {"print", 0, NULL, OPTION_FLAG, FIELD(print), COMMAND_GENERATE, 0, 0,
     "write the scenarios as a suite, do not play them"},
    {"jobs", 'j', "N", OPTION_COUNT, FIELD(jobs), CAMPAIGN | EXPLORING, 1, 1024,
     "worker processes (default: one a processor)"},
    {"budget", 0, "TIME", OPTION_DURATION, FIELD(budget_ms), CAMPAIGN, 0, 0,
     "stop after so long, keep what is done: 30s, 5m, 1h"},
    {"resume", 0, NULL, OPTION_FLAG, FIELD(resume), CAMPAIGN, 0, 0,
     "go on with the last run of the same command, if there is one, where it stopped"},
    {"time-limit", 0, "MS", OPTION_COUNT, FIELD(time_limit_ms),
     CAMPAIGN | EXPLORING | COMMAND_STORE | COMMAND_REPLAY, 10, 3600000,
     "a recovery that takes longer hangs (default: 10000)"},
    {"record-limit", 0, "MS", OPTION_COUNT, FIELD(record_limit_ms), CAMPAIGN | COMMAND_STORE, 10,
     3600000, "a workload that takes longer hangs (default: 120000)"},
    {"max-violations", 0, "N", OPTION_COUNT, FIELD(max_violations), CAMPAIGN | COMMAND_STORE, 0,
     UINT64_MAX, "be done with a scenario after so many; 0 = never (default: 20)"},
    {"shrink", 0, "WHAT", OPTION_SHRINK, FIELD(shrink), CAMPAIGN, 0, 0,
     "make the first violation of each kind smaller: pages, steps, all (the default) or none"},
    {"shrink-time", 0, "TIME", OPTION_DURATION, FIELD(shrink_ms), CAMPAIGN, 0, 0,
     "the most time for that, for pages and steps each (default: 2s)"},
    {"first", 0, NULL, OPTION_FLAG, FIELD(first), CAMPAIGN, 0, 0,
     "be done with everything at the first violation"},
    {"keep", 0, "PATH", OPTION_TEXT, FIELD(keep), COMMAND_REPLAY, 0, 0,
     "also write the crash state there: a file, or a directory that is empty or new"},
    {"export", 0, "DIR", OPTION_TEXT, FIELD(export_to), COMMAND_REPLAY, 0, 0,
     "also write crash state, scenario and a note on both there: a directory, empty or new"},
    {"gdb", 0, NULL, OPTION_FLAG, FIELD(gdb), COMMAND_REPLAY, 0, 0,
     "start gdb on it, stopped where recovery opens the arena"},
    {"in-process", 0, NULL, OPTION_FLAG, FIELD(in_process), COMMAND_REPLAY, 0, 0,
     "recover in this process, without a time limit: for debuggers"},
    {"db", 0, "FILE", OPTION_TEXT, FIELD(db), CAMPAIGN | READING, 0, 0,
     "the results database (default: $PMACRASH_DB, else ./pmacrash.db)"},
    {"table", 0, NULL, OPTION_FLAG, FIELD(table), COMMAND_QUERY, 0, 0,
     "print a table (the default)"},
    {"csv", 0, NULL, OPTION_FLAG, FIELD(csv), COMMAND_QUERY, 0, 0, "print CSV"},
    {"json", 0, NULL, OPTION_FLAG, FIELD(json),
     CAMPAIGN | EXPLORING | COMMAND_STORE | READING | COMMAND_LIST, 0, 0,
     "print one JSON document, for scripts"},
    {"quiet", 'q', NULL, OPTION_FLAG, FIELD(quiet), CAMPAIGN | EXPLORING, 0, 0,
     "no progress on stderr"},
    {"verbose", 'v', NULL, OPTION_FLAG, FIELD(verbose), CAMPAIGN, 0, 0,
     "also say what each crash point came to"},
    {"help", 'h', NULL, OPTION_FLAG, FIELD(help), COMMAND_ALL, 0, 0, "this text"},
};
enum { OPTION_COUNT_ALL = sizeof options / sizeof *options };

bool options_duration(const char *text, uint64_t *milliseconds)
{
    static const struct {
        const char *unit;
        uint64_t milliseconds;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}};
    uint64_t total = 0;
    if (!*text)
        return false;
    while (*text) {
        if (*text < '0' || *text > '9')
            return false;
        char *end;
        errno = 0;
        uint64_t amount = strtoull(text, &end, 10), factor = 0;
        size_t length = strspn(end, "msh");
        for (size_t i = 0; i < sizeof units / sizeof *units; i++)
            if (strlen(units[i].unit) == length && strncmp(end, units[i].unit, length) == 0)
                factor = units[i].milliseconds;
        if (!*end)
            factor = 1000;
        if (!factor || errno || amount > UINT32_MAX)
            return false;
        total += amount * factor;
        text = end + length;
    }
    *milliseconds = total;
    return total > 0;
}

static bool parse_count(const struct option *option, const char *text, uint64_t *count)
{
    char *end;
    errno = 0;
    uint64_t value = strtoull(text, &end, 10);
    if (*text >= '0' && *text <= '9' && !*end && !errno && value >= option->least &&
        value <= option->most) {
        *count = value;
        return true;
    }
    if (option->most == UINT64_MAX)
        complain("--%s takes a number from %" PRIu64 " on, not '%s'", option->name, option->least,
                 text);
    else
        complain("--%s takes a number from %" PRIu64 " to %" PRIu64 ", not '%s'", option->name,
                 option->least, option->most, text);
    return false;
}

static bool set_option(const struct option *option, const char *value, struct settings *settings)
{
    void *field = (char *)settings + option->field;
    switch (option->kind) {
    case OPTION_FLAG:
        *(bool *)field = true;
        return true;
    case OPTION_TEXT:
        *(const char **)field = value;
        return true;
    case OPTION_COUNT:
        return parse_count(option, value, field);
    case OPTION_DURATION:
        if (options_duration(value, field))
            return true;
        complain("--%s takes a time like 30s, 5m or 1h, not '%s'", option->name, value);
        return false;
    case OPTION_MODE:
        return catalog_choose("mode", value, catalog_modes, catalog_mode_count,
                              "pmacrash run --help", field);
    case OPTION_MODELS:
        settings->models_given = true;
        return catalog_parse_models(value, field);
    case OPTION_SEARCH:
        return catalog_choose("search", value, catalog_searches, catalog_search_count,
                              "pmacrash run --help", field);
    case OPTION_GRAIN:
        return catalog_choose("grain", value, catalog_grains, catalog_grain_count,
                              "pmacrash run --help", field);
    case OPTION_COPYING:
        return catalog_choose("way of copying", value, catalog_copyings, catalog_copying_count,
                              "pmacrash run --help", field);
    case OPTION_SHRINK:
        return catalog_choose("way of shrinking", value, catalog_shrinks, catalog_shrink_count,
                              "pmacrash run --help", field);
    case OPTION_SWEEP:
        return catalog_choose("sweep", value, catalog_sweeps, catalog_sweep_count,
                              "pmacrash run --help", field);
    }
    return false;
}

/* The option that the argument names; *value is what stands after its '=' or letter, or NULL. */
static const struct option *find_option(const struct command *command, const char *argument,
                                        const char **value)
{
    const char *names[OPTION_COUNT_ALL];
    size_t count = 0, length = strcspn(argument, "=");
    bool is_long = argument[1] == '-';
    *value = is_long && argument[length] ? argument + length + 1 : NULL;
    for (size_t i = 0; i < OPTION_COUNT_ALL; i++) {
        const struct option *option = &options[i];
        if (!(option->commands & command->bit))
            continue;
        if (is_long ? strlen(option->name) == length - 2 &&
                          strncmp(option->name, argument + 2, length - 2) == 0
                    : option->letter && argument[1] == option->letter) {
            if (!is_long && argument[2])
                *value = argument + 2;
            return option;
        }
        names[count++] = option->name;
    }
    char *name =
        need_format("%.*s", (int)(length - (is_long ? 2 : 1)), argument + (is_long ? 2 : 1));
    const char *nearest = results_nearest(name, names, count);
    if (nearest)
        complain("%s has no option %.*s; did you mean --%s? See 'pmacrash %s --help'",
                 command->name, (int)length, argument, nearest, command->name);
    else
        complain("%s has no option %.*s; see 'pmacrash %s --help'", command->name, (int)length,
                 argument, command->name);
    free(name);
    return NULL;
}

/* Whether an option belongs to one run and not to what it tests, or the results say it elsewhere.
 */
static bool is_passing(const char *name)
{
    static const char *const passing[] = {
        "suites",         "mode",   "kills",       "work",     "model",  "copying",
        "fault",          "points", "jobs",        "budget",   "resume", "first",
        "max-violations", "shrink", "shrink-time", "alphabet", "length", "random",
        "count",          "db",     "json",        "quiet",    "verbose"};
    for (size_t i = 0; i < sizeof passing / sizeof *passing; i++)
        if (strcmp(name, passing[i]) == 0)
            return true;
    return false;
}

static void note_option(struct settings *settings, const char *name, const char *value)
{
    char *longer = NULL;
    size_t bytes;
    if (is_passing(name))
        return;
    FILE *out = need(open_memstream(&longer, &bytes));
    fprintf(out, "%s --%s", settings->lasting ? settings->lasting : "", name);
    if (value)
        command_write_word(out, value);
    fclose(out);
    free(settings->lasting);
    settings->lasting = need(longer);
}

/* Takes the option at argv[*at], and its value from the next place if it has one. */
static bool take_option(const struct command *command, int argc, char **argv, int *at,
                        struct settings *settings)
{
    const char *value;
    const struct option *option = find_option(command, argv[*at], &value);
    if (!option)
        return false;
    if (!option->value && value) {
        complain("--%s takes no value, but '%s' gives one", option->name, argv[*at]);
        return false;
    }
    if (option->value && !value) {
        if (*at + 1 == argc) {
            complain("--%s wants a value: --%s %s", option->name, option->name, option->value);
            return false;
        }
        value = argv[++*at];
    }
    note_option(settings, option->name, value);
    return set_option(option, value, settings);
}

static bool check(const struct command *command, const struct settings *settings)
{
    if (settings->help)
        return true;
    if (settings->argument_count < command->least) {
        complain("%s wants more: pmacrash %s %s", command->name, command->name, command->synopsis);
        return false;
    }
    if (settings->argument_count > command->most) {
        complain("%s does not know what to do with '%s'; see 'pmacrash %s --help'", command->name,
                 settings->arguments[command->most], command->name);
        return false;
    }
    if (settings->table + settings->csv + settings->json > 1) {
        complain("--table, --csv and --json exclude each other; give one");
        return false;
    }
    return true;
}

/* A process that is killed leaves what one model says, on files that are somewhere. */
static bool settle_mode(struct settings *settings)
{
    const char *temporary = getenv("TMPDIR");
    if (settings->mode != CATALOG_KILL) {
        if (settings->kills > 0)
            complain("--kills says how often --mode kill kills; add that, or leave --kills out");
        return settings->kills == 0;
    }
    if (settings->models_given && settings->models != UINT64_C(1) << FSIM_PROCESS_KILL) {
        char *models = catalog_model_names(settings->models, ", ");
        complain("--mode kill leaves what process-kill says; %s needs --mode simulate", models);
        free(models);
        return false;
    }
    if (settings->grain == FSIM_GRAIN_STORE) {
        complain("--mode kill takes no versions; --grain store needs --mode simulate");
        return false;
    }
    if (settings->depth > 1) {
        complain("--mode kill kills no recoveries; --depth needs --mode simulate");
        return false;
    }
    settings->models = UINT64_C(1) << FSIM_PROCESS_KILL;
    if (!settings->work)
        settings->work = temporary && *temporary ? temporary : "/var/tmp";
    return true;
}

/* What these say has no part in which crash states are covered. */
static bool is_about_the_run(const struct option *option)
{
    static const char *const names[] = {"jobs", "budget", "resume",  "db",
                                        "json", "quiet",  "verbose", "shrink-time",
                                        "help", "print",  "first"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(option->name, names[i]) == 0)
            return true;
    return false;
}

static char *what_is_tested(const struct command *command, const struct settings *settings)
{
    char *text = NULL;
    size_t bytes;
    FILE *out = need(open_memstream(&text, &bytes));
    fputs(command->name, out);
    for (size_t i = 0; i < OPTION_COUNT_ALL; i++) {
        const struct option *option = &options[i];
        const void *field = (const char *)settings + option->field;
        if (!(option->commands & command->bit) || is_about_the_run(option))
            continue;
        if (option->kind == OPTION_FLAG)
            fprintf(out, " --%s=%d", option->name, *(const bool *)field);
        else if (option->kind != OPTION_TEXT)
            fprintf(out, " --%s=%" PRIu64, option->name, *(const uint64_t *)field);
        else if (*(const char *const *)field)
            fprintf(out, " --%s='%s'", option->name, *(const char *const *)field);
    }
    for (size_t i = 0; i < settings->argument_count; i++)
        fprintf(out, " '%s'", settings->arguments[i]);
    fclose(out);
    return need(text);
}

bool options_parse(const struct command *command, int argc, char **argv, struct settings *settings)
{
    const char *environment = getenv("PMACRASH_DB");
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    *settings = (struct settings){
        .subcommand = command->name,
        .models = UINT64_C(1) << FSIM_POWER_LOSS,
        .search = FSIM_LAZY,
        .grain = FSIM_GRAIN_CALL,
        .copying = CATALOG_BOTH,
        .seed = 1,
        .depth = 1,
        .bound = 64,
        .tear_limit = 256,
        .brute_limit = 65536,
        .time_limit_ms = 10000,
        .record_limit_ms = 120000,
        .max_violations = 20,
        .shrink = CATALOG_SHRINK_ALL,
        .shrink_ms = 2000,
        .jobs = processors > 0 ? (uint64_t)processors : 1,
        .alphabet = "pages",
        .db = environment && *environment ? environment : "pmacrash.db",
        .arguments = need(calloc((size_t)argc + 1, sizeof *settings->arguments)),
    };
    bool options_over = false;
    for (int at = 0; at < argc; at++) {
        const char *argument = argv[at];
        if (!options_over && strcmp(argument, "--") == 0)
            options_over = true;
        else if (options_over || argument[0] != '-' || !argument[1])
            settings->arguments[settings->argument_count++] = argument;
        else if (!take_option(command, argc, argv, &at, settings))
            return false;
    }
    if (!check(command, settings) || !settle_mode(settings))
        return false;
    settings->tested = what_is_tested(command, settings);
    return true;
}

void options_release(struct settings *settings)
{
    free(settings->tested);
    settings->tested = NULL;
    free(settings->arguments);
    free(settings->lasting);
    settings->arguments = NULL;
    settings->lasting = NULL;
}

void options_help(const struct command *command, FILE *out)
{
    enum { HELP_COLUMN = 23 };
    for (size_t i = 0; i < OPTION_COUNT_ALL; i++) {
        const struct option *option = &options[i];
        if (!(option->commands & command->bit))
            continue;
        char letter[8] = "    ";
        if (option->letter)
            snprintf(letter, sizeof letter, "-%c, ", option->letter);
        char *left = need_format("%s--%s%s%s", letter, option->name, option->value ? " " : "",
                                 option->value ? option->value : "");
        /* The wrapped help, moved right; its first line shares the option's line if it fits. */
        char *help = NULL;
        size_t bytes;
        FILE *text = need(open_memstream(&help, &bytes));
        text_paragraph(text, HELP_COLUMN, option->help);
        fclose(text);
        if (2 + strlen(left) < HELP_COLUMN)
            fprintf(out, "  %-*s%s", HELP_COLUMN - 2, left, (char *)need(help) + HELP_COLUMN);
        else
            fprintf(out, "  %s\n%s", left, (char *)need(help));
        free(help);
        free(left);
    }
}
