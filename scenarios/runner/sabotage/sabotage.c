/* SPDX-License-Identifier: MIT */
#include "sabotage.h"

#include <string.h>
#include <time.h>

#include "output/text.h"

static void note_violation(void *context, uint64_t number,
                           const struct results_violation *violation)
{
    struct trial *trial = context;
    if (trial->found)
        return;
    /* No oracle had a part in it: another scenario may show what recovery makes of the fault. */
    if (strcmp(violation->verdict, fsim_verdict_name(FSIM_V_RECORDING)) == 0) {
        if (!trial->error[0])
            snprintf(trial->error, sizeof trial->error, "%s", violation->message);
        return;
    }
    trial->found = true;
    snprintf(trial->verdict, sizeof trial->verdict, "%s", violation->verdict);
    snprintf(trial->finding, sizeof trial->finding, "%s", violation->finding);
}

void sabotage_play(const struct sabotage *sabotage, size_t play, const struct fsim_plan *plan,
                   const volatile int *stop, struct trial *trial)
{
    struct crash_options options = {
        .input = sabotage->settings->input,
        .oracle = sabotage->oracle,
        .search = FSIM_LAZY,
        .time_limit_ms = sabotage->settings->time_limit_ms,
        .plan = plan,
        .stop = stop,
        .max_violations = 1,
        .only_if_fired = plan != NULL,
        .context = trial,
        .on_violation = note_violation,
    };
    struct crash_report report;
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    crash_scenario(&sabotage->selection->plays[play], &options, &report);
    clock_gettime(CLOCK_MONOTONIC, &end);
    /* Where it was noticed, by the workload first if by nothing else. */
    if (trial->found || !trial->error[0])
        trial->play = play;
    trial->recoveries += report.summary.recoveries;
    trial->states += report.summary.covered;
    trial->hit |= report.fired[0] > 0;
    trial->plays += report.fired[0] > 0 || report.error || !plan;
    trial->milliseconds +=
        (uint64_t)((end.tv_sec - start.tv_sec) * 1000 + (end.tv_nsec - start.tv_nsec) / 1000000);
    if (report.error && !trial->error[0])
        snprintf(trial->error, sizeof trial->error, "%s",
                 report.summary.error[0] ? report.summary.error : strerror(-report.error));
    crash_report_release(&report);
}

struct fsim_plan sabotage_plan(const char *point, uint64_t hit)
{
    struct fsim_plan plan = {.count = 1,
                             .rules = {{.action = FSIM_ACTION_SKIP, .hit = (uint32_t)hit}}};
    snprintf(plan.rules[0].point, sizeof plan.rules[0].point, "%s", point);
    return plan;
}

void sabotage_point(const struct sabotage *sabotage, const char *point, enum pma_copying copying,
                    const char *first, const volatile int *stop, struct trial *trial)
{
    const struct selection *selection = sabotage->selection;
    struct fsim_plan plan = sabotage_plan(point, 0);
    for (int others = first ? 0 : 1; others <= 1; others++)
        for (size_t i = 0; i < selection->count && !trial->found && !*stop; i++) {
            const struct play *play = &selection->plays[sabotage->smallest_first[i]];
            bool is_first = first && strcmp(play->scenario->name, first) == 0;
            if (play->copying == copying && is_first == !others)
                sabotage_play(sabotage, sabotage->smallest_first[i], &plan, stop, trial);
        }
}

const char *trial_oracle(const struct trial *trial, char text[64])
{
    static const char *const alive[] = {"not-alive", "crashed", "hung", "unstable"};
    if (strcmp(trial->verdict, "invariant") == 0) {
        snprintf(text, 64, "invariant %.*s", (int)strcspn(trial->finding, ":"), trial->finding);
        return text;
    }
    for (size_t i = 0; i < sizeof alive / sizeof *alive; i++)
        if (strcmp(trial->verdict, alive[i]) == 0)
            return "alive";
    return "legal snapshot";
}

size_t sabotage_ways(const struct selection *selection, enum pma_copying ways[2])
{
    size_t count = 0;
    for (enum pma_copying way = PMA_COPY_EAGER; way <= PMA_COPY_LAZY; way++)
        for (size_t i = 0; i < selection->count; i++)
            if (selection->plays[i].copying == way) {
                ways[count++] = way;
                break;
            }
    return count;
}
