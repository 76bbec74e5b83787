/* SPDX-License-Identifier: MIT */
/*
 * Scenarios on a real file system, on a disk whose writes are logged, against what the model says
 * of them. See docs/real-crashes.md; scripts/block-logs starts it.
 */
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <faultsim/capture.h>
#include <pma/fault_points.h>

#include "logged_crashes.h"
#include "logged_disk.h"
#include "subject.h"
#include "words.h"
#include "write_log.h"

enum { CLEAN, FOUND, USAGE, FAILED, SKIPPED = 77 };

static const struct option options[] = {
    {"format", required_argument, NULL, 'F'},   {"suites", required_argument, NULL, 'S'},
    {"copying", required_argument, NULL, 'c'},  {"fault", required_argument, NULL, 'f'},
    {"limit", required_argument, NULL, 'l'},    {"draw", required_argument, NULL, 'd'},
    {"seed", required_argument, NULL, 's'},     {"keep", required_argument, NULL, 'k'},
    {"ignore-flushes", no_argument, NULL, 'i'}, {0},
};

struct settings {
    const struct disk_format *format;
    const char *suites;
    const char *keep; /* a directory, or NULL */
    bool eager, lazy;
    struct fsim_plan plan;
    struct logged_crashes_options crashes;
};

static const struct settings defaults = {
    .suites = SUITES,
    .eager = true,
    .lazy = true,
    .crashes = {.blocks = 8192, .limit = 1024, .drawn = 64, .seed = 1},
};

struct totals {
    uint64_t plays, writes, disks, files, sightings, not_admitted, violations;
    bool sampled;
};

/* ---- one play ---- */

struct play {
    const struct settings *settings;
    const struct fsim_subject *inner;
    struct logged_disk disk;
    struct logged_crashes result;
    char kept[PATH_MAX]; /* how the names of kept files begin */
    int error;
};

static off_t beacon_offset(const struct play *play)
{
    return (off_t)(play->disk.blocks * DISK_BLOCK);
}

/* The model takes what is there when a recording begins for durable; the directory is, too. */
static int setup(void *context, const char *directory)
{
    const struct play *play = context;
    int error = play->inner->setup(play->inner->context, directory);
    if (error != 0)
        return error;
    int fd = open(directory, O_RDONLY | O_DIRECTORY);
    error = fd < 0 || syncfs(fd) < 0 ? -errno : 0;
    close(fd);
    return error;
}

static int record(void *context, const char *directory)
{
    const struct play *play = context;
    const uint64_t end[DISK_BLOCK / sizeof(uint64_t)] = {WRITE_LOG_END};
    fsim_capture_beacon(play->disk.beacon, beacon_offset(play));
    int error = play->inner->record(play->inner->context, directory);
    fsim_capture_beacon(-1, 0);
    if (error == 0 && pwrite(play->disk.beacon, end, sizeof end, beacon_offset(play)) != sizeof end)
        error = -EIO;
    return error;
}

/* The log is searched in place of the trace. */
static bool on_trace(void *sink, const fsim_trace_t *trace, const struct fsim_crash_point *points,
                     size_t count)
{
    struct play *play = sink;
    struct logged_crashes_options crashes = play->settings->crashes;
    crashes.keep = play->settings->keep != NULL ? play->kept : NULL;
    play->error = logged_disk_finish(&play->disk);
    if (play->error != 0)
        snprintf(play->result.first, sizeof play->result.first, "%s", play->disk.reason);
    else
        play->error =
            logged_crashes_judge(play->inner, trace, play->disk.log, &crashes, &play->result);
    return false;
}

static int record_and_judge(struct play *play)
{
    const struct fsim_subject subject = {.name = play->inner->name,
                                         .context = play,
                                         .setup = setup,
                                         .record = record,
                                         .recover = play->inner->recover};
    const struct fsim_options explore = {.work_directory = play->disk.mounted,
                                         .plan = &play->settings->plan,
                                         .skip_code = PMA_FAULT_SKIP,
                                         .sink = play,
                                         .on_trace = on_trace};
    struct fsim_summary summary;
    int error = fsim_crash_test(&subject, &explore, &summary);
    if (error != 0)
        snprintf(play->result.first, sizeof play->result.first, "%s", summary.error);
    return error != 0 ? error : play->error;
}

static void print_row(const struct play *play, const char *copying)
{
    const struct logged_crashes *result = &play->result;
    printf("%-32s %-5s %6zu %6zu %8llu%s %6llu %8llu %6llu %6llu\n", play->inner->name, copying,
           result->writes, result->flushes, (unsigned long long)result->disks,
           result->sampled ? "+" : " ", (unsigned long long)result->files,
           (unsigned long long)result->sightings, (unsigned long long)result->not_admitted,
           (unsigned long long)result->violations);
    if (result->first[0] != '\0')
        printf("    %s\n", result->first);
    fflush(stdout);
}

static void add(struct totals *totals, const struct logged_crashes *result)
{
    totals->plays++;
    totals->writes += result->writes;
    totals->disks += result->disks;
    totals->files += result->files;
    totals->sightings += result->sightings;
    totals->not_admitted += result->not_admitted;
    totals->violations += result->violations;
    totals->sampled |= result->sampled;
}

static const char *copying_name(enum pma_copying copying)
{
    return copying == PMA_COPY_LAZY ? "lazy" : "eager";
}

static int play(const struct settings *settings, const struct scenario *scenario,
                enum pma_copying copying, results_oracle_t *oracle, struct totals *totals)
{
    const struct subject_options subject_options = {.oracle = oracle, .copying = copying};
    struct play play = {.settings = settings};
    struct subject *subject;
    int error = subject_new(scenario, &subject_options, &subject);
    if (error != 0)
        return error;
    play.inner = subject_faultsim(subject);
    snprintf(play.kept, sizeof play.kept, "%s/%s-%s-%s", settings->keep ? settings->keep : "",
             settings->format->name, scenario->name, copying_name(copying));
    error = logged_disk_open(&play.disk, settings->format, settings->crashes.blocks);
    if (error != 0)
        snprintf(play.result.first, sizeof play.result.first, "%s", play.disk.reason);
    else
        error = record_and_judge(&play);
    if (error != 0)
        fprintf(stderr, "block_logs: %s: %s%s%s\n", scenario->name, play.result.first,
                *subject_failure(subject) ? ": " : "", subject_failure(subject));
    else
        print_row(&play, copying_name(copying));
    add(totals, &play.result);
    logged_disk_close(&play.disk);
    subject_free(subject);
    return error;
}

/* ---- all of them ---- */

static bool is_wanted(const struct scenario *scenario, char **patterns, int count)
{
    for (int i = 0; i < count; i++)
        if (fnmatch(patterns[i], scenario->name, 0) == 0)
            return true;
    return count == 0;
}

static bool plays_in(const struct settings *settings, const struct scenario *scenario,
                     enum pma_copying copying)
{
    bool wanted = copying == PMA_COPY_LAZY ? settings->lazy : settings->eager;
    return wanted && (!scenario->has_copying || scenario->copying == copying);
}

/* The disks are short ones, and some arenas begin with a file that is longer. */
static bool fits(const struct settings *settings, const struct scenario *scenario)
{
    return scenario->initial_blocks < settings->crashes.blocks;
}

static void print_totals(const struct settings *settings, const struct totals *totals)
{
    printf("%s: %llu plays, %llu writes, %llu disks mounted and read%s, %llu file contents, "
           "judged %llu times: %llu that the model does not admit, %llu violations\n",
           settings->format->name, (unsigned long long)totals->plays,
           (unsigned long long)totals->writes, (unsigned long long)totals->disks,
           totals->sampled ? " (where a flush has too many before it, drawn)" : "",
           (unsigned long long)totals->files, (unsigned long long)totals->sightings,
           (unsigned long long)totals->not_admitted, (unsigned long long)totals->violations);
}

static int play_all(const struct settings *settings, char **patterns, int count)
{
    char message[512];
    struct suite *suite = NULL;
    results_oracle_t *oracle = NULL;
    struct totals totals = {0};
    int error = suite_load(settings->suites, &suite, message, sizeof message);
    if (error == 0)
        error = results_oracle_new(&oracle, message, sizeof message);
    if (error != 0) {
        fprintf(stderr, "block_logs: %s\n", message);
        return FAILED;
    }
    printf("%-32s %-5s %6s %6s %9s %6s %8s %6s %6s\n", "scenario", "", "writes", "flush", "disks",
           "files", "judged", "wrong", "viol.");
    for (size_t i = 0; error == 0 && i < suite_count(suite); i++) {
        const struct scenario *scenario = suite_scenario(suite, i);
        if (!is_wanted(scenario, patterns, count))
            continue;
        if (!fits(settings, scenario))
            printf("%-32s left out: its file is longer than the disk\n", scenario->name);
        for (int copying = PMA_COPY_EAGER; error == 0 && copying <= PMA_COPY_LAZY; copying++)
            if (fits(settings, scenario) && plays_in(settings, scenario, copying))
                error = play(settings, scenario, copying, oracle, &totals);
    }
    print_totals(settings, &totals);
    results_oracle_free(oracle);
    suite_free(suite);
    if (error == 0 && totals.plays == 0)
        fprintf(stderr, "block_logs: no scenario is called like that\n");
    return error != 0 || totals.plays == 0                    ? FAILED
           : totals.not_admitted > 0 || totals.violations > 0 ? FOUND
                                                              : CLEAN;
}

static bool parse(int argc, char **argv, struct settings *settings)
{
    char message[256];
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case 'F':
            settings->format = disk_format_named(optarg);
            break;
        case 'S':
            settings->suites = optarg;
            break;
        case 'c':
            settings->eager = strcmp(optarg, "lazy") != 0;
            settings->lazy = strcmp(optarg, "eager") != 0;
            break;
        case 'f':
            if (fsim_plan_parse(optarg, words_fault_point, &settings->plan, message,
                                sizeof message) == 0)
                break;
            fprintf(stderr, "block_logs: %s\n", message);
            return false;
        case 'l':
            settings->crashes.limit = strtoull(optarg, NULL, 10);
            break;
        case 'd':
            settings->crashes.drawn = strtoull(optarg, NULL, 10);
            break;
        case 's':
            settings->crashes.seed = strtoull(optarg, NULL, 10);
            break;
        case 'k':
            settings->keep = optarg;
            break;
        case 'i':
            settings->crashes.ignore_flushes = true;
            break;
        default:
            return false;
        }
    }
    if (settings->format == NULL)
        return false;
    settings->crashes.format = settings->format->name;
    return true;
}

int main(int argc, char **argv)
{
    struct settings settings = defaults;
    if (!parse(argc, argv, &settings)) {
        fprintf(stderr, "block_logs: --format ext4 or xfs is needed; scripts/block-logs --help "
                        "tells the rest\n");
        return USAGE;
    }
    return play_all(&settings, argv + optind, argc - optind);
}
