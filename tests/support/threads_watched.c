/* SPDX-License-Identifier: MIT */
/*
 * What ThreadSanitizer is told about the arena. It takes a mapping over memory for a store to all
 * of it, but the arena maps over its pages what they hold already: to whoever looks, nothing
 * changes. So these mappings are made behind its back (linked with --wrap=mmap). The first one, of
 * the whole range, is not: with it the sanitizer makes room for what it notes of these addresses.
 */
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

void *__real_mmap(void *address, size_t bytes, int protection, int flags, int fd, off_t offset);
void *__wrap_mmap(void *address, size_t bytes, int protection, int flags, int fd, off_t offset);
const char *__tsan_default_suppressions(void);
const char *__tsan_default_options(void);

void *__wrap_mmap(void *address, size_t bytes, int protection, int flags, int fd, off_t offset)
{
    if (flags & MAP_FIXED)
        return (void *)syscall(SYS_mmap, address, bytes, protection, flags, fd, offset);
    return __real_mmap(address, bytes, protection, flags, fd, offset);
}

/*
 * A lazy snapshot copies pages that threads may be storing to, and means to: which of the bytes it
 * gets is open, that block and checksum agree and that the page is copied again is not
 * (docs/copying.md). No order of calls could make that no race, since the stores are the program's.
 */
const char *__tsan_default_suppressions(void)
{
    return "race:^gather$\n";
}

/* The fault handler answers for the instruction that faulted, so it may call what a signal at any
 * other instant may not. */
const char *__tsan_default_options(void)
{
    return "report_signal_unsafe=0";
}
