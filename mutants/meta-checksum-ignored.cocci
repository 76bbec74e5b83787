// SPDX-License-Identifier: MIT
// A meta record counts as valid whatever its checksum says.
// class: checksum
// caught-by: mix refused
// file: pma/src/format.c
// model: media
@@ identifier meta; @@
- meta.checksum != meta_checksum(&meta)
+ 0
