/* SPDX-License-Identifier: MIT */
/* The `pma` command: what its parts share. */
#ifndef TOOL_H
#define TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <pma/check.h>

enum status {
    STATUS_FINE = 0,
    STATUS_FINDINGS = 1,   /* a rule of docs/invariants.md is broken */
    STATUS_USAGE = 2,      /* the command line makes no sense */
    STATUS_UNREADABLE = 3, /* the file cannot be read or changed, or the output not be written */
};

/* What the command line asks for. */
struct settings {
    const struct command *command;
    const char *file, *target; /* target: of commands that take two files */
    bool json, previous, quiet, nodes, extents, pages, heap;
    uint64_t blocks;
};

struct option {
    const char *name;    /* "--json" */
    size_t setting;      /* offset of a bool in struct settings, or of a uint64_t */
    const char *summary; /* for the help */
    const char *value;   /* what the number behind the name is called, "BLOCKS"; NULL: none */
};

struct command {
    const char *name, *summary, *about, *examples;
    const char *target;           /* what the second file is called; NULL: the command takes one */
    bool changes;                 /* writes to a file */
    const struct option *options; /* ends with a name of NULL */
    enum status (*run)(const struct settings *settings);
};

/* commands.c */
extern const struct command *const commands[];
extern const size_t command_count;
extern const struct command stat_command, check_command, dump_command, copy_command, shrink_command;

/*
 * Finds a command by name. If there is none, says so on stderr with the nearest name, and returns
 * NULL.
 */
const struct command *command_find(const char *name);

/* Reads the words behind the command's name. If they make no sense: STATUS_USAGE, after saying why.
 */
enum status command_settings(const struct command *command, char **words, size_t count,
                             struct settings *settings);

/* help.c */
void help_overview(FILE *out);
void help_command(const struct command *command, FILE *out);

/* complete.c: the last of the words that follow the name of the program. */
void complete(char **words, size_t count);

/* nearest.c: the name that `word` was most likely meant to be; NULL if none is near. */
const char *nearest_name(const char *word, const char *const *names, size_t count);

/* report.c */

/* Says on stderr, in one line, why the command could not be done and what to do about it. */
enum status report_failure(const struct settings *settings, const struct pma_error *error);

/* Says on stderr that the walk met broken rules, if it did. */
enum status report_findings(const struct settings *settings, uint64_t findings);

/* Prints words in lines of at most 80 columns, further lines indented. */
void report_wrapped(const char *text, int indent);

/* "64.0 KiB" of so many pages or blocks. `text` holds at least 16 bytes. */
const char *report_size(uint64_t pages, char *text);

#endif
