/* SPDX-License-Identifier: MIT */
#include "check_walk.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *check_tree_name(enum pma_check_tree tree)
{
    return tree == PMA_CHECK_DIRECTORY ? "directory" : "checksum";
}

/* What a block is used for, for findings. Page `page` if that is known. */
static void describe(char *text, size_t bytes, enum check_owner owner, const uint64_t *page)
{
    static const char *const names[] = {
        [OWNER_NONE] = "nothing",
        [OWNER_DATA] = "data of another page",
        [OWNER_DIRECTORY] = "a directory node",
        [OWNER_SUMS] = "a checksum node",
    };
    if (owner == OWNER_DATA && page)
        snprintf(text, bytes, "data of page %" PRIu64, *page);
    else
        snprintf(text, bytes, "%s", names[owner]);
}

static bool is_inside(struct check_walk *walk, enum check_owner owner, uint64_t block,
                      uint64_t length, uint64_t page)
{
    bool is_meta = block < FORMAT_META_BLOCKS;
    if (!is_meta && block < walk->limit && length <= walk->limit - block)
        return true;
    char what[64];
    describe(what, sizeof what, owner, &page);
    if (is_meta)
        check_finding(walk->check, RULE_BLOCKS_INSIDE_FILE,
                      "block %" PRIu64 ", a meta page, is named as %s", block, what);
    else
        check_finding(walk->check, RULE_BLOCKS_INSIDE_FILE,
                      "%s is in block %" PRIu64 " (%" PRIu64
                      " long), but the blocks end at %" PRIu64,
                      what, block, length, walk->limit);
    return false;
}

static enum check_owner owner_of(const struct check_walk *walk, uint64_t block)
{
    const struct check_block *state = &walk->check->blocks[block];
    return walk->seen ? state->owner_other : state->owner_walked;
}

bool check_own(struct check_walk *walk, enum check_owner owner, uint64_t block, uint64_t length,
               uint64_t page)
{
    if (!is_inside(walk, owner, block, length, page))
        return false;
    for (uint64_t i = 0; i < length; i++) {
        enum check_owner earlier = owner_of(walk, block + i);
        if (earlier != OWNER_NONE) {
            char one[64], other[64];
            uint64_t at = page + i;
            describe(one, sizeof one, owner, &at);
            describe(other, sizeof other, earlier, NULL);
            check_finding(walk->check, RULE_BLOCKS_OWNED_ONCE,
                          "block %" PRIu64 " is both %s and %s", block + i, one,
                          owner == earlier && owner != OWNER_DATA ? "another one" : other);
            return false;
        }
        struct check_block *state = &walk->check->blocks[block + i];
        walk->reached++;
        if (walk->seen) {
            state->owner_other = owner;
            walk->limbo += state->owner_walked == OWNER_NONE;
        } else {
            state->owner_walked = owner;
        }
    }
    return true;
}

/* "directory node 9 (under node 5)": what findings call the node at a place. */
static const char *place_name(const struct check_place *place, char *text, size_t bytes)
{
    if (place->parent)
        snprintf(text, bytes, "%s node %" PRIu64 " (under node %" PRIu64 ")",
                 check_tree_name(place->tree), place->ref->block, place->parent);
    else
        snprintf(text, bytes, "%s root %" PRIu64, check_tree_name(place->tree), place->ref->block);
    return text;
}

static bool check_reference(struct check_walk *walk, const struct check_place *place,
                            const char *name)
{
    const struct format_ref *ref = place->ref;
    if (ref->reserved != 0)
        check_finding(walk->check, RULE_RESERVED_ZERO,
                      "the reference to %s has reserved bytes that are not zero", name);
    if (ref->epoch == 0 || ref->epoch > place->parent_epoch)
        check_finding(walk->check, RULE_EPOCHS_ORDERED,
                      "%s is of snapshot %" PRIu64 ", what names it of snapshot %" PRIu64, name,
                      ref->epoch, place->parent_epoch);
    if (ref->depth != place->depth) {
        check_finding(walk->check, RULE_DEPTHS_EQUAL,
                      "%s has depth %" PRIu32 ", its place demands %" PRIu32, name, ref->depth,
                      place->depth);
        return false;
    }
    return true;
}

/* Whether the header is that of the node which the place demands, so that the rest can be read. */
static bool check_header(struct check_walk *walk, const struct check_place *place,
                         const struct format_node_header *header, const char *name)
{
    uint32_t kind = place->tree == PMA_CHECK_DIRECTORY ? FORMAT_KIND_DIRECTORY : FORMAT_KIND_SUMS;
    if (header->epoch != place->ref->epoch)
        check_finding(walk->check, RULE_CHECKSUMS_MATCH,
                      "%s was written by snapshot %" PRIu64 ", what names it says %" PRIu64, name,
                      header->epoch, place->ref->epoch);
    if (header->block != place->ref->block)
        check_finding(walk->check, RULE_NODES_IN_PLACE, "%s says that it is in block %" PRIu64,
                      name, header->block);
    if (header->kind != kind) {
        check_finding(walk->check, RULE_NODES_IN_PLACE,
                      "%s is of kind 0x%08" PRIx32 ", not 0x%08" PRIx32, name, header->kind, kind);
        return false;
    }
    if (header->level != place->depth - 1) {
        check_finding(walk->check, RULE_NODES_IN_PLACE,
                      "%s says that it is of level %d, its place demands %" PRIu32, name,
                      header->level, place->depth - 1);
        return false;
    }
    return true;
}

int check_enter(struct check_walk *walk, const struct check_place *place,
                struct check_content *content)
{
    char name[96];
    place_name(place, name, sizeof name);
    bool fits = check_reference(walk, place, name);
    enum check_owner owner = place->tree == PMA_CHECK_DIRECTORY ? OWNER_DIRECTORY : OWNER_SUMS;
    if (!check_own(walk, owner, place->ref->block, 1, 0) || !fits)
        return 0;
    int code = check_file_node(&walk->check->file, place->ref->block, content);
    if (code != 0)
        return code;
    walk->nodes++;
    if (content->checksum != place->ref->checksum) {
        check_finding(walk->check, RULE_CHECKSUMS_MATCH,
                      "%s has checksum %016" PRIx64 ", what names it says %016" PRIx64, name,
                      content->checksum, place->ref->checksum);
        fits = false;
    } else {
        fits = check_header(walk, place, &content->node->header, name);
    }
    if (!fits)
        check_report_node(walk, place, content, place->first, place->first);
    return fits;
}

void check_report_node(const struct check_walk *walk, const struct check_place *place,
                       const struct check_content *content, uint64_t first, uint64_t last)
{
    const struct pma_check_visitor *visitor = walk->check->visitor;
    if (!visitor->node || walk->seen)
        return;
    const struct format_node_header *header = &content->node->header;
    visitor->node(visitor->context, &(struct pma_check_node){
                                        .tree = place->tree,
                                        .block = place->ref->block,
                                        .parent = place->parent,
                                        .level = header->level,
                                        .count = header->count,
                                        .depth = place->distance,
                                        .first = first,
                                        .last = last,
                                        .epoch = header->epoch,
                                        .sum_ok = content->checksum == place->ref->checksum &&
                                                  header->epoch == place->ref->epoch,
                                    });
}

int check_load_children(struct check_walk *walk, const struct format_ref *first, size_t stride,
                        size_t count, uint32_t depth)
{
    uint64_t blocks[FORMAT_SUMS_INNER];
    size_t wanted = 0;
    if (walk->check->first)
        return 0;
    for (size_t i = 0; i < count; i++) {
        const struct format_ref *ref =
            (const struct format_ref *)((const char *)first + i * stride);
        if (ref->depth == depth && ref->block >= FORMAT_META_BLOCKS && ref->block < walk->limit &&
            owner_of(walk, ref->block) == OWNER_NONE)
            blocks[wanted++] = ref->block;
    }
    return check_file_load(&walk->check->file, blocks, wanted);
}
