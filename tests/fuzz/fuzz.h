/* SPDX-License-Identifier: MIT */
/*
 * A fuzz target: a reader that takes any bytes, and the inputs to begin with. libFuzzer and AFL++
 * need LLVMFuzzerTestOneInput only; driver.c is the main function where there is neither.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include "random.h"

/* Aborts if what it read is not sound. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

extern const struct fuzz_target {
    const char *name;
    size_t most_bytes;    /* of an input */
    const char *alphabet; /* what a byte is changed to now and then; NULL = anything */
    unsigned rounds;      /* that the driver makes of each seed */
} fuzz_target;

typedef void fuzz_use(void *context, const uint8_t *bytes, size_t count);

/* Calls `use` for each input to begin with. */
void fuzz_seeds(struct random *random, fuzz_use *use, void *context);

#endif
