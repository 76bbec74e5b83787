// SPDX-License-Identifier: MIT
// Open writes the chosen record over the older one.
// class: recovery
// caught-by: standby refused lost mix invariant
// file: pma/src/recover.c
@@ expression fd, path, source, error; @@
- make_durable(fd, path, source.meta, source.slot, error)
+ make_durable(fd, path, source.meta, 1 - source.slot, error)
