-- SPDX-License-Identifier: MIT
-- No page is in two extents.
-- Against a move or a copy that a crash left in both places: which content a page has would depend on who looks.
SELECT other.page, extent.page AS first_page, extent.block AS first_block, other.block AS second_block
FROM extent JOIN extent AS other
  ON other.page >= extent.page AND other.page < extent.page + extent.length AND other.rowid <> extent.rowid;
