/* SPDX-License-Identifier: MIT */
/*
 * A few lines on the terminal that stderr is, drawn again in place and gone in the end; a process
 * has one such display. docs/terminal.md says how the terminal is treated.
 */
#ifndef DISPLAY_H
#define DISPLAY_H

#include "text.h"

enum { DISPLAY_LINES = 8, DISPLAY_PIECES = 8 };

/* A line in pieces, each with its style. */
struct display_line {
    struct display_piece {
        enum text_style style;
        char *text;
    } pieces[DISPLAY_PIECES];
    size_t count;
};

/* Whether there is a terminal to draw on. From now on signals that stop or end the process take the
 * display away first. */
bool display_open(void);
void display_close(void);

/* The columns and lines that may be drawn on now. */
void display_size(size_t *columns, size_t *lines);

/* Draws the lines, cut to the columns there are. Nothing happens in the background. */
void display_draw(const struct display_line *lines, size_t count);

/* Takes them away, until some are drawn again. */
void display_erase(void);

/* Adds a piece; the line owns the text, which display_line_release frees. */
void display_add(struct display_line *line, enum text_style style, char *text);
void display_line_release(struct display_line *line);

#endif
