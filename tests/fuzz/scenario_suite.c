/* SPDX-License-Identifier: MIT */
/*
 * Scenario files that are broken in every way: loading one says what is wrong or gives a sound
 * suite, and does nothing else. The corpus is the suites of the house; each is cut, spliced and
 * garbled with a seed that is printed. With libFuzzer, LLVMFuzzerTestOneInput is all that is
 * needed: compile with -DWITH_LIBFUZZER.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "random.h"
#include "suite.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void check(int holds, const char *what, const char *message)
{
    if (holds)
        return;
    fprintf(stderr, "%s; the message is: %s\n", what, message);
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct suite *suite = NULL;
    char path[32], message[512] = "";
    int fd = memfd_create("suite", MFD_CLOEXEC), result;

    if (fd < 0 || write(fd, bytes, count) != (ssize_t)count)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    result = suite_load(path, &suite, message, sizeof message);
    check(result <= 0, "a load returns 0 or an error", message);
    check((result == 0) == (suite != NULL), "a suite comes with success only", message);
    check((result == 0) == (message[0] == '\0'), "an error comes with a message", message);
    for (size_t i = 0; suite != NULL && i < suite_count(suite); i++)
        check(suite_scenario(suite, i)->step_count > 0, "a scenario has steps", message);
    suite_free(suite);
    close(fd);
    return 0;
}

#ifndef WITH_LIBFUZZER

enum { MOST_BYTES = 8192, ROUNDS = 400 };

/* The alphabet of the mischief: what YAML and formulas are made of. */
static const char pieces[] = "{}[]:,-+*&!|>'\"%@`#()0123456789 \n\tai\x01\xff";

static size_t garble(struct random *random, char *text, size_t count)
{
    uint64_t changes = 1 + random_below(random, 4);

    for (uint64_t i = 0; i < changes && count > 1; i++) {
        size_t at = random_below(random, count), length = 1 + random_below(random, 40);

        if (length > count - at)
            length = count - at;
        switch (random_below(random, 4)) {
        case 0: /* a piece goes */
            memmove(text + at, text + at + length, count - at - length);
            count -= length;
            break;
        case 1: /* a piece comes twice */
            if (count + length <= MOST_BYTES) {
                memmove(text + at + length, text + at, count - at);
                count += length;
            }
            break;
        case 2: /* the rest goes */
            count = at + 1;
            break;
        default:
            text[at] = pieces[random_below(random, sizeof pieces - 1)];
            break;
        }
    }
    return count;
}

static void fuzz_file(const char *path, struct random *random)
{
    static char original[MOST_BYTES], text[MOST_BYTES];
    FILE *file = fopen(path, "r");
    size_t count;

    if (file == NULL) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(1);
    }
    count = fread(original, 1, sizeof original, file);
    fclose(file);
    for (int round = 0; round < ROUNDS; round++) {
        memcpy(text, original, count);
        LLVMFuzzerTestOneInput((const uint8_t *)text, garble(random, text, count));
    }
}

static int is_suite(const struct dirent *entry)
{
    return strstr(entry->d_name, ".yaml") != NULL;
}

int main(void)
{
    struct random random = random_start("scenario_suite", 1);
    struct dirent **files;
    int count = scandir(SUITES, &files, is_suite, alphasort);

    if (count <= 0)
        return 1;
    for (int i = 0; i < count; i++) {
        char path[512];

        snprintf(path, sizeof path, "%s/%s", SUITES, files[i]->d_name);
        fuzz_file(path, &random);
        free(files[i]);
    }
    free(files);
    return 0;
}

#endif
