/* SPDX-License-Identifier: MIT */
/*
 * libc's calls on descriptors: open, read, write, seek, sync, length, close, under all the names
 * that programs are compiled to.
 *
 * Names that C reserves (the checked forms that _FORTIFY_SOURCE calls) are given as assembler
 * names. The macros that would rename or inline what is defined here are turned off.
 */
#undef _FORTIFY_SOURCE
#undef _FILE_OFFSET_BITS
#include "entry.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SAME_AS(name) __attribute__((alias(#name)))

static int open_at(int directory, const char *path, int flags, mode_t mode)
{
    struct entry entry = entry_of_call();
    return (int)entry_leave(entry, entry.calls->open(directory, path, flags, mode));
}

static bool has_mode(int flags)
{
    return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
}

static ssize_t read_at(int fd, void *bytes, size_t count, off_t offset)
{
    struct entry entry = entry_of_fd(fd);
    struct iovec part = {.iov_base = bytes, .iov_len = count};
    return entry_leave(entry, entry.calls->read(fd, &part, 1, offset, 0));
}

static ssize_t write_at(int fd, const void *bytes, size_t count, off_t offset)
{
    struct entry entry = entry_of_fd(fd);
    struct iovec part = {.iov_base = (void *)(uintptr_t)bytes, .iov_len = count};
    return entry_leave(entry, entry.calls->write(fd, &part, 1, offset, 0));
}

static ssize_t read_parts(int fd, const struct iovec *parts, int count, off_t offset, int flags)
{
    struct entry entry = entry_of_fd(fd);
    return entry_leave(entry, entry.calls->read(fd, parts, count, offset, flags));
}

static ssize_t write_parts(int fd, const struct iovec *parts, int count, off_t offset, int flags)
{
    struct entry entry = entry_of_fd(fd);
    return entry_leave(entry, entry.calls->write(fd, parts, count, offset, flags));
}

/* Only the calls of preadv2's kind may give -1 for "where the descriptor stands". */
static bool refuse_offset(off_t offset)
{
    if (offset >= 0)
        return false;
    errno = EINVAL;
    return true;
}

static void check_room(size_t count, size_t room)
{
    if (count > room)
        buffer_overflow();
}

static int dup_to(int fd, int wanted, int flags)
{
    /* A descriptor that is replaced is closed, which concerns the backend as well. */
    bool replaces = wanted >= 0 && !(flags & DUP_AT_LEAST);
    struct entry entry = replaces ? entry_of_call() : entry_of_fd(fd);
    return (int)entry_leave(entry, entry.calls->dup(fd, wanted, flags));
}

#pragma GCC visibility push(default)

int openat(int directory, const char *path, int flags, ...)
{
    mode_t mode = 0;

    if (has_mode(flags)) {
        va_list arguments;
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
    }
    return open_at(directory, path, flags, mode);
}

int open(const char *path, int flags, ...)
{
    mode_t mode = 0;

    if (has_mode(flags)) {
        va_list arguments;
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
    }
    return open_at(AT_FDCWD, path, flags, mode);
}

int creat(const char *path, mode_t mode)
{
    return open_at(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

int checked_open(const char *path, int flags) __asm__("__open_2");
int checked_open(const char *path, int flags)
{
    if (has_mode(flags))
        buffer_overflow();
    return open_at(AT_FDCWD, path, flags, 0);
}

int checked_openat(int directory, const char *path, int flags) __asm__("__openat_2");
int checked_openat(int directory, const char *path, int flags)
{
    if (has_mode(flags))
        buffer_overflow();
    return open_at(directory, path, flags, 0);
}

int open64(const char *path, int flags, ...) SAME_AS(open);
int openat64(int directory, const char *path, int flags, ...) SAME_AS(openat);
int creat64(const char *path, mode_t mode) SAME_AS(creat);
int checked_open64(const char *path, int flags) __asm__("__open64_2") SAME_AS(__open_2);
int checked_openat64(int directory, const char *path, int flags) __asm__("__openat64_2")
    SAME_AS(__openat_2);

int close(int fd)
{
    struct entry entry = entry_of_fd(fd);
    return (int)entry_leave(entry, entry.calls->close(fd));
}

int dup(int fd)
{
    return dup_to(fd, -1, 0);
}

int dup2(int fd, int wanted)
{
    if (wanted >= 0)
        return dup_to(fd, wanted, 0);
    errno = EBADF;
    return -1;
}

int dup3(int fd, int wanted, int flags)
{
    if (wanted >= 0 && fd != wanted && (flags & ~O_CLOEXEC) == 0)
        return dup_to(fd, wanted, flags);
    errno = wanted < 0 ? EBADF : EINVAL;
    return -1;
}

int fcntl(int fd, int command, ...)
{
    va_list arguments;
    long argument;

    va_start(arguments, command);
    argument = va_arg(arguments, long);
    va_end(arguments);
    if (command == F_DUPFD || command == F_DUPFD_CLOEXEC) {
        if ((int)argument >= 0)
            return dup_to(fd, (int)argument,
                          DUP_AT_LEAST | (command == F_DUPFD_CLOEXEC ? O_CLOEXEC : 0));
        errno = EINVAL;
        return -1;
    }
    return (int)libc_result(real_syscall(SYS_fcntl, fd, command, argument, 0, 0, 0));
}

int fcntl64(int fd, int command, ...) SAME_AS(fcntl);

ssize_t read(int fd, void *bytes, size_t count)
{
    return read_at(fd, bytes, count, -1);
}

ssize_t pread(int fd, void *bytes, size_t count, off_t offset)
{
    return refuse_offset(offset) ? -1 : read_at(fd, bytes, count, offset);
}

ssize_t readv(int fd, const struct iovec *parts, int count)
{
    return read_parts(fd, parts, count, -1, 0);
}

ssize_t preadv(int fd, const struct iovec *parts, int count, off_t offset)
{
    return refuse_offset(offset) ? -1 : read_parts(fd, parts, count, offset, 0);
}

ssize_t preadv2(int fd, const struct iovec *parts, int count, off_t offset, int flags)
{
    if (offset != -1 && refuse_offset(offset))
        return -1;
    return read_parts(fd, parts, count, offset, flags);
}

ssize_t checked_read(int fd, void *bytes, size_t count, size_t room) __asm__("__read_chk");
ssize_t checked_read(int fd, void *bytes, size_t count, size_t room)
{
    check_room(count, room);
    return read_at(fd, bytes, count, -1);
}

ssize_t checked_pread(int fd, void *bytes, size_t count, off_t offset,
                      size_t room) __asm__("__pread_chk");
ssize_t checked_pread(int fd, void *bytes, size_t count, off_t offset, size_t room)
{
    check_room(count, room);
    return pread(fd, bytes, count, offset);
}

ssize_t pread64(int fd, void *bytes, size_t count, off64_t offset) SAME_AS(pread);
ssize_t preadv64(int fd, const struct iovec *parts, int count, off64_t offset) SAME_AS(preadv);
ssize_t preadv64v2(int fd, const struct iovec *parts, int count, off64_t offset, int flags)
    SAME_AS(preadv2);
ssize_t checked_pread64(int fd, void *bytes, size_t count, off_t offset,
                        size_t room) __asm__("__pread64_chk") SAME_AS(__pread_chk);

ssize_t write(int fd, const void *bytes, size_t count)
{
    return write_at(fd, bytes, count, -1);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset)
{
    return refuse_offset(offset) ? -1 : write_at(fd, bytes, count, offset);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    return write_parts(fd, parts, count, -1, 0);
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset)
{
    return refuse_offset(offset) ? -1 : write_parts(fd, parts, count, offset, 0);
}

ssize_t pwritev2(int fd, const struct iovec *parts, int count, off_t offset, int flags)
{
    if (offset != -1 && refuse_offset(offset))
        return -1;
    return write_parts(fd, parts, count, offset, flags);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) SAME_AS(pwrite);
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) SAME_AS(pwritev);
ssize_t pwritev64v2(int fd, const struct iovec *parts, int count, off64_t offset, int flags)
    SAME_AS(pwritev2);

off_t lseek(int fd, off_t offset, int whence)
{
    struct entry entry = entry_of_fd(fd);
    return entry_leave(entry, entry.calls->seek(fd, offset, whence));
}

off64_t lseek64(int fd, off64_t offset, int whence) SAME_AS(lseek);

int fsync(int fd)
{
    struct entry entry = entry_of_fd(fd);
    return (int)entry_leave(entry, entry.calls->sync(fd, false));
}

int fdatasync(int fd)
{
    struct entry entry = entry_of_fd(fd);
    return (int)entry_leave(entry, entry.calls->sync(fd, true));
}

int syncfs(int fd)
{
    struct entry entry = entry_of_call();
    return (int)entry_leave(entry, fd < 0 ? -EBADF : entry.calls->sync_all(fd));
}

void sync(void)
{
    struct entry entry = entry_of_call();
    entry_leave_raw(entry, entry.calls->sync_all(-1));
}

int sync_file_range(int fd, off64_t offset, off64_t bytes, unsigned flags)
{
    struct entry entry = entry_of_fd(fd);
    return (int)entry_leave(entry, entry.calls->sync_file_range(fd, offset, bytes, flags));
}

int ftruncate(int fd, off_t length)
{
    struct entry entry = entry_of_fd(fd);
    return (int)entry_leave(entry, entry.calls->truncate(fd, length));
}

int ftruncate64(int fd, off64_t length) SAME_AS(ftruncate);

int truncate(const char *path, off_t length)
{
    struct entry entry = entry_of_call();
    long result;

    if (!entry.backend)
        return (int)entry_leave(entry, real_syscall(SYS_truncate, (long)path, length, 0, 0, 0, 0));
    /* Backends know descriptors only. */
    int fd = entry.calls->open(AT_FDCWD, path, O_WRONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return (int)entry_leave(entry, fd);
    result = entry.calls->truncate(fd, length);
    entry.calls->close(fd);
    return (int)entry_leave(entry, result);
}

int truncate64(const char *path, off64_t length) SAME_AS(truncate);

int fallocate(int fd, int mode, off_t offset, off_t bytes)
{
    struct entry entry = entry_of_fd(fd);
    return (int)entry_leave(entry, entry.calls->allocate(fd, mode, offset, bytes));
}

int fallocate64(int fd, int mode, off64_t offset, off64_t bytes) SAME_AS(fallocate);

/* Unlike glibc's, this one does not write a byte per block where the file system cannot reserve. */
int posix_fallocate(int fd, off_t offset, off_t bytes)
{
    struct entry entry = entry_of_fd(fd);
    return (int)-entry_leave_raw(entry, entry.calls->allocate(fd, 0, offset, bytes));
}

int posix_fallocate64(int fd, off64_t offset, off64_t bytes) SAME_AS(posix_fallocate);

#pragma GCC visibility pop
