/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "help.h"
#include "options.h"
#include "output/text.h"

void help_overview(FILE *out)
{
    fprintf(out, "pmacrash crashes a persistent memory arena everywhere and says what was lost.\n"
                 "\n"
                 "Usage: pmacrash COMMAND [OPTION...]\n"
                 "\n"
                 "Commands:\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (!commands[i]->hidden)
            fprintf(out, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
    fprintf(out, "\n"
                 "Examples:\n"
                 "  pmacrash run                     every scenario, every crash state\n"
                 "  pmacrash run create --fault 'pma/create/sync:skip'\n"
                 "  pmacrash show v1                 what a violation means\n"
                 "\n"
                 "'pmacrash help COMMAND' says more; 'pmacrash --version' which one this is.\n");
}

/* The options that this subcommand takes, a line each. */
static void print_options(const struct command *command, FILE *out)
{
    enum { HELP_COLUMN = 23 };
    for (size_t i = 0; i < option_count; i++) {
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

void help_command_text(const struct command *command, FILE *out)
{
    fprintf(out, "pmacrash %s: %s\n\nUsage: pmacrash %s %s%s[OPTION...]\n\n", command->name,
            command->summary, command->name, command->synopsis, *command->synopsis ? " " : "");
    text_paragraph(out, 0, command->about);
    fprintf(out, "\nOptions:\n");
    print_options(command, out);
    fprintf(out, "\nExamples:\n%s", command->examples);
}

static enum status run(const struct settings *settings)
{
    if (settings->argument_count == 0) {
        help_overview(stdout);
        return STATUS_CLEAN;
    }
    const struct command *command = command_find(settings->arguments[0]);
    if (!command)
        return STATUS_USAGE;
    help_command_text(command, stdout);
    return STATUS_CLEAN;
}

const struct command help_command = {
    .bit = COMMAND_HELP,
    .name = "help",
    .synopsis = "[COMMAND]",
    .summary = "how to use pmacrash, or one command of it",
    .about = "The same text as 'pmacrash COMMAND --help'.",
    .examples = "  pmacrash help\n"
                "  pmacrash help run\n",
    .most = 1,
    .words = WORDS_COMMANDS,
    .run = run,
};
