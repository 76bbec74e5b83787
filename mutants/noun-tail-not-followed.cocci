// SPDX-License-Identifier: MIT
// The tail of a copied cell still refers to the frame that goes.
// class: noun
// caught-by: invariant mix recording
// file: pma/src/preserve.c
@@ identifier cell, copier; @@
- cell->tail = copier_follow(copier, cell->tail);
