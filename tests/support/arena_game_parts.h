/* SPDX-License-Identifier: MIT */
/* What the files arena_game*.c share: one file for pages, one each for heap, stack and nouns. */
#ifndef ARENA_GAME_PARTS_H
#define ARENA_GAME_PARTS_H

#include "arena_game.h"

/* Whether a call did what the model says it does; `expected` is 0 or the error that is due. */
bool game_expect(struct game *game, int result, int expected, const char *call);

/* What comes next, for whoever reads the shortest list of moves that fails. */
void game_tell(const struct game *game, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

unsigned char *game_address(const struct game *game, uint64_t page);
bool game_is_allocated(const struct game *game, uint64_t page);
/* Whether the heap or a stack has it, which moves of pages leave alone. */
bool game_is_others(const struct game *game, uint64_t page);
bool game_all_of(const struct game *game, uint64_t page, uint64_t count, bool wanted);
void game_set_range(struct game *game, uint64_t page, uint64_t count, enum game_kind kind);

/* Whether pages of this kind are in snapshots. */
bool game_in_snapshots(enum game_kind kind);

/* ---- pages ---- */

void game_allocate(struct game *game);
void game_allocate_at(struct game *game);
void game_allocate_range(struct game *game, uint64_t count, bool ephemeral);
void game_free_range(struct game *game);
void game_store(struct game *game);
void game_load(struct game *game);
typedef int game_range_call(pma_t *arena, void *address, size_t bytes);
void game_call_on_range(struct game *game, game_range_call *call, const char *name);
int game_touch(pma_t *arena, void *address, size_t bytes);
void game_move_range_at_random(struct game *game);
/* A page is stored to and pushed out; an ephemeral one also comes back and becomes persistent. */
void game_write_back(struct game *game);
void game_promote(struct game *game);

/* ---- views ---- */

void game_view_move(struct game *game);
/* Opens a view and looks at it; none is open afterwards. */
void game_view_visit(struct game *game);
void game_views_close(struct game *game);
/* Notes which blocks the open ones need; returns how many are open. */
size_t game_views_name_blocks(struct game *game);

/* ---- heap, stack and nouns ---- */

/* Notes which pages the heap and the stack have now; none may be the game's. */
void game_note_others(struct game *game);

/* Whether a call may lack room: there is no gap of so many pages, with some to spare. */
bool game_is_full(const struct game *game, uint64_t pages);

/* A size that is often small, sometimes many pages. */
uint64_t game_size(struct game *game);

/* Bytes that depend on a tag. */
void game_fill(unsigned char *bytes, uint64_t count, uint64_t tag);
void game_expect_bytes(const unsigned char *bytes, uint64_t count, uint64_t tag);

void game_heap_move(struct game *game);
void game_heap_look(const struct game *game);

void game_stack_move(struct game *game);
void game_stack_look(const struct game *game);
void game_stack_forget(struct game *game);
/* The bytes that the stack has left. */
uint64_t game_stack_room(const struct game *game);
struct game_thing *game_stack_add(struct game *game, struct game_thing thing);
void game_stack_remove(struct game *game, struct game_thing *thing);

/* One of the moves of a stack; it has a frame that takes things. */
void game_noun_move(struct game *game);
/* Demands that the word refers to a noun that is as it should be. */
void game_expect_noun(const struct game *game, pma_noun word, uint32_t noun);
void game_keep_look(const struct game *game);

#endif
