// SPDX-License-Identifier: MIT
// The name of a copy is not made durable.
// class: barrier
// caught-by: invariant
// file: pma/src/duplicate.c
@@ identifier file, error; @@
 duplicate_file(...) { <...
- new_file_publish(&file, error)
+ os_rename_new(file.directory, file.temporary, file.name, FAULT_CREATE_RENAME)
 ...> }
