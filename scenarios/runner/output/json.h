/* SPDX-License-Identifier: MIT */
/* Writes one JSON document. The caller nests begin and end rightly; commas and escapes are done
 * here. */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json {
    FILE *out;
    unsigned depth;
    bool first; /* nothing stands yet in the innermost object or array */
};

/* `key` is NULL inside an array and at the top. */
void json_begin(struct json *json, const char *key, char bracket);     /* '{' or '[' */
void json_end(struct json *json, char bracket);                        /* '}' or ']' */
void json_text(struct json *json, const char *key, const char *value); /* NULL: null */
void json_count(struct json *json, const char *key, uint64_t value);
void json_number(struct json *json, const char *key, double value);
void json_bool(struct json *json, const char *key, bool value);

#endif
