/* SPDX-License-Identifier: MIT */
/*
 * The libc calls that the recorder sees, as places for faults: a plan names them "call/fdatasync"
 * beside the fault points of the code under test. A hit is a call on a recorded file, on its name
 * or on a mapping of it; calls on anything else pass.
 *
 * X(identifier, name, kind, default errno, what the call does)
 *
 * kind: TRANSFER can be cut short, NEEDED cannot be skipped since the program needs its result.
 */
#ifndef FAULTSIM_CALLS_H
#define FAULTSIM_CALLS_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FSIM_CALLS(X)                                                                              \
    X(OPEN, "open", NEEDED, EACCES, "open or make a file")                                         \
    X(CLOSE, "close", PLAIN, EIO, "close a descriptor, which is gone even if that fails")          \
    X(READ, "read", TRANSFER, EIO, "read where the descriptor stands")                             \
    X(PREAD, "pread", TRANSFER, EIO, "read at an offset")                                          \
    X(WRITE, "write", TRANSFER, EIO, "write where the descriptor stands")                          \
    X(PWRITE, "pwrite", TRANSFER, EIO, "write at an offset")                                       \
    X(MMAP, "mmap", NEEDED, ENOMEM, "map blocks of a file, or something else over them")           \
    X(MUNMAP, "munmap", PLAIN, ENOMEM, "take a mapping away")                                      \
    X(MREMAP, "mremap", NEEDED, ENOMEM, "move or resize a mapping")                                \
    X(MPROTECT, "mprotect", PLAIN, ENOMEM, "change what may be done to pages")                     \
    X(MADVISE, "madvise", PLAIN, EAGAIN, "say how pages will be used")                             \
    X(MSYNC, "msync", PLAIN, EIO, "sync a mapping")                                                \
    X(FSYNC, "fsync", PLAIN, EIO, "sync a file or the directory")                                  \
    X(FDATASYNC, "fdatasync", PLAIN, EIO, "sync a file's data")                                    \
    X(SYNC_FILE_RANGE, "sync_file_range", PLAIN, EIO, "start writing blocks back")                 \
    X(FTRUNCATE, "ftruncate", PLAIN, EIO, "set a file's length")                                   \
    X(FALLOCATE, "fallocate", PLAIN, ENOSPC, "reserve blocks, or punch holes")                     \
    X(RENAME, "rename", PLAIN, EACCES, "give a file another name")                                 \
    X(LINK, "link", PLAIN, EACCES, "give a file a second name")                                    \
    X(UNLINK, "unlink", PLAIN, EACCES, "take a name away")

/*
 * How each call may fail on a real system, for sweeps: at least one way a branch of code that tells
 * errors apart. The first is the usual one. SHORT stands for half of a transfer.
 */
#define FSIM_CALL_FAILURES(X)                                                                      \
    X(OPEN, EMFILE, EINTR)                                                                         \
    X(CLOSE, EIO, EINTR)                                                                           \
    X(READ, EIO, EINTR, FSIM_SHORT)                                                                \
    X(PREAD, EIO, EINTR, FSIM_SHORT)                                                               \
    X(WRITE, EIO, ENOSPC, EINTR, EAGAIN, FSIM_SHORT)                                               \
    X(PWRITE, EIO, ENOSPC, EINTR, EAGAIN, FSIM_SHORT)                                              \
    X(MMAP, ENOMEM, EAGAIN)                                                                        \
    X(MUNMAP, ENOMEM)                                                                              \
    X(MREMAP, ENOMEM, EFAULT)                                                                      \
    X(MPROTECT, ENOMEM)                                                                            \
    X(MADVISE, EAGAIN)                                                                             \
    X(MSYNC, EIO)                                                                                  \
    X(FSYNC, EIO, ENOSPC, EINTR)                                                                   \
    X(FDATASYNC, EIO, ENOSPC, EINTR)                                                               \
    X(SYNC_FILE_RANGE, EIO)                                                                        \
    X(FTRUNCATE, EIO, EINTR)                                                                       \
    X(FALLOCATE, ENOSPC, EIO, EINTR, EOPNOTSUPP)                                                   \
    X(RENAME, EIO, ENOSPC)                                                                         \
    X(LINK, EIO)                                                                                   \
    X(UNLINK, EIO)

/* Calls that the kernel, or libc, takes for one of the above: they count as that. X(alias, name) */
#define FSIM_CALL_ALIASES(X)                                                                       \
    X("openat", "open")                                                                            \
    X("creat", "open")                                                                             \
    X("readv", "read")                                                                             \
    X("preadv", "pread")                                                                           \
    X("preadv2", "pread")                                                                          \
    X("writev", "write")                                                                           \
    X("pwritev", "pwrite")                                                                         \
    X("pwritev2", "pwrite")                                                                        \
    X("syncfs", "fsync")                                                                           \
    X("sync", "fsync")                                                                             \
    X("truncate", "ftruncate")                                                                     \
    X("posix_fallocate", "fallocate")                                                              \
    X("renameat", "rename")                                                                        \
    X("renameat2", "rename")                                                                       \
    X("linkat", "link")                                                                            \
    X("unlinkat", "unlink")                                                                        \
    X("remove", "unlink")

enum fsim_call {
#define FSIM_CALL_ID(id, name, kind, error, text) FSIM_CALL_##id,
    FSIM_CALLS(FSIM_CALL_ID)
#undef FSIM_CALL_ID
        FSIM_CALL_COUNT
};

enum { FSIM_CALL_WAYS = 6, FSIM_SHORT = -1 };

struct fsim_call_info {
    const char *point; /* "call/pwrite" */
    const char *text;
    int error; /* what it fails with unless a plan says otherwise */
    bool transfers, needed;
    int failures[FSIM_CALL_WAYS]; /* errnos, or FSIM_SHORT; 0 ends */
};
extern const struct fsim_call_info fsim_calls[FSIM_CALL_COUNT];

struct fsim_call_alias {
    const char *alias, *point; /* "call/pwritev", "call/pwrite" */
};
extern const struct fsim_call_alias fsim_call_aliases[];
extern const size_t fsim_call_alias_count;

/* The call of that name ("call/pwrite") or alias, or FSIM_CALL_COUNT. */
enum fsim_call fsim_call_find(const char *point);

#ifdef __cplusplus
}
#endif

#endif
