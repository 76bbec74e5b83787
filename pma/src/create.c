/* SPDX-License-Identifier: MIT */
/* docs/format.md, "Creation": there is either no arena or a whole one, whenever the power fails. */
#include "new_file.h"
#include "operations.h"
#include "os.h"

enum { DEFAULT_BLOCKS = 256, LEAST_BLOCKS = 8 };
#define DEFAULT_RESERVED (UINT64_C(64) << 30)
#define ADDRESS_LIMIT    (UINT64_C(1) << 47)

/* Fills the defaults in, and refuses what cannot be. */
static int complete_options(struct pma_options *options, struct pma_error *error)
{
    options->base = options->base ? options->base : PMA_DEFAULT_BASE;
    options->reserved_bytes = options->reserved_bytes ? options->reserved_bytes : DEFAULT_RESERVED;
    options->initial_blocks = options->initial_blocks ? options->initial_blocks : DEFAULT_BLOCKS;
    options->keep_blocks = options->keep_blocks ? options->keep_blocks : ARENA_KEEP_BLOCKS;
    if (options->keep_blocks < options->initial_blocks)
        options->keep_blocks = options->initial_blocks;
    if (options->base % PMA_PAGE_SIZE || options->base >= ADDRESS_LIMIT)
        return error_set(error, PMA_EARGUMENT, "base address 0x%lx", options->base);
    if (options->reserved_bytes % PMA_PAGE_SIZE ||
        options->reserved_bytes > ADDRESS_LIMIT - options->base)
        return error_set(error, PMA_EARGUMENT, "address range of %lu bytes",
                         options->reserved_bytes);
    if (options->fanout != 0 && options->fanout < FORMAT_MIN_FANOUT)
        return error_set(error, PMA_EARGUMENT, "fanout %u, the least is %d", options->fanout,
                         FORMAT_MIN_FANOUT);
    if (options->initial_blocks < LEAST_BLOCKS)
        return error_set(error, PMA_EARGUMENT, "%u initial blocks, the least is %d",
                         options->initial_blocks, LEAST_BLOCKS);
    if (options->read_only || options->previous)
        return error_set(error, PMA_EARGUMENT, "creation %s",
                         options->read_only ? "read-only" : "at the previous snapshot");
    return 0;
}

static int first_meta(const struct pma_options *options, struct format_meta *meta)
{
    *meta = (struct format_meta){
        .fanout = options->fanout,
        .snapshot = 1,
        .base = options->base,
        .reserved_pages = options->reserved_bytes / PMA_PAGE_SIZE,
        .file_blocks = options->initial_blocks,
    };
    return os_random(meta->uuid, sizeof(meta->uuid));
}

static int fill_file(int fd, struct format_meta *meta, struct pma_error *error)
{
    int result = os_allocate(fd, 0, meta->file_blocks * PMA_PAGE_SIZE, FAULT_CREATE_GROW);

    if (result)
        return error_set(error, result, "reserve %lu blocks", meta->file_blocks);
    format_meta_seal(meta);
    result = os_write(fd, meta, sizeof(*meta), 0, FAULT_CREATE_META);
    if (result)
        return error_set(error, result, "write of meta page 0");
    result = os_sync(fd, FAULT_CREATE_SYNC);
    return result ? error_set(error, result, "sync of the file") : 0;
}

int create_arena(const char *path, const struct pma_options *given, struct pma **arena,
                 struct pma_error *error)
{
    struct pma_options options = *given;
    struct new_file file;
    struct format_meta meta;
    struct pma *made = NULL;
    int result = complete_options(&options, error);

    if (!result)
        result = new_file_open(&file, path, error);
    if (result)
        goto describe;
    result = first_meta(&options, &meta);
    if (result) {
        error_set(error, result, "random numbers");
        goto close_file;
    }
    result = arena_new(
        &(struct arena_source){.fd = file.fd, .meta = &meta, .file_blocks = meta.file_blocks},
        &options, &made, error);
    if (!result)
        result = fill_file(file.fd, &meta, error);
    if (!result)
        result = new_file_publish(&file, error);
    if (!result)
        *arena = made;

close_file:
    new_file_close(&file, result);
    if (result && made)
        arena_free(made);
    else if (result)
        os_close(file.fd, FAULT_NONE);
describe:
    if (result && error)
        error_prefix(error, "create %s: ", path);
    return result;
}
