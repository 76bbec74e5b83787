/* SPDX-License-Identifier: MIT */
/* The fault points of libpma: one table for the code, the docs and `pmacrash list points`. */
#ifndef PMA_FAULT_POINTS_H
#define PMA_FAULT_POINTS_H

/*
 * A fault point sits in front of a call that can fail or that orders anything. In a fault build the
 * name is handed to libfiu at every hit. What an enabled point does is coded in libfiu's
 * "failinfo": 0 means the default errno of the point, 1..4095 that errno, PMA_FAULT_SKIP
 * that the call is left out and success is claimed (sabotage).
 *
 * X(identifier, name, class, default errno, what a hit stands for)
 *   BARRIER: a persistence barrier; skipping it must be caught by `pmacrash selftest`
 *   ORDERED: writes something that a barrier makes durable
 *   PLAIN:   may fail, orders nothing
 */
#define PMA_FAULT_POINTS(X)                                                                        \
    X(CREATE_OPEN, "pma/create/open", PLAIN, EACCES, "make the new file under its temporary name") \
    X(CREATE_LOCK, "pma/create/lock", PLAIN, EAGAIN, "lock the new file")                          \
    X(CREATE_GROW, "pma/create/grow", ORDERED, ENOSPC, "reserve the first blocks")                 \
    X(CREATE_META, "pma/create/meta", ORDERED, EIO, "write the first meta page")                   \
    X(CREATE_SYNC, "pma/create/sync", BARRIER, EIO, "sync the new file before it gets its name")   \
    X(CREATE_RENAME, "pma/create/rename", ORDERED, EACCES, "give the new file its name")           \
    X(CREATE_PARENT, "pma/sync/parent", BARRIER, EIO, "sync the directory after the rename")       \
    X(OPEN_FILE, "pma/open/file", PLAIN, EACCES, "open the arena file")                            \
    X(OPEN_LOCK, "pma/open/lock", PLAIN, EAGAIN, "lock the arena file")                            \
    X(OPEN_RESERVE, "pma/open/reserve", PLAIN, ENOMEM, "reserve the address range")                \
    X(RECOVER_READ, "pma/recover/read", PLAIN, EIO, "read the meta pages")                         \
    X(RECOVER_META, "pma/recover/meta", ORDERED, EIO, "write the chosen meta record again")        \
    X(RECOVER_SYNC, "pma/recover/sync", BARRIER, EIO, "sync the file before open returns")         \
    X(RECOVER_PARENT, "pma/recover/sync-parent", BARRIER, EIO,                                     \
      "sync the directory before open returns")                                                    \
    X(RECOVER_SPACE, "pma/recover/space", PLAIN, EIO, "read the trees to derive the free blocks")  \
    X(GROW, "pma/grow", ORDERED, ENOSPC, "make the file longer, blocks reserved")                  \
    X(MAP, "pma/map", PLAIN, ENOMEM, "map blocks at their pages")                                  \
    X(PROTECT, "pma/protect", PLAIN, ENOMEM, "write-protect pages before a snapshot")              \
    X(UNMAP, "pma/unmap", PLAIN, ENOMEM, "give a mapping back to the reserved range")              \
    X(REMAP, "pma/move/remap", PLAIN, ENOMEM, "move a mapping to another address")                 \
    X(COW_COPY, "pma/cow/copy", ORDERED, EIO, "copy pages to fresh blocks")                        \
    X(PRIVATE_COPY, "pma/cow/private", PLAIN, ENOMEM, "keep a page in private memory")             \
    X(PRIVATE_WRITE, "pma/private/write", ORDERED, EIO, "write private pages to fresh blocks")     \
    X(LAZY_OPEN, "pma/lazy/open", PLAIN, ENOSYS, "get what lazy copying needs of the kernel")      \
    X(LAZY_ARM, "pma/lazy/arm", PLAIN, ENOMEM, "have the kernel note stores to pages")             \
    X(LAZY_SCAN, "pma/lazy/scan", PLAIN, ENOMEM, "ask the kernel which pages were stored to")      \
    X(NODE_MEMORY, "pma/dir/memory", PLAIN, ENOMEM, "get memory for tree nodes")                   \
    X(NODE_READ, "pma/dir/read", PLAIN, EIO, "read a tree node")                                   \
    X(NODE_WRITE, "pma/dir/write", ORDERED, EIO, "write a tree node to a fresh block")             \
    X(EVICT_WRITEBACK, "pma/evict/writeback", ORDERED, EIO, "push dirty pages to their blocks")    \
    X(EVICT_PRIVATE, "pma/evict/private", ORDERED, EIO, "write an ephemeral page to a block")      \
    X(EVICT_REFAULT, "pma/evict/refault", PLAIN, EIO, "read an ephemeral page back")               \
    X(SYNC_BLOCKS, "pma/sync/blocks", BARRIER, EIO,                                                \
      "sync data and tree nodes before the meta page")                                             \
    X(META_WRITE, "pma/meta/write", ORDERED, EIO, "write the meta record of a snapshot")           \
    X(SYNC_META, "pma/sync/meta", BARRIER, EIO, "sync the meta page before success is reported")   \
    X(COPY_READ, "pma/copy/read", PLAIN, EIO, "read blocks of a snapshot that is copied")          \
    X(COPY_WRITE, "pma/copy/write", ORDERED, EIO, "write blocks of the copy")                      \
    X(RELOCATE_READ, "pma/relocate/read", PLAIN, EIO, "read blocks that move in the file")         \
    X(RELOCATE_WRITE, "pma/relocate/write", ORDERED, EIO, "write blocks where they move to")       \
    X(SHRINK_TRUNCATE, "pma/shrink/truncate", ORDERED, EIO, "cut the end of the file off")         \
    X(VIEW_READ, "pma/view/read", PLAIN, EIO, "read the meta pages for a view")                    \
    X(VIEW_HOLD, "pma/view/hold", PLAIN, EIO, "lock a snapshot for a view")                        \
    X(VIEW_HIDE, "pma/view/hide", PLAIN, ENOLCK, "lock an attempt, so that no view takes it yet")  \
    X(VIEW_ASK, "pma/view/ask", PLAIN, EIO, "ask which snapshots views hold")                      \
    X(CLOSE, "pma/close", PLAIN, EIO, "close the arena file")

/* Other names for a point, as used in fault plans: X(alias, name). */
#define PMA_FAULT_ALIASES(X)                                                                       \
    X("pma/msync/data", "pma/sync/blocks")                                                         \
    X("pma/msync/dir", "pma/sync/blocks")                                                          \
    X("pma/msync/meta", "pma/sync/meta")

enum { PMA_FAULT_SKIP = 1 << 16 };

/*
 * Fault builds only (libpma_fault). The library asks libfiu about a point only while its gate is
 * open, since libfiu takes a lock at every question. The gate opens by itself when the
 * program starts under fiu-run (FIU_ENABLE or FIU_CTRL_FIFO is set).
 */
void pma_fault_gate(int open);

#endif
