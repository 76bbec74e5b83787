/* SPDX-License-Identifier: MIT */
#include "json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool follows; /* a value stands before this one in the same object or array */

static void begin(const char *name)
{
    if (follows)
        putchar(',');
    if (name)
        printf("\"%s\":", name);
    follows = true;
}

void json_open(const char *name, char bracket)
{
    begin(name);
    putchar(bracket);
    follows = false;
}

void json_close(char bracket)
{
    putchar(bracket);
    follows = true;
}

void json_end(void)
{
    putchar('\n');
    follows = false;
}

void json_number(const char *name, uint64_t value)
{
    begin(name);
    printf("%" PRIu64, value);
}

void json_hex(const char *name, uint64_t value)
{
    begin(name);
    printf("\"0x%" PRIx64 "\"", value);
}

void json_bool(const char *name, bool value)
{
    begin(name);
    fputs(value ? "true" : "false", stdout);
}

/* The length of the well-formed UTF-8 character at `text`; 0 if there is none. */
static size_t character_length(const unsigned char *text)
{
    if (text[0] < 0x80)
        return 1;
    size_t length = text[0] >= 0xf0 ? 4 : text[0] >= 0xe0 ? 3 : 2;
    if (text[0] < 0xc2 || text[0] > 0xf4)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    bool overlong = (text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xf0 && text[1] < 0x90);
    bool outside = (text[0] == 0xed && text[1] > 0x9f) || (text[0] == 0xf4 && text[1] > 0x8f);
    return overlong || outside ? 0 : length;
}

void json_string(const char *name, const char *text)
{
    begin(name);
    if (!text) {
        fputs("null", stdout);
        return;
    }
    putchar('"');
    for (const unsigned char *at = (const unsigned char *)text; *at;) {
        size_t length = character_length(at);
        if (length == 0)
            fputs("\\ufffd", stdout);
        else if (*at == '"' || *at == '\\')
            printf("\\%c", *at);
        else if (*at < 0x20)
            printf("\\u%04x", *at);
        else
            fwrite(at, 1, length, stdout);
        at += length ? length : 1;
    }
    putchar('"');
}

void json_bytes(const char *name, const void *bytes, uint64_t count)
{
    begin(name);
    putchar('"');
    for (uint64_t i = 0; i < count; i++)
        printf("%02x", ((const unsigned char *)bytes)[i]);
    putchar('"');
}
