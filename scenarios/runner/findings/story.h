/* SPDX-License-Identifier: MIT */
/* A violation as it is told, part by part: for the terminal and for the report. */
#ifndef STORY_H
#define STORY_H

#include <results/results.h>

enum story_form {
    STORY_TITLE,    /* which violation it is */
    STORY_HEADLINE, /* what was lost, in a sentence without a title */
    STORY_WORDS,    /* a paragraph; without a title it goes on with the part before */
    STORY_STEPS,    /* a step a line, numbered */
    STORY_TIMELINE, /* a line an event, indented by what it is part of */
    STORY_ROWS,     /* a table that stands as it is */
    STORY_COMMANDS, /* a command a line */
};

/* Both live during the visit; a title may be NULL. */
struct story_part {
    enum story_form form;
    const char *title, *text;
};
typedef void story_visit(void *context, const struct story_part *part);

/* `db` is the name of the database, for the commands. */
void story_tell(const struct results_violation_row *row, const char *db, story_visit *visit,
                void *context);

#endif
