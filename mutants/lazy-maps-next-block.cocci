// SPDX-License-Identifier: MIT
// A window of committed pages shows blocks that lie one further on.
// class: lazy
// caught-by: recording mix not-alive
// file: pma/src/mappings.c
@@ expression address, bytes, fd, block, map; @@
- os_map_copied(address, bytes, fd, block * PMA_PAGE_SIZE, map)
+ os_map_copied(address, bytes, fd, (block + 1) * PMA_PAGE_SIZE, map)
