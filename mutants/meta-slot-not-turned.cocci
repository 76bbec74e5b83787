// SPDX-License-Identifier: MIT
// The slot of the acknowledged snapshot is not remembered, so the next one overwrites it.
// class: meta
// caught-by: lost refused not-alive
// file: pma/src/snapshot.c
@@ expression arena; identifier slot; @@
- arena->slot = slot;
