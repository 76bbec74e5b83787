/* SPDX-License-Identifier: MIT */
#include "words.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <pma/fault_points.h>
#include <pma/pma.h>

enum { LARGEST_ERRNO = 133 };

static const struct {
    const char *name;
    int code;
} library_errors[] = {
#define LIBRARY_ERROR(name, value, text) {#name, value},
    PMA_ERRORS(LIBRARY_ERROR)
#undef LIBRARY_ERROR
};

static const struct {
    const char *name, *help;
} points[] = {
#define POINT(id, name, class, error, help) {name, help},
    PMA_FAULT_POINTS(POINT)
#undef POINT
};

static const struct {
    const char *alias, *name;
} aliases[] = {
#define ALIAS(alias, name) {alias, name},
    PMA_FAULT_ALIASES(ALIAS)
#undef ALIAS
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

int words_error_code(const char *name)
{
    for (size_t i = 0; i < COUNT(library_errors); i++)
        if (strcmp(library_errors[i].name, name) == 0)
            return library_errors[i].code;
    for (int number = 1; number <= LARGEST_ERRNO; number++) {
        const char *known = strerrorname_np(number);

        if (known != NULL && strcmp(known, name) == 0)
            return -number;
    }
    return 0;
}

const char *words_error_name(int code)
{
    static char unknown[32];
    const char *known = strerrorname_np(-code);

    for (size_t i = 0; i < COUNT(library_errors); i++)
        if (library_errors[i].code == code)
            return library_errors[i].name;
    if (known != NULL)
        return known;
    snprintf(unknown, sizeof unknown, "error %d", code);
    return unknown;
}

const char *words_fault_point(const char *name)
{
    for (size_t i = 0; i < COUNT(points); i++)
        if (strcmp(points[i].name, name) == 0)
            return points[i].name;
    for (size_t i = 0; i < COUNT(aliases); i++)
        if (strcmp(aliases[i].alias, name) == 0)
            return aliases[i].name;
    return NULL;
}

const char *words_fault_point_help(const char *name)
{
    for (size_t i = 0; i < COUNT(points); i++)
        if (strcmp(points[i].name, name) == 0)
            return points[i].help;
    return NULL;
}
