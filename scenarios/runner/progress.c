/* SPDX-License-Identifier: MIT */
#include "progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "text.h"

enum { BAR_CELLS = 24, FRAME_NANOSECONDS = 100000000 };

struct progress {
    bool quiet, bar, drawn;
    struct timespec last;
};

struct progress *progress_new(bool quiet)
{
    const char *terminal = getenv("TERM");
    struct progress *progress = need(calloc(1, sizeof *progress));
    progress->quiet = quiet;
    progress->bar = !quiet && isatty(STDERR_FILENO) && !(terminal && strcmp(terminal, "dumb") == 0);
    return progress;
}

static void erase(struct progress *progress)
{
    if (progress->drawn)
        fputs("\r\033[K", stderr);
    progress->drawn = false;
}

void progress_show(struct progress *progress, size_t done, size_t all, const char *text)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long long since = (now.tv_sec - progress->last.tv_sec) * 1000000000LL +
                      (now.tv_nsec - progress->last.tv_nsec);
    if (!progress->bar || since < FRAME_NANOSECONDS)
        return;
    progress->last = now;
    char cells[BAR_CELLS + 1];
    size_t full = all ? done * BAR_CELLS / all : 0;
    memset(cells, '.', BAR_CELLS);
    memset(cells, '#', full);
    cells[BAR_CELLS] = '\0';
    char *line = need_format("[%s] %zu/%zu  %s", cells, done, all, text);
    erase(progress);
    fprintf(stderr, "%.*s", (int)text_width(stderr) - 1, line);
    fflush(stderr);
    progress->drawn = true;
    free(line);
}

void progress_line(struct progress *progress, bool important, const char *format, ...)
{
    if (progress->quiet || (progress->bar && !important))
        return;
    erase(progress);
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    fflush(stderr);
}

void progress_free(struct progress *progress)
{
    if (!progress)
        return;
    erase(progress);
    fflush(stderr);
    free(progress);
}
