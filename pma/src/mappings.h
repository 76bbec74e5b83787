/* SPDX-License-Identifier: MIT */
/*
 * What the kernel has mapped in the arena's address range. Every change of it goes through these
 * calls, so that the account of it (struct mappings) is right; docs/memory.md says what it counts.
 * All of it may happen in the fault handler.
 *
 * They return what the calls of os.h return. The account never makes them fail: without memory for
 * it, it claims more than there is, or misses the mapping just made.
 */
#ifndef MAPPINGS_H
#define MAPPINGS_H

#include "arena.h"
#include "fault.h"

/* Maps an extent's blocks at its pages. */
int mapping_file(struct pma *arena, const struct extent *extent, bool writable,
                 enum fault_point point);

/*
 * Maps an extent's blocks, or zeros for a hole, so that stores change memory and not the blocks,
 * and the kernel notes them. No store gets in before it does.
 */
int mapping_watched(struct pma *arena, const struct extent *extent, enum fault_point map,
                    enum fault_point arm);

/* Has stores to private memory, mapped read-only, noted from now on, and makes it writable. */
int mapping_watch(struct pma *arena, uint64_t page, uint64_t length, enum fault_point point);

/* Maps private memory that reads as zeros. Read-only, it takes no memory. */
int mapping_private(struct pma *arena, uint64_t page, uint64_t length, bool writable,
                    enum fault_point point);

/* Puts private memory of the library's own, a mapping that is filled already, under pages. */
int mapping_adopt(struct pma *arena, uint64_t page, uint64_t length, void *memory);

/* os_move inside the range; what is at `from` has to be reserved again. */
int mapping_move(struct pma *arena, uint64_t to, uint64_t from, uint64_t length,
                 enum fault_point point);

int mapping_nothing(struct pma *arena, uint64_t page, uint64_t length, enum fault_point point);
int mapping_protect(struct pma *arena, uint64_t page, uint64_t length, bool writable,
                    enum fault_point point);

/* Whether an extent is known to be mapped, as it is or as part of a larger mapping. */
bool mapping_exists(struct pma *arena, const struct extent *extent);

#endif
