/* SPDX-License-Identifier: MIT */
/*
 * An ext4 file system of a test's own, on a loop device over a file that has no name: what a device
 * was asked to write can be read from its counters, and nobody else writes to it. Needs root.
 *
 * Nothing of it outlives the process, however that ends: the mount is detached as soon as it is
 * open, and the kernel clears the device with its last user.
 */
#ifndef LOOP_EXT4_H
#define LOOP_EXT4_H

#include <stdint.h>

struct loop_ext4 {
    int root;           /* the root directory, open */
    char directory[32]; /* its path, for this process and those that inherit `root` */
    unsigned device;    /* N of /dev/loopN */
    char reason[128];   /* why there is none */
};

/* Makes one of `bytes` bytes in the directory that TMPDIR names, or /tmp. 0, or a negated errno
 * with the reason: a test then prints it and exits with LOOP_EXT4_SKIP. */
enum { LOOP_EXT4_SKIP = 77 };
int loop_ext4_open(struct loop_ext4 *loop, uint64_t bytes);
void loop_ext4_close(struct loop_ext4 *loop);

/* Writes everything out, so that what the device writes later has been caused later. */
void loop_ext4_settle(const struct loop_ext4 *loop);

/* Bytes that the device was asked to write since it was made; 0 if it does not say. */
uint64_t loop_ext4_written(const struct loop_ext4 *loop);

#endif
