/* SPDX-License-Identifier: MIT */
/* The options: one table for parsing and for --help. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdio.h>

#include "command.h"

/* Defaults, then PMACRASH_DB, then what stands in argv after the subcommand. Complains and returns
 * false if it makes no sense. */
bool options_parse(const struct command *command, int argc, char **argv, struct settings *settings);
void options_release(struct settings *settings);

/* The options that this subcommand takes, a line each. */
void options_help(const struct command *command, FILE *out);

/* "90", "30s", "5m", "1h30m", "500ms" as milliseconds. */
bool options_duration(const char *text, uint64_t *milliseconds);

#endif
