/* SPDX-License-Identifier: MIT */
#include "memory.h"

#include <errno.h>

#include <sys/mman.h>

int memory_map(size_t bytes, void **memory)
{
    void *mapped = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED)
        return -errno;
    *memory = mapped;
    return 0;
}

int memory_extend(void **memory, size_t bytes, size_t more_bytes)
{
    void *mapped = mremap(*memory, bytes, more_bytes, MREMAP_MAYMOVE);
    if (mapped == MAP_FAILED)
        return -errno;
    *memory = mapped;
    return 0;
}

void memory_unmap(void *memory, size_t bytes)
{
    if (memory)
        munmap(memory, bytes);
}
