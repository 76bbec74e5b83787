/* SPDX-License-Identifier: MIT */
/*
 * The recorder as a preloaded library, for any program that keeps files in one directory:
 *
 *     FSIM_DIRECTORY=/tmp/db FSIM_TRACE=/tmp/db.trace LD_PRELOAD=faultsim_preload.so program ...
 *
 * The directory must exist. The trace is saved when the program ends, also by _exit; not when a
 * signal kills it, nor if it calls exec. Processes that it starts are not recorded, and what they
 * change makes the trace useless: it is not saved then, but the file named.
 *
 * The program finds a file named by FSIM_MARKS, for recorder_marks.c.
 */
#include "interpose.h"
#include "record.h"
#include "unseen.h"

#include <faultsim/capture.h>

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static fsim_trace_t *trace;
static char *directory, *trace_path, *marks_path;
static pid_t recorded; /* a child may share our memory, but its end is not ours */

/* Programs that the recorded one starts have the same environment. */
static const char recorder[] = "FSIM_RECORDER";

static void complain(const char *what, const char *path, int error)
{
    fprintf(stderr, "faultsim_preload: %s %s: %s\n", what, path, strerror(-error));
}

static void forget_in_child(void)
{
    trace = NULL;
}

/* As getenv, which shells define for themselves, and which knows nothing before they start. */
static const char *variable(const char *name)
{
    size_t bytes = strlen(name);

    for (char **entry = environ; entry != NULL && *entry != NULL; entry++)
        if (strncmp(*entry, name, bytes) == 0 && (*entry)[bytes] == '=')
            return *entry + bytes + 1;
    return NULL;
}

/* The program may change its working directory. */
static char *absolute(const char *path)
{
    char here[PATH_MAX], *text = NULL;

    if (path == NULL || path[0] == '/' || getcwd(here, sizeof(here)) == NULL)
        return path ? strdup(path) : NULL;
    return asprintf(&text, "%s/%s", here, path) < 0 ? NULL : text;
}

static int offer_marks(void)
{
    if (asprintf(&marks_path, "%s.marks", trace_path) < 0)
        return -ENOMEM;
    setenv("FSIM_MARKS", marks_path, 1);
    return record_marks_from(marks_path);
}

__attribute__((constructor)) static void begin(void)
{
    const char *recorded_already = variable(recorder);
    char text[32];
    int error;

    recorded = getpid();
    snprintf(text, sizeof(text), "%ld", (long)recorded);
    if (recorded_already && strcmp(recorded_already, text) != 0)
        return;
    setenv(recorder, text, 1);
    directory = absolute(variable("FSIM_DIRECTORY"));
    trace_path = absolute(variable("FSIM_TRACE"));
    if (!directory || !trace_path) {
        fprintf(stderr,
                "faultsim_preload: nothing is recorded: set FSIM_DIRECTORY to the directory "
                "to record and FSIM_TRACE to the file for the trace\n");
        return;
    }
    error = fsim_trace_new(&trace);
    if (error == 0)
        error = offer_marks();
    if (error == 0)
        error = fsim_capture_begin(trace, directory);
    if (error) {
        complain("cannot record", directory, error);
        fsim_trace_free(trace);
        trace = NULL;
        return;
    }
    pthread_atfork(NULL, NULL, forget_in_child);
    error = fsim_capture_without_rings();
    if (error)
        complain("cannot see", "what is done by io_uring", error);
}

static void end(void)
{
    char unseen[512];
    int error;

    if (!trace || getpid() != recorded)
        return;
    fsim_capture_end();
    unlink(marks_path);
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

/* Streams are written out after destructors have run, too late for us. */
__attribute__((destructor)) static void end_in_order(void)
{
    if (trace && getpid() == recorded)
        fflush(NULL);
    end();
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
