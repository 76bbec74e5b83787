/* SPDX-License-Identifier: MIT */
/* A store of somebody else's, crashed like a scenario: by its adapter (faultsim/store.h). */
#include <dlfcn.h>
#include <errno.h>
#include <faultsim/store.h>
#include <stdlib.h>
#include <string.h>

#include "commandline/catalog.h"
#include "commandline/command.h"
#include "findings/keep.h"
#include "output/grid.h"
#include "output/json.h"
#include "output/progress.h"
#include "output/text.h"
#include "store_check.h"
#include "store_story.h"

/* The store under one model. */
struct trial {
    enum fsim_model model;
    struct fsim_summary summary;
    uint64_t by_verdict[FSIM_VERDICT_COUNT];
    char *stories[FSIM_VERDICT_COUNT]; /* of the first violation of each kind */
    struct progress *progress;
    const char *store;  /* its name */
    const char *export; /* directory, or NULL */
    const char *refusal;
    size_t done, count; /* models */
};

typedef const struct fsim_subject *store_function(int, const char *const *, char *, size_t);

static void on_violation(void *sink, const struct fsim_violation *violation)
{
    struct trial *trial = sink;

    trial->by_verdict[violation->verdict]++;
    if (trial->stories[violation->verdict] != NULL)
        return;
    trial->stories[violation->verdict] = store_story(violation, trial->model, trial->export);
}

static void on_progress(void *sink, const struct fsim_progress *progress)
{
    struct trial *trial = sink;
    struct progress_state state;
    double part = progress->points ? (double)progress->point / (double)progress->points : 0;

    if (!progress_is_due(trial->progress, &state))
        return;
    state.unit = "models";
    state.done = trial->done;
    state.all = trial->count;
    state.part = ((double)trial->done + part) / (double)trial->count;
    state.states = progress->states;
    state.recoveries = progress->recoveries;
    state.bad = progress->violations;
    state.one_bad = "violation";
    state.many_bad = "violations";
    progress_add_task(&state, need_format("%s, %s", trial->store, fsim_model_name(trial->model)),
                      progress->point, progress->points);
    progress_show(trial->progress, &state);
    progress_state_release(&state);
}

/* ---- trials ---- */

/* Where the first acknowledgement lies among the events; SIZE_MAX: there is none. */
static size_t first_acknowledged(const fsim_trace_t *trace)
{
    for (size_t i = 0; i < fsim_trace_marks(trace); i++)
        if (fsim_trace_mark(trace, i)->kind == FSIM_MARK_ACK)
            return fsim_trace_mark(trace, i)->event;
    return SIZE_MAX;
}

/* A workload that says too little would have all of its states be violations, or none. */
static bool on_trace(void *sink, const fsim_trace_t *trace, const struct fsim_crash_point *points,
                     size_t count)
{
    struct trial *trial = sink;
    size_t acknowledged = first_acknowledged(trace);

    if (acknowledged == SIZE_MAX)
        trial->refusal = "the workload acknowledged no state, so that none is legal: it says "
                         "FSIM_MARK_ACK of the state that it starts from, and of each one that the "
                         "store has promised to keep; see docs/stores.md";
    else if (count > 0 && points[0].events < acknowledged)
        trial->refusal = "the workload made calls on files before it acknowledged the state that "
                         "it starts from: until then no state is legal; say FSIM_MARK_ACK first";
    return trial->refusal == NULL;
}

static const struct fsim_subject *load_check(const struct settings *settings)
{
    if (settings->argument_count == 0 && settings->trace)
        return store_check(settings->check);
    if (settings->argument_count > 0)
        complain("--check stands for an adapter; leave '%s' or --check out",
                 settings->arguments[0]);
    else
        complain("--check looks at what was recorded before: add --trace FILE, see docs/stores.md");
    return NULL;
}

static const struct fsim_subject *load(const struct settings *settings)
{
    if (settings->check)
        return load_check(settings);
    if (settings->argument_count == 0) {
        complain("store wants more: pmacrash store ADAPTER.so [ARGUMENT...], or --check COMMAND "
                 "--trace FILE");
        return NULL;
    }
    const char *path = settings->arguments[0];
    char message[256] = "";
    void *adapter = dlopen(path, RTLD_NOW | RTLD_LOCAL);

    if (adapter == NULL) {
        complain("%s; name an adapter by a path with a slash: see docs/stores.md", dlerror());
        return NULL;
    }
    store_function *store = (store_function *)dlsym(adapter, "fsim_store");
    if (store == NULL) {
        complain("%s is no adapter: it does not define fsim_store; see docs/stores.md", path);
        return NULL;
    }
    const struct fsim_subject *subject =
        store((int)settings->argument_count - 1, settings->arguments + 1, message, sizeof message);
    if (subject == NULL)
        complain("%s: %s", path, message);
    return subject;
}

static int try(const struct settings *settings, const struct fsim_subject *subject,
               fsim_trace_t *trace, struct trial *trial)
{
    const struct fsim_options options = {
        .model = trial->model,
        .search = (enum fsim_search)settings->search,
        .brute_limit = settings->brute_limit,
        .tear_limit = (uint32_t)settings->tear_limit,
        .bound = settings->bound,
        .seed = settings->seed,
        .isolate = settings->isolate,
        .time_limit_ms = (uint32_t)settings->time_limit_ms,
        .record_limit_ms = (uint32_t)settings->record_limit_ms,
        .points = settings->points,
        .max_violations = settings->max_violations,
        .sink = trial,
        .on_trace = on_trace,
        .on_violation = on_violation,
        .on_progress = on_progress,
    };

    if (trace != NULL)
        return fsim_crash_trace(subject, trace, &options, &trial->summary);
    return fsim_crash_test(subject, &options, &trial->summary);
}

/* ---- results ---- */

static void print(const struct trial *trials, size_t count)
{
    static const char *const headers[] = {"model",         "crash\npoints", "crash\nstates",
                                          "recov-\neries", "viola-\ntions", "com-\nplete"};
    struct grid *grid = grid_new(headers, "lrrrrl");

    for (size_t i = 0; i < count; i++) {
        const struct fsim_summary *summary = &trials[i].summary;
        struct number points, states, recoveries, violations;
        const char *const cells[] = {fsim_model_name(trials[i].model),
                                     text_count(&points, summary->crash_points),
                                     text_states(&states, summary->covered),
                                     text_count(&recoveries, summary->recoveries),
                                     text_count(&violations, summary->violations),
                                     summary->complete ? "yes" : "no"};
        grid_row(grid,
                 summary->violations > 0 ? STYLE_BAD
                 : summary->complete     ? STYLE_PLAIN
                                         : STYLE_INCOMPLETE,
                 cells);
    }
    grid_print(grid, stdout);
    grid_free(grid);
    for (size_t i = 0; i < count; i++)
        for (unsigned verdict = 0; verdict < FSIM_VERDICT_COUNT; verdict++) {
            if (trials[i].stories[verdict] == NULL)
                continue;
            printf("\n%s under %s, %llu time%s. The first:\n",
                   fsim_verdict_name((enum fsim_verdict)verdict), fsim_model_name(trials[i].model),
                   (unsigned long long)trials[i].by_verdict[verdict],
                   trials[i].by_verdict[verdict] == 1 ? "" : "s");
            text_paragraph(stdout, 2, trials[i].stories[verdict]);
        }
}

static void print_json(const char *name, const struct trial *trials, size_t count)
{
    struct json json = {.out = stdout};

    json_begin(&json, NULL, '{');
    json_text(&json, "store", name);
    json_begin(&json, "models", '[');
    for (size_t i = 0; i < count; i++) {
        const struct fsim_summary *summary = &trials[i].summary;
        json_begin(&json, NULL, '{');
        json_text(&json, "model", fsim_model_name(trials[i].model));
        json_count(&json, "crash_points", summary->crash_points);
        json_number(&json, "crash_states", summary->covered);
        json_count(&json, "recoveries", summary->recoveries);
        json_count(&json, "violations", summary->violations);
        json_bool(&json, "complete", summary->complete);
        json_begin(&json, "first", '{');
        for (unsigned verdict = 0; verdict < FSIM_VERDICT_COUNT; verdict++)
            if (trials[i].stories[verdict] != NULL)
                json_text(&json, fsim_verdict_name((enum fsim_verdict)verdict),
                          trials[i].stories[verdict]);
        json_end(&json, '}');
        json_end(&json, '}');
    }
    json_end(&json, ']');
    json_end(&json, '}');
}

static enum status explore(const struct settings *settings, const struct fsim_subject *subject,
                           fsim_trace_t *trace, struct trial *trials, size_t count)
{
    bool found = false, complete = true;
    struct progress *progress = progress_new(settings->quiet);
    int error = 0;

    for (size_t i = 0; i < count && error == 0; i++) {
        trials[i].progress = progress;
        trials[i].store = subject->name;
        trials[i].export = settings->export_to;
        trials[i].done = i;
        trials[i].count = count;
        error = try(settings, subject, trace, &trials[i]);
        if (error == 0 && !trials[i].refusal && trials[i].summary.crash_points == 0)
            trials[i].refusal = "the workload changed no file in the directory that it was given, "
                                "so that there is nothing to crash";
        if (error < 0 || trials[i].refusal)
            complain("%s", trials[i].refusal ? trials[i].refusal : trials[i].summary.error);
        if (trials[i].refusal)
            error = -EINVAL;
        found |= trials[i].summary.violations > 0;
        complete &= trials[i].summary.complete;
    }
    progress_free(progress);
    if (error < 0)
        return STATUS_FAILED;
    if (settings->json)
        print_json(subject->name, trials, count);
    else
        print(trials, count);
    return found ? STATUS_FOUND : complete ? STATUS_CLEAN : STATUS_BUDGET;
}

static enum status run(const struct settings *settings)
{
    struct trial *trials = need(calloc(catalog_model_count, sizeof *trials));
    enum status status = STATUS_USAGE;
    fsim_trace_t *trace = NULL;
    size_t count = 0;
    int filtered = fsim_capture_without_rings();
    if (filtered < 0)
        complain("io_uring cannot be switched off here (%s): what the store does by it is not seen",
                 strerror(-filtered));
    const struct fsim_subject *subject = load(settings);

    for (size_t model = 0; model < catalog_model_count; model++)
        if (catalog_has_model(settings->models, model))
            trials[count++].model = (enum fsim_model)model;
    if (subject == NULL)
        goto done;
    int error = settings->trace ? fsim_trace_load(settings->trace, &trace) : 0;
    if (error < 0) {
        complain("--trace %s: %s; make one with the preloaded recorder: see docs/stores.md",
                 settings->trace, error == -EILSEQ ? "no trace, or damaged" : strerror(-error));
        goto done;
    }
    if (settings->export_to && !keep_in_directory("--export", NULL, 0, settings->export_to))
        goto done;
    status = explore(settings, subject, trace, trials, count);
done:
    fsim_trace_free(trace);
    for (size_t i = 0; i < count; i++)
        for (unsigned verdict = 0; verdict < FSIM_VERDICT_COUNT; verdict++)
            free(trials[i].stories[verdict]);
    free(trials);
    return status;
}

const struct command store_command = {
    .bit = COMMAND_STORE,
    .name = "store",
    .synopsis = "[ADAPTER.so [ARGUMENT...]]",
    .summary = "crash a store of somebody else's, by its adapter",
    .about =
        "Loads the adapter, a shared object that makes a store, works on it and recovers it; "
        "records its work, and recovers every crash state of it, as 'run' does with scenarios. "
        "The arguments are the adapter's. docs/stores.md tells how to write one, and how to do "
        "without one: a program of any language is recorded, and a command looks at what crashes "
        "of it leave.\n"
        "\n"
        "Exit code: 0 clean, 1 violations, 2 wrong usage, 3 could not run, 4 coverage is not "
        "complete.",
    .examples = "  pmacrash store ./lmdb.so\n"
                "  pmacrash store ./lmdb.so nosync writemap\n"
                "  pmacrash store --trace db.trace ./lmdb.so\n"
                "  pmacrash store --trace log.trace --check 'python3 ../last.py log'\n"
                "  pmacrash store ./lmdb.so nosync --export found\n",
    .most = SIZE_MAX,
    .words = WORDS_FILES,
    .run = run,
};
