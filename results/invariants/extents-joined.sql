-- SPDX-License-Identifier: MIT
-- Two neighbouring extents that continue each other, in page and block or as two holes, are one.
-- Against fragments that every cut and move would leave behind: the directory would grow without bound.
WITH ordered AS (
    SELECT page, block, length,
           lag(page) OVER before AS previous_page,
           lag(block) OVER before AS previous_block,
           lag(length) OVER before AS previous_length
    FROM extent
    WINDOW before AS (ORDER BY page)
)
SELECT previous_page, previous_block, previous_length, page, block, length
FROM ordered
WHERE page = previous_page + previous_length
  AND ((block = 0 AND previous_block = 0)
       OR (block <> 0 AND previous_block <> 0 AND block = previous_block + previous_length))
  AND length + previous_length <= 4294967295;
