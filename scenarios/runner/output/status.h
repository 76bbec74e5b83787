/* SPDX-License-Identifier: MIT */
/* The exit codes of every subcommand. */
#ifndef STATUS_H
#define STATUS_H

enum status {
    STATUS_CLEAN = 0,
    STATUS_FOUND = 1,         /* violations */
    STATUS_USAGE = 2,         /* the command line is wrong */
    STATUS_FAILED = 3,        /* something could not run */
    STATUS_BUDGET = 4,        /* the budget was used up before coverage was complete */
    STATUS_INTERRUPTED = 130, /* what was done until then is kept */
};

#endif
