/* SPDX-License-Identifier: MIT */
#include "shared.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "interpose.h"

void *shared_reserve(size_t bytes)
{
    void *memory = real_mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                             MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if ((long)memory < 0 && (long)memory > -4096)
        return NULL;
    /* A core dump would take real memory for all of it. */
    real_syscall(SYS_madvise, (long)memory, (long)bytes, MADV_DONTDUMP, 0, 0, 0);
    return memory;
}

void shared_release(void *memory, size_t bytes)
{
    if (memory != NULL)
        real_munmap(memory, bytes);
}

enum { HEADS = 1 << 18 };

int shared_index_init(struct shared_index *index, size_t capacity)
{
    index->capacity = capacity + 1;
    index->heads = shared_reserve(HEADS * sizeof *index->heads);
    index->next = shared_reserve(index->capacity * sizeof *index->next);
    return index->heads == NULL || index->next == NULL ? -ENOMEM : 0;
}

void shared_index_deinit(struct shared_index *index)
{
    shared_release(index->heads, HEADS * sizeof *index->heads);
    shared_release(index->next, index->capacity * sizeof *index->next);
}

uint32_t shared_index_first(const struct shared_index *index, uint64_t hash)
{
    return atomic_load_explicit(&index->heads[hash % HEADS], memory_order_acquire);
}

void shared_index_add(struct shared_index *index, uint64_t hash, uint32_t entry)
{
    index->next[entry + 1] = shared_index_first(index, hash);
    atomic_store_explicit(&index->heads[hash % HEADS], entry + 1, memory_order_release);
}
