/* SPDX-License-Identifier: MIT */
/* Text of unknown origin, one character at a time. */
#ifndef RESULTS_UTF8_H
#define RESULTS_UTF8_H

#include <stddef.h>
#include <stdint.h>

enum { UTF8_REPLACEMENT = 0xfffd };

/*
 * Decodes the character at `text`, of which `length` > 0 bytes are left, and returns how many bytes
 * it takes. A byte that starts no valid character counts as UTF8_REPLACEMENT, alone.
 */
size_t utf8_decode(const char *text, size_t length, uint32_t *character);

/* Columns that a terminal gives the character: 0, 1 or 2. */
unsigned utf8_columns(uint32_t character);

#endif
