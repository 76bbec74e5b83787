/* SPDX-License-Identifier: MIT */
/* What the subcommands of pmacrash share: their table and the options. */
#ifndef COMMAND_H
#define COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "output/status.h"

/* Everything that options can say; zeros and NULL are "not given" before the defaults are put in.
 */
struct settings {
    const char *subcommand; /* its name */
    const char *suites, *points, *fault, *db, *input, *keep, *work, *trace, *export_to, *errors,
        *of_run, *baseline, *junit, *html, *mutants, *check;
    /* enum catalog_mode, fsim_search, fsim_grain, catalog_copying, catalog_shrink, catalog_sweep */
    uint64_t mode, search, grain, copying, shrink, sweep;
    uint64_t colour, width; /* enum text_when; 0: as the terminal has, or TEXT_WIDTH */
    uint64_t models;        /* see catalog_has_model */
    uint64_t kills, depth, bound, brute_limit, tear_limit, jobs, seed, budget_ms, time_limit_ms,
        record_limit_ms, max_violations, shrink_ms;
    bool models_given; /* an option said so, it is not the default */
    const char *alphabet;
    uint64_t keep_runs, older_days; /* of db prune; 0 = not given */
    bool dry_run;
    uint64_t length, count; /* of generated scenarios; 0 = not given */
    bool random, print, resume, update, github;
    bool first, isolate, gdb, in_process, json, csv, table, quiet, verbose, help;
    const char **arguments; /* what is not an option, in order */
    size_t argument_count;
    const char *command_line; /* as typed, for the record */
    char *lasting;            /* of that, the options that say what is tested, " --seed 7" */
    char *tested;             /* all that decides what is tested, always in the same words */
};

/*
 * The subcommands, in the order in which help lists them. A new one is a line here, a file that
 * defines NAME_command, and the prose of its manual page, docs/man/pmacrash-NAME.1.scd; help,
 * completion and the tests of both follow from that.
 */
#define COMMANDS(COMMAND)                                                                          \
    COMMAND(RUN, run)                                                                              \
    COMMAND(LIST, list)                                                                            \
    COMMAND(SHOW, show)                                                                            \
    COMMAND(REPLAY, replay)                                                                        \
    COMMAND(QUERY, query)                                                                          \
    COMMAND(COMPARE, compare)                                                                      \
    COMMAND(DB, db)                                                                                \
    COMMAND(CHECK, check)                                                                          \
    COMMAND(REPORT, report)                                                                        \
    COMMAND(SELFTEST, selftest)                                                                    \
    COMMAND(AUDIT, audit)                                                                          \
    COMMAND(GENERATE, generate)                                                                    \
    COMMAND(STORE, store)                                                                          \
    COMMAND(COMPLETE, complete)                                                                    \
    COMMAND(HELP, help)

enum command_index {
#define COMMAND_INDEX(NAME, name) COMMAND_INDEX_##NAME,
    COMMANDS(COMMAND_INDEX)
#undef COMMAND_INDEX
        COMMAND_COUNT,
};

/* One bit a subcommand, so that an option can say which take it. */
enum command_bit {
#define COMMAND_BIT(NAME, name) COMMAND_##NAME = 1 << COMMAND_INDEX_##NAME,
    COMMANDS(COMMAND_BIT)
#undef COMMAND_BIT
        COMMAND_ALL = (1 << COMMAND_COUNT) - 1,
};

/* What a command takes beside options, as far as a shell can complete it. */
enum command_words {
    WORDS_NONE,
    WORDS_COMMANDS,
    WORDS_LISTS, /* what 'pmacrash list' lists */
    WORDS_SCENARIOS,
    WORDS_QUERIES,
    WORDS_RUNS,
    WORDS_VIOLATIONS,
    WORDS_RUNS_AND_VIOLATIONS,
    WORDS_FILES,
};

struct command {
    enum command_bit bit;
    const char *name;
    const char *synopsis; /* what follows the name */
    const char *summary;  /* one line */
    const char *about;    /* paragraphs */
    const char *examples; /* lines, ready to print */
    size_t least, most;   /* arguments */
    enum command_words words;
    const char *actions; /* what its first word is one of, blanks between; NULL: it is as others */
    bool hidden;         /* from people: for scripts that come with pmacrash */
    enum status (*run)(const struct settings *settings);
};

#define COMMAND_DECLARATION(NAME, name) extern const struct command name##_command;
COMMANDS(COMMAND_DECLARATION)
#undef COMMAND_DECLARATION

extern const struct command *const commands[COMMAND_COUNT];

/* The subcommand of that name; if there is none, complains and returns NULL. */
const struct command *command_find(const char *name);

/* A blank and a word, quoted for a shell if it needs that. */
void command_write_word(FILE *out, const char *word);

/* The command line as it can be typed again. free() it. */
char *command_line_text(int argc, char **argv);

/* What to type to run this program again: its path if it was named by one, else its name. */
const char *program_name(void);

#endif
