-- SPDX-License-Identifier: MIT
-- No block that the live allocator calls free is named by a snapshot of a valid meta page.
-- Against the next write landing in a block that the newest snapshot, or the one to fall back to, still needs.
WITH part AS (
    SELECT block, length, 0 AS free FROM owner
    UNION ALL
    SELECT block, length, 1 FROM free
),
ordered AS (
    SELECT block, length, free,
           max(block + length) FILTER (WHERE free) OVER before AS free_below,
           max(block + length) FILTER (WHERE NOT free) OVER before AS named_below
    FROM part
    WINDOW before AS (ORDER BY block, free ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
SELECT block,
       CASE WHEN free THEN min(length, named_below - block) ELSE min(length, free_below - block) END AS blocks
FROM ordered
WHERE (free AND block < named_below) OR (NOT free AND block < free_below);
