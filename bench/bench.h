/* SPDX-License-Identifier: MIT */
/* What every bench needs: its options, a directory of its own, a clock, and medians. */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stddef.h>

/* An option beyond --json, --rounds and --directory: a number within bounds, or with `most` 0 a
 * flag that sets *value to 1. */
struct bench_option {
    const char *name; /* without the dashes */
    unsigned least, most;
    unsigned *value;
};

enum { BENCH_MOST_ROUNDS = 1000 };

struct bench {
    const char *name;
    const char *directory; /* after bench_begin: a new one, in --directory, TMPDIR or /tmp */
    bool without_files;    /* there is no directory, and no such option */
    bool json;
    unsigned rounds; /* the default, then what was asked for */
    char place[256];
};

/* 0, or what main must return: something has been said on stderr. */
int bench_begin(struct bench *bench, int argc, char **argv, const struct bench_option *options,
                size_t count);

/* Removes the directory, which is empty by now. Returns what main must return. */
int bench_end(const struct bench *bench, bool fine);

double bench_seconds(void);

/* Sorts the samples. */
double bench_median(double *samples, unsigned count);

#endif
