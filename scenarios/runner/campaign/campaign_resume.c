/* SPDX-License-Identifier: MIT */
/* What a run that is gone on with has done: it need not be done again. */
#include <stdlib.h>
#include <string.h>

#include "campaign.h"
#include "generate.h"
#include "output/text.h"

/* Cut short or failed, it is tried again. */
static bool is_done(const struct results_scenario *row)
{
    return !row->stopped && strcmp(row->outcome, "failed") != 0;
}

static bool has_words(const struct play *play, const char *copying, const char *model)
{
    return strcmp(catalog_copyings[play->copying].name, copying) == 0 &&
           strcmp(fsim_model_name(play->model), model) == 0;
}

static void add_row(struct campaign *campaign, const struct results_scenario *row)
{
    enum fsim_model model;
    if (fsim_model_parse(row->model, &model) != 0)
        return;
    campaign_totals_add(&campaign->before[model],
                        &(struct campaign_totals){
                            .plays = row->plays,
                            .ended = row->plays,
                            .crash_points = row->crash_points,
                            .recoveries = row->recoveries,
                            .violations = row->violations,
                            .images_twice = row->images_twice,
                            .compared_points = row->compared_points,
                            .compared_states = row->compared_states,
                            .brute_recoveries = row->brute_recoveries,
                            .disagreements = row->disagreements,
                            .milliseconds = row->record_ms + row->explore_ms,
                            .most_memory = row->memory_bytes,
                            .states = row->states,
                            .covered = row->covered,
                            .complete = row->complete,
                        });
}

static void mark_row(void *context, const struct results_scenario *row)
{
    struct campaign *campaign = context;
    for (size_t i = 0; i < campaign->selection.count; i++) {
        const struct play *play = &campaign->selection.plays[i];
        /* A suite that was changed since holds other scenarios of the same names. */
        if (!is_done(row) || !has_words(play, row->copying, row->model) ||
            strcmp(play->scenario->name, row->name) != 0 ||
            strcmp(play->scenario->text, row->text) != 0)
            continue;
        campaign->scenarios[i].state = CAMPAIGN_BEFORE;
        add_row(campaign, row);
    }
}

static bool failed(const struct campaign *campaign)
{
    complain("what was done cannot be read: %s", results_error(campaign->results));
    return false;
}

bool campaign_resume(struct campaign *campaign)
{
    return results_scenarios_each(campaign->results, campaign->run, mark_row, campaign) == 0 ||
           failed(campaign);
}

/* ---- generated scenarios ---- */

struct range {
    char *copying, *model;
    uint64_t first, last;
};

struct campaign_done {
    struct campaign *campaign;
    struct range *ranges;
    size_t count;
};

static void keep_range(struct campaign_done *done, const char *copying, const char *model,
                       uint64_t first, uint64_t last)
{
    done->ranges = need(realloc(done->ranges, (done->count + 1) * sizeof *done->ranges));
    done->ranges[done->count++] = (struct range){need_copy(copying), need_copy(model), first, last};
}

static void keep_collected(void *context, const struct results_generated *range)
{
    keep_range(context, range->copying, range->model, range->first, range->last);
}

/* A row of several plays, or of one in which something was found. */
static void keep_row(void *context, const struct results_scenario *row)
{
    struct campaign_done *done = context;
    struct generate_request request;
    uint64_t number;
    if (!is_done(row))
        return;
    if (generate_parse_name(row->name, &request, &number))
        keep_range(done, row->copying, row->model, number, number);
    add_row(done->campaign, row);
}

bool campaign_done_read(struct campaign *campaign, struct campaign_done **out)
{
    struct campaign_done *done = need(calloc(1, sizeof *done));
    done->campaign = campaign;
    *out = done;
    return (results_scenarios_each(campaign->results, campaign->run, keep_row, done) == 0 &&
            results_generated_each(campaign->results, campaign->run, keep_collected, done) == 0) ||
           failed(campaign);
}

bool campaign_done_has(const struct campaign_done *done, const struct play *play, uint64_t number)
{
    for (size_t i = 0; i < done->count; i++)
        if (number >= done->ranges[i].first && number <= done->ranges[i].last &&
            has_words(play, done->ranges[i].copying, done->ranges[i].model))
            return true;
    return false;
}

void campaign_done_free(struct campaign_done *done)
{
    for (size_t i = 0; done && i < done->count; i++) {
        free(done->ranges[i].copying);
        free(done->ranges[i].model);
    }
    if (done)
        free(done->ranges);
    free(done);
}
