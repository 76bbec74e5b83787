/* SPDX-License-Identifier: MIT */
/*
 * A tester that finds nothing may be blind. Here every persistence barrier of the library is
 * skipped in turn, and each time an oracle must notice; and without a fault nothing may be found.
 */
#include "selftest.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "commandline/database.h"
#include "output/grid.h"
#include "output/json.h"
#include "output/progress.h"
#include "output/text.h"
#include "sabotage.h"
#include "workers/pool.h"

enum { KIND_RESULT = 1 };

/* Tasks are numbered sabotages first, then plays. */
struct selftest {
    const struct settings *settings;
    struct selection selection;
    results_oracle_t *oracle;
    size_t *smallest_first;
    struct sabotage sabotage; /* of these */
    size_t barriers[CATALOG_POINT_COUNT], barrier_count;
    enum pma_copying ways[2];
    size_t way_count, sabotage_count; /* each barrier in each way of copying */
    const char **firsts;              /* for each sabotage, the scenario to begin with; NULL: any */
    struct trial *trials;
    size_t trial_count;
    struct pool *pool;
    struct progress *progress;
    bool *running; /* trials */
    size_t ended, failed;
    struct timespec started;
    enum pool_end end;
};

/* ---- the worker's side ---- */

static const char *barrier_of(const struct selftest *selftest, size_t task)
{
    return catalog_points[selftest->barriers[task % selftest->barrier_count]].name;
}

static enum pma_copying way_of(const struct selftest *selftest, size_t task)
{
    return selftest->ways[task / selftest->barrier_count];
}

static void selftest_task(void *context, size_t task, int socket, const volatile int *stop)
{
    const struct selftest *selftest = context;
    const struct sabotage *sabotage = &selftest->sabotage;
    struct trial trial = {0};
    if (task < selftest->sabotage_count)
        sabotage_point(sabotage, barrier_of(selftest, task), way_of(selftest, task),
                       selftest->firsts[task], stop, &trial);
    else
        sabotage_play(sabotage, task - selftest->sabotage_count, NULL, stop, &trial);
    trial.ended = true;
    struct message message = {0};
    message_put_bytes(&message, &trial, sizeof trial);
    message_send(socket, KIND_RESULT, &message);
    message_free(&message);
}

/* ---- the coordinator's side ---- */

static const char *task_name(const struct selftest *selftest, size_t task)
{
    if (task < selftest->sabotage_count)
        return barrier_of(selftest, task);
    return selftest->selection.plays[task - selftest->sabotage_count].scenario->name;
}

static const char *task_copying(const struct selftest *selftest, size_t task)
{
    if (task < selftest->sabotage_count)
        return catalog_copyings[way_of(selftest, task)].name;
    return catalog_copyings[selftest->selection.plays[task - selftest->sabotage_count].copying]
        .name;
}

/* What was to be: a violation where a barrier was skipped, none where nothing was. */
static bool trial_passed(const struct selftest *selftest, size_t task)
{
    const struct trial *trial = &selftest->trials[task];
    if (task < selftest->sabotage_count)
        return trial->ended && trial->found;
    return trial->ended && !trial->found && !trial->error[0];
}

static void on_started(void *context, size_t task)
{
    struct selftest *selftest = context;
    selftest->running[task] = true;
}

static void on_message(void *context, size_t task, uint32_t kind, struct message *message)
{
    struct selftest *selftest = context;
    message_get_exactly(message, &selftest->trials[task], sizeof selftest->trials[task]);
}

static void on_ended(void *context, size_t task, const char *failure)
{
    struct selftest *selftest = context;
    struct trial *trial = &selftest->trials[task];
    const char *name = task_name(selftest, task), *copying = task_copying(selftest, task);
    selftest->ended++;
    selftest->running[task] = false;
    if (failure)
        snprintf(trial->error, sizeof trial->error, "%s", failure);
    if (!trial_passed(selftest, task))
        selftest->failed++;
    else if (!selftest->settings->verbose)
        return;
    enum text_style style = trial_passed(selftest, task) ? STYLE_PLAIN : STYLE_BAD;
    if (task < selftest->sabotage_count)
        progress_line(selftest->progress, style, "%s skipped, %s: %s", name, copying,
                      trial->found ? "caught" : "NOT CAUGHT");
    else
        progress_line(selftest->progress, style, "%s, %s, no fault: %s", name, copying,
                      trial_passed(selftest, task) ? "nothing found" : "FAILED");
}

static void on_tick(void *context)
{
    struct selftest *selftest = context;
    struct progress_state state;
    if (!progress_is_due(selftest->progress, &state))
        return;
    state.unit = "trials";
    state.done = selftest->ended;
    state.all = selftest->trial_count;
    state.part = (double)selftest->ended / (double)selftest->trial_count;
    state.bad = selftest->failed;
    state.one_bad = "failure";
    state.many_bad = "failures";
    state.stopping = pool_is_stopping(selftest->pool);
    for (size_t i = 0; i < selftest->trial_count; i++) {
        const struct trial *trial = &selftest->trials[i];
        state.recoveries += trial->recoveries;
        if (selftest->running[i])
            progress_add_task(
                &state,
                need_format(i < selftest->sabotage_count ? "%s skipped, %s" : "%s, %s, no fault",
                            task_name(selftest, i), task_copying(selftest, i)),
                0, 0);
    }
    progress_show(selftest->progress, &state);
    progress_state_release(&state);
}

static enum pool_end play(struct selftest *selftest)
{
    struct pool_listener listener = {
        .context = selftest,
        .started = on_started,
        .message = on_message,
        .ended = on_ended,
        .tick = on_tick,
    };
    size_t *tasks = need(calloc(selftest->trial_count, sizeof *tasks));
    size_t *largest_first = catalog_by_size(&selftest->selection, true);
    for (size_t i = 0; i < selftest->sabotage_count; i++)
        tasks[i] = i;
    for (size_t i = selftest->sabotage_count; i < selftest->trial_count; i++)
        tasks[i] = selftest->sabotage_count + largest_first[i - selftest->sabotage_count];
    enum pool_end end = pool_run(selftest->pool, tasks, selftest->trial_count, &listener);
    free(largest_first);
    free(tasks);
    return end;
}

static bool all_passed(const struct selftest *selftest)
{
    bool passed = true;
    for (size_t i = 0; i < selftest->trial_count; i++)
        passed &= trial_passed(selftest, i);
    return passed;
}

static size_t barriers_caught(const struct selftest *selftest)
{
    size_t caught = 0;
    for (size_t i = 0; i < selftest->sabotage_count; i++)
        caught += trial_passed(selftest, i);
    return caught;
}

/* ---- what it stores ---- */

static int store_barrier(const struct selftest *selftest, size_t task, results_t *results,
                         int64_t id)
{
    const struct trial *trial = &selftest->trials[task];
    const struct play *play = &selftest->selection.plays[trial->play];
    char oracle[64];
    return results_barrier_add(results, id,
                               &(struct results_barrier){
                                   .name = task_name(selftest, task),
                                   .copying = task_copying(selftest, task),
                                   .caught = trial->found,
                                   .hit = trial->hit,
                                   .oracle = trial->found ? trial_oracle(trial, oracle) : "",
                                   .verdict = trial->verdict,
                                   .scenario = trial->found ? play->scenario->name : "",
                                   .error = trial->error,
                                   .plays = trial->plays,
                                   .recoveries = trial->recoveries,
                                   .milliseconds = trial->milliseconds,
                               });
}

static int64_t milliseconds_since(const struct timespec *started)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (now.tv_sec - started->tv_sec) * 1000 + (now.tv_nsec - started->tv_nsec) / 1000000;
}

/* All of it as one transaction. */
static bool store(const struct selftest *selftest, results_t *results, int64_t *id)
{
    const struct settings *settings = selftest->settings;
    size_t clean = 0;
    struct utsname machine;
    uname(&machine);
    for (size_t i = selftest->sabotage_count; i < selftest->trial_count; i++)
        clean += trial_passed(selftest, i);
    struct results_selftest row = {
        .version = PMACRASH_VERSION,
        .commit = PMACRASH_COMMIT,
        .host = machine.nodename,
        .kernel = machine.release,
        .command = settings->command_line,
        .outcome = selftest->end != POOL_DONE ? "interrupted"
                   : all_passed(selftest)     ? "passed"
                                              : "failed",
        .whole = settings->argument_count == 0,
        .plays = selftest->trial_count - selftest->sabotage_count,
        .plays_clean = clean,
        .milliseconds = (uint64_t)milliseconds_since(&selftest->started),
    };
    int error = results_begin(results);
    if (!error)
        error = results_selftest_add(results, &row, id);
    for (size_t i = 0; i < selftest->sabotage_count && !error; i++)
        error = store_barrier(selftest, i, results, *id);
    if (!error)
        error = results_commit(results);
    if (!error)
        return true;
    complain("the self-test cannot be written: %s; make room there, or name another database with "
             "--db",
             results_error(results));
    results_rollback(results);
    return false;
}

/* ---- what it says ---- */

static void add_barrier_row(const struct selftest *selftest, size_t task, struct grid *grid)
{
    const struct trial *trial = &selftest->trials[task];
    char oracle[64];
    const char *name = task_name(selftest, task), *copying = task_copying(selftest, task);
    if (trial->found)
        grid_row(grid, STYLE_PLAIN,
                 (const char *[]){name, copying, trial_oracle(trial, oracle), trial->verdict,
                                  selftest->selection.plays[trial->play].scenario->name});
    else
        grid_row(grid, STYLE_BAD,
                 (const char *[]){name, copying, trial->ended ? "NOT CAUGHT" : "not run", "-",
                                  trial->error[0] ? trial->error
                                  : trial->hit    ? "-"
                                                  : "hit by no scenario"});
}

static void print_clean(const struct selftest *selftest)
{
    uint64_t recoveries = 0;
    size_t passed = 0;
    struct number count;
    for (size_t i = selftest->sabotage_count; i < selftest->trial_count; i++) {
        const struct trial *trial = &selftest->trials[i];
        recoveries += trial->recoveries;
        passed += trial_passed(selftest, i);
        if (!trial_passed(selftest, i))
            printf("Without a fault, %s, %s: %s\n", task_name(selftest, i),
                   task_copying(selftest, i),
                   trial->found      ? trial->verdict
                   : trial->error[0] ? trial->error
                                     : "not run");
    }
    printf("Without a fault nothing was found in %zu of %zu plays of scenarios (%s recoveries).\n",
           passed, selftest->selection.count, text_count(&count, recoveries));
}

static void print(const struct selftest *selftest)
{
    static const char *const headers[] = {"barrier skipped", "copy-\ning", "caught by", "verdict",
                                          "scenario"};
    struct grid *grid = grid_new(headers, "lllll");
    uint64_t recoveries = 0;
    struct number count;
    for (size_t i = 0; i < selftest->sabotage_count; i++) {
        add_barrier_row(selftest, i, grid);
        recoveries += selftest->trials[i].recoveries;
    }
    grid_print(grid, stdout);
    grid_free(grid);
    printf("\n%zu of %zu skipped barriers were caught (%s recoveries).\n",
           barriers_caught(selftest), selftest->sabotage_count, text_count(&count, recoveries));
    print_clean(selftest);
}

static void print_json(const struct selftest *selftest)
{
    struct json json = {.out = stdout};
    json_begin(&json, NULL, '{');
    json_bool(&json, "passed", all_passed(selftest));
    json_begin(&json, "barriers", '[');
    for (size_t i = 0; i < selftest->trial_count; i++) {
        const struct trial *trial = &selftest->trials[i];
        bool barrier = i < selftest->sabotage_count;
        char oracle[64];
        if (i == selftest->sabotage_count) {
            json_end(&json, ']');
            json_begin(&json, "without_fault", '[');
        }
        json_begin(&json, NULL, '{');
        json_text(&json, barrier ? "barrier" : "scenario", task_name(selftest, i));
        json_text(&json, "copying", task_copying(selftest, i));
        json_bool(&json, "passed", trial_passed(selftest, i));
        json_text(&json, "verdict", trial->found ? trial->verdict : NULL);
        json_text(&json, "oracle", trial->found ? trial_oracle(trial, oracle) : NULL);
        if (barrier)
            json_text(&json, "caught_in",
                      trial->found ? selftest->selection.plays[trial->play].scenario->name : NULL);
        json_text(&json, "error", trial->error[0] ? trial->error : NULL);
        json_count(&json, "recoveries", trial->recoveries);
        json_count(&json, "milliseconds", trial->milliseconds);
        json_end(&json, '}');
    }
    json_end(&json, ']');
    json_end(&json, '}');
}

/* ---- all of it ---- */

static enum status prepare(struct selftest *selftest, const struct settings *settings,
                           bool without_fault)
{
    *selftest = (struct selftest){.settings = settings};
    clock_gettime(CLOCK_MONOTONIC, &selftest->started);
    enum status status = catalog_select(settings->suites, settings->arguments,
                                        settings->argument_count, &selftest->selection);
    if (status == STATUS_CLEAN)
        status = catalog_set_copying(&selftest->selection, (enum catalog_copying)settings->copying);
    if (status != STATUS_CLEAN)
        return status;
    for (size_t i = 0; i < CATALOG_POINT_COUNT; i++)
        if (catalog_points[i].barrier)
            selftest->barriers[selftest->barrier_count++] = i;
    selftest->smallest_first = catalog_by_size(&selftest->selection, false);
    selftest->way_count = sabotage_ways(&selftest->selection, selftest->ways);
    selftest->sabotage_count = selftest->barrier_count * selftest->way_count;
    selftest->trial_count = selftest->sabotage_count;
    if (without_fault)
        selftest->trial_count += selftest->selection.count;
    selftest->trials = need(calloc(selftest->trial_count, sizeof *selftest->trials));
    selftest->running = need(calloc(selftest->trial_count, sizeof *selftest->running));
    selftest->firsts = need(calloc(selftest->sabotage_count, sizeof *selftest->firsts));
    selftest->oracle = crash_oracle();
    selftest->sabotage = (struct sabotage){settings, &selftest->selection, selftest->smallest_first,
                                           selftest->oracle};
    return selftest->oracle ? STATUS_CLEAN : STATUS_FAILED;
}

static enum status perform(struct selftest *selftest, results_t *results, int64_t *id)
{
    const struct settings *settings = selftest->settings;
    selftest->pool = pool_new(settings->jobs, selftest->trial_count, selftest_task, selftest);
    if (!selftest->pool)
        return STATUS_FAILED;
    selftest->progress = progress_new(settings->quiet);
    selftest->end = play(selftest);
    progress_free(selftest->progress);
    if (!store(selftest, results, id))
        return STATUS_FAILED;
    return selftest->end != POOL_DONE ? STATUS_INTERRUPTED
           : all_passed(selftest)     ? STATUS_CLEAN
                                      : STATUS_FOUND;
}

static void release(struct selftest *selftest)
{
    pool_free(selftest->pool);
    results_oracle_free(selftest->oracle);
    free(selftest->firsts);
    free(selftest->running);
    free(selftest->trials);
    free(selftest->smallest_first);
    catalog_deselect(&selftest->selection);
}

enum status selftest_barriers(const struct settings *settings, results_t *results,
                              selftest_recall *recall, void *context, int64_t *id)
{
    struct selftest selftest;
    enum status status = prepare(&selftest, settings, false);
    for (size_t i = 0; status == STATUS_CLEAN && i < selftest.sabotage_count; i++)
        selftest.firsts[i] = recall(context, task_name(&selftest, i), task_copying(&selftest, i));
    if (status == STATUS_CLEAN)
        status = perform(&selftest, results, id);
    release(&selftest);
    return status;
}

static enum status run(const struct settings *settings)
{
    struct selftest selftest;
    int64_t id = 0;
    results_t *results = NULL;
    enum status status = prepare(&selftest, settings, true);
    if (status == STATUS_CLEAN && !(results = database_open_to_write(settings)))
        status = STATUS_FAILED;
    if (status == STATUS_CLEAN)
        status = perform(&selftest, results, &id);
    if (id > 0 && settings->json)
        print_json(&selftest);
    else if (id > 0)
        print(&selftest);
    release(&selftest);
    results_close(results);
    return status;
}

const struct command selftest_command = {
    .bit = COMMAND_SELFTEST,
    .name = "selftest",
    .synopsis = "[SCENARIO...]",
    .summary = "skip each persistence barrier in turn: each must be caught",
    .about = "For every barrier of 'pmacrash list points', the scenarios are played with that "
             "barrier skipped until an oracle notices; then all of them without a fault, where "
             "nothing may be found. What came of each barrier is kept: 'pmacrash query barriers'.\n"
             "\n"
             "Exit code: 0 if every barrier was caught and nothing else was found, 1 if not.",
    .examples = "  pmacrash selftest\n"
                "  pmacrash selftest --json --jobs 4\n",
    .most = SIZE_MAX,
    .words = WORDS_SCENARIOS,
    .run = run,
};
