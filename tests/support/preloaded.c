/* SPDX-License-Identifier: MIT */
#include "preloaded.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int preloaded_setup(void **state)
{
    struct preloaded *preloaded = calloc(1, sizeof(*preloaded));
    const char *base = getenv("TMPDIR");

    if (!preloaded)
        return -1;
    snprintf(preloaded->directory, sizeof(preloaded->directory), "%s/preloaded-XXXXXX",
             base ? base : "/tmp");
    if (!mkdtemp(preloaded->directory))
        return -1;
    snprintf(preloaded->path, sizeof(preloaded->path), "%s.trace", preloaded->directory);
    *state = preloaded;
    return 0;
}

int preloaded_teardown(void **state)
{
    struct preloaded *preloaded = *state;
    DIR *directory = opendir(preloaded->directory);
    struct dirent *entry;

    while (directory && (entry = readdir(directory)))
        unlinkat(dirfd(directory), entry->d_name, 0);
    if (directory)
        closedir(directory);
    rmdir(preloaded->directory);
    unlink(preloaded->path);
    free(preloaded);
    return 0;
}

void run_preloaded(struct preloaded *preloaded, const char *program, const char *mode)
{
    pid_t child = fork();

    if (child == 0) {
        setenv("FSIM_DIRECTORY", preloaded->directory, 1);
        setenv("FSIM_TRACE", preloaded->path, 1);
        setenv("LD_PRELOAD", PRELOAD_LIBRARY, 1);
        execl(program, program, preloaded->directory, mode, (char *)NULL);
        _exit(127);
    }
    assert_int_equal(waitpid(child, &preloaded->status, 0), child);
}

fsim_trace_t *trace_of(struct preloaded *preloaded, const char *program, const char *mode)
{
    fsim_trace_t *trace;

    run_preloaded(preloaded, program, mode);
    assert_int_equal(fsim_trace_load(preloaded->path, &trace), 0);
    return trace;
}

size_t find_event(const fsim_trace_t *trace, size_t from, const char *text)
{
    char line[256];

    for (size_t i = from; i < fsim_trace_events(trace); i++) {
        fsim_trace_describe(trace, i, line, sizeof(line));
        if (strcmp(line, text) == 0)
            return i;
    }
    fail_msg("no '%s' from event %zu on", text, from);
    return 0;
}

size_t count_events(const fsim_trace_t *trace, const char *text)
{
    size_t count = 0;
    char line[256];

    for (size_t i = 0; i < fsim_trace_events(trace); i++) {
        fsim_trace_describe(trace, i, line, sizeof(line));
        count += strcmp(line, text) == 0;
    }
    return count;
}
