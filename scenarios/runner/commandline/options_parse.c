/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <results/results.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "options.h"
#include "output/file.h"
#include "output/text.h"

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

static bool set_option(const struct command *command, const struct option *option,
                       const char *value, struct settings *settings)
{
    void *field = (char *)settings + option->field;
    const struct option_choices *choices = option_choices(option->kind);
    if (option_is_text(option)) {
        *(const char **)field = value;
        return true;
    }
    if (choices) {
        char *see = need_format("pmacrash %s --help", command->name);
        bool chosen =
            catalog_choose(choices->noun, value, choices->choices, *choices->count, see, field);
        free(see);
        return chosen;
    }
    switch (option->kind) {
    case OPTION_FLAG:
        *(bool *)field = true;
        return true;
    case OPTION_COUNT:
        return parse_count(option, value, field);
    case OPTION_DURATION:
        if (options_duration(value, field))
            return true;
        complain("--%s takes a time like 30s, 5m or 1h, not '%s'", option->name, value);
        return false;
    case OPTION_MODELS:
        settings->models_given = true;
        return catalog_parse_models(value, field);
    default:
        return false;
    }
}

/* The option that the argument names; *value is what stands after its '=' or letter, or NULL. */
static const struct option *find_option(const struct command *command, const char *argument,
                                        const char **value)
{
    const char **names = need(calloc(option_count, sizeof *names));
    const struct option *found = NULL;
    size_t count = 0, length = strcspn(argument, "=");
    bool is_long = argument[1] == '-';
    *value = is_long && argument[length] ? argument + length + 1 : NULL;
    for (size_t i = 0; i < option_count; i++) {
        const struct option *option = &options[i];
        if (!(option->commands & command->bit))
            continue;
        if (is_long ? strlen(option->name) == length - 2 &&
                          strncmp(option->name, argument + 2, length - 2) == 0
                    : option->letter && argument[1] == option->letter) {
            if (!is_long && argument[2])
                *value = argument + 2;
            found = option;
            goto done;
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
done:
    free(names);
    return found;
}

static void note_option(struct settings *settings, const struct option *option, const char *value)
{
    char *longer = NULL;
    size_t bytes;
    if (option->part != OPTION_LASTING)
        return;
    FILE *out = need(open_memstream(&longer, &bytes));
    fprintf(out, "%s --%s", settings->lasting ? settings->lasting : "", option->name);
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
    note_option(settings, option, value);
    return set_option(command, option, value, settings);
}

static bool check_written_file(const struct option *option, const struct settings *settings)
{
    const char *path = *(const char *const *)((const char *)settings + option->field);
    if (!path || (option->kind == OPTION_WRITTEN_FILE_OR_STDOUT && strcmp(path, "-") == 0))
        return true;
    if (strcmp(path, "-") == 0) {
        complain("--%s wants the name of a file; stdout is for what %s prints", option->name,
                 settings->subcommand);
        return false;
    }
    return file_can_be_written(option->name, path);
}

/* Work of hours is not begun for a file that cannot be there in the end. */
static bool check_written_files(const struct command *command, const struct settings *settings)
{
    for (size_t i = 0; i < option_count; i++) {
        const struct option *option = &options[i];
        bool written =
            option->kind == OPTION_WRITTEN_FILE || option->kind == OPTION_WRITTEN_FILE_OR_STDOUT;
        if (written && option->commands & command->bit && !check_written_file(option, settings))
            return false;
    }
    return true;
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
    return check_written_files(command, settings);
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

static char *what_is_tested(const struct command *command, const struct settings *settings)
{
    char *text = NULL;
    size_t bytes;
    FILE *out = need(open_memstream(&text, &bytes));
    fputs(command->name, out);
    for (size_t i = 0; i < option_count; i++) {
        const struct option *option = &options[i];
        const void *field = (const char *)settings + option->field;
        if (!(option->commands & command->bit) || option->part == OPTION_PASSING)
            continue;
        if (option->kind == OPTION_FLAG)
            fprintf(out, " --%s=%d", option->name, *(const bool *)field);
        else if (!option_is_text(option))
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
