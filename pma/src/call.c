/* SPDX-License-Identifier: MIT */
#include "call.h"

#include <errno.h>

#include "pages.h"

static int refuse(const pma_t *arena, enum call_access access)
{
    if (arena->poison)
        return PMA_EPOISONED;
    return access == CALL_CHANGES && arena->read_only ? PMA_EREADONLY : 0;
}

int call_enter(pma_t *arena, enum call_access access)
{
    int result;

    if (!arena)
        return PMA_EARGUMENT;
    if (arena->inherited)
        return PMA_EFORK;
    if (lock_is_mine(&arena->lock))
        return -EDEADLK;
    lock_take(&arena->lock);
    arena->same_faults = 0;
    result = refuse(arena, access);
    if (!result) {
        arena->error.code = 0;
        result = access == CALL_READS ? 0 : pages_rescue(arena);
    }
    if (result)
        call_leave(arena);
    return result;
}

int call_enter_settled(pma_t *arena)
{
    int result = call_enter(arena, CALL_CHANGES);

    if (result || !arena->owed_pages)
        return result;
    result = pages_settle(arena);
    if (!result)
        return 0;
    error_prefix(&arena->error, "pages kept in memory for want of blocks: ");
    call_leave(arena);
    return result;
}

int call_finish(pma_t *arena, int result, const char *call)
{
    if (result && arena->error.code != result)
        arena_fail(arena, result, "%s", call);
    call_leave(arena);
    return result;
}

void call_leave(pma_t *arena)
{
    lock_give(&arena->lock);
}
