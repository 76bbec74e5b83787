/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "output/grid.h"
#include "output/json.h"
#include "output/text.h"

/* ---- fault points, left out everywhere ---- */

static const struct catalog_point *point_of(const struct audit *audit, size_t trial)
{
    return &catalog_points[audit->points[trial % audit->point_count]];
}

static const char *copying_of(const struct audit *audit, size_t trial)
{
    return catalog_copyings[audit->ways[trial / audit->point_count]].name;
}

/* That the workload itself stumbles over it is notice enough. */
static bool is_missed(const struct trial *trial)
{
    return trial->found || trial->error[0];
}

static const char *answer_to(const struct trial *trial)
{
    return is_missed(trial) ? "needed" : !trial->hit ? "not met" : "NOT MISSED";
}

static const char *noticed_by(const struct trial *trial, char text[64])
{
    return trial->found ? trial_oracle(trial, text) : trial->error[0] ? "the workload" : "-";
}

static void add_point_row(const struct audit *audit, size_t index, struct grid *grid)
{
    const struct trial *trial = &audit->point_trials[index];
    const struct catalog_point *point = point_of(audit, index);
    struct number plays, recoveries, states;
    char oracle[64];
    grid_row(grid, is_missed(trial) || !trial->hit ? STYLE_PLAIN : STYLE_BAD,
             (const char *[]){
                 point->name, point->kind, copying_of(audit, index), answer_to(trial),
                 noticed_by(trial, oracle),
                 is_missed(trial) ? audit->selection.plays[trial->play].scenario->name : "-",
                 text_count(&plays, trial->plays), text_count(&recoveries, trial->recoveries),
                 text_states(&states, trial->states)});
}

static void print_points(const struct audit *audit)
{
    static const char *const headers[] = {"left out",     "class",    "copy-\ning", "",
                                          "by",           "scenario", "plays",      "recov-\neries",
                                          "crash\nstates"};
    struct grid *grid = grid_new(headers, "llllllrrr");
    for (size_t i = 0; i < audit->point_trial_count; i++)
        add_point_row(audit, i, grid);
    grid_print(grid, stdout);
    grid_free(grid);
}

/* ---- single syncs ---- */

struct sites {
    struct audit_site *list;
    size_t count;
};

static bool alike(const struct audit_sync *one, const struct audit_sync *other)
{
    return strcmp(one->call, other->call) == 0 && strcmp(one->point, other->point) == 0 &&
           strcmp(one->step, other->step) == 0;
}

static struct audit_site *site_of(struct sites *sites, const struct audit_sync *sync)
{
    for (size_t i = 0; i < sites->count; i++)
        if (alike(sites->list[i].like, sync))
            return &sites->list[i];
    sites->list = need(realloc(sites->list, (sites->count + 1) * sizeof *sites->list));
    sites->list[sites->count] = (struct audit_site){.like = sync};
    return &sites->list[sites->count++];
}

static int compare_times(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static void measure(const struct audit *audit, struct audit_site *site)
{
    uint32_t *times = need(calloc(site->calls, sizeof *times));
    size_t count = 0, play;
    for (size_t i = 0; i < audit->sync_count; i++) {
        const struct audit_sync *sync = audit_sync_at(audit, i, &play);
        if (alike(sync, site->like))
            times[count++] = sync->microseconds;
    }
    qsort(times, count, sizeof *times, compare_times);
    site->median_us = times[count / 2];
    site->most_us = times[count - 1];
    free(times);
}

static int compare_sites(const void *left, const void *right)
{
    const struct audit_sync *a = ((const struct audit_site *)left)->like;
    const struct audit_sync *b = ((const struct audit_site *)right)->like;
    size_t first = catalog_point_find(a->point), second = catalog_point_find(b->point);
    return first != second ? (first > second) - (first < second) : strcmp(a->step, b->step);
}

static struct sites find_sites(const struct audit *audit)
{
    struct sites sites = {0};
    for (size_t i = 0; i < audit->sync_count; i++) {
        const struct trial *trial = &audit->sync_trials[i];
        size_t play;
        const struct audit_sync *sync = audit_sync_at(audit, i, &play);
        struct audit_site *site = site_of(&sites, sync);
        site->calls++;
        site->caught += is_missed(trial);
        site->untried += !is_missed(trial) && (!trial->ended || !trial->hit);
        if (!is_missed(trial) && trial->hit && !site->example) {
            site->example = sync;
            site->example_play = play;
        }
    }
    for (size_t i = 0; i < sites.count; i++)
        measure(audit, &sites.list[i]);
    qsort(sites.list, sites.count, sizeof *sites.list, compare_sites);
    return sites;
}

/* How many steps of that kind there are in all scenarios; 0 if that is not what syncs are for. */
static uint64_t steps_of(const struct audit *audit, const char *step)
{
    struct audit_survey all = {0};
    for (size_t i = 0; i < audit->selection.count; i++) {
        const struct audit_survey *one = &audit->surveys[i];
        all.opens += one->opens;
        all.reopens += one->reopens;
        all.kills += one->kills;
        all.snapshots += one->snapshots;
        all.creations += one->creations;
    }
    const struct {
        const char *step;
        uint64_t count;
    } kinds[] = {{"open", all.opens},
                 {"reopen", all.reopens},
                 {"kill", all.kills},
                 {"snapshot", all.snapshots},
                 {"create", all.creations}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].step, step) == 0)
            return kinds[i].count;
    return 0;
}

static double share(const struct audit *audit, const struct audit_site *site)
{
    uint64_t steps = steps_of(audit, site->like->step);
    return steps ? (double)site->calls / (double)steps : 0;
}

static void add_site_row(const struct audit *audit, const struct audit_site *site,
                         struct grid *grid)
{
    struct number calls, median, most;
    bool all = site->caught + site->untried == site->calls;
    char *missed =
        need_format("%" PRIu64 " of %" PRIu64, site->caught, site->calls - site->untried);
    char *a_step =
        share(audit, site) > 0 ? need_format("%.2f", share(audit, site)) : need_copy("-");
    grid_row(grid, all ? STYLE_PLAIN : STYLE_BAD,
             (const char *[]){site->like->point, site->like->call, site->like->step,
                              text_count(&calls, site->calls), a_step, missed,
                              text_count(&median, site->median_us),
                              text_count(&most, site->most_us)});
    free(missed);
    free(a_step);
}

static void print_examples(const struct audit *audit, const struct sites *sites)
{
    for (size_t i = 0; i < sites->count; i++) {
        const struct audit_site *site = &sites->list[i];
        const struct audit_sync *example = site->example;
        if (!example)
            continue;
        char *name = catalog_play_name(&audit->selection.plays[site->example_play]);
        char *line = need_format(
            "%s, %s: %" PRIu64 " of %" PRIu64 " are not missed by themselves; "
            "one is call/%s@%" PRIu64 " of %s, in step %" PRIu64 ".",
            site->like->point, site->like->step, site->calls - site->untried - site->caught,
            site->calls - site->untried, example->call, example->hit, name, example->step_number);
        text_paragraph(stdout, 0, line);
        free(line);
        free(name);
    }
}

static void print_sites(const struct audit *audit, const struct sites *sites)
{
    static const char *const headers[] = {"single sync",      "call",   "in step",    "calls",
                                          "a step\nof those", "missed", "median\nus", "most\nus"};
    struct grid *grid = grid_new(headers, "lllrrrrr");
    for (size_t i = 0; i < sites->count; i++)
        add_site_row(audit, &sites->list[i], grid);
    grid_print(grid, stdout);
    grid_free(grid);
    printf("\n");
    print_examples(audit, sites);
}

static void print_verdict(const struct audit *audit)
{
    size_t needed = 0, met = 0;
    for (size_t i = 0; i < audit->point_trial_count; i++) {
        needed += is_missed(&audit->point_trials[i]);
        met += is_missed(&audit->point_trials[i]) || audit->point_trials[i].hit;
    }
    char *line =
        need_format("%zu of %zu points that were left out everywhere were missed.", needed, met);
    printf("\n");
    text_paragraph(stdout, 0, line);
    free(line);
}

void audit_print(const struct audit *audit)
{
    struct sites sites = find_sites(audit);
    print_points(audit);
    printf("\n");
    print_sites(audit, &sites);
    print_verdict(audit);
    free(sites.list);
}

/* ---- for scripts ---- */

static void json_point(struct json *json, const struct audit *audit, size_t index)
{
    const struct trial *trial = &audit->point_trials[index];
    char oracle[64];
    json_begin(json, NULL, '{');
    json_text(json, "point", point_of(audit, index)->name);
    json_text(json, "class", point_of(audit, index)->kind);
    json_text(json, "copying", copying_of(audit, index));
    json_bool(json, "met", trial->hit || is_missed(trial));
    json_bool(json, "needed", is_missed(trial));
    json_text(json, "by", is_missed(trial) ? noticed_by(trial, oracle) : NULL);
    json_text(json, "verdict", trial->found ? trial->verdict : NULL);
    json_text(json, "error", trial->error[0] ? trial->error : NULL);
    json_text(json, "scenario",
              is_missed(trial) ? audit->selection.plays[trial->play].scenario->name : NULL);
    json_count(json, "plays", trial->plays);
    json_count(json, "recoveries", trial->recoveries);
    json_number(json, "states", trial->states);
    json_count(json, "milliseconds", trial->milliseconds);
    json_end(json, '}');
}

static void json_site(struct json *json, const struct audit *audit, const struct audit_site *site)
{
    json_begin(json, NULL, '{');
    json_text(json, "point", site->like->point);
    json_text(json, "call", site->like->call);
    json_text(json, "step", site->like->step);
    json_count(json, "calls", site->calls);
    json_number(json, "calls_a_step", share(audit, site));
    json_count(json, "missed", site->caught);
    json_count(json, "untried", site->untried);
    json_count(json, "median_microseconds", site->median_us);
    json_count(json, "most_microseconds", site->most_us);
    json_end(json, '}');
}

/* Each call that nobody missed: enough to play it again by --fault. */
static void json_redundant(struct json *json, const struct audit *audit)
{
    json_begin(json, "not_missed", '[');
    for (size_t i = 0; i < audit->sync_count; i++) {
        const struct trial *trial = &audit->sync_trials[i];
        size_t play;
        const struct audit_sync *sync = audit_sync_at(audit, i, &play);
        if (is_missed(trial) || !trial->hit)
            continue;
        char *fault = need_format("call/%s@%" PRIu64 ":skip", sync->call, sync->hit);
        json_begin(json, NULL, '{');
        json_text(json, "scenario", audit->selection.plays[play].scenario->name);
        json_text(json, "copying", catalog_copyings[audit->selection.plays[play].copying].name);
        json_text(json, "fault", fault);
        json_text(json, "point", sync->point);
        json_text(json, "step", sync->step);
        json_count(json, "step_number", sync->step_number);
        json_number(json, "states", trial->states);
        json_end(json, '}');
        free(fault);
    }
    json_end(json, ']');
}

void audit_print_json(const struct audit *audit)
{
    struct sites sites = find_sites(audit);
    struct json json = {.out = stdout};
    json_begin(&json, NULL, '{');
    json_begin(&json, "points", '[');
    for (size_t i = 0; i < audit->point_trial_count; i++)
        json_point(&json, audit, i);
    json_end(&json, ']');
    json_begin(&json, "syncs", '[');
    for (size_t i = 0; i < sites.count; i++)
        json_site(&json, audit, &sites.list[i]);
    json_end(&json, ']');
    json_redundant(&json, audit);
    json_end(&json, '}');
    free(sites.list);
}
