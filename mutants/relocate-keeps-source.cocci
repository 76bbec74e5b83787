// SPDX-License-Identifier: MIT
// The blocks that data moved away from are never given back.
// class: shrink
// caught-by: invariant recording
// file: pma/src/relocate.c
@@ expression arena, i; identifier spans; @@
- space_drop(arena, spans[i].extent.block, spans[i].extent.length);
