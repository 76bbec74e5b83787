// SPDX-License-Identifier: MIT
// Only the first batch of writable extents is sealed.
// class: dirty
// caught-by: mix lost recording
// file: pma/src/snapshot.c
@@ @@
- count == BATCH
+ count > BATCH
