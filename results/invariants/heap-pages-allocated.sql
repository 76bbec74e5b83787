-- SPDX-License-Identifier: MIT
-- Every page that the heap has is allocated in the arena, and persistent.
-- Against a heap whose record says more than the directory: an object on a page that anybody may take.
SELECT heap_page.page, heap_page.kind
FROM heap_page
WHERE NOT EXISTS (SELECT 1 FROM run
                  WHERE NOT run.ephemeral
                    AND heap_page.page >= run.page AND heap_page.page < run.page + run.length);
