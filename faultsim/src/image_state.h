/* SPDX-License-Identifier: MIT */
/* What the parts of the image share: image.c (states), image_files.c, image_names.c and
 * image_memory.c (calls on descriptors, on names, on mappings), image_touched.c (what mappings
 * showed). */
#ifndef IMAGE_STATE_H
#define IMAGE_STATE_H

#include <limits.h>
#include <sys/types.h>

#include "image.h"
#include "interpose.h"

enum {
    IMAGE_MAX_FD = 1 << 16,
    IMAGE_MAX_SEGMENTS = 1 << 17, /* twice what the kernel allows by default */
    IMAGE_OUTSIDE = UINT32_MAX,   /* a descriptor or name that is not the image's business */
    IMAGE_DIRECTORY = UINT32_MAX - 1,
    IMAGE_OWN_FILE = UINT32_MAX - 2, /* a file that the recovery made */
};

/* Content that no content id stands for, since the recovery may have written to it. */
#define HELD_UNKNOWN UINT64_MAX

struct image_item {
    uint64_t value;    /* the only one, or the one decided in run `forced` or `seen` */
    uint32_t forced;   /* the last run whose path decided it beforehand */
    uint32_t seen;     /* the last run that looked at it */
    uint32_t replaced; /* blocks: the last run that overwrote it before looking */
    bool open;         /* has several values at this crash point */
};

struct image_block {
    uint64_t held; /* content id in the file now */
    uint32_t item;
    bool stale; /* listed: `held` may not be what the next run wants */
};

struct image_file {
    int fd;
    uint8_t *view; /* the file, mapped for placing blocks */
    ino_t inode;
    off_t length; /* now */
    uint32_t length_item;
    struct image_block *blocks;
    size_t block_count; /* that the file has in any crash state */
    uint32_t *stale;
    size_t stale_count;
    uint32_t settled;   /* the last run that brought it to its crash state */
    off_t crash_length; /* in that run */
};

struct image_name {
    const char *text;
    uint32_t item;
    uint64_t linked; /* the file that it refers to now, or HELD_UNKNOWN */
};

/* All of it is in shared memory: a recovery may run in a child. */
struct image {
    const fsim_trace_t *trace;
    const fsim_cursor_t *cursor;
    uint32_t run;
    bool running;
    bool has_open_items;
    bool strays;      /* the directory may hold names that no trace knows */
    bool handed_over; /* to another program, in this run */
    int error;

    struct image_path *path;
    image_choice *choose;
    void *choose_context;

    struct image_item *items;
    size_t item_count;
    struct image_file *files; /* by file id */
    size_t file_count;
    struct image_name *names; /* sorted by text */
    size_t name_count;

    int store; /* descriptor of the directory of backing files */
    int shown; /* descriptor of the directory of names */
    char path_of_shown[PATH_MAX];
    size_t path_bytes;
    ino_t inode_of_shown;
    dev_t device;

    uint32_t *descriptors; /* by descriptor: a file id, IMAGE_DIRECTORY, IMAGE_OWN_FILE, or 0 */
    int highest_descriptor;

    struct image_segment *scratch; /* room for all segments, for moving some */
};

/* image.c */
void image_fail(struct image *image, int error);
uint64_t image_look(struct image *image, uint32_t item);
/* Brings a file to its crash state, once a run: its length is looked at, decided blocks are put in
 * place. */
void image_settle(struct image *image, struct image_file *file);
/* How many blocks of the crash state a settled file has. */
size_t image_crash_blocks(const struct image_file *file);
/* The recovery sees the block: it is decided now if need be. */
void image_look_block(struct image *image, uint32_t file, size_t block);
/* Whether looking at the block would decide it. */
bool image_is_guarded(const struct image *image, const struct image_file *file, size_t block);
/* The recovery changed blocks [first, end). `held`: what is in them now. */
void image_soil(struct image_file *file, size_t first, size_t end, uint64_t held);
/* The recovery is about to replace blocks [first, end) as wholes. */
void image_replace(struct image *image, uint32_t file, size_t first, size_t end);
static inline size_t image_blocks_of(off_t bytes)
{
    return (size_t)((bytes + FSIM_BLOCK_SIZE - 1) / FSIM_BLOCK_SIZE);
}

static inline uintptr_t image_segment_end(const struct image_segment *segment)
{
    return segment->start + segment->pages * FSIM_BLOCK_SIZE;
}
/* Of segments by address, the first that ends above one; their number if there is none. */
static inline size_t image_first_above(const struct image_segment *segments, size_t count,
                                       uintptr_t address)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (image_segment_end(&segments[middle]) > address)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* image_files.c */
void image_files_backend(struct backend *backend);
int image_track(struct image *image, int fd, uint32_t what);
uint32_t image_tracked(const struct image *image, int fd);
int image_truncate(int fd, off_t length);
void image_files_end(struct image *image);

/* image_names.c */
void image_names_backend(struct backend *backend);
void image_names_end(struct image *image);

/* image_memory.c */
int image_memory_new(struct image *image);
void image_memory_free(struct image *image);
void image_memory_backend(struct backend *backend);
/* The block is as the recovery may see it: no mapping guards it any more. */
void image_unguard(struct image *image, uint32_t file, size_t block);
/* Blocks of the file are about to leave the page tables. */
void image_note_file(struct image *image, uint32_t file);
/* The kernel is about to read or write these buffers. */
void image_expose(struct image *image, const struct iovec *parts, int count);
void image_memory_end(struct image *image);

/* image_touched.c */
void image_watchers_close(void);
/* Before a new mapping is used. */
void image_watch(struct image *image, struct image_segment *segment);
/* Before a mapping goes or loses its page table entries: looks at the blocks that were touched. */
void image_note_touched(struct image *image, const struct image_segment *segment);

/* Whether so little is mapped that all of it counts as touched. */
bool image_is_small(const struct image_segment *segment);

/* image_parked.c */
/* A recovery has reserved a range of addresses, without access rights, at an address of its choice:
 * it may be parked when it goes. */
void image_reserved(uintptr_t start, uintptr_t end);
/* Whether the range was parked, and is reserved now. */
bool image_reserve_parked(uintptr_t start, uintptr_t end);
/* Whether addresses are all in the range that is reserved and may be parked. Files may be mapped
 * there, and nothing; before anything else happens to it, image_unpark. */
bool image_is_parkable(uintptr_t start, uintptr_t end);
/* Whether a parked mapping was what the recovery wants, and is its own now. */
bool image_map_parked(const struct image_segment *wanted);
/* Something is about to be mapped over [start, end). */
void image_clear_parked(struct image *image, uintptr_t start, uintptr_t end);
/* Whether the range is parked now, with the files that are mapped in it, instead of unmapped. */
bool image_park(struct image *image, uintptr_t start, uintptr_t end,
                const struct image_segment *mappings, size_t count);
/* If parked mappings concern addresses in [start, end): they become what the recovery believes that
 * they are. */
void image_unpark(struct image *image, uintptr_t start, uintptr_t end);
void image_unpark_all(struct image *image);
/* The recovery has ended: what it has not given back is not parked. */
void image_parked_end(struct image *image);

extern struct image *image_current;

#endif
