-- SPDX-License-Identifier: MIT
-- One recovered arena as tables, which the invariants read. The order of the tables is that of enum
-- results_table, the order of the columns that of the values of a row (results/results.h). No keys and no
-- constraints: what is wrong must fit in, to be found. Flags are 0 or 1.

-- What the live arena says of itself.
CREATE TABLE arena (
    file_blocks INTEGER NOT NULL, -- length of the file
    snapshot INTEGER NOT NULL,
    event INTEGER NOT NULL,
    pages INTEGER NOT NULL,       -- allocated, ephemeral ones not counted
    extents INTEGER NOT NULL,
    free_blocks INTEGER NOT NULL
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

-- For the joins of the invariants; an index costs less than the sorting that it saves.
CREATE INDEX extent_by_page ON extent (page);
CREATE INDEX extent_by_block ON extent (block);
CREATE INDEX node_by_block ON node (block);
CREATE INDEX owner_by_block ON owner (block);
