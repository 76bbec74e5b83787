/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "output/text.h"

const struct command *const commands[COMMAND_COUNT] = {
#define COMMAND_ADDRESS(NAME, name) &name##_command,
    COMMANDS(COMMAND_ADDRESS)
#undef COMMAND_ADDRESS
};

const struct command *command_find(const char *name)
{
    const char *names[COMMAND_COUNT];
    size_t count = 0;
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(name, commands[i]->name) == 0)
            return commands[i];
        if (!commands[i]->hidden)
            names[count++] = commands[i]->name;
    }
    complain_unknown("command", name, names, count, "pmacrash help");
    return NULL;
}

void command_write_word(FILE *out, const char *word)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                               "-_./:=@+,";
    if (*word && strspn(word, safe) == strlen(word)) {
        fprintf(out, " %s", word);
        return;
    }
    fputs(" '", out);
    for (; *word; word++)
        if (*word == '\'')
            fputs("'\\''", out);
        else
            fputc(*word, out);
    fputc('\'', out);
}

const char *program_name(void)
{
    return strchr(program_invocation_name, '/') ? program_invocation_name : "pmacrash";
}

char *command_line_text(int argc, char **argv)
{
    char *line = NULL;
    size_t bytes;
    FILE *out = need(open_memstream(&line, &bytes));
    fputs("pmacrash", out);
    for (int i = 1; i < argc; i++)
        command_write_word(out, argv[i]);
    fclose(out);
    return need(line);
}
