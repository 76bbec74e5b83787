// SPDX-License-Identifier: MIT
// The page that a front lies in the middle of does not count as needed.
// class: stack
// caught-by: recording crashed
// file: pma/src/stack_pages.c
@@ identifier stack, address; typedef uint64_t; @@
  ((uint64_t)(address - stack->low)
- + WORDS - 1
  ) / WORDS
