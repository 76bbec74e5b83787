/* SPDX-License-Identifier: MIT */
#include "progress.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "display.h"

enum {
    FRAME_MS = 100,
    LINE_MS = 10000,       /* between plain lines, in the first minute */
    LATER_LINE_MS = 60000, /* and after it */
    SAMPLE_MS = 500,       /* between measurements of the rate, */
    SMOOTH_MS = 2000,      /* which is that of about so long */
    SOONEST_GUESS_MS = 2000,
    BAR_CELLS = 24,
};

struct progress {
    bool quiet, live, shown;
    struct timespec started;
    uint64_t shown_ms; /* when something was shown last */
    uint64_t sample_ms, sample_recoveries;
    double rate;
};

struct progress *progress_new(bool quiet)
{
    struct progress *progress = need(calloc(1, sizeof *progress));
    clock_gettime(CLOCK_MONOTONIC, &progress->started);
    progress->quiet = quiet;
    progress->live = !quiet && display_open();
    return progress;
}

void progress_free(struct progress *progress)
{
    if (progress && progress->live)
        display_close();
    free(progress);
}

static uint64_t milliseconds_since(const struct timespec *then)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)((now.tv_sec - then->tv_sec) * 1000 + (now.tv_nsec - then->tv_nsec) / 1000000);
}

bool progress_is_time(bool live, uint64_t last_ms, uint64_t now_ms)
{
    uint64_t wait = live ? FRAME_MS : last_ms < LATER_LINE_MS ? LINE_MS : LATER_LINE_MS;
    return now_ms - last_ms >= wait;
}

bool progress_is_due(struct progress *progress, struct progress_state *state)
{
    uint64_t now = milliseconds_since(&progress->started);
    bool first = progress->live && !progress->shown;
    if (progress->quiet || (!first && !progress_is_time(progress->live, progress->shown_ms, now)))
        return false;
    progress->shown = true;
    progress->shown_ms = now;
    *state = (struct progress_state){.milliseconds = now};
    return true;
}

const char *progress_clock(struct number *number, uint64_t milliseconds)
{
    uint64_t seconds = milliseconds / 1000, hours = seconds / 3600;
    char *end = number->text;
    if (hours > 0)
        end += sprintf(end, "%" PRIu64 ":%02" PRIu64, hours, seconds / 60 % 60);
    else
        end += sprintf(end, "%" PRIu64, seconds / 60);
    sprintf(end, ":%02" PRIu64, seconds % 60);
    return number->text;
}

/* Recoveries a second over the last few of them. What was counted may be taken back, when a play
 * that was cut short does not count. */
static void measure_rate(struct progress *progress, const struct progress_state *state)
{
    uint64_t since = state->milliseconds - progress->sample_ms;
    if (since < SAMPLE_MS)
        return;
    if (state->recoveries >= progress->sample_recoveries) {
        double now =
            1000.0 * (double)(state->recoveries - progress->sample_recoveries) / (double)since;
        double weight = progress->sample_ms == 0 ? 1 : (double)since / (double)(since + SMOOTH_MS);
        progress->rate += weight * (now - progress->rate);
    }
    progress->sample_ms = state->milliseconds;
    progress->sample_recoveries = state->recoveries;
}

/* The time that is left, as far as one can tell; UINT64_MAX if one cannot. */
static uint64_t time_left(const struct progress_state *state)
{
    uint64_t left = UINT64_MAX;
    if (state->milliseconds >= SOONEST_GUESS_MS && state->part > 0.01)
        left = (uint64_t)((double)state->milliseconds * (1 - state->part) / state->part);
    if (state->budget_ms > 0) {
        uint64_t most = state->budget_ms;
        most -= state->milliseconds < most ? state->milliseconds : most;
        left = most < left ? most : left;
    }
    /* An estimate, not a countdown: beyond the last seconds it is told in steps of five. */
    return left == UINT64_MAX || left < 15000 ? left : (left + 2500) / 5000 * 5000;
}

static char *time_text(const struct progress_state *state)
{
    struct number gone, left;
    uint64_t guess = time_left(state);
    progress_clock(&gone, state->milliseconds);
    if (state->stopping || guess == UINT64_MAX)
        return need_copy(gone.text);
    return need_format("%s, about %s left", gone.text, progress_clock(&left, guess));
}

static char *done_text(const struct progress_state *state)
{
    struct number done, all;
    text_count(&done, state->done);
    return need_format("%s of %s %s", done.text, text_count(&all, state->all), state->unit);
}

/* ---- live ---- */

static char *bar_text(const struct progress_state *state, size_t cells)
{
    char bar[BAR_CELLS + 1] = "";
    double part = state->part < 0 ? 0 : state->part > 1 ? 1 : state->part;
    size_t full = (size_t)(part * (double)cells);
    memset(bar, '.', cells);
    memset(bar, '#', full);
    bar[cells] = '\0';
    return need_format("[%s]  ", bar);
}

static void add_first_line(struct display_line *line, const struct progress_state *state,
                           size_t columns)
{
    enum { LEAST_CELLS = 6, AROUND_CELLS = 4 };
    char *done = done_text(state), *time = time_text(state);
    size_t others = strlen(done) + 2 + strlen(time) + (state->stopping ? strlen("  stopping") : 0);
    if (others + AROUND_CELLS + LEAST_CELLS < columns) {
        size_t cells = columns - 1 - others - AROUND_CELLS;
        display_add(line, STYLE_PLAIN, bar_text(state, cells < BAR_CELLS ? cells : BAR_CELLS));
    }
    display_add(line, STYLE_PLAIN, done);
    if (state->stopping)
        display_add(line, STYLE_INCOMPLETE, need_copy("  stopping"));
    display_add(line, STYLE_PLAIN, need_copy("  "));
    display_add(line, STYLE_PLAIN, time);
}

static char *bad_text(const struct progress_state *state)
{
    struct number bad;
    return need_format("%s %s", state->bad ? text_count(&bad, state->bad) : "no",
                       state->bad == 1 ? state->one_bad : state->many_bad);
}

static void add_second_line(struct display_line *line, const struct progress *progress,
                            const struct progress_state *state)
{
    struct number number;
    if (state->many_bad) {
        display_add(line, state->bad ? STYLE_BAD : STYLE_PLAIN, bad_text(state));
        display_add(line, STYLE_PLAIN, need_copy("  "));
    }
    if (state->states > 0)
        display_add(line, STYLE_PLAIN,
                    need_format("%s states  ", text_states(&number, state->states)));
    if (state->recoveries == 0)
        return;
    display_add(line, STYLE_PLAIN,
                need_format("%s recoveries", text_count(&number, state->recoveries)));
    if (progress->rate > 0)
        display_add(line, STYLE_DIM,
                    need_format("  %s a second", text_factor(&number, progress->rate)));
}

static void add_task_line(struct display_line *line, const struct progress_task *task,
                          size_t columns)
{
    enum { LONGEST_NAME = 48, BLANKS = 4 };
    char *where = need_copy("");
    if (task->points > 0) {
        struct number point, points;
        free(where);
        text_count(&point, task->point);
        where = need_format("crash point %s of %s", point.text, text_count(&points, task->points));
    }
    /* The name gives way: it is cut before the numbers are. */
    size_t taken = strlen(where) + BLANKS + 1;
    size_t room = columns > taken ? columns - taken : 0;
    room = room < LONGEST_NAME ? room : LONGEST_NAME;
    size_t shown = text_fitting(task->name, room);
    int blanks = (int)(room - text_columns(task->name, shown));
    if (room > 0)
        display_add(line, STYLE_DIM,
                    need_format("  %.*s%*s  ", (int)shown, task->name, blanks, ""));
    display_add(line, STYLE_DIM, where);
}

static void show_live(const struct progress *progress, const struct progress_state *state)
{
    struct display_line lines[DISPLAY_LINES] = {0};
    size_t columns, most, count = 0;
    display_size(&columns, &most);
    add_first_line(&lines[count++], state, columns);
    add_second_line(&lines[count++], progress, state);
    for (size_t i = 0; i < state->task_count && count < DISPLAY_LINES; i++)
        add_task_line(&lines[count++], &state->tasks[i], columns);
    display_draw(lines, count);
    while (count > 0)
        display_line_release(&lines[--count]);
}

/* ---- elsewhere ---- */

static void show_plain(const struct progress *progress, const struct progress_state *state)
{
    struct number states, recoveries, rate;
    char *done = done_text(state), *time = time_text(state);
    char *bad = state->many_bad ? bad_text(state) : NULL;
    fprintf(stderr, "%s: %s", time, done);
    if (state->states > 0)
        fprintf(stderr, ", %s states", text_states(&states, state->states));
    if (state->recoveries > 0)
        fprintf(stderr, ", %s recoveries, %s a second", text_count(&recoveries, state->recoveries),
                text_factor(&rate, progress->rate));
    fprintf(stderr, "%s%s\n", bad ? ", " : "", bad ? bad : "");
    free(bad);
    free(time);
    free(done);
}

void progress_show(struct progress *progress, const struct progress_state *state)
{
    if (progress->quiet)
        return;
    measure_rate(progress, state);
    if (progress->live)
        show_live(progress, state);
    else
        show_plain(progress, state);
}

void progress_line(struct progress *progress, enum text_style style, const char *format, ...)
{
    char *line = NULL;
    va_list arguments;
    if (progress->quiet)
        return;
    va_start(arguments, format);
    int length = vasprintf(&line, format, arguments);
    va_end(arguments);
    need(length < 0 ? NULL : line);
    display_erase();
    text_styled(stderr, style, line);
    fputc('\n', stderr);
    free(line);
}

void progress_add_task(struct progress_state *state, char *name, size_t point, size_t points)
{
    if (state->task_count < PROGRESS_TASKS)
        state->tasks[state->task_count++] =
            (struct progress_task){.name = name, .point = point, .points = points};
    else
        free(name);
}

void progress_state_release(struct progress_state *state)
{
    while (state->task_count > 0)
        free(state->tasks[--state->task_count].name);
}
