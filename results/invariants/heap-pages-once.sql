-- SPDX-License-Identifier: MIT
-- A page of the heap is one thing.
-- Against two objects on one page, which would overwrite each other.
SELECT page, count(*) AS times
FROM heap_page
GROUP BY page
HAVING count(*) > 1;
