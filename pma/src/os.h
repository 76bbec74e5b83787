/* SPDX-License-Identifier: MIT */
/*
 * The operating system, as the library sees it: the only file that makes system calls, but for
 * os_watch.c, which is about a part of it that not every kernel has.
 *
 * Calls return 0 (or a descriptor) or a negated errno. Each that can fail, or that orders anything,
 * takes the fault point that sits in front of it. All of them but os_create, os_random,
 * os_at_fork and os_catch_faults may be made from the fault handler: no malloc, no stdio, no lock.
 * They go through the libc functions of the same names, so that a recorder can stand in between.
 */
#ifndef OS_H
#define OS_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault.h"

/* Files. `directory` is a descriptor, `name` is relative to it. */
int os_open_directory(const char *path);
int os_open(const char *path, bool writable, enum fault_point point);
int os_open_at(int directory, const char *name);                        /* for writing */
int os_create(int directory, const char *name, enum fault_point point); /* -EEXIST if it is there */
int os_close(int fd, enum fault_point point); /* closes even if it reports a failure */
int os_lock(int fd, bool exclusive, enum fault_point point); /* -EWOULDBLOCK if it is held */
void os_unlock(int fd); /* for all descriptors of the open file */

/*
 * Locks on bytes of a file, which need not exist. They belong to the open file description: other
 * descriptions of the same process meet them too, a child of fork shares them, and they go with the
 * last descriptor. os_find_lock narrows [*first, *last] to the part of it that some lock of another
 * description keeps from being locked: any one, not the first. -ENOENT if there is none.
 */
int os_lock_byte(int fd, uint64_t offset, bool exclusive, enum fault_point point); /* or -EAGAIN */
void os_unlock_bytes(int fd, uint64_t first, uint64_t last);
int os_find_lock(int fd, uint64_t *first, uint64_t *last, bool exclusive, enum fault_point point);

int os_length(int fd, uint64_t *bytes);         /* PMA_ENOTARENA if it is no regular file */
int os_exists(int directory, const char *name); /* 0 or -ENOENT */
int os_same_file(int fd, int directory, const char *name, bool *same); /* false if there is none */

/* Renames without replacing: -EEXIST if `to` is there. */
int os_rename_new(int directory, const char *from, const char *to, enum fault_point point);
int os_unlink(int directory, const char *name);

/* Reads or writes all of it; a read that meets the end of the file is -ENODATA. */
int os_read(int fd, void *bytes, size_t count, uint64_t offset, enum fault_point point);
int os_write(int fd, const void *bytes, size_t count, uint64_t offset, enum fault_point point);

/* Makes the file at least offset + bytes long, with blocks reserved for the range. */
int os_allocate(int fd, uint64_t offset, uint64_t bytes, enum fault_point point);

/* Makes the file shorter. */
int os_truncate(int fd, uint64_t bytes, enum fault_point point);

int os_sync_data(int fd, enum fault_point point); /* fdatasync */
int os_sync(int fd, enum fault_point point);      /* fsync */

/* Asks the kernel to start writing the range back. Makes nothing durable. */
int os_write_back(int fd, uint64_t offset, uint64_t bytes, enum fault_point point);

/* Private memory of the library's own, zeroed. NULL if there is none. */
void *os_memory(size_t bytes, enum fault_point point);
void *os_memory_of_process(size_t bytes); /* zeroed again in a forked child */
void os_memory_free(void *memory, size_t bytes);

/*
 * The arena's address range. All but os_reserve replace what is mapped there; a failure can leave
 * the range unmapped only where it says so. os_map_copied maps a file read-only and private, so
 * that stores, once they are allowed, change memory; os_populate has every page of such a mapping
 * be memory of its own at once.
 */
int os_reserve(void *address, size_t bytes, enum fault_point point); /* -EEXIST if it is taken */
int os_reserve_anywhere(size_t bytes, void **address, enum fault_point point);
int os_release(void *address, size_t bytes);
int os_map_file(void *address, size_t bytes, int fd, uint64_t offset, bool writable,
                enum fault_point point);
int os_map_copied(void *address, size_t bytes, int fd, uint64_t offset, enum fault_point point);
int os_map_private(void *address, size_t bytes, bool writable, enum fault_point point);
int os_populate(void *address, size_t bytes);
int os_map_nothing(void *address, size_t bytes, enum fault_point point);
int os_protect(void *address, size_t bytes, bool writable, enum fault_point point);

/*
 * Moves one mapping, and whatever is at `to` goes. `from` is unmapped afterwards. On failure the
 * point's errno tells: -EFAULT means that the range consists of several mappings, and `to` is
 * unmapped then.
 */
int os_move(void *to, void *from, size_t bytes, enum fault_point point);

/* How many mappings the system allows a process. */
uint64_t os_mapping_limit(void);

int os_random(void *bytes, size_t count);

/* Has the calls made before each fork and after it in the parent and in the child. Once made, they
 * stay for the life of the process. */
int os_at_fork(void (*before)(void), void (*parent)(void), void (*child)(void));

/* Sleeps while *word is `value`; may wake for no reason. */
void os_wait(_Atomic uint32_t *word, uint32_t value);
void os_wake(_Atomic uint32_t *word);

/* Makes `handler` the handler of SIGSEGV unless it is already; only then is *previous set. */
typedef void os_fault_handler(int number, siginfo_t *information, void *context);
int os_catch_faults(os_fault_handler *handler, struct sigaction *previous);
void os_restore_default_fault(void);

#endif
