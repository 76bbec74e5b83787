/* SPDX-License-Identifier: MIT */
/*
 * A crash state of one file, shown to recoveries that a test plays in its own process, and what
 * they looked at, as text: "store=1 length=12288 1=x" for a name, a length and block 1 with its
 * letter ('-': zeros).
 */
#ifndef SHOWN_IMAGE_H
#define SHOWN_IMAGE_H

#include <sys/types.h>

#include "hand_trace.h"
#include "image.h"
#include "scratch.h"

/* Mappings reach beyond the file's end: smaller ones would not be watched. */
enum { BLOCK = FSIM_BLOCK_SIZE, BLOCKS = 3, MAPPED = 32 * BLOCK };

struct shown {
    struct hand *hand;
    struct scratch scratch;
    char text[512];
    fsim_cursor_t *cursor;
    struct image *image;
    struct image_path path;
};

/* A cmocka setup and teardown. File 1 is "store" and holds a, b, c: all that is durable. */
int shown_prepare(void **state);
int shown_dispose(void **state);

/* The crash point after all events; a recovery begins. */
void shown_begin(struct shown *shown);

/* It ends, having looked at exactly this, in this order. */
void shown_end(struct shown *shown, const char *expected);

/* In the directory that is shown; good until the call after the next. */
const char *shown_path(struct shown *shown, const char *name);

/* The file "store". */
int shown_open(struct shown *shown, int flags);
char shown_letter(int fd, off_t block);
char *shown_map(int fd, int protection);

#define SHOWN(test) cmocka_unit_test_setup_teardown(test, shown_prepare, shown_dispose)

#endif
