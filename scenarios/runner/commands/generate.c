/* SPDX-License-Identifier: MIT */
/*
 * Scenarios that are made instead of read, and never become files. They are played in batches, each
 * a small suite with processes of its own, so that memory does not grow with their number; what is
 * done is written after each batch.
 */
#include "generate.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "campaign/campaign.h"
#include "output/text.h"

enum {
    BATCH_STEPS = 4096, /* of all scenarios of a batch: a few seconds of work */
    ALL_LENGTH = 3,
    RANDOM_LENGTH = 60,
    RANDOM_COUNT = 1000,
};

struct generation {
    struct campaign campaign;
    struct generate_request request;
    struct generator *generator;
    struct campaign_done *done;
    uint64_t wanted; /* how many scenarios; UINT64_MAX: as many as there is time for */
};

static struct generator *new_generator(const struct generate_request *request)
{
    struct generator *generator;
    char message[256] = "";
    int error = generator_new(request, &generator, message, sizeof message);
    if (!error)
        return generator;
    complain("%s", message[0] ? message : strerror(-error));
    return NULL;
}

static bool no_memory(int result)
{
    if (result < 0)
        complain("scenarios cannot be generated: %s", strerror(-result));
    return result < 0;
}

static struct suite *new_suite(void)
{
    struct suite *suite;
    need(suite_new(&suite) == 0 ? suite : NULL);
    return suite;
}

/* ---- what is asked for ---- */

static enum status read_request(const struct settings *settings, struct generation *generation)
{
    struct generate_request *request = &generation->request;
    char message[1024];
    *request = (struct generate_request){
        .length = settings->length   ? settings->length
                  : settings->random ? RANDOM_LENGTH
                                     : ALL_LENGTH,
        .random = settings->random,
        .seed = settings->seed,
    };
    if (alphabet_parse(settings->alphabet, &request->letters, message, sizeof message)) {
        complain("--alphabet: %s", message);
        return STATUS_USAGE;
    }
    generation->wanted = settings->count                            ? settings->count
                         : settings->random && !settings->budget_ms ? RANDOM_COUNT
                                                                    : UINT64_MAX;
    return STATUS_CLEAN;
}

/* All sequences end somewhere, and how many there are is known sooner than they are played. */
static bool count_all(struct generation *generation)
{
    int result = 1;
    if (generation->request.random)
        return true;
    struct generator *counter = new_generator(&generation->request);
    while (counter && generator_next(counter) < generation->wanted && result == 1)
        result = generator_skip(counter);
    if (counter && result == 0)
        generation->wanted = generator_next(counter);
    generator_free(counter);
    return counter && !no_memory(result);
}

/* ---- playing them ---- */

/* Leaves out the plays that were done before. */
static void leave_out_done(struct generation *generation)
{
    struct selection *selection = &generation->campaign.selection;
    size_t count = 0;
    for (size_t i = 0; i < selection->count; i++) {
        struct generate_request request;
        uint64_t number;
        const struct play *play = &selection->plays[i];
        generate_parse_name(play->scenario->name, &request, &number);
        if (!generation->done || !campaign_done_has(generation->done, play, number))
            selection->plays[count++] = *play;
    }
    selection->count = count;
}

static enum status select_suite(struct campaign *campaign, struct suite *suite)
{
    const struct settings *settings = campaign->settings;
    catalog_select_all(suite, &campaign->selection);
    enum status status =
        catalog_set_copying(&campaign->selection, (enum catalog_copying)settings->copying);
    if (status == STATUS_CLEAN)
        catalog_set_models(&campaign->selection, settings->models);
    return status;
}

/* The next scenarios; *more says whether there are any after them. */
static enum status select_batch(struct generation *generation, bool *more)
{
    struct suite *suite = new_suite();
    size_t steps = 0;
    int result = 1;
    while (steps < BATCH_STEPS && generator_next(generation->generator) < generation->wanted &&
           result == 1) {
        result = generator_add(generation->generator, suite);
        if (result == 1)
            steps += suite_scenario(suite, suite_count(suite) - 1)->step_count;
    }
    *more = result == 1 && generator_next(generation->generator) < generation->wanted;
    if (no_memory(result)) {
        suite_free(suite);
        return STATUS_FAILED;
    }
    enum status status = select_suite(&generation->campaign, suite);
    if (status == STATUS_CLEAN)
        leave_out_done(generation);
    return status;
}

static enum status play_batch(struct campaign *campaign)
{
    enum status status = campaign_muster(campaign);
    if (status != STATUS_CLEAN)
        return status;
    if (!campaign_store_open(campaign))
        return STATUS_FAILED;
    campaign_play(campaign);
    if (!campaign->store_failed)
        campaign->store_failed = !campaign_store_collected(campaign);
    results_close(campaign->results);
    campaign->results = NULL;
    return campaign->store_failed ? STATUS_FAILED : STATUS_CLEAN;
}

static enum status play_batches(struct generation *generation)
{
    struct campaign *campaign = &generation->campaign;
    enum status status = STATUS_CLEAN;
    bool more = generation->wanted > 0;
    while (more && status == STATUS_CLEAN && campaign->end == POOL_DONE) {
        status = select_batch(generation, &more);
        if (status == STATUS_CLEAN && campaign->expected == 0 && generation->wanted != UINT64_MAX)
            campaign->expected = generation->wanted * (campaign->selection.count /
                                                       suite_count(campaign->selection.suite));
        if (status == STATUS_CLEAN && campaign->selection.count > 0)
            status = play_batch(campaign);
        campaign_dismiss(campaign);
    }
    /* Where time is the goal, what is done when it is over is all there was to do. */
    campaign->more = (more || campaign->end != POOL_DONE) &&
                     (generation->wanted != UINT64_MAX || !campaign->out_of_budget);
    return status;
}

static enum status begin_run(struct generation *generation)
{
    struct campaign *campaign = &generation->campaign;
    bool ready = campaign_store_begin(campaign) &&
                 (!campaign->settings->resume || campaign_done_read(campaign, &generation->done));
    results_close(campaign->results);
    campaign->results = NULL;
    return ready ? STATUS_CLEAN : STATUS_FAILED;
}

static enum status end_run(struct campaign *campaign)
{
    if (!campaign_store_open(campaign))
        return STATUS_FAILED;
    if (!campaign_store_end(campaign))
        campaign->store_failed = true;
    if (campaign->settings->json)
        campaign_print_json(campaign);
    else
        campaign_print(campaign);
    return campaign_status(campaign);
}

static enum status play_all(const struct settings *settings)
{
    struct fsim_plan plan;
    struct generation generation = {0};
    struct campaign *campaign = &generation.campaign;
    enum status status = campaign_prepare(campaign, settings, &plan);
    if (status == STATUS_CLEAN)
        status = read_request(settings, &generation);
    if (status != STATUS_CLEAN)
        goto done;
    status = STATUS_USAGE;
    generation.generator = new_generator(&generation.request);
    if (!generation.generator || !count_all(&generation))
        goto done;
    campaign->collective = generator_prefix(generation.generator);
    status = begin_run(&generation);
    if (status != STATUS_CLEAN)
        goto done;
    campaign->progress = progress_new(settings->quiet);
    status = play_batches(&generation);
    progress_free(campaign->progress);
    campaign->progress = NULL;
    if (status == STATUS_CLEAN)
        status = end_run(campaign);
done:
    campaign_release(campaign);
    campaign_done_free(generation.done);
    generator_free(generation.generator);
    return status;
}

/* ---- only these ---- */

static enum status add_named(const char *name, struct suite *suite)
{
    struct generate_request request;
    uint64_t number;
    int result = 1;
    if (!generate_parse_name(name, &request, &number)) {
        complain("'%s' is no name of a generated scenario, like gen-pages-3-000123", name);
        return STATUS_USAGE;
    }
    struct generator *generator = new_generator(&request);
    if (!generator)
        return STATUS_USAGE;
    if (request.random)
        generator_seek(generator, number);
    while (generator_next(generator) < number && result == 1)
        result = generator_skip(generator);
    if (result == 1)
        result = generator_add(generator, suite);
    if (result == 0)
        complain("'%s': there are only %" PRIu64 " scenarios of these, from 0", name,
                 generator_next(generator));
    no_memory(result);
    generator_free(generator);
    return result == 1 ? STATUS_CLEAN : result == 0 ? STATUS_USAGE : STATUS_FAILED;
}

static enum status suite_of_names(const struct settings *settings, struct suite **suite)
{
    enum status status = STATUS_CLEAN;
    *suite = new_suite();
    for (size_t i = 0; i < settings->argument_count && status == STATUS_CLEAN; i++)
        status = add_named(settings->arguments[i], *suite);
    if (status != STATUS_CLEAN)
        suite_free(*suite);
    return status;
}

static enum status play_named(const struct settings *settings)
{
    struct fsim_plan plan;
    struct campaign campaign;
    struct suite *suite;
    enum status status = campaign_prepare(&campaign, settings, &plan);
    if (status == STATUS_CLEAN)
        status = suite_of_names(settings, &suite);
    if (status == STATUS_CLEAN)
        status = select_suite(&campaign, suite);
    if (status == STATUS_CLEAN)
        status = campaign_conduct(&campaign);
    campaign_release(&campaign);
    return status;
}

/* ---- as a suite ---- */

static void print_suite(const struct suite *suite)
{
    for (size_t i = 0; i < suite_count(suite); i++)
        printf("%s\n", suite_scenario(suite, i)->text);
}

static enum status print_named(const struct settings *settings)
{
    struct suite *suite;
    enum status status = suite_of_names(settings, &suite);
    if (status != STATUS_CLEAN)
        return status;
    printf("scenarios:\n");
    print_suite(suite);
    suite_free(suite);
    return STATUS_CLEAN;
}

static enum status print_all(const struct settings *settings)
{
    struct generation generation = {0};
    enum status status = read_request(settings, &generation);
    int result = 1;
    if (status != STATUS_CLEAN)
        return status;
    if (settings->random && generation.wanted == UINT64_MAX)
        generation.wanted = RANDOM_COUNT;
    struct generator *generator = new_generator(&generation.request);
    if (!generator)
        return STATUS_USAGE;
    printf("scenarios:\n");
    while (generator_next(generator) < generation.wanted && result == 1) {
        struct suite *suite = new_suite();
        result = generator_add(generator, suite);
        print_suite(suite);
        suite_free(suite);
    }
    generator_free(generator);
    return no_memory(result) ? STATUS_FAILED : STATUS_CLEAN;
}

static enum status run(const struct settings *settings)
{
    bool named = settings->argument_count > 0;
    if (settings->print)
        return named ? print_named(settings) : print_all(settings);
    return named ? play_named(settings) : play_all(settings);
}

const struct command generate_command = {
    .bit = COMMAND_GENERATE,
    .name = "generate",
    .synopsis = "[NAME...]",
    .summary = "make scenarios by rule, and crash them like those of suites",
    .about =
        "All sequences of --length operations over --alphabet, each once; or, with --random, long "
        "ones drawn from --seed. Each begins with something that is saved, and ends with a "
        "snapshot. No file is written: a scenario has a name, and 'pmacrash generate NAME' plays "
        "that one again; --print writes scenarios as a suite instead.\n"
        "\n"
        "An alphabet is made of operations and named sets, with commas between: pages, heap, "
        "stack, nouns, failures, space, all. With --random and a --budget, but no --count, the run "
        "goes on until the time is over.\n"
        "\n"
        "Exit code: as that of run; 4 if the budget was used up before all scenarios were played. "
        "The same command with --resume goes on.",
    .examples = "  pmacrash generate --alphabet pages --length 3\n"
                "  pmacrash generate --alphabet alloc,write,free,snapshot --length 4\n"
                "  pmacrash generate --random --count 1000 --seed 7 --budget 1m\n"
                "  pmacrash generate gen-pages-3-000123\n"
                "  pmacrash generate gen-pages-3-000123 --print >mine.yaml\n",
    .most = SIZE_MAX,
    .run = run,
};
