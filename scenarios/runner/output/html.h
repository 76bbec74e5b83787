/* SPDX-License-Identifier: MIT */
/* Writes HTML in which no text from elsewhere can become markup. */
#ifndef HTML_H
#define HTML_H

#include <stddef.h>
#include <stdio.h>

/* The format is markup as it stands; each %s in it is a text, escaped for content and for quoted
 * attributes alike. It knows nothing else but %%. */
void html(FILE *out, const char *format, ...);

/* A table up to its first row, in a frame of its own that scrolls; then its end. The label is what
 * a screen reader calls it. Classes may be "". */
struct html_column {
    const char *title, *class;
};
void html_table(FILE *out, const char *label, const char *class, const struct html_column *columns,
                size_t count);
void html_table_end(FILE *out);

/* A JSON document, for a <script> that holds data: nothing in it ends the script. Line ends and
 * indentation, of which JSON has none inside of strings, are left out. */
void html_json(FILE *out, const char *json);

#endif
