/* SPDX-License-Identifier: MIT */
/* docs/format.md, "Recovery". */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "operations.h"
#include "os.h"

struct candidates {
    struct format_meta meta[FORMAT_META_BLOCKS];
    int verdict[FORMAT_META_BLOCKS];
    const char *reason[FORMAT_META_BLOCKS];
};

static int read_metas(int fd, uint64_t length, struct candidates *candidates)
{
    static_assert(FORMAT_META_BLOCKS == 2, "two slots");
    unsigned char bytes[PMA_PAGE_SIZE + FORMAT_META_BYTES] = {0};
    int result =
        os_read(fd, bytes, length < sizeof(bytes) ? length : sizeof(bytes), 0, FAULT_RECOVER_READ);

    if (result)
        return result;
    for (unsigned slot = 0; slot < FORMAT_META_BLOCKS; slot++) {
        const unsigned char *record = bytes + slot * PMA_PAGE_SIZE;

        candidates->reason[slot] = "valid";
        candidates->verdict[slot] = format_meta_validate(record, &candidates->reason[slot]);
        memcpy(&candidates->meta[slot], record, FORMAT_META_BYTES);
    }
    return 0;
}

/* The code that says most about a file without a valid meta page. */
static int telling_code(const struct candidates *candidates)
{
    static const int codes[] = {PMA_EVERSION, PMA_EMACHINE, PMA_ECORRUPT};

    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
        if (candidates->verdict[0] == codes[i] || candidates->verdict[1] == codes[i])
            return codes[i];
    }
    return PMA_ENOTARENA;
}

static int choose_slot(const struct candidates *candidates, unsigned *slot)
{
    const bool first = !candidates->verdict[0], second = !candidates->verdict[1];

    if (!first && !second)
        return telling_code(candidates);
    *slot = second && (!first || candidates->meta[1].snapshot > candidates->meta[0].snapshot);
    return 0;
}

/* A checksum says that the record is whole, not that it makes sense. */
static bool makes_sense(const struct format_meta *meta)
{
    const uint64_t limit = UINT64_C(1) << 47;

    return meta->base > 0 && meta->base % PMA_PAGE_SIZE == 0 && meta->base < limit &&
           meta->reserved_pages > 0 &&
           meta->reserved_pages <= (limit - meta->base) / PMA_PAGE_SIZE && meta->snapshot > 0 &&
           meta->file_blocks >= FORMAT_META_BLOCKS &&
           (meta->fanout == 0 || meta->fanout >= FORMAT_MIN_FANOUT);
}

static int choose(int fd, const char *path, struct candidates *candidates, unsigned *slot,
                  uint64_t *blocks, struct pma_error *error)
{
    const struct format_meta *meta;
    uint64_t length;
    int result = os_length(fd, &length);

    if (!result)
        result = read_metas(fd, length, candidates);
    if (result)
        return error_set(error, result, "read %s", path);
    result = choose_slot(candidates, slot);
    if (result)
        return error_set(error, result, "open %s: meta page 0: %s, meta page 1: %s", path,
                         candidates->reason[0], candidates->reason[1]);
    meta = &candidates->meta[*slot];
    *blocks = length / PMA_PAGE_SIZE;
    if (!makes_sense(meta))
        return error_set(error, PMA_ECORRUPT, "open %s: meta page %u makes no sense", path, *slot);
    if (*blocks < meta->file_blocks)
        return error_set(error, PMA_ECORRUPT, "open %s: truncated to %lu of %lu blocks", path,
                         *blocks, meta->file_blocks);
    return 0;
}

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
    struct candidates candidates;
    struct pma *made = NULL;
    struct extent lowest;
    unsigned slot = 0;
    uint64_t blocks = 0;
    int result, fd = os_open(path, !options->read_only, FAULT_OPEN_FILE);

    if (fd < 0)
        return error_set(error, fd, "open %s", path);
    result = os_lock(fd, !options->read_only, FAULT_OPEN_LOCK);
    if (result) {
        result = result == -EWOULDBLOCK ? PMA_EBUSY : result;
        error_set(error, result, "lock %s", path);
        goto failed;
    }
    result = choose(fd, path, &candidates, &slot, &blocks, error);
    if (result)
        goto failed;
    result = arena_new(fd, &candidates.meta[slot], slot, blocks, options, &made, error);
    if (result)
        goto failed;
    if (!candidates.verdict[1 - slot]) {
        made->other = candidates.meta[1 - slot];
        made->recorded_blocks[1 - slot] = made->other.file_blocks;
    }

    /* Damage of the root is found now, before anything is written. */
    result = directory_next(&made->persistent, 0, &lowest);
    if (result && result != -ENOENT) {
        error_set(error, result, "open %s: root of the page directory in block %lu", path,
                  candidates.meta[slot].directory.block);
        goto failed;
    }
    result = options->read_only ? 0 : make_durable(fd, path, &candidates.meta[slot], slot, error);
    if (result)
        goto failed;
    *arena = made;
    return 0;

failed:
    if (made)
        arena_free(made);
    else
        os_close(fd, FAULT_NONE);
    return result;
}
