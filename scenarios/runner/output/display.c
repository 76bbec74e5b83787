/* SPDX-License-Identifier: MIT */
#include "display.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/*
 * The cursor stands at the beginning of the first line, see docs/terminal.md. All is erased line by
 * line, twice as many as there can be: a narrower terminal may have broken each in two. Erasing the
 * rest of the screen at once would do, too, but tmux keeps what it clears so at the top of a
 * screen.
 */
#define ERASE_REST  "\033[K"
#define ERASE_LINE  ERASE_REST "\033[B"
#define ERASE_FOUR  ERASE_LINE ERASE_LINE ERASE_LINE ERASE_LINE
#define ERASE_LINES "\r\0337" ERASE_FOUR ERASE_FOUR ERASE_FOUR ERASE_FOUR "\0338"
static_assert(2 * DISPLAY_LINES == 16, "ERASE_LINES is for as many");

static const int signals[] = {SIGTSTP, SIGINT, SIGTERM, SIGHUP, SIGQUIT};
enum { SIGNALS = sizeof signals / sizeof *signals };

static struct {
    pid_t owner; /* 0: closed. Processes that are forked meanwhile do not own it. */
    volatile sig_atomic_t drawn;
    size_t lines, columns; /* of the last frame */
    struct sigaction before[SIGNALS];
} display;

static void write_whole(const char *bytes, size_t count)
{
    while (count > 0) {
        ssize_t written = write(STDERR_FILENO, bytes, count);
        if (written < 0 && errno != EINTR)
            return;
        if (written > 0) {
            bytes += written;
            count -= (size_t)written;
        }
    }
}

/* Whether it is ours to draw: not a child's, and not while the shell has the terminal. */
static bool is_ours(void)
{
    return display.owner == getpid() && tcgetpgrp(STDERR_FILENO) == getpgrp();
}

/* Does what the signal would have done, with a clean terminal. Of those, only stopping is followed
 * by anything. */
static void on_signal(int number)
{
    int error = errno;
    sigset_t only;
    if (display.drawn && is_ours())
        write_whole(ERASE_LINES, sizeof ERASE_LINES - 1);
    display.drawn = 0;
    signal(number, SIG_DFL);
    sigemptyset(&only);
    sigaddset(&only, number);
    raise(number);
    sigprocmask(SIG_UNBLOCK, &only, NULL);
    signal(number, on_signal);
    errno = error;
}

static void take_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < SIGNALS; i++) {
        sigaction(signals[i], NULL, &display.before[i]);
        if (display.before[i].sa_handler == SIG_DFL)
            sigaction(signals[i], &action, NULL);
    }
}

bool display_open(void)
{
    if (!text_can_redraw(stderr))
        return false;
    display.owner = getpid();
    display.lines = 0;
    take_signals();
    text_before_complaints(display_erase);
    return true;
}

void display_close(void)
{
    if (display.owner == 0)
        return;
    display_erase();
    text_before_complaints(NULL);
    for (size_t i = 0; i < SIGNALS; i++)
        sigaction(signals[i], &display.before[i], NULL);
    display.owner = 0;
}

void display_size(size_t *columns, size_t *lines)
{
    struct winsize size;
    *columns = text_width(stderr);
    *lines = DISPLAY_LINES;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0 || size.ws_row == 0)
        return;
    if (size.ws_col < *columns)
        *columns = size.ws_col;
    if (size.ws_row <= *lines)
        *lines = size.ws_row > 1 ? size.ws_row - 1u : 1;
}

static void draw_line(FILE *out, const struct display_line *line, size_t columns)
{
    for (size_t i = 0; i < line->count && columns > 0; i++) {
        const struct display_piece *piece = &line->pieces[i];
        bool coloured = piece->style != STYLE_PLAIN && text_colours(stderr);
        size_t shown = text_fitting(piece->text, columns);
        columns -= text_columns(piece->text, shown);
        fprintf(out, "%s%.*s%s", coloured ? text_style_begin(piece->style) : "", (int)shown,
                piece->text, coloured ? TEXT_STYLE_END : "");
    }
}

void display_draw(const struct display_line *lines, size_t count)
{
    char *frame = NULL;
    size_t bytes, columns, most;
    if (!is_ours())
        return;
    display_size(&columns, &most);
    count = count < most ? count : most;
    size_t old = display.drawn ? display.lines : 0, rows = count > old ? count : old;
    FILE *out = need(open_memstream(&frame, &bytes));
    /* What the terminal broke anew may reach further down than what is drawn now. */
    if (old > 0 && columns != display.columns)
        fputs(ERASE_LINES, out);
    for (size_t i = 0; i < rows; i++) {
        fputs(i == 0 ? "\r" : "\r\n", out);
        if (i < count)
            draw_line(out, &lines[i], columns - 1);
        fputs(ERASE_REST, out);
    }
    if (rows > 1)
        fprintf(out, "\033[%zuA", rows - 1);
    fputc('\r', out);
    fclose(out);
    display.columns = columns;
    display.lines = count;
    display.drawn = count > 0;
    write_whole(need(frame), bytes);
    free(frame);
}

void display_erase(void)
{
    if (display.drawn)
        display_draw(NULL, 0);
}

void display_add(struct display_line *line, enum text_style style, char *text)
{
    for (char *at = text; *at; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = '?';
    line->pieces[line->count++] = (struct display_piece){style, text};
}

void display_line_release(struct display_line *line)
{
    for (size_t i = 0; i < line->count; i++)
        free(line->pieces[i].text);
    line->count = 0;
}
