// SPDX-License-Identifier: MIT
// Open does not look at what the older meta page names.
// class: reuse
// caught-by: standby invariant
// file: pma/src/recover.c
@@ expression metas; identifier source; @@
- if (!metas->verdict[1 - source->slot])
-     source->other = &metas->meta[1 - source->slot];
