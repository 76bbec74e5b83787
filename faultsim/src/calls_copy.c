/* SPDX-License-Identifier: MIT */
/*
 * Calls that copy from one descriptor to another within the kernel. Backends know reads and writes
 * only, so that these are made of both where either end concerns one.
 */
#undef _FORTIFY_SOURCE
#undef _FILE_OFFSET_BITS
#include "entry.h"

#include <fcntl.h>
#include <stddef.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { COPY_BYTES = 1 << 14 };

/* Up to one buffer; what could not be written is given back to a file, a pipe has none of that. */
static ssize_t copy_some(int in, off64_t *in_offset, int out, off64_t *out_offset, size_t count)
{
    char bytes[COPY_BYTES];
    ssize_t written;
    ssize_t got;

    count = count < sizeof(bytes) ? count : sizeof(bytes);
    got = in_offset ? pread(in, bytes, count, *in_offset) : read(in, bytes, count);
    if (got <= 0)
        return got;
    written =
        out_offset ? pwrite(out, bytes, (size_t)got, *out_offset) : write(out, bytes, (size_t)got);
    if (!in_offset && written < got) {
        int kept = errno;
        lseek(in, (written < 0 ? 0 : written) - got, SEEK_CUR);
        errno = kept;
    }
    if (in_offset && written > 0)
        *in_offset += written;
    if (out_offset && written > 0)
        *out_offset += written;
    return written;
}

/* As much as there is, as programs expect of files that do not ask for the rest. */
static ssize_t copy_all(int in, off64_t *in_offset, int out, off64_t *out_offset, size_t count)
{
    ssize_t some = 1;
    size_t done = 0;

    while (done < count && some > 0) {
        some = copy_some(in, in_offset, out, out_offset, count - done);
        done += some > 0 ? (size_t)some : 0;
    }
    return done > 0 ? (ssize_t)done : some;
}

#pragma GCC visibility push(default)

ssize_t copy_file_range(int in, off64_t *in_offset, int out, off64_t *out_offset, size_t count,
                        unsigned flags)
{
    if (flags == 0 && (entry_concerns(in) || entry_concerns(out)))
        return copy_all(in, in_offset, out, out_offset, count);
    return libc_result(real_syscall(SYS_copy_file_range, in, (long)in_offset, out, (long)out_offset,
                                    (long)count, flags));
}

ssize_t sendfile(int out, int in, off_t *offset, size_t count)
{
    if (entry_concerns(in) || entry_concerns(out))
        return copy_all(in, offset, out, NULL, count);
    return libc_result(real_syscall(SYS_sendfile, out, in, (long)offset, (long)count, 0, 0));
}

ssize_t sendfile64(int out, int in, off64_t *offset, size_t count)
    __attribute__((alias("sendfile")));

/* One end is a pipe, which has neither room nor content for all. */
ssize_t splice(int in, off64_t *in_offset, int out, off64_t *out_offset, size_t count,
               unsigned flags)
{
    if (entry_concerns(in) || entry_concerns(out))
        return copy_some(in, in_offset, out, out_offset, count);
    return libc_result(
        real_syscall(SYS_splice, in, (long)in_offset, out, (long)out_offset, (long)count, flags));
}

#pragma GCC visibility pop
