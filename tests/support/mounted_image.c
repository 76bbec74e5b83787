/* SPDX-License-Identifier: MIT */
#include "mounted_image.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <unistd.h>

int mounted_image_open(struct mounted_image *image, const fsim_trace_t *trace, const char *format,
                       uint64_t blocks)
{
    *image = (struct mounted_image){.trace = trace,
                                    .format = format,
                                    .blocks = blocks,
                                    .shown = calloc(blocks, sizeof(uint64_t)),
                                    .file = memfd_create("disk", MFD_CLOEXEC),
                                    .bytes = MAP_FAILED,
                                    .loop = {.opened = -1},
                                    .place = "/dev/shm/mounted-image-XXXXXX"};
    size_t bytes = blocks * FSIM_BLOCK_SIZE;
    if (image->shown == NULL)
        return -ENOMEM;
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
    free(image->shown);
}

/* Zeros are holes, so that the file has few blocks to look at. */
static int show(struct mounted_image *image, uint64_t block, uint64_t content)
{
    off_t offset = (off_t)(block * FSIM_BLOCK_SIZE);
    image->shown[block] = content;
    if (content == FSIM_ZEROS)
        return fallocate(image->file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset,
                         FSIM_BLOCK_SIZE) < 0
                   ? -errno
                   : 0;
    memcpy(image->bytes + offset, fsim_trace_content(image->trace, content), FSIM_BLOCK_SIZE);
    return 0;
}

int mounted_image_mount(struct mounted_image *image, const uint64_t *contents)
{
    int error = 0;
    for (uint64_t i = 0; error == 0 && i < image->blocks; i++)
        if (image->shown[i] != contents[i])
            error = show(image, i, contents[i]);
    /* The device is held open, so that the kernel keeps what it has read of it. */
    if (error == 0 && ioctl(image->loop.opened, BLKFLSBUF) < 0)
        error = -errno;
    if (error == 0 && mount(image->loop.path, image->place, image->format, MS_RDONLY, NULL) < 0)
        error = -errno;
    return error;
}

static int restore(struct mounted_image *image, uint64_t block)
{
    uint64_t content = image->shown[block];
    const unsigned char *now = image->bytes + block * FSIM_BLOCK_SIZE;
    if (content != FSIM_ZEROS &&
        memcmp(now, fsim_trace_content(image->trace, content), FSIM_BLOCK_SIZE) == 0)
        return 0;
    return show(image, block, content);
}

int mounted_image_take_back(struct mounted_image *image, bool mounted)
{
    off_t data = 0;
    int error = mounted && umount(image->place) < 0 ? -errno : 0;
    if (error == 0 && ioctl(image->loop.opened, BLKFLSBUF) < 0)
        error = -errno;
    while (error == 0 && (data = lseek(image->file, data, SEEK_DATA)) >= 0) {
        off_t hole = lseek(image->file, data, SEEK_HOLE);
        for (; error == 0 && data < hole; data += FSIM_BLOCK_SIZE)
            error = restore(image, (uint64_t)data / FSIM_BLOCK_SIZE);
    }
    return error;
}
