/* SPDX-License-Identifier: MIT */
#include "mounted_image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <unistd.h>

int mounted_image_open(struct mounted_image *image, const fsim_trace_t *trace, const char *format,
                       uint64_t blocks)
{
    *image = (struct mounted_image){.trace = trace,
                                    .format = format,
                                    .blocks = blocks,
                                    .file = memfd_create("disk", MFD_CLOEXEC),
                                    .bytes = MAP_FAILED,
                                    .loop = {.opened = -1},
                                    .place = "/dev/shm/mounted-image-XXXXXX"};
    size_t bytes = blocks * FSIM_BLOCK_SIZE;
    if (image->file < 0 || ftruncate(image->file, (off_t)bytes) < 0 ||
        mkdtemp(image->place) == NULL)
        return -errno;
    image->bytes = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, image->file, 0);
    if (image->bytes == MAP_FAILED)
        return -errno;
    return loop_device_attach(&image->loop, image->file, 0, FSIM_BLOCK_SIZE);
}

void mounted_image_close(struct mounted_image *image)
{
    if (image->loop.opened >= 0)
        close(image->loop.opened);
    if (image->bytes != MAP_FAILED)
        munmap(image->bytes, image->blocks * FSIM_BLOCK_SIZE);
    if (image->file >= 0)
        close(image->file);
    rmdir(image->place);
}

/*
 * By way of the device, since that is held open: what the kernel has read of it, and what the last
 * recovery wrote, goes for sure. BLKFLSBUF leaves pages that happen to be in use.
 */
static int erase(const struct mounted_image *image)
{
    return fallocate(image->loop.opened, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
                     (off_t)(image->blocks * FSIM_BLOCK_SIZE)) < 0
               ? -errno
               : 0;
}

int mounted_image_show(const struct mounted_image *image, const uint64_t *contents)
{
    int error = erase(image);
    if (error != 0)
        return error;
    for (uint64_t i = 0; i < image->blocks; i++)
        if (contents[i] != FSIM_ZEROS)
            memcpy(image->bytes + i * FSIM_BLOCK_SIZE,
                   fsim_trace_content(image->trace, contents[i]), FSIM_BLOCK_SIZE);
    return 0;
}

int mounted_image_mount(struct mounted_image *image, const uint64_t *contents)
{
    int error = mounted_image_show(image, contents);
    if (error == 0 && mount(image->loop.path, image->place, image->format, MS_RDONLY, NULL) < 0)
        error = -errno;
    return error;
}

int mounted_image_unmount(struct mounted_image *image)
{
    return umount(image->place) < 0 ? -errno : 0;
}
