/* SPDX-License-Identifier: MIT */
/*
 * Lazy copying: persistent pages are mapped private and writable, the kernel copies a page on the
 * first store, and notes that it did. docs/copying.md has the whole story.
 *
 * A page is WATCHED while the kernel notes stores to it. What it holds then is its block's content,
 * or newer if it was stored to. Everything here may happen in the fault handler. The caller holds
 * the lock.
 */
#ifndef LAZY_H
#define LAZY_H

#include "pages.h"

/* Whether stores to the page are noted. */
bool lazy_is_watched(struct pma *arena, uint64_t page);

/* The part of a persistent span around a page that is mapped when the page is accessed. */
struct extent lazy_window(const struct extent *extent, uint64_t page);

/* Maps what is not mapped yet of a persistent extent, clean or a hole, or of a part of one. */
int lazy_map(struct pma *arena, const struct extent *part);

/*
 * Ends the watch over a range: pages that were stored to become PRIVATE, the others lose their
 * mapping. On failure some of the range may be watched still, and nothing is lost.
 */
int lazy_release(struct pma *arena, uint64_t page, uint64_t length);

/* The same if none was stored to, else -EAGAIN with nothing changed. */
int lazy_leave(struct pma *arena, uint64_t page, uint64_t length);

/* The same for a range that has been unmapped: what it held is not wanted any more. */
int lazy_forget(struct pma *arena, uint64_t page, uint64_t length);

/* Watches clean pages whose content is in private memory, mapped read-only; they become writable.
 */
int lazy_adopt(struct pma *arena, const struct extent *extent);

/*
 * After a sync that failed: takes the watched pages of a clean extent back into memory, where they
 * are PRIVATE until they are written again. PMA_ECORRUPT if one is not what was written.
 */
int lazy_recall(struct pma *arena, const struct extent *run);

/* Writes every page that was stored to since the last time to a fresh block. The pages stay mapped.
 */
int lazy_capture(struct pma *arena);

/*
 * Comes before the file gets shorter: the kernel takes the copies of pages whose mapping lies
 * behind the new end away. Ends all watches; false if pages that were stored to are in the way.
 */
bool lazy_leave_file(struct pma *arena);

#endif
