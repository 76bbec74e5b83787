/* SPDX-License-Identifier: MIT */
/*
 * How a wrapped call comes in and goes out: which table answers it, and how its result becomes
 * libc's. Every wrapper has the form
 *
 *     struct entry entry = entry_of_fd(fd);
 *     return (int)entry_leave(entry, entry.calls->close(fd));
 */
#ifndef ENTRY_H
#define ENTRY_H

#include "interpose.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>

struct entry {
    const struct backend *calls; /* no member but tracks and fault is NULL */
    bool backend;                /* they are the backend's */
    bool marked;                 /* this thread is marked as inside it until entry_leave */
};

/* Nothing may stand between these and entry_leave but calls of `calls`. */
struct entry entry_of_call(void);
struct entry entry_of_fd(int fd);

/* Whether a call on a descriptor, or any call, would come to a backend. */
bool entry_concerns(int fd);
bool entry_concerns_any(void);

/* Leaves; a negated errno goes to errno and becomes -1. */
long entry_leave(struct entry entry, long result);

/* Leaves, with the result as it is. */
long entry_leave_raw(struct entry entry, long result);

static inline bool is_errno(long result)
{
    return (unsigned long)result > -4096UL;
}

/* A kernel's result as libc gives it. */
static inline long libc_result(long result)
{
    if (!is_errno(result))
        return result;
    errno = (int)-result;
    return -1;
}

/* libc's own function of that name and type, below what is wrapped. */
#define LIBC(name) ((__typeof__(&(name)))(uintptr_t)dlsym(RTLD_NEXT, #name))

/* glibc's end of a program that _FORTIFY_SOURCE found out. */
_Noreturn void buffer_overflow(void) __asm__("__chk_fail");

#endif
