/* SPDX-License-Identifier: MIT */
/* libc's calls on mappings. */
#undef _FILE_OFFSET_BITS
#include "entry.h"

#include <stdarg.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#pragma GCC visibility push(default)

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
    struct entry entry = entry_of_call();
    return (void *)entry_leave(
        entry, (long)entry.calls->mmap(address, length, protection, flags, fd, offset));
}

void *mmap64(void *address, size_t length, int protection, int flags, int fd, off64_t offset)
    __attribute__((alias("mmap")));

int munmap(void *address, size_t length)
{
    struct entry entry = entry_of_call();
    return (int)entry_leave(entry, entry.calls->munmap(address, length));
}

void *mremap(void *old, size_t old_length, size_t new_length, int flags, ...)
{
    struct entry entry = entry_of_call();
    void *new_address = NULL;

    if (flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) {
        va_list arguments;
        va_start(arguments, flags);
        new_address = va_arg(arguments, void *);
        va_end(arguments);
    }
    return (void *)entry_leave(
        entry, (long)entry.calls->mremap(old, old_length, new_length, flags, new_address));
}

int mprotect(void *address, size_t length, int protection)
{
    struct entry entry = entry_of_call();
    return (int)entry_leave(entry, entry.calls->mprotect(address, length, protection));
}

int madvise(void *address, size_t length, int advice)
{
    struct entry entry = entry_of_call();
    return (int)entry_leave(entry, entry.calls->madvise(address, length, advice));
}

/* The kernel is to read what has no access rights yet. */
static void have_ready(const void *address, size_t length)
{
    struct entry entry = entry_of_call();

    if (entry.backend)
        entry.calls->madvise((void *)(uintptr_t)address, length, MADV_POPULATE_READ);
    entry_leave_raw(entry, 0);
}

int mlock2(const void *address, size_t length, unsigned flags)
{
    have_ready(address, length);
    return (int)libc_result(
        real_syscall(SYS_mlock2, (long)address, (long)length, (long)flags, 0, 0, 0));
}

int mlock(const void *address, size_t length)
{
    return mlock2(address, length, 0);
}

int msync(void *address, size_t length, int flags)
{
    struct entry entry = entry_of_call();
    return (int)entry_leave(entry, entry.calls->msync(address, length, flags));
}

#pragma GCC visibility pop
