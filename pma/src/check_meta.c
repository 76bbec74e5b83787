/* SPDX-License-Identifier: MIT */
#include "check_walk.h"

#include <inttypes.h>
#include <string.h>

#include "error.h"

/* The slot's record: 0 if it is valid, else a code, and why in *reason. */
static int judge(const unsigned char *slot, size_t bytes, const char **reason)
{
    if (bytes >= FORMAT_META_BYTES)
        return format_meta_validate(slot, reason);
    *reason = "beyond the end of the file";
    return bytes >= 8 && memcmp(slot, FORMAT_MAGIC, 8) == 0 ? PMA_ECORRUPT : PMA_ENOTARENA;
}

/* When neither slot is valid, the code that says most about what the file is. */
static int worse(int a, int b)
{
    static const int order[] = {PMA_EVERSION, PMA_EMACHINE, PMA_ECORRUPT};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if (a == order[i] || b == order[i])
            return order[i];
    return PMA_ENOTARENA;
}

static void check_fields(struct check *check, unsigned slot, const struct format_meta *meta)
{
    if (meta->fanout != 0 && meta->fanout < FORMAT_MIN_FANOUT)
        check_finding(check, RULE_META_FIELDS,
                      "meta page %u has a fan-out of %" PRIu32 "; it is 0 or at least %d", slot,
                      meta->fanout, FORMAT_MIN_FANOUT);
    if (meta->snapshot == 0)
        check_finding(check, RULE_META_FIELDS, "meta page %u has snapshot number 0", slot);
    if (meta->snapshot >= FORMAT_SNAPSHOTS)
        check_finding(check, RULE_META_FIELDS,
                      "meta page %u has snapshot number %" PRIu64 "; numbers are below 2^61", slot,
                      meta->snapshot);
    if (meta->base % PMA_PAGE_SIZE != 0)
        check_finding(check, RULE_META_FIELDS,
                      "meta page %u has base 0x%" PRIx64 ", not a multiple of the page size", slot,
                      meta->base);
    const uint64_t end = UINT64_C(1) << CHECK_ADDRESS_BITS;
    if (meta->base == 0 || meta->base >= end || meta->reserved_pages == 0 ||
        meta->reserved_pages > (end - meta->base) / PMA_PAGE_SIZE)
        check_finding(check, RULE_META_FIELDS,
                      "meta page %u reserves %" PRIu64 " pages from 0x%" PRIx64
                      ", which is no range of addresses",
                      slot, meta->reserved_pages, meta->base);
    if (meta->file_blocks < FORMAT_META_BLOCKS)
        check_finding(check, RULE_META_FIELDS,
                      "meta page %u says that the file has %" PRIu64
                      " blocks; the meta pages alone are 2",
                      slot, meta->file_blocks);
    if (!format_is_zero(meta->reserved, sizeof meta->reserved))
        check_finding(check, RULE_RESERVED_ZERO,
                      "meta page %u has reserved bytes that are not zero", slot);
    if (meta->file_blocks > check->file.bytes / PMA_PAGE_SIZE)
        check_finding(check, RULE_FILE_LENGTH,
                      "the file has %" PRIu64 " whole blocks, meta page %u (snapshot %" PRIu64
                      ") says %" PRIu64,
                      check->file.bytes / PMA_PAGE_SIZE, slot, meta->snapshot, meta->file_blocks);
}

static void check_agreement(struct check *check, const struct format_meta *metas)
{
    if (metas[0].snapshot == metas[1].snapshot)
        check_finding(check, RULE_METAS_AGREE, "both meta pages are of snapshot %" PRIu64,
                      metas[0].snapshot);
    if (memcmp(metas[0].uuid, metas[1].uuid, sizeof metas[0].uuid) != 0)
        check_finding(check, RULE_METAS_AGREE, "the meta pages have different UUIDs");
    if (metas[0].base != metas[1].base || metas[0].reserved_pages != metas[1].reserved_pages)
        check_finding(check, RULE_METAS_AGREE, "the meta pages have different address ranges");
    if (metas[0].fanout != metas[1].fanout)
        check_finding(check, RULE_METAS_AGREE,
                      "the meta pages have different fan-outs, %" PRIu32 " and %" PRIu32,
                      metas[0].fanout, metas[1].fanout);
}

static void choose(struct check_metas *metas)
{
    const struct format_meta *first = metas->reason[0] ? NULL : &metas->meta[0];
    const struct format_meta *second = metas->reason[1] ? NULL : &metas->meta[1];
    bool swap = !first || (second && second->snapshot > first->snapshot);
    metas->newest = swap ? second : first;
    metas->previous = swap ? first : second;
}

int check_metas(struct check *check, struct check_metas *metas)
{
    unsigned char bytes[FORMAT_META_BLOCKS][PMA_PAGE_SIZE] = {0};
    size_t length = check->file.bytes < sizeof bytes ? (size_t)check->file.bytes : sizeof bytes;
    if (length == 0)
        return error_set(check->file.error, PMA_ENOTARENA, "%s: empty", check->file.path);
    int code = check_file_read(&check->file, 0, bytes, length);
    if (code != 0)
        return code;

    int codes[FORMAT_META_BLOCKS];
    for (unsigned slot = 0; slot < FORMAT_META_BLOCKS; slot++) {
        size_t start = (size_t)slot * PMA_PAGE_SIZE;
        metas->reason[slot] = NULL;
        codes[slot] = judge(bytes[slot], length > start ? length - start : 0, &metas->reason[slot]);
        if (codes[slot] == 0)
            metas->reason[slot] = NULL;
        memcpy(&metas->meta[slot], bytes[slot], sizeof metas->meta[slot]);
    }
    if (codes[0] != 0 && codes[1] != 0) {
        code = worse(codes[0], codes[1]);
        return error_set(check->file.error, code, "%s (meta page 0: %s; meta page 1: %s)",
                         check->file.path, metas->reason[0], metas->reason[1]);
    }

    if (check->file.bytes % PMA_PAGE_SIZE != 0)
        check_finding(check, RULE_FILE_LENGTH,
                      "the file is %" PRIu64 " bytes long, not a whole number of blocks",
                      check->file.bytes);
    for (unsigned slot = 0; slot < FORMAT_META_BLOCKS; slot++) {
        if (codes[slot] == 0)
            check_fields(check, slot, &metas->meta[slot]);
        else if (!format_is_zero(bytes[slot], FORMAT_META_BYTES) || length < sizeof bytes)
            check_finding(check, RULE_META_VALID,
                          "meta page %u is not valid (%s): a crash cut its write short, or it is "
                          "damaged and its snapshot lost",
                          slot, metas->reason[slot]);
        if (!format_is_zero(bytes[slot] + FORMAT_META_BYTES, PMA_PAGE_SIZE - FORMAT_META_BYTES))
            check_finding(check, RULE_RESERVED_ZERO,
                          "the bytes after the record of meta page %u are not zero", slot);
    }
    if (codes[0] == 0 && codes[1] == 0)
        check_agreement(check, metas->meta);
    choose(metas);
    return 0;
}
