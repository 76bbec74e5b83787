/* SPDX-License-Identifier: MIT */
/*
 * libc's syscall(): a number that one of the wrapped calls has is that call. Every other goes to
 * the kernel as it is.
 */
#undef _FORTIFY_SOURCE
#undef _FILE_OFFSET_BITS
#include "entry.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ARGUMENTS = 6 };

union argument {
    long number;
    void *pointer;
};

/* What a program must do without while a backend looks on, as on a kernel that does not have it. */
static long refuse(void)
{
    errno = ENOSYS;
    return -1;
}

#define INT(n)     ((int)a[n].number)
#define FLAGS(n)   ((unsigned)a[n].number)
#define SIZE(n)    ((size_t)a[n].number)
#define LONG(n)    (a[n].number)
#define POINTER(n) (a[n].pointer)

/* The forms without a directory, which newer machines do not have; false: none of them. */
static bool call_of_old(long number, const union argument *a, long *result)
{
    switch (number) {
#ifdef SYS_open
    case SYS_open:
        *result = open(POINTER(0), INT(1), (mode_t)LONG(2));
        return true;
    case SYS_creat:
        *result = creat(POINTER(0), (mode_t)LONG(1));
        return true;
    case SYS_dup2:
        *result = dup2(INT(0), INT(1));
        return true;
    case SYS_rename:
        *result = rename(POINTER(0), POINTER(1));
        return true;
    case SYS_link:
        *result = link(POINTER(0), POINTER(1));
        return true;
    case SYS_unlink:
        *result = unlink(POINTER(0));
        return true;
    case SYS_stat:
        *result = stat(POINTER(0), POINTER(1));
        return true;
    case SYS_lstat:
        *result = lstat(POINTER(0), POINTER(1));
        return true;
    case SYS_access:
        *result = access(POINTER(0), INT(1));
        return true;
    case SYS_readlink:
        *result = readlink(POINTER(0), POINTER(1), SIZE(2));
        return true;
#endif
    default:
        return false;
    }
}

/* Calls on descriptors and mappings. */
static bool call_on_file(long number, const union argument *a, long *result)
{
    switch (number) {
    case SYS_close:
        *result = close(INT(0));
        return true;
    case SYS_dup:
        *result = dup(INT(0));
        return true;
    case SYS_dup3:
        *result = dup3(INT(0), INT(1), INT(2));
        return true;
    case SYS_fcntl:
        *result = fcntl(INT(0), INT(1), LONG(2));
        return true;
    case SYS_lseek:
        *result = lseek(INT(0), LONG(1), INT(2));
        return true;
    case SYS_read:
        *result = read(INT(0), POINTER(1), SIZE(2));
        return true;
    case SYS_readv:
        *result = readv(INT(0), POINTER(1), INT(2));
        return true;
    case SYS_pread64:
        *result = pread(INT(0), POINTER(1), SIZE(2), LONG(3));
        return true;
    case SYS_preadv:
        *result = preadv(INT(0), POINTER(1), INT(2), LONG(3));
        return true;
    case SYS_preadv2:
        *result = preadv2(INT(0), POINTER(1), INT(2), LONG(3), INT(5));
        return true;
    case SYS_write:
        *result = write(INT(0), POINTER(1), SIZE(2));
        return true;
    case SYS_writev:
        *result = writev(INT(0), POINTER(1), INT(2));
        return true;
    case SYS_pwrite64:
        *result = pwrite(INT(0), POINTER(1), SIZE(2), LONG(3));
        return true;
    case SYS_pwritev:
        *result = pwritev(INT(0), POINTER(1), INT(2), LONG(3));
        return true;
    case SYS_pwritev2:
        *result = pwritev2(INT(0), POINTER(1), INT(2), LONG(3), INT(5));
        return true;
    case SYS_copy_file_range:
        *result = copy_file_range(INT(0), POINTER(1), INT(2), POINTER(3), SIZE(4), FLAGS(5));
        return true;
    case SYS_sendfile:
        *result = sendfile(INT(0), INT(1), POINTER(2), SIZE(3));
        return true;
    case SYS_splice:
        *result = splice(INT(0), POINTER(1), INT(2), POINTER(3), SIZE(4), FLAGS(5));
        return true;
    case SYS_fsync:
        *result = fsync(INT(0));
        return true;
    case SYS_fdatasync:
        *result = fdatasync(INT(0));
        return true;
    case SYS_sync:
        sync();
        *result = 0;
        return true;
    case SYS_syncfs:
        *result = syncfs(INT(0));
        return true;
    case SYS_sync_file_range:
        *result = sync_file_range(INT(0), LONG(1), LONG(2), FLAGS(3));
        return true;
    case SYS_ftruncate:
        *result = ftruncate(INT(0), LONG(1));
        return true;
    case SYS_fallocate:
        *result = fallocate(INT(0), INT(1), LONG(2), LONG(3));
        return true;
    case SYS_fstat:
        *result = fstat(INT(0), POINTER(1));
        return true;
    case SYS_mmap:
        *result = (long)mmap(POINTER(0), SIZE(1), INT(2), INT(3), INT(4), LONG(5));
        return true;
    case SYS_munmap:
        *result = munmap(POINTER(0), SIZE(1));
        return true;
    case SYS_mremap:
        *result = (long)mremap(POINTER(0), SIZE(1), SIZE(2), INT(3), POINTER(4));
        return true;
    case SYS_mprotect:
        *result = mprotect(POINTER(0), SIZE(1), INT(2));
        return true;
    case SYS_madvise:
        *result = madvise(POINTER(0), SIZE(1), INT(2));
        return true;
    case SYS_msync:
        *result = msync(POINTER(0), SIZE(1), INT(2));
        return true;
    default:
        return false;
    }
}

static long open_how(int directory, const char *path, const struct open_how *how)
{
    return how->resolve == 0 ? openat(directory, path, (int)how->flags, (mode_t)how->mode)
                             : refuse();
}

static bool call_on_name(long number, const union argument *a, long *result)
{
    switch (number) {
    case SYS_openat:
        *result = openat(INT(0), POINTER(1), INT(2), (mode_t)LONG(3));
        return true;
    case SYS_openat2:
        *result = open_how(INT(0), POINTER(1), POINTER(2));
        return true;
    case SYS_truncate:
        *result = truncate(POINTER(0), LONG(1));
        return true;
    case SYS_renameat2:
        *result = renameat2(INT(0), POINTER(1), INT(2), POINTER(3), FLAGS(4));
        return true;
#ifdef SYS_renameat
    case SYS_renameat:
        *result = renameat(INT(0), POINTER(1), INT(2), POINTER(3));
        return true;
#endif
    case SYS_linkat:
        *result = linkat(INT(0), POINTER(1), INT(2), POINTER(3), INT(4));
        return true;
    case SYS_unlinkat:
        *result = unlinkat(INT(0), POINTER(1), INT(2));
        return true;
    case SYS_newfstatat:
        *result = fstatat(INT(0), POINTER(1), POINTER(2), INT(3));
        return true;
    case SYS_statx:
        *result = statx(INT(0), POINTER(1), INT(2), FLAGS(3), POINTER(4));
        return true;
    case SYS_faccessat:
        *result = faccessat(INT(0), POINTER(1), INT(2), 0);
        return true;
    case SYS_faccessat2:
        *result = faccessat(INT(0), POINTER(1), INT(2), INT(3));
        return true;
    case SYS_readlinkat:
        *result = readlinkat(INT(0), POINTER(1), POINTER(2), SIZE(3));
        return true;
    default:
        return false;
    }
}

#pragma GCC visibility push(default)

long syscall(long number, ...)
{
    union argument a[ARGUMENTS];
    va_list arguments;
    long result;

    va_start(arguments, number);
    for (int i = 0; i < ARGUMENTS; i++)
        a[i].number = va_arg(arguments, long);
    va_end(arguments);
    if (entry_concerns_any()) {
        if (call_on_file(number, a, &result) || call_on_name(number, a, &result) ||
            call_of_old(number, a, &result))
            return result;
    }
    if (number == SYS_getrandom)
        return getrandom(POINTER(0), SIZE(1), FLAGS(2));
    if (number == SYS_exit_group)
        _exit(INT(0));
    return libc_result(real_syscall(number, LONG(0), LONG(1), LONG(2), LONG(3), LONG(4), LONG(5)));
}

#pragma GCC visibility pop
