/* SPDX-License-Identifier: MIT */
#include "screen.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>
#include <pty.h>
#include <vterm.h>

enum { PATIENCE_MS = 20000 };

struct screen {
    int terminal, columns;
    pid_t pid;
    VTerm *vterm;
    VTermScreen *cells;
    char line[4 * SCREEN_MOST_COLUMNS + 1];
};

static struct winsize size_of(int columns)
{
    return (struct winsize){.ws_row = SCREEN_ROWS, .ws_col = (unsigned short)columns};
}

pid_t screen_fork(int columns, struct screen **out)
{
    struct winsize size = size_of(columns);
    int terminal;
    pid_t pid = forkpty(&terminal, NULL, NULL, &size);
    assert_true(pid >= 0);
    if (pid == 0) {
        setenv("TERM", "xterm", 1);
        unsetenv("NO_COLOR");
        return 0;
    }
    struct screen *screen = calloc(1, sizeof *screen);
    assert_non_null(screen);
    *screen = (struct screen){.terminal = terminal, .columns = columns, .pid = pid};
    screen->vterm = vterm_new(SCREEN_ROWS, columns);
    assert_non_null(screen->vterm);
    vterm_set_utf8(screen->vterm, 1);
    screen->cells = vterm_obtain_screen(screen->vterm);
    vterm_screen_reset(screen->cells, 1);
    *out = screen;
    return pid;
}

void screen_hide_keys(void)
{
    struct termios modes;
    tcgetattr(STDIN_FILENO, &modes);
    modes.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(STDIN_FILENO, TCSANOW, &modes);
}

/* What the program wrote next; false when the last process that has the terminal open is gone, or
 * nothing comes for long. */
static bool read_more(struct screen *screen)
{
    char bytes[4096];
    struct pollfd wait = {.fd = screen->terminal, .events = POLLIN};
    if (poll(&wait, 1, PATIENCE_MS) <= 0)
        return false;
    ssize_t count = read(screen->terminal, bytes, sizeof bytes);
    if (count <= 0)
        return false;
    vterm_input_write(screen->vterm, bytes, (size_t)count);
    vterm_screen_flush_damage(screen->cells);
    return true;
}

static bool waits_until(struct screen *screen, const char *text, bool shown)
{
    while (screen_shows(screen, text) != shown)
        if (!read_more(screen)) {
            print_error("the screen should%s show '%s', but it is:\n", shown ? "" : " not", text);
            for (int row = 0; row < SCREEN_ROWS; row++)
                if (*screen_line(screen, row))
                    print_error("  %s\n", screen_line(screen, row));
            return false;
        }
    return true;
}

bool screen_waits_for(struct screen *screen, const char *text)
{
    return waits_until(screen, text, true);
}

bool screen_waits_without(struct screen *screen, const char *text)
{
    return waits_until(screen, text, false);
}

int screen_ends(struct screen *screen)
{
    int status;
    while (read_more(screen))
        ;
    assert_int_equal(waitpid(screen->pid, &status, 0), screen->pid);
    return status;
}

void screen_resize(struct screen *screen, int columns)
{
    struct winsize size = size_of(columns);
    screen->columns = columns;
    vterm_set_size(screen->vterm, SCREEN_ROWS, columns);
    assert_int_equal(ioctl(screen->terminal, TIOCSWINSZ, &size), 0);
}

void screen_type(struct screen *screen, const char *keys)
{
    ssize_t count = (ssize_t)strlen(keys);
    assert_int_equal(write(screen->terminal, keys, (size_t)count), count);
}

const char *screen_line(struct screen *screen, int row)
{
    VTermRect rect = {
        .start_row = row, .end_row = row + 1, .start_col = 0, .end_col = screen->columns};
    size_t length =
        vterm_screen_get_text(screen->cells, screen->line, sizeof screen->line - 1, rect);
    while (length > 0 && (screen->line[length - 1] == ' ' || screen->line[length - 1] == '\n'))
        length--;
    screen->line[length] = '\0';
    return screen->line;
}

bool screen_shows(struct screen *screen, const char *text)
{
    for (int row = 0; row < SCREEN_ROWS; row++)
        if (strstr(screen_line(screen, row), text))
            return true;
    return false;
}

void screen_holds(struct screen *screen, const char *const *lines, int count)
{
    for (int row = 0; row < SCREEN_ROWS; row++)
        assert_string_equal(screen_line(screen, row), row < count ? lines[row] : "");
}

int screen_colour(struct screen *screen, const char *text)
{
    for (int row = 0; row < SCREEN_ROWS; row++) {
        const char *line = screen_line(screen, row), *found = strstr(line, text);
        VTermScreenCell cell;
        if (!found)
            continue;
        VTermPos position = {.row = row, .col = (int)(found - line)};
        vterm_screen_get_cell(screen->cells, position, &cell);
        return VTERM_COLOR_IS_INDEXED(&cell.fg) ? cell.fg.indexed.idx : -1;
    }
    fail_msg("the screen does not show '%s'", text);
    return -1;
}

void screen_free(struct screen *screen)
{
    close(screen->terminal);
    vterm_free(screen->vterm);
    free(screen);
}
