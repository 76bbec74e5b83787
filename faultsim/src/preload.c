/* SPDX-License-Identifier: MIT */
/*
 * The recorder as a preloaded library, for any program that keeps files in one directory:
 *
 *     FSIM_DIRECTORY=/tmp/db FSIM_TRACE=/tmp/db.trace LD_PRELOAD=faultsim_preload.so program ...
 *
 * The directory must exist. The trace is saved when the program ends, also by _exit; not when a
 * signal kills it, nor if it calls exec. Processes that it forks are not recorded, and what they
 * change makes the trace useless: it is not saved then, but the file named.
 */
#include "interpose.h"
#include "unseen.h"

#include <faultsim/capture.h>

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static fsim_trace_t *trace;
static const char *directory, *trace_path;
static pid_t recorded; /* a child of vfork shares our memory, but its end is not ours */

static void complain(const char *what, const char *path, int error)
{
    fprintf(stderr, "faultsim_preload: %s %s: %s\n", what, path, strerror(-error));
}

static void forget_in_child(void)
{
    trace = NULL;
}

__attribute__((constructor)) static void begin(void)
{
    int error;

    directory = getenv("FSIM_DIRECTORY");
    trace_path = getenv("FSIM_TRACE");
    if (!directory || !trace_path) {
        fprintf(stderr,
                "faultsim_preload: nothing is recorded: set FSIM_DIRECTORY to the directory "
                "to record and FSIM_TRACE to the file for the trace\n");
        return;
    }
    error = fsim_trace_new(&trace);
    if (error == 0)
        error = fsim_capture_begin(trace, directory);
    if (error) {
        complain("cannot record", directory, error);
        fsim_trace_free(trace);
        trace = NULL;
        return;
    }
    recorded = getpid();
    pthread_atfork(NULL, NULL, forget_in_child);
}

__attribute__((destructor)) static void end(void)
{
    char unseen[512];
    int error;

    if (!trace || getpid() != recorded)
        return;
    fsim_capture_end();
    error = fsim_trace_full(trace) ? 0 : unseen_find(trace, directory, unseen, sizeof(unseen));
    if (error == -ENOTSUP) {
        fprintf(stderr, "faultsim_preload: no trace is saved: %s\n", unseen);
        unlink(trace_path); /* of a recording before, which would be taken for this one's */
    } else {
        error = fsim_trace_save(trace, trace_path);
        if (error)
            complain("cannot save the trace to", trace_path, error);
    }
    if (fsim_trace_full(trace))
        fprintf(stderr,
                "faultsim_preload: the trace is not whole: the program did more than fits\n");
    fsim_trace_free(trace);
    trace = NULL;
}

#pragma GCC visibility push(default)

/* These leave without running destructors, so that ours is called here. */
void _exit(int status)
{
    end();
    for (;;)
        real_syscall(SYS_exit_group, status, 0, 0, 0, 0, 0);
}

void _Exit(int status) __attribute__((alias("_exit")));

#pragma GCC visibility pop
