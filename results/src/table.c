/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <results/results.h>

#include "table.h"
#include "utf8.h"

enum { WIDEST_CELL = 80, NARROWEST_TEXT = 12, CELL_BYTES = 4 * WIDEST_CELL + 8, GAP = 2 };

#define ELLIPSIS "\xe2\x80\xa6"

struct column {
    unsigned width;
    bool has_text; /* else numbers, which line up on the right */
};

/* Widths are known only at the end, so cells wait as strings one after the other. */
struct table {
    int column_count;
    struct column *columns;
    char *cells;
    size_t used, capacity;
    size_t rows, most; /* all there are; those that are kept */
};

static unsigned columns_of(const char *text)
{
    size_t length = strlen(text);
    unsigned width = 0;

    for (size_t i = 0; i < length;) {
        uint32_t character;
        i += utf8_decode(text + i, length - i, &character);
        width += utf8_columns(character);
    }
    return width;
}

/* Copies what fits in so many columns, at most WIDEST_CELL, and marks what was left out. */
static void cut_text(const char *text, size_t length, unsigned widest, char cell[CELL_BYTES])
{
    size_t used = 0, fitting = 0;
    unsigned width = 0;

    for (size_t i = 0; i < length;) {
        uint32_t character;
        size_t size = utf8_decode(text + i, length - i, &character);
        bool control = character < 0x20 || (character >= 0x7f && character < 0xa0);
        bool broken = character == UTF8_REPLACEMENT && size == 1;

        width += control || broken ? 1 : utf8_columns(character);
        if (width > widest || used + size >= CELL_BYTES - sizeof ELLIPSIS) {
            memcpy(cell + fitting, ELLIPSIS, sizeof ELLIPSIS);
            return;
        }
        if (control || broken)
            cell[used++] = control ? ' ' : '?';
        else {
            memcpy(cell + used, text + i, size);
            used += size;
        }
        if (width < widest)
            fitting = used;
        i += size;
    }
    cell[used] = '\0';
}

static void cut_hex(const unsigned char *bytes, size_t count, char cell[CELL_BYTES])
{
    char hex[WIDEST_CELL + 4];
    size_t shown = count < WIDEST_CELL / 2 + 1 ? count : WIDEST_CELL / 2 + 1;

    for (size_t i = 0; i < shown; i++)
        snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
    cut_text(hex, 2 * shown, WIDEST_CELL, cell);
}

static void drop_zeros(char *text)
{
    size_t length = strlen(text);

    while (length > 1 && text[length - 1] == '0')
        text[--length] = '\0';
    if (text[length - 1] == '.')
        text[length - 1] = '\0';
}

/* "1.3e+12" as "1.3e12" */
static void shorten_exponent(char *text)
{
    char *exponent = strchr(text, 'e');

    if (exponent != NULL)
        snprintf(exponent, CELL_BYTES - (size_t)(exponent - text), "e%d", atoi(exponent + 1));
}

static void write_real(double number, char cell[CELL_BYTES])
{
    double size = fabs(number);

    if (!isfinite(number)) {
        snprintf(cell, CELL_BYTES, number < 0 ? "-inf" : "inf");
    } else if (size < 1e7 && (size >= 1e-3 || size == 0)) {
        snprintf(cell, CELL_BYTES, "%.3f", number);
        drop_zeros(cell);
    } else {
        snprintf(cell, CELL_BYTES, "%.1e", number);
        shorten_exponent(cell);
    }
}

static void write_cell(sqlite3_stmt *statement, int column, char cell[CELL_BYTES])
{
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
        snprintf(cell, CELL_BYTES, "%" PRId64, (int64_t)sqlite3_column_int64(statement, column));
        break;
    case SQLITE_FLOAT:
        write_real(sqlite3_column_double(statement, column), cell);
        break;
    case SQLITE_TEXT: {
        const char *text = (const char *)sqlite3_column_text(statement, column);
        cut_text(text, (size_t)sqlite3_column_bytes(statement, column), WIDEST_CELL, cell);
        break;
    }
    case SQLITE_BLOB: {
        const unsigned char *bytes = sqlite3_column_blob(statement, column);
        cut_hex(bytes, (size_t)sqlite3_column_bytes(statement, column), cell);
        break;
    }
    default:
        cell[0] = '\0';
        break;
    }
}

static int add_cell(struct table *table, int column, const char *cell)
{
    size_t bytes = strlen(cell) + 1;
    unsigned width = columns_of(cell);

    if (table->used + bytes > table->capacity) {
        size_t capacity = 2 * (table->used + bytes);
        char *cells = realloc(table->cells, capacity);
        if (cells == NULL)
            return -ENOMEM;
        table->cells = cells;
        table->capacity = capacity;
    }
    memcpy(table->cells + table->used, cell, bytes);
    table->used += bytes;
    if (width > table->columns[column].width)
        table->columns[column].width = width;
    return 0;
}

static int collect(struct table *table, sqlite3_stmt *statement)
{
    char cell[CELL_BYTES];
    int code = SQLITE_ROW, error = 0;

    for (int i = 0; error == 0 && i < table->column_count; i++) {
        const char *name = sqlite3_column_name(statement, i);
        cut_text(name, strlen(name), WIDEST_CELL, cell);
        error = add_cell(table, i, cell);
    }
    while (error == 0 && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        if (++table->rows > table->most)
            continue;
        for (int i = 0; error == 0 && i < table->column_count; i++) {
            int type = sqlite3_column_type(statement, i);
            if (type == SQLITE_TEXT || type == SQLITE_BLOB)
                table->columns[i].has_text = true;
            write_cell(statement, i, cell);
            error = add_cell(table, i, cell);
        }
    }
    if (error == 0 && code != SQLITE_DONE)
        error = RESULTS_ESQL;
    return error;
}

static void print_padding(unsigned count, char with, FILE *out)
{
    while (count-- > 0)
        fputc(with, out);
}

/* Prints one line and returns where the next one starts. */
static const char *print_line(const struct table *table, const char *cell, FILE *out)
{
    unsigned owed = 0; /* blanks due before the next text, so that no line ends in blanks */

    for (int i = 0; i < table->column_count; i++) {
        const struct column *column = &table->columns[i];
        char fitting[CELL_BYTES];

        cut_text(cell, strlen(cell), column->width, fitting);
        unsigned padding = column->width - columns_of(fitting);
        if (!column->has_text)
            owed += padding;
        if (fitting[0] != '\0') {
            print_padding(owed, ' ', out);
            fputs(fitting, out);
            owed = 0;
        }
        if (column->has_text)
            owed += padding;
        owed += GAP;
        cell += strlen(cell) + 1;
    }
    fputc('\n', out);
    return cell;
}

static void print_rule(const struct table *table, FILE *out)
{
    for (int i = 0; i < table->column_count; i++) {
        print_padding(i > 0 ? GAP : 0, ' ', out);
        print_padding(table->columns[i].width, '-', out);
    }
    fputc('\n', out);
}

/* The widest column of texts that can be made narrower; NULL if there is none. */
static struct column *widest_text(const struct table *table)
{
    struct column *widest = NULL;

    for (int i = 0; i < table->column_count; i++) {
        struct column *column = &table->columns[i];
        if (column->has_text && column->width > NARROWEST_TEXT &&
            (widest == NULL || column->width > widest->width))
            widest = column;
    }
    return widest;
}

static void fit_into(const struct table *table, size_t width)
{
    size_t total = (size_t)(table->column_count - 1) * GAP;
    struct column *column;

    for (int i = 0; i < table->column_count; i++)
        total += table->columns[i].width;
    for (; total > width && (column = widest_text(table)) != NULL; total--)
        column->width--;
}

int table_print(sqlite3_stmt *statement, size_t most, size_t width, FILE *out)
{
    struct table table = {.column_count = sqlite3_column_count(statement), .most = most};
    int error = -ENOMEM;

    table.columns = calloc((size_t)table.column_count, sizeof *table.columns);
    if (table.columns != NULL)
        error = collect(&table, statement);
    if (error == 0 && width > 0)
        fit_into(&table, width);
    if (error == 0) {
        const char *cell = print_line(&table, table.cells, out);
        print_rule(&table, out);
        for (size_t i = 0; i < table.rows && i < most; i++)
            cell = print_line(&table, cell, out);
        if (table.rows > most)
            fprintf(out, "... and %zu more\n", table.rows - most);
        if (table.rows == 0)
            fputs("(no rows)\n", out);
    }
    free(table.columns);
    free(table.cells);
    return error;
}
