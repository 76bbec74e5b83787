/* SPDX-License-Identifier: MIT */
/*
 * What the search needs of a cursor beyond the public header: items by number.
 *
 * Every item that a trace ever changes has an index, the same in every cursor of that trace and in
 * every process, so the decision tree and the image can use plain arrays. An item without an index
 * has one value for ever: zeros, length 0, no file.
 */
#ifndef CURSOR_H
#define CURSOR_H

#include <faultsim/model.h>

#define CURSOR_NO_ITEM UINT32_MAX

size_t cursor_items(const fsim_cursor_t *cursor);
uint32_t cursor_find(const fsim_cursor_t *cursor, struct fsim_item item);
struct fsim_item cursor_item(const fsim_cursor_t *cursor, uint32_t index);

/* As fsim_cursor_values. */
size_t cursor_values(const fsim_cursor_t *cursor, uint32_t index, const uint64_t **values);

/* As fsim_cursor_undetermined, by index, in the order of the indexes. */
size_t cursor_undetermined(const fsim_cursor_t *cursor, const uint32_t **indexes);

/* Grows whenever the crash states or the legal marks become others. */
uint64_t cursor_generation(const fsim_cursor_t *cursor);

size_t cursor_events(const fsim_cursor_t *cursor);

enum fsim_model cursor_model(const fsim_cursor_t *cursor);

#endif
