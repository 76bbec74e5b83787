/* SPDX-License-Identifier: MIT */
/* Which syncs and ordering points the library needs, as far as the scenarios show, and what they
 * cost. */
#ifndef AUDIT_H
#define AUDIT_H

#include "sabotage.h"

enum { AUDIT_NAME = 64 };

/* A sync that a recording made. */
struct audit_sync {
    char call[24];          /* "fdatasync" */
    char point[AUDIT_NAME]; /* the fault point in front of it: who asked for it; "" if none */
    char step[24];          /* the kind of the step under way; "open" before the first */
    uint64_t hit;           /* of that call in the recording, from 1 */
    uint64_t step_number;
    uint32_t microseconds;
};

/* What playing a scenario without a fault showed. */
struct audit_survey {
    bool ended;
    struct audit_sync *syncs;
    size_t sync_count;
    uint64_t opens, reopens, kills, snapshots, creations; /* steps of these kinds */
    char error[256];
};

/* Syncs of one call, fault point and kind of step. */
struct audit_site {
    const struct audit_sync *like;
    uint64_t calls, caught, untried;
    uint32_t median_us, most_us;
    /* A call that nobody missed, if there is one. */
    size_t example_play;
    const struct audit_sync *example;
};

struct audit {
    const struct settings *settings;
    const char *work; /* where scenarios are played for their times */
    struct selection selection;
    size_t *smallest_first;
    struct sabotage sabotage;
    struct audit_survey *surveys; /* one a play */
    size_t points[CATALOG_POINT_COUNT], point_count;
    enum pma_copying ways[2];
    size_t way_count;
    struct trial *point_trials; /* each point in each way of copying */
    size_t point_trial_count;
    struct trial *sync_trials; /* each sync of each play, in that order */
    size_t sync_count;
};

/* audit_survey.c: what the recordings say; its messages. */
void audit_survey_play(const struct audit *audit, size_t play, const volatile int *stop,
                       struct audit_survey *survey);
void audit_survey_put(struct message *message, const struct audit_survey *survey);
bool audit_survey_get(struct message *message, struct audit_survey *survey);
void audit_survey_release(struct audit_survey *survey);

/* The play that sync number `index` is of, and the sync itself. */
const struct audit_sync *audit_sync_at(const struct audit *audit, size_t index, size_t *play);

/* audit_report.c */
void audit_print(const struct audit *audit);
void audit_print_json(const struct audit *audit);

#endif
