// SPDX-License-Identifier: MIT
// Only the first batch of pages in private memory is settled.
// class: dirty
// caught-by: recording lost mix
// file: pma/src/copy.c
@@ @@
 pages_settle(...) { <...
- count == BATCH
+ count > BATCH
 ...> }
