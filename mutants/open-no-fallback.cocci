// SPDX-License-Identifier: MIT
// A torn or missing record in one slot makes open fail.
// class: recovery
// caught-by: refused recording
// file: pma/src/metas.c
@@ identifier first, second; @@
- if (!first && !second)
+ if (!first || !second)
   return ...;
