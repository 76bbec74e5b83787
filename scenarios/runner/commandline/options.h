/* SPDX-License-Identifier: MIT */
/* The options: one table, from which parsing, --help, completion and the manual pages come. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdio.h>

#include "catalog.h"
#include "command.h"

/* What an option takes: how its value is read, and how a shell completes it. */
enum option_kind {
    OPTION_FLAG,
    OPTION_COUNT,
    OPTION_DURATION,
    OPTION_MODELS, /* a set of them, with commas between */
    /* One of a few names: see option_choices. */
    OPTION_MODE,
    OPTION_SEARCH,
    OPTION_GRAIN,
    OPTION_COPYING,
    OPTION_SHRINK,
    OPTION_SWEEP,
    OPTION_COLOUR,
    /* Texts, read later; the first ones by the system, the others as lists with commas between. */
    OPTION_FILE,
    OPTION_WRITTEN_FILE,           /* it can be written, or the command line is wrong */
    OPTION_WRITTEN_FILE_OR_STDOUT, /* which is "-" */
    OPTION_DIRECTORY,
    OPTION_POINTS,
    OPTION_PLAN,
    OPTION_ERRORS,
    OPTION_ALPHABET,
    OPTION_RUN_NUMBER,
    OPTION_TEXT,
};

/* What an option means beyond the command line that it stands on. */
enum option_part {
    OPTION_LASTING, /* --resume demands the same; commands that show a violation again have it */
    OPTION_TOLD,    /* --resume demands the same; what is stored of a violation says it already */
    OPTION_PASSING, /* nothing */
};

struct option {
    const char *name;
    char letter;       /* 0 = none */
    const char *value; /* what stands for it in the help; NULL for a flag */
    enum option_kind kind;
    size_t field; /* offset in struct settings */
    unsigned commands;
    uint64_t least, most; /* counts */
    const char *help;
    enum option_part part;
};

extern const struct option options[];
extern const size_t option_count;

static inline bool option_is_text(const struct option *option)
{
    return option->kind >= OPTION_FILE;
}

/* The names that an option chooses from, and what to call one; NULL if it is not of that kind. */
struct option_choices {
    const char *noun;
    const struct catalog_choice *choices;
    const size_t *count;
};
const struct option_choices *option_choices(enum option_kind kind);

/* Defaults, then PMACRASH_DB, then what stands in argv after the subcommand. Complains and returns
 * false if it makes no sense. */
bool options_parse(const struct command *command, int argc, char **argv, struct settings *settings);
void options_release(struct settings *settings);

/* "90", "30s", "5m", "1h30m", "500ms" as milliseconds. */
bool options_duration(const char *text, uint64_t *milliseconds);

#endif
