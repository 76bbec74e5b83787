/* SPDX-License-Identifier: MIT */
/* What a shell could complete a word to, for the functions that bash and zsh load: a line for each
 * word, and behind a tab what it is; ':files' leaves it to the shell. */
#include <string.h>

#include "tool.h"

static void offer(const char *typed, const char *word, const char *what)
{
    if (strncmp(word, typed, strlen(typed)) == 0)
        printf("%s\t%s\n", word, what);
}

static const struct command *known_command(const char *name)
{
    for (size_t i = 0; i < command_count; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static void offer_commands(const char *typed)
{
    for (size_t i = 0; i < command_count; i++)
        offer(typed, commands[i]->name, commands[i]->summary);
    offer(typed, "help", "how to use pma, or one command of it");
    if (*typed == '-') {
        offer(typed, "--help", "how to use pma");
        offer(typed, "--version", "which pma this is");
    }
}

static void offer_options(const struct command *command, const char *typed)
{
    for (const struct option *option = command->options; option->name; option++)
        offer(typed, option->name, option->summary);
    offer(typed, "--help", "how to use it");
}

/* Whether a number belongs here, which is the user's. */
static bool wants_number(const struct command *command, const char *before)
{
    for (const struct option *option = command->options; option->name; option++)
        if (option->value && strcmp(option->name, before) == 0)
            return true;
    return false;
}

void complete(char **words, size_t count)
{
    const char *typed = count > 0 ? words[count - 1] : "";
    const struct command *command = count > 1 ? known_command(words[0]) : NULL;
    if (count < 2 || (count == 2 && strcmp(words[0], "help") == 0))
        offer_commands(typed);
    else if (command && wants_number(command, words[count - 2]))
        return;
    else if (command && *typed == '-')
        offer_options(command, typed);
    else if (command)
        printf(":files\n");
}
