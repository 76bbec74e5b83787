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

/* As fsim_cursor_sound. */
size_t cursor_sound(const fsim_cursor_t *cursor, uint32_t index);

/* How many damages all items together may have, one at a time. */
uint64_t cursor_damages(const fsim_cursor_t *cursor);

/* The item that a draw damages, or CURSOR_NO_ITEM. */
uint32_t cursor_drawn_damage(const fsim_cursor_t *cursor, uint64_t draw);

/* As fsim_cursor_undetermined, by index, in the order of the indexes. */
size_t cursor_undetermined(const fsim_cursor_t *cursor, const uint32_t **indexes);

/* Grows whenever the crash states or the legal marks become others, or what later syncs will do. */
uint64_t cursor_generation(const fsim_cursor_t *cursor);

/*
 * Branches. What happens after a crash is recorded in a part of the trace of its own: a cursor is
 * copied, told of the crash, and goes on there.
 */

/* `to` becomes what `from` is, but for syncs that are under way: the crash to come ends them. Both
 * are of the same trace and model. */
int cursor_copy(fsim_cursor_t *to, const fsim_cursor_t *from);

/*
 * Power fails here. The items of the path are on the disk as they were seen. The others, which
 * nobody looked at, stay open, but they are on the disk as well: no sync decides them, only what is
 * written to them later.
 */
void cursor_power_fails(fsim_cursor_t *cursor, const uint32_t *items, const uint64_t *values,
                        size_t count);

/* After the crash the events from `first` on follow, all of them later than those before, and until they say otherwise these marks are
 * legal. -ENOMEM, or -ENOSPC after FSIM_DEEPEST crashes. */
int cursor_go_on(fsim_cursor_t *cursor, size_t first, const size_t *legal, size_t legal_count);

/* Whether something that was not on the disk when the last recording began still is not. */
bool cursor_owes(const fsim_cursor_t *cursor);

#endif
