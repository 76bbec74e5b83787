/* SPDX-License-Identifier: MIT */
/* Steps on pages, and on root words. */
#include "play.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int play_alloc(struct workload *workload, const struct step *step)
{
    unsigned flags = step->ephemeral ? PMA_EPHEMERAL : 0;
    void *address = play_page(workload, step->at);
    char why[128];
    int result = play_arm(workload);

    if (result != 0)
        return result;
    if (step->has_at)
        result = pma_pages_alloc_at(workload->arena, address, step->pages, flags);
    else
        result = pma_pages_alloc(workload->arena, step->pages, flags, &address);
    play_disarm(workload);
    result = play_settle(workload, "pma_pages_alloc", result);
    if (result != PLAY_DONE)
        return result < 0 ? result : 0;
    result = expected_alloc(&workload->now, step->name, play_page_number(workload, address),
                            step->pages, step->ephemeral, why, sizeof why);
    return result == 0 ? 0
                       : play_broken(workload, WORKLOAD_MEMORY, result,
                                     "the arena gave what it may not: %s", why);
}

/* The pages that the step names: the suite was checked, so this fails only if the arena places
 * pages where it should not. */
static int find_pages(struct workload *workload, const struct step *step, uint64_t *first,
                      uint64_t *pages)
{
    char why[128];

    *pages = step->pages;
    return expected_find(&workload->now, step->name, step->page, pages, first, why, sizeof why) == 0
               ? 0
               : play_broken(workload, WORKLOAD_MEMORY, -EINVAL, "%s", why);
}

static int play_free(struct workload *workload, const struct step *step, uint64_t first,
                     uint64_t pages)
{
    char why[128];
    int result = play_verify_pages(workload, first, pages);

    if (result != 0 || workload->ended)
        return result;
    result = play_settle(workload, "pma_pages_free",
                         pma_pages_free(workload->arena, play_page(workload, first), pages));
    if (result != PLAY_DONE)
        return result;
    return expected_free(&workload->now, step->name, step->page, step->pages, why, sizeof why) == 0
               ? 0
               : play_broken(workload, WORKLOAD_MEMORY, -EINVAL, "%s", why);
}

static int play_move(struct workload *workload, const struct step *step, uint64_t first,
                     uint64_t pages)
{
    unsigned flags = step->ephemeral    ? PMA_MOVE_EPHEMERAL
                     : step->persistent ? PMA_MOVE_PERSISTENT
                                        : 0;
    char why[128];
    int result = play_settle(workload, "pma_pages_move",
                             pma_pages_move(workload->arena, play_page(workload, step->to),
                                            play_page(workload, first), pages, flags));

    if (result != PLAY_DONE)
        return result;
    if (expected_move(&workload->now, step->name, step->page, step->pages, step->to, step->as, why,
                      sizeof why) != 0)
        return play_broken(workload, WORKLOAD_MEMORY, -EINVAL, "%s", why);
    for (uint64_t i = 0; i < pages && flags != 0; i++)
        workload->now.pages[step->to + i].ephemeral = step->ephemeral;
    return 0;
}

/* The place of the nth page of a write in the order that the step asks for. */
static uint64_t in_order(enum step_order order, uint64_t nth, uint64_t pages)
{
    uint64_t stride = pages * 5 / 8 + 1, a = pages, b;

    if (order != ORDER_SCATTERED)
        return order == ORDER_UP ? nth : pages - 1 - nth;
    /* A stride that shares no factor with the number of pages visits each of them once. */
    for (;; stride++) {
        for (a = pages, b = stride; b != 0;) {
            uint64_t rest = a % b;

            a = b;
            b = rest;
        }
        if (a == 1)
            return nth * stride % pages;
    }
}

static int play_write(struct workload *workload, const struct step *step, uint64_t first,
                      uint64_t pages)
{
    unsigned char content[PMA_PAGE_SIZE];

    for (uint64_t nth = 0; nth < pages; nth++) {
        uint64_t at = in_order(step->order, nth, pages);
        struct expected_page *page = &workload->now.pages[first + at];

        memcpy(content, contents_bytes(&workload->contents, page->content), sizeof content);
        contents_generate(step->seed, step->page + at, content, step->bytes);
        memcpy(play_page(workload, first + at), content, step->bytes);
        page->step = (uint32_t)workload->step_number;
        if (contents_add(&workload->contents, content, sizeof content, &page->content) != 0)
            return play_fail(workload, -ENOMEM, "out of memory");
    }
    return 0;
}

int play_root(struct workload *workload, unsigned index, uint64_t value)
{
    int result = play_settle(workload, "pma_set_root", pma_set_root(workload->arena, index, value));

    if (result == PLAY_DONE)
        workload->now.roots[index] = value;
    return result;
}

/* The steps that act on a range of pages. */
int play_range(struct workload *workload, const struct step *step)
{
    uint64_t first, pages;
    void *address;
    int result;

    if (expected_object(&workload->now, step->name, false) != NULL)
        return play_heap(workload, step);
    result = find_pages(workload, step, &first, &pages);
    if (result == 0)
        result = play_arm(workload);
    if (result != 0)
        return result;
    address = play_page(workload, first);
    switch (step->kind) {
    case STEP_FREE:
        result = play_free(workload, step, first, pages);
        break;
    case STEP_MOVE:
        result = play_move(workload, step, first, pages);
        break;
    case STEP_WRITE:
        result = play_write(workload, step, first, pages);
        break;
    case STEP_DIRTY:
        result = play_settle(workload, "pma_dirty",
                             pma_dirty(workload->arena, address, pages * PMA_PAGE_SIZE));
        break;
    default:
        result = play_settle(workload, "pma_evict",
                             pma_evict(workload->arena, address, pages * PMA_PAGE_SIZE));
        break;
    }
    play_disarm(workload);
    return result < 0 ? result : 0;
}
