/* SPDX-License-Identifier: MIT */
#include "run_program.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOT_FOUND = 127 };

int run_program(const char *const arguments[])
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        execvp(arguments[0], (char *const *)arguments);
        _exit(NOT_FOUND);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        return -errno;
    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND)
        return -ENOENT;
    return status == 0 ? 0 : -EIO;
}
