/* SPDX-License-Identifier: MIT */
#include "arena.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
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

static int start_lazy(struct pma *arena, struct pma_error *error)
{
    int result = os_watch_open(&arena->watch, FAULT_LAZY_OPEN);

    if (result)
        return error_set(error, result, "lazy copying, which needs Linux 6.7 and userfaultfd");
    arena->lazy = true;
    return 0;
}

/* A view makes do with any place when its own is taken, by the writer or by another view. */
static int reserve(struct pma *arena, bool aside, struct pma_error *error)
{
    const size_t bytes = arena->pages * PMA_PAGE_SIZE;
    void *address = (void *)(uintptr_t)arena->home;
    int result = aside ? -EEXIST : os_reserve(address, bytes, FAULT_OPEN_RESERVE);

    if (result == -EEXIST)
        result = arena->view ? os_reserve_anywhere(bytes, &address, FAULT_NONE) : PMA_ETAKEN;
    if (result)
        return error_set(error, result, "reserve %lu pages at address 0x%lx", arena->pages,
                         arena->home);
    arena->base = address;
    return 0;
}

int arena_new(const struct arena_source *source, const struct pma_options *options,
              struct pma **arena, struct pma_error *error)
{
    const struct format_meta *meta = source->meta;
    struct pma *made = calloc(1, sizeof(*made));
    int result;

    if (!made)
        return error_set(error, -ENOMEM, "memory for the arena");
    made->fd = -1;
    made->read_only = options->read_only || source->view;
    made->verify = options->verify;
    made->view = source->view;
    made->home = meta->base;
    made->pages = meta->reserved_pages;
    made->fanout = meta->fanout;
    made->grow_blocks = options->grow_blocks;
    made->keep_blocks = options->keep_blocks ? options->keep_blocks : ARENA_KEEP_BLOCKS;
    made->defragment_blocks = options->defragment_blocks;
    memcpy(made->uuid, meta->uuid, sizeof(made->uuid));
    memcpy(made->roots, meta->roots, sizeof(made->roots));
    made->heap_record = meta->heap;
    made->seals = 1;
    made->file_blocks = source->file_blocks;
    made->recorded_blocks[source->slot] = meta->file_blocks;
    made->snapshot = meta->snapshot;
    made->event = meta->event;
    made->slot = source->slot;
    made->next_snapshot = meta->snapshot + 1;
    if (source->other) {
        made->other = *source->other;
        made->older = source->other->snapshot;
        made->recorded_blocks[1 - source->slot] = source->other->file_blocks;
    }
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
    directory_init(&made->watched, made->nodes, NULL, 0, NULL, 0, 0);
    made->mappings.count = 1;
    made->budget = (struct budget){
        .mappings = options->mapping_limit ? options->mapping_limit : os_mapping_limit() / 2,
        .pages = options->resident_bytes / PMA_PAGE_SIZE,
        .read_end = UINT64_MAX,
    };
    sums_init(&made->sums, made->nodes, &made->host, &meta->sums);

    made->staging = made->read_only ? NULL : os_memory(ARENA_STAGING * PMA_PAGE_SIZE, FAULT_NONE);
    if (!made->read_only && !made->staging) {
        result = error_set(error, -ENOMEM, "memory for the arena");
        goto failed;
    }
    result = options->copying == PMA_COPY_LAZY && !made->read_only ? start_lazy(made, error) : 0;
    if (!result)
        result = reserve(made, source->aside, error);
    if (result)
        goto failed;
    made->fd = source->fd;
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

/*
 * A range of many mappings may be more than the kernel wants to take away at once: then it becomes
 * one of nothing first. That alone lets go of the file, whose lock would live on in its mappings.
 */
static int release_range(const struct pma *arena)
{
    const size_t bytes = arena->pages * PMA_PAGE_SIZE;
    int result = os_release(arena->base, bytes);

    if (!result || os_map_nothing(arena->base, bytes, FAULT_NONE))
        return result;
    return os_release(arena->base, bytes);
}

int arena_free(struct pma *arena)
{
    int result = 0;

    if (!arena)
        return 0;
    if (arena->base)
        result = release_range(arena);
    if (arena->nodes) {
        directory_deinit(&arena->persistent);
        directory_deinit(&arena->ephemeral);
        directory_deinit(&arena->mappings.runs);
        directory_deinit(&arena->watched);
        sums_deinit(&arena->sums);
        nodes_free(arena->nodes);
    }
    reservations_free(arena->reservations);
    blocks_free(arena->blocks);
    os_memory_free(arena->verified_block, PMA_PAGE_SIZE);
    os_memory_free(arena->staging, ARENA_STAGING * PMA_PAGE_SIZE);
    os_watch_close(&arena->watch);
    if (arena->fd >= 0) {
        int closed = os_close(arena->fd, FAULT_CLOSE);

        result = result ? result : closed;
    }
    free(arena);
    return result;
}

int arena_look(struct pma *arena, const char *path, struct pma_error *error)
{
    struct extent lowest;
    int result = directory_next(&arena->persistent, 0, &lowest);

    if (!result || result == -ENOENT)
        return 0;
    return error_set(error, result, "open %s: root of the page directory in block %lu", path,
                     arena->persistent.root_ref.block);
}

/*
 * The mappings are shared, and so are the locks: they belong to the open file that both have a
 * descriptor of, so closing is all that may be done about them. What another thread was changing at
 * the moment of the fork is half done for ever, and is left alone.
 */
void arena_disinherit(struct pma *arena)
{
    const bool was_busy = atomic_load(&arena->lock.state) != 0;

    os_release(arena->base, arena->pages * PMA_PAGE_SIZE);
    os_close(arena->fd, FAULT_NONE);
    os_watch_close(&arena->watch);
    arena->base = NULL;
    arena->fd = -1;
    arena->inherited = true;
    arena_fail(arena, PMA_EFORK, "call in a child of the process that opened the arena");
    if (!was_busy)
        return;
    arena->nodes = NULL;
    arena->blocks = NULL;
    arena->reservations = NULL;
    arena->verified_block = NULL;
    arena->staging = NULL;
}

void arena_describe(const struct pma *arena, struct format_meta *meta)
{
    meta->fanout = arena->fanout;
    meta->base = arena->home;
    meta->reserved_pages = arena->pages;
    meta->heap = arena->heap_record;
    memcpy(meta->uuid, arena->uuid, sizeof(meta->uuid));
    memcpy(meta->roots, arena->roots, sizeof(meta->roots));
}

int arena_options(const struct pma_options *given, struct pma_options *options,
                  struct pma_error *error)
{
    *options = PMA_OPTIONS_INIT;
    if (!given)
        return 0;
    if (!options_take(options, sizeof(*options), given))
        return error_set(error, PMA_EARGUMENT, "options of %lu bytes, this library knows %lu",
                         given->size, sizeof(*options));
    options->size = sizeof(*options);
    if (options->mapping_limit > 0 && options->mapping_limit < BUDGET_LEAST)
        return error_set(error, PMA_EARGUMENT, "limit of %u mappings, the least is %d",
                         options->mapping_limit, BUDGET_LEAST);
    if (options->resident_bytes > 0 && options->resident_bytes < BUDGET_LEAST * PMA_PAGE_SIZE)
        return error_set(error, PMA_EARGUMENT, "limit of %lu bytes in memory, the least is %d",
                         options->resident_bytes, BUDGET_LEAST * PMA_PAGE_SIZE);
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
        arena_seal(arena); /* so that no call goes by what it has noted */
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
