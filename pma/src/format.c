/* SPDX-License-Identifier: MIT */
#include "format.h"

#include <string.h>

#include <xxhash.h>

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the file is little-endian");

uint64_t format_checksum(const void *bytes, size_t count)
{
    return XXH3_64bits(bytes, count);
}

static uint64_t meta_checksum(const struct format_meta *meta)
{
    return format_checksum(meta, offsetof(struct format_meta, checksum));
}

void format_meta_seal(struct format_meta *meta)
{
    memcpy(meta->magic, FORMAT_MAGIC, sizeof(meta->magic));
    meta->version = FORMAT_VERSION;
    meta->byte_order = FORMAT_BYTE_ORDER;
    meta->page_size = PMA_PAGE_SIZE;
    memset(meta->reserved, 0, sizeof(meta->reserved));
    meta->checksum = meta_checksum(meta);
}

bool format_is_zero(const void *bytes, size_t count)
{
    const unsigned char *at = bytes;
    return count == 0 || (at[0] == 0 && memcmp(at, at + 1, count - 1) == 0);
}

int format_meta_validate(const void *bytes, const char **reason)
{
    struct format_meta meta;
    memcpy(&meta, bytes, sizeof(meta));

    if (format_is_zero(&meta, sizeof(meta))) {
        *reason = "never written";
        return PMA_ENOTARENA;
    }
    if (memcmp(meta.magic, FORMAT_MAGIC, sizeof(meta.magic)) != 0) {
        *reason = "wrong magic";
        return PMA_ENOTARENA;
    }
    /* The byte order comes first: on the wrong machine no other number means anything. */
    if (meta.byte_order != FORMAT_BYTE_ORDER) {
        *reason = "other byte order";
        return PMA_EMACHINE;
    }
    if (meta.version != FORMAT_VERSION) {
        *reason = "unknown format version";
        return PMA_EVERSION;
    }
    if (meta.page_size != PMA_PAGE_SIZE) {
        *reason = "other page size";
        return PMA_EMACHINE;
    }
    if (meta.checksum != meta_checksum(&meta)) {
        *reason = "wrong checksum";
        return PMA_ECORRUPT;
    }
    return 0;
}
