/* SPDX-License-Identifier: MIT */
/* Error codes of libpma: one table for the constants, the names and the texts. */
#ifndef PMA_ERRORS_H
#define PMA_ERRORS_H

/*
 * Every fallible call returns 0, one of these (all negative), or a negated errno value. The
 * codes lie below -10000, so they never meet an errno.
 */
#define PMA_ERRORS(X)                                                                              \
    X(PMA_ENOTARENA, -10001, "not a persistent memory arena")                                      \
    X(PMA_EVERSION, -10002, "arena format version not supported by this library")                  \
    X(PMA_EMACHINE, -10003, "arena made on a machine of another byte order or page size")          \
    X(PMA_ECORRUPT, -10004, "arena file is damaged")                                               \
    X(PMA_EBUSY, -10005, "arena is in use by another process")                                     \
    X(PMA_ETAKEN, -10006, "address range of the arena is taken in this process")                   \
    X(PMA_EREADONLY, -10007, "arena is open read-only")                                            \
    X(PMA_EPOISONED, -10008, "arena is poisoned by an earlier failure; close and reopen it")       \
    X(PMA_EADDRESS, -10009, "address is not in the arena, not aligned, or not allocated")          \
    X(PMA_EOCCUPIED, -10010, "address range of the arena is already allocated")                    \
    X(PMA_EARGUMENT, -10011, "argument out of range")                                              \
    X(PMA_EEXISTS, -10012, "file exists")                                                          \
    X(PMA_EBUG, -10013, "internal invariant broken: a bug in libpma")                              \
    X(PMA_EFORK, -10014, "arena was opened before fork; open it again in the child")               \
    X(PMA_EFREED, -10015, "heap object is not allocated: freed before?")                           \
    X(PMA_EINTERIOR, -10016, "address is inside a heap object, not at its start")                  \
    X(PMA_EFOREIGN, -10017, "address is not one of this heap, stack or arena")                     \
    X(PMA_ESTACK, -10018, "not possible in this state of the stack")                               \
    X(PMA_ENOUN, -10019, "not a well-formed noun, or not of the kind asked for")

enum pma_error_code {
#define PMA_ERROR_CODE(name, value, text) name = value,
    PMA_ERRORS(PMA_ERROR_CODE)
#undef PMA_ERROR_CODE
};

#endif
