/* SPDX-License-Identifier: MIT */
/* Structs of options, which begin with the size that the caller knows: docs/versions.md. */
#ifndef PMA_OPTIONS_H
#define PMA_OPTIONS_H

#include <stdbool.h>
#include <string.h>

/* Takes given options; what an older caller does not know is zero. False if their size cannot be.
 */
static inline bool options_take(void *options, size_t known_bytes, const void *given)
{
    size_t bytes;

    memcpy(&bytes, given, sizeof(bytes));
    if (bytes < sizeof(bytes) || bytes > known_bytes)
        return false;
    memset(options, 0, known_bytes);
    memcpy(options, given, bytes);
    return true;
}

#endif
