/* SPDX-License-Identifier: MIT */
/* The bottom of the offline checker: the file that it reads, and the tree nodes read so far. */
#ifndef CHECK_FILE_H
#define CHECK_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "format.h"

/* A tree node as bytes that may be anything. */
union check_node {
    struct format_node_header header;
    struct format_leaf leaf;
    struct format_inner inner;
    struct format_sums_leaf sums_leaf;
    struct format_sums_inner sums_inner;
};

struct check_content {
    uint64_t block;
    uint64_t checksum; /* of the bytes as they are */
    const union check_node *node;
};

/*
 * Nodes stay in memory until the file is closed: the two snapshots share most of them, and a block
 * that is read once looks the same to both walks.
 */
struct check_file {
    const char *path;
    struct pma_error *error;
    int fd;
    uint64_t bytes;
    bool stopped;                   /* whatever is to be read now fails with -ECANCELED */
    struct check_content *contents; /* hashed by block; `node` NULL = an empty place */
    size_t contents_size, contents_used;
    void **slabs;
    size_t slabs_size, slabs_used;
};

/* Takes a regular file only. On failure too, check_file_close may be called. */
int check_file_open(struct check_file *file, const char *path, struct pma_error *error);
void check_file_close(struct check_file *file);

/* Says so in file->error; returns -ENOMEM. */
int check_file_out_of_memory(const struct check_file *file);

/* Reads exactly `bytes` bytes, which must lie inside the file. */
int check_file_read(struct check_file *file, uint64_t offset, void *buffer, size_t bytes);

/* Reads those of the blocks that are not in memory yet, consecutive ones with one call. */
int check_file_load(struct check_file *file, const uint64_t *blocks, size_t count);

/* The content of a node's block, read if need be. */
int check_file_node(struct check_file *file, uint64_t block, struct check_content *content);

#endif
