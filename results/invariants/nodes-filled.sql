-- SPDX-License-Identifier: MIT
-- A directory node holds no more entries than the fan-out, and at least a quarter of it; an inner root at least 2.
-- Against splits and merges that a crash or a bug left half done: the tree would degenerate or overflow its node.
WITH newest AS (
    SELECT fanout FROM meta WHERE valid ORDER BY snapshot DESC LIMIT 1
),
room AS (
    SELECT 1 AS leaf, CASE WHEN fanout BETWEEN 1 AND 169 THEN fanout ELSE 169 END AS most FROM newest
    UNION ALL
    SELECT 0, CASE WHEN fanout BETWEEN 1 AND 101 THEN fanout ELSE 101 END FROM newest
),
bounded AS (
    SELECT node.block, node.level, node.count AS entries, room.most,
           CASE WHEN node.parent <> 0 THEN (room.most + 3) / 4 WHEN node.level = 0 THEN 1 ELSE 2 END AS least
    FROM node JOIN room ON room.leaf = (node.level = 0)
    WHERE node.tree = 0
)
SELECT block, level, entries, least, most
FROM bounded
WHERE entries NOT BETWEEN least AND most;
