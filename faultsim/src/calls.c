/* SPDX-License-Identifier: MIT */
#include <faultsim/calls.h>

#include <string.h>

enum { PLAIN, TRANSFER, NEEDED };

const struct fsim_call_info fsim_calls[FSIM_CALL_COUNT] = {
#define CALL_INFO(id, call, kind, errnum, words)                                                   \
    [FSIM_CALL_##id].point = "call/" call, [FSIM_CALL_##id].text = (words),                        \
    [FSIM_CALL_##id].error = (errnum), [FSIM_CALL_##id].transfers = (kind) == TRANSFER,            \
    [FSIM_CALL_##id].needed = (kind) == NEEDED,
    FSIM_CALLS(CALL_INFO)
#undef CALL_INFO
#define CALL_FAILURES(id, ...) [FSIM_CALL_##id].failures = {__VA_ARGS__},
        FSIM_CALL_FAILURES(CALL_FAILURES)
#undef CALL_FAILURES
};

const struct fsim_call_alias fsim_call_aliases[] = {
#define CALL_ALIAS(alias, name) {"call/" alias, "call/" name},
    FSIM_CALL_ALIASES(CALL_ALIAS)
#undef CALL_ALIAS
};
const size_t fsim_call_alias_count = sizeof(fsim_call_aliases) / sizeof(fsim_call_aliases[0]);

enum fsim_call fsim_call_find(const char *point)
{
    unsigned call = 0;

    for (size_t i = 0; i < fsim_call_alias_count; i++)
        if (strcmp(point, fsim_call_aliases[i].alias) == 0)
            point = fsim_call_aliases[i].point;
    while (call < FSIM_CALL_COUNT && strcmp(point, fsim_calls[call].point) != 0)
        call++;
    return (enum fsim_call)call;
}
