// SPDX-License-Identifier: MIT
// A new file gets its name before its content is written.
// class: creation
// caught-by: refused
// file: pma/src/create.c
@@ @@
 create_arena(...) { <...
- fill_file(file.fd, &meta, error)
+ new_file_publish(&file, error)
 ...> }

@@ @@
 create_arena(...) { <...
  if (!result)
-     result = new_file_publish(&file, error);
+     result = fill_file(file.fd, &meta, error);
  if (!result)
      *arena = made;
 ...> }
