/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "tool.h"

const struct command *const commands[] = {&stat_command, &check_command, &dump_command};
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

enum status command_settings(const struct command *command, char **words, size_t count,
                             struct settings *settings)
{
    bool options = true;
    *settings = (struct settings){0};
    for (size_t i = 0; i < count; i++) {
        if (options && strcmp(words[i], "--") == 0) {
            options = false;
        } else if (options && words[i][0] == '-') {
            const struct option *option = option_find(command, words[i]);
            if (!option)
                return STATUS_USAGE;
            *(bool *)((char *)settings + option->setting) = true;
        } else if (settings->file) {
            fprintf(stderr, "pma %s: '%s' is one file too many; give one at a time\n",
                    command->name, words[i]);
            return STATUS_USAGE;
        } else {
            settings->file = words[i];
        }
    }
    if (!settings->file) {
        fprintf(stderr, "pma %s: which file? 'pma %s FILE', or 'pma help %s'\n", command->name,
                command->name, command->name);
        return STATUS_USAGE;
    }
    return STATUS_FINE;
}
