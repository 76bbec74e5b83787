/* SPDX-License-Identifier: MIT */
/* Arrays that grow. */
#ifndef ROOM_H
#define ROOM_H

#include <stddef.h>

/* Room for `count` entries of that size in all; `array` is the address of the pointer to them.
 * 0 or -ENOMEM, which leaves all as it was. */
int room_for(void *array, size_t count, size_t *capacity, size_t size);

#endif
