/* SPDX-License-Identifier: MIT */
/* A table for people: rows of cells, in columns as wide as they need to be, and no wider altogether
 * than what they are printed on. docs/terminal.md says what happens when they would be. */
#ifndef GRID_H
#define GRID_H

#include "text.h"

struct grid;

/* `headers` may hold line ends; one after a hyphen, "viola-\ntions", counts only where there is no
 * room for the word. `alignment`: 'l' or 'r' a column. */
struct grid *grid_new(const char *const *headers, const char *alignment);
void grid_row(struct grid *grid, enum text_style style, const char *const *cells);
void grid_rule(struct grid *grid); /* a line before what follows, as above totals */
void grid_print(const struct grid *grid, FILE *out);
/* A line a cell, "name  value", and an empty line between rows. */
void grid_print_records(const struct grid *grid, FILE *out);
void grid_free(struct grid *grid);

#endif
