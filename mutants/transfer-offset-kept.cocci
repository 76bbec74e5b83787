// SPDX-License-Identifier: MIT
// What is read after a short read comes from the same place again.
// class: error
// caught-by: recording
// file: pma/src/os.c
@@ identifier offset, got; typedef uint64_t; @@
 os_read(...) { <...
- offset += (uint64_t)got;
 ...> }
