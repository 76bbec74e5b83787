-- SPDX-License-Identifier: MIT
-- Within one snapshot a block is one thing: a meta page, the data of one page, a directory node or a checksum node.
-- Against a block that was handed out twice: writing one owner would change the other.
WITH claim AS (
    SELECT 0 AS snapshot, block, length, 'data of page ' || page AS owner FROM extent WHERE block <> 0
    UNION ALL
    SELECT 0, block, 1, CASE tree WHEN 0 THEN 'directory node' ELSE 'checksum node' END FROM node
    UNION ALL
    SELECT snapshot, block, length, CASE kind WHEN 0 THEN 'meta page' ELSE 'older snapshot' END FROM owner
    WHERE kind = 0 OR snapshot = 1
),
ordered AS (
    SELECT snapshot, block, length, owner,
           max(block + length) OVER (
               PARTITION BY snapshot ORDER BY block ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
           ) AS taken_below,
           lag(owner) OVER (PARTITION BY snapshot ORDER BY block) AS other_owner
    FROM claim
)
SELECT block, length, owner, other_owner, taken_below
FROM ordered
WHERE block < taken_below;
