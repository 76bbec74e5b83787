/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "print.h"
#include "table.h"
#include "utf8.h"

/* The fewest digits that read back as the same number. */
static void print_real(double number, FILE *out)
{
    char text[40];

    snprintf(text, sizeof text, "%.15g", number);
    if (strtod(text, NULL) != number)
        snprintf(text, sizeof text, "%.17g", number);
    fputs(text, out);
}

static void print_hex(const unsigned char *bytes, size_t count, FILE *out)
{
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%02x", bytes[i]);
}

/* ---- CSV, as RFC 4180 has it ---- */

static void print_csv_text(const char *text, size_t length, FILE *out)
{
    if (memchr(text, ',', length) == NULL && memchr(text, '"', length) == NULL &&
        memchr(text, '\n', length) == NULL && memchr(text, '\r', length) == NULL) {
        fwrite(text, 1, length, out);
        return;
    }
    fputc('"', out);
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"')
            fputc('"', out);
        fputc(text[i], out);
    }
    fputc('"', out);
}

static void print_csv_cell(sqlite3_stmt *statement, int column, FILE *out)
{
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
        fprintf(out, "%" PRId64, (int64_t)sqlite3_column_int64(statement, column));
        break;
    case SQLITE_FLOAT:
        print_real(sqlite3_column_double(statement, column), out);
        break;
    case SQLITE_TEXT: {
        const char *text = (const char *)sqlite3_column_text(statement, column);
        print_csv_text(text, (size_t)sqlite3_column_bytes(statement, column), out);
        break;
    }
    case SQLITE_BLOB: {
        const unsigned char *bytes = sqlite3_column_blob(statement, column);
        print_hex(bytes, (size_t)sqlite3_column_bytes(statement, column), out);
        break;
    }
    default:
        break;
    }
}

static int print_csv(sqlite3_stmt *statement, FILE *out)
{
    int columns = sqlite3_column_count(statement), code;

    for (int i = 0; i < columns; i++) {
        const char *name = sqlite3_column_name(statement, i);
        print_csv_text(name, strlen(name), out);
        fputs(i + 1 < columns ? "," : "\r\n", out);
    }
    while ((code = sqlite3_step(statement)) == SQLITE_ROW && !ferror(out))
        for (int i = 0; i < columns; i++) {
            print_csv_cell(statement, i, out);
            fputs(i + 1 < columns ? "," : "\r\n", out);
        }
    return code == SQLITE_ROW || code == SQLITE_DONE ? 0 : RESULTS_ESQL;
}

/* ---- JSON ---- */

/* Valid whatever the bytes: what is not UTF-8 becomes the replacement character. */
static void print_json_text(const char *text, size_t length, FILE *out)
{
    fputc('"', out);
    for (size_t i = 0; i < length;) {
        uint32_t character;
        size_t size = utf8_decode(text + i, length - i, &character);
        if (character == '"' || character == '\\')
            fprintf(out, "\\%c", (int)character);
        else if (character == '\n')
            fputs("\\n", out);
        else if (character == '\t')
            fputs("\\t", out);
        else if (character < 0x20 || character == 0x7f)
            fprintf(out, "\\u%04x", (unsigned)character);
        else if (character == UTF8_REPLACEMENT)
            fputs("\\ufffd", out);
        else
            fwrite(text + i, 1, size, out);
        i += size;
    }
    fputc('"', out);
}

static void print_json_cell(sqlite3_stmt *statement, int column, FILE *out)
{
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
        fprintf(out, "%" PRId64, (int64_t)sqlite3_column_int64(statement, column));
        break;
    case SQLITE_FLOAT: {
        double number = sqlite3_column_double(statement, column);
        if (isfinite(number))
            print_real(number, out);
        else
            fputs("null", out);
        break;
    }
    case SQLITE_TEXT: {
        const char *text = (const char *)sqlite3_column_text(statement, column);
        print_json_text(text, (size_t)sqlite3_column_bytes(statement, column), out);
        break;
    }
    case SQLITE_BLOB: {
        const unsigned char *bytes = sqlite3_column_blob(statement, column);
        fputc('"', out);
        print_hex(bytes, (size_t)sqlite3_column_bytes(statement, column), out);
        fputc('"', out);
        break;
    }
    default:
        fputs("null", out);
        break;
    }
}

static int print_json(sqlite3_stmt *statement, FILE *out)
{
    int columns = sqlite3_column_count(statement), code;
    const char *before = "[\n  {";

    while ((code = sqlite3_step(statement)) == SQLITE_ROW && !ferror(out)) {
        fputs(before, out);
        for (int i = 0; i < columns; i++) {
            const char *name = sqlite3_column_name(statement, i);
            fputs(i > 0 ? ", " : "", out);
            print_json_text(name, strlen(name), out);
            fputs(": ", out);
            print_json_cell(statement, i, out);
        }
        fputc('}', out);
        before = ",\n  {";
    }
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return RESULTS_ESQL;
    fputs(before[0] == '[' ? "[]\n" : "\n]\n", out);
    return 0;
}

int print_rows(sqlite3_stmt *statement, enum results_format format, size_t width, FILE *out)
{
    int error = -EINVAL;

    switch (format) {
    case RESULTS_TABLE:
        error = table_print(statement, SIZE_MAX, width, out);
        break;
    case RESULTS_CSV:
        error = print_csv(statement, out);
        break;
    case RESULTS_JSON:
        error = print_json(statement, out);
        break;
    }
    if (error == 0 && (fflush(out) != 0 || ferror(out)))
        error = errno != 0 ? -errno : -EIO;
    return error;
}
