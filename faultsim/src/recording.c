/* SPDX-License-Identifier: MIT */
#include "recording.h"

#include <errno.h>
#include <faultsim/capture.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "interpose.h"
#include "limit.h"
#include "recorder.h"
#include "recovery.h"
#include "scratch.h"
#include "shared.h"
#include "unseen.h"

enum { TICK_MS = 20 };

/* How far the recording process got; shared. */
struct report {
    enum { SETTING_UP, STARTING, WORKING, DONE } stage;
    int error;
    uint64_t calls[FSIM_CALL_COUNT];
};

static void record(const struct fsim_subject *subject, const struct fsim_options *options,
                   fsim_trace_t *trace, const char *directory, const struct death *death,
                   struct report *report)
{
    const bool only_notes = death != NULL && !death->captured;
    interpose_seed_random(options->seed);
    if (options->in_memory)
        interpose_spare_memory();
    if (subject->setup != NULL)
        report->error = subject->setup(subject->context, directory);
    if (report->error < 0)
        return;
    report->stage = STARTING;
    report->error = only_notes ? fsim_capture_notes(trace) : fsim_capture_begin(trace, directory);
    if (report->error == 0)
        report->error = fsim_plan_arm(options->plan, options->skip_code);
    if (report->error < 0)
        return;
    report->stage = WORKING;
    if (death != NULL)
        report->error = death_await(death);
    if (report->error == 0)
        report->error = subject->record(subject->context, directory);
    if (report->error == 0 && death != NULL)
        death_finish();
    for (unsigned call = 0; call < FSIM_CALL_COUNT; call++)
        report->calls[call] = plan_calls((enum fsim_call)call);
    fsim_plan_disarm();
    fsim_capture_end();
    if (report->error == 0)
        report->stage = DONE;
}

static int wait_for(pid_t child, const struct fsim_options *options, int *status)
{
    struct limit limit;
    limit_begin(&limit, child);
    for (;;) {
        int ended = recovery_wait(child, TICK_MS, status);
        if (ended != 0)
            return ended < 0 ? ended : 0;
        bool stopped = options->stop != NULL && *options->stop;
        if (stopped || limit_taken(&limit) > options->record_limit_ms) {
            kill(child, SIGKILL);
            ended = recovery_wait(child, -1, status);
            return ended < 0 ? ended : stopped ? -EINTR : -ETIMEDOUT;
        }
    }
}

/* What the workload was at when its process ended: " in step 3 (write 'a')". Returns the number. */
static uint32_t last_step(const fsim_trace_t *trace, char *text, size_t bytes)
{
    text[0] = '\0';
    for (size_t i = fsim_trace_events(trace); i-- > 0;) {
        const struct fsim_event *event = fsim_trace_event(trace, i);
        if (event->kind != FSIM_EV_STEP)
            continue;
        snprintf(text, bytes, " in step %" PRIu64 " (%s)", event->number,
                 fsim_trace_string(trace, event->name));
        return (uint32_t)event->number;
    }
    return 0;
}

/* What became of the recording: 1 if it came to its end, 0 if it ended where it was to, or an error
 * code and a sentence; and how the workload went wrong. */
static int explain(const struct report *report, int status, bool deadly, const char *where,
                   struct fsim_mishap *mishap, char *text, size_t bytes)
{
    static const char *const stages[] = {
        [SETTING_UP] = "setting the workload up",
        [STARTING] = "starting to record",
        [WORKING] = "the workload",
        [DONE] = "the workload",
    };
    const char *stage = stages[report->stage];
    if (deadly && report->stage == WORKING && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
        return 0;
    if (WIFSIGNALED(status)) {
        snprintf(text, bytes, "%s was killed by signal %d (%s)%s", stage, WTERMSIG(status),
                 strsignal(WTERMSIG(status)), where);
        mishap->status = FSIM_CRASHED;
        mishap->code = WTERMSIG(status);
        return -ECHILD;
    }
    if (report->stage == WORKING && WEXITSTATUS(status) == FSIM_CRASH_EXIT)
        return 0;
    if (report->error < 0) {
        snprintf(text, bytes, "%s failed with code %d", stage, report->error);
        mishap->status = FSIM_REFUSED;
        mishap->code = report->error;
        return report->error;
    }
    if (report->stage != DONE) {
        snprintf(text, bytes, "%s ended its process with status %d%s", stage, WEXITSTATUS(status),
                 where);
        mishap->status = FSIM_CRASHED;
        return -ECHILD;
    }
    return 1;
}

int recording_play(const struct fsim_subject *subject, const struct fsim_options *options,
                   fsim_trace_t *trace, const char *directory, const struct death *death,
                   struct fsim_summary *summary)
{
    struct report *report = shared_reserve(sizeof *report);
    if (report == NULL)
        return -ENOMEM;
    struct fsim_mishap mishap = {.what = summary->error};
    char where[160];
    int status = 0;
    fflush(NULL); /* a workload that calls exit would write it again */
    pid_t child = fork();
    if (child == 0) {
        recovery_prepare_process();
        record(subject, options, trace, directory, death, report);
        _exit(0);
    }
    int error = child < 0 ? -errno : wait_for(child, options, &status);
    mishap.step = last_step(trace, where, sizeof where);
    if (error == -EINTR)
        summary->interrupted = true;
    if (error == -ETIMEDOUT) {
        snprintf(summary->error, sizeof summary->error,
                 "the workload did not end within %u s and was killed%s: it hangs, or needs a "
                 "larger limit",
                 options->record_limit_ms / 1000, where);
        mishap.status = FSIM_HUNG;
    }
    if (error == 0)
        error = explain(report, status, death != NULL && death->rehearsal == NULL, where, &mishap,
                        summary->error, sizeof summary->error);
    if (mishap.status != FSIM_RECOVERED && report->stage != STARTING && options->on_mishap != NULL)
        options->on_mishap(options->sink, &mishap, trace);
    if (error >= 0 && fsim_trace_full(trace)) {
        snprintf(summary->error, sizeof summary->error,
                 "the recording is too long for a trace: %zu events", fsim_trace_events(trace));
        error = -ENOSPC;
    }
    memcpy(summary->calls, report->calls, sizeof summary->calls);
    shared_release(report, sizeof *report);
    return error;
}

int recording_place(const struct fsim_options *options, struct scratch *scratch,
                    struct fsim_summary *summary)
{
    const char *parent = options->work_directory ? options->work_directory
                         : options->in_memory    ? scratch_in_memory()
                                                 : scratch_for_files();
    int error = scratch_open(scratch, parent);
    if (error < 0)
        snprintf(summary->error, sizeof summary->error,
                 "%s: cannot make a directory for the recording: %s", parent, strerror(-error));
    return error;
}

int recording_make(const struct fsim_subject *subject, const struct fsim_options *options,
                   fsim_trace_t *trace, struct fsim_summary *summary)
{
    struct scratch scratch;
    int error = fsim_capture_grain(options->grain);
    if (error < 0) {
        snprintf(summary->error, sizeof summary->error,
                 "this program cannot see stores: it was compiled without callbacks for them");
        return error;
    }
    error = recording_place(options, &scratch, summary);
    if (error < 0)
        return error;
    error = recording_play(subject, options, trace, scratch.path, NULL, summary);
    summary->cut_short = error == 0;
    if (error > 0)
        error = unseen_find(trace, scratch.path, summary->error, sizeof summary->error);
    scratch_close(&scratch);
    return error;
}

/* What the workload came to that has no process of its own. */
static void conclude_here(const struct report *report, const struct fsim_options *options,
                          const fsim_trace_t *trace)
{
    const struct fsim_mishap mishap = {
        .status = FSIM_REFUSED, .code = report->error, .what = "the workload failed"};
    if (report->stage == DONE && options->on_trace != NULL)
        options->on_trace(options->sink, trace, NULL, 0);
    if (report->error < 0 && report->stage != STARTING && options->on_mishap != NULL)
        options->on_mishap(options->sink, &mishap, trace);
}

int fsim_record_here(const struct fsim_subject *subject, const struct fsim_options *options,
                     struct fsim_summary *summary)
{
    struct report report = {.stage = SETTING_UP};
    struct scratch scratch;
    fsim_trace_t *trace;
    *summary = (struct fsim_summary){0};
    int error = fsim_trace_new(&trace);
    if (error < 0)
        return error;
    error = recording_place(options, &scratch, summary);
    if (error == 0) {
        record(subject, options, trace, scratch.path, NULL, &report);
        scratch_close(&scratch);
        conclude_here(&report, options, trace);
        error = report.error;
    }
    fsim_trace_free(trace);
    return error;
}
