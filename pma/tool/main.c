/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <pma/version.h>
#include <string.h>

#include "tool.h"

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static enum status show_help(char **words, size_t count)
{
    if (count == 0) {
        help_overview(stdout);
        return STATUS_FINE;
    }
    const struct command *command = command_find(words[0]);
    if (!command)
        return STATUS_USAGE;
    help_command(command, stdout);
    return STATUS_FINE;
}

static enum status run_command(const char *name, char **words, size_t count)
{
    const struct command *command = command_find(name);
    if (!command)
        return STATUS_USAGE;
    for (size_t i = 0; i < count && strcmp(words[i], "--") != 0; i++) {
        if (is_help(words[i])) {
            help_command(command, stdout);
            return STATUS_FINE;
        }
    }
    struct settings settings;
    enum status status = command_settings(command, words, count, &settings);
    return status == STATUS_FINE ? command->run(&settings) : status;
}

/* Output that did not arrive, on a full disk say, must not look like success. */
static enum status flush(enum status status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    fprintf(stderr, "pma: writing the output: %s; see where it goes\n", strerror(errno));
    return STATUS_UNREADABLE;
}

int main(int count, char **words)
{
    if (count < 2) {
        help_overview(stderr);
        return STATUS_USAGE;
    }
    if (strcmp(words[1], "--version") == 0) {
        printf("pma %s\n", pma_version());
        return flush(STATUS_FINE);
    }
    if (strcmp(words[1], "complete") == 0 && count > 2 && strcmp(words[2], "--") == 0) {
        complete(words + 3, (size_t)count - 3);
        return flush(STATUS_FINE);
    }
    if (is_help(words[1]) || strcmp(words[1], "help") == 0)
        return flush(show_help(words + 2, (size_t)count - 2));
    return flush(run_command(words[1], words + 2, (size_t)count - 2));
}
