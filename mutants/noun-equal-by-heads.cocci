// SPDX-License-Identifier: MIT
// Cells whose heads are equal are equal.
// class: noun
// caught-by: recording
// file: pma/src/noun_equal.c
@@ identifier a, b, equality; expression result; @@
- result = push_pair(equality, noun_cell(a)->tail, noun_cell(b)->tail);
+ result = 0;
