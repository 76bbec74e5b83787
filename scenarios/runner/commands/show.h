/* SPDX-License-Identifier: MIT */
#ifndef SHOW_H
#define SHOW_H

#include <results/results.h>

#include "commandline/command.h"

/* A run as the database keeps it, for people or as JSON. */
enum status show_run(const struct settings *settings, results_t *results, int64_t run);

#endif
