/* SPDX-License-Identifier: MIT */
/*
 * A terminal that a program believes to be real: a pseudo terminal, and behind it libvterm, which
 * understands what the program writes and knows what a person would see.
 */
#ifndef SCREEN_H
#define SCREEN_H

#include <stdbool.h>
#include <sys/types.h>

enum { SCREEN_ROWS = 60, SCREEN_MOST_COLUMNS = 200 };

struct screen;

/* Forks a process in front of a new terminal: 0 in it, else its pid. TERM is xterm, and
 * NO_COLOR is not set. */
pid_t screen_fork(int columns, struct screen **screen);

/* In the process: what is typed is not echoed. */
void screen_hide_keys(void);

/* Reads until the program shows the text; false, and what it shows, if it ends or falls silent
 * before. */
bool screen_waits_for(struct screen *screen, const char *text);

/* The same until it does not show it. */
bool screen_waits_without(struct screen *screen, const char *text);

/* Reads until the program has ended, and returns its wait status. */
int screen_ends(struct screen *screen);

void screen_resize(struct screen *screen, int columns);
void screen_type(struct screen *screen, const char *keys);

/* What stands there now, without blanks at the ends of lines. Lives until the next call. */
const char *screen_line(struct screen *screen, int row);
bool screen_shows(struct screen *screen, const char *text);

/* Fails the test unless exactly these lines stand there, and nothing below them. */
void screen_holds(struct screen *screen, const char *const *lines, int count);

/* The colour in which the text stands: one of the 16 of the palette, or -1 for none. */
int screen_colour(struct screen *screen, const char *text);

void screen_free(struct screen *screen);

#endif
