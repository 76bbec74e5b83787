/* SPDX-License-Identifier: MIT */
/*
 * The kernel's calls, past every wrapper: ours, a sanitizer's, a preloaded library's. Safe in
 * signal handlers; errno stays as it was.
 */
#undef _FORTIFY_SOURCE
#undef _FILE_OFFSET_BITS
#include "interpose.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

_Static_assert(sizeof(long) == 8 && sizeof(off_t) == 8, "offsets are passed as one argument");

/* libc's syscall() is one of the wrapped calls. */
#if defined(__x86_64__)

long real_syscall(long number, long a, long b, long c, long d, long e, long f)
{
    register long fourth __asm__("r10") = d;
    register long fifth __asm__("r8") = e;
    register long sixth __asm__("r9") = f;
    long result;

    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth), "r"(fifth), "r"(sixth)
                     : "rcx", "r11", "memory");
    return result;
}

#elif defined(__aarch64__)

long real_syscall(long number, long a, long b, long c, long d, long e, long f)
{
    register long call __asm__("x8") = number;
    register long first __asm__("x0") = a;
    register long second __asm__("x1") = b;
    register long third __asm__("x2") = c;
    register long fourth __asm__("x3") = d;
    register long fifth __asm__("x4") = e;
    register long sixth __asm__("x5") = f;

    __asm__ volatile("svc 0"
                     : "+r"(first)
                     : "r"(call), "r"(second), "r"(third), "r"(fourth), "r"(fifth), "r"(sixth)
                     : "memory");
    return first;
}

#else
#error "say here how this machine calls the kernel"
#endif

int real_open(int directory, const char *path, int flags, mode_t mode)
{
    return (int)real_syscall(SYS_openat, directory, (long)path, flags, mode, 0, 0);
}

int real_close(int fd)
{
    return (int)real_syscall(SYS_close, fd, 0, 0, 0, 0, 0);
}

static int real_dup(int fd, int wanted, int flags)
{
    if (wanted >= 0 && !(flags & DUP_AT_LEAST)) {
        /* dup2 of a descriptor to itself is no error, unlike dup3. */
        if (fd == wanted && !(flags & O_CLOEXEC)) {
            long valid = real_syscall(SYS_fcntl, fd, F_GETFD, 0, 0, 0, 0);
            return valid < 0 ? (int)valid : fd;
        }
        return (int)real_syscall(SYS_dup3, fd, wanted, flags, 0, 0, 0);
    }
    return (int)real_syscall(SYS_fcntl, fd, flags & O_CLOEXEC ? F_DUPFD_CLOEXEC : F_DUPFD,
                             wanted < 0 ? 0 : wanted, 0, 0, 0);
}

static ssize_t real_read(int fd, const struct iovec *parts, int count, off_t offset, int flags)
{
    if (flags != 0)
        return real_syscall(SYS_preadv2, fd, (long)parts, count, offset, 0, flags);
    if (offset == -1)
        return real_syscall(SYS_readv, fd, (long)parts, count, 0, 0, 0);
    return real_syscall(SYS_preadv, fd, (long)parts, count, offset, 0, 0);
}

static ssize_t real_write(int fd, const struct iovec *parts, int count, off_t offset, int flags)
{
    if (flags != 0)
        return real_syscall(SYS_pwritev2, fd, (long)parts, count, offset, 0, flags);
    if (offset == -1)
        return real_syscall(SYS_writev, fd, (long)parts, count, 0, 0, 0);
    return real_syscall(SYS_pwritev, fd, (long)parts, count, offset, 0, 0);
}

ssize_t real_pread(int fd, void *bytes, size_t count, off_t offset)
{
    return real_syscall(SYS_pread64, fd, (long)bytes, (long)count, offset, 0, 0);
}

ssize_t real_pwrite(int fd, const void *bytes, size_t count, off_t offset)
{
    return real_syscall(SYS_pwrite64, fd, (long)bytes, (long)count, offset, 0, 0);
}

static off_t real_seek(int fd, off_t offset, int whence)
{
    return real_syscall(SYS_lseek, fd, offset, whence, 0, 0, 0);
}

void *real_mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
    return (void *)real_syscall(SYS_mmap, (long)address, (long)length, protection, flags, fd,
                                offset);
}

int real_munmap(void *address, size_t length)
{
    return (int)real_syscall(SYS_munmap, (long)address, (long)length, 0, 0, 0, 0);
}

static void *real_mremap(void *old, size_t old_length, size_t new_length, int flags,
                         void *new_address)
{
    return (void *)real_syscall(SYS_mremap, (long)old, (long)old_length, (long)new_length, flags,
                                (long)new_address, 0);
}

int real_mprotect(void *address, size_t length, int protection)
{
    return (int)real_syscall(SYS_mprotect, (long)address, (long)length, protection, 0, 0, 0);
}

static int real_madvise(void *address, size_t length, int advice)
{
    return (int)real_syscall(SYS_madvise, (long)address, (long)length, advice, 0, 0, 0);
}

static int real_msync(void *address, size_t length, int flags)
{
    return (int)real_syscall(SYS_msync, (long)address, (long)length, flags, 0, 0, 0);
}

static int real_sync(int fd, bool data_only)
{
    return (int)real_syscall(data_only ? SYS_fdatasync : SYS_fsync, fd, 0, 0, 0, 0, 0);
}

static int real_sync_all(int fd)
{
    return (int)real_syscall(fd < 0 ? SYS_sync : SYS_syncfs, fd, 0, 0, 0, 0, 0);
}

static int real_sync_file_range(int fd, off_t offset, off_t bytes, unsigned flags)
{
    return (int)real_syscall(SYS_sync_file_range, fd, offset, bytes, flags, 0, 0);
}

int real_ftruncate(int fd, off_t length)
{
    return (int)real_syscall(SYS_ftruncate, fd, length, 0, 0, 0, 0);
}

static int real_rename(int old_directory, const char *old_path, int new_directory,
                       const char *new_path, unsigned flags)
{
    return (int)real_syscall(SYS_renameat2, old_directory, (long)old_path, new_directory,
                             (long)new_path, flags, 0);
}

static int real_link(int old_directory, const char *old_path, int new_directory,
                     const char *new_path, int flags)
{
    return (int)real_syscall(SYS_linkat, old_directory, (long)old_path, new_directory,
                             (long)new_path, flags, 0);
}

static int real_unlink(int directory, const char *path, int flags)
{
    return (int)real_syscall(SYS_unlinkat, directory, (long)path, flags, 0, 0, 0);
}

static int real_stat(int directory, const char *path, struct stat *status, int flags)
{
    return (int)real_syscall(SYS_newfstatat, directory, (long)path, (long)status, flags, 0, 0);
}

static bool spares_memory;

void interpose_spare_memory(void)
{
    spares_memory = true;
}

static int real_allocate(int fd, int mode, off_t offset, off_t bytes)
{
    struct stat status;

    if (spares_memory && mode == 0 && bytes > 0 && real_stat(fd, "", &status, AT_EMPTY_PATH) == 0 &&
        S_ISREG(status.st_mode))
        return status.st_size < offset + bytes ? real_ftruncate(fd, offset + bytes) : 0;
    return (int)real_syscall(SYS_fallocate, fd, mode, offset, bytes, 0, 0);
}

static int real_access(int directory, const char *path, int mode, int flags)
{
    if (flags != 0)
        return (int)real_syscall(SYS_faccessat2, directory, (long)path, mode, flags, 0, 0);
    return (int)real_syscall(SYS_faccessat, directory, (long)path, mode, 0, 0, 0);
}

static int list_nothing(int directory, const char *path)
{
    return 0;
}

static int look_at_nothing(bool contents)
{
    return 0;
}

const struct backend kernel_calls = {
    .open = real_open,
    .close = real_close,
    .dup = real_dup,
    .read = real_read,
    .write = real_write,
    .seek = real_seek,
    .mmap = real_mmap,
    .munmap = real_munmap,
    .mremap = real_mremap,
    .mprotect = real_mprotect,
    .madvise = real_madvise,
    .msync = real_msync,
    .sync = real_sync,
    .sync_all = real_sync_all,
    .sync_file_range = real_sync_file_range,
    .truncate = real_ftruncate,
    .allocate = real_allocate,
    .rename = real_rename,
    .link = real_link,
    .unlink = real_unlink,
    .stat = real_stat,
    .access = real_access,
    .list = list_nothing,
    .look_around = look_at_nothing,
};
