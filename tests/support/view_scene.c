/* SPDX-License-Identifier: MIT */
#include "view_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/mman.h>

#include <cmocka.h>

pma_t *view_open_with(const struct arena_place *place, const struct pma_options *options)
{
    struct pma_error error;
    pma_t *opened = NULL;

    if (pma_view_open(place->path, options, &opened, &error))
        fail_msg("%s", error.text);
    return opened;
}

pma_t *view_open(const struct arena_place *place)
{
    return view_open_with(place, NULL);
}

pma_t *view_open_previous(const struct arena_place *place)
{
    struct pma_options options = PMA_OPTIONS_INIT;

    options.previous = true;
    return view_open_with(place, &options);
}

struct pma_stat arena_stat(pma_t *arena)
{
    struct pma_stat stat;

    arena_ok(arena, pma_stat(arena, &stat));
    return stat;
}

const unsigned char *view_page(const pma_t *arena, size_t number)
{
    return (const unsigned char *)pma_base(arena) + number * PMA_PAGE_SIZE;
}

void view_take_base(void)
{
    void *const at = (void *)(uintptr_t)PMA_DEFAULT_BASE;

    assert_ptr_equal(mmap(at, PMA_PAGE_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), at);
}

void view_give_base(void)
{
    munmap((void *)(uintptr_t)PMA_DEFAULT_BASE, PMA_PAGE_SIZE);
}

void view_write(pma_t *arena, uint64_t number)
{
    for (size_t i = 0; i < VIEW_PAGES; i++)
        arena_fill((void *)view_page(arena, i), number * 100 + i);
    arena_ok(arena, pma_set_root(arena, 0, number));
    arena_snapshot(arena, number);
}

pma_t *view_arena_with(const struct arena_place *place, uint64_t number)
{
    const struct pma_options options = arena_small();
    pma_t *arena = arena_create(place, &options);

    arena_alloc(arena, VIEW_PAGES, 0);
    for (uint64_t i = 2; i <= number; i++)
        view_write(arena, i);
    return arena;
}

size_t view_wrong_pages(const pma_t *arena, uint64_t number)
{
    size_t wrong = 0;

    for (size_t i = 0; i < VIEW_PAGES; i++)
        wrong += arena_tag(view_page(arena, i)) != number * 100 + i;
    return wrong;
}

void view_expect(pma_t *shown, uint64_t number)
{
    uint64_t root;

    assert_int_equal(arena_stat(shown).snapshot, number);
    assert_int_equal(arena_stat(shown).event, number);
    arena_ok(shown, pma_root(shown, 0, &root));
    assert_int_equal(root, number);
    assert_int_equal(view_wrong_pages(shown, number), 0);
    arena_ok(shown, pma_evict(shown, pma_base(shown), VIEW_PAGES * PMA_PAGE_SIZE));
    assert_int_equal(view_wrong_pages(shown, number), 0);
}
