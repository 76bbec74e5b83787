/* SPDX-License-Identifier: MIT */
#include "subject.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "alive.h"
#include "explain.h"
#include "named.h"
#include "oracle.h"
#include "reach.h"
#include "workload.h"

#define DEFAULT_INPUT "/usr/share/common-licenses"

/* How the settings of a replay begin; what follows is for people. */
#define SETTINGS_FORMAT "pmacrash scenario 1\n"

struct subject {
    const struct scenario *scenario;
    struct scenario replayed; /* all that a subject made from settings knows of its scenario */
    char name[96];
    char *input;
    struct workload_options options;
    results_oracle_t *invariants;
    struct oracle oracle;
    struct workload_failure *failure; /* shared with the process that records */
    struct fsim_subject faultsim;
};

static int setup(void *context, const char *directory)
{
    const struct subject *subject = context;

    return workload_setup(subject->scenario, &subject->options, directory, subject->failure);
}

static int record(void *context, const char *directory)
{
    const struct subject *subject = context;

    return workload_play(subject->scenario, &subject->options, directory, subject->failure);
}

static void recover(void *context, const char *directory, struct fsim_outcome *outcome)
{
    struct subject *subject = context;

    oracle_recover(&subject->oracle, directory, outcome);
}

static int inspect(void *context, const void *evidence, size_t bytes, char *finding,
                   size_t finding_bytes)
{
    const struct subject *subject = context;

    return oracle_inspect(subject->invariants, evidence, bytes, finding, finding_bytes);
}

/* What a crash left, opened, worked with and saved once. */
static int resume(void *context, const char *directory)
{
    struct subject *subject = context;
    const struct pma_options options = oracle_options(&subject->oracle);
    struct alive_failure failure;
    char path[PATH_MAX];
    int result;

    snprintf(path, sizeof path, "%s/" WORKLOAD_FILE, directory);
    result = alive_resume(path, &options, &subject->oracle.live, &failure);
    if (result != 0)
        snprintf(subject->failure->text, sizeof subject->failure->text,
                 "going on after a crash: %s", failure.text);
    return result;
}

int subject_new(const struct scenario *scenario, const struct subject_options *options,
                struct subject **subject)
{
    struct subject *made = calloc(1, sizeof *made);

    if (made == NULL)
        return -ENOMEM;
    made->failure = mmap(NULL, sizeof *made->failure, PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    made->input = strdup(options->input != NULL ? options->input : DEFAULT_INPUT);
    if (made->failure == MAP_FAILED || made->input == NULL) {
        made->failure = made->failure == MAP_FAILED ? NULL : made->failure;
        subject_free(made);
        return -ENOMEM;
    }
    made->failure->rule = WORKLOAD_RULE_COUNT;
    snprintf(made->name, sizeof made->name, "%s", scenario->name);
    made->scenario = scenario;
    made->invariants = options->oracle;
    made->options = (struct workload_options){
        .input = made->input, .copying = options->copying, .invariants = options->oracle};
    made->oracle.alive = !options->idle;
    made->oracle.copying = options->copying;
    made->oracle.model = options->model;
    made->faultsim = (struct fsim_subject){.name = made->name,
                                           .context = made,
                                           .setup = setup,
                                           .record = record,
                                           .recover = recover,
                                           .inspect = inspect,
                                           .resume = resume};
    *subject = made;
    return 0;
}

void subject_free(struct subject *subject)
{
    if (subject == NULL)
        return;
    if (subject->failure != NULL)
        munmap(subject->failure, sizeof *subject->failure);
    oracle_deinit(&subject->oracle);
    free(subject->input);
    free(subject);
}

void subject_set_faults(struct subject *subject, const struct subject_faults *faults)
{
    subject->options.judges_failures = faults->judged;
    subject->options.fails_once = faults->once;
    subject->oracle.cut_writes = faults->cuts;
    *subject->failure = (struct workload_failure){.rule = WORKLOAD_RULE_COUNT};
}

const struct fsim_subject *subject_faultsim(struct subject *subject)
{
    return &subject->faultsim;
}

enum fsim_model subject_model(const struct subject *subject)
{
    return subject->oracle.model;
}

const char *subject_failure(const struct subject *subject)
{
    return subject->failure->text;
}

const struct workload_failure *subject_broken(struct subject *subject,
                                              const struct fsim_mishap *mishap)
{
    struct workload_failure *failure = subject->failure;

    if (mishap->status == FSIM_REFUSED)
        return failure->rule == WORKLOAD_RULE_COUNT ? NULL : failure;
    /* Nobody but the machine, when it is out of memory, and its people do that. */
    if (mishap->status == FSIM_CRASHED && (mishap->code == SIGKILL || mishap->code == SIGTERM))
        return NULL;
    *failure = (struct workload_failure){
        .rule = mishap->status == FSIM_HUNG ? WORKLOAD_RETURN : WORKLOAD_LIFE,
        .code = mishap->code,
    };
    snprintf(failure->name, sizeof failure->name, "%s", workload_rule_name(failure->rule));
    snprintf(failure->found, sizeof failure->found, "%s", mishap->what);
    snprintf(failure->text, sizeof failure->text, "%s", mishap->what);
    return failure;
}

int subject_check_trace(const struct subject *subject, const fsim_trace_t *trace, char *message,
                        size_t message_bytes)
{
    int result = reach_check_trace(trace, WORKLOAD_FILE, message, message_bytes);

    (void)subject;
    return result != 0 ? result : named_check_trace(trace, WORKLOAD_FILE, message, message_bytes);
}

/* ---- replays ---- */

int subject_settings(const struct subject *subject, char *text, size_t bytes)
{
    int length =
        snprintf(text, bytes, SETTINGS_FORMAT "name %s\nfile %s:%u\nwork %s\ncopying %s\ncut %s\n",
                 subject->name, subject->scenario->file, subject->scenario->line,
                 subject->oracle.alive ? "yes" : "no",
                 subject->oracle.copying == PMA_COPY_LAZY ? "lazy" : "eager",
                 subject->oracle.cut_writes ? "yes" : "no");

    return length >= 0 && (size_t)length < bytes ? 0 : -ENOSPC;
}

int subject_from_settings(const char *text, const struct subject_options *options,
                          struct subject **subject)
{
    const size_t head = strlen(SETTINGS_FORMAT);
    char name[96], work[8], copying[8] = "eager", cut[8] = "no";
    struct scenario scenario = {.name = name};
    struct subject_options replay = *options;
    int error;

    if (strncmp(text, SETTINGS_FORMAT, head) != 0 ||
        sscanf(text + head, "name %95[^\n]\nfile %*[^\n]\nwork %7s\ncopying %7s\ncut %7s", name,
               work, copying, cut) < 2)
        return -EINVAL;
    replay.idle = strcmp(work, "yes") != 0;
    replay.copying = strcmp(copying, "lazy") == 0 ? PMA_COPY_LAZY : PMA_COPY_EAGER;
    error = subject_new(&scenario, &replay, subject);
    if (error != 0)
        return error;
    (*subject)->oracle.cut_writes = strcmp(cut, "yes") == 0;
    (*subject)->replayed.name = (*subject)->name;
    (*subject)->replayed.file = "";
    (*subject)->scenario = &(*subject)->replayed;
    (*subject)->faultsim.setup = NULL;
    (*subject)->faultsim.record = NULL;
    (*subject)->faultsim.resume = NULL;
    return 0;
}

/* ---- in words ---- */

char *subject_timeline(const struct subject *subject, const struct fsim_violation *violation,
                       const struct fsim_reduction *reduction)
{
    (void)subject;
    return explain_timeline(violation, reduction);
}

char *subject_explain(const struct subject *subject, const struct fsim_violation *violation,
                      const struct fsim_reduction *reduction)
{
    (void)subject;
    return explain_violation(violation, reduction);
}

char *subject_recording_timeline(const struct subject *subject, const fsim_trace_t *trace,
                                 const char *end)
{
    (void)subject;
    return explain_recording(trace, end);
}

void subject_print_rows(const struct subject *subject, const struct fsim_violation *violation,
                        FILE *out)
{
    enum { MOST_ROWS = 12 };
    struct evidence_view view;
    char finding[EVIDENCE_FINDING];

    /* What the offline checker finds is no matter of rows. */
    if (!evidence_read(violation->evidence, violation->outcome->evidence_bytes, &view) ||
        view.header.findings > 0 || subject->invariants == NULL)
        return;
    if (results_oracle_check(subject->invariants, view.dump, view.dump_bytes, finding,
                             sizeof finding) == 1)
        (void)results_oracle_rows(subject->invariants, MOST_ROWS, out);
}
