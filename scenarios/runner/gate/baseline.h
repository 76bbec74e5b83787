/* SPDX-License-Identifier: MIT */
/* A ledger as a text file that people review: docs/ci.md has its lines. */
#ifndef BASELINE_H
#define BASELINE_H

#include "ledger.h"

/* Reads a baseline file, or the latest run and self-test of a results database. *there says whether
 * the file exists; if not, that is no error. Complains and returns false; ledger_release either
 * way. */
bool baseline_read(const char *path, bool *there, struct ledger *ledger);

/* Whether a file is a results database, which only runs write. */
bool baseline_is_database(const char *path);

/* Replaces the file by one that is whole. Complains and returns false if it cannot. */
bool baseline_write(const char *path, struct ledger *ledger);

#endif
