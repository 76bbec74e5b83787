/* SPDX-License-Identifier: MIT */
/* Runs another program to its end, found in PATH. */
#ifndef RUN_PROGRAM_H
#define RUN_PROGRAM_H

/* 0; -ENOENT if there is no such program; -EIO if it failed, which it has told on stderr. */
int run_program(const char *const arguments[]);

#endif
