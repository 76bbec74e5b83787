/* SPDX-License-Identifier: MIT */
#include "loop_device.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Between the two calls somebody else may take the device. */
int loop_device_attach(struct loop_device *device, int file, uint64_t bytes, uint32_t block_bytes)
{
    const struct loop_config config = {
        .fd = (unsigned)file,
        .block_size = block_bytes,
        .info = {.lo_flags = LO_FLAGS_AUTOCLEAR, .lo_sizelimit = bytes}};
    int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC), error = 0;

    if (control < 0)
        return -errno;
    do {
        int number = ioctl(control, LOOP_CTL_GET_FREE);

        error = number < 0 ? -errno : 0;
        if (error != 0)
            break;
        device->number = (unsigned)number;
        snprintf(device->path, sizeof(device->path), "/dev/loop%d", number);
        device->opened = open(device->path, O_RDWR | O_CLOEXEC);
        if (device->opened < 0) {
            error = -errno;
        } else if (ioctl(device->opened, LOOP_CONFIGURE, &config) != 0) {
            error = -errno;
            close(device->opened);
        }
    } while (error == -EBUSY);
    close(control);
    return error;
}
