/* SPDX-License-Identifier: MIT */
#ifndef LIST_H
#define LIST_H

#include "command.h"

/* The named queries, a line each, as `pmacrash list queries` prints them. */
enum status list_queries(const struct settings *settings);

#endif
