/* SPDX-License-Identifier: MIT */
/* A crash state written out for the user's own tools. */
#ifndef KEEP_H
#define KEEP_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Writes the image's files to `path`. A state of one file becomes that file, unless `path` is a
 * directory or ends in '/'; otherwise `path` becomes a directory. Nothing that is there is
 * overwritten. Complains and returns false if it cannot.
 */
bool keep_image(const void *image, size_t bytes, const char *path);

/* The same into a directory that is new or empty, whose name `option` gave. No bytes: only the
 * directory is made. */
bool keep_in_directory(const char *option, const void *image, size_t bytes, const char *path);

#endif
