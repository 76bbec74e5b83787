// SPDX-License-Identifier: MIT
// The last extent of a moved range gets no entry at the target.
// class: move
// caught-by: mix lost recording
// file: pma/src/move.c
@@ identifier i, move, result; @@
  for (size_t i = 0; i <
- move->spans.count
+ move->spans.count - (at_target && move->spans.count > 1)
  && !result; i++) { ... struct span span = ...; ... }
