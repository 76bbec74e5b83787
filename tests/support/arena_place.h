/* SPDX-License-Identifier: MIT */
/* A directory of a test's own with an arena in it, and what tests do to arenas over and over. */
#ifndef ARENA_PLACE_H
#define ARENA_PLACE_H

#include <pma/pma.h>

struct arena_place {
    char directory[64];
    char path[96];
};

/* A cmocka setup and teardown: *state is a struct arena_place with an empty directory. */
int arena_place_setup(void **state);
int arena_place_teardown(void **state);

/* Every test can run in both ways: PMA_TEST_COPYING=lazy in the environment chooses the other. */
bool arena_copies_lazily(void);
#define arena_eager_only()                                                                         \
    do {                                                                                           \
        if (arena_copies_lazily())                                                                 \
            skip();                                                                                \
    } while (0)
struct pma_options arena_defaults(void);

/* Small arenas, so that tests meet every boundary: 256 pages, 32 blocks, nodes of 4 entries. */
struct pma_options arena_small(void);

/* They fail the test with the library's own words. */
pma_t *arena_create(const struct arena_place *place, const struct pma_options *options);
pma_t *arena_open(const struct arena_place *place);
pma_t *arena_reopen(const struct arena_place *place, pma_t *arena);
void arena_close(pma_t *arena);
void arena_snapshot(pma_t *arena, uint64_t event);
void *arena_alloc(pma_t *arena, size_t pages, unsigned flags);

/* Demands that a call on the arena succeeds. */
#define arena_ok(arena, call) arena_expect_ok((arena), (call), #call, __FILE__, __LINE__)
void arena_expect_ok(pma_t *arena, int result, const char *call, const char *file, int line);

/* Fills a page with a pattern of its own for each `tag`; 0 is the pattern of a new page. */
void arena_fill(void *page, uint64_t tag);

/* Which pattern it is, looking at all of the page; UINT64_MAX if it is none. */
uint64_t arena_tag(const void *page);

/* Demands that the file's snapshots are both whole, by the offline checker. */
void arena_check(const struct arena_place *place);

#endif
