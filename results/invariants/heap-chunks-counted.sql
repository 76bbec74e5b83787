-- SPDX-License-Identifier: MIT
-- A partitioned page has chunks of one size that fill it, and as many are allocated as it counts.
-- Against a chunk map that a crash or a bug left beside its count: memory lost, or given out twice.
SELECT 'chunks of page ' || page AS what, used AS stated, found
FROM (SELECT page, used, chunk_bytes, chunks,
             (SELECT count(*) FROM heap_chunk
              WHERE place >= heap_page.page * 4096 AND place < (heap_page.page + 1) * 4096) AS found
      FROM heap_page
      WHERE kind = 3)
WHERE used <> found OR used > chunks
UNION ALL
SELECT 'division of page ' || page, chunk_bytes, chunks
FROM heap_page
WHERE kind = 3 AND (chunk_bytes < 16 OR chunk_bytes > 2048 OR chunk_bytes * chunks <> 4096)
UNION ALL
SELECT 'chunk at ' || heap_chunk.place, heap_chunk.bytes, heap_page.chunk_bytes
FROM heap_chunk LEFT JOIN heap_page ON heap_page.page = heap_chunk.place / 4096
WHERE heap_page.kind IS NOT 3 OR heap_chunk.bytes <> heap_page.chunk_bytes
   OR heap_chunk.place % heap_chunk.bytes <> 0;
