/* SPDX-License-Identifier: MIT */
/*
 * Shows crash states to recoveries, many one after the other in one process.
 *
 * An image is a directory with one file for each file of the trace, in memory. Before each run the
 * blocks that differ from the wanted state are rewritten, and only those. What the crash point
 * leaves open, and the path does not decide, is decided when the recovery first looks at it:
 * lengths and names by the calls that ask for them, blocks before a call that reads them, or at the
 * fault of a guarded page. Whatever the recovery looked at is appended to the path.
 *
 * This is the second backend of interpose.h; there is one image a process.
 */
#ifndef IMAGE_H
#define IMAGE_H

#include "cursor.h"

/* Part of a mapping of an image file; pages and blocks correspond one to one. */
struct image_segment {
    uintptr_t start;
    size_t pages;
    uint64_t block; /* of the first page */
    uint32_t file;
    int protection; /* as the program asked for it */
    bool shared;
    bool read_only; /* and not to be made writable: so was its descriptor */
    bool stored;    /* shared, and writable at some time */
    bool watched;   /* the kernel can tell which pages were touched */
};

/*
 * What one recovery is given and what it looks at; in shared memory, so that it outlives a recovery
 * that crashes. The first `forced` entries are decided beforehand; items looked at beyond them are
 * appended, each once, in order.
 */
struct image_path {
    uint32_t *items;
    uint64_t *values;
    uint32_t count, forced;
    uint32_t forced_seen; /* how many of the forced ones the recovery looked at */
    /* What it has mapped, by address. What it touched there is appended when it is unmapped. */
    struct image_segment *segments;
    size_t segment_count;
};

/* With room for all items of a trace. */
int image_path_init(struct image_path *path, const fsim_cursor_t *cursor);
void image_path_deinit(struct image_path *path, const fsim_cursor_t *cursor);

/* Picks a value for an open item that the path does not decide; runs in signal handlers. NULL takes
 * the latest one. */
typedef uint64_t image_choice(void *context, uint32_t item, const uint64_t *values, size_t count);

struct image;

/* `directory` exists and is empty. It and the trace must outlive the image; removing it is the
 * caller's business. */
int image_new(const fsim_trace_t *trace, const fsim_cursor_t *cursor, const char *directory,
              struct image **image);
void image_free(struct image *image);

/* The directory that a recovery is handed. */
const char *image_directory(const struct image *image);

/* The cursor has advanced: runs start from its crash states from now on. */
void image_point(struct image *image, const fsim_cursor_t *cursor);

/* Between these two the calls of this process see the crash state. image_end gives back what the
 * recovery left open and mapped. Returns 0 or the first error in keeping the image. */
void image_begin(struct image *image, struct image_path *path, image_choice *choose, void *context);
int image_end(struct image *image);

/* In a child, between these two: from here on the recovery runs in this process. */
void image_inherit(void);

/* A recovery is dying of a signal: appends what it touched in its mappings. Safe in handlers. */
void image_last_words(struct image *image);

/* It died without last words: whatever it had mapped counts as touched. Returns whether that added
 * anything, in which case the path may name items that the recovery never looked at. */
bool image_path_assume(struct image_path *path, const fsim_cursor_t *cursor);

#endif
