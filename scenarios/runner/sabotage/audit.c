/* SPDX-License-Identifier: MIT */
/*
 * Every sync costs, and every missing one loses data. The scenarios are played once on a disk, to
 * see which syncs they make and how long these take; then each fault point that syncs or orders is
 * left out everywhere, and each single sync of each scenario by itself. What nobody misses may be
 * needless.
 */
#include "audit.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "output/progress.h"
#include "output/text.h"
#include "workers/pool.h"

enum { KIND_SURVEY = 1, KIND_TRIAL };

/* One of two rounds: the surveys, then what depends on them. */
struct round {
    struct audit *audit;
    struct progress *progress;
    size_t ended, count;
    bool *running;
    const char *what;
    char *(*name)(const struct audit *audit, size_t task); /* to free() */
};

/* ---- the workers' side ---- */

static void survey_task(void *context, size_t task, int socket, const volatile int *stop)
{
    const struct round *round = context;
    struct audit_survey survey = {0};
    struct message message = {0};
    audit_survey_play(round->audit, task, stop, &survey);
    audit_survey_put(&message, &survey);
    message_send(socket, KIND_SURVEY, &message);
    message_free(&message);
    audit_survey_release(&survey);
}

static void leave_out_sync(const struct audit *audit, size_t index, const volatile int *stop,
                           struct trial *trial)
{
    size_t play;
    const struct audit_sync *sync = audit_sync_at(audit, index, &play);
    char point[AUDIT_NAME];
    snprintf(point, sizeof point, "call/%s", sync->call);
    struct fsim_plan plan = sabotage_plan(point, sync->hit);
    sabotage_play(&audit->sabotage, play, &plan, stop, trial);
}

/* Tasks are numbered points first, then syncs. */
static const char *point_name(const struct audit *audit, size_t task)
{
    return catalog_points[audit->points[task % audit->point_count]].name;
}

static void trial_task(void *context, size_t task, int socket, const volatile int *stop)
{
    const struct audit *audit = ((const struct round *)context)->audit;
    struct trial trial = {0};
    struct message message = {0};
    if (task < audit->point_trial_count)
        sabotage_point(&audit->sabotage, point_name(audit, task),
                       audit->ways[task / audit->point_count], NULL, stop, &trial);
    else
        leave_out_sync(audit, task - audit->point_trial_count, stop, &trial);
    trial.ended = !*stop || trial.found;
    message_put_bytes(&message, &trial, sizeof trial);
    message_send(socket, KIND_TRIAL, &message);
    message_free(&message);
}

/* ---- the coordinator's side ---- */

static struct trial *trial_of(struct audit *audit, size_t task)
{
    return task < audit->point_trial_count ? &audit->point_trials[task]
                                           : &audit->sync_trials[task - audit->point_trial_count];
}

static char *survey_name(const struct audit *audit, size_t task)
{
    return catalog_play_name(&audit->selection.plays[task]);
}

static char *trial_name(const struct audit *audit, size_t task)
{
    if (task < audit->point_trial_count)
        return need_format("%s left out, %s", point_name(audit, task),
                           catalog_copyings[audit->ways[task / audit->point_count]].name);
    size_t play;
    const struct audit_sync *sync = audit_sync_at(audit, task - audit->point_trial_count, &play);
    return need_format("%s %" PRIu64 " of %s left out", sync->call, sync->hit,
                       audit->selection.plays[play].scenario->name);
}

static void on_started(void *context, size_t task)
{
    struct round *round = context;
    round->running[task] = true;
}

static void on_message(void *context, size_t task, uint32_t kind, struct message *message)
{
    struct audit *audit = ((struct round *)context)->audit;
    if (kind == KIND_SURVEY)
        audit_survey_get(message, &audit->surveys[task]);
    else
        message_get_exactly(message, trial_of(audit, task), sizeof(struct trial));
}

static void on_ended(void *context, size_t task, const char *failure)
{
    struct round *round = context;
    round->ended++;
    round->running[task] = false;
    if (failure)
        progress_line(round->progress, STYLE_BAD, "%s: %s", round->what, failure);
}

static void on_tick(void *context)
{
    struct round *round = context;
    struct progress_state state;
    if (!progress_is_due(round->progress, &state))
        return;
    state.unit = round->what;
    state.done = round->ended;
    state.all = round->count;
    state.part = (double)round->ended / (double)round->count;
    for (size_t i = 0; i < round->count; i++) {
        if (round->audit->point_trials)
            state.recoveries += trial_of(round->audit, i)->recoveries;
        if (round->running[i])
            progress_add_task(&state, round->name(round->audit, i), 0, 0);
    }
    progress_show(round->progress, &state);
    progress_state_release(&state);
}

static enum status play_round(struct round *round, pool_task *task)
{
    const struct settings *settings = round->audit->settings;
    struct pool_listener listener = {
        .context = round,
        .started = on_started,
        .message = on_message,
        .ended = on_ended,
        .tick = on_tick,
    };
    struct pool *pool = pool_new(settings->jobs, round->count, task, round);
    if (!pool)
        return STATUS_FAILED;
    size_t *tasks = need(calloc(round->count, sizeof *tasks));
    for (size_t i = 0; i < round->count; i++)
        tasks[i] = i;
    round->running = need(calloc(round->count, sizeof *round->running));
    round->progress = progress_new(settings->quiet);
    enum pool_end end = pool_run(pool, tasks, round->count, &listener);
    progress_free(round->progress);
    free(round->running);
    free(tasks);
    pool_free(pool);
    return end == POOL_DONE ? STATUS_CLEAN : STATUS_INTERRUPTED;
}

static enum status survey_all(struct audit *audit)
{
    struct round round = {.audit = audit,
                          .count = audit->selection.count,
                          .what = "scenarios played on a disk",
                          .name = survey_name};
    audit->surveys = need(calloc(round.count, sizeof *audit->surveys));
    enum status status = play_round(&round, survey_task);
    for (size_t i = 0; i < round.count && status == STATUS_CLEAN; i++) {
        const struct audit_survey *survey = &audit->surveys[i];
        audit->sync_count += survey->sync_count;
        if (survey->ended && !survey->error[0])
            continue;
        complain("%s cannot be played in %s: %s", audit->selection.plays[i].scenario->name,
                 audit->work, survey->error[0] ? survey->error : "its worker ended");
        status = STATUS_FAILED;
    }
    return status;
}

static enum status leave_out_all(struct audit *audit)
{
    for (size_t i = 0; i < CATALOG_POINT_COUNT; i++)
        if (catalog_points[i].barrier || strcmp(catalog_points[i].kind, "ordered") == 0)
            audit->points[audit->point_count++] = i;
    audit->way_count = sabotage_ways(&audit->selection, audit->ways);
    audit->point_trial_count = audit->point_count * audit->way_count;
    audit->point_trials = need(calloc(audit->point_trial_count + 1, sizeof(struct trial)));
    audit->sync_trials = need(calloc(audit->sync_count + 1, sizeof(struct trial)));
    struct round round = {.audit = audit,
                          .count = audit->point_trial_count + audit->sync_count,
                          .what = "fault points, and single syncs, left out",
                          .name = trial_name};
    return play_round(&round, trial_task);
}

static void release(struct audit *audit)
{
    for (size_t i = 0; audit->surveys && i < audit->selection.count; i++)
        audit_survey_release(&audit->surveys[i]);
    free(audit->surveys);
    free(audit->point_trials);
    free(audit->sync_trials);
    free(audit->smallest_first);
    results_oracle_free(audit->sabotage.oracle);
    catalog_deselect(&audit->selection);
}

static enum status run(const struct settings *settings)
{
    struct audit audit = {.settings = settings,
                          .work = settings->work ? settings->work : "/var/tmp"};
    enum status status = catalog_select(settings->suites, settings->arguments,
                                        settings->argument_count, &audit.selection);
    if (status == STATUS_CLEAN)
        status = catalog_set_copying(&audit.selection, (enum catalog_copying)settings->copying);
    if (status != STATUS_CLEAN)
        goto done;
    audit.smallest_first = catalog_by_size(&audit.selection, false);
    audit.sabotage =
        (struct sabotage){settings, &audit.selection, audit.smallest_first, crash_oracle()};
    status = audit.sabotage.oracle ? survey_all(&audit) : STATUS_FAILED;
    if (status == STATUS_CLEAN)
        status = leave_out_all(&audit);
    if (status == STATUS_FAILED || !audit.point_trials)
        goto done;
    if (settings->json)
        audit_print_json(&audit);
    else
        audit_print(&audit);
done:
    release(&audit);
    return status;
}

const struct command audit_command = {
    .bit = COMMAND_AUDIT,
    .name = "audit",
    .synopsis = "[SCENARIO...]",
    .summary = "which syncs are needed, and what each costs",
    .about =
        "Plays the scenarios on a disk, and sees which syncs they make and how long these take. "
        "Then "
        "leaves out each fault point that syncs or orders, everywhere, until an oracle notices; "
        "and "
        "each single sync of each scenario by itself. A point that no scenario misses, or one of "
        "whose calls nobody does, is a candidate for removal, or a hole in the scenarios.\n"
        "\n"
        "Exit code: 0 whatever it says, 3 if a scenario could not be played.",
    .examples = "  pmacrash audit\n"
                "  pmacrash audit 'shrink-*' first-snapshot --json\n"
                "  pmacrash audit --work /mnt/disk\n",
    .most = SIZE_MAX,
    .words = WORDS_SCENARIOS,
    .run = run,
};
