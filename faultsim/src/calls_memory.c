/* SPDX-License-Identifier: MIT */
/* libc's calls on mappings. */
#undef _FILE_OFFSET_BITS
#include "entry.h"

#include <stdarg.h>
#include <stddef.h>
#include <sys/mman.h>

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

int msync(void *address, size_t length, int flags)
{
    struct entry entry = entry_of_call();
    return (int)entry_leave(entry, entry.calls->msync(address, length, flags));
}

#pragma GCC visibility pop
