/* SPDX-License-Identifier: MIT */
#include "bench.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { WRONG_USAGE = 2, COULD_NOT_RUN = 3 };

static int usage(const struct bench *bench, const struct bench_option *options, size_t count)
{
    fprintf(stderr, "usage: %s [--json] [--rounds N]", bench->name);
    for (size_t i = 0; i < count; i++)
        fprintf(stderr, options[i].most ? " [--%s N]" : " [--%s]", options[i].name);
    fprintf(stderr, bench->without_files ? "\n" : " [--directory DIR]\n");
    return WRONG_USAGE;
}

static bool number(const char *text, const struct bench_option *option)
{
    char *end;
    unsigned long value;

    errno = 0;
    value = strtoul(text, &end, 10);
    if (errno || end == text || *end || value < option->least || value > option->most)
        return false;
    *option->value = (unsigned)value;
    return true;
}

/* Takes an option of the table at argv[*at]. */
static bool take(char **argv, int *at, const struct bench_option *options, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strncmp(argv[*at], "--", 2) != 0 || strcmp(argv[*at] + 2, options[i].name) != 0)
            continue;
        if (options[i].most)
            return argv[*at + 1] && number(argv[++*at], &options[i]);
        *options[i].value = 1;
        return true;
    }
    return false;
}

int bench_begin(struct bench *bench, int argc, char **argv, const struct bench_option *options,
                size_t count)
{
    const struct bench_option rounds = {"rounds", 1, BENCH_MOST_ROUNDS, &bench->rounds};
    const char *parent = getenv("TMPDIR");

    parent = parent && *parent ? parent : "/tmp";
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--json"))
            bench->json = true;
        else if (!bench->without_files && !strcmp(argv[i], "--directory") && argv[i + 1])
            parent = argv[++i];
        else if (!take(argv, &i, &rounds, 1) && !take(argv, &i, options, count))
            return usage(bench, options, count);
    }
    if (bench->without_files)
        return 0;
    snprintf(bench->place, sizeof(bench->place), "%s/%s-XXXXXX", parent, bench->name);
    bench->directory = mkdtemp(bench->place);
    if (bench->directory)
        return 0;
    fprintf(stderr, "%s: no directory can be made in %s: %s\n", bench->name, parent,
            strerror(errno));
    return COULD_NOT_RUN;
}

int bench_end(const struct bench *bench, bool fine)
{
    if (bench->directory)
        rmdir(bench->directory);
    return fine ? 0 : COULD_NOT_RUN;
}

double bench_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

double bench_median(double *samples, unsigned count)
{
    qsort(samples, count, sizeof(*samples), compare);
    return samples[count / 2];
}
