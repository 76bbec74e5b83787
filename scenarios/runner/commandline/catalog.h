/* SPDX-License-Identifier: MIT */
/* Everything that has a name on the command line: scenarios, fault points, models, searches, plans.
 */
#ifndef CATALOG_H
#define CATALOG_H

#include <faultsim/explore.h>
#include <pma/fault_points.h>
#include <pma/pma.h>

#include "command.h"
#include "suite.h"

struct catalog_point {
    const char *name, *kind, *description;
    int error;    /* what it fails with unless a plan says otherwise */
    bool barrier; /* skipping it must be caught */
};
extern const struct catalog_point catalog_points[];
enum {
    CATALOG_POINT_COUNT = 0
#define CATALOG_COUNT(id, name, kind, error, description) +1
    PMA_FAULT_POINTS(CATALOG_COUNT)
#undef CATALOG_COUNT
};

struct catalog_alias {
    const char *alias, *name;
};
extern const struct catalog_alias catalog_aliases[];
extern const size_t catalog_alias_count;

/* A name of something to choose from, with a line of help. */
struct catalog_choice {
    const char *name, *help;
};
extern const struct catalog_choice catalog_models[]; /* indexed by enum fsim_model */
extern const size_t catalog_model_count;
extern const struct catalog_choice catalog_searches[]; /* indexed by enum fsim_search */
extern const size_t catalog_search_count;
/* Where the crashes of a run come from. */
enum catalog_mode { CATALOG_SIMULATE, CATALOG_KILL };
extern const struct catalog_choice catalog_modes[];
extern const size_t catalog_mode_count;
/* What a run makes smaller of the violations that it finds. */
enum catalog_shrink {
    CATALOG_SHRINK_NONE,
    CATALOG_SHRINK_PAGES,
    CATALOG_SHRINK_STEPS,
    CATALOG_SHRINK_ALL
};
extern const struct catalog_choice catalog_shrinks[];
extern const size_t catalog_shrink_count;
extern const struct catalog_choice catalog_grains[]; /* indexed by enum fsim_grain */
extern const size_t catalog_grain_count;
/* Which ways of copying a run plays its scenarios in. */
enum catalog_copying { CATALOG_EAGER, CATALOG_LAZY, CATALOG_BOTH };
extern const struct catalog_choice catalog_copyings[]; /* the first two by enum pma_copying, too */
extern const size_t catalog_copying_count;

/* Which faults a run records each play again with. */
enum catalog_sweep {
    CATALOG_SWEEP_NONE,
    CATALOG_SWEEP_SYNCS,
    CATALOG_SWEEP_CALLS,
    CATALOG_SWEEP_POINTS,
    CATALOG_SWEEP_ALL,
};
extern const struct catalog_choice catalog_sweeps[];
extern const size_t catalog_sweep_count;

extern const struct catalog_choice catalog_colours[]; /* indexed by enum text_when */
extern const size_t catalog_colour_count;

/* Finds a name; if there is none, complains with the nearest one and returns false. */
bool catalog_choose(const char *kind, const char *name, const struct catalog_choice *choices,
                    size_t count, const char *see, uint64_t *index);

/* The index of a fault point, or CATALOG_POINT_COUNT. */
size_t catalog_point_find(const char *name);

/*
 * A glob over crash points, with an alias turned into its point (the result is static or `glob`
 * itself). A name that looks like one of the library's points and is none is complained about:
 * NULL.
 */
const char *catalog_points_glob(const char *glob);

/* Reads a fault plan; complains and returns false if it is none or names an unknown point. */
bool catalog_plan(const char *text, struct fsim_plan *plan);

/* Errnos to fail with. */
struct catalog_errors {
    int errors[8];
    size_t count;
};

/* Reads "EIO,ENOMEM"; complains and returns false if one is unknown, or they are too many. */
bool catalog_parse_errors(const char *list, struct catalog_errors *errors);

/* A set of models: bit number enum fsim_model. */
static inline bool catalog_has_model(uint64_t models, size_t model)
{
    return models >> model & 1;
}

/* Reads "torn,media", or "all"; complains and returns false if one is unknown. */
bool catalog_parse_models(const char *list, uint64_t *models);

/* The names of a set; with "," between them as catalog_parse_models takes it. free() it. */
char *catalog_model_names(uint64_t models, const char *separator);

/* A scenario, how the arena copies while it is played, and what its crashes leave. */
struct play {
    const struct scenario *scenario;
    enum pma_copying copying;
    enum fsim_model model;
};

/* What a command works on, in the suite's order; a scenario's plays stand side by side, and of
 * these the models of one way of copying. */
struct selection {
    struct suite *suite;
    struct play *plays;
    size_t count;
};

/* Reads the suites and takes the scenarios of these names or globs (none given = all). Complains if
 * it cannot. Each is played once, with the model power-loss. */
enum status catalog_select(const char *suites, const char *const *patterns, size_t count,
                           struct selection *selection);

/* Takes all scenarios of a suite, which it then owns. */
void catalog_select_all(struct suite *suite, struct selection *selection);

/*
 * Plays each selected scenario in the ways asked for, but one whose suite names a way in that one
 * only. CATALOG_BOTH leaves out what this kernel cannot do. Complains if nothing is left.
 */
enum status catalog_set_copying(struct selection *selection, enum catalog_copying copying);

/* Plays each play with each model of the set. */
void catalog_set_models(struct selection *selection, uint64_t models);
void catalog_deselect(struct selection *selection);

/* "create", "create (lazy)", "create (lazy, torn)": the play in the lines that a run prints; the
 * model is named unless it is power-loss. free() it. */
char *catalog_play_name(const struct play *play);

/* Indexes of the plays by the length of their workload. free() it. */
size_t *catalog_by_size(const struct selection *selection, bool largest_first);

#endif
