// SPDX-License-Identifier: MIT
// Blocks that move are not compared with their checksums, and get new ones: damage looks right.
// class: checksum
// caught-by: mix
// file: pma/src/relocate.c
// model: media
@@ expression expected, sum, result; @@
 read_verified(...) { <...
- (!result && expected != sum)
+ false
 ...> }
