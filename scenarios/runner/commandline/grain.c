/* SPDX-License-Identifier: MIT */
#include "grain.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "output/text.h"

#define PROGRAM "pmacrash-stores"

/* The path of the program that runs, up to and with its last slash. */
static size_t directory_of_program(char *path, size_t bytes)
{
    ssize_t length = readlink("/proc/self/exe", path, bytes - 1);
    path[length > 0 ? length : 0] = '\0';
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

enum status grain_run_program_for_stores(char **argv)
{
    char directory[PATH_MAX];
    size_t length = directory_of_program(directory, sizeof directory);
    char *program = need_format("%.*s" PROGRAM, (int)length, directory);
    /* This program under that name would run itself for ever. */
    if (strcmp(program, directory) == 0)
        errno = ENOEXEC;
    else
        execv(program, argv);
    complain("--grain store needs the program %s: %s; build or install it there", program,
             strerror(errno));
    free(program);
    return STATUS_FAILED;
}
