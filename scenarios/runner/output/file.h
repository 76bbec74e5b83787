/* SPDX-License-Identifier: MIT */
/* Files that an option asks for. `option` is its name, for complaints. */
#ifndef FILE_H
#define FILE_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the file is there and can be written anew, or its directory takes one; complains if not.
 * Nothing is changed. */
bool file_can_be_written(const char *option, const char *path);

/* No half file stays behind; what is no file of its own is not taken away. Complains and returns
 * false if it fails. `path` "-" is stdout. */
bool file_write(const char *option, const char *path, const char *content, size_t bytes);

#endif
