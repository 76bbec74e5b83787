-- SPDX-License-Identifier: MIT
-- Extents and nodes ascend by page, and all pages below a node lie within the range of its parent.
-- Against a directory in which a search takes a wrong turn: a page that is there would not be found.
SELECT 'extent not above the one before it' AS what, extent.node, extent.page, before.page AS bound
FROM extent JOIN extent AS before ON before.node = extent.node AND before.position = extent.position - 1
WHERE extent.page <= before.page
UNION ALL
SELECT 'node that overlaps its sibling', sibling.block, sibling.first, node.last
FROM node JOIN node AS sibling
  ON sibling.parent = node.parent AND sibling.first BETWEEN node.first AND node.last AND sibling.rowid <> node.rowid
WHERE node.tree = 0 AND sibling.tree = 0 AND node.parent <> 0
UNION ALL
SELECT CASE WHEN child.first < node.first THEN 'node below the range of its parent'
            ELSE 'node above the range of its parent' END,
       child.block,
       CASE WHEN child.first < node.first THEN child.first ELSE child.last END,
       CASE WHEN child.first < node.first THEN node.first ELSE node.last END
FROM node AS child JOIN node ON node.block = child.parent
WHERE child.tree = 0 AND node.tree = 0 AND (child.first < node.first OR child.last > node.last)
UNION ALL
SELECT CASE WHEN extent.page < node.first THEN 'extent below the range of its leaf'
            ELSE 'extent above the range of its leaf' END,
       extent.node,
       extent.page,
       CASE WHEN extent.page < node.first THEN node.first ELSE node.last END
FROM extent JOIN node ON node.block = extent.node
WHERE extent.page < node.first OR extent.page + extent.length - 1 > node.last;
