/* SPDX-License-Identifier: MIT */
#include "text.h"

#include <inttypes.h>
#include <math.h>
#include <results/results.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"

void *need(void *memory)
{
    if (!memory) {
        complain("out of memory; use fewer --jobs or give this machine more memory");
        exit(STATUS_FAILED);
    }
    return memory;
}

char *need_copy(const char *text)
{
    return need(strdup(text));
}

char *need_format(const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    return need(length < 0 ? NULL : text);
}

void complain(const char *format, ...)
{
    char line[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    for (char *end = line; (end = strchr(end, '\n'));)
        *end = ' ';
    fprintf(stderr, "pmacrash: %s\n", line);
}

void complain_unknown(const char *kind, const char *name, const char *const *names, size_t count,
                      const char *see)
{
    const char *nearest = results_nearest(name, names, count);
    if (nearest)
        complain("no %s '%s'; did you mean '%s'? See '%s'", kind, name, nearest, see);
    else
        complain("no %s '%s'; see '%s'", kind, name, see);
}

const char *text_count(struct number *number, uint64_t count)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, count);
    char *out = number->text;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            *out++ = ',';
        *out++ = digits[i];
    }
    *out = '\0';
    return number->text;
}

/* "1.2e9": what printf makes of it, without the plus sign and the leading zero of the exponent. */
static const char *power_of_ten(struct number *number, double value)
{
    snprintf(number->text, sizeof number->text, "%.1e", value);
    char *exponent = strchr(number->text, 'e');
    if (!exponent)
        return number->text;
    char *digits = exponent + 1;
    char *from = digits;
    while (*from == '+' || *from == '0')
        from++;
    memmove(digits, from, strlen(from) + 1);
    return number->text;
}

const char *text_states(struct number *number, double states)
{
    if (states < 1e6)
        return text_count(number, (uint64_t)llround(states));
    return power_of_ten(number, states);
}

const char *text_factor(struct number *number, double factor)
{
    if (factor >= 100)
        return text_states(number, factor);
    snprintf(number->text, sizeof number->text, "%.1f", factor);
    return number->text;
}

const char *text_seconds(struct number *number, uint64_t milliseconds)
{
    uint64_t seconds = milliseconds / 1000;
    if (milliseconds < 60000)
        snprintf(number->text, sizeof number->text, "%" PRIu64 ".%" PRIu64 " s", seconds,
                 milliseconds % 1000 / 100);
    else
        snprintf(number->text, sizeof number->text, "%" PRIu64 " min %" PRIu64 " s", seconds / 60,
                 seconds % 60);
    return number->text;
}

/* One paragraph: no line end in it. */
static void wrap_line(FILE *out, unsigned indent, const char *text, size_t length)
{
    size_t column = 0;
    const char *end = text + length;
    while (text < end) {
        size_t word = 0;
        while (text + word < end && text[word] != ' ')
            word++;
        if (column == 0)
            column = (size_t)fprintf(out, "%*s", (int)indent, "");
        else if (column + 1 + word > TEXT_WIDTH)
            column = (size_t)fprintf(out, "\n%*s", (int)indent, "") - 1;
        else
            column += (size_t)fprintf(out, " ");
        column += fwrite(text, 1, word, out);
        text += word;
        while (text < end && *text == ' ')
            text++;
    }
    fputc('\n', out);
}

void text_paragraph(FILE *out, unsigned indent, const char *text)
{
    while (*text) {
        size_t length = strcspn(text, "\n");
        if (*text == ' ')
            fprintf(out, "%*s%.*s\n", (int)indent, "", (int)length, text);
        else
            wrap_line(out, indent, text, length);
        text += length;
        text += *text == '\n';
    }
}

bool text_colours(FILE *out)
{
    const char *off = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    return isatty(fileno(out)) && !(off && *off) && !(terminal && strcmp(terminal, "dumb") == 0);
}

static const char *style_begin(enum text_style style)
{
    static const char *const codes[] = {
        [STYLE_PLAIN] = "",         [STYLE_GOOD] = "\033[32m", [STYLE_BAD] = "\033[31m",
        [STYLE_STRONG] = "\033[1m", [STYLE_DIM] = "\033[2m",
    };
    return codes[style];
}

void text_styled(FILE *out, enum text_style style, const char *text)
{
    if (style == STYLE_PLAIN || !text_colours(out))
        fputs(text, out);
    else
        fprintf(out, "%s%s\033[0m", style_begin(style), text);
}

/* ---- tables ---- */

struct table_line {
    enum text_style style;
    char **cells; /* NULL: a rule */
};

struct table {
    size_t columns, count, heading_lines;
    const char *const *headers;
    const char *alignment;
    struct table_line *lines;
};

struct table *table_new(const char *const *headers, const char *alignment)
{
    struct table *table = need(calloc(1, sizeof *table));
    table->headers = headers;
    table->alignment = alignment;
    table->columns = strlen(alignment);
    table->heading_lines = 1;
    for (size_t column = 0; column < table->columns; column++)
        if (strchr(headers[column], '\n'))
            table->heading_lines = 2;
    return table;
}

static void add_line(struct table *table, struct table_line line)
{
    table->lines = need(realloc(table->lines, (table->count + 1) * sizeof *table->lines));
    table->lines[table->count++] = line;
}

void table_row(struct table *table, enum text_style style, const char *const *cells)
{
    char **copies = need(calloc(table->columns, sizeof *copies));
    for (size_t column = 0; column < table->columns; column++)
        copies[column] = need_copy(cells[column]);
    add_line(table, (struct table_line){.style = style, .cells = copies});
}

void table_rule(struct table *table)
{
    add_line(table, (struct table_line){0});
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

static size_t column_width(const struct table *table, size_t column)
{
    size_t width = 0;
    for (size_t line = 0; line < table->heading_lines; line++) {
        const char *part;
        size_t length;
        heading_part(table->headers[column], line, table->heading_lines, &part, &length);
        width = length > width ? length : width;
    }
    for (size_t i = 0; i < table->count; i++) {
        size_t length = table->lines[i].cells ? strlen(table->lines[i].cells[column]) : 0;
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

static void print_line(FILE *out, enum text_style style, char *line)
{
    size_t length = strlen(line);
    while (length > 0 && line[length - 1] == ' ')
        line[--length] = '\0';
    text_styled(out, style, line);
    fputc('\n', out);
}

void table_print(const struct table *table, FILE *out)
{
    size_t *widths = need(calloc(table->columns, sizeof *widths));
    size_t total = 0;
    for (size_t column = 0; column < table->columns; column++) {
        widths[column] = column_width(table, column);
        total += widths[column] + 2;
    }
    char *line = need(calloc(1, total + 1));
    for (size_t row = 0; row < table->heading_lines; row++) {
        line[0] = '\0';
        for (size_t column = 0; column < table->columns; column++) {
            const char *part;
            size_t length;
            heading_part(table->headers[column], row, table->heading_lines, &part, &length);
            append_cell(line, table->alignment[column], widths[column], part, length);
        }
        print_line(out, STYLE_STRONG, line);
    }
    for (size_t i = 0; i < table->count; i++) {
        char **cells = table->lines[i].cells;
        if (!cells) {
            memset(line, '-', total - 2);
            line[total - 2] = '\0';
            print_line(out, STYLE_DIM, line);
            continue;
        }
        line[0] = '\0';
        for (size_t column = 0; column < table->columns; column++)
            append_cell(line, table->alignment[column], widths[column], cells[column],
                        strlen(cells[column]));
        print_line(out, table->lines[i].style, line);
    }
    free(line);
    free(widths);
}

void table_free(struct table *table)
{
    if (!table)
        return;
    for (size_t i = 0; i < table->count; i++) {
        for (size_t column = 0; table->lines[i].cells && column < table->columns; column++)
            free(table->lines[i].cells[column]);
        free(table->lines[i].cells);
    }
    free(table->lines);
    free(table);
}
