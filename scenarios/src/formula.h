/* SPDX-License-Identifier: MIT */
/* Numbers of steps: sums of products of numbers and loop counters, "2*i + 1". */
#ifndef FORMULA_H
#define FORMULA_H

#include <stddef.h>
#include <stdint.h>

/* The counters of the repeats around a step, outermost first. */
enum { FORMULA_COUNTERS = 8 };
struct formula_counters {
    size_t count;
    const char *names[FORMULA_COUNTERS];
    uint64_t values[FORMULA_COUNTERS];
};

/* 0, or -EINVAL and what is wrong ("unknown counter 'k'", "below zero"). */
int formula_number(const char *text, const struct formula_counters *counters, uint64_t *value,
                   char *message, size_t message_bytes);

/* A name in which each "(formula)" is replaced by its value: "leaf(i+1)" is "leaf4". malloc'ed. */
int formula_name(const char *text, const struct formula_counters *counters, char **name,
                 char *message, size_t message_bytes);

#endif
