/* SPDX-License-Identifier: MIT */
#include "os.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <pma/errors.h>
#include <pma/pma.h>

/* Whether a fault plan wants the call left out; *result is then what to return for it. */
static inline bool left_out(enum fault_point point, int *result)
{
    int hit = fault_hit(point);

    *result = hit == FAULT_SKIP ? 0 : hit;
    return hit != 0;
}

/* For calls whose result cannot be made up: a plan can make them fail, but not skip them. */
static inline int refused(enum fault_point point)
{
    int hit = fault_hit(point);

    return hit < 0 ? hit : 0;
}

static int result_of(int outcome)
{
    return outcome < 0 ? -errno : outcome;
}

static int open_retrying(int directory, const char *name, int flags, mode_t mode)
{
    int fd;

    do
        fd = openat(directory, name, flags | O_CLOEXEC, mode);
    while (fd < 0 && errno == EINTR);
    return result_of(fd);
}

int os_open_directory(const char *path)
{
    return open_retrying(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, 0);
}

int os_open(const char *path, bool writable, enum fault_point point)
{
    int result = refused(point);

    if (result)
        return result;
    /* Without O_NONBLOCK the open of a FIFO would wait for a writer. */
    return open_retrying(AT_FDCWD, path, (writable ? O_RDWR : O_RDONLY) | O_NONBLOCK | O_NOCTTY, 0);
}

int os_open_at(int directory, const char *name)
{
    return open_retrying(directory, name, O_RDWR, 0);
}

int os_create(int directory, const char *name, enum fault_point point)
{
    int result = refused(point);

    return result ? result : open_retrying(directory, name, O_RDWR | O_CREAT | O_EXCL, 0666);
}

int os_close(int fd, enum fault_point point)
{
    int result = refused(point);
    int closed = result_of(close(fd));

    return result ? result : closed;
}

int os_lock(int fd, bool exclusive, enum fault_point point)
{
    int result;

    if (left_out(point, &result))
        return result;
    do
        result = flock(fd, (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB);
    while (result < 0 && errno == EINTR);
    return result_of(result);
}

static struct flock bytes_lock(uint64_t first, uint64_t last, int type)
{
    return (struct flock){.l_type = (short)type,
                          .l_whence = SEEK_SET,
                          .l_start = (off_t)first,
                          .l_len = (off_t)(last - first + 1)};
}

void os_unlock(int fd)
{
    flock(fd, LOCK_UN);
}

int os_lock_byte(int fd, uint64_t offset, bool exclusive, enum fault_point point)
{
    struct flock lock = bytes_lock(offset, offset, exclusive ? F_WRLCK : F_RDLCK);
    int result;

    if (left_out(point, &result))
        return result;
    result = result_of(fcntl(fd, F_OFD_SETLK, &lock));
    return result == -EACCES ? -EAGAIN : result;
}

void os_unlock_bytes(int fd, uint64_t first, uint64_t last)
{
    struct flock lock = bytes_lock(first, last, F_UNLCK);

    fcntl(fd, F_OFD_SETLK, &lock);
}

int os_find_lock(int fd, uint64_t *first, uint64_t *last, bool exclusive, enum fault_point point)
{
    struct flock lock = bytes_lock(*first, *last, exclusive ? F_WRLCK : F_RDLCK);
    uint64_t start, end;
    int hit = fault_hit(point);

    if (hit)
        return hit == FAULT_SKIP ? -ENOENT : hit;
    if (fcntl(fd, F_OFD_GETLK, &lock) < 0)
        return -errno;
    if (lock.l_type == F_UNLCK)
        return -ENOENT;
    start = (uint64_t)lock.l_start;
    end = lock.l_len > 0 ? start + (uint64_t)lock.l_len - 1 : UINT64_MAX;
    *first = start > *first ? start : *first;
    *last = end < *last ? end : *last;
    return 0;
}

int os_length(int fd, uint64_t *bytes)
{
    struct stat status;

    if (fstat(fd, &status) < 0)
        return -errno;
    if (!S_ISREG(status.st_mode))
        return PMA_ENOTARENA;
    *bytes = (uint64_t)status.st_size;
    return 0;
}

int os_exists(int directory, const char *name)
{
    struct stat status;

    return result_of(fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW));
}

int os_same_file(int fd, int directory, const char *name, bool *same)
{
    struct stat opened, named;

    if (fstat(fd, &opened) < 0)
        return -errno;
    if (fstatat(directory, name, &named, AT_SYMLINK_NOFOLLOW) < 0) {
        *same = false;
        return errno == ENOENT ? 0 : -errno;
    }
    *same = opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
    return 0;
}

int os_rename_new(int directory, const char *from, const char *to, enum fault_point point)
{
    int result;

    if (left_out(point, &result))
        return result;
    result = result_of(renameat2(directory, from, directory, to, RENAME_NOREPLACE));
    if (result != -EINVAL && result != -ENOSYS)
        return result;
    /* A file system without RENAME_NOREPLACE: a link does not replace either. */
    result = result_of(linkat(directory, from, directory, to, 0));
    return result ? result : os_unlink(directory, from);
}

int os_unlink(int directory, const char *name)
{
    return result_of(unlinkat(directory, name, 0));
}

int os_read(int fd, void *bytes, size_t count, uint64_t offset, enum fault_point point)
{
    char *at = bytes;
    ssize_t got;
    int result;

    if (left_out(point, &result))
        return result;
    while (count > 0) {
        got = pread(fd, at, count, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -errno;
        if (got == 0)
            return -ENODATA;
        at += got;
        offset += (uint64_t)got;
        count -= (size_t)got;
    }
    return 0;
}

int os_write(int fd, const void *bytes, size_t count, uint64_t offset, enum fault_point point)
{
    const char *at = bytes;
    ssize_t written;
    int result;

    if (left_out(point, &result))
        return result;
    while (count > 0) {
        written = pwrite(fd, at, count, (off_t)offset);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return written < 0 ? -errno : -EIO;
        at += written;
        offset += (uint64_t)written;
        count -= (size_t)written;
    }
    return 0;
}

/* For file systems that cannot reserve: blocks are there once they have been written. */
static int write_zeros(int fd, uint64_t offset, uint64_t bytes)
{
    static const char zeros[4096];
    size_t count;
    int result;

    for (; bytes > 0; offset += count, bytes -= count) {
        count = bytes < sizeof(zeros) ? (size_t)bytes : sizeof(zeros);
        result = os_write(fd, zeros, count, offset, FAULT_NONE);
        if (result)
            return result;
    }
    return 0;
}

int os_allocate(int fd, uint64_t offset, uint64_t bytes, enum fault_point point)
{
    int result;

    if (left_out(point, &result))
        return result;
    do
        result = fallocate(fd, 0, (off_t)offset, (off_t)bytes);
    while (result < 0 && errno == EINTR);
    if (result < 0 && errno == EOPNOTSUPP)
        return write_zeros(fd, offset, bytes);
    return result_of(result);
}

int os_truncate(int fd, uint64_t bytes, enum fault_point point)
{
    int result;

    if (left_out(point, &result))
        return result;
    do
        result = ftruncate(fd, (off_t)bytes);
    while (result < 0 && errno == EINTR);
    return result_of(result);
}

/* A failed sync is never repeated here: the kernel has forgotten what it could not write. */
int os_sync_data(int fd, enum fault_point point)
{
    int result;

    return left_out(point, &result) ? result : result_of(fdatasync(fd));
}

int os_sync(int fd, enum fault_point point)
{
    int result;

    return left_out(point, &result) ? result : result_of(fsync(fd));
}

/* Without one of the flags that wait: those take the error away that the next sync has to report.
 */
int os_write_back(int fd, uint64_t offset, uint64_t bytes, enum fault_point point)
{
    int result;

    return left_out(point, &result)
               ? result
               : result_of(sync_file_range(fd, (off_t)offset, (off_t)bytes, SYNC_FILE_RANGE_WRITE));
}

void *os_memory(size_t bytes, enum fault_point point)
{
    void *memory;

    if (refused(point))
        return NULL;
    memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void *os_memory_of_process(size_t bytes)
{
    void *memory = os_memory(bytes, FAULT_NONE);

    if (memory && madvise(memory, bytes, MADV_WIPEONFORK) < 0) {
        os_memory_free(memory, bytes);
        return NULL;
    }
    return memory;
}

void os_memory_free(void *memory, size_t bytes)
{
    if (memory)
        munmap(memory, bytes);
}

static int map(void *address, size_t bytes, int protection, int flags, int fd, uint64_t offset)
{
    void *mapped = mmap(address, bytes, protection, flags, fd, (off_t)offset);

    if (mapped == MAP_FAILED)
        return -errno;
    if (mapped != address) {
        /* A kernel before 4.17 takes MAP_FIXED_NOREPLACE for a mere hint. */
        munmap(mapped, bytes);
        return -EEXIST;
    }
    return 0;
}

enum { NOTHING = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE };

int os_reserve(void *address, size_t bytes, enum fault_point point)
{
    int result = refused(point);

    return result ? result : map(address, bytes, PROT_NONE, NOTHING | MAP_FIXED_NOREPLACE, -1, 0);
}

int os_reserve_anywhere(size_t bytes, void **address, enum fault_point point)
{
    int result = refused(point);
    void *mapped;

    if (result)
        return result;
    mapped = mmap(NULL, bytes, PROT_NONE, NOTHING, -1, 0);
    if (mapped == MAP_FAILED)
        return -errno;
    *address = mapped;
    return 0;
}

int os_release(void *address, size_t bytes)
{
    return result_of(munmap(address, bytes));
}

/*
 * MADV_RANDOM keeps the page cache from making large folios of the blocks, in which a store to one
 * page would have all of them written back. All mappings of the file have it, so that neighbours
 * can become one kernel mapping.
 */
int os_map_file(void *address, size_t bytes, int fd, uint64_t offset, bool writable,
                enum fault_point point)
{
    int result;

    if (left_out(point, &result))
        return result;
    result = map(address, bytes, writable ? PROT_READ | PROT_WRITE : PROT_READ,
                 MAP_SHARED | MAP_FIXED, fd, offset);
    if (!result)
        madvise(address, bytes, MADV_RANDOM);
    return result;
}

int os_map_copied(void *address, size_t bytes, int fd, uint64_t offset, enum fault_point point)
{
    int result;

    if (left_out(point, &result))
        return result;
    result = map(address, bytes, PROT_READ, MAP_PRIVATE | MAP_NORESERVE | MAP_FIXED, fd, offset);
    if (!result)
        madvise(address, bytes, MADV_RANDOM);
    return result;
}

int os_map_private(void *address, size_t bytes, bool writable, enum fault_point point)
{
    int result;

    return left_out(point, &result)
               ? result
               : map(address, bytes, writable ? PROT_READ | PROT_WRITE : PROT_READ,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

int os_populate(void *address, size_t bytes)
{
    return result_of(madvise(address, bytes, MADV_POPULATE_WRITE));
}

/*
 * With one mapping more than the limit, which Linux allows to happen, nothing can be mapped over
 * anything any more, but it can be unmapped first.
 */
int os_map_nothing(void *address, size_t bytes, enum fault_point point)
{
    int result;

    if (left_out(point, &result))
        return result;
    result = map(address, bytes, PROT_NONE, NOTHING | MAP_FIXED, -1, 0);
    if (result == -ENOMEM && munmap(address, bytes) == 0)
        result = map(address, bytes, PROT_NONE, NOTHING | MAP_FIXED_NOREPLACE, -1, 0);
    return result;
}

int os_protect(void *address, size_t bytes, bool writable, enum fault_point point)
{
    int result;

    return left_out(point, &result)
               ? result
               : result_of(mprotect(address, bytes, writable ? PROT_READ | PROT_WRITE : PROT_READ));
}

static int move(void *to, void *from, size_t bytes)
{
    return mremap(from, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, to) == MAP_FAILED ? -errno : 0;
}

/* How many of the pages at the front are mapped no more, where all behind them are. */
static size_t pages_gone(unsigned char *from, size_t pages)
{
    size_t low = 0, high = pages;
    unsigned char resident;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (mincore(from + middle * PMA_PAGE_SIZE, PMA_PAGE_SIZE, &resident) == 0)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/*
 * Linux from 6.17 on moves several mappings in one call, one after the other, until it comes to one
 * that it does not move together with others, a watched one, and leaves those before it where they
 * went.
 */
int os_move(void *to, void *from, size_t bytes, enum fault_point point)
{
    int result = refused(point), back;
    size_t gone;

    if (!result)
        result = move(to, from, bytes);
    if (result != -EFAULT)
        return result;
    gone = pages_gone(from, bytes / PMA_PAGE_SIZE) * PMA_PAGE_SIZE;
    back = gone ? move(from, to, gone) : 0;
    return back ? back : result;
}

/* Read once, since an arena may be opened often and the number is hardly ever changed. */
uint64_t os_mapping_limit(void)
{
    enum { DEFAULT = 65530 };
    static _Atomic uint64_t limit;
    char digits[32] = "";
    int fd;

    if (limit > 0)
        return limit;
    fd = open_retrying(AT_FDCWD, "/proc/sys/vm/max_map_count", O_RDONLY, 0);
    if (fd >= 0) {
        if (read(fd, digits, sizeof(digits) - 1) > 0)
            limit = strtoull(digits, NULL, 10);
        close(fd);
    }
    if (limit == 0)
        limit = DEFAULT;
    return limit;
}

int os_random(void *bytes, size_t count)
{
    ssize_t got;

    do
        got = getrandom(bytes, count, 0);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return -errno;
    return (size_t)got == count ? 0 : -EIO;
}

int os_at_fork(void (*before)(void), void (*parent)(void), void (*child)(void))
{
    return -pthread_atfork(before, parent, child);
}

void os_wait(_Atomic uint32_t *word, uint32_t value)
{
    int saved = errno;

    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
    errno = saved;
}

void os_wake(_Atomic uint32_t *word)
{
    int saved = errno;

    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
    errno = saved;
}

int os_catch_faults(os_fault_handler *handler, struct sigaction *previous)
{
    struct sigaction current,
        wanted = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_ONSTACK};

    if (sigaction(SIGSEGV, NULL, &current) < 0)
        return -errno;
    if ((current.sa_flags & SA_SIGINFO) && current.sa_sigaction == handler)
        return 0;
    sigfillset(&wanted.sa_mask);
    if (sigaction(SIGSEGV, &wanted, NULL) < 0)
        return -errno;
    *previous = current;
    return 0;
}

void os_restore_default_fault(void)
{
    struct sigaction action = {.sa_handler = SIG_DFL};

    sigaction(SIGSEGV, &action, NULL);
}
