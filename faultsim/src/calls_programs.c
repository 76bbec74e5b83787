/* SPDX-License-Identifier: MIT */
/*
 * libc's calls that start another program, which no backend can look over the shoulder of: it finds
 * the files as they should be, and what it leaves of them is looked at again.
 */
#undef _FORTIFY_SOURCE
#include "entry.h"

#include <alloca.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static void prepare(void)
{
    struct entry entry = entry_of_call();
    entry_leave_raw(entry, entry.calls->look_around(true));
}

typedef int run_program(const char *program, char *const arguments[], char *const environment[]);

static size_t count_texts(va_list texts)
{
    size_t count = 1;

    while (va_arg(texts, const char *) != NULL)
        count++;
    return count;
}

/* Runs a program with `first` and the texts of the list, up to the NULL that ends it; behind that
 * may come its environment. They go on the stack, since this may be the child of a vfork. */
static int run_listed(run_program *run, const char *program, const char *first, va_list texts,
                      bool with_environment)
{
    va_list counted;

    va_copy(counted, texts);
    size_t count = count_texts(counted);
    va_end(counted);
    char **arguments = alloca((count + 1) * sizeof *arguments);
    arguments[0] = (char *)(uintptr_t)first;
    for (size_t i = 1; i <= count; i++)
        arguments[i] = va_arg(texts, char *);
    return run(program, arguments, with_environment ? va_arg(texts, char *const *) : environ);
}

#pragma GCC visibility push(default)

/* Its child would share what a backend knows of its parent. */
pid_t vfork(void)
{
    return fork();
}

int execve(const char *path, char *const arguments[], char *const environment[])
{
    prepare();
    return (int)libc_result(
        real_syscall(SYS_execve, (long)path, (long)arguments, (long)environment, 0, 0, 0));
}

int execv(const char *path, char *const arguments[])
{
    return execve(path, arguments, environ);
}

int execvpe(const char *name, char *const arguments[], char *const environment[])
{
    prepare();
    return LIBC(execvpe)(name, arguments, environment);
}

int execvp(const char *name, char *const arguments[])
{
    return execvpe(name, arguments, environ);
}

int fexecve(int fd, char *const arguments[], char *const environment[])
{
    prepare();
    return (int)libc_result(real_syscall(SYS_execveat, fd, (long)"", (long)arguments,
                                         (long)environment, AT_EMPTY_PATH, 0));
}

int execl(const char *path, const char *first, ...)
{
    va_list texts;

    va_start(texts, first);
    int result = run_listed(execve, path, first, texts, false);
    va_end(texts);
    return result;
}

int execlp(const char *name, const char *first, ...)
{
    va_list texts;

    va_start(texts, first);
    int result = run_listed(execvpe, name, first, texts, false);
    va_end(texts);
    return result;
}

int execle(const char *path, const char *first, ...)
{
    va_list texts;

    va_start(texts, first);
    int result = run_listed(execve, path, first, texts, true);
    va_end(texts);
    return result;
}

int posix_spawn(pid_t *restrict child, const char *restrict path,
                const posix_spawn_file_actions_t *restrict actions,
                const posix_spawnattr_t *restrict attributes, char *const arguments[restrict],
                char *const environment[restrict])
{
    prepare();
    return LIBC(posix_spawn)(child, path, actions, attributes, arguments, environment);
}

int posix_spawnp(pid_t *child, const char *name, const posix_spawn_file_actions_t *actions,
                 const posix_spawnattr_t *attributes, char *const arguments[],
                 char *const environment[])
{
    prepare();
    return LIBC(posix_spawnp)(child, name, actions, attributes, arguments, environment);
}

int system(const char *command)
{
    prepare();
    return LIBC(system)(command);
}

FILE *popen(const char *command, const char *mode)
{
    prepare();
    return LIBC(popen)(command, mode);
}

#pragma GCC visibility pop
