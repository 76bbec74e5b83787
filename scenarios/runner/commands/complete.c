/* SPDX-License-Identifier: MIT */
/*
 * What could stand where a shell's cursor is. The functions that shells load (completion/) only
 * hand the words over and show what comes back, so that new options, models, scenarios and runs
 * need no new ones.
 */
#include <errno.h>
#include <faultsim/calls.h>
#include <stdlib.h>
#include <string.h>

#include "alphabet.h"
#include "commandline/catalog.h"
#include "commandline/database.h"
#include "commandline/options.h"
#include "list.h"
#include "output/text.h"

struct completion {
    const struct command *command;
    char *before;            /* the part of the word that stands already */
    const char *typed;       /* the part that is completed */
    struct settings context; /* what the words before say of files */
};

/* A line: the word, a tab, what it is. */
static void offer(const struct completion *completion, const char *word, const char *what)
{
    if (strncmp(word, completion->typed, strlen(completion->typed)) == 0)
        printf("%s%s\t%.*s\n", completion->before, word, (int)strcspn(what, "\n"), what);
}

/* From here on only what follows the last of these characters is completed. */
static void go_behind(struct completion *completion, const char *characters)
{
    size_t length = strlen(completion->typed);
    while (length > 0 && !strchr(characters, completion->typed[length - 1]))
        length--;
    char *before = need_format("%s%.*s", completion->before, (int)length, completion->typed);
    free(completion->before);
    completion->before = before;
    completion->typed += length;
}

/* ---- what there is of each kind ---- */

static void offer_commands(const struct completion *completion)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (!commands[i]->hidden)
            offer(completion, commands[i]->name, commands[i]->summary);
}

static void offer_scenarios(const struct completion *completion)
{
    struct selection selection;
    if (catalog_select(completion->context.suites, NULL, 0, &selection) != STATUS_CLEAN)
        return;
    for (size_t i = 0; i < selection.count; i++) {
        const struct scenario *scenario = selection.plays[i].scenario;
        offer(completion, scenario->name, scenario->description ? scenario->description : "");
    }
    catalog_deselect(&selection);
}

static void offer_queries(const struct completion *completion)
{
    struct results_entry *entries;
    size_t count;
    if (results_list_queries(&entries, &count))
        return;
    for (size_t i = 0; i < count; i++)
        offer(completion, entries[i].name, entries[i].description);
    results_list_free(entries, count);
}

static void offer_row(void *context, const char *const *values, size_t count)
{
    (void)count;
    offer(context, values[0], values[1]);
}

static void offer_rows(struct completion *completion, const char *sql)
{
    results_t *results = database_open(&completion->context);
    if (results)
        results_rows(results, sql, NULL, 0, offer_row, completion);
    results_close(results);
}

static void offer_runs(struct completion *completion)
{
    offer_rows(completion, "SELECT 'r' || run, outcome || ', ' || started || ', ' || command "
                           "FROM v_run ORDER BY v_run.run DESC LIMIT 100");
}

static void offer_violations(struct completion *completion)
{
    offer_rows(completion, "SELECT 'v' || violation, verdict || ', ' || scenario || ', ' || side "
                           "|| ' ' || location FROM v_violation ORDER BY v_violation.violation "
                           "DESC LIMIT 500");
}

static void offer_lists(const struct completion *completion)
{
    for (size_t i = 0; list_name(i); i++)
        offer(completion, list_name(i), "");
}

static void offer_points(const struct completion *completion)
{
    for (size_t i = 0; i < CATALOG_POINT_COUNT; i++)
        offer(completion, catalog_points[i].name, catalog_points[i].description);
    for (size_t i = 0; i < catalog_alias_count; i++)
        offer(completion, catalog_aliases[i].alias, catalog_aliases[i].name);
    for (size_t i = 0; i < FSIM_CALL_COUNT; i++)
        offer(completion, fsim_calls[i].point, fsim_calls[i].text);
}

static void offer_errors(const struct completion *completion)
{
    enum { LAST_ERROR = EHWPOISON };
    for (int error = 1; error <= LAST_ERROR; error++)
        if (strerrorname_np(error))
            offer(completion, strerrorname_np(error), strerror(error));
}

static void offer_alphabet(const struct completion *completion)
{
    const char *name;
    alphabet_t letters;
    for (size_t i = 0; alphabet_set(i, &name, &letters); i++)
        offer(completion, name, alphabet_set_words(i));
    for (size_t i = 0; i < alphabet_letter_count; i++)
        offer(completion, alphabet_letters[i].word, alphabet_letters[i].help);
}

/* POINT[@HIT[+]][:ACTION[:ERRNO]] */
static void offer_plan(struct completion *completion)
{
    static const struct catalog_choice actions[] = {
        {"error", "fail"},
        {"skip", "do nothing, and claim success"},
        {"short", "read or write half"},
        {"evict", "the kernel writes dirty pages back now"},
        {"crash", "the recording ends here"},
    };
    go_behind(completion, ",");
    const char *colon = strchr(completion->typed, ':');
    if (!colon) {
        offer_points(completion);
        return;
    }
    go_behind(completion, ":");
    if (strchr(colon + 1, ':')) {
        offer_errors(completion);
        return;
    }
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        offer(completion, actions[i].name, actions[i].help);
}

/* The shell knows files better. */
static void offer_files(const char *kind)
{
    printf(":%s\n", kind);
}

static void offer_choices(const struct completion *completion, const struct catalog_choice *choices,
                          size_t count)
{
    for (size_t i = 0; i < count; i++)
        offer(completion, choices[i].name, choices[i].help);
}

/* ---- where the cursor is ---- */

static void complete_value(struct completion *completion, const struct option *option)
{
    const struct option_choices *choices = option_choices(option->kind);
    if (choices) {
        offer_choices(completion, choices->choices, *choices->count);
        return;
    }
    switch (option->kind) {
    case OPTION_MODELS:
        go_behind(completion, ",");
        offer_choices(completion, catalog_models, catalog_model_count);
        offer(completion, "all", "each of them");
        break;
    case OPTION_POINTS:
        offer_points(completion);
        break;
    case OPTION_PLAN:
        offer_plan(completion);
        break;
    case OPTION_ERRORS:
        go_behind(completion, ",");
        offer_errors(completion);
        break;
    case OPTION_ALPHABET:
        go_behind(completion, ",");
        offer_alphabet(completion);
        break;
    case OPTION_RUN_NUMBER:
        offer_runs(completion);
        break;
    case OPTION_DIRECTORY:
        offer_files("directories");
        break;
    case OPTION_FILE:
    case OPTION_WRITTEN_FILE:
    case OPTION_WRITTEN_FILE_OR_STDOUT:
        offer_files("files");
        break;
    default: /* numbers and times are the user's */
        break;
    }
}

static void offer_actions(const struct completion *completion, const char *actions)
{
    for (; *actions; actions += strspn(actions, " ")) {
        char *action = need_format("%.*s", (int)strcspn(actions, " "), actions);
        offer(completion, action, "");
        actions += strlen(action);
        free(action);
    }
}

static void complete_word(struct completion *completion)
{
    if (completion->command->actions && completion->context.argument_count == 0) {
        offer_actions(completion, completion->command->actions);
        return;
    }
    switch (completion->command->words) {
    case WORDS_COMMANDS:
        offer_commands(completion);
        break;
    case WORDS_LISTS:
        offer_lists(completion);
        break;
    case WORDS_SCENARIOS:
        offer_scenarios(completion);
        break;
    case WORDS_QUERIES:
        offer_queries(completion);
        break;
    case WORDS_RUNS:
        offer_runs(completion);
        break;
    case WORDS_RUNS_AND_VIOLATIONS:
        offer_runs(completion);
        offer_violations(completion);
        break;
    case WORDS_VIOLATIONS:
        offer_violations(completion);
        break;
    case WORDS_FILES:
        offer_files("files");
        break;
    case WORDS_NONE:
        break;
    }
}

static const struct option *find_option(const struct command *command, const char *word)
{
    size_t length = strcspn(word, "=");
    for (size_t i = 0; i < option_count; i++) {
        const struct option *option = &options[i];
        bool named = word[1] == '-' ? strlen(option->name) == length - 2 &&
                                          strncmp(option->name, word + 2, length - 2) == 0
                                    : option->letter == word[1] && word[1] && !word[2];
        if (named && option->commands & command->bit)
            return option;
    }
    return NULL;
}

static void offer_options(const struct completion *completion, const char *const *words,
                          size_t count)
{
    for (size_t i = 0; i < option_count; i++) {
        const struct option *option = &options[i];
        bool given = false;
        if (!(option->commands & completion->command->bit))
            continue;
        for (size_t j = 0; j < count && !given; j++)
            given = words[j][0] == '-' && find_option(completion->command, words[j]) == option;
        char *name = need_format("--%s", option->name);
        if (!given)
            offer(completion, name, option->help);
        free(name);
    }
}

/* Keeps what an option says of the files that hold what could be completed. */
static void note_value(struct settings *context, const struct option *option, const char *value)
{
    if (option_is_text(option))
        *(const char **)((char *)context + option->field) = value;
}

/* The option whose value the word at `count` is, if it is one's; the values of others are noted. */
static const struct option *read_before(struct completion *completion, const char *const *words,
                                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct option *option = NULL;
        const char *value = strchr(words[i], '=');
        if (words[i][0] == '-' && words[i][1])
            option = find_option(completion->command, words[i]);
        else
            completion->context.argument_count++;
        if (!option || !option->value)
            continue;
        if (!value && i + 1 == count)
            return option;
        note_value(&completion->context, option, value ? value + 1 : words[++i]);
    }
    return NULL;
}

static void complete(struct completion *completion, const char *const *words, size_t count)
{
    const char *word = words[count];
    const struct option *option = read_before(completion, words, count);
    completion->typed = word;
    if (option) {
        complete_value(completion, option);
    } else if (strncmp(word, "--", 2) == 0 && strchr(word, '=')) {
        option = find_option(completion->command, word);
        size_t name = strcspn(word, "=") + 1;
        free(completion->before);
        completion->before = need_format("%.*s", (int)name, word);
        completion->typed += name;
        if (option && option->value)
            complete_value(completion, option);
    } else if (word[0] == '-') {
        offer_options(completion, words, count);
    } else {
        complete_word(completion);
    }
}

static const struct command *known_command(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (!commands[i]->hidden && strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static enum status run(const struct settings *settings)
{
    size_t last = settings->argument_count - 1;
    struct completion completion = {
        .before = need_copy(""), .typed = settings->arguments[0], .context = {.db = settings->db}};
    if (last == 0) {
        offer_commands(&completion);
        offer(&completion, "--help", "how to use pmacrash");
        offer(&completion, "--version", "which pmacrash this is");
    } else if ((completion.command = known_command(settings->arguments[0]))) {
        complete(&completion, settings->arguments + 1, last - 1);
    }
    free(completion.before);
    return STATUS_CLEAN;
}

const struct command complete_command = {
    .bit = COMMAND_COMPLETE,
    .name = "complete",
    .synopsis = "-- [WORD...] WORD",
    .summary = "what a shell could complete the last word to",
    .about = "For the functions that bash and zsh load. Prints a line for each possible word: the "
             "word, a tab, what it is; or ':files' or ':directories'. The words are those that "
             "follow the name of the program.",
    .examples = "  pmacrash complete -- run --model torn,\n",
    .least = 1,
    .most = SIZE_MAX,
    .hidden = true,
    .run = run,
};
