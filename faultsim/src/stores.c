/* SPDX-License-Identifier: MIT */
/*
 * What a compiler calls in code compiled with -fsanitize=thread, and what the linker puts in the
 * place of memcpy, memmove and memset. ThreadSanitizer's runtime is not linked: its interface is
 * implemented here, for the sake of the stores. Loads and calls are of no interest. An atomic
 * operation is replaced by its callback, which therefore performs it.
 *
 * All these names are reserved ones, so that only the linker is told them.
 */
#include <faultsim/capture.h>

#define CALLBACK(type, name, ...)                                                                  \
    type called_##name(__VA_ARGS__) __asm__("__tsan_" #name);                                      \
    type called_##name(__VA_ARGS__)

/* When the program starts. */
CALLBACK(void, init, void)
{
    fsim_capture_expect_stores();
}

#define IGNORED(name)                                                                              \
    CALLBACK(void, name, const void *address)                                                      \
    {                                                                                              \
    }

IGNORED(func_entry)
CALLBACK(void, func_exit, void)
{
}

/* ---- plain stores ---- */

#define PLAIN(bytes)                                                                               \
    IGNORED(read##bytes)                                                                           \
    IGNORED(unaligned_read##bytes)                                                                 \
    CALLBACK(void, write##bytes, void *address)                                                    \
    {                                                                                              \
        fsim_capture_store(address, bytes);                                                        \
    }                                                                                              \
    CALLBACK(void, unaligned_write##bytes, void *address)                                          \
    {                                                                                              \
        fsim_capture_store(address, bytes);                                                        \
    }

PLAIN(1)
PLAIN(2)
PLAIN(4)
PLAIN(8)
PLAIN(16)

CALLBACK(void, read_range, const void *address, size_t bytes)
{
}

CALLBACK(void, write_range, void *address, size_t bytes)
{
    fsim_capture_store(address, bytes);
}

/* In C++: an object's pointer to its class. */
IGNORED(vptr_read)

CALLBACK(void, vptr_update, void **address, const void *value)
{
    fsim_capture_store(address, sizeof value);
}

/* ---- atomic operations: in the strictest order, whichever was asked for ---- */

CALLBACK(void, atomic_thread_fence, int order)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

CALLBACK(void, atomic_signal_fence, int order)
{
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

#define EXCHANGING(bits, operation, builtin)                                                       \
    CALLBACK(uint##bits##_t, atomic##bits##_##operation, volatile uint##bits##_t *object,          \
             uint##bits##_t value, int order)                                                      \
    {                                                                                              \
        fsim_capture_store((const void *)object, sizeof *object);                                  \
        return builtin(object, value, __ATOMIC_SEQ_CST);                                           \
    }

#define COMPARING(bits, strength, weak)                                                            \
    CALLBACK(int, atomic##bits##_compare_exchange_##strength, volatile uint##bits##_t *object,     \
             uint##bits##_t *expected, uint##bits##_t value, int order, int failed_order)          \
    {                                                                                              \
        fsim_capture_store((const void *)object, sizeof *object);                                  \
        return __atomic_compare_exchange_n(object, expected, value, weak, __ATOMIC_SEQ_CST,        \
                                           __ATOMIC_SEQ_CST);                                      \
    }

#define ATOMIC(bits)                                                                               \
    CALLBACK(uint##bits##_t, atomic##bits##_load, const volatile uint##bits##_t *object,           \
             int order)                                                                            \
    {                                                                                              \
        return __atomic_load_n(object, __ATOMIC_SEQ_CST);                                          \
    }                                                                                              \
    CALLBACK(void, atomic##bits##_store, volatile uint##bits##_t *object, uint##bits##_t value,    \
             int order)                                                                            \
    {                                                                                              \
        fsim_capture_store((const void *)object, sizeof *object);                                  \
        __atomic_store_n(object, value, __ATOMIC_SEQ_CST);                                         \
    }                                                                                              \
    EXCHANGING(bits, exchange, __atomic_exchange_n)                                                \
    EXCHANGING(bits, fetch_add, __atomic_fetch_add)                                                \
    EXCHANGING(bits, fetch_sub, __atomic_fetch_sub)                                                \
    EXCHANGING(bits, fetch_and, __atomic_fetch_and)                                                \
    EXCHANGING(bits, fetch_or, __atomic_fetch_or)                                                  \
    EXCHANGING(bits, fetch_xor, __atomic_fetch_xor)                                                \
    EXCHANGING(bits, fetch_nand, __atomic_fetch_nand)                                              \
    COMPARING(bits, strong, 0)                                                                     \
    COMPARING(bits, weak, 1)                                                                       \
    CALLBACK(uint##bits##_t, atomic##bits##_compare_exchange_val, volatile uint##bits##_t *object, \
             uint##bits##_t expected, uint##bits##_t value, int order, int failed_order)           \
    {                                                                                              \
        called_atomic##bits##_compare_exchange_strong(object, &expected, value, order,             \
                                                      failed_order);                               \
        return expected;                                                                           \
    }

ATOMIC(8)
ATOMIC(16)
ATOMIC(32)
ATOMIC(64)

/* ---- functions that copy ---- */

void *copying(void *to, const void *from, size_t bytes) __asm__("__wrap_memcpy");
void *moving(void *to, const void *from, size_t bytes) __asm__("__wrap_memmove");
void *setting(void *to, int byte, size_t bytes) __asm__("__wrap_memset");
void *libc_copy(void *to, const void *from, size_t bytes) __asm__("__real_memcpy");
void *libc_move(void *to, const void *from, size_t bytes) __asm__("__real_memmove");
void *libc_set(void *to, int byte, size_t bytes) __asm__("__real_memset");

void *copying(void *to, const void *from, size_t bytes)
{
    fsim_capture_store(to, bytes);
    return libc_copy(to, from, bytes);
}

void *moving(void *to, const void *from, size_t bytes)
{
    fsim_capture_store(to, bytes);
    return libc_move(to, from, bytes);
}

void *setting(void *to, int byte, size_t bytes)
{
    fsim_capture_store(to, bytes);
    return libc_set(to, byte, bytes);
}
