/* SPDX-License-Identifier: MIT */
/* Changes of what only memory knows about extents. */
#include <errno.h>

#include "directory_replace.h"

struct flagging {
    uint64_t first, end;
    uint8_t clear, set;
};

/*
 * MAPPED says that all of an extent is mapped: setting it on a part does not make that true,
 * clearing it on a part makes it untrue.
 */
static int flag_mapped(struct directory *directory, const struct flagging *flagging,
                       const struct extent *extent)
{
    bool whole = extent->page >= flagging->first && extent_end(extent) <= flagging->end;
    if (flagging->set & EXTENT_MAPPED && !whole)
        return 0;
    struct path path;
    int error = directory_descend(directory, extent->page, &path);
    if (error == 0)
        path.at[0].node->flags[path.at[0].slot] ^= EXTENT_MAPPED;
    return error;
}

/* A change of flags runs twice over the extents: to read and reserve, then to do it. */
enum pass { PREPARE, COMMIT };

static int flag_extents(struct directory *directory, const struct flagging *flagging,
                        enum pass pass)
{
    /* No flag is on disk, and all but MAPPED are in dirty leaves only. */
    enum directory_leaves leaves = flagging->set                     ? LEAVES_ALL
                                   : flagging->clear & EXTENT_MAPPED ? LEAVES_LOADED
                                                                     : LEAVES_DIRTY;
    for (uint64_t page = flagging->first; page < flagging->end;) {
        struct extent extent;
        int error = directory_seek(directory, leaves, page, &extent);
        if (error == -ENOENT || (error == 0 && extent.page >= flagging->end))
            return 0;
        if (error)
            return error;

        struct extent part = extent_clip(&extent, page, flagging->end);
        part.flags = (uint8_t)((part.flags & ~flagging->clear) | flagging->set);
        uint8_t changed = part.flags ^ extent.flags;
        struct replacement plan;
        if (changed == EXTENT_MAPPED && pass == COMMIT) {
            error = flag_mapped(directory, flagging, &extent);
        } else if (changed & ~EXTENT_MAPPED) {
            error = replacement_plan(directory, part.page, extent_end(&part), &part, &plan);
            if (error == 0)
                error = pass == COMMIT ? replacement_commit(directory, &plan)
                                       : replacement_read(directory, &plan);
        }
        if (error)
            return error;
        page = extent_end(&part);
    }
    return 0;
}

bool directory_flag_in_place(struct directory *directory, uint64_t page, uint64_t length,
                             uint8_t clear, uint8_t set)
{
    struct node *leaf = directory->root;
    while (leaf && tree_level(leaf) > 0)
        leaf = leaf->children[directory_node_covering(leaf, page)];
    if (!leaf || !leaf->dirty)
        return false;
    const unsigned slot = directory_node_covering(leaf, page);
    if (slot == 0 || slot + 1 >= directory_node_count(leaf))
        return false;

    struct extent extent = directory_node_extent(leaf, slot);
    const struct extent before = directory_node_extent(leaf, slot - 1);
    const struct extent behind = directory_node_extent(leaf, slot + 1);
    if (extent.page != page || extent.length != length)
        return false;
    const uint8_t old = extent.flags;
    extent.flags = (uint8_t)((old & ~clear) | set);
    if (extent_continues(&before, &extent) || extent_continues(&extent, &behind))
        return false;
    directory_count_flags(directory, old, false);
    directory_count_flags(directory, extent.flags, true);
    leaf->flags[slot] = extent.flags;
    return true;
}

int directory_flag(struct directory *directory, uint64_t page, uint64_t length, uint8_t clear,
                   uint8_t set)
{
    struct flagging flagging = {
        .first = page,
        .end = replacement_end(page, length),
        .clear = clear,
        .set = set,
    };
    if (directory_flag_in_place(directory, page, length, clear, set))
        return 0;
    int error = flag_extents(directory, &flagging, PREPARE);
    /* Only the first and the last extent are cut, so this splits no more than a replacement. */
    if (error == 0)
        error = replacement_reserve(directory);
    if (error == 0)
        error = flag_extents(directory, &flagging, COMMIT);
    return error;
}
