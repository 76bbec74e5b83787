/* SPDX-License-Identifier: MIT */
#ifndef HELP_H
#define HELP_H

#include <stdio.h>

#include "command.h"

void help_overview(FILE *out);
void help_command_text(const struct command *command, FILE *out);

#endif
