/* SPDX-License-Identifier: MIT */
#include "error.h"

#include <stdarg.h>
#include <string.h>

struct writer {
    char *at;
    char *end; /* room for the terminator is kept */
};

static void put_character(struct writer *writer, char character)
{
    if (writer->at < writer->end)
        *writer->at++ = character;
}

static void put_text(struct writer *writer, const char *text)
{
    while (*text)
        put_character(writer, *text++);
}

static void put_number(struct writer *writer, uint64_t number, unsigned base)
{
    char digits[20];
    size_t count = 0;

    do
        digits[count++] = "0123456789abcdef"[number % base];
    while ((number /= base) > 0);
    while (count > 0)
        put_character(writer, digits[--count]);
}

static void put_signed(struct writer *writer, int number)
{
    if (number < 0)
        put_character(writer, '-');
    put_number(writer, number < 0 ? (uint64_t) - (int64_t)number : (uint64_t)number, 10);
}

static void put_format(struct writer *writer, const char *format, va_list arguments)
{
    for (; *format; format++) {
        if (*format != '%') {
            put_character(writer, *format);
            continue;
        }
        switch (*++format) {
        case 's':
            put_text(writer, va_arg(arguments, const char *));
            break;
        case 'd':
            put_signed(writer, va_arg(arguments, int));
            break;
        case 'u':
            put_number(writer, va_arg(arguments, unsigned), 10);
            break;
        case 'l':
            format++;
            put_number(writer, va_arg(arguments, unsigned long), *format == 'x' ? 16 : 10);
            break;
        default:
            put_character(writer, *format);
        }
    }
}

int error_set(struct pma_error *error, int code, const char *format, ...)
{
    struct writer writer;
    va_list arguments;

    if (!error)
        return code;
    error->code = code;
    writer.at = error->text;
    writer.end = error->text + sizeof(error->text) - 1;
    va_start(arguments, format);
    put_format(&writer, format, arguments);
    va_end(arguments);
    put_text(&writer, ": ");
    put_text(&writer, pma_strerror(code));
    *writer.at = '\0';
    return code;
}

void error_prefix(struct pma_error *error, const char *format, ...)
{
    char tail[sizeof(error->text)];
    struct writer writer;
    va_list arguments;

    memcpy(tail, error->text, sizeof(tail));
    writer.at = error->text;
    writer.end = error->text + sizeof(error->text) - 1;
    va_start(arguments, format);
    put_format(&writer, format, arguments);
    va_end(arguments);
    put_text(&writer, tail);
    *writer.at = '\0';
}

const char *pma_strerror(int code)
{
    const char *text;

    switch (code) {
    case 0:
        return "success";
#define ERROR_TEXT(name, value, words)                                                             \
    case name:                                                                                     \
        return words;
        PMA_ERRORS(ERROR_TEXT)
#undef ERROR_TEXT
    default:
        text = code < 0 && code > -4096 ? strerrordesc_np(-code) : NULL;
        return text ? text : "unknown error";
    }
}
