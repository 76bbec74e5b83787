/* SPDX-License-Identifier: MIT */
/*
 * libpma: a persistent memory arena.
 *
 * An arena is a range of virtual memory with a file behind it. Programs read and write it as plain
 * memory. A snapshot makes the whole state durable, atomically: after a crash the arena is as it
 * was at the last snapshot that returned success (or at one that was under way).
 *
 * Conventions
 * - Calls return 0 or a negative code: PMA_E... (pma/errors.h) or a negated errno. Unless a call
 * says otherwise, a failure leaves the arena and all out-parameters as they were.
 * - Sizes are in pages of PMA_PAGE_SIZE bytes where a parameter is called `pages`, else in bytes.
 * - The library prints nothing and never ends the process.
 *
 * Threads and processes
 * - One process may have the arena open for writing (a second one gets PMA_EBUSY). Within it, calls
 * and stores may come from several threads: the library takes its own lock. Two threads that store
 * to the same page race as on any memory; storing while another thread is in pma_snapshot is a race
 * for what the snapshot contains, and is not supported.
 * - After fork, a child that uses its parent's handle gets PMA_EFORK, and the arena's range is not
 * mapped there. It may open the arena anew once the parent has closed it, or open a view.
 * - Any number of threads and processes may read whole snapshots meanwhile: see pma_view_open.
 *
 * Caveats
 * - Stores are caught by a SIGSEGV handler, which is installed at the first open and
 * passes on to the handler that was there before what is not the arena's. A store made by the
 * kernel (read(2) into arena memory) or a load made by it (write(2) from pages that are not mapped
 * yet) cannot be caught and fails with EFAULT: call pma_dirty or pma_touch on the range first.
 * - With several threads and a limit on memory or mappings, one thread's fault may take what
 * another thread's pma_dirty or pma_touch has mapped: EFAULT then means to call it again.
 * - A signal handler must not store to the arena while the code that it interrupted is inside the
 * library.
 */
#ifndef PMA_PMA_H
#define PMA_PMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pma/errors.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The library is built with hidden visibility; what is declared here is its interface. */
#pragma GCC visibility push(default)

#define PMA_PAGE_SIZE    4096
#define PMA_ROOTS        32
#define PMA_DEFAULT_BASE UINT64_C(0x7e8000000000)

typedef struct pma pma_t;

/* What went wrong, in words, for calls that have no handle yet. */
struct pma_error {
    int code;
    char text[256]; /* "open /x/y.pma: Permission denied"; always terminated */
};

/*
 * How a page that is about to change gets its copy. Eager: the first store is caught and the page
 * copied to its fresh block then; works on every kernel. Lazy: the kernel copies the page to
 * private memory, and the next snapshot writes it to its block: a cheaper first store; needs
 * Linux 6.7 or later (-EOPNOTSUPP if the kernel cannot).
 */
enum pma_copying { PMA_COPY_EAGER, PMA_COPY_LAZY };

/* Zeros are sane: a zeroed struct with `size` set asks for the defaults. */
struct pma_options {
    size_t size;             /* sizeof(struct pma_options); later versions append fields */
    uint64_t base;           /* creation: address of the arena; 0 = PMA_DEFAULT_BASE */
    uint64_t reserved_bytes; /* creation: size of the address range; 0 = 64 GiB */
    uint32_t fanout;         /* creation: most entries of a directory node; 0 = as many as fit */
    uint32_t initial_blocks; /* creation: length of the new file in blocks; 0 = 256 */
    uint32_t grow_blocks;    /* fewest blocks to grow by; 0 = an eighth of the file, at least 64 */
    bool read_only;          /* open: take a shared lock, map nothing writable, write nothing */
    bool verify;   /* open: check each data block against its checksum when it is mapped */
    bool previous; /* open read-only, views: the snapshot before the newest one */
    enum pma_copying copying;
    uint64_t resident_bytes; /* most memory that pages may take; 0 = no limit of the arena's own,
                                else at least 16 pages. docs/memory.md says what counts */
    uint32_t mapping_limit; /* most mappings in the address range, at least 16; 0 = half of what the
                               system allows a process */
    uint32_t
        defragment_blocks; /* most blocks that a snapshot may move to rejoin extents; 0 = none */
    uint32_t keep_blocks;  /* a longer file gets shorter by itself, but not below this, when less
                              than half of it was needed for some snapshots; 0 = 2048 (at creation
                              also initial_blocks), UINT32_MAX = never */

    /* pma_copy: called now and then with how many of all blocks of data are copied. */
    void (*progress)(void *context, uint64_t copied, uint64_t all);
    void *progress_context;
};
/* A struct of options with its size and zeros. */
#ifdef __cplusplus
#define PMA_SIZED(type)                                                                            \
    ([] {                                                                                          \
        type sized = {};                                                                           \
        sized.size = sizeof sized;                                                                 \
        return sized;                                                                              \
    }())
#else
#define PMA_SIZED(type) ((struct type){.size = sizeof(struct type)})
#endif
#define PMA_OPTIONS_INIT PMA_SIZED(pma_options)

/*
 * Creates the arena file `path` and opens it for writing. The file must not exist (PMA_EEXISTS). On
 * success file and parent directory are durable and hold snapshot 1, event 0, with no page
 * allocated. `options` and `error` may be NULL. Free the handle with pma_close.
 */
int pma_create(const char *path, const struct pma_options *options, pma_t **arena,
               struct pma_error *error);

/*
 * Opens the arena file `path` at its newest whole snapshot, at the address that the file names
 * (PMA_ETAKEN if that is not free). Open for writing syncs file and parent directory before it
 * returns: what it shows will survive. Work since the last snapshot is not there. See
 * docs/format.md, "Recovery".
 */
int pma_open(const char *path, const struct pma_options *options, pma_t **arena,
             struct pma_error *error);

/*
 * Opens a view: a read-only handle on one snapshot, the newest acknowledged one or, with
 * options->previous, the one before it, while another process or thread may go on writing. What the
 * view shows never changes: its blocks are not reused until pma_close, or until the kernel
 * finds its process dead. Takes no lock that a writer waits for.
 *
 * -ENOENT if there is no previous snapshot; -EAGAIN if another one is being written over it just
 * now (without `previous`, only if snapshots follow each other faster than a file can be read).
 *
 * The view lies at the arena's own address if that is free in this process, so that stored pointers
 * are true; in the writer's process, and beside another view, it lies elsewhere and pma_view_ptr
 * translates. Works with pma_root, pma_stat, pma_next_run, pma_touch, pma_evict and pma_close;
 * addresses are those at which the view lies.
 */
int pma_view_open(const char *path, const struct pma_options *options, pma_t **view,
                  struct pma_error *error);

/* Where the view shows the byte that the arena has at `address`; NULL if that is not in the
 * arena's range. For every other handle: `address` itself. */
const void *pma_view_ptr(const pma_t *view, const void *address);

/*
 * Writes a snapshot of the arena file `from`, read through a view, to the new arena file `to`: the
 * same pages at the same addresses, the same roots, number, event and UUID, on consecutive blocks,
 * with no free ones between. `to` must not exist (PMA_EEXISTS); it gets its name when it is whole
 * and durable. Every block is verified on the way: PMA_ECORRUPT names the first that fails its
 * checksum. options->previous chooses the snapshot. This and other processes may write to `from`
 * meanwhile. `options` and `error` may be NULL.
 */
int pma_copy(const char *from, const char *to, const struct pma_options *options,
             struct pma_error *error);

/*
 * Closes the arena and gives its address range back. Takes no snapshot and syncs nothing: work
 * since the last snapshot is lost, on purpose. NULL is fine. Always frees the handle; an error is
 * the first one of the clean-up.
 */
int pma_close(pma_t *arena);

/*
 * Allocates `pages` contiguous pages of address space, as low as they fit, and returns their
 * address. They read as zeros and take no block before the first store. With PMA_EPHEMERAL the
 * pages belong to no snapshot: they are never synced and are gone after the next open. 512 pages or
 * more begin at a multiple of 2 MiB if there is such a gap, which makes moving them cheap. -ENOMEM
 * if no gap of the address range is large enough.
 */
enum { PMA_EPHEMERAL = 1 };
int pma_pages_alloc(pma_t *arena, size_t pages, unsigned flags, void **address);

/* The same at a page-aligned address of the caller's choice; PMA_EOCCUPIED if any page of it is
 * allocated or reserved for a stack. */
int pma_pages_alloc_at(pma_t *arena, void *address, size_t pages, unsigned flags);

/*
 * Frees `pages` pages from a page-aligned address on; any part of what was allocated, in one call
 * or several, may be freed. PMA_EADDRESS if any of them is not allocated. Their blocks are reused
 * only when no snapshot needs them.
 */
int pma_pages_free(pma_t *arena, void *address, size_t pages);

/*
 * Moves pages to the free, page-aligned address `to`: the mappings and the directory change, no
 * byte is copied and no data block is written. The ranges may not overlap. With PMA_MOVE_PERSISTENT
 * ephemeral pages become part of the next snapshot; with PMA_MOVE_EPHEMERAL the pages leave it.
 * Costs a few directory entries per extent.
 */
enum { PMA_MOVE_PERSISTENT = 1, PMA_MOVE_EPHEMERAL = 2 };
int pma_pages_move(pma_t *arena, void *to, void *from, size_t pages, unsigned flags);

/*
 * Makes the pages that hold [address, address + bytes) writable, as a store to each would, in one
 * go and on consecutive blocks if there are such. Use it before a system call writes into the
 * range, or to avoid a signal per page.
 */
int pma_dirty(pma_t *arena, void *address, size_t bytes);

/* Maps the pages that hold [address, address + bytes), so that a system call may read them. */
int pma_touch(pma_t *arena, const void *address, size_t bytes);

/*
 * Pushes the pages that hold [address, address + bytes) out of memory: changed ones are written to
 * their own fresh blocks (which no snapshot names yet), then the mappings are given back. The next
 * access brings them back. Makes nothing durable.
 */
int pma_evict(pma_t *arena, void *address, size_t bytes);

/*
 * Takes a snapshot: makes the pages, the roots and `event` durable, atomically. Two syncs of the
 * file. On failure the last snapshot stands and the arena either goes on (nothing in memory is
 * lost, call again) or is poisoned, in which case every later call says PMA_EPOISONED.
 */
int pma_snapshot(pma_t *arena, uint64_t event);

/*
 * Gives free blocks at the end of the file back to the file system: moves what lies behind
 * `file_blocks` blocks to lower free ones, as far as there are any, takes the snapshots that it
 * needs for the shorter length to be durable (with the event number of the last one), and truncates
 * the file no further than `file_blocks` (0: as short as it gets). *now gets the new length in
 * blocks; may be NULL. Blocks that a view needs stay. Includes the work since the last snapshot: if
 * there is hardly a free block to save it to, the file can also be longer afterwards.
 * After a failure the arena goes on as it was, and snapshots that were taken until then stand.
 */
int pma_shrink(pma_t *arena, uint64_t file_blocks, uint64_t *now);

/* Root words: 32 words that a snapshot saves, to find things by. index < PMA_ROOTS. A new arena has
 * zeros. */
int pma_root(pma_t *arena, unsigned index, uint64_t *value);
int pma_set_root(pma_t *arena, unsigned index, uint64_t value);

struct pma_stat {
    uint64_t base;           /* address of page 0, as pointers in the arena have it */
    uint64_t reserved_pages; /* size of the address range */
    uint64_t snapshot;       /* number of the last acknowledged snapshot */
    uint64_t event;          /* its event number */
    uint64_t file_blocks;    /* length of the file */
    uint64_t free_blocks;    /* blocks that may be allocated now */
    uint64_t limbo_blocks;   /* blocks that only an older snapshot or a failed attempt needs */
    uint64_t extents;        /* of the working directory, ephemeral ones not counted */
    uint64_t pages;          /* pages allocated, ephemeral ones not counted */
    uint64_t ephemeral_pages;
    uint64_t copied_pages;   /* pages copied on a first store since open */
    uint64_t moved_pages;    /* pages moved since open */
    uint64_t view_blocks;    /* blocks that only a view needs; not in free_blocks or limbo_blocks */
    uint64_t resident_bytes; /* memory that pages take, or may take without a fault */
    uint64_t mappings;       /* mappings in the address range now */
    uint64_t evicted_pages;  /* since open, asked for or because of a limit */
    uint64_t defragmented_blocks; /* moved since open to rejoin extents */
};
/* A view knows its snapshot, but not which blocks the writer uses: it says 0 for those counts, and
 * the length of the file at its snapshot. */
int pma_stat(pma_t *arena, struct pma_stat *stat);

/* A run of allocated pages, as pma_next_run finds it. */
struct pma_run {
    void *address;
    size_t pages;
    uint64_t block; /* first block, or 0 for pages that have none (holes and private pages) */
    bool ephemeral;
};

/*
 * Finds the first run of allocated pages at or above `from` (NULL = the lowest). -ENOENT after the
 * last. Persistent and ephemeral runs come in address order.
 */
int pma_next_run(pma_t *arena, const void *from, struct pma_run *run);

/*
 * Finds the first run of free blocks at or above block `from`, as the allocator sees it. -ENOENT
 * after the last. For checks that compare it with what the file says.
 */
int pma_next_free(pma_t *arena, uint64_t from, uint64_t *first, uint64_t *count);

/* The address of page 0 in this process. NULL in a child after fork. */
void *pma_base(const pma_t *arena);

/* A code in words: "arena file is damaged", "No space left on device". Never NULL. */
const char *pma_strerror(int code);

/* The last failure of a call on this handle with its context, or "" if none. Valid until the next
 * call. */
const char *pma_last_error(pma_t *arena);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
