// SPDX-License-Identifier: MIT
// A reserved range between two runs does not count as a mapping.
// class: limits
// caught-by: recording
// file: pma/src/mappings.c
@@ identifier run, at; @@
- run.page > at ? 2 : 1
+ 1
