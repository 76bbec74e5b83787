/* SPDX-License-Identifier: MIT */
/*
 * What stands in the recorder's place in a child of the recorded process. Nothing of it is
 * recorded, since two processes have no common order here; but if it changes or syncs what is
 * recorded, the trace is told.
 */
#include "interpose.h"
#include "record.h"

#include <fcntl.h>

static void tell(const char *call, const char *name)
{
    trace_refuse(recording.trace,
                 "a child process made a call that is not recorded, %s of %s: crash states without "
                 "it would prove nothing; have the store do its work in one process",
                 call, name);
}

static void tell_of_file(const char *call, int fd)
{
    const struct tracked_file *file = descriptor_file(fd);

    if (file)
        tell(call, trace_file_name(recording.trace, file->id, fsim_trace_events(recording.trace)));
    else if (descriptor_is_directory(fd))
        tell(call, "the directory");
}

static void tell_of_name(const char *call, int directory, const char *path)
{
    struct place place = place_of(directory, path);

    if (place.inside)
        tell(call, place.name);
}

static int stranger_open(int directory, const char *path, int flags, mode_t mode)
{
    struct place place = place_of(directory, path);
    bool makes = flags & O_CREAT && !file_at(&place);
    bool cuts = flags & O_TRUNC && (flags & O_ACCMODE) != O_RDONLY;
    int fd = real_open(directory, path, flags, mode);

    if (fd >= 0 && place.inside && (makes || cuts))
        tell("open", place.name);
    if (fd >= 0)
        descriptor_enter(fd, NULL);
    return fd;
}

static int stranger_close(int fd)
{
    descriptor_forget(fd);
    return real_close(fd);
}

static int stranger_dup(int fd, int wanted, int flags)
{
    int copy = kernel_calls.dup(fd, wanted, flags);

    if (copy >= 0)
        descriptor_enter(copy, NULL);
    return copy;
}

static ssize_t stranger_write(int fd, const struct iovec *parts, int count, off_t offset, int flags)
{
    tell_of_file("write", fd);
    return kernel_calls.write(fd, parts, count, offset, flags);
}

static int stranger_sync(int fd, bool data_only)
{
    tell_of_file(data_only ? "fdatasync" : "fsync", fd);
    return kernel_calls.sync(fd, data_only);
}

static int stranger_sync_all(int fd)
{
    tell("sync", "all files");
    return kernel_calls.sync_all(fd);
}

static int stranger_msync(void *address, size_t length, int flags)
{
    uintptr_t start = (uintptr_t)address;

    if (mappings_show_files(start, start + length))
        tell("msync", "a mapped file");
    return kernel_calls.msync(address, length, flags);
}

static int stranger_truncate(int fd, off_t length)
{
    tell_of_file("ftruncate", fd);
    return real_ftruncate(fd, length);
}

static int stranger_allocate(int fd, int mode, off_t offset, off_t bytes)
{
    tell_of_file("fallocate", fd);
    return kernel_calls.allocate(fd, mode, offset, bytes);
}

static int stranger_rename(int old_directory, const char *old_path, int new_directory,
                           const char *new_path, unsigned flags)
{
    tell_of_name("rename", old_directory, old_path);
    tell_of_name("rename", new_directory, new_path);
    return kernel_calls.rename(old_directory, old_path, new_directory, new_path, flags);
}

static int stranger_link(int old_directory, const char *old_path, int new_directory,
                         const char *new_path, int flags)
{
    tell_of_name("link", new_directory, new_path);
    return kernel_calls.link(old_directory, old_path, new_directory, new_path, flags);
}

static int stranger_unlink(int directory, const char *path, int flags)
{
    tell_of_name("unlink", directory, path);
    return kernel_calls.unlink(directory, path, flags);
}

const struct backend stranger_backend = {
    .reentrant = true,
    .tracks = record_tracks,
    .open = stranger_open,
    .close = stranger_close,
    .dup = stranger_dup,
    .write = stranger_write,
    .msync = stranger_msync,
    .sync = stranger_sync,
    .sync_all = stranger_sync_all,
    .truncate = stranger_truncate,
    .allocate = stranger_allocate,
    .rename = stranger_rename,
    .link = stranger_link,
    .unlink = stranger_unlink,
};
