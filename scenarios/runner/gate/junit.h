/* SPDX-License-Identifier: MIT */
/* What was played, and what of it failed, as the XML that CI systems read. */
#ifndef JUNIT_H
#define JUNIT_H

#include "gate.h"

/* `baseline` is NULL if there was none to compare with. Complains and returns false if the file
 * cannot be written. */
bool junit_write(const char *path, const struct ledger *run, const struct ledger *baseline,
                 const struct gate *gate);

#endif
