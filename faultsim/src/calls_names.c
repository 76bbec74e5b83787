/* SPDX-License-Identifier: MIT */
/* libc's calls on names: which there are, what they refer to, and what stat says of it. */
#undef _FORTIFY_SOURCE
#undef _FILE_OFFSET_BITS
#include "entry.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static int rename_at(int old_directory, const char *old_path, int new_directory,
                     const char *new_path, unsigned flags)
{
    struct entry entry = entry_of_call();
    return (int)entry_leave(
        entry, entry.calls->rename(old_directory, old_path, new_directory, new_path, flags));
}

static int unlink_at(int directory, const char *path, int flags)
{
    struct entry entry = entry_of_call();
    return (int)entry_leave(entry, entry.calls->unlink(directory, path, flags));
}

static int stat_at(int directory, const char *path, struct stat *status, int flags)
{
    struct entry entry = entry_of_call();
    return (int)entry_leave(entry, entry.calls->stat(directory, path, status, flags));
}

static int access_at(int directory, const char *path, int mode, int flags)
{
    struct entry entry = entry_of_call();
    return (int)entry_leave(entry, entry.calls->access(directory, path, mode, flags));
}

#pragma GCC visibility push(default)

int rename(const char *old_path, const char *new_path)
{
    return rename_at(AT_FDCWD, old_path, AT_FDCWD, new_path, 0);
}

int renameat(int old_directory, const char *old_path, int new_directory, const char *new_path)
{
    return rename_at(old_directory, old_path, new_directory, new_path, 0);
}

int renameat2(int old_directory, const char *old_path, int new_directory, const char *new_path,
              unsigned flags)
{
    return rename_at(old_directory, old_path, new_directory, new_path, flags);
}

int linkat(int old_directory, const char *old_path, int new_directory, const char *new_path,
           int flags)
{
    struct entry entry = entry_of_call();
    return (int)entry_leave(
        entry, entry.calls->link(old_directory, old_path, new_directory, new_path, flags));
}

int link(const char *old_path, const char *new_path)
{
    return linkat(AT_FDCWD, old_path, AT_FDCWD, new_path, 0);
}

int unlinkat(int directory, const char *path, int flags)
{
    return unlink_at(directory, path, flags);
}

int unlink(const char *path)
{
    return unlink_at(AT_FDCWD, path, 0);
}

int remove(const char *path)
{
    int result = unlink_at(AT_FDCWD, path, 0);

    if (result == -1 && errno == EISDIR)
        result = unlink_at(AT_FDCWD, path, AT_REMOVEDIR);
    return result;
}

int stat(const char *restrict path, struct stat *restrict status)
{
    return stat_at(AT_FDCWD, path, status, 0);
}

int lstat(const char *restrict path, struct stat *restrict status)
{
    return stat_at(AT_FDCWD, path, status, AT_SYMLINK_NOFOLLOW);
}

int fstat(int fd, struct stat *status)
{
    struct entry entry = entry_of_fd(fd);
    /* AT_FDCWD is negative and would do here, but is no descriptor. */
    return (int)entry_leave(entry,
                            fd < 0 ? -EBADF : entry.calls->stat(fd, "", status, AT_EMPTY_PATH));
}

int fstatat(int directory, const char *restrict path, struct stat *restrict status, int flags)
{
    return stat_at(directory, path, status, flags);
}

_Static_assert(sizeof(struct stat) == sizeof(struct stat64), "one layout for both names");

int stat64(const char *restrict path, struct stat64 *restrict status)
{
    return stat_at(AT_FDCWD, path, (struct stat *)status, 0);
}

int lstat64(const char *restrict path, struct stat64 *restrict status)
{
    return stat_at(AT_FDCWD, path, (struct stat *)status, AT_SYMLINK_NOFOLLOW);
}

int fstat64(int fd, struct stat64 *status)
{
    return fstat(fd, (struct stat *)status);
}

int fstatat64(int directory, const char *restrict path, struct stat64 *restrict status, int flags)
{
    return stat_at(directory, path, (struct stat *)status, flags);
}

/* What stat was called before glibc 2.33, and is in libraries that were compiled then. The version
 * of the structure is that of the only one that there is on 64-bit machines. */
int old_stat(int version, const char *path, struct stat *status) __asm__("__xstat");
int old_stat(int version, const char *path, struct stat *status)
{
    return stat(path, status);
}

int old_lstat(int version, const char *path, struct stat *status) __asm__("__lxstat");
int old_lstat(int version, const char *path, struct stat *status)
{
    return lstat(path, status);
}

int old_fstat(int version, int fd, struct stat *status) __asm__("__fxstat");
int old_fstat(int version, int fd, struct stat *status)
{
    return fstat(fd, status);
}

int old_fstatat(int version, int directory, const char *path, struct stat *status,
                int flags) __asm__("__fxstatat");
int old_fstatat(int version, int directory, const char *path, struct stat *status, int flags)
{
    return fstatat(directory, path, status, flags);
}

int old_stat64(int version, const char *path, struct stat64 *status) __asm__("__xstat64")
    __attribute__((alias("__xstat")));
int old_lstat64(int version, const char *path, struct stat64 *status) __asm__("__lxstat64")
    __attribute__((alias("__lxstat")));
int old_fstat64(int version, int fd, struct stat64 *status) __asm__("__fxstat64")
    __attribute__((alias("__fxstat")));
int old_fstatat64(int version, int directory, const char *path, struct stat64 *status,
                  int flags) __asm__("__fxstatat64") __attribute__((alias("__fxstatat")));

/* Backends know stat only: it settles what there is to settle, then the kernel may answer. */
int statx(int directory, const char *restrict path, int flags, unsigned mask,
          struct statx *restrict status)
{
    struct entry entry = entry_of_call();
    long result = 0;

    if (entry.backend) {
        const int kept = AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT;
        struct stat settled;
        result = entry.calls->stat(directory, path, &settled, flags & kept);
    }
    if (result == 0)
        result = real_syscall(SYS_statx, directory, (long)path, flags, mask, (long)status, 0);
    return (int)entry_leave(entry, result);
}

int access(const char *path, int mode)
{
    return access_at(AT_FDCWD, path, mode, 0);
}

int faccessat(int directory, const char *path, int mode, int flags)
{
    return access_at(directory, path, mode, flags);
}

DIR *opendir(const char *path)
{
    struct entry entry = entry_of_call();
    long fd = entry.calls->list(AT_FDCWD, path);
    DIR *directory;

    if (fd == 0)
        fd = entry.calls->open(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK, 0);
    fd = entry_leave(entry, fd);
    if (fd == -1)
        return NULL;
    directory = fdopendir((int)fd);
    if (!directory) {
        int kept = errno;
        close((int)fd);
        errno = kept;
    }
    return directory;
}

int scandirat(int directory, const char *restrict path, struct dirent ***restrict entries,
              int (*filter)(const struct dirent *),
              int (*compare)(const struct dirent **, const struct dirent **))
{
    struct entry entry = entry_of_call();

    if (entry_leave(entry, entry.calls->list(directory, path)) == -1)
        return -1;
    return LIBC(scandirat)(directory, path, entries, filter, compare);
}

int scandir(const char *restrict path, struct dirent ***restrict entries,
            int (*filter)(const struct dirent *),
            int (*compare)(const struct dirent **, const struct dirent **))
{
    return scandirat(AT_FDCWD, path, entries, filter, compare);
}

int scandirat64(int directory, const char *restrict path, struct dirent64 ***restrict entries,
                int (*filter)(const struct dirent64 *),
                int (*compare)(const struct dirent64 **, const struct dirent64 **))
    __attribute__((alias("scandirat")));
int scandir64(const char *restrict path, struct dirent64 ***restrict entries,
              int (*filter)(const struct dirent64 *),
              int (*compare)(const struct dirent64 **, const struct dirent64 **))
    __attribute__((alias("scandir")));

#pragma GCC visibility pop
