/* SPDX-License-Identifier: MIT */
/* A table for people: rows of cells, in columns as wide as they need to be; on a terminal, text in
 * the last one is wrapped. */
#ifndef GRID_H
#define GRID_H

#include "text.h"

struct grid;

/* `headers` may hold a line end: a heading of two lines. `alignment`: 'l' or 'r' a column. */
struct grid *grid_new(const char *const *headers, const char *alignment);
void grid_row(struct grid *grid, enum text_style style, const char *const *cells);
void grid_rule(struct grid *grid); /* a line before what follows, as above totals */
void grid_print(const struct grid *grid, FILE *out);
void grid_free(struct grid *grid);

#endif
