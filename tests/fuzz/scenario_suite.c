/* SPDX-License-Identifier: MIT */
/*
 * Scenario files that are broken in every way: loading one says what is wrong or gives a sound
 * suite, and does nothing else. The seeds are the suites of the house.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "suite.h"

enum { MOST_BYTES = 16384 };

/* The alphabet of the mischief: what YAML and formulas are made of. */
const struct fuzz_target fuzz_target = {.name = "scenario_suite",
                                        .most_bytes = MOST_BYTES,
                                        .alphabet =
                                            "{}[]:,-+*&!|>'\"%@`#()0123456789 \n\tai\x01\xff",
                                        .rounds = 400};

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

static void use_file(const char *path, fuzz_use *use, void *context)
{
    static uint8_t text[MOST_BYTES];
    FILE *file = fopen(path, "r");

    if (file == NULL) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(1);
    }
    use(context, text, fread(text, 1, sizeof text, file));
    fclose(file);
}

static int is_suite(const struct dirent *entry)
{
    return strstr(entry->d_name, ".yaml") != NULL;
}

void fuzz_seeds(struct random *random, fuzz_use *use, void *context)
{
    struct dirent **files;
    int count = scandir(SUITES, &files, is_suite, alphasort);

    check(count > 0, "there are suites", SUITES);
    for (int i = 0; i < count; i++) {
        char path[512];

        snprintf(path, sizeof path, "%s/%s", SUITES, files[i]->d_name);
        use_file(path, use, context);
        free(files[i]);
    }
    free(files);
}
