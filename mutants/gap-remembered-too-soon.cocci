// SPDX-License-Identifier: MIT
// A gap counts as the lowest although the search began above others.
// class: directory
// caught-by: recording
// file: pma/src/directory.c
@@ identifier from, directory, log2; @@
- from <= directory->gaps[log2] &&
  found > directory->gaps[log2]
