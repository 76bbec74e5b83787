/* SPDX-License-Identifier: MIT */
#include "arena.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "os.h"

static int read_node(void *context, uint64_t block, union node_bytes *bytes)
{
    struct pma *arena = context;
    int result =
        block < FORMAT_META_BLOCKS || block >= arena->file_blocks
            ? PMA_ECORRUPT
            : os_read(arena->fd, bytes, PMA_PAGE_SIZE, block * PMA_PAGE_SIZE, FAULT_NODE_READ);

    if (result == -ENODATA)
        result = PMA_ECORRUPT;
    return result ? arena_fail(arena, result, "read of tree node in block %lu", block) : 0;
}

static void drop_node(void *context, uint64_t block)
{
    struct pma *arena = context;

    if (!arena->blocks || blocks_drop(arena->blocks, block, 1))
        arena_bug(arena, "a tree node's block was not in use");
}

int arena_new(int fd, const struct format_meta *meta, unsigned slot, uint64_t file_blocks,
              const struct pma_options *options, struct pma **arena, struct pma_error *error)
{
    struct pma *made = calloc(1, sizeof(*made));
    int result;

    if (!made)
        return error_set(error, -ENOMEM, "memory for the arena");
    made->fd = -1;
    made->read_only = options->read_only;
    made->verify = options->verify;
    made->process = os_process();
    made->pages = meta->reserved_pages;
    made->fanout = meta->fanout;
    made->grow_blocks = options->grow_blocks;
    memcpy(made->uuid, meta->uuid, sizeof(made->uuid));
    memcpy(made->roots, meta->roots, sizeof(made->roots));
    made->file_blocks = file_blocks;
    made->recorded_blocks[slot] = meta->file_blocks;
    made->snapshot = meta->snapshot;
    made->event = meta->event;
    made->slot = slot;
    made->next_snapshot = meta->snapshot + 1;
    made->run_end = UINT64_MAX;
    made->last_fault = UINT64_MAX;

    result = nodes_new(&made->nodes);
    if (result) {
        error_set(error, result, "memory for tree nodes");
        goto failed;
    }
    made->host = (struct directory_host){made, read_node, drop_node};
    directory_init(&made->persistent, made->nodes, &made->host, meta->fanout, &meta->directory,
                   meta->extents, meta->pages);
    directory_init(&made->ephemeral, made->nodes, NULL, meta->fanout, NULL, 0, 0);
    directory_init(&made->mappings.runs, made->nodes, NULL, 0, NULL, 0, 0);
    made->mappings.count = 1;
    sums_init(&made->sums, made->nodes, &made->host, &meta->sums);

    result = os_reserve((void *)(uintptr_t)meta->base, meta->reserved_pages * PMA_PAGE_SIZE,
                        FAULT_OPEN_RESERVE);
    if (result) {
        result = result == -EEXIST ? PMA_ETAKEN : result;
        error_set(error, result, "reserve %lu pages at address 0x%lx", meta->reserved_pages,
                  meta->base);
        goto failed;
    }
    made->base = (unsigned char *)(uintptr_t)meta->base;
    made->fd = fd;
    *arena = made;
    return 0;

failed:
    arena_free(made);
    return result;
}

static void reservations_free(struct reservation *reservation)
{
    struct reservation *next;

    for (; reservation; reservation = next) {
        next = reservation->next;
        free(reservation);
    }
}

int arena_free(struct pma *arena)
{
    int result = 0;

    if (!arena)
        return 0;
    if (arena->base)
        result = os_release(arena->base, arena->pages * PMA_PAGE_SIZE);
    if (arena->nodes) {
        directory_deinit(&arena->persistent);
        directory_deinit(&arena->ephemeral);
        directory_deinit(&arena->mappings.runs);
        sums_deinit(&arena->sums);
        nodes_free(arena->nodes);
    }
    reservations_free(arena->reservations);
    blocks_free(arena->blocks);
    os_memory_free(arena->spare_page, PMA_PAGE_SIZE);
    if (arena->fd >= 0) {
        int closed = os_close(arena->fd, FAULT_CLOSE);

        result = result ? result : closed;
    }
    free(arena);
    return result;
}

int arena_options(const struct pma_options *given, struct pma_options *options,
                  struct pma_error *error)
{
    *options = PMA_OPTIONS_INIT;
    if (!given)
        return 0;
    if (given->size == 0 || given->size > sizeof(*options))
        return error_set(error, PMA_EARGUMENT, "options of %lu bytes, this library knows %lu",
                         given->size, sizeof(*options));
    memcpy(options, given, given->size);
    options->size = sizeof(*options);
    return 0;
}

int arena_split_path(const char *path, char *parent, size_t size, const char **name)
{
    const char *slash = strrchr(path, '/');
    size_t length = slash ? (size_t)(slash - path) : 0;

    *name = slash ? slash + 1 : path;
    if (length >= size)
        return -ENAMETOOLONG;
    if (!slash)
        strcpy(parent, ".");
    else if (length == 0)
        strcpy(parent, "/");
    else {
        memcpy(parent, path, length);
        parent[length] = '\0';
    }
    return 0;
}

int arena_poison(struct pma *arena, int code)
{
    if (!arena->poison) {
        arena->poison = code;
        error_prefix(&arena->error, "arena poisoned: ");
    }
    return code;
}

int arena_bug(struct pma *arena, const char *what)
{
    arena_fail(arena, PMA_EBUG, "%s", what);
#if defined(PMA_DEV) || defined(PMA_FAULTS)
    abort();
#endif
    return arena_poison(arena, PMA_EBUG);
}
