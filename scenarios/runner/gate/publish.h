/* SPDX-License-Identifier: MIT */
/* What a run is told to others than the one who started it: a JUnit file, annotations. */
#ifndef PUBLISH_H
#define PUBLISH_H

#include "commandline/catalog.h"
#include "gate.h"

/* As the options say. Complains and returns false if something cannot be written. */
bool publish(const struct settings *settings, const struct ledger *run,
             const struct ledger *baseline, const struct gate *gate);

/* The same for a run that nothing is compared with: each violation fails, and so does what could
 * not be tested. */
bool publish_run(const struct settings *settings, results_t *results, int64_t run,
                 const struct selection *selection);

#endif
