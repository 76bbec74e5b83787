/* SPDX-License-Identifier: MIT */
#include "explain_text.h"

#include <stdarg.h>
#include <string.h>

enum { WIDTH = 76 };

void explain_wrap(FILE *out, const char *first, const char *indent, const char *format, ...)
{
    char text[1024];
    size_t column = strlen(first);
    bool line_begins = true;
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fputs(first, out);
    for (const char *word = text; *word != '\0'; word += strspn(word, " ")) {
        size_t length = strcspn(word, " ");

        if (!line_begins && column + 1 + length > WIDTH) {
            fprintf(out, "\n%s", indent);
            column = strlen(indent);
        } else if (!line_begins) {
            fputc(' ', out);
            column++;
        }
        fprintf(out, "%.*s", (int)length, word);
        column += length;
        line_begins = false;
        word += length;
    }
    fputc('\n', out);
}

const char *explain_label(const fsim_trace_t *trace, size_t mark)
{
    return fsim_trace_string(trace, fsim_trace_mark(trace, mark)->label);
}

bool explain_is_start(const fsim_trace_t *trace, size_t mark)
{
    return fsim_digest_equal(fsim_trace_mark(trace, mark)->state, FSIM_ABSENT);
}
