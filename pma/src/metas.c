/* SPDX-License-Identifier: MIT */
#include "metas.h"

#include <string.h>

#include "os.h"
#include "pins.h"

int metas_read(int fd, enum fault_point point, const char *path, struct metas *metas,
               struct pma_error *error)
{
    static_assert(FORMAT_META_BLOCKS == 2, "two slots");
    unsigned char bytes[PMA_PAGE_SIZE + FORMAT_META_BYTES] = {0};
    uint64_t length;
    int result = os_length(fd, &length);

    if (!result)
        result = os_read(fd, bytes, length < sizeof(bytes) ? length : sizeof(bytes), 0, point);
    if (result)
        return error_set(error, result, "read %s", path);
    for (unsigned slot = 0; slot < FORMAT_META_BLOCKS; slot++) {
        const unsigned char *record = bytes + slot * PMA_PAGE_SIZE;

        metas->reason[slot] = "valid";
        metas->verdict[slot] = format_meta_validate(record, &metas->reason[slot]);
        memcpy(&metas->meta[slot], record, FORMAT_META_BYTES);
    }
    return 0;
}

static int telling_code(const struct metas *metas)
{
    static const int codes[] = {PMA_EVERSION, PMA_EMACHINE, PMA_ECORRUPT};

    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
        if (metas->verdict[0] == codes[i] || metas->verdict[1] == codes[i])
            return codes[i];
    }
    return PMA_ENOTARENA;
}

int metas_newest(const struct metas *metas, const char *path, unsigned *slot,
                 struct pma_error *error)
{
    const bool first = !metas->verdict[0], second = !metas->verdict[1];

    if (!first && !second)
        return error_set(error, telling_code(metas), "open %s: meta page 0: %s, meta page 1: %s",
                         path, metas->reason[0], metas->reason[1]);
    *slot = second && (!first || metas->meta[1].snapshot > metas->meta[0].snapshot);
    return 0;
}

static bool makes_sense(const struct format_meta *meta)
{
    const uint64_t limit = UINT64_C(1) << 47;

    return meta->base > 0 && meta->base % PMA_PAGE_SIZE == 0 && meta->base < limit &&
           meta->reserved_pages > 0 &&
           meta->reserved_pages <= (limit - meta->base) / PMA_PAGE_SIZE && meta->snapshot > 0 &&
           meta->snapshot < FORMAT_SNAPSHOTS && meta->file_blocks >= FORMAT_META_BLOCKS &&
           (meta->fanout == 0 || meta->fanout >= FORMAT_MIN_FANOUT);
}

int metas_check(int fd, const char *path, const struct format_meta *meta, uint64_t *blocks,
                struct pma_error *error)
{
    uint64_t length;
    int result = os_length(fd, &length);

    if (result)
        return error_set(error, result, "read %s", path);
    if (!makes_sense(meta))
        return error_set(error, PMA_ECORRUPT, "open %s: snapshot %lu makes no sense", path,
                         meta->snapshot);
    *blocks = length / PMA_PAGE_SIZE;
    if (*blocks < meta->file_blocks)
        return error_set(error, PMA_ECORRUPT, "open %s: truncated to %lu of %lu blocks", path,
                         *blocks, meta->file_blocks);
    return 0;
}
