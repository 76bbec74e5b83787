/* SPDX-License-Identifier: MIT */
/* Fault points and oracles: what hangs on all of a run. */
#include <stdlib.h>
#include <string.h>

#include "gate_parts.h"
#include "output/text.h"

/* ---- fault points ---- */

void gate_points(const struct gate_pair *pair)
{
    for (size_t i = 0; i < pair->baseline->point_count; i++) {
        const struct ledger_point *before = &pair->baseline->points[i];
        const struct ledger_point *now = ledger_point(pair->run, before->name);
        if (now && (now->crashed || !before->crashed))
            continue;
        gate_remark_add(
            pair->gate,
            (struct gate_remark){
                .rule = GATE_POINTS,
                .weight = GATE_FAILS,
                .line = before->line,
                .sentence =
                    need_format("fault point %s is %s", before->name,
                                now ? "hit, but not crashed at any more" : "not hit any more"),
                .command = gate_command("query coverage%s", pair->gate->results_options),
            });
    }
    for (size_t i = 0; i < pair->run->point_count; i++) {
        const struct ledger_point *now = &pair->run->points[i];
        const struct ledger_point *before = ledger_point(pair->baseline, now->name);
        if (!before || (now->crashed && !before->crashed))
            gate_remark_add(pair->gate,
                            (struct gate_remark){
                                .rule = GATE_POINTS,
                                .weight = GATE_BETTER,
                                .sentence = need_format("fault point %s is %s now", now->name,
                                                        before ? "crashed at" : "hit"),
                            });
    }
}

/* ---- oracles ---- */

static void tell_of_silent(const struct gate_pair *pair, const struct ledger_barrier *before)
{
    bool there = gate_plays_with(pair->run, before->scenario, before->copying, NULL) > 0;
    char *skip = need_format("--fault %s:skip", before->name);
    gate_remark_add(pair->gate,
                    (struct gate_remark){
                        .rule = GATE_ORACLES,
                        .weight = GATE_FAILS,
                        .line = before->line,
                        .sentence = need_format(
                            "barrier %s (%s), skipped, is noticed by nothing any more; in "
                            "the baseline by the oracle '%s' in %s",
                            before->name, before->copying, before->oracle, before->scenario),
                        .command = there ? gate_run_command(pair->gate, before->scenario,
                                                            before->copying, "power-loss", skip)
                                         : gate_command("selftest"),
                    });
    free(skip);
}

static bool fires(const struct ledger *ledger, const char *oracle)
{
    for (size_t i = 0; i < ledger->barrier_count; i++)
        if (ledger->barriers[i].caught && strcmp(ledger->barriers[i].oracle, oracle) == 0)
            return true;
    return false;
}

static bool is_first_of_oracle(const struct ledger *ledger, size_t index)
{
    const struct ledger before = {.barriers = ledger->barriers, .barrier_count = index};
    return !fires(&before, ledger->barriers[index].oracle);
}

static void compare_barrier(const struct gate_pair *pair, size_t index)
{
    const struct ledger_barrier *before = &pair->baseline->barriers[index];
    const struct ledger_barrier *now = ledger_barrier(pair->run, before->name, before->copying);
    if (!before->caught)
        return;
    if (!now && gate_plays_with(pair->run, NULL, before->copying, NULL) == 0)
        return; /* the whole way of copying is missing, and that has been said */
    if (!now || !now->caught)
        tell_of_silent(pair, before);
    else if (!fires(pair->run, before->oracle) && is_first_of_oracle(pair->baseline, index))
        gate_remark_add(
            pair->gate,
            (struct gate_remark){
                .rule = GATE_ORACLES,
                .weight = GATE_FAILS,
                .line = before->line,
                .sentence =
                    need_format("the oracle '%s' notices no skipped barrier any more; in "
                                "the baseline it noticed %s (%s) in %s",
                                before->oracle, before->name, before->copying, before->scenario),
                .command = gate_command("query barriers%s", pair->gate->results_options),
            });
}

void gate_oracles(const struct gate_pair *pair)
{
    if (pair->baseline->barrier_count > 0 && pair->run->selftest == 0) {
        gate_remark_add(pair->gate,
                        (struct gate_remark){
                            .rule = GATE_ORACLES,
                            .weight = GATE_FAILS,
                            .sentence = need_format("%s holds no self-test of all scenarios to "
                                                    "compare with that of the baseline",
                                                    pair->run->path),
                            .command = gate_command("selftest%s", pair->gate->results_options),
                        });
        return;
    }
    for (size_t i = 0; i < pair->baseline->barrier_count; i++)
        compare_barrier(pair, i);
    for (size_t i = 0; i < pair->run->barrier_count; i++) {
        const struct ledger_barrier *now = &pair->run->barriers[i];
        const struct ledger_barrier *before =
            ledger_barrier(pair->baseline, now->name, now->copying);
        if (now->caught && (!before || !before->caught))
            gate_remark_add(pair->gate,
                            (struct gate_remark){
                                .rule = GATE_ORACLES,
                                .weight = GATE_BETTER,
                                .sentence = need_format(
                                    "barrier %s (%s), skipped, is noticed now, by the oracle "
                                    "'%s' in %s",
                                    now->name, now->copying, now->oracle, now->scenario),
                            });
    }
}
