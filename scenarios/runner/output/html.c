/* SPDX-License-Identifier: MIT */
#include "html.h"

#include <assert.h>
#include <stdarg.h>

static void escape(FILE *out, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        case '\'':
            fputs("&#39;", out);
            break;
        default:
            fputc(*text, out);
        }
    }
}

void html(FILE *out, const char *format, ...)
{
    va_list texts;
    va_start(texts, format);
    for (; *format; format++) {
        if (*format != '%') {
            fputc(*format, out);
            continue;
        }
        format++;
        assert(*format == 's' || *format == '%');
        if (*format == 's')
            escape(out, va_arg(texts, const char *));
        else
            fputc('%', out);
    }
    va_end(texts);
}

void html_table(FILE *out, const char *label, const char *class, const struct html_column *columns,
                size_t count)
{
    html(out,
         "<div class='scroll' role='region' aria-label='%s' tabindex='0'>\n<table class='%s'>"
         "<caption class='unseen'>%s</caption><thead><tr>",
         label, class, label);
    for (size_t i = 0; i < count; i++)
        html(out, "<th scope='col' class='%s'>%s</th>", columns[i].class, columns[i].title);
    html(out, "</tr></thead><tbody>\n");
}

void html_table_end(FILE *out)
{
    html(out, "</tbody></table></div>\n");
}

void html_json(FILE *out, const char *json)
{
    for (; *json; json++) {
        if (*json == '<')
            fputs("\\u003c", out);
        else if (*json == '\n')
            while (json[1] == ' ')
                json++;
        else
            fputc(*json, out);
    }
}
