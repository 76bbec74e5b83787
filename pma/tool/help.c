/* SPDX-License-Identifier: MIT */
#include "tool.h"

void help_overview(FILE *out)
{
    fprintf(out, "pma looks into the files of persistent memory arenas, copies them and makes\n"
                 "them shorter.\n"
                 "\n"
                 "Usage: pma COMMAND [OPTION...] FILE\n"
                 "\n"
                 "Commands:\n");
    for (size_t i = 0; i < command_count; i++)
        fprintf(out, "  %-8s %s\n", commands[i]->name, commands[i]->summary);
    fprintf(out, "  %-8s %s\n", "help", "how to use pma, or one command of it");
    fprintf(out, "\n"
                 "Examples:\n"
                 "  pma stat store.pma       what is in the file\n"
                 "  pma check store.pma      is every rule kept, every checksum right?\n"
                 "  pma copy store.pma b.pma a backup, while programs write to store.pma\n"
                 "  pma help dump            the options of one command\n"
                 "\n"
                 "Exit status: 0 fine, 1 a rule is broken, 2 wrong usage, 3 could not be done.\n");
}

static void print_option(const struct option *option, FILE *out)
{
    char name[32];
    snprintf(name, sizeof name, option->value ? "%s %s" : "%s", option->name, option->value);
    fprintf(out, "  %-12s %s\n", name, option->summary);
}

void help_command(const struct command *command, FILE *out)
{
    fprintf(out, "pma %s: %s\n\nUsage: pma %s [OPTION...] FILE%s%s\n\n%s\nOptions:\n",
            command->name, command->summary, command->name, command->target ? " " : "",
            command->target ? command->target : "", command->about);
    for (const struct option *option = command->options; option->name; option++)
        print_option(option, out);
    fprintf(out, "  %-12s %s\n\nExamples:\n%s", "--help", "this text", command->examples);
}
