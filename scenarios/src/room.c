/* SPDX-License-Identifier: MIT */
#include "room.h"

#include <errno.h>
#include <stdlib.h>

int room_for(void *array, size_t count, size_t *capacity, size_t size)
{
    void **at = array;
    size_t wanted = *capacity == 0 ? 16 : *capacity;
    void *grown;

    if (count <= *capacity)
        return 0;
    while (wanted < count)
        wanted *= 2;
    grown = realloc(*at, wanted * size);
    if (grown == NULL)
        return -ENOMEM;
    *at = grown;
    *capacity = wanted;
    return 0;
}
