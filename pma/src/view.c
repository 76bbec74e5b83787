/* SPDX-License-Identifier: MIT */
/* docs/views.md: how a view gets hold of a snapshot while a writer goes on. */
#include <errno.h>
#include <string.h>

#include "metas.h"
#include "operations.h"
#include "os.h"
#include "pins.h"

/* The slot of the snapshot that is wanted, as the meta pages are now. -EAGAIN: not at the moment.
 */
static int choose(int fd, const char *path, bool previous, const struct metas *metas,
                  unsigned *slot, struct pma_error *error)
{
    unsigned newest;
    int hidden, result = metas_newest(metas, path, &newest, error);

    if (result)
        return result;
    hidden = pins_is_hidden(fd, metas->meta[newest].snapshot);
    if (hidden < 0)
        return error_set(error, hidden, "open %s: ask who holds snapshot %lu", path,
                         metas->meta[newest].snapshot);
    if (hidden && previous)
        return error_set(error, -EAGAIN,
                         "open %s: a snapshot is being written over the previous one", path);
    *slot = hidden || previous ? 1 - newest : newest;
    if (!metas->verdict[*slot])
        return 0;
    return error_set(error, hidden ? -EAGAIN : -ENOENT, "open %s: snapshot before %lu", path,
                     metas->meta[newest].snapshot);
}

static int still_there(const char *path, const struct arena_source *source, struct pma_error *error)
{
    struct metas now;
    int result = metas_read(source->fd, FAULT_VIEW_READ, path, &now, error);

    if (!result && memcmp(&now.meta[source->slot], source->meta, FORMAT_META_BYTES) != 0)
        result = error_set(error, -EAGAIN, "open %s: snapshot %lu was overwritten", path,
                           source->meta->snapshot);
    return result;
}

/*
 * The writer asks for pins after it has overwritten a meta page, and before it reuses what that one
 * named or makes the file shorter. So a pin counts, and what was seen of the file is true, if the
 * meta page is found unchanged afterwards.
 */
static int try_to_pin(const char *path, bool previous, struct metas *metas,
                      struct arena_source *source, struct pma_error *error)
{
    uint64_t snapshot, length;
    int checked, result = metas_read(source->fd, FAULT_VIEW_READ, path, metas, error);

    if (!result)
        result = choose(source->fd, path, previous, metas, &source->slot, error);
    if (result)
        return result;
    source->meta = &metas->meta[source->slot];
    snapshot = source->meta->snapshot;
    result = pins_hold(source->fd, snapshot);
    if (result)
        return error_set(error, result, "open %s: hold snapshot %lu", path, snapshot);
    checked = metas_check(source->fd, path, source->meta, &length, error);
    result = still_there(path, source, error);
    if (!result)
        result = checked;
    if (result)
        pins_release(source->fd, snapshot);
    return result;
}

static int open_view(const char *path, const struct pma_options *options, bool aside,
                     struct pma **arena, struct pma_error *error)
{
    enum { ATTEMPTS = 1000 };
    struct arena_source source = {
        .fd = os_open(path, false, FAULT_OPEN_FILE), .view = true, .aside = aside};
    struct metas metas;
    struct pma *made = NULL;
    int result = -EAGAIN;

    if (source.fd < 0)
        return error_set(error, source.fd, "open %s", path);
    for (int attempt = 0; attempt < ATTEMPTS && result == -EAGAIN; attempt++)
        result = try_to_pin(path, options->previous, &metas, &source, error);
    if (!result) {
        /* Not its length: the file gets longer, or shorter behind what this snapshot has of it. */
        source.file_blocks = source.meta->file_blocks;
        result = arena_new(&source, options, &made, error);
    }
    if (!result)
        result = arena_look(made, path, error);
    if (!result) {
        *arena = made;
        return 0;
    }
    if (made)
        arena_free(made);
    else
        os_close(source.fd, FAULT_NONE);
    return result;
}

int view_arena(const char *path, const struct pma_options *options, struct pma **arena,
               struct pma_error *error)
{
    return open_view(path, options, false, arena, error);
}

int view_arena_aside(const char *path, const struct pma_options *options, struct pma **arena,
                     struct pma_error *error)
{
    return open_view(path, options, true, arena, error);
}
