/* SPDX-License-Identifier: MIT */
#include <faultsim/reduce.h>
#include <string.h>

struct fsim_kind fsim_kind_of(enum fsim_verdict verdict, const struct fsim_outcome *outcome,
                              const char *finding)
{
    struct fsim_kind kind = {.verdict = verdict};
    size_t length = strcspn(finding, ":");
    if (verdict == FSIM_V_CRASHED)
        kind.code = outcome->code;
    if (verdict == FSIM_V_INVARIANT)
        memcpy(kind.rule, finding, length < sizeof kind.rule ? length : sizeof kind.rule - 1);
    return kind;
}

bool fsim_kind_equal(const struct fsim_kind *a, const struct fsim_kind *b)
{
    return a->verdict == b->verdict && a->code == b->code && strcmp(a->rule, b->rule) == 0;
}
