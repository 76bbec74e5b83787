/* SPDX-License-Identifier: MIT */
/*
 * A disk in memory that is given one content after the other and mounted each time, so that the
 * kernel's file system recovers from it. Needs root.
 */
#ifndef MOUNTED_IMAGE_H
#define MOUNTED_IMAGE_H

#include <faultsim/trace.h>

#include "loop_device.h"

struct mounted_image {
    const fsim_trace_t *trace; /* of the contents */
    const char *format;
    uint64_t blocks;
    int file;
    unsigned char *bytes;
    struct loop_device loop;
    char place[64]; /* where it is mounted */
};

/* 0 or a negated errno. */
int mounted_image_open(struct mounted_image *image, const fsim_trace_t *trace, const char *format,
                       uint64_t blocks);
void mounted_image_close(struct mounted_image *image);

/* Puts contents on the disk. 0 or a negated errno. */
int mounted_image_show(const struct mounted_image *image, const uint64_t *contents);

/* Mounts a disk of these contents, read-only, which makes the file system recover. 0, or a negated
 * errno if it will not. */
int mounted_image_mount(struct mounted_image *image, const uint64_t *contents);
int mounted_image_unmount(struct mounted_image *image);

#endif
