/* SPDX-License-Identifier: MIT */
#include "grid.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { GAP = 2, NARROWEST = 8 }; /* narrower, broken words read worse than another layout */

struct grid_line {
    enum text_style style;
    char **cells; /* NULL: a rule */
};

struct grid {
    size_t columns, count;
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

/* ---- texts in lines ---- */

struct piece {
    const char *text;
    size_t bytes;
};

/* Where a text of more columns than that is broken: before or after a blank, behind punctuation, or
 * in a word if it has none. */
static size_t break_at(const char *text, size_t columns)
{
    size_t most = text_fitting(text, columns);
    if (!text[most] || text[most] == ' ')
        return most;
    for (size_t at = most; at > 0; at--)
        if (strchr(" -/,.:;_)", text[at - 1]))
            return at;
    return most;
}

/* What stands on the next line of a cell; *text moves behind it. */
static struct piece next_piece(const char **text, size_t columns)
{
    const char *line_end = strchrnul(*text, '\n');
    size_t bytes = break_at(*text, columns);
    if (bytes > (size_t)(line_end - *text))
        bytes = (size_t)(line_end - *text);
    struct piece piece = {*text, bytes};
    *text += bytes;
    if (**text == '\n')
        ++*text;
    else
        *text += strspn(*text, " ");
    while (piece.bytes > 0 && piece.text[piece.bytes - 1] == ' ')
        piece.bytes--;
    return piece;
}

static size_t lines_of(const char *text, size_t columns)
{
    size_t lines = 0;
    do {
        next_piece(&text, columns);
        lines++;
    } while (*text);
    return lines;
}

static struct piece piece_of(const char *text, size_t columns, size_t line)
{
    struct piece piece = next_piece(&text, columns);
    for (size_t i = 0; i < line; i++)
        piece = *text ? next_piece(&text, columns) : (struct piece){"", 0};
    return piece;
}

/* ---- layout ---- */

/* Headings as they are printed, and how wide each column is. */
struct layout {
    char **headings;
    size_t *widths, total;
    bool fits;
};

/* The heading with a hyphenated word in one line, or in two. */
static char *heading_text(const char *heading, bool hyphenate)
{
    char *text = need_copy(heading), *hyphen = strstr(text, "-\n");
    if (hyphen && !hyphenate)
        memmove(hyphen, hyphen + 2, strlen(hyphen + 2) + 1);
    return text;
}

/* The columns that a text takes when it is broken at so many. */
static size_t broken_width(const char *text, size_t columns)
{
    size_t width = 0;
    do {
        struct piece piece = next_piece(&text, columns);
        size_t used = text_columns(piece.text, piece.bytes);
        width = used > width ? used : width;
    } while (*text);
    return width;
}

/* The same of a whole column and its heading. */
static size_t column_width(const struct grid *grid, const struct layout *layout, size_t column,
                           size_t columns)
{
    size_t width = broken_width(layout->headings[column], columns);
    for (size_t i = 0; i < grid->count; i++) {
        char **cells = grid->lines[i].cells;
        size_t used = cells ? broken_width(cells[column], columns) : 0;
        width = used > width ? used : width;
    }
    return width;
}

static void layout_release(struct layout *layout, size_t columns)
{
    for (size_t i = 0; i < columns; i++)
        free(layout->headings[i]);
    free(layout->headings);
    free(layout->widths);
}

static struct layout natural_layout(const struct grid *grid, bool hyphenate)
{
    struct layout layout = {.headings = need(calloc(grid->columns, sizeof *layout.headings)),
                            .widths = need(calloc(grid->columns, sizeof *layout.widths)),
                            .total = GAP * (grid->columns - 1)};
    for (size_t column = 0; column < grid->columns; column++) {
        layout.headings[column] = heading_text(grid->headers[column], hyphenate);
        layout.widths[column] = column_width(grid, &layout, column, SIZE_MAX);
        layout.total += layout.widths[column];
    }
    return layout;
}

/* The widest column of texts that may be narrower; NULL if there is none. */
static size_t *widest_text(const struct grid *grid, const struct layout *layout)
{
    size_t *widest = NULL;
    for (size_t column = 0; column < grid->columns; column++) {
        size_t *width = &layout->widths[column];
        if (grid->alignment[column] == 'l' && *width > NARROWEST && (!widest || *width > *widest))
            widest = width;
    }
    return widest;
}

/* What lines broken at words leave free at their ends goes to the first columns, which hold what
 * the row is about. */
static void use_slack(const struct grid *grid, struct layout *layout, size_t room)
{
    layout->total = GAP * (grid->columns - 1);
    for (size_t column = 0; column < grid->columns; column++) {
        layout->widths[column] = column_width(grid, layout, column, layout->widths[column]);
        layout->total += layout->widths[column];
    }
    for (size_t column = 0; column < grid->columns && layout->total < room; column++) {
        size_t wanted = column_width(grid, layout, column, SIZE_MAX);
        size_t more = wanted - layout->widths[column], free = room - layout->total;
        more = more < free ? more : free;
        layout->widths[column] += more;
        layout->total += more;
    }
}

static struct layout layout_for(const struct grid *grid, size_t room)
{
    struct layout layout = natural_layout(grid, false);
    if (layout.total > room) {
        layout_release(&layout, grid->columns);
        layout = natural_layout(grid, true);
    }
    bool wraps = layout.total > room;
    for (size_t *widest; layout.total > room && (widest = widest_text(grid, &layout));) {
        --*widest;
        layout.total--;
    }
    layout.fits = layout.total <= room;
    if (wraps && layout.fits)
        use_slack(grid, &layout, room);
    return layout;
}

/* ---- printing ---- */

/* Appends a cell's part of a line; trailing blanks are cut when it is printed. */
static char *append_piece(char *end, const struct piece *piece, char alignment, size_t width)
{
    int blanks = (int)(width - text_columns(piece->text, piece->bytes));
    return end + sprintf(end, "%*s%.*s%*s", alignment == 'r' ? blanks : 0, "", (int)piece->bytes,
                         piece->text, alignment == 'r' ? 0 : blanks, "");
}

static void print_styled(FILE *out, enum text_style style, char *line)
{
    size_t length = strlen(line);
    while (length > 0 && line[length - 1] == ' ')
        line[--length] = '\0';
    text_styled(out, style, line);
    fputc('\n', out);
}

/* Cells side by side, each in as many lines as it needs; `low` ones end together, as headings do.
 */
static void print_cells(const struct grid *grid, const struct layout *layout, FILE *out,
                        enum text_style style, char *const *cells, bool low)
{
    size_t lines = 0, bytes = 1;
    for (size_t column = 0; column < grid->columns; column++) {
        size_t needed = lines_of(cells[column], layout->widths[column]);
        lines = needed > lines ? needed : lines;
        bytes += strlen(cells[column]) + layout->widths[column] + GAP;
    }
    char *text = need(malloc(bytes));
    for (size_t line = 0; line < lines; line++) {
        char *end = text;
        for (size_t column = 0; column < grid->columns; column++) {
            size_t width = layout->widths[column], above = 0;
            if (low)
                above = lines - lines_of(cells[column], width);
            struct piece piece = {"", 0};
            if (line >= above)
                piece = piece_of(cells[column], width, line - above);
            end += sprintf(end, "%*s", column > 0 ? GAP : 0, "");
            end = append_piece(end, &piece, grid->alignment[column], width);
        }
        print_styled(out, style, text);
    }
    free(text);
}

static void print_rule(FILE *out, size_t width)
{
    char *rule = need(malloc(width + 1));
    memset(rule, '-', width);
    rule[width] = '\0';
    print_styled(out, STYLE_DIM, rule);
    free(rule);
}

static void print_columns(const struct grid *grid, const struct layout *layout, FILE *out)
{
    print_cells(grid, layout, out, STYLE_STRONG, layout->headings, true);
    for (size_t i = 0; i < grid->count; i++)
        if (grid->lines[i].cells)
            print_cells(grid, layout, out, grid->lines[i].style, grid->lines[i].cells, false);
        else
            print_rule(out, layout->total);
}

void grid_print_records(const struct grid *grid, FILE *out)
{
    size_t room = text_width(out);
    size_t names = 0, printed = 0;
    for (size_t column = 0; column < grid->columns; column++) {
        size_t length = strlen(grid->headers[column]);
        names = length > names ? length : names;
    }
    size_t values = room > names + GAP + NARROWEST ? room - names - GAP : NARROWEST;
    for (size_t i = 0; i < grid->count; i++) {
        const struct grid_line *line = &grid->lines[i];
        if (!line->cells)
            continue;
        if (printed++ > 0)
            fputc('\n', out);
        for (size_t column = 0; column < grid->columns; column++) {
            char *name = heading_text(grid->headers[column], false);
            for (char *end = name; (end = strchr(end, '\n'));)
                *end = ' ';
            const char *value = line->cells[column];
            do {
                struct piece piece = next_piece(&value, values);
                char *text =
                    need_format("%-*s  %.*s", (int)names, name, (int)piece.bytes, piece.text);
                print_styled(out, line->style, text);
                free(text);
                *name = '\0';
            } while (*value);
            free(name);
        }
    }
}

void grid_print(const struct grid *grid, FILE *out)
{
    size_t room = text_width(out);
    struct layout layout = layout_for(grid, room);
    if (layout.fits)
        print_columns(grid, &layout, out);
    else
        grid_print_records(grid, out);
    layout_release(&layout, grid->columns);
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
