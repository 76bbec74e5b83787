/* SPDX-License-Identifier: MIT */
/* docs/format.md, "Recovery". */
#include <errno.h>
#include <limits.h>

#include "metas.h"
#include "operations.h"
#include "os.h"

static int sync_parent(const char *path)
{
    char parent[PATH_MAX];
    const char *name;
    int result = arena_split_path(path, parent, sizeof(parent), &name);
    int directory = result ? result : os_open_directory(parent);

    if (directory < 0)
        return directory;
    result = os_sync(directory, FAULT_RECOVER_PARENT);
    os_close(directory, FAULT_NONE);
    return result;
}

static int choose(const char *path, bool previous, struct metas *metas, struct arena_source *source,
                  struct pma_error *error)
{
    unsigned newest;
    int result = metas_read(source->fd, FAULT_RECOVER_READ, path, metas, error);

    if (!result)
        result = metas_newest(metas, path, &newest, error);
    if (result)
        return result;
    source->slot = previous ? 1 - newest : newest;
    if (previous && metas->verdict[source->slot])
        return error_set(error, -ENOENT, "open %s: snapshot before %lu", path,
                         metas->meta[newest].snapshot);
    source->meta = &metas->meta[source->slot];
    if (!metas->verdict[1 - source->slot])
        source->other = &metas->meta[1 - source->slot];
    return metas_check(source->fd, path, source->meta, &source->file_blocks, error);
}

/* An earlier sync that failed can have left the record clean in memory and absent on the disk. */
static int make_durable(int fd, const char *path, const struct format_meta *meta, unsigned slot,
                        struct pma_error *error)
{
    int result =
        os_write(fd, meta, FORMAT_META_BYTES, (uint64_t)slot * PMA_PAGE_SIZE, FAULT_RECOVER_META);

    if (result)
        return error_set(error, result, "open %s: write of meta page %u", path, slot);
    result = os_sync_data(fd, FAULT_RECOVER_SYNC);
    if (result)
        return error_set(error, result, "open %s: sync of the file", path);
    result = sync_parent(path);
    return result ? error_set(error, result, "open %s: sync of its directory", path) : 0;
}

int recover_arena(const char *path, const struct pma_options *options, struct pma **arena,
                  struct pma_error *error)
{
    struct arena_source source;
    struct metas metas;
    struct pma *made = NULL;
    int result;

    if (options->previous && !options->read_only)
        return error_set(error, PMA_EARGUMENT, "open %s for writing at the previous snapshot",
                         path);
    source = (struct arena_source){.fd = os_open(path, !options->read_only, FAULT_OPEN_FILE)};
    if (source.fd < 0)
        return error_set(error, source.fd, "open %s", path);
    result = os_lock(source.fd, !options->read_only, FAULT_OPEN_LOCK);
    if (result) {
        result = result == -EWOULDBLOCK ? PMA_EBUSY : result;
        error_set(error, result, "lock %s", path);
        goto failed;
    }
    result = choose(path, options->previous, &metas, &source, error);
    if (!result)
        result = arena_new(&source, options, &made, error);
    /* Damage of the root is found now, before anything is written. */
    if (!result)
        result = arena_look(made, path, error);
    if (!result && !options->read_only)
        result = make_durable(source.fd, path, source.meta, source.slot, error);
    if (result)
        goto failed;
    *arena = made;
    return 0;

failed:
    if (made)
        arena_free(made);
    else
        os_close(source.fd, FAULT_NONE);
    return result;
}
