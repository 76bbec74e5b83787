/* SPDX-License-Identifier: MIT */
/*
 * Random operations on an arena and on a plain model of it in memory, side by side: everything that
 * the library offers, mixed, with opens in between.
 *
 * The operations come in episodes, each with an arena of its own and in a process of its own, so
 * that a crash is found like any other failure. A failing episode is played again with fewer and
 * fewer of its operations, and the shortest list that still fails is printed with the command that
 * plays it.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "arena_game.h"
#include "forked_play.h"

enum { EPISODE = 2000, MOST_TRIES = 4000, LOOK_EVERY = 97 };

static const struct option options[] = {{"seed", required_argument, NULL, 's'},
                                        {"operations", required_argument, NULL, 'n'},
                                        {"episode", required_argument, NULL, 'e'},
                                        {"only", required_argument, NULL, 'o'},
                                        {NULL, 0, NULL, 0}};

struct settings {
    const char *program;
    const struct arena_place *place;
    uint64_t seed, operations;
    unsigned episode;
    bool one_episode;
    unsigned only[EPISODE];
    size_t only_count;
};

/* One episode: what its arena is like follows from the seed alone. */
struct episode {
    const struct arena_place *place;
    uint64_t seed;
    bool tell;
};

static uint64_t episode_seed(uint64_t seed, unsigned episode)
{
    struct random random = {seed + UINT64_C(0x9e3779b97f4a7c15) * episode};

    return random_next(&random);
}

static void set_options(struct pma_options *wanted, uint64_t seed)
{
    static const uint32_t fanouts[] = {4, 4, 5, 0}, limits[] = {0, 0, 24, 64};
    struct random random = {seed};

    wanted->fanout = fanouts[random_below(&random, 4)];
    wanted->copying = random_below(&random, 2) == 0 ? PMA_COPY_EAGER : PMA_COPY_LAZY;
    wanted->resident_bytes = limits[random_below(&random, 4)] * PMA_PAGE_SIZE;
    wanted->mapping_limit = limits[random_below(&random, 4)];
    wanted->defragment_blocks = random_below(&random, 2) == 0 ? 0 : 4;
    wanted->verify = random_below(&random, 4) == 0;
    wanted->keep_blocks = random_below(&random, 2) == 0 ? 0 : 48;
}

static void describe(const struct pma_options *is, char *text, size_t bytes)
{
    snprintf(text, bytes,
             "copying %s, fan-out %u, at most %" PRIu64 " pages in memory, %u mappings, "
             "defragmenting %u%s",
             is->copying == PMA_COPY_LAZY ? "lazily" : "eagerly", is->fanout,
             is->resident_bytes / PMA_PAGE_SIZE, is->mapping_limit, is->defragment_blocks,
             is->verify ? ", verifying" : "");
}

/* What the process of an episode plays. */
static struct {
    const struct episode *episode;
    const unsigned *list;
    size_t count;
    volatile size_t *at;
} playing;

/* Each operation draws from a source of its own, so that it is the same whatever was before it. */
static void play_episode(void **state)
{
    const struct episode *episode = playing.episode;
    struct game *game = game_new(episode->place, episode->seed);

    unlink(episode->place->path); /* of a play before that came to a sudden end */
    game->tell = episode->tell;
    set_options(&game->options, episode->seed);
    game_create(game, game->options.fanout);
    for (size_t i = 0; i < playing.count; i++) {
        *playing.at = i;
        game->random.state = episode_seed(episode->seed, playing.list[i] + 1);
        game_any_move(game);
        if (playing.list[i] % LOOK_EVERY == 0)
            game_look(game);
    }
    game_look(game);
    game_snapshot(game);
    game_reopen(game);
    game_look(game);
    game_check_file(game);
    game_free(game);
}

/* As a test of its own, since only within one does cmocka say what was not as it should be. */
static void play(void *context, const unsigned *list, size_t count, volatile size_t *at)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(play_episode)};

    playing.episode = context;
    playing.list = list;
    playing.count = count;
    playing.at = at;
    cmocka_set_message_output(CM_OUTPUT_SUBUNIT);
    if (cmocka_run_group_tests(tests, NULL, NULL) == 0)
        exit(0);
    /* What a failed test leaves behind is no leak to be told of. */
    fflush(NULL);
    _exit(1);
}

static void print_list(const unsigned *list, size_t count)
{
    for (size_t i = 0; i < count;) {
        size_t end = i + 1;

        while (end < count && list[end] == list[end - 1] + 1)
            end++;
        printf("%s%u", i == 0 ? "" : ",", list[i]);
        if (end - i > 1)
            printf("-%u", list[end - 1]);
        i = end;
    }
}

/* "3,8-11" */
static bool read_list(struct settings *settings, const char *text)
{
    while (*text != '\0') {
        char *end;
        unsigned long first = strtoul(text, &end, 10), last = first;

        if (end == text)
            return false;
        if (*end == '-')
            last = strtoul(end + 1, &end, 10);
        if (last < first || last - first >= EPISODE - settings->only_count)
            return false;
        while (first <= last)
            settings->only[settings->only_count++] = (unsigned)first++;
        text = end + (*end == ',');
    }
    return true;
}

static void report(const struct settings *settings, unsigned number, struct episode *episode,
                   unsigned *list, size_t count)
{
    struct pma_options is = PMA_OPTIONS_INIT;
    struct forked_result result;
    char text[160];
    size_t left = forked_shrink(play, episode, list, count, MOST_TRIES);

    episode->tell = true;
    result = forked_run(play, episode, list, left);
    set_options(&is, episode->seed);
    describe(&is, text, sizeof text);
    printf("\nEpisode %u fails (%s).\n%s\n%zu of %zu operations are needed:\n%s%s"
           "\nTo repeat: %s --seed %" PRIu64 " --episode %u --only ",
           number, text, result.failed ? "" : "It does not fail every time.", left, count,
           result.text, result.failed ? "" : "(the last play went well)\n", settings->program,
           settings->seed, number);
    print_list(list, left);
    printf("\n");
}

static bool episode_passes(const struct settings *settings, unsigned number, size_t operations)
{
    struct episode episode = {.place = settings->place,
                              .seed = episode_seed(settings->seed, number),
                              .tell = settings->only_count > 0};
    unsigned list[EPISODE];
    struct forked_result result;

    for (unsigned i = 0; i < operations; i++)
        list[i] = i;
    if (settings->only_count > 0) {
        operations = settings->only_count;
        memcpy(list, settings->only, operations * sizeof *list);
    }
    result = forked_run(play, &episode, list, operations);
    if (settings->only_count > 0)
        printf("%s", result.text);
    else if (result.failed)
        report(settings, number, &episode, list, operations);
    return !result.failed;
}

static bool read_settings(struct settings *settings, int argc, char **argv)
{
    const char *seed = getenv("PMACRASH_TEST_SEED");
    int option;

    if (seed != NULL)
        settings->seed = strtoull(seed, NULL, 0);
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 's':
            settings->seed = strtoull(optarg, NULL, 0);
            break;
        case 'n':
            settings->operations = strtoull(optarg, NULL, 0);
            break;
        case 'e':
            settings->episode = (unsigned)strtoul(optarg, NULL, 0);
            settings->one_episode = true;
            break;
        case 'o':
            if (!read_list(settings, optarg))
                return false;
            break;
        default:
            return false;
        }
    }
    return optind == argc && settings->operations > 0;
}

/* Plays episode after episode, or the one that was asked for, until one fails. */
static bool all_pass(const struct settings *settings)
{
    uint64_t left = settings->operations;

    if (settings->one_episode)
        return episode_passes(settings, settings->episode, EPISODE);
    for (unsigned episode = 0; left > 0; episode++) {
        size_t operations = left < EPISODE ? (size_t)left : EPISODE;

        if (!episode_passes(settings, episode, operations))
            return false;
        left -= operations;
    }
    return true;
}

int main(int argc, char **argv)
{
    struct settings settings = {.program = argv[0], .seed = 1, .operations = 20000};
    void *place = NULL;
    bool passed;

    if (!read_settings(&settings, argc, argv)) {
        fprintf(stderr, "usage: %s [--seed S] [--operations N] [--episode E [--only 3,8-11]]\n",
                argv[0]);
        return 2;
    }
    if (arena_place_setup(&place) != 0) {
        perror("a directory for the arena");
        return 1;
    }
    settings.place = place;
    printf("arena_random: to repeat, --seed %" PRIu64 " --operations %" PRIu64 "\n", settings.seed,
           settings.operations);
    passed = all_pass(&settings);
    arena_place_teardown(&place);
    printf("%d passed, %d failed\n", passed, !passed);
    return !passed;
}
