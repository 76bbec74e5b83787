/* SPDX-License-Identifier: MIT */
/*
 * libc's functions that make their calls below the names that are wrapped. What they would look at
 * is looked at before, so that a backend can have it ready.
 */
#undef _FORTIFY_SOURCE
#undef _FILE_OFFSET_BITS
#include "entry.h"

#include <fcntl.h>
#include <fts.h>
#include <ftw.h>
#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>
#include <utime.h>

static void look_at_name(int directory, const char *path)
{
    struct entry entry = entry_of_call();

    if (entry.backend && path != NULL)
        entry.calls->access(directory, path, F_OK, 0);
    entry_leave_raw(entry, 0);
}

static void look_around(void)
{
    struct entry entry = entry_of_call();
    entry_leave_raw(entry, entry.calls->look_around(false));
}

#pragma GCC visibility push(default)

ssize_t readlinkat(int directory, const char *restrict path, char *restrict text, size_t bytes)
{
    look_at_name(directory, path);
    return libc_result(
        real_syscall(SYS_readlinkat, directory, (long)path, (long)text, (long)bytes, 0, 0));
}

ssize_t readlink(const char *restrict path, char *restrict text, size_t bytes)
{
    return readlinkat(AT_FDCWD, path, text, bytes);
}

/* Owners, modes and times are no part of a crash state, but whether the name is there. */

int fchmodat(int directory, const char *path, mode_t mode, int flags)
{
    look_at_name(directory, path);
    return LIBC(fchmodat)(directory, path, mode, flags);
}

int chmod(const char *path, mode_t mode)
{
    return fchmodat(AT_FDCWD, path, mode, 0);
}

int fchownat(int directory, const char *path, uid_t user, gid_t group, int flags)
{
    look_at_name(directory, path);
    return LIBC(fchownat)(directory, path, user, group, flags);
}

int chown(const char *path, uid_t user, gid_t group)
{
    return fchownat(AT_FDCWD, path, user, group, 0);
}

int lchown(const char *path, uid_t user, gid_t group)
{
    return fchownat(AT_FDCWD, path, user, group, AT_SYMLINK_NOFOLLOW);
}

int utimensat(int directory, const char *path, const struct timespec times[2], int flags)
{
    look_at_name(directory, path);
    return LIBC(utimensat)(directory, path, times, flags);
}

int utimes(const char *path, const struct timeval times[2])
{
    look_at_name(AT_FDCWD, path);
    return LIBC(utimes)(path, times);
}

int utime(const char *path, const struct utimbuf *times)
{
    look_at_name(AT_FDCWD, path);
    return LIBC(utime)(path, times);
}

char *realpath(const char *restrict path, char *restrict resolved)
{
    look_at_name(AT_FDCWD, path);
    return LIBC(realpath)(path, resolved);
}

char *checked_realpath(const char *path, char *resolved, size_t room) __asm__("__realpath_chk");
char *checked_realpath(const char *path, char *resolved, size_t room)
{
    if (room < PATH_MAX)
        buffer_overflow();
    return realpath(path, resolved);
}

ssize_t checked_readlinkat(int directory, const char *path, char *text, size_t bytes,
                           size_t room) __asm__("__readlinkat_chk");
ssize_t checked_readlinkat(int directory, const char *path, char *text, size_t bytes, size_t room)
{
    if (bytes > room)
        buffer_overflow();
    return readlinkat(directory, path, text, bytes);
}

ssize_t checked_readlink(const char *path, char *text, size_t bytes,
                         size_t room) __asm__("__readlink_chk");
ssize_t checked_readlink(const char *path, char *text, size_t bytes, size_t room)
{
    return checked_readlinkat(AT_FDCWD, path, text, bytes, room);
}

char *canonicalize_file_name(const char *path)
{
    return realpath(path, NULL);
}

int glob(const char *restrict pattern, int flags, int (*on_error)(const char *, int),
         glob_t *restrict found)
{
    look_around();
    return LIBC(glob)(pattern, flags, on_error, found);
}

int ftw(const char *path, __ftw_func_t visit, int descriptors)
{
    look_around();
    return LIBC(ftw)(path, visit, descriptors);
}

int nftw(const char *path, __nftw_func_t visit, int descriptors, int flags)
{
    look_around();
    return LIBC(nftw)(path, visit, descriptors, flags);
}

FTS *fts_open(char *const *paths, int flags, int (*compare)(const FTSENT **, const FTSENT **))
{
    look_around();
    return LIBC(fts_open)(paths, flags, compare);
}

/* Offsets have 64 bits in both, and so the layouts are the same. */
int glob64(const char *restrict pattern, int flags, int (*on_error)(const char *, int),
           glob64_t *restrict found) __attribute__((alias("glob")));
int ftw64(const char *path, __ftw64_func_t visit, int descriptors) __attribute__((alias("ftw")));
int nftw64(const char *path, __nftw64_func_t visit, int descriptors, int flags)
    __attribute__((alias("nftw")));
FTS64 *fts64_open(char *const *paths, int flags,
                  int (*compare)(const FTSENT64 **, const FTSENT64 **))
    __attribute__((alias("fts_open")));

#pragma GCC visibility pop
