/* SPDX-License-Identifier: MIT */
#include "publish.h"

#include "github.h"
#include "junit.h"
#include "output/text.h"

bool publish(const struct settings *settings, const struct ledger *run,
             const struct ledger *baseline, const struct gate *gate)
{
    if (github_wanted(settings))
        github_report(settings, run, baseline, gate);
    return !settings->junit || junit_write(settings->junit, run, baseline, gate);
}

/* What was selected and has no row. */
static void add_not_played(struct ledger *run, const struct selection *selection)
{
    for (size_t i = 0; i < selection->count; i++) {
        const struct play *play = &selection->plays[i];
        const struct ledger_play row = {
            .scenario = play->scenario->name,
            .copying = catalog_copyings[play->copying].name,
            .model = fsim_model_name(play->model),
            .extent = LEDGER_NOT_PLAYED,
            .file = play->scenario->file,
            .error = "",
        };
        if (!ledger_play(run, row.scenario, row.copying, row.model))
            ledger_add_play(run, &row);
    }
}

bool publish_run(const struct settings *settings, results_t *results, int64_t run,
                 const struct selection *selection)
{
    const struct ledger nothing = {0};
    struct ledger ledger;
    struct gate gate = {0};
    if (!settings->junit && !github_wanted(settings))
        return true;
    bool good = ledger_read(results, settings->db, run, 0, &ledger);
    if (good) {
        add_not_played(&ledger, selection);
        gate_compare(settings, &nothing, &ledger, &gate);
        good = publish(settings, &ledger, NULL, &gate);
    }
    gate_release(&gate);
    ledger_release(&ledger);
    return good;
}
