// SPDX-License-Identifier: MIT
// Open prefers the older snapshot.
// class: recovery
// caught-by: lost recording not-alive
// file: pma/src/metas.c
@@ expression A; @@
- A->meta[1].snapshot > A->meta[0].snapshot
+ A->meta[1].snapshot < A->meta[0].snapshot
