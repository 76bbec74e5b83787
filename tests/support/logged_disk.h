/* SPDX-License-Identifier: MIT */
/*
 * A disk of which every write and flush is logged, with a file system on it that this kernel
 * mounts.
 *
 *     file system  ->  loop device  ->  a file in FUSE  ->  qemu-storage-daemon: blklogwrites
 *
 * The kernel's block layer sees a disk with a volatile cache; a flush of the device comes out as an
 * fsync of the file, which the daemon logs as a flush. No guest is started. Behind the file system
 * lies one block more, which is logged with the rest: what is written to it, by `beacon`, says
 * where in the log something else happened.
 *
 * Needs root, and a mount namespace and a process namespace of its own (scripts/block-logs), with
 * which everything ends that an early death leaves behind.
 */
#ifndef LOGGED_DISK_H
#define LOGGED_DISK_H

#include <limits.h>
#include <stdint.h>
#include <sys/types.h>

#include "loop_device.h"

enum { DISK_BLOCK = 4096 };

/* A file system that can be put on the disk. */
struct disk_format {
    const char *name;
    const char *const *make; /* the program that formats, and its options; the device follows */
};
/* NULL if there is none of that name. */
const struct disk_format *disk_format_named(const char *name);

struct logged_disk {
    char place[64];   /* what belongs to it, in memory */
    char mounted[80]; /* the root of the file system */
    char log[80];
    uint64_t blocks; /* of the file system */
    int beacon;      /* write block number `blocks` of this */
    struct loop_device loop;
    pid_t daemon;
    char reason[192]; /* what failed */
};

/* Formats and mounts. 0, or a negated errno with a reason. */
int logged_disk_open(struct logged_disk *disk, const struct disk_format *format, uint64_t blocks);

/* Unmounts; the log is whole then. */
int logged_disk_finish(struct logged_disk *disk);

/* Removes all that is left, the log included. */
void logged_disk_close(struct logged_disk *disk);

#endif
