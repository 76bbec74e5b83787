/* SPDX-License-Identifier: MIT */
/* What the models differ in: the cursor follows these, it does not ask for a model by name. */
#ifndef MODEL_RULES_H
#define MODEL_RULES_H

#include <faultsim/model.h>

struct model_rules {
    bool keeps_cache; /* a crash takes nothing: every item has its latest value */
    bool tears;       /* a block may mix two of its versions */
    /* A sync that failed leaves the blocks of its range clean: a later one that succeeds makes
     * durable only what was written after the failure. */
    bool drops_failed;
    bool decays; /* a block that is at rest may be damaged, one at a time */
    bool lies;   /* no sync of the recording makes anything durable */
};

const struct model_rules *model_rules(enum fsim_model model);

#endif
