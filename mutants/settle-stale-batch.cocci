// SPDX-License-Identifier: MIT
// Of pages that were private when the snapshot began all are written, also those that were written meanwhile.
// class: limits
// caught-by: recording
// file: pma/src/copy.c
@@ expression arena, span; identifier result; @@
 settle(...) { <...
- if (span.extent.flags & EXTENT_PRIVATE)
    result = pages_write_out(arena, &span, true, FAULT_PRIVATE_WRITE);
 ...> }
