-- SPDX-License-Identifier: MIT
-- What the report draws of a play: which crash point did what to which block. Text that only the report reads
-- (docs/report.md), so it is kept in one piece, and small.

CREATE TABLE map (
    scenario INTEGER PRIMARY KEY REFERENCES scenario (id) ON DELETE CASCADE,
    text_bytes INTEGER NOT NULL,
    text BLOB NOT NULL -- zstd
) STRICT;
