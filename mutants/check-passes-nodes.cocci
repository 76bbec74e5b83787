// SPDX-License-Identifier: MIT
// The offline checker takes a tree node whatever its checksum says.
// class: checksum
// caught-by: mix invariant standby
// file: pma/src/check_node.c
// model: media
@@ expression content, place; @@
  if (
- content->checksum != place->ref->checksum
+ false
  ) { ... } else { ... }
