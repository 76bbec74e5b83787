/* SPDX-License-Identifier: MIT */
#include "catalog.h"

#include <errno.h>
#include <faultsim/calls.h>
#include <fnmatch.h>
#include <pma/pma.h>
#include <results/results.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "output/text.h"

#define KIND_BARRIER "barrier"
#define KIND_ORDERED "ordered"
#define KIND_PLAIN   "plain"
#define IS_BARRIER   true
#define IS_ORDERED   false
#define IS_PLAIN     false

const struct catalog_point catalog_points[] = {
#define CATALOG_POINT(id, name, class, error, description)                                         \
    {name, KIND_##class, description, error, IS_##class},
    PMA_FAULT_POINTS(CATALOG_POINT)
#undef CATALOG_POINT
};

const struct catalog_alias catalog_aliases[] = {
#define CATALOG_ALIAS(alias, name) {alias, name},
    PMA_FAULT_ALIASES(CATALOG_ALIAS)
#undef CATALOG_ALIAS
};
const size_t catalog_alias_count = sizeof catalog_aliases / sizeof *catalog_aliases;

const struct catalog_choice catalog_models[] = {
#define CATALOG_MODEL(id, name, help) [id] = {name, help},
    FSIM_MODELS(CATALOG_MODEL)
#undef CATALOG_MODEL
};
const size_t catalog_model_count = sizeof catalog_models / sizeof *catalog_models;

const struct catalog_choice catalog_searches[] = {
    [FSIM_LAZY] = {"lazy", "complete: a block is decided when recovery first looks at it"},
    [FSIM_BRUTE] = {"brute", "every crash state, one by one, of points with at most --brute-limit"},
    [FSIM_COMPARE] = {"compare", "lazy and brute, and the same verdict for every state"},
    [FSIM_BOUNDED] = {"bounded", "lazy, at most --bound recoveries a crash point"},
    [FSIM_RANDOM] = {"random", "--bound crash states a crash point, drawn with --seed"},
};
const size_t catalog_search_count = sizeof catalog_searches / sizeof *catalog_searches;

const struct catalog_choice catalog_modes[] = {
    [CATALOG_SIMULATE] = {"simulate", "play once, build every file that a crash can leave"},
    [CATALOG_KILL] = {"kill", "play on a disk and kill the process, again and again"},
};
const size_t catalog_mode_count = sizeof catalog_modes / sizeof *catalog_modes;

const struct catalog_choice catalog_grains[] = {
    [FSIM_GRAIN_CALL] = {"call", "at every call on a file, fault point, step and mark"},
    [FSIM_GRAIN_STORE] = {"store", "between any two stores as well"},
};
const size_t catalog_grain_count = sizeof catalog_grains / sizeof *catalog_grains;

const struct catalog_choice catalog_copyings[] = {
    [CATALOG_EAGER] = {"eager", "a page is copied to its block at the first store"},
    [CATALOG_LAZY] = {"lazy", "the kernel copies a page, the next snapshot writes it"},
    [CATALOG_BOTH] = {"both", "each scenario twice, where the kernel can"},
};
const size_t catalog_copying_count = sizeof catalog_copyings / sizeof *catalog_copyings;

const struct catalog_choice catalog_shrinks[] = {
    [CATALOG_SHRINK_NONE] = {"none", "violations are kept as they are found"},
    [CATALOG_SHRINK_PAGES] = {"pages", "to the pages that must differ from a legal state"},
    [CATALOG_SHRINK_STEPS] = {"steps", "to the steps that it takes"},
    [CATALOG_SHRINK_ALL] = {"all", "both"},
};
const size_t catalog_shrink_count = sizeof catalog_shrinks / sizeof *catalog_shrinks;
const struct catalog_choice catalog_sweeps[] = {
    [CATALOG_SWEEP_NONE] = {"none", "nothing fails but what --fault and scenarios say"},
    [CATALOG_SWEEP_SYNCS] = {"syncs", "each sync of the arena's file fails"},
    [CATALOG_SWEEP_CALLS] = {"calls", "each libc call fails, in each way that it usually does"},
    [CATALOG_SWEEP_POINTS] = {"points", "each fault point fails"},
    [CATALOG_SWEEP_ALL] = {"all", "calls and points"},
};
const size_t catalog_sweep_count = sizeof catalog_sweeps / sizeof *catalog_sweeps;
const struct catalog_choice catalog_colours[] = {
    [TEXT_AUTO] = {"auto", "on a terminal, unless NO_COLOR is set"},
    [TEXT_ALWAYS] = {"always", "everywhere"},
    [TEXT_NEVER] = {"never", "nowhere"},
};
const size_t catalog_colour_count = sizeof catalog_colours / sizeof *catalog_colours;

bool catalog_choose(const char *kind, const char *name, const struct catalog_choice *choices,
                    size_t count, const char *see, uint64_t *index)
{
    const char *names[16];
    for (size_t i = 0; i < count; i++) {
        names[i] = choices[i].name;
        if (strcmp(name, names[i]) == 0) {
            *index = i;
            return true;
        }
    }
    complain_unknown(kind, name, names, count, see);
    return false;
}

size_t catalog_point_find(const char *name)
{
    size_t index = 0;
    while (index < CATALOG_POINT_COUNT && strcmp(catalog_points[index].name, name) != 0)
        index++;
    return index;
}

/* The point of that name or alias, or NULL. */
static const char *resolve_point(const char *name)
{
    for (size_t i = 0; i < catalog_alias_count; i++)
        if (strcmp(name, catalog_aliases[i].alias) == 0)
            return catalog_aliases[i].name;
    size_t index = catalog_point_find(name);
    return index < CATALOG_POINT_COUNT ? catalog_points[index].name : NULL;
}

static void complain_unknown_point(const char *name)
{
    size_t count = 0, all = CATALOG_POINT_COUNT + catalog_alias_count + FSIM_CALL_COUNT +
                            fsim_call_alias_count;
    const char **names = need(calloc(all, sizeof *names));
    for (size_t i = 0; i < CATALOG_POINT_COUNT; i++)
        names[count++] = catalog_points[i].name;
    for (size_t i = 0; i < catalog_alias_count; i++)
        names[count++] = catalog_aliases[i].alias;
    for (size_t i = 0; i < FSIM_CALL_COUNT; i++)
        names[count++] = fsim_calls[i].point;
    for (size_t i = 0; i < fsim_call_alias_count; i++)
        names[count++] = fsim_call_aliases[i].alias;
    complain_unknown("fault point", name, names, count, "pmacrash list points");
    free(names);
}

/* Crash points at bare libc calls have names too ("pwrite"); the recording alone knows which. */
const char *catalog_points_glob(const char *glob)
{
    const char *point = resolve_point(glob);
    if (point)
        return point;
    if (strncmp(glob, "pma/", 4) != 0)
        return glob;
    for (size_t i = 0; i < CATALOG_POINT_COUNT; i++)
        if (fnmatch(glob, catalog_points[i].name, 0) == 0)
            return glob;
    complain_unknown_point(glob);
    return NULL;
}

/* fsim_plan_parse asks for names through a plain function, so the one that failed waits here. */
static char unknown_point[64];

static const char *resolve_for_plan(const char *name)
{
    const char *point = resolve_point(name);
    if (!point)
        snprintf(unknown_point, sizeof unknown_point, "%s", name);
    return point;
}

static bool rule_has_point(const struct fsim_rule *rule)
{
    for (size_t i = 0; i < CATALOG_POINT_COUNT; i++)
        if (fsim_rule_matches(rule, catalog_points[i].name))
            return true;
    for (size_t i = 0; i < FSIM_CALL_COUNT; i++)
        if (fsim_rule_matches(rule, fsim_calls[i].point))
            return true;
    return false;
}

bool catalog_plan(const char *text, struct fsim_plan *plan)
{
    char message[256];
    unknown_point[0] = '\0';
    if (fsim_plan_parse(text, resolve_for_plan, plan, message, sizeof message) < 0) {
        if (unknown_point[0])
            complain_unknown_point(unknown_point);
        else
            complain("--fault '%s': %s", text, message);
        return false;
    }
    for (size_t i = 0; i < plan->count; i++)
        if (!rule_has_point(&plan->rules[i])) {
            complain_unknown_point(plan->rules[i].point);
            return false;
        }
    return true;
}

static int error_number(const char *name, size_t length)
{
    enum { LAST_ERRNO = 4095 };
    for (int number = 1; number <= LAST_ERRNO; number++) {
        const char *known = strerrorname_np(number);
        if (known && strlen(known) == length && strncmp(known, name, length) == 0)
            return number;
    }
    return 0;
}

bool catalog_parse_errors(const char *list, struct catalog_errors *errors)
{
    const size_t most = sizeof errors->errors / sizeof *errors->errors;
    errors->count = 0;
    for (const char *name = list;; name++) {
        size_t length = strcspn(name, ",");
        int number = error_number(name, length);
        if (number == 0) {
            complain("--errors '%s': '%.*s' is no error code; EIO, ENOSPC, ENOMEM are", list,
                     (int)length, name);
            return false;
        }
        if (errors->count == most) {
            complain("--errors takes at most %zu error codes", most);
            return false;
        }
        errors->errors[errors->count++] = number;
        name += length;
        if (!*name)
            return true;
    }
}

/* ---- scenarios ---- */

/* Beside the invariants and queries. By its real path, so that what a run records can be opened
 * later. */
static char *default_suites(void)
{
    char *named = need_format("%s/suites", results_data_directory());
    char *real = realpath(named, NULL);
    if (!real)
        return named;
    free(named);
    return real;
}

static bool is_pattern(const char *text)
{
    return strpbrk(text, "*?[") != NULL;
}

static bool take(struct selection *selection, const bool *wanted)
{
    size_t all = suite_count(selection->suite);
    selection->plays = need(calloc(all + 1, sizeof *selection->plays));
    for (size_t i = 0; i < all; i++)
        if (wanted[i])
            selection->plays[selection->count++] = (struct play){
                .scenario = suite_scenario(selection->suite, i), .model = FSIM_POWER_LOSS};
    return selection->count > 0;
}

void catalog_select_all(struct suite *suite, struct selection *selection)
{
    size_t count = suite_count(suite);
    bool *wanted = need(malloc(count * sizeof *wanted + 1));
    memset(wanted, true, count * sizeof *wanted);
    *selection = (struct selection){.suite = suite};
    take(selection, wanted);
    free(wanted);
}

static bool want(const struct suite *suite, const char *pattern, bool *wanted)
{
    size_t all = suite_count(suite);
    bool any = false;
    for (size_t i = 0; i < all; i++)
        if (fnmatch(pattern, suite_scenario(suite, i)->name, 0) == 0)
            any = wanted[i] = true;
    if (any)
        return true;
    if (is_pattern(pattern)) {
        complain("no scenario matches '%s'; see 'pmacrash list scenarios'", pattern);
        return false;
    }
    const char **names = need(calloc(all + 1, sizeof *names));
    for (size_t i = 0; i < all; i++)
        names[i] = suite_scenario(suite, i)->name;
    complain_unknown("scenario", pattern, names, all, "pmacrash list scenarios");
    free(names);
    return false;
}

enum status catalog_select(const char *suites, const char *const *patterns, size_t count,
                           struct selection *selection)
{
    enum status status = STATUS_CLEAN;
    char message[512] = "";
    bool *wanted = NULL;
    char *path = suites ? need_copy(suites) : default_suites();
    *selection = (struct selection){0};
    int error = suite_load(path, &selection->suite, message, sizeof message);
    if (error) {
        complain("%s", message[0] ? message : strerror(-error));
        status = STATUS_FAILED;
        goto done;
    }
    size_t all = suite_count(selection->suite);
    wanted = need(calloc(all + 1, sizeof *wanted));
    for (size_t i = 0; i < all && count == 0; i++)
        wanted[i] = true;
    for (size_t i = 0; i < count; i++)
        if (!want(selection->suite, patterns[i], wanted)) {
            status = STATUS_USAGE;
            goto done;
        }
    if (!take(selection, wanted)) {
        complain("%s holds no scenario; --suites names a *.yaml file or a directory of them", path);
        status = STATUS_FAILED;
    }
done:
    if (status != STATUS_CLEAN)
        catalog_deselect(selection);
    free(wanted);
    free(path);
    return status;
}

/* Asks the kernel by making an arena of its own, in memory. */
static bool can_copy_lazily(void)
{
    struct pma_options options = PMA_OPTIONS_INIT;
    char directory[] = "/tmp/pmacrash-XXXXXX", *path;
    pma_t *arena = NULL;
    options.copying = PMA_COPY_LAZY;
    options.reserved_bytes = 16 * PMA_PAGE_SIZE;
    options.initial_blocks = 8;
    if (!mkdtemp(directory))
        return false;
    path = need_format("%s/probe.pma", directory);
    bool can = pma_create(path, &options, &arena, NULL) == 0;
    if (can)
        pma_close(arena);
    unlink(path);
    rmdir(directory);
    free(path);
    return can;
}

bool catalog_parse_models(const char *list, uint64_t *models)
{
    *models = 0;
    if (strcmp(list, "all") == 0) {
        *models = (UINT64_C(1) << catalog_model_count) - 1;
        return true;
    }
    for (const char *at = list;; at++) {
        uint64_t model;
        size_t length = strcspn(at, ",");
        char *name = need_format("%.*s", (int)length, at);
        bool known = catalog_choose("model", name, catalog_models, catalog_model_count,
                                    "pmacrash list models", &model);
        free(name);
        if (!known)
            return false;
        *models |= UINT64_C(1) << model;
        at += length;
        if (!*at)
            return true;
    }
}

char *catalog_model_names(uint64_t models, const char *separator)
{
    char *names = need_copy("");
    for (size_t i = 0; i < catalog_model_count; i++) {
        if (!catalog_has_model(models, i))
            continue;
        char *longer =
            need_format("%s%s%s", names, *names ? separator : "", catalog_models[i].name);
        free(names);
        names = longer;
    }
    return names;
}

static bool plays_in(const struct scenario *scenario, enum pma_copying copying,
                     enum catalog_copying wanted)
{
    return (!scenario->has_copying || scenario->copying == copying) &&
           (wanted == CATALOG_BOTH || (unsigned)wanted == (unsigned)copying);
}

enum status catalog_set_copying(struct selection *selection, enum catalog_copying copying)
{
    bool can_lazy = copying == CATALOG_EAGER || can_copy_lazily();
    struct play *plays = need(calloc(2 * selection->count + 1, sizeof *plays));
    size_t count = 0;
    if (copying == CATALOG_BOTH && !can_lazy)
        copying = CATALOG_EAGER;
    for (size_t i = 0; i < selection->count; i++)
        for (enum pma_copying way = PMA_COPY_EAGER; way <= PMA_COPY_LAZY; way++)
            if (plays_in(selection->plays[i].scenario, way, copying))
                plays[count++] =
                    (struct play){selection->plays[i].scenario, way, selection->plays[i].model};
    free(selection->plays);
    selection->plays = plays;
    selection->count = count;
    if (!can_lazy && copying == CATALOG_LAZY) {
        complain("this kernel cannot copy lazily (Linux 6.7 or later); use --copying eager");
        return STATUS_FAILED;
    }
    if (count == 0) {
        complain("these scenarios are not played with --copying %s: their arenas say another",
                 catalog_copyings[copying].name);
        return STATUS_USAGE;
    }
    return STATUS_CLEAN;
}

void catalog_set_models(struct selection *selection, uint64_t models)
{
    struct play *plays = need(calloc(catalog_model_count * selection->count + 1, sizeof *plays));
    size_t count = 0;
    for (size_t i = 0; i < selection->count; i++)
        for (size_t model = 0; model < catalog_model_count; model++) {
            if (!catalog_has_model(models, model))
                continue;
            plays[count] = selection->plays[i];
            plays[count++].model = (enum fsim_model)model;
        }
    free(selection->plays);
    selection->plays = plays;
    selection->count = count;
}

char *catalog_play_name(const struct play *play)
{
    const char *copying = play->copying == PMA_COPY_LAZY ? "lazy" : "";
    const char *model = play->model == FSIM_POWER_LOSS ? "" : fsim_model_name(play->model);
    if (!*copying && !*model)
        return need_copy(play->scenario->name);
    return need_format("%s (%s%s%s)", play->scenario->name, copying, *copying && *model ? ", " : "",
                       model);
}

void catalog_deselect(struct selection *selection)
{
    free(selection->plays);
    suite_free(selection->suite);
    *selection = (struct selection){0};
}

/* The length of its workload in steps; a row of snapshots is as many. */
static size_t workload_size(const struct play *play)
{
    const struct scenario *scenario = play->scenario;
    size_t size = 0;
    for (size_t i = 0; i < scenario->step_count; i++)
        size += scenario->steps[i].kind == STEP_SNAPSHOT ? scenario->steps[i].count : 1;
    return size;
}

static int compare_sizes(const void *left, const void *right, void *context)
{
    const struct selection *selection = context;
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    size_t size_a = workload_size(&selection->plays[a]);
    size_t size_b = workload_size(&selection->plays[b]);
    if (size_a != size_b)
        return size_a < size_b ? -1 : 1;
    return a < b ? -1 : 1;
}

size_t *catalog_by_size(const struct selection *selection, bool largest_first)
{
    size_t count = selection->count;
    size_t *order = need(calloc(count + 1, sizeof *order));
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    qsort_r(order, count, sizeof *order, compare_sizes, (void *)selection);
    for (size_t i = 0; largest_first && i < count / 2; i++) {
        size_t swap = order[i];
        order[i] = order[count - 1 - i];
        order[count - 1 - i] = swap;
    }
    return order;
}
