/* SPDX-License-Identifier: MIT */
/* Loop devices that the kernel clears with their last user. */
#ifndef LOOP_DEVICE_H
#define LOOP_DEVICE_H

#include <stdint.h>

struct loop_device {
    int opened; /* keeps it */
    unsigned number;
    char path[32];
};

/* A device over the first `bytes` bytes of a file (0: all of it), with blocks of so many bytes (0:
 * the usual ones). 0 or a negated errno. */
int loop_device_attach(struct loop_device *device, int file, uint64_t bytes, uint32_t block_bytes);

#endif
