-- SPDX-License-Identifier: MIT
-- After recovery the live heap has the pages that the file's record names, each used as it says.
-- Against a recovery that reads the record differently from the offline checker, who shares no code with it.
SELECT 'pages of the heap' AS what, found AS live, cast(stated AS INTEGER) AS file
FROM (SELECT (SELECT count(*) FROM heap_page) AS found, (SELECT total(length) FROM heap_run) AS stated), arena
WHERE NOT live AND found <> stated
UNION ALL
SELECT 'page ' || heap_page.page, heap_page.kind, heap_run.kind
FROM arena, heap_page
LEFT JOIN heap_run ON heap_page.page >= heap_run.page AND heap_page.page < heap_run.page + heap_run.length
WHERE NOT arena.live
  AND (heap_run.kind IS NOT CASE heap_page.kind WHEN 0 THEN 2 WHEN 1 THEN 0 WHEN 2 THEN 0 WHEN 3 THEN 1 ELSE 3 END
       OR (heap_page.kind = 1) <> (heap_run.kind = 0 AND heap_page.page = heap_run.page)
       OR heap_page.used <> heap_run.used OR heap_page.chunk_bytes <> heap_run.chunk_bytes);
