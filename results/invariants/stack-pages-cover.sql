-- SPDX-License-Identifier: MIT
-- The pages of a stack are one piece from each end of its range: all that its frames use, and none that it does not count.
-- After a release they are exactly those in use.
-- Against a frame on a page that is not there, and against pages that no pop would ever give back.
WITH need AS (
    SELECT stack, pages, exact,
           low / 4096 AS low_page,
           (low + west_bytes + 4095) / 4096 AS low_end,
           (high - east_bytes) / 4096 AS high_page,
           high / 4096 AS high_end
    FROM stack
),
held AS (
    SELECT need.*,
           (SELECT total(length) FROM stack_page WHERE stack_page.stack = need.stack) AS allocated,
           (SELECT total(max(0, min(page + length, low_end) - max(page, low_page)))
            FROM stack_page WHERE stack_page.stack = need.stack) AS low_held,
           (SELECT total(max(0, min(page + length, high_end) - max(page, high_page)))
            FROM stack_page WHERE stack_page.stack = need.stack) AS high_held,
           (SELECT count(*)
            FROM stack_page AS piece
            WHERE piece.stack = need.stack
              AND NOT EXISTS (SELECT 1 FROM stack_page AS before
                              WHERE before.stack = piece.stack AND before.page + before.length = piece.page)) AS pieces
    FROM need
)
SELECT 'pages counted' AS what, stack, pages AS stated, cast(allocated AS INTEGER) AS found
FROM held
WHERE allocated <> pages
UNION ALL
SELECT 'pages in use, from the low end', stack, low_end - low_page, cast(low_held AS INTEGER)
FROM held
WHERE low_held <> low_end - low_page
UNION ALL
SELECT 'pages in use, from the high end', stack, high_end - high_page, cast(high_held AS INTEGER)
FROM held
WHERE high_held <> high_end - high_page
UNION ALL
SELECT 'pieces', stack, 2, pieces
FROM held
WHERE pieces > 2
UNION ALL
SELECT 'pages after a release', stack,
       min(low_end - low_page + high_end - high_page, high_end - low_page), cast(allocated AS INTEGER)
FROM held
WHERE exact AND allocated > min(low_end - low_page + high_end - high_page, high_end - low_page);
