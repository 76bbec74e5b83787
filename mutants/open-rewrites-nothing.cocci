// SPDX-License-Identifier: MIT
// Open does not write the chosen record again: a record that a failed sync left clean is lost later.
// class: recovery
// caught-by: lost
// file: pma/src/recover.c
// model: io-error
@@ expression fd, meta, size, offset; @@
- os_write(fd, meta, size, offset, FAULT_RECOVER_META)
+ os_write(fd, meta, 0, offset, FAULT_RECOVER_META)
