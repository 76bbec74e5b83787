// SPDX-License-Identifier: MIT
// A creation whose name could not be made durable fails and leaves the name.
// class: creation
// caught-by: recording
// file: pma/src/new_file.c
@@ expression file; @@
 new_file_publish(...) { <...
- os_unlink(file->directory, file->name);
 ...> }
