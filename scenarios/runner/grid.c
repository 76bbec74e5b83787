/* SPDX-License-Identifier: MIT */
#include "grid.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST_LAST_COLUMN = 24 }; /* narrower, a broken line reads worse than a long one */

struct grid_line {
    enum text_style style;
    char **cells; /* NULL: a rule */
};

struct grid {
    size_t columns, count, heading_lines;
    const char *const *headers;
    const char *alignment;
    struct grid_line *lines;
};

struct grid *grid_new(const char *const *headers, const char *alignment)
{
    struct grid *grid = need(calloc(1, sizeof *grid));
    grid->headers = headers;
    grid->alignment = alignment;
    grid->columns = strlen(alignment);
    grid->heading_lines = 1;
    for (size_t column = 0; column < grid->columns; column++)
        if (strchr(headers[column], '\n'))
            grid->heading_lines = 2;
    return grid;
}

static void add_line(struct grid *grid, struct grid_line line)
{
    grid->lines = need(realloc(grid->lines, (grid->count + 1) * sizeof *grid->lines));
    grid->lines[grid->count++] = line;
}

void grid_row(struct grid *grid, enum text_style style, const char *const *cells)
{
    char **copies = need(calloc(grid->columns, sizeof *copies));
    for (size_t column = 0; column < grid->columns; column++)
        copies[column] = need_copy(cells[column]);
    add_line(grid, (struct grid_line){.style = style, .cells = copies});
}

void grid_rule(struct grid *grid)
{
    add_line(grid, (struct grid_line){0});
}

/* The part of a heading that stands on one of its lines; a short heading stands on the last one. */
static void heading_part(const char *heading, size_t line, size_t lines, const char **part,
                         size_t *length)
{
    const char *second = strchr(heading, '\n');
    bool last = line + 1 == lines;
    *part = last && second ? second + 1 : heading;
    if (!last && !second)
        *length = 0;
    else
        *length = strcspn(*part, "\n");
}

static size_t column_width(const struct grid *grid, size_t column)
{
    size_t width = 0;
    for (size_t line = 0; line < grid->heading_lines; line++) {
        const char *part;
        size_t length;
        heading_part(grid->headers[column], line, grid->heading_lines, &part, &length);
        width = length > width ? length : width;
    }
    for (size_t i = 0; i < grid->count; i++) {
        size_t length = grid->lines[i].cells ? strlen(grid->lines[i].cells[column]) : 0;
        width = length > width ? length : width;
    }
    return width;
}

/* Appends one cell to `line`; trailing blanks are cut when the line is printed. */
static void append_cell(char *line, char alignment, size_t width, const char *text, size_t length)
{
    size_t blanks = width - length;
    char *end = line + strlen(line);
    if (end != line)
        end = stpcpy(end, "  ");
    end += sprintf(end, "%*s%.*s%*s", alignment == 'r' ? (int)blanks : 0, "", (int)length, text,
                   alignment == 'r' ? 0 : (int)blanks, "");
}

/* How a line is broken when it is wider than the terminal: what hangs over goes below the last
 * column. */
struct margins {
    size_t width; /* 0: never broken */
    size_t indent;
};

/* Where to break the text so that its head fits; its length if it cannot or need not be broken. */
static size_t break_at(const char *text, size_t from, size_t width)
{
    size_t length = strlen(text), at = width;
    if (width == 0 || length <= width)
        return length;
    while (at > from && text[at] != ' ')
        at--;
    return at > from ? at : length;
}

static void print_line(FILE *out, enum text_style style, char *line, const struct margins *margins)
{
    size_t length = strlen(line), from = margins->indent, width = margins->width;
    while (length > 0 && line[length - 1] == ' ')
        line[--length] = '\0';
    for (;;) {
        size_t head = break_at(line, from, width);
        bool last = line[head] == '\0';
        line[head] = '\0';
        text_styled(out, style, line);
        fputc('\n', out);
        if (last)
            return;
        line += head + 1;
        from = 0;
        width = margins->width - margins->indent;
        fprintf(out, "%*s", (int)margins->indent, "");
    }
}

void grid_print(const struct grid *grid, FILE *out)
{
    size_t *widths = need(calloc(grid->columns, sizeof *widths));
    size_t total = 0;
    for (size_t column = 0; column < grid->columns; column++) {
        widths[column] = column_width(grid, column);
        total += widths[column] + 2;
    }
    char *line = need(calloc(1, total + 1));
    struct margins margins = {.width = text_width(out),
                              .indent = total - 2 - widths[grid->columns - 1]};
    if (grid->alignment[grid->columns - 1] != 'l' ||
        margins.width < margins.indent + LEAST_LAST_COLUMN)
        margins.width = 0;
    for (size_t row = 0; row < grid->heading_lines; row++) {
        line[0] = '\0';
        for (size_t column = 0; column < grid->columns; column++) {
            const char *part;
            size_t length;
            heading_part(grid->headers[column], row, grid->heading_lines, &part, &length);
            append_cell(line, grid->alignment[column], widths[column], part, length);
        }
        print_line(out, STYLE_STRONG, line, &margins);
    }
    for (size_t i = 0; i < grid->count; i++) {
        char **cells = grid->lines[i].cells;
        if (!cells) {
            memset(line, '-', total - 2);
            line[total - 2] = '\0';
            print_line(out, STYLE_DIM, line, &margins);
            continue;
        }
        line[0] = '\0';
        for (size_t column = 0; column < grid->columns; column++)
            append_cell(line, grid->alignment[column], widths[column], cells[column],
                        strlen(cells[column]));
        print_line(out, grid->lines[i].style, line, &margins);
    }
    free(line);
    free(widths);
}

void grid_free(struct grid *grid)
{
    if (!grid)
        return;
    for (size_t i = 0; i < grid->count; i++) {
        for (size_t column = 0; grid->lines[i].cells && column < grid->columns; column++)
            free(grid->lines[i].cells[column]);
        free(grid->lines[i].cells);
    }
    free(grid->lines);
    free(grid);
}
