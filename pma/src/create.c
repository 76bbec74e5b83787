/* SPDX-License-Identifier: MIT */
/* docs/format.md, "Creation": there is either no arena or a whole one, whenever the power fails. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "operations.h"
#include "os.h"

enum {
    DEFAULT_BLOCKS = 256,
    LEAST_BLOCKS = 8,
    ATTEMPTS = 100 /* to get hold of the temporary name while others clean up after each other */
};
#define DEFAULT_RESERVED (UINT64_C(64) << 30)
#define ADDRESS_LIMIT    (UINT64_C(1) << 47)

struct place {
    int directory;
    const char *name;
    char temporary[NAME_MAX + 1];
};

/* Fills the defaults in, and refuses what cannot be. */
static int complete_options(struct pma_options *options, struct pma_error *error)
{
    options->base = options->base ? options->base : PMA_DEFAULT_BASE;
    options->reserved_bytes = options->reserved_bytes ? options->reserved_bytes : DEFAULT_RESERVED;
    options->initial_blocks = options->initial_blocks ? options->initial_blocks : DEFAULT_BLOCKS;
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

static int find_place(const char *path, struct place *place)
{
    static const char suffix[] = ".pma-new";
    char parent[PATH_MAX];
    int result = arena_split_path(path, parent, sizeof(parent), &place->name);
    size_t length;

    if (result)
        return result;
    length = strlen(place->name);
    if (length == 0)
        return -EISDIR;
    if (length + sizeof(suffix) > sizeof(place->temporary))
        return -ENAMETOOLONG;
    memcpy(place->temporary, place->name, length);
    memcpy(place->temporary + length, suffix, sizeof(suffix));
    place->directory = os_open_directory(parent);
    return place->directory < 0 ? place->directory : 0;
}

/* Removes a file that a creation left behind, unless one is still at work on it. */
static int remove_stale(const struct place *place)
{
    bool same;
    int result, fd = os_open_at(place->directory, place->temporary);

    if (fd < 0)
        return fd == -ENOENT ? 0 : fd;
    result = os_lock(fd, true, FAULT_NONE);
    if (result == -EWOULDBLOCK)
        result = PMA_EBUSY;
    if (!result)
        result = os_same_file(fd, place->directory, place->temporary, &same);
    if (!result && same)
        result = os_unlink(place->directory, place->temporary);
    os_close(fd, FAULT_NONE);
    return result;
}

/*
 * Makes and locks the temporary file. Between the two, somebody else can take it for a left-over
 * and remove it: then the name is not ours any more, and it is tried again.
 */
static int make_file(const struct place *place, int *fd)
{
    bool ours = false;
    int result = 0;

    for (int attempt = 0; attempt < ATTEMPTS && !result; attempt++) {
        *fd = os_create(place->directory, place->temporary, FAULT_CREATE_OPEN);
        if (*fd == -EEXIST) {
            result = remove_stale(place);
            continue;
        }
        if (*fd < 0)
            return *fd;
        result = os_lock(*fd, true, FAULT_CREATE_LOCK);
        if (!result)
            result = os_same_file(*fd, place->directory, place->temporary, &ours);
        if (!result && ours)
            return 0;
        if (result == -EWOULDBLOCK)
            result = 0;
        else if (result)
            os_unlink(place->directory, place->temporary);
        os_close(*fd, FAULT_NONE);
    }
    return result ? result : PMA_EBUSY;
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

static int give_name(const struct place *place, struct pma_error *error)
{
    int result =
        os_rename_new(place->directory, place->temporary, place->name, FAULT_CREATE_RENAME);

    if (result)
        return error_set(error, result == -EEXIST ? PMA_EEXISTS : result, "rename");
    result = os_sync(place->directory, FAULT_CREATE_PARENT);
    if (result) {
        os_unlink(place->directory, place->name);
        return error_set(error, result, "sync of the directory");
    }
    return 0;
}

int create_arena(const char *path, const struct pma_options *given, struct pma **arena,
                 struct pma_error *error)
{
    struct pma_options options = *given;
    struct place place;
    struct format_meta meta;
    struct pma *made = NULL;
    int fd, result = complete_options(&options, error);

    if (!result) {
        result = find_place(path, &place);
        if (result)
            error_set(error, result, "directory");
    }
    if (result)
        goto describe;
    if (os_exists(place.directory, place.name) == 0) {
        result = error_set(error, PMA_EEXISTS, "new file");
        goto close_directory;
    }
    result = make_file(&place, &fd);
    if (result) {
        error_set(error, result, "temporary file %s", place.temporary);
        goto close_directory;
    }
    result = first_meta(&options, &meta);
    if (result) {
        error_set(error, result, "random numbers");
        goto remove;
    }
    result =
        arena_new(&(struct arena_source){.fd = fd, .meta = &meta, .file_blocks = meta.file_blocks},
                  &options, &made, error);
    if (!result)
        result = fill_file(fd, &meta, error);
    if (!result)
        result = give_name(&place, error);
    if (!result) {
        *arena = made;
        goto close_directory;
    }

remove:
    os_unlink(place.directory, place.temporary);
    if (made)
        arena_free(made);
    else
        os_close(fd, FAULT_NONE);
close_directory:
    os_close(place.directory, FAULT_NONE);
describe:
    if (result && error)
        error_prefix(error, "create %s: ", path);
    return result;
}
