/* SPDX-License-Identifier: MIT */
#ifndef LIST_H
#define LIST_H

#include "commandline/command.h"

/* The named queries, a line each, as `pmacrash list queries` prints them. */
enum status list_queries(const struct settings *settings);

/* The names of the lists, in the order of the help; NULL beyond the last. */
const char *list_name(size_t index);

#endif
