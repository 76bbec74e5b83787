/* SPDX-License-Identifier: MIT */
#include "model_rules.h"

#include <errno.h>
#include <string.h>

static const struct model_rules all_rules[] = {
    [FSIM_PROCESS_KILL] = {.keeps_cache = true},
    [FSIM_POWER_LOSS] = {0},
    [FSIM_TORN] = {.tears = true},
    [FSIM_IO_ERROR] = {.drops_failed = true},
    [FSIM_LYING_DISK] = {.lies = true},
    [FSIM_MEDIA] = {.decays = true},
};

const struct model_rules *model_rules(enum fsim_model model)
{
    return &all_rules[model];
}

bool fsim_model_distrusts_storage(enum fsim_model model)
{
    return all_rules[model].lies || all_rules[model].decays;
}

const char *fsim_model_name(enum fsim_model model)
{
    static const char *const names[] = {
#define MODEL_NAME(id, name, help) [id] = name,
        FSIM_MODELS(MODEL_NAME)
#undef MODEL_NAME
    };
    return (unsigned)model < sizeof names / sizeof *names ? names[model] : "?";
}

int fsim_model_parse(const char *name, enum fsim_model *model)
{
    static const enum fsim_model models[] = {
#define MODEL_VALUE(id, name, help) id,
        FSIM_MODELS(MODEL_VALUE)
#undef MODEL_VALUE
    };
    for (size_t i = 0; i < sizeof models / sizeof *models; i++) {
        if (strcmp(name, fsim_model_name(models[i])) == 0) {
            *model = models[i];
            return 0;
        }
    }
    return -EINVAL;
}
