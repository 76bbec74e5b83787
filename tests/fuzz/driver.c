/* SPDX-License-Identifier: MIT */
/*
 * Runs a fuzz target on its seeds, cut, spliced and garbled:
 *
 *     NAME                          so many rounds of each seed as the target says
 *     NAME --executions N           N in all
 *     NAME --write-seeds DIRECTORY  writes them there, for a fuzzer that measures coverage
 *     NAME FILE...                  runs these inputs as they are
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

struct driver {
    struct random random;
    uint8_t *bytes; /* room for most_bytes */
    unsigned rounds;
    size_t seeds;
    const char *directory;
};

static void fail(const char *path)
{
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    exit(1);
}

/* ---- mischief ---- */

static size_t grow(uint8_t *bytes, size_t count, size_t at, size_t from, size_t length)
{
    if (count + length > fuzz_target.most_bytes)
        return count;
    memmove(bytes + at + length, bytes + at, count - at);
    memmove(bytes + at, bytes + from + (from >= at ? length : 0), length);
    return count + length;
}

static uint8_t letter(struct random *random)
{
    const char *alphabet = fuzz_target.alphabet;

    return (uint8_t)(alphabet ? (uint64_t)alphabet[random_below(random, strlen(alphabet))]
                              : random_next(random));
}

/* One change of at least two bytes. */
static size_t change(struct random *random, uint8_t *bytes, size_t count)
{
    const size_t at = random_below(random, count), from = random_below(random, count);
    size_t length = 1 + random_below(random, 40);

    if (length > count - (at > from ? at : from))
        length = count - (at > from ? at : from);
    switch (random_below(random, 7)) {
    case 0: /* the rest goes */
        return at + 1;
    case 1: /* a piece goes */
        memmove(bytes + at, bytes + at + length, count - at - length);
        return count - length;
    case 2: /* a piece comes twice */
        return grow(bytes, count, at, from, length);
    case 3: /* a piece takes another's place */
        memmove(bytes + at, bytes + from, length);
        return count;
    case 4:
        bytes[at] ^= (uint8_t)(1 << random_below(random, 8));
        return count;
    default:
        bytes[at] = letter(random);
        return count;
    }
}

static void garble(struct driver *driver, size_t count)
{
    uint64_t changes = 1 + random_below(&driver->random, 4);

    while (changes-- > 0 && count > 1)
        count = change(&driver->random, driver->bytes, count);
    LLVMFuzzerTestOneInput(driver->bytes, count);
}

/* ---- what is done with a seed ---- */

static void count_seed(void *context, const uint8_t *bytes, size_t count)
{
    ((struct driver *)context)->seeds++;
}

static void play_seed(void *context, const uint8_t *bytes, size_t count)
{
    struct driver *driver = context;

    LLVMFuzzerTestOneInput(bytes, count);
    for (unsigned round = 0; round < driver->rounds; round++) {
        memcpy(driver->bytes, bytes, count);
        garble(driver, count);
    }
}

static void write_seed(void *context, const uint8_t *bytes, size_t count)
{
    struct driver *driver = context;
    char path[512];

    snprintf(path, sizeof path, "%s/seed-%zu", driver->directory, driver->seeds++);
    FILE *file = fopen(path, "w");
    if (file == NULL || fwrite(bytes, 1, count, file) != count || fclose(file) != 0)
        fail(path);
}

static void play_file(struct driver *driver, const char *path)
{
    FILE *file = fopen(path, "r");

    if (file == NULL)
        fail(path);
    LLVMFuzzerTestOneInput(driver->bytes, fread(driver->bytes, 1, fuzz_target.most_bytes, file));
    fclose(file);
}

static int usage(void)
{
    fprintf(stderr, "usage: %s [--executions N | --write-seeds DIRECTORY | FILE...]\n",
            fuzz_target.name);
    return 2;
}

int main(int argc, char **argv)
{
    struct driver driver = {.random = random_start(fuzz_target.name, 1),
                            .bytes = malloc(fuzz_target.most_bytes),
                            .rounds = fuzz_target.rounds};

    if (driver.bytes == NULL)
        return 1;
    if (argc == 1) {
        fuzz_seeds(&driver.random, play_seed, &driver);
    } else if (strcmp(argv[1], "--executions") == 0) {
        char *end = NULL;
        unsigned long wanted = argc == 3 ? strtoul(argv[2], &end, 10) : 0;
        if (wanted == 0 || *end != '\0')
            return usage();
        fuzz_seeds(&(struct random){.state = 1}, count_seed, &driver);
        driver.rounds = (unsigned)(wanted / driver.seeds + 1);
        fuzz_seeds(&driver.random, play_seed, &driver);
        printf("%s: %zu executions, nothing found\n", fuzz_target.name,
               driver.seeds * (driver.rounds + (size_t)1));
    } else if (strcmp(argv[1], "--write-seeds") == 0) {
        if (argc != 3)
            return usage();
        driver.directory = argv[2];
        fuzz_seeds(&driver.random, write_seed, &driver);
    } else if (argv[1][0] == '-') {
        return usage();
    } else {
        for (int i = 1; i < argc; i++)
            play_file(&driver, argv[i]);
    }
    free(driver.bytes);
    return 0;
}
