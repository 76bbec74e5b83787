// SPDX-License-Identifier: MIT
// A scan that finds more runs than it can tell counts as finished.
// class: lazy
// caught-by: recording mix lost
// file: pma/src/os_watch.c
@@ identifier at, request; @@
- *at = request.stopped_at;
+ *at = end;
