/* SPDX-License-Identifier: MIT */
/* Text for people: complaints, numbers, paragraphs. */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { TEXT_WIDTH = 80 };

/* Memory and text that the program cannot go on without: out of memory ends it with exit code 3. */
void *need(void *memory);
char *need_copy(const char *text);
char *need_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* One line on stderr, "pmacrash: ..."; line ends inside become spaces. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What is called before each of them, since something may be drawn where it goes; NULL: nothing. */
void text_before_complaints(void (*call)(void));

/* complain() that there is no such KIND, with the nearest of `names` and the command that lists
 * them. */
void complain_unknown(const char *kind, const char *name, const char *const *names, size_t count,
                      const char *see);

/* Room for a number as text; the functions below return its `text`. */
struct number {
    char text[32];
};
const char *text_count(struct number *number, uint64_t count); /* 1,234,567 */
const char *text_states(struct number *number, double states); /* 812,345 or 1.2e+09 as 1.2e9 */
const char *text_seconds(struct number *number, uint64_t milliseconds); /* 0.3 s, 2 min 5 s */
const char *text_factor(struct number *number, double factor);          /* 3.1, 84,500, 1.2e9 */

/* Characters count as one column each. The columns of the first `bytes` of a text; the bytes of it
 * that stand in so many columns. */
size_t text_columns(const char *text, size_t bytes);
size_t text_fitting(const char *text, size_t columns);

/* Words wrapped at TEXT_WIDTH, or what stdout has if that is less, every line indented; ends with a
 * line end. Lines that begin with a space are kept as they are. */
void text_paragraph(FILE *out, unsigned indent, const char *text);

/* How to print, as the options say; without a call, TEXT_AUTO and 0. */
enum text_when { TEXT_AUTO, TEXT_ALWAYS, TEXT_NEVER };
void text_setup(enum text_when colour, size_t width); /* width 0: what the output has */

/* The columns to print in: what text_setup said, else those of the terminal that `out` is, else
 * TEXT_WIDTH. */
size_t text_width(FILE *out);

/* Whether `out` is a terminal on which lines can be erased and drawn again. */
bool text_can_redraw(FILE *out);

bool text_colours(FILE *out);

/* What a colour means, the same everywhere, and never said by it alone: docs/terminal.md. */
enum text_style {
    STYLE_PLAIN,
    STYLE_GOOD,       /* green: clean */
    STYLE_INCOMPLETE, /* yellow: not all that was asked for */
    STYLE_BAD,        /* red: a violation, something lost */
    STYLE_STRONG,     /* bold: a heading */
    STYLE_DIM,        /* context */
};
void text_styled(FILE *out, enum text_style style, const char *text);
void text_styled_paragraph(FILE *out, enum text_style style, const char *text);

/* The control sequences around a text of that style. */
#define TEXT_STYLE_END "\033[0m"
const char *text_style_begin(enum text_style style);

#endif
