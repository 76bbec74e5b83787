-- SPDX-License-Identifier: MIT
-- Every block that a snapshot names lies behind the meta pages, below its file_blocks and below the end of the file.
-- Against references that were written before the file grew, or kept after it shrank.
WITH place AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY meta.snapshot DESC) - 1 AS snapshot,
           min(meta.file_blocks, arena.file_blocks) AS file_blocks
    FROM meta, arena
    WHERE valid
)
SELECT owner.block,
       owner.length,
       CASE owner.kind WHEN 1 THEN 'data' WHEN 2 THEN 'directory' ELSE 'sums' END AS kind,
       place.file_blocks
FROM place JOIN owner ON owner.snapshot = place.snapshot
WHERE owner.kind <> 0
  AND (owner.block < 2 OR owner.block + owner.length > place.file_blocks);
