/* SPDX-License-Identifier: MIT */
#include "tree.h"

#include <errno.h>

struct node *tree_make(struct nodes *pool, uint32_t kind, unsigned level, uint64_t *dirty)
{
    struct node *node = nodes_take(pool);
    if (node) {
        node->bytes->header.kind = kind;
        node->bytes->header.level = (uint16_t)level;
        tree_make_dirty(node, dirty);
    }
    return node;
}

struct format_ref *tree_ref(const struct node *inner, unsigned slot)
{
    return inner->bytes->header.kind == FORMAT_KIND_DIRECTORY
               ? &inner->bytes->inner.children[slot].ref
               : &inner->bytes->sums_inner.children[slot];
}

int tree_read(struct nodes *pool, const struct directory_host *host, const struct format_ref *ref,
              uint32_t kind, struct node **node)
{
    if (ref->depth == 0 || ref->depth > TREE_MAX_DEPTH)
        return PMA_ECORRUPT;
    int error = nodes_reserve(pool, 1);
    if (error)
        return error;
    struct node *read = nodes_take(pool);
    error = host->read(host->context, ref->block, read->bytes);
    if (error)
        goto give;

    const struct format_node_header *header = &read->bytes->header;
    error = PMA_ECORRUPT;
    if (format_checksum(read->bytes, sizeof(*read->bytes)) != ref->checksum)
        goto give;
    if (header->kind != kind || header->level != ref->depth - 1 || header->block != ref->block ||
        header->epoch != ref->epoch)
        goto give;
    read->block = ref->block;
    *node = read;
    return 0;

give:
    nodes_give(pool, read);
    return error;
}

void tree_discard(struct nodes *pool, const struct directory_host *host, struct node *node,
                  uint64_t *dirty)
{
    *dirty -= node->dirty;
    if (node->block != 0)
        host->drop(host->context, node->block);
    nodes_give(pool, node);
}

static unsigned slots(const struct node *node)
{
    return tree_level(node) > 0 ? node->bytes->header.count : 0;
}

void tree_release(struct nodes *pool, struct node *root)
{
    if (!root)
        return;
    for (unsigned slot = 0; slot < slots(root); slot++)
        tree_release(pool, root->children[slot]);
    nodes_give(pool, root);
}

uint64_t tree_count_dirty(const struct node *root)
{
    if (!root || !root->dirty)
        return 0;
    uint64_t count = 1;
    for (unsigned slot = 0; slot < slots(root); slot++)
        count += tree_count_dirty(root->children[slot]);
    return count;
}

/* Puts the bytes of a node, whose children are all clean, on a fresh block. */
static int write_node(const struct directory_host *host, const struct directory_writer *writer,
                      struct node *node, struct format_ref *ref, uint64_t *dirty)
{
    uint64_t block;
    int error = writer->take(writer->context, &block);
    if (error)
        return error;
    /* The header of a node that stays dirty is never looked at, so a failure needs no undoing. */
    node->bytes->header.block = block;
    node->bytes->header.epoch = writer->epoch;
    error = writer->write(writer->context, block, node->bytes);
    if (error) {
        host->drop(host->context, block);
        return error;
    }
    if (node->block != 0)
        host->drop(host->context, node->block);
    node->block = block;
    node->dirty = false;
    --*dirty;
    *ref = (struct format_ref){
        .block = block,
        .checksum = format_checksum(node->bytes, sizeof(*node->bytes)),
        .epoch = writer->epoch,
        .depth = tree_level(node) + 1,
    };
    return 0;
}

int tree_write(const struct directory_host *host, const struct directory_writer *writer,
               struct node *root, struct format_ref *ref, uint64_t *dirty)
{
    if (!root || !root->dirty)
        return 0;
    for (unsigned slot = 0; slot < slots(root); slot++) {
        struct node *below = root->children[slot];
        if (below && below->dirty) {
            int error = tree_write(host, writer, below, tree_ref(root, slot), dirty);
            if (error)
                return error;
        }
    }
    return write_node(host, writer, root, ref, dirty);
}

void tree_redo(struct node *root, uint64_t epoch, uint64_t *dirty)
{
    /* A node is written after all that is below it, so an old clean one has nothing new below. */
    if (!root || (root->bytes->header.epoch < epoch && !root->dirty))
        return;
    tree_make_dirty(root, dirty);
    for (unsigned slot = 0; slot < slots(root); slot++)
        tree_redo(root->children[slot], epoch, dirty);
}
