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

/* Words wrapped at TEXT_WIDTH, every line indented; ends with a line end. Lines that begin with a
 * space are kept as they are. */
void text_paragraph(FILE *out, unsigned indent, const char *text);

/* The columns of the terminal that `out` is; 0 if it is none. */
size_t text_width(FILE *out);

/* Whether to colour: a terminal, and the user has not said NO_COLOR. */
bool text_colours(FILE *out);

enum text_style { STYLE_PLAIN, STYLE_GOOD, STYLE_BAD, STYLE_STRONG, STYLE_DIM };
void text_styled(FILE *out, enum text_style style, const char *text);

#endif
