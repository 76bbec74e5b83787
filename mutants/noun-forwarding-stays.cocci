// SPDX-License-Identifier: MIT
// Forwarding pointers stay after a noun was kept.
// class: noun
// caught-by: invariant recording
// file: pma/src/keep.c
@@ identifier copier, noun; @@
  noun = refer(copier, noun);
- copier_take_back(copier);
