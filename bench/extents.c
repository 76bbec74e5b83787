/* SPDX-License-Identifier: MIT */
/*
 * An arena in a million pieces: what it costs to make, to read and to open.
 *
 * Every second page of a range is written, in random order, so that each is an extent of its own
 * between two holes. Beside it, for what has a counterpart, one shared mapping of a file as large:
 * its pages are written and read in the same order, and synced.
 *
 *     extents [--json] [--lazy] [--extents N] [--rounds N] [--mapping-limit N] [--resident-mb N]
 *             [--directory DIR]
 *
 * Times are medians of the rounds, in seconds; for open and its first read in milliseconds.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pma/check.h>
#include <pma/pma.h>

#include "bench.h"

enum { STEPS_APART = 2, CHANGES = 1000, LATER_SNAPSHOTS = 3 };

struct settings {
    const char *directory;
    bool json;
    unsigned rounds;
    unsigned extents;
    struct pma_options options;
};

enum phase {
    WRITE,
    SNAPSHOT,
    OPEN, /* and the first read */
    OPEN_EMPTY,
    VERIFY,
    CHANGE, /* some pages, and a snapshot */
    CHECK,
    BARE_WRITE,
    BARE_SYNC,
    BARE_READ,
    PHASES
};

struct row {
    enum phase phase;
    const char *name;
    double scale;
    const char *unit;
    int peer; /* a phase to compare with, or -1 */
};

static const struct row rows[] = {
    {WRITE, "write every second page", 1, "s", BARE_WRITE},
    {SNAPSHOT, "snapshot", 1, "s", BARE_SYNC},
    {OPEN, "open and first read", 1e3, "ms", OPEN_EMPTY},
    {OPEN_EMPTY, "the same, empty arena", 1e3, "ms", -1},
    {VERIFY, "read every page", 1, "s", BARE_READ},
    {CHANGE, "change 1000, snapshot", 1e3, "ms", -1},
    {CHECK, "check both snapshots", 1, "s", -1},
};

struct run {
    const struct settings *settings;
    char path[512];
    unsigned *order;
    double *seconds[PHASES];
    unsigned round;
    double started;
    double first_ratio, last_ratio; /* of the file to the data, after one and after all snapshots */
    struct pma_stat stat;
};

static void start(struct run *run)
{
    run->started = bench_seconds();
}

static void stop(struct run *run, enum phase phase)
{
    run->seconds[phase][run->round] = bench_seconds() - run->started;
}

static bool failed(pma_t *arena, int code, const char *what)
{
    if (code)
        fprintf(stderr, "extents: %s: %s %s\n", what, pma_strerror(code), pma_last_error(arena));
    return code != 0;
}

static volatile uint64_t *word_of(char *pages, unsigned extent)
{
    return (volatile uint64_t *)(pages + (size_t)extent * STEPS_APART * PMA_PAGE_SIZE);
}

static uint64_t value_of(unsigned extent)
{
    return (extent + 1) * UINT64_C(0x9e3779b97f4a7c15);
}

static pma_t *open_arena(const struct run *run)
{
    struct pma_error error;
    pma_t *arena = NULL;

    if (pma_open(run->path, &run->settings->options, &arena, &error))
        fprintf(stderr, "extents: %s\n", error.text);
    return arena;
}

static pma_t *create_arena(struct run *run, const char *name, size_t pages)
{
    struct pma_error error;
    pma_t *arena = NULL;
    void *address;

    snprintf(run->path, sizeof(run->path), "%s/%s", run->settings->directory, name);
    unlink(run->path);
    if (pma_create(run->path, &run->settings->options, &arena, &error))
        fprintf(stderr, "extents: %s\n", error.text);
    if (arena && failed(arena, pma_pages_alloc(arena, pages, 0, &address), "allocate")) {
        pma_close(arena);
        arena = NULL;
    }
    return arena;
}

static double file_ratio(const struct run *run)
{
    struct stat status;

    return stat(run->path, &status)
               ? 0
               : (double)status.st_size / PMA_PAGE_SIZE / (double)run->settings->extents;
}

static bool make(struct run *run)
{
    const unsigned extents = run->settings->extents;
    pma_t *arena = create_arena(run, "extents.pma", (size_t)extents * STEPS_APART);
    bool fine = arena != NULL;

    if (!fine)
        return false;
    start(run);
    for (unsigned i = 0; i < extents; i++)
        *word_of(pma_base(arena), run->order[i]) = value_of(run->order[i]);
    stop(run, WRITE);
    start(run);
    fine = !failed(arena, pma_snapshot(arena, 1), "snapshot");
    stop(run, SNAPSHOT);
    fine = fine && !failed(arena, pma_stat(arena, &run->stat), "statistics");
    pma_close(arena);
    run->first_ratio = file_ratio(run);
    return fine;
}

static bool read_all(struct run *run, pma_t *arena)
{
    start(run);
    for (unsigned i = 0; i < run->settings->extents; i++) {
        if (*word_of(pma_base(arena), run->order[i]) != value_of(run->order[i])) {
            fprintf(stderr, "extents: page of extent %u is wrong\n", run->order[i]);
            return false;
        }
    }
    stop(run, VERIFY);
    return true;
}

static bool change_some(struct run *run, pma_t *arena)
{
    start(run);
    for (unsigned snapshot = 0; snapshot < LATER_SNAPSHOTS; snapshot++) {
        for (unsigned i = 0; i < CHANGES && i < run->settings->extents; i++)
            *word_of(pma_base(arena), run->order[i]) = value_of(run->order[i]);
        if (failed(arena, pma_snapshot(arena, 2 + snapshot), "snapshot"))
            return false;
    }
    stop(run, CHANGE);
    run->seconds[CHANGE][run->round] /= LATER_SNAPSHOTS;
    return true;
}

static bool reopen(struct run *run)
{
    pma_t *arena;
    bool fine;

    start(run);
    arena = open_arena(run);
    if (!arena)
        return false;
    fine = *word_of(pma_base(arena), run->order[0]) == value_of(run->order[0]);
    stop(run, OPEN);
    fine = fine && read_all(run, arena) && change_some(run, arena);
    pma_close(arena);
    run->last_ratio = file_ratio(run);
    return fine;
}

static bool check(struct run *run)
{
    const struct pma_check_visitor visitor = {0};
    struct pma_check_report report;
    struct pma_error error;

    start(run);
    if (pma_check(run->path, NULL, &visitor, &report, &error)) {
        fprintf(stderr, "extents: %s\n", error.text);
        return false;
    }
    stop(run, CHECK);
    return report.findings == 0;
}

static bool open_empty(struct run *run)
{
    pma_t *arena = create_arena(run, "empty.pma", 1);
    bool fine = arena && !failed(arena, pma_snapshot(arena, 1), "snapshot");

    pma_close(arena);
    if (!fine)
        return false;
    start(run);
    arena = open_arena(run);
    fine = arena && *word_of(pma_base(arena), 0) == 0;
    stop(run, OPEN_EMPTY);
    pma_close(arena);
    unlink(run->path);
    return fine;
}

static bool bare(struct run *run)
{
    const size_t bytes = (size_t)run->settings->extents * PMA_PAGE_SIZE;
    volatile uint64_t sum = 0;
    char path[512], *pages;
    bool fine;
    int fd;

    snprintf(path, sizeof(path), "%s/bare", run->settings->directory);
    fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    fine = fd >= 0 && fallocate(fd, 0, 0, (off_t)bytes) == 0;
    pages = fine ? mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;
    if (pages != MAP_FAILED) {
        madvise(pages, bytes, MADV_RANDOM);
        start(run);
        for (unsigned i = 0; i < run->settings->extents; i++)
            *(volatile uint64_t *)(pages + (size_t)run->order[i] * PMA_PAGE_SIZE) = i;
        stop(run, BARE_WRITE);
        start(run);
        fine = fdatasync(fd) == 0;
        stop(run, BARE_SYNC);
        munmap(pages, bytes);
        pages = mmap(NULL, bytes, PROT_READ, MAP_SHARED, fd, 0);
    }
    fine = fine && pages != MAP_FAILED;
    if (fine) {
        start(run);
        for (unsigned i = 0; i < run->settings->extents; i++)
            sum += *(volatile uint64_t *)(pages + (size_t)run->order[i] * PMA_PAGE_SIZE);
        stop(run, BARE_READ);
        munmap(pages, bytes);
    }
    if (!fine)
        fprintf(stderr, "extents: %s: %s\n", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    unlink(path);
    return fine;
}

static double median(const struct run *run, enum phase phase)
{
    return bench_median(run->seconds[phase], run->settings->rounds);
}

/* How many times as long as its peer; 0 if there is none, or it takes no time here to speak of. */
static double ratio(const struct run *run, const struct row *row)
{
    const double least = 2e-5;
    const double peer = row->peer >= 0 ? median(run, (enum phase)row->peer) : 0;

    return peer > least ? median(run, row->phase) / peer : 0;
}

static void print_table(const struct run *run)
{
    printf("%-26s %12s %12s\n", "", "", "to bare/empty");
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        const double value = median(run, rows[i].phase);

        printf("%-26s %9.2f %-2s", rows[i].name, value * rows[i].scale, rows[i].unit);
        if (ratio(run, &rows[i]) > 0)
            printf(" %11.1fx", ratio(run, &rows[i]));
        printf("\n");
    }
    printf("%-26s %9.3f    after one snapshot, %.3f after %d\n", "file to data", run->first_ratio,
           run->last_ratio, 1 + LATER_SNAPSHOTS);
    printf("%-26s %9lu    of %lu pages, %lu mappings when written\n", "extents", run->stat.extents,
           run->stat.pages, run->stat.mappings);
}

static void print_json(const struct run *run)
{
    printf("{\"extents\": %lu", run->stat.extents);
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        const double value = median(run, rows[i].phase);

        printf(",\n  \"%s\": {\"seconds\": %.6f", rows[i].name, value);
        if (ratio(run, &rows[i]) > 0)
            printf(", \"ratio\": %.2f", ratio(run, &rows[i]));
        printf("}");
    }
    printf(",\n  \"file to data\": {\"first\": %.4f, \"last\": %.4f}}\n", run->first_ratio,
           run->last_ratio);
}

static bool measure(const struct settings *settings)
{
    struct run run = {.settings = settings};
    unsigned seed = 1;
    bool fine;

    run.order = calloc(settings->extents, sizeof(*run.order));
    fine = run.order != NULL;
    for (enum phase phase = 0; phase < PHASES; phase++) {
        run.seconds[phase] = calloc(settings->rounds, sizeof(double));
        fine = fine && run.seconds[phase];
    }
    for (unsigned i = 0; i < settings->extents && fine; i++) {
        const unsigned other = (unsigned)rand_r(&seed) % (i + 1);

        run.order[i] = run.order[other];
        run.order[other] = i;
    }
    for (run.round = 0; run.round < settings->rounds && fine; run.round++) {
        fine = bare(&run) && open_empty(&run) && make(&run) && reopen(&run) && check(&run);
        unlink(run.path);
    }
    if (fine && settings->json)
        print_json(&run);
    else if (fine)
        print_table(&run);
    for (enum phase phase = 0; phase < PHASES; phase++)
        free(run.seconds[phase]);
    free(run.order);
    return fine;
}

int main(int argc, char **argv)
{
    struct bench bench = {.name = "extents", .rounds = 1};
    struct settings settings = {.extents = 1000000, .options = PMA_OPTIONS_INIT};
    unsigned lazy = 0, resident_mb = 0;
    const struct bench_option options[] = {
        {"lazy", 0, 0, &lazy},
        {"extents", 1, (1 << 23) - 1, &settings.extents},
        {"mapping-limit", 1, INT32_MAX, &settings.options.mapping_limit},
        {"resident-mb", 1, 1 << 20, &resident_mb},
    };
    const int result = bench_begin(&bench, argc, argv, options, sizeof(options) / sizeof(*options));

    if (result)
        return result;
    settings.directory = bench.directory;
    settings.json = bench.json;
    settings.rounds = bench.rounds;
    settings.options.copying = lazy ? PMA_COPY_LAZY : PMA_COPY_EAGER;
    settings.options.resident_bytes = (uint64_t)resident_mb << 20;
    return bench_end(&bench, measure(&settings));
}
