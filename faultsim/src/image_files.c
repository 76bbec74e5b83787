/* SPDX-License-Identifier: MIT */
/*
 * The image behind calls on descriptors. What a call would read is looked at before the kernel
 * makes it; what it replaces as a whole is no longer of interest.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "image_state.h"

uint32_t image_tracked(const struct image *image, int fd)
{
    if (fd < 0 || fd >= IMAGE_MAX_FD || image->descriptors[fd] == 0)
        return IMAGE_OUTSIDE;
    return image->descriptors[fd];
}

int image_track(struct image *image, int fd, uint32_t what)
{
    if (fd < 0 || (fd >= IMAGE_MAX_FD && what == IMAGE_OUTSIDE))
        return fd;
    if (fd >= IMAGE_MAX_FD) {
        real_close(fd);
        return -EMFILE;
    }
    image->descriptors[fd] = what == IMAGE_OUTSIDE ? 0 : what;
    if (what != IMAGE_OUTSIDE && fd > image->highest_descriptor)
        image->highest_descriptor = fd;
    return fd;
}

/* The settled file that a descriptor refers to, or NULL if it is none of the trace's. */
static struct image_file *file_of(int fd, uint32_t *id)
{
    *id = image_tracked(image_current, fd);
    if (*id > image_current->file_count)
        return NULL;
    struct image_file *file = &image_current->files[*id];
    image_settle(image_current, file);
    return file;
}

/* While pages are guarded any descriptor concerns us: a buffer may lie in one of them. */
static bool image_tracks(int fd)
{
    return image_tracked(image_current, fd) != IMAGE_OUTSIDE ||
           (image_current->has_open_items && image_current->path->segment_count > 0);
}

static int image_close(int fd)
{
    if (fd >= 0 && fd < IMAGE_MAX_FD)
        image_current->descriptors[fd] = 0;
    return real_close(fd);
}

static int image_dup(int fd, int wanted, int flags)
{
    int copy = kernel_calls.dup(fd, wanted, flags);
    if (copy < 0)
        return copy;
    return image_track(image_current, copy, image_tracked(image_current, fd));
}

static off_t bytes_of(const struct iovec *parts, int count)
{
    off_t bytes = 0;
    for (int i = 0; i < count; i++)
        bytes += (off_t)parts[i].iov_len;
    return bytes;
}

static off_t smaller(off_t a, off_t b)
{
    return a < b ? a : b;
}

/* The recovery is about to see bytes [start, end) of the file. */
static void look_at(uint32_t id, off_t start, off_t end)
{
    for (off_t block = start / FSIM_BLOCK_SIZE; block * FSIM_BLOCK_SIZE < end; block++)
        image_look_block(image_current, id, (size_t)block);
}

/* Whether a change of bytes [start, end) leaves nothing of the block that `end` lies in. */
static bool covers_last(const struct image_file *file, off_t end)
{
    return end % FSIM_BLOCK_SIZE == 0 || end >= file->length;
}

/* Bytes [start, end) are about to change: the recovery may see the rest of the blocks at both ends.
 */
static void look_at_rest(uint32_t id, off_t start, off_t end)
{
    const struct image_file *file = &image_current->files[id];
    if (start >= end)
        return;
    if (start % FSIM_BLOCK_SIZE != 0)
        image_look_block(image_current, id, (size_t)(start / FSIM_BLOCK_SIZE));
    if (!covers_last(file, end))
        image_look_block(image_current, id, (size_t)(end / FSIM_BLOCK_SIZE));
}

/* Bytes [start, end) have changed. A write that ended early did so at the end of a page. */
static void replaced(uint32_t id, off_t start, off_t end)
{
    struct image_file *file = &image_current->files[id];
    if (start >= end)
        return;
    size_t first = image_blocks_of(start), last = image_blocks_of(end);
    image_replace(image_current, id, first, covers_last(file, end) ? last : last - 1);
    image_soil(file, (size_t)(start / FSIM_BLOCK_SIZE), last, HELD_UNKNOWN);
}

/* The file has grown: blocks that no crash state of this run has are zeros now. */
static void grow(uint32_t id, off_t length)
{
    struct image_file *file = &image_current->files[id];
    if (length <= file->length)
        return;
    image_replace(image_current, id, image_blocks_of(file->crash_length), image_blocks_of(length));
    file->length = length;
}

static ssize_t image_read(int fd, const struct iovec *parts, int count, off_t offset, int flags)
{
    uint32_t id;
    image_expose(image_current, parts, count);
    struct image_file *file = file_of(fd, &id);
    if (file != NULL) {
        off_t start = offset == -1 ? kernel_calls.seek(fd, 0, SEEK_CUR) : offset;
        off_t end;
        if (start >= 0 && !__builtin_add_overflow(start, bytes_of(parts, count), &end))
            look_at(id, start, smaller(end, file->length));
    }
    return kernel_calls.read(fd, parts, count, offset, flags);
}

static ssize_t image_write(int fd, const struct iovec *parts, int count, off_t offset, int flags)
{
    uint32_t id;
    image_expose(image_current, parts, count);
    struct image_file *file = file_of(fd, &id);
    if (file == NULL)
        return kernel_calls.write(fd, parts, count, offset, flags);
    off_t start = offset == -1 ? kernel_calls.seek(fd, 0, SEEK_CUR) : offset, end;
    if ((real_syscall(SYS_fcntl, fd, F_GETFL, 0, 0, 0, 0) & O_APPEND) != 0)
        start = file->length;
    if (start < 0 || __builtin_add_overflow(start, bytes_of(parts, count), &end))
        return kernel_calls.write(fd, parts, count, offset, flags);
    look_at_rest(id, start, end);
    ssize_t written = kernel_calls.write(fd, parts, count, offset, flags);
    if (written > 0) {
        replaced(id, start, start + written);
        grow(id, start + written);
    }
    return written;
}

static off_t image_seek(int fd, off_t offset, int whence)
{
    uint32_t id;
    if (whence != SEEK_SET && whence != SEEK_CUR)
        file_of(fd, &id);
    return kernel_calls.seek(fd, offset, whence);
}

static int image_sync(int fd, bool data_only)
{
    if (image_tracked(image_current, fd) == IMAGE_OUTSIDE)
        return kernel_calls.sync(fd, data_only);
    return 0;
}

/* No sync is needed of files that will be gone, and none of the machine's others wanted. */
static int image_sync_all(int fd)
{
    return 0;
}

static int image_sync_file_range(int fd, off_t offset, off_t bytes, unsigned flags)
{
    if (image_tracked(image_current, fd) == IMAGE_OUTSIDE)
        return kernel_calls.sync_file_range(fd, offset, bytes, flags);
    return 0;
}

int image_truncate(int fd, off_t length)
{
    uint32_t id;
    struct image_file *file = file_of(fd, &id);
    if (file == NULL || length < 0)
        return real_ftruncate(fd, length);
    look_at_rest(id, length, file->length);
    image_note_file(image_current, id);
    int result = real_ftruncate(fd, length);
    if (result < 0)
        return result;
    replaced(id, length, file->length);
    image_soil(file, image_blocks_of(length), image_blocks_of(file->length), FSIM_ZEROS);
    grow(id, length);
    file->length = length;
    return 0;
}

static int image_allocate(int fd, int mode, off_t offset, off_t bytes)
{
    uint32_t id;
    struct image_file *file = file_of(fd, &id);
    bool zeroes = (mode & (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE)) != 0;
    off_t end;
    if (file == NULL || offset < 0 || bytes <= 0 || __builtin_add_overflow(offset, bytes, &end))
        return kernel_calls.allocate(fd, mode, offset, bytes);
    if ((mode & (FALLOC_FL_COLLAPSE_RANGE | FALLOC_FL_INSERT_RANGE)) != 0)
        return -EOPNOTSUPP;
    if (zeroes) {
        look_at_rest(id, offset, smaller(end, file->length));
        image_note_file(image_current, id);
    }
    int result = kernel_calls.allocate(fd, mode, offset, bytes);
    if (result < 0)
        return result;
    if (zeroes)
        replaced(id, offset, smaller(end, file->length));
    if ((mode & FALLOC_FL_KEEP_SIZE) == 0)
        grow(id, end);
    return 0;
}

void image_files_backend(struct backend *backend)
{
    backend->tracks = image_tracks;
    backend->close = image_close;
    backend->dup = image_dup;
    backend->read = image_read;
    backend->write = image_write;
    backend->seek = image_seek;
    backend->sync = image_sync;
    backend->sync_all = image_sync_all;
    backend->sync_file_range = image_sync_file_range;
    backend->truncate = image_truncate;
    backend->allocate = image_allocate;
}

/* libc closes some descriptors past us (closedir), so a number may be somebody else's by now. */
static bool is_ours(const struct image *image, int fd)
{
    struct stat status;
    return kernel_calls.stat(fd, "", &status, AT_EMPTY_PATH) == 0 && status.st_dev == image->device;
}

void image_files_end(struct image *image)
{
    for (int fd = 0; fd <= image->highest_descriptor; fd++) {
        if (image->descriptors[fd] == 0)
            continue;
        image->descriptors[fd] = 0;
        if (is_ours(image, fd))
            real_close(fd);
    }
    image->highest_descriptor = 0;
}
