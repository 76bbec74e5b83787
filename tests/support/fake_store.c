/* SPDX-License-Identifier: MIT */
#include "fake_store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

unsigned char *fake_store_block(struct fake_store *store, uint64_t block)
{
    return store->bytes + block * PMA_PAGE_SIZE;
}

static bool in_use(struct fake_store *store, uint64_t block)
{
    if (block < store->count && store->used[block])
        return true;
    store->misused = true;
    return false;
}

static bool due(unsigned *countdown)
{
    return *countdown > 0 && --*countdown == 0;
}

static int read_block(void *context, uint64_t block, union node_bytes *bytes)
{
    struct fake_store *store = context;
    store->reads++;
    if (due(&store->fail_read))
        return -EIO;
    if (!in_use(store, block))
        return -ENXIO;
    memcpy(bytes, fake_store_block(store, block), PMA_PAGE_SIZE);
    return 0;
}

static void drop_block(void *context, uint64_t block)
{
    struct fake_store *store = context;
    if (in_use(store, block)) {
        store->used[block] = false;
        store->live--;
    }
}

static void make_room(struct fake_store *store, uint64_t room)
{
    store->bytes = realloc(store->bytes, room * PMA_PAGE_SIZE);
    store->used = realloc(store->used, room * sizeof(*store->used));
    if (!store->bytes || !store->used)
        abort();
    store->room = room;
}

static int take_block(void *context, uint64_t *block)
{
    struct fake_store *store = context;
    if (due(&store->fail_take))
        return -ENOSPC;
    if (store->count == store->room)
        make_room(store, 2 * store->room);
    *block = store->count++;
    store->used[*block] = true;
    store->live++;
    return 0;
}

static int write_block(void *context, uint64_t block, const void *bytes)
{
    struct fake_store *store = context;
    store->writes++;
    if (due(&store->fail_write))
        return -EIO;
    if (!in_use(store, block))
        return -ENXIO;
    memcpy(fake_store_block(store, block), bytes, PMA_PAGE_SIZE);
    return 0;
}

void fake_store_init(struct fake_store *store)
{
    *store = (struct fake_store){
        .host = {.context = store, .read = read_block, .drop = drop_block},
        .writer = {.context = store, .take = take_block, .write = write_block, .epoch = 1},
        .count = FAKE_STORE_FIRST,
    };
    make_room(store, 64);
    memset(store->used, 0, FAKE_STORE_FIRST * sizeof(*store->used));
}

void fake_store_deinit(struct fake_store *store)
{
    free(store->bytes);
    free(store->used);
    *store = (struct fake_store){0};
}
