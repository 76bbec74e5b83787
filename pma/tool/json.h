/* SPDX-License-Identifier: MIT */
/*
 * JSON on stdout. Values are written as they come; commas and quotes take care of themselves. Names
 * are NULL inside arrays. 64-bit counts are numbers, addresses and checksums are strings of hex.
 */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stdint.h>

void json_open(const char *name, char bracket); /* '{' or '[' */
void json_close(char bracket);
void json_end(void); /* the newline after the outermost value */

void json_number(const char *name, uint64_t value);
void json_hex(const char *name, uint64_t value);
void json_bool(const char *name, bool value);
void json_string(const char *name,
                 const char *text); /* NULL: null; bytes that are no UTF-8 are replaced */
void json_bytes(const char *name, const void *bytes, uint64_t count); /* as hex digits */

#endif
