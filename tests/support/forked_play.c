/* SPDX-License-Identifier: MIT */
#include "forked_play.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    MOST_SECONDS = 60, /* of one play */
    END_TEXT = 96,     /* room for how it ended */
};

static void __attribute__((noreturn))
play_in_child(forked_play *play, void *context, const unsigned *list, size_t count,
              volatile size_t *at, int errors)
{
    dup2(errors, STDOUT_FILENO);
    dup2(errors, STDERR_FILENO);
    alarm(MOST_SECONDS);
    play(context, list, count, at);
    exit(0);
}

/* Adds how the process ended. */
static void describe_end(int status, char *text)
{
    size_t used = strlen(text);

    if (WIFSIGNALED(status))
        snprintf(text + used, FORKED_TEXT - used, "It ended by signal %d, %s.\n", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    else
        snprintf(text + used, FORKED_TEXT - used, "It ended with exit code %d.\n",
                 WEXITSTATUS(status));
}

/* The end of what a process said: there it says what failed. */
static void read_end(FILE *errors, char *text, size_t bytes)
{
    if (fseek(errors, -(long)bytes, SEEK_END) != 0)
        rewind(errors);
    text[fread(text, 1, bytes, errors)] = '\0';
}

struct forked_result forked_run(forked_play *play, void *context, const unsigned *list,
                                size_t count)
{
    struct forked_result result = {.failed = true, .text = "cannot fork"};
    volatile size_t *at =
        mmap(NULL, sizeof *at, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    FILE *errors = tmpfile();
    int status = 0;
    pid_t child;

    if (at == MAP_FAILED || errors == NULL)
        return result;
    fflush(NULL);
    child = fork();
    if (child == 0)
        play_in_child(play, context, list, count, at, fileno(errors));
    if (child > 0 && waitpid(child, &status, 0) == child) {
        result.failed = status != 0;
        result.at = *at;
        read_end(errors, result.text, FORKED_TEXT - END_TEXT);
        if (result.failed)
            describe_end(status, result.text);
    }
    fclose(errors);
    munmap((void *)at, sizeof *at);
    return result;
}

/* Whether it still fails without [from, to); then they are left out. */
static bool leave_out(forked_play *play, void *context, unsigned *list, size_t *count, size_t from,
                      size_t to)
{
    size_t left = *count - (to - from);
    unsigned *shorter = malloc((left + 1) * sizeof *shorter);
    struct forked_result result = {.failed = false};

    if (shorter != NULL) {
        memcpy(shorter, list, from * sizeof *list);
        memcpy(shorter + from, list + to, (*count - to) * sizeof *list);
        result = forked_run(play, context, shorter, left);
        if (result.failed && result.at + 1 < left)
            left = result.at + 1;
    }
    if (result.failed) {
        memcpy(list, shorter, left * sizeof *list);
        *count = left;
    }
    free(shorter);
    return result.failed;
}

size_t forked_shrink(forked_play *play, void *context, unsigned *list, size_t count, unsigned tries)
{
    struct forked_result first = forked_run(play, context, list, count);

    if (!first.failed)
        return count;
    if (first.at + 1 < count)
        count = first.at + 1;
    for (size_t part = (count + 1) / 2; part > 0 && tries > 0;
         part = part == 1 ? 0 : (part + 1) / 2)
        for (size_t from = 0; from < count && tries > 0; tries--) {
            size_t to = from + part < count ? from + part : count;

            if (!leave_out(play, context, list, &count, from, to))
                from += part;
        }
    return count;
}
