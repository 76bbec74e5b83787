/* SPDX-License-Identifier: MIT */
/*
 * Private memory straight from the kernel, zeroed, a multiple of the page size. What the fault
 * handler can reach lives in it, since malloc may be the very code that the handler interrupted.
 */
#ifndef MEMORY_H
#define MEMORY_H

#include <stddef.h>

/* -errno if the kernel has none. Async-signal-safe. */
int memory_map(size_t bytes, void **memory);

/* Makes a mapping longer, possibly elsewhere; the content stays. On failure nothing has changed. */
int memory_extend(void **memory, size_t bytes, size_t more_bytes);

/* NULL is fine. */
void memory_unmap(void *memory, size_t bytes);

#endif
