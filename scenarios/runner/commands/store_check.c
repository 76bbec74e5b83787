/* SPDX-License-Identifier: MIT */
/*
 * The command runs in the directory that a crash left. The last line that it prints is the label of
 * the state that it found; if it fails, the reason why it found none.
 */
#include "store_check.h"

#include <faultsim/capture.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "output/text.h"

/* Reads all that is printed, and keeps the last line that is not empty. */
static void read_last_line(FILE *output, char *last, size_t bytes)
{
    char *line = NULL;
    size_t room = 0;

    last[0] = '\0';
    for (ssize_t length; (length = getline(&line, &room, output)) > 0;) {
        line[strcspn(line, "\r\n")] = '\0';
        if (line[0] != '\0')
            snprintf(last, bytes, "%s", line);
    }
    free(line);
}

static void judge(int status, struct fsim_outcome *outcome)
{
    if (status == 0 && outcome->message[0] != '\0') {
        outcome->status = FSIM_RECOVERED;
        outcome->state = fsim_capture_state(outcome->message);
        return;
    }
    outcome->status = FSIM_REFUSED;
    outcome->code = status;
    if (WIFSIGNALED(status))
        snprintf(outcome->message, sizeof outcome->message, "the check was killed by signal %d",
                 WTERMSIG(status));
    else if (outcome->message[0] == '\0')
        snprintf(outcome->message, sizeof outcome->message,
                 "the check printed nothing, and ended with %d", WEXITSTATUS(status));
}

static void recover(void *context, const char *directory, struct fsim_outcome *outcome)
{
    const char *command = context;
    char *line = need_format("cd '%s' && {\n%s\n} 2>&1", directory, command);
    FILE *output = popen(line, "r");

    free(line);
    if (output == NULL) {
        outcome->status = FSIM_REFUSED;
        snprintf(outcome->message, sizeof outcome->message, "the check could not be started");
        return;
    }
    read_last_line(output, outcome->message, sizeof outcome->message);
    judge(pclose(output), outcome);
}

const struct fsim_subject *store_check(const char *command)
{
    static struct fsim_subject subject = {.name = "check", .recover = recover};

    subject.context = (void *)(uintptr_t)command;
    return &subject;
}
