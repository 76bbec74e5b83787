/* SPDX-License-Identifier: MIT */
/*
 * The other half of os.c: having the kernel note which pages of a private mapping were stored to,
 * without a signal. Linux 6.7 and later; this is the only place that knows how.
 *
 * A watched page is write-protected by userfaultfd in its asynchronous mode. The first store lifts
 * the protection inside the kernel, and that is what a scan finds. A range that is mapped anew or
 * moved by mremap is watched no more.
 */
#ifndef OS_WATCH_H
#define OS_WATCH_H

#include "os.h"

/* Zeros are no watch; closing that is fine. */
struct os_watch {
    bool open;
    int faults; /* userfaultfd */
    int pages;  /* pagemap */
};

/* A run of pages that were stored to. */
struct os_run {
    uintptr_t start, end;
};

/* -EOPNOTSUPP if the kernel cannot, or does not let us. */
int os_watch_open(struct os_watch *watch, enum fault_point point);
void os_watch_close(struct os_watch *watch);

/* From now on stores to the range, all of it mapped private and writable, are noted. Nothing counts
 * as stored to yet. */
int os_watch_arm(const struct os_watch *watch, void *address, size_t bytes, enum fault_point point);

/* Counts present pages of a watched range as stored to, as if a scan had not found them. */
int os_watch_mark(const struct os_watch *watch, void *address, size_t bytes);

/*
 * Finds runs of pages that were stored to, from *at on and below `end`, and arms them again in the
 * same instant. Stops after `capacity` runs or `most` pages; *at is where it stopped. All of the
 * range must be watched: -EPERM if it is not. Returns the number of runs.
 */
int os_watch_scan(const struct os_watch *watch, uintptr_t *at, uintptr_t end, size_t most,
                  struct os_run *runs, size_t capacity, enum fault_point point);

#endif
