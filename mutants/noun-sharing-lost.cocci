// SPDX-License-Identifier: MIT
// A noun that was copied once is copied again.
// class: noun
// caught-by: invariant mix recording
// file: pma/src/copier.c
@@ identifier noun; @@
- if (noun_is_forwarding(*noun_metadata(noun)))
-     return 0;
