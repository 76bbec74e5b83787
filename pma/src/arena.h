/* SPDX-License-Identifier: MIT */
/*
 * An open arena: its state, and how operations on it report what went wrong.
 *
 * What holds whenever the lock is free:
 * 1. A page is in at most one of the two directories.
 * 2. WRITABLE pages have fresh blocks, which no meta page names, and are mapped shared and
 * writable. They occur in the persistent directory only.
 * 3. PRIVATE pages have no block; their content is in anonymous memory, mapped writable.
 * 4. Other pages are clean, or holes if they have no block. They are mapped read-only, and all of
 *    the extent is if it is MAPPED. Ephemeral holes are not mapped.
 * 5. The checksum of every block of a clean page is in the checksum tree.
 * 6. Pages that are not allocated cannot be accessed.
 *
 * With lazy copying (docs/copying.md), 1, 3, 5 and 6 hold, and instead of the others:
 * 7. No page is WRITABLE, and no extent of the persistent directory is MAPPED but PRIVATE ones.
 * 8. The persistent pages that can be accessed are PRIVATE or in `watched`, never both. Those in
 *    `watched` are mapped private and writable, and the kernel notes stores to them.
 * 9. A watched page that no store has been noted of has its block's content. It is in memory of its
 *    own if the mapping below it shows another block than the directory names.
 */
#ifndef ARENA_H
#define ARENA_H

#include "blocks.h"
#include "directory.h"
#include "error.h"
#include "lock.h"
#include "os_watch.h"
#include "sums.h"

enum {
    ARENA_STRANDED = 64,
    ARENA_KEEP_BLOCKS = 2048,
    ARENA_STAGING = 128 /* pages */
};

/*
 * What is mapped in the address range. The flags of a run say how: WRITABLE, and PRIVATE for
 * private memory. A run with no block is a mapping that takes no memory.
 */
enum {
    MAPPING_YOUNG = EXTENT_MAPPED, /* mapped since the clock passed */
    MAPPING_WATCHED = 8            /* the kernel notes stores to it, or did */
};
struct mappings {
    struct directory runs;
    uint64_t count;    /* what the kernel counts, reserved ranges between runs included */
    uint64_t resident; /* pages that take memory, or may */
    uint64_t families; /* of private memory, so far */
    bool inexact;      /* there was no memory to record a change */
};

/* What may be mapped (docs/memory.md). */
enum { BUDGET_LEAST = 16 }; /* either limit */
struct budget {
    uint64_t mappings;              /* most of them */
    uint64_t pages;                 /* most that take memory; 0: any number */
    uint64_t hand;                  /* page where the clock goes on */
    bool turning;                   /* it is at work: what it calls does not start it anew */
    uint64_t evicted;               /* pages since open */
    uint64_t read_end, read_length; /* of the window mapped last */
};

/* Pages that somebody, a stack, keeps for pages of its own: nobody else allocates them or moves
 * anything there. Says nothing of whether they are allocated. Volatile. */
struct reservation {
    uint64_t page, pages;
    struct reservation *next;
};

struct heap;

struct pma {
    int fd;
    bool read_only;
    bool verify;
    bool view;
    bool inherited; /* this process is a child of the one that opened it */
    unsigned char *base;
    uint64_t home;  /* address that pointers in the arena know; of a view, base can be another */
    uint64_t pages; /* size of the address range */
    uint32_t fanout;
    uint32_t grow_blocks;
    uint8_t uuid[16];
    struct lock lock;

    struct nodes *nodes;
    struct directory_host host;
    struct directory persistent;
    struct directory ephemeral;
    struct mappings mappings;
    struct budget budget;
    struct sums sums;

    bool lazy; /* the kernel copies pages on the first store, and notes which */
    struct os_watch watch;
    struct directory watched; /* ranges of persistent pages that it watches; extents as holes */

    void *verified_block;   /* where a block is read to be verified; NULL before the first one */
    unsigned char *staging; /* where pages and nodes are gathered to be written; NULL in a reader */
    struct reservation *reservations;             /* in no order */
    struct blocks *blocks;                        /* NULL until the first call that needs to know */
    uint64_t file_blocks;                         /* what is known to be reserved */
    uint64_t recorded_blocks[FORMAT_META_BLOCKS]; /* most that a meta page may say of it */
    uint32_t keep_blocks;       /* the file does not get shorter than this by itself */
    unsigned calm_snapshots;    /* in a row that found much of it not needed */
    uint32_t defragment_blocks; /* most that a snapshot moves to join extents */
    uint64_t defragment_page;   /* where the next one goes on */
    uint64_t defragmented_blocks;
    bool shrinking; /* because somebody asked for it */
    uint64_t limit; /* blocks from there on are not taken, so that the file can be cut; 0: none */
    uint64_t roots[PMA_ROOTS];

    uint64_t heap_record;        /* address of the heap's record, as snapshots save it; 0: none */
    _Atomic(struct heap *) heap; /* what the heap knows besides; NULL until its first call */
    uint64_t heap_record_pages;
    _Atomic uint64_t seals; /* see arena_seal */

    uint64_t snapshot; /* last acknowledged: number, event number and slot */
    uint64_t event;
    unsigned slot;
    uint64_t older;           /* number of the acknowledged one in the other slot, or 0 */
    uint64_t next_snapshot;   /* number of the next attempt */
    struct format_meta other; /* what the other slot held at open; snapshot 0: nothing valid */

    /* Stores that come in sequence have runs copied, longer and longer ones. */
    uint64_t run_end;
    uint64_t run_length;

    /* Pages that the fault handler kept in private memory because there was no block for them. */
    uint64_t owed_pages;

    /* Such pages that even the directory could not take in. */
    uint64_t stranded[ARENA_STRANDED];
    size_t stranded_count;

    uint64_t last_fault;
    unsigned same_faults;

    int poison;             /* 0, or why every call is refused */
    struct pma_error error; /* code 0: nothing reported in this call yet; the text stays */
    uint64_t copied_pages;
    uint64_t copied_before; /* by the last snapshot, or its attempt */
    uint64_t moved_pages;
};

/* What an arena is made of: an open file that is locked, or pinned for a view, and the meta record
 * that was chosen. */
struct arena_source {
    int fd;
    const struct format_meta *meta;
    const struct format_meta *other; /* what the other slot holds; NULL: nothing valid */
    unsigned slot;
    uint64_t file_blocks;
    bool view;
    bool aside; /* a view that is not to lie at the arena's own address */
};

/* Makes an arena. Reserves the address range; touches nothing else. On success it owns the file. */
int arena_new(const struct arena_source *source, const struct pma_options *options,
              struct pma **arena, struct pma_error *error);

/* Fills in what a meta record says of the arena as a whole, apart from its trees and its file. */
void arena_describe(const struct pma *arena, struct format_meta *meta);

/* Also of an arena that arena_new gave up halfway. */
int arena_free(struct pma *arena);

/* Finds damage of the directory's root, for open to report. */
int arena_look(struct pma *arena, const char *path, struct pma_error *error);

/* In a child after fork: lets go of all that is the parent's as well. */
void arena_disinherit(struct pma *arena);

/* The options with defaults for what the caller's version of the struct does not have. */
int arena_options(const struct pma_options *given, struct pma_options *options,
                  struct pma_error *error);

/* The name of a file without the directories before it, and those. -ENAMETOOLONG. */
int arena_split_path(const char *path, char *parent, size_t size, const char **name);

/*
 * Counts, from 1, whatever takes pages of the heap's record away, or the right to store to any
 * page: whoever has noted that a store would not fault must ask again.
 */
static inline void arena_seal(struct pma *arena)
{
    atomic_fetch_add_explicit(&arena->seals, 1, memory_order_relaxed);
}

static inline unsigned char *arena_address(const struct pma *arena, uint64_t page)
{
    return arena->base + page * PMA_PAGE_SIZE;
}

static inline uint64_t arena_page(const struct pma *arena, uintptr_t address)
{
    return (address - (uintptr_t)arena->base) / PMA_PAGE_SIZE;
}

/* Remembers a failure with its context and returns its code: arena_fail(arena, code, format, ...)
 */
#define arena_fail(arena, code, ...) error_set(&(arena)->error, (code), __VA_ARGS__)

/* Refuses every later call, because of a failure that has been remembered. Returns its code. */
int arena_poison(struct pma *arena, int code);

/* A broken internal invariant: poisons; dev and fault builds abort. Returns PMA_EBUG. */
int arena_bug(struct pma *arena, const char *what);

#endif
