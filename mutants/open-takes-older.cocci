// SPDX-License-Identifier: MIT
// Open prefers the older snapshot.
// class: recovery
// caught-by: lost
// file: pma/src/metas.c
@@ expression A, B; @@
- A->meta[1].snapshot > B->meta[0].snapshot
+ A->meta[1].snapshot < B->meta[0].snapshot
