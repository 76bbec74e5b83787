// SPDX-License-Identifier: MIT
// The neighbours of a node that gets too empty are not read, so it is merged with none.
// class: directory
// caught-by: invariant recording
// file: pma/src/directory_change.c
@@ identifier error, directory, plan; @@
 replacement_read(...) { <...
- int error = read_sides(directory, plan->first);
- return error ? error : read_sides(directory, plan->end - 1);
+ (void)read_sides;
+ return 0;
 ...> }
