-- SPDX-License-Identifier: MIT
-- Within one snapshot a block is one thing: a meta page, the data of one page, a directory node or a checksum node.
-- Against a block that was handed out twice: writing one owner would change the other.
-- The newest snapshot is judged by its extents and nodes, since a list of owners may have swallowed one of two.
SELECT other.block, 'data of page ' || extent.page AS owner, 'data of page ' || other.page AS other_owner
FROM extent JOIN extent AS other
  ON other.block >= extent.block AND other.block < extent.block + extent.length AND other.rowid <> extent.rowid
WHERE extent.block <> 0
UNION ALL
SELECT node.block, 'data of page ' || extent.page, 'node'
FROM extent JOIN node ON node.block >= extent.block AND node.block < extent.block + extent.length
WHERE extent.block <> 0
UNION ALL
SELECT node.block, 'node', 'node'
FROM node JOIN node AS other ON other.block = node.block AND other.rowid < node.rowid
UNION ALL
SELECT block, 'meta page', 'data of page ' || page FROM extent WHERE block = 1
UNION ALL
SELECT block, 'meta page', 'node' FROM node WHERE block < 2
UNION ALL
SELECT other.block, 'older snapshot', 'older snapshot'
FROM owner JOIN owner AS other
  ON other.block >= owner.block AND other.block < owner.block + owner.length AND other.rowid <> owner.rowid
WHERE owner.snapshot = 1 AND other.snapshot = 1;
