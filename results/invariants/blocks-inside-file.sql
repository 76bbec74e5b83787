-- SPDX-License-Identifier: MIT
-- Every block that a snapshot names lies behind the meta pages, below its file_blocks and below the end of the file.
-- Against references that were written before the file grew, or kept after it shrank.
WITH place AS (
    SELECT row_number() OVER (ORDER BY snapshot DESC) - 1 AS snapshot, file_blocks
    FROM meta WHERE valid
)
SELECT owner.block,
       owner.length,
       CASE owner.kind WHEN 1 THEN 'data' WHEN 2 THEN 'directory' ELSE 'sums' END AS kind,
       min(place.file_blocks, arena.file_blocks) AS end_of_file
FROM owner, arena
JOIN place ON place.snapshot = owner.snapshot
WHERE owner.kind <> 0
  AND (owner.block < 2 OR owner.block + owner.length > min(place.file_blocks, arena.file_blocks));
