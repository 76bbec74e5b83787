/* SPDX-License-Identifier: MIT */
/*
 * Marks as lines that a program writes to a file of their own: "begin LABEL" and "ack LABEL". Any
 * language can do that. A label stands for its state.
 */
#include "interpose.h"
#include "record.h"

#include <faultsim/capture.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

enum { LINE_BYTES = 256 };

/* What was written since the last line ended; the end of a line that is too long is left out. */
static char line[LINE_BYTES];
static size_t line_bytes;

static const char *behind(const char *text, const char *prefix)
{
    size_t bytes = strlen(prefix);

    return strncmp(text, prefix, bytes) == 0 && text[bytes] != '\0' ? text + bytes : NULL;
}

static void end_line(void)
{
    const char *begun, *acknowledged;

    line[line_bytes] = '\0';
    line_bytes = 0;
    begun = behind(line, "begin ");
    acknowledged = behind(line, "ack ");
    if (begun)
        fsim_trace_add_mark(recording.trace, FSIM_MARK_BEGIN, begun, fsim_capture_state(begun),
                            NULL, 0);
    else if (acknowledged)
        fsim_trace_add_mark(recording.trace, FSIM_MARK_ACK, acknowledged,
                            fsim_capture_state(acknowledged), NULL, 0);
    else
        trace_refuse(recording.trace,
                     "the program wrote '%s' to $FSIM_MARKS: a line there is 'begin LABEL' or "
                     "'ack LABEL'",
                     line);
}

void marks_take(const struct iovec *parts, int count)
{
    record_sample();
    for (int i = 0; i < count; i++) {
        const char *bytes = parts[i].iov_base;
        for (size_t at = 0; at < parts[i].iov_len; at++) {
            if (bytes[at] == '\n')
                end_line();
            else if (line_bytes < sizeof(line) - 1)
                line[line_bytes++] = bytes[at];
        }
    }
}

int record_marks_from(const char *path)
{
    struct stat status;
    int fd = real_open(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    int error = fd < 0 ? fd : kernel_calls.stat(fd, "", &status, AT_EMPTY_PATH);

    if (fd >= 0)
        real_close(fd);
    if (error == 0) {
        recording.marks_device = status.st_dev;
        recording.marks_inode = status.st_ino;
    }
    return error;
}
