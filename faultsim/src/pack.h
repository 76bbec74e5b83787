/* SPDX-License-Identifier: MIT */
/* Any contents of the files of a trace as the bytes of explore.h's images. */
#ifndef PACK_H
#define PACK_H

#include <faultsim/model.h>

/* The value of an item of the cursor, by its number. */
typedef uint64_t pack_value(const void *context, uint32_t item);

int pack_image(const fsim_trace_t *trace, const fsim_cursor_t *cursor, pack_value *value_of,
               const void *context, void **image, size_t *bytes);

#endif
