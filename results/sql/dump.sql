-- SPDX-License-Identifier: MIT
-- One arena as tables, which the invariants read: a recovered one, or the one of a running workload, whose tables of
-- the file (meta, node, extent, owner, free, heap_run) are empty. The order of the tables is that of enum
-- results_table, the order of the columns that of the values of a row (results/results.h). No keys and no
-- constraints: what is wrong must fit in, to be found. Flags are 0 or 1.

-- What the live arena says of itself.
CREATE TABLE arena (
    file_blocks INTEGER NOT NULL, -- length of the file
    snapshot INTEGER NOT NULL,
    event INTEGER NOT NULL,
    pages INTEGER NOT NULL,       -- allocated, ephemeral ones not counted
    extents INTEGER NOT NULL,
    free_blocks INTEGER NOT NULL,
    live INTEGER NOT NULL         -- of a running workload, not just recovered
) STRICT;

-- The meta pages in the file; of an invalid one only slot and valid mean something.
CREATE TABLE meta (
    slot INTEGER NOT NULL,
    valid INTEGER NOT NULL,
    snapshot INTEGER NOT NULL,
    event INTEGER NOT NULL,
    file_blocks INTEGER NOT NULL,
    directory_block INTEGER NOT NULL, -- 0: no directory
    directory_depth INTEGER NOT NULL, -- levels, 1 = the root is a leaf
    sums_block INTEGER NOT NULL,
    sums_depth INTEGER NOT NULL,
    fanout INTEGER NOT NULL,          -- 0: as many as fit
    extents INTEGER NOT NULL,
    pages INTEGER NOT NULL,
    reserved_pages INTEGER NOT NULL
) STRICT;

-- The nodes of the newest snapshot's two trees.
CREATE TABLE node (
    tree INTEGER NOT NULL,   -- 0 directory, 1 sums
    block INTEGER NOT NULL,
    parent INTEGER NOT NULL, -- block of the parent, 0 for a root
    level INTEGER NOT NULL,  -- 0 = leaf
    depth INTEGER NOT NULL,  -- distance from the root
    count INTEGER NOT NULL,  -- entries in use
    first INTEGER NOT NULL,  -- directory: smallest page below, sums: first index
    last INTEGER NOT NULL,
    epoch INTEGER NOT NULL,  -- the snapshot that wrote it
    sum_ok INTEGER NOT NULL  -- content matches checksum and epoch of the reference
) STRICT;

-- The extents of the newest snapshot.
CREATE TABLE extent (
    page INTEGER NOT NULL,
    block INTEGER NOT NULL,     -- 0: a hole
    length INTEGER NOT NULL,    -- pages
    node INTEGER NOT NULL,      -- block of the leaf
    position INTEGER NOT NULL,  -- in the leaf
    bad_blocks INTEGER NOT NULL -- how many of its blocks do not match their checksums
) STRICT;

-- Which block is what, as the offline walk of both snapshots has it.
CREATE TABLE owner (
    block INTEGER NOT NULL,
    length INTEGER NOT NULL,
    kind INTEGER NOT NULL,    -- 0 meta, 1 data, 2 directory, 3 sums
    snapshot INTEGER NOT NULL -- 0 the newest, 1 only the older one
) STRICT;

-- What the live allocator calls free.
CREATE TABLE free (
    block INTEGER NOT NULL,
    length INTEGER NOT NULL
) STRICT;

-- What the live arena has allocated.
CREATE TABLE run (
    page INTEGER NOT NULL,
    length INTEGER NOT NULL,
    block INTEGER NOT NULL, -- 0: a hole
    ephemeral INTEGER NOT NULL
) STRICT;

-- The pages of the heap, as it lists them.
CREATE TABLE heap_page (
    page INTEGER NOT NULL,
    kind INTEGER NOT NULL,        -- 0 free, 1 start of a large object, 2 more of one, 3 partitioned, 4 record
    chunk_bytes INTEGER NOT NULL, -- of partitioned pages, else 0
    chunks INTEGER NOT NULL,
    used INTEGER NOT NULL
) STRICT;

-- The chunks that are allocated, as the chunk maps have it. Places here and below are bytes from the arena's base.
CREATE TABLE heap_chunk (
    place INTEGER NOT NULL,
    bytes INTEGER NOT NULL
) STRICT;

-- The heap as the offline checker reads it from the file.
CREATE TABLE heap_run (
    page INTEGER NOT NULL,
    length INTEGER NOT NULL,
    kind INTEGER NOT NULL,        -- 0 a large object, 1 partitioned, 2 free, 3 record
    chunk_bytes INTEGER NOT NULL,
    used INTEGER NOT NULL
) STRICT;

-- The nouns that root words reach, and in a running workload those that it has on stacks.
CREATE TABLE noun (
    place INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    cell INTEGER NOT NULL,
    refs INTEGER NOT NULL,     -- that it counts
    forwarded INTEGER NOT NULL -- a forwarding pointer has its place
) STRICT;

-- Who refers to them.
CREATE TABLE reference (
    holder INTEGER NOT NULL, -- place of the cell, or -1 - the index of a root word
    place INTEGER NOT NULL,  -- that it leads to
    tag INTEGER NOT NULL     -- 2 an atom, 6 a cell, 7 a forwarding pointer
) STRICT;

-- The stacks of a running workload; recovery finds none.
CREATE TABLE stack (
    stack INTEGER NOT NULL,
    low INTEGER NOT NULL,        -- its range, [low, high)
    high INTEGER NOT NULL,
    frames INTEGER NOT NULL,
    pages INTEGER NOT NULL,      -- that it counts
    west_bytes INTEGER NOT NULL, -- in use from the low end
    east_bytes INTEGER NOT NULL, -- and from the high end
    exact INTEGER NOT NULL       -- its pages were just released as far as they can be
) STRICT;

CREATE TABLE stack_frame (
    stack INTEGER NOT NULL,
    depth INTEGER NOT NULL, -- 0 = the first one
    west INTEGER NOT NULL,
    fp INTEGER NOT NULL,
    sp INTEGER NOT NULL,
    ap INTEGER NOT NULL,
    saved_fp INTEGER NOT NULL, -- the caller's; -1: none
    saved_sp INTEGER NOT NULL,
    saved_ap INTEGER NOT NULL,
    locals INTEGER NOT NULL,
    preserved INTEGER NOT NULL -- a preserve has begun
) STRICT;

-- The ephemeral pages in the range of a stack.
CREATE TABLE stack_page (
    stack INTEGER NOT NULL,
    page INTEGER NOT NULL,
    length INTEGER NOT NULL
) STRICT;

-- For the joins of the invariants; an index costs less than the sorting that it saves.
CREATE INDEX extent_by_page ON extent (page);
CREATE INDEX extent_by_block ON extent (block);
CREATE INDEX node_by_block ON node (block);
CREATE INDEX owner_by_block ON owner (block);
CREATE INDEX heap_page_by_page ON heap_page (page);
CREATE INDEX heap_chunk_by_place ON heap_chunk (place);
CREATE INDEX noun_by_place ON noun (place);
CREATE INDEX reference_by_place ON reference (place);
