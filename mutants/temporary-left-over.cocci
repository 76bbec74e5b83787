// SPDX-License-Identifier: MIT
// What could not be finished stays under its temporary name.
// class: creation
// caught-by: recording invariant
// file: pma/src/new_file.c
@@ expression failed; @@
 new_file_close(...) { <...
- if (failed)
+ if (false)
      os_unlink(...);
 ...> }
