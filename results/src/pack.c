/* SPDX-License-Identifier: MIT */
#include "pack.h"

#include <errno.h>
#include <stdlib.h>
#include <zstd.h>

enum { COMPRESSION_LEVEL = 3 };

int pack(results_t *results, const void *bytes, size_t count, const char *what, void **packed,
         size_t *packed_count)
{
    size_t capacity = ZSTD_compressBound(count);

    *packed = malloc(capacity);
    if (*packed == NULL)
        return database_fail(results, -ENOMEM, "%s: compressing %s: out of memory", results->path,
                             what);
    *packed_count = ZSTD_compress(*packed, capacity, bytes, count, COMPRESSION_LEVEL);
    if (!ZSTD_isError(*packed_count))
        return 0;
    free(*packed);
    return database_fail(results, -ENOMEM, "%s: compressing %s: %s", results->path, what,
                         ZSTD_getErrorName(*packed_count));
}

bool packed_from(const void *packed, size_t packed_count, int64_t count)
{
    return packed != NULL && count >= 0 &&
           ZSTD_getFrameContentSize(packed, packed_count) == (unsigned long long)count;
}

bool unpack(const void *packed, size_t packed_count, void *bytes, size_t count)
{
    size_t unpacked = ZSTD_decompress(bytes, count, packed, packed_count);
    return !ZSTD_isError(unpacked) && unpacked == count;
}
