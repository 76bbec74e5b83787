/* SPDX-License-Identifier: MIT */
/* Bytes that are stored compressed. */
#ifndef RESULTS_PACK_H
#define RESULTS_PACK_H

#include "database.h"

/* Compresses for free(); on failure says which `what` ("the image of a violation") it was. */
int pack(results_t *results, const void *bytes, size_t count, const char *what, void **packed,
         size_t *packed_count);

/* Whether the bytes say that they were packed from `count`: to be asked before there is room made
 * for so many. */
bool packed_from(const void *packed, size_t packed_count, int64_t count);

/* Unpacks them; false if they are damaged, or were not so many. */
bool unpack(const void *packed, size_t packed_count, void *bytes, size_t count);

#endif
