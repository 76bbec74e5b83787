/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

const struct command *const commands[] = {&stat_command, &check_command, &dump_command,
                                          &copy_command, &shrink_command};
const size_t command_count = sizeof commands / sizeof commands[0];

enum { MOST_NAMES = 16 };

/* The end of a complaint about a word that is none of `names`. */
static void suggest(const char *word, const char *const *names, size_t count)
{
    const char *nearest = nearest_name(word, names, count);
    if (nearest)
        fprintf(stderr, "; did you mean '%s'?\n", nearest);
    else
        fprintf(stderr, "; 'pma help' lists what there is\n");
}

const struct command *command_find(const char *name)
{
    const char *names[MOST_NAMES] = {"help"};
    size_t count = 1;
    for (size_t i = 0; i < command_count; i++) {
        if (strcmp(name, commands[i]->name) == 0)
            return commands[i];
        names[count++] = commands[i]->name;
    }
    fprintf(stderr, "pma: there is no command '%s'", name);
    suggest(name, names, count);
    return NULL;
}

static const struct option *option_find(const struct command *command, const char *name)
{
    const char *names[MOST_NAMES] = {"--help"};
    size_t count = 1;
    for (const struct option *option = command->options; option->name; option++) {
        if (strcmp(name, option->name) == 0)
            return option;
        names[count++] = option->name;
    }
    fprintf(stderr, "pma %s: there is no option '%s'", command->name, name);
    suggest(name, names, count);
    return NULL;
}

static enum status read_number(const struct command *command, const struct option *option,
                               const char *word, uint64_t *number)
{
    char *end = NULL;
    errno = 0;
    if (word && *word >= '0' && *word <= '9')
        *number = strtoull(word, &end, 10);
    if (!end || *end || errno) {
        fprintf(stderr, "pma %s: %s takes a number, '%s %s'%s%s\n", command->name, option->name,
                option->name, option->value, word ? ", not " : "", word ? word : "");
        return STATUS_USAGE;
    }
    return STATUS_FINE;
}

static enum status take_file(const struct command *command, const char *word,
                             struct settings *settings)
{
    if (!settings->file) {
        settings->file = word;
        return STATUS_FINE;
    }
    if (command->target && !settings->target) {
        settings->target = word;
        return STATUS_FINE;
    }
    fprintf(stderr, "pma %s: '%s' is one file too many; give %s\n", command->name, word,
            command->target ? "two" : "one at a time");
    return STATUS_USAGE;
}

static enum status demand_files(const struct command *command, const struct settings *settings)
{
    if (!settings->file)
        fprintf(stderr, "pma %s: which file? 'pma %s FILE%s%s', or 'pma help %s'\n", command->name,
                command->name, command->target ? " " : "", command->target ? command->target : "",
                command->name);
    else if (command->target && !settings->target)
        fprintf(stderr, "pma %s: to which file? 'pma %s %s %s', or 'pma help %s'\n", command->name,
                command->name, settings->file, command->target, command->name);
    else
        return STATUS_FINE;
    return STATUS_USAGE;
}

enum status command_settings(const struct command *command, char **words, size_t count,
                             struct settings *settings)
{
    bool options = true;
    *settings = (struct settings){.command = command};
    for (size_t i = 0; i < count; i++) {
        enum status status = STATUS_FINE;
        if (options && strcmp(words[i], "--") == 0) {
            options = false;
        } else if (options && words[i][0] == '-') {
            const struct option *option = option_find(command, words[i]);
            if (!option)
                return STATUS_USAGE;
            char *setting = (char *)settings + option->setting;
            if (option->value)
                status = read_number(command, option, ++i < count ? words[i] : NULL,
                                     (uint64_t *)(void *)setting);
            else
                *(bool *)setting = true;
        } else {
            status = take_file(command, words[i], settings);
        }
        if (status != STATUS_FINE)
            return status;
    }
    return demand_files(command, settings);
}
