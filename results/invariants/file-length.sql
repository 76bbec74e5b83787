-- SPDX-License-Identifier: MIT
-- The file is at least as long as every valid meta page says.
-- Against a meta page that became durable before the file's new length did: the blocks that it names would not exist.
SELECT meta.slot,
       meta.snapshot,
       meta.file_blocks AS stated_blocks,
       arena.file_blocks AS file_blocks
FROM meta, arena
WHERE meta.valid AND meta.file_blocks > arena.file_blocks;
