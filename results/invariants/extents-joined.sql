-- SPDX-License-Identifier: MIT
-- Two neighbouring extents that continue each other, in page and block or as two holes, are one.
-- Against fragments that every cut and move would leave behind: the directory would grow without bound.
SELECT extent.page,
       extent.length,
       extent.block,
       next.page AS next_page,
       next.length AS next_length,
       next.block AS next_block
FROM extent JOIN extent AS next ON next.page = extent.page + extent.length AND next.rowid <> extent.rowid
WHERE next.block = CASE extent.block WHEN 0 THEN 0 ELSE extent.block + extent.length END
  AND extent.length + next.length <= 4294967295;
