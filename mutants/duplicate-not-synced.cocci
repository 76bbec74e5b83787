// SPDX-License-Identifier: MIT
// A copy gets its name before it is durable.
// class: barrier
// caught-by: invariant
// file: pma/src/duplicate.c
@@ expression E; @@
 write_snapshot(...) { <...
- result = os_sync(E, FAULT_CREATE_SYNC);
 ...> }
