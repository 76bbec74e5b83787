/* SPDX-License-Identifier: MIT */
/*
 * The supervisor: keeps a worker going, keeps its time, and judges what it has finished. It never
 * runs a recovery itself, so nothing that a recovery does can reach it.
 */
#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "limit.h"
#include "scratch.h"
#include "search.h"

enum {
    TICK_MS = 10,
    GRACE_MS = 100, /* for last words */
};

bool search_selects(const struct search *search, const struct fsim_crash_point *point)
{
    const char *wanted = search->options->points;
    return wanted == NULL || search->levels->count > 1 ||
           fnmatch(wanted, fsim_trace_string(search->trace, point->where), 0) == 0;
}

bool search_enumerates(const struct search *search)
{
    enum fsim_search kind = search->options->search;
    return (kind == FSIM_BRUTE || kind == FSIM_COMPARE) &&
           fsim_cursor_states(search->cursor, NULL) <= search->options->brute_limit;
}

int search_seek(struct search *search, size_t point)
{
    return levels_seek(search->levels, search->levels->count - 1, point);
}

struct supervisor {
    struct search *search;
    struct fsim_summary *summary;
    struct judge *judge;
    size_t judged;
    uint64_t workers;
};

static void report_progress(const struct supervisor *supervisor)
{
    const struct search *search = supervisor->search;
    if (search->options->on_progress == NULL)
        return;
    struct fsim_progress progress = {
        .depth = search->levels->count,
        .point = supervisor->judged,
        .points = search->point_count,
        .recoveries = search->recoveries_before + search->progress->recoveries +
                      search->progress->brute_recoveries,
        .violations = search->violations_before + supervisor->summary->violations,
        .states = search->covered_before + supervisor->summary->covered,
    };
    search->options->on_progress(search->options->sink, &progress);
}

static bool has_to_stop(const struct supervisor *supervisor)
{
    const struct search *search = supervisor->search;
    const struct fsim_options *options = search->options;
    return (options->stop != NULL && *options->stop) ||
           (options->max_violations != 0 &&
            search->violations_before + supervisor->summary->violations >= options->max_violations);
}

static int judge_finished(struct supervisor *supervisor)
{
    struct search_progress *progress = supervisor->search->progress;
    struct fsim_summary *summary = supervisor->summary;
    size_t done = atomic_load(&progress->points_done);
    summary->interrupted = summary->interrupted || has_to_stop(supervisor);
    while (supervisor->judged < done && !summary->interrupted) {
        int error = judge_point(supervisor->judge, supervisor->judged);
        if (error < 0)
            return error;
        supervisor->judged++;
        summary->interrupted = has_to_stop(supervisor);
    }
    if (summary->interrupted)
        atomic_store(&progress->stop, true);
    report_progress(supervisor);
    return 0;
}

/* Ends a worker whose recovery hangs, after it had the chance to say what it touched. */
static int end_worker(pid_t child, int *status)
{
    kill(child, SIGTERM);
    int ended = recovery_wait(child, GRACE_MS, status);
    if (ended != 0)
        return ended;
    kill(child, SIGKILL);
    return recovery_wait(child, -1, status);
}

/* Watches one worker until it ends. Returns 0 or a negative code, with the worker gone. */
static int watch(struct supervisor *supervisor, pid_t child, int *status, bool *hung)
{
    struct search_progress *progress = supervisor->search->progress;
    struct limit limit;
    uint64_t run = 0;
    limit_begin(&limit, child);
    for (;;) {
        int ended = recovery_wait(child, TICK_MS, status);
        if (ended != 0)
            return ended < 0 ? ended : 0;
        int error = judge_finished(supervisor);
        uint64_t current = atomic_load(&progress->runs);
        if (current != run || atomic_load(&progress->kind) == RUN_NONE)
            limit_begin(&limit, child);
        run = current;
        *hung = limit_taken(&limit) > supervisor->search->options->time_limit_ms;
        if (error < 0 || *hung) {
            ended = end_worker(child, status);
            return error < 0 ? error : ended < 0 ? ended : 0;
        }
    }
}

/* Finds out why a worker ended. Returns a negative code if no other could do better. */
static int account(struct supervisor *supervisor, int status, bool hung)
{
    struct search_progress *progress = supervisor->search->progress;
    enum run_kind kind = atomic_load(&progress->kind);
    if (progress->error < 0)
        return progress->error;
    if (kind != RUN_NONE) {
        recovery_died(&progress->slot, status, hung, supervisor->search->options->time_limit_ms);
        progress->died_as = kind;
        atomic_store(&progress->kind, RUN_NONE);
        return 0;
    }
    if (hung || (WIFEXITED(status) && WEXITSTATUS(status) == 0))
        return 0; /* the recovery ended just in time, or the worker retired */
    snprintf(
        supervisor->summary->error, sizeof supervisor->summary->error,
        "the exploring process ended between two recoveries (wait status 0x%x); a recovery may "
        "have damaged its memory",
        (unsigned)status);
    return -ECHILD;
}

static int run_worker(struct supervisor *supervisor)
{
    struct search *search = supervisor->search;
    char directory[PATH_MAX];
    int length = snprintf(directory, sizeof directory, "%s/%llu", search->directory,
                          (unsigned long long)supervisor->workers++);
    if (length < 0 || (size_t)length >= sizeof directory)
        return -ENAMETOOLONG;
    if (mkdir(directory, 0700) < 0)
        return -errno;
    fflush(NULL); /* a recovery that calls exit would write it again */
    pid_t child = fork();
    if (child == 0)
        worker_main(search, directory);
    int status = 0, error = child < 0 ? -errno : 0;
    bool hung = false;
    if (error == 0)
        error = watch(supervisor, child, &status, &hung);
    if (error == 0)
        error = account(supervisor, status, hung);
    scratch_remove(directory);
    return error;
}

int supervise(struct search *search, struct judge *judge, struct fsim_summary *summary)
{
    struct supervisor supervisor = {.search = search, .summary = summary, .judge = judge};
    int error = judge_begin(judge, summary);
    while (error == 0 && search->progress->points_done < search->point_count &&
           !summary->interrupted) {
        error = run_worker(&supervisor);
        if (error == 0)
            error = judge_finished(&supervisor);
    }
    summary->recoveries = search->progress->recoveries;
    summary->brute_recoveries = search->progress->brute_recoveries;
    return error;
}
