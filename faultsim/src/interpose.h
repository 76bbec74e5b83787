/* SPDX-License-Identifier: MIT */
/*
 * The libc boundary. interpose.c defines the libc calls that touch files and hands each to the
 * backend that is installed, or straight to the kernel while none is. Two backends exist: record.c
 * appends to a trace, image.c shows a crash state to a recovery.
 *
 * A backend's functions have the kernel's convention: a result, or a negated errno; interpose.c
 * sets errno. They may be entered from any signal handler, also while the same thread is inside
 * another wrapped call's kernel part. While a backend function runs, wrapped calls made by it (or
 * by libc on its behalf) go straight to the kernel. A member that is NULL means the kernel's.
 */
#ifndef INTERPOSE_H
#define INTERPOSE_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>

enum { DUP_AT_LEAST = 1 << 30 }; /* of dup: `wanted` is the lowest number that will do (F_DUPFD) */

struct backend {
    /* Its functions call nothing that is wrapped, and may be entered again by a signal handler that
     * interrupts them. Such calls come to the backend too, instead of going to the kernel. */
    bool reentrant;
    /* Whether a descriptor is any of its business. If not, calls on it go straight to the kernel
     * and signal handlers that interrupt them (a read from a pipe may take long) are served as
     * ever. NULL: all are. */
    bool (*tracks)(int fd);
    int (*open)(int directory, const char *path, int flags, mode_t mode);
    int (*close)(int fd);
    /* wanted -1: any; fcntl(F_DUPFD*) and dup2 come here too. flags: O_CLOEXEC, DUP_AT_LEAST. */
    int (*dup)(int fd, int wanted, int flags);
    /* offset -1: at and advancing the descriptor's own offset. flags as of preadv2 and pwritev2. */
    ssize_t (*read)(int fd, const struct iovec *parts, int count, off_t offset, int flags);
    ssize_t (*write)(int fd, const struct iovec *parts, int count, off_t offset, int flags);
    off_t (*seek)(int fd, off_t offset, int whence);
    void *(*mmap)(void *address, size_t length, int protection, int flags, int fd,
                  off_t offset); /* (void *)-errno */
    int (*munmap)(void *address, size_t length);
    void *(*mremap)(void *old, size_t old_length, size_t new_length, int flags, void *new_address);
    int (*mprotect)(void *address, size_t length, int protection);
    int (*madvise)(void *address, size_t length, int advice);
    int (*msync)(void *address, size_t length, int flags);
    int (*sync)(int fd, bool data_only); /* fsync, fdatasync */
    int (*sync_all)(int fd);             /* syncfs; -1: sync */
    int (*sync_file_range)(int fd, off_t offset, off_t bytes, unsigned flags);
    int (*truncate)(int fd, off_t length);
    int (*allocate)(int fd, int mode, off_t offset, off_t bytes); /* fallocate */
    int (*rename)(int old_directory, const char *old_path, int new_directory, const char *new_path,
                  unsigned flags);
    int (*link)(int old_directory, const char *old_path, int new_directory, const char *new_path,
                int flags);
    int (*unlink)(int directory, const char *path, int flags);
    int (*stat)(int directory, const char *path, struct stat *status,
                int flags); /* "" with AT_EMPTY_PATH: fstat */
    int (*access)(int directory, const char *path, int mode, int flags);
    int (*list)(int directory, const char *path); /* a directory is about to be read (opendir) */
    /* All names and what stat says of them are about to be looked at by calls that do not come
     * here; with `contents` the files as well, by another program, which may change them. */
    int (*look_around)(bool contents);
    bool (*fault)(int signal, siginfo_t *info,
                  void *context); /* SIGSEGV and SIGBUS come here first; true: dealt with, resume */
};

/*
 * Installs a backend (NULL: none); its table must outlive it. With a `fault` member SIGSEGV and
 * SIGBUS are taken over and the program's handlers remembered; sigaction and signal are wrapped for
 * these two. No other thread may be in a wrapped call meanwhile.
 */
void interpose_install(const struct backend *backend);

/* From here on getrandom gives this process the same bytes whenever it is seeded the same. */
void interpose_seed_random(uint64_t seed);

/* From here on files of this process get the length that they reserve, and no blocks: for files in
 * memory, of which there may be little. */
void interpose_spare_memory(void);

/* What the kernel does of its own, in the shape of a backend: all members but tracks and fault. */
extern const struct backend kernel_calls;

/* The calls as the kernel offers them, never wrapped, with a negated errno as result. */
long real_syscall(long number, long a, long b, long c, long d, long e, long f);
int real_open(int directory, const char *path, int flags, mode_t mode);
int real_close(int fd);
ssize_t real_pread(int fd, void *bytes, size_t count, off_t offset);
ssize_t real_pwrite(int fd, const void *bytes, size_t count, off_t offset);
void *real_mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset);
int real_munmap(void *address, size_t length);
int real_mprotect(void *address, size_t length, int protection);
int real_ftruncate(int fd, off_t length);

#endif
