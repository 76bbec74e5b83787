-- SPDX-License-Identifier: MIT
-- The checksum tree is as deep as file_blocks demands, has a leaf for every data block, and no node beyond the file.
-- Against data that no checksum guards after growing, and against a tree that was not cut when the file shrank.
WITH RECURSIVE
newest AS (
    SELECT * FROM meta WHERE valid ORDER BY snapshot DESC LIMIT 1
),
span (depth, blocks) AS (
    SELECT 1, 508
    UNION ALL
    SELECT depth + 1, blocks * 127 FROM span WHERE depth < 8
),
leaf AS MATERIALIZED (
    SELECT first FROM node WHERE tree = 1 AND level = 0
),
needed AS (
    SELECT page, block, block / 508 AS first, (block + length - 1) / 508 AS last FROM extent WHERE block <> 0
)
SELECT 'depth' AS what, sums_block AS block, sums_depth AS found, min(span.depth) AS demanded
FROM newest JOIN span ON span.blocks >= newest.file_blocks
WHERE sums_block <> 0
HAVING found <> demanded
UNION ALL
SELECT 'leaves for page ' || page, block, found, demanded
FROM (SELECT page, block, last - first + 1 AS demanded,
             (SELECT count(*) FROM leaf WHERE leaf.first BETWEEN needed.first AND needed.last) AS found
      FROM needed)
WHERE found < demanded
UNION ALL
SELECT 'first block covered by a node', node.block, node.first * 508, newest.file_blocks
FROM node, newest
WHERE node.tree = 1 AND node.first * 508 >= newest.file_blocks;
