// SPDX-License-Identifier: MIT
// A torn or missing record in slot 1 makes open fail.
// class: recovery
// caught-by: refused
// file: pma/src/recover.c
@@ identifier first, second; expression C; @@
- if (!first && !second)
+ if (!first || !second)
   return telling_code(C);
