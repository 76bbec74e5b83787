// SPDX-License-Identifier: MIT
// A meta record counts as valid whatever its checksum says.
// class: checksum
// caught-by: standby mix lost refused
// file: pma/src/format.c
// model: torn
@@ identifier meta; @@
 format_meta_validate(...) { <...
- meta.checksum != meta_checksum(&meta)
+ false
 ...> }
