-- SPDX-License-Identifier: MIT
-- No page is in two extents.
-- Against a move or a copy that a crash left in both places: which content a page has would depend on who looks.
WITH ordered AS (
    SELECT page, length, block,
           max(page + length) OVER (ORDER BY page ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS mapped_below
    FROM extent
)
SELECT page, length, block, mapped_below
FROM ordered
WHERE page < mapped_below;
