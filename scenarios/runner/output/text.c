/* SPDX-License-Identifier: MIT */
#include "text.h"

#include <inttypes.h>
#include <math.h>
#include <results/results.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "status.h"

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

static void (*before_complaints)(void);

void text_before_complaints(void (*call)(void))
{
    before_complaints = call;
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
    if (before_complaints)
        before_complaints();
    fprintf(stderr, "pmacrash: %s\n", line);
}

/* What was cut short is meant more often than what is spelt alike. */
static const char *likely_name(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; *name && i < count; i++)
        if (strncmp(name, names[i], strlen(name)) == 0)
            return names[i];
    return results_nearest(name, names, count);
}

void complain_unknown(const char *kind, const char *name, const char *const *names, size_t count,
                      const char *see)
{
    const char *likely = likely_name(name, names, count);
    if (likely)
        complain("no %s '%s'; did you mean '%s'? See '%s'", kind, name, likely, see);
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
    if (isinf(states))
        return strcpy(number->text, "> 1e308");
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

static bool begins_character(char byte)
{
    return ((unsigned char)byte & 0xc0) != 0x80;
}

size_t text_columns(const char *text, size_t bytes)
{
    size_t columns = 0;
    for (size_t i = 0; i < bytes; i++)
        columns += begins_character(text[i]);
    return columns;
}

size_t text_fitting(const char *text, size_t columns)
{
    size_t bytes = 0;
    while (text[bytes] && (columns > 0 || !begins_character(text[bytes])))
        columns -= begins_character(text[bytes++]);
    return bytes;
}

/* One paragraph: no line end in it. */
static void wrap_line(FILE *out, unsigned indent, const char *text, size_t length)
{
    size_t column = 0, room = text_width(stdout);
    const char *end = text + length;
    room = room < TEXT_WIDTH ? room : TEXT_WIDTH;
    while (text < end) {
        size_t word = 0;
        while (text + word < end && text[word] != ' ')
            word++;
        if (column == 0)
            column = (size_t)fprintf(out, "%*s", (int)indent, "");
        else if (column + 1 + word > room)
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

static struct {
    enum text_when colour;
    size_t width;
} setup;

void text_setup(enum text_when colour, size_t width)
{
    setup.colour = colour;
    setup.width = width;
}

size_t text_width(FILE *out)
{
    struct winsize size;
    if (setup.width > 0)
        return setup.width;
    if (!isatty(fileno(out)) || ioctl(fileno(out), TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
        return TEXT_WIDTH;
    return size.ws_col;
}

bool text_can_redraw(FILE *out)
{
    const char *terminal = getenv("TERM");
    return isatty(fileno(out)) && terminal && *terminal && strcmp(terminal, "dumb") != 0;
}

bool text_colours(FILE *out)
{
    const char *off = getenv("NO_COLOR");
    if (setup.colour != TEXT_AUTO)
        return setup.colour == TEXT_ALWAYS;
    return text_can_redraw(out) && !(off && *off);
}

const char *text_style_begin(enum text_style style)
{
    static const char *const codes[] = {
        [STYLE_PLAIN] = "",       [STYLE_GOOD] = "\033[32m",  [STYLE_INCOMPLETE] = "\033[33m",
        [STYLE_BAD] = "\033[31m", [STYLE_STRONG] = "\033[1m", [STYLE_DIM] = "\033[2m",
    };
    return codes[style];
}

void text_styled(FILE *out, enum text_style style, const char *text)
{
    if (style == STYLE_PLAIN || !text_colours(out))
        fputs(text, out);
    else
        fprintf(out, "%s%s" TEXT_STYLE_END, text_style_begin(style), text);
}

void text_styled_paragraph(FILE *out, enum text_style style, const char *text)
{
    char *lines = NULL;
    size_t bytes;
    FILE *wrapped = need(open_memstream(&lines, &bytes));
    text_paragraph(wrapped, 0, text);
    fclose(wrapped);
    text_styled(out, style, need(lines));
    free(lines);
}
