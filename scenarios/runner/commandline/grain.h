/* SPDX-License-Identifier: MIT */
#ifndef GRAIN_H
#define GRAIN_H

#include "command.h"

/*
 * Only code that was compiled for it can be recorded at the grain of stores. A second program,
 * which stands beside this one, is this one compiled so: the process goes on as that, with the same
 * arguments. Complains and returns if it cannot.
 */
enum status grain_run_program_for_stores(char **argv);

#endif
