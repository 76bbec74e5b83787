// SPDX-License-Identifier: MIT
// A kept noun counts one reference too many.
// class: noun
// caught-by: invariant recording
// file: pma/src/keep.c
@@ expression mug; @@
- noun_metadata_of(mug, 0)
+ noun_metadata_of(mug, 1)
