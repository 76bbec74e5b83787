/* SPDX-License-Identifier: MIT */
/*
 * What an object of the persistent heap costs, made and freed, beside malloc and free of the C
 * library in the same process.
 *
 * The program stores a word to every object. Patterns, `batch` objects each: `at once` frees each
 * object before it makes the next; `last first` and `first first` make all of them and then free
 * them in that order; `random` keeps a batch and replaces one at random again and again. Sizes: 16
 * to 1024 bytes, and `mixed` ones from 16 to 1024. The two heaps take turns, round by round. The
 * arena is dirty: what a round needs has been changed since the last snapshot; but in the rows
 * `snapshot` one was taken just before each round, so that the first store to each page copies it.
 * The C library needs no lock while there is one thread, nor does the arena; with `thread` there is
 * a second one, asleep.
 *
 *     heap [--json] [--rounds N] [--batch N] [--directory DIR]
 *
 * Times are medians, in nanoseconds for one malloc with its free. A ratio says how many times as
 * slow as the C library.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pma/heap.h>

#include "bench.h"

enum { MIXED = 0, LARGEST = 1024, LEAST = 16 };
static const unsigned sizes[] = {16, 64, 256, 1024, MIXED};
enum { SIZES = sizeof(sizes) / sizeof(*sizes) };

struct settings {
    bool json;
    unsigned rounds;
    unsigned batch;
};

enum heap { LIBRARY, ARENA, HEAPS };

/* One round's work: `count` objects of these sizes, and the order of random ones. */
struct work {
    unsigned count;
    const unsigned *bytes;
    const unsigned *order;
    void **objects;
};

static pma_t *arena;

static void failed(const char *what, int code)
{
    fprintf(stderr, "heap: %s: %s (%s)\n", what, pma_strerror(code), pma_last_error(arena));
    exit(3);
}

static inline void *make(enum heap heap, size_t bytes)
{
    void *object = NULL;
    int result = 0;

    if (heap == LIBRARY)
        object = malloc(bytes);
    else
        result = pma_malloc(arena, bytes, &object);
    if (!object)
        failed("malloc", result ? result : -ENOMEM);
    *(volatile uint64_t *)object = bytes;
    return object;
}

static inline void drop(enum heap heap, void *object)
{
    int result = 0;

    if (heap == LIBRARY)
        free(object);
    else
        result = pma_free(arena, object);
    if (result)
        failed("free", result);
}

static void make_all(enum heap heap, const struct work *work)
{
    for (unsigned i = 0; i < work->count; i++)
        work->objects[i] = make(heap, work->bytes[i]);
}

static void at_once(enum heap heap, const struct work *work)
{
    for (unsigned i = 0; i < work->count; i++)
        drop(heap, make(heap, work->bytes[i]));
}

static void last_first(enum heap heap, const struct work *work)
{
    make_all(heap, work);
    for (unsigned i = work->count; i > 0; i--)
        drop(heap, work->objects[i - 1]);
}

static void first_first(enum heap heap, const struct work *work)
{
    make_all(heap, work);
    for (unsigned i = 0; i < work->count; i++)
        drop(heap, work->objects[i]);
}

static void replace_random(enum heap heap, const struct work *work)
{
    for (unsigned i = 0; i < work->count; i++) {
        drop(heap, work->objects[work->order[i]]);
        work->objects[work->order[i]] = make(heap, work->bytes[i]);
    }
}

struct pattern {
    const char *name;
    void (*run)(enum heap heap, const struct work *work);
    bool keeps; /* works on a batch that is there before and after */
    bool snapshot;
    bool thread;
};
static const struct pattern patterns[] = {
    {"at once", at_once, false, false, false},
    {"last first", last_first, false, false, false},
    {"first first", first_first, false, false, false},
    {"random", replace_random, true, false, false},
    {"snapshot, at once", at_once, false, true, false},
    {"snapshot, last first", last_first, false, true, false},
    {"snapshot, random", replace_random, true, true, false},
    {"thread, at once", at_once, false, false, true},
    {"thread, random", replace_random, true, false, true},
};
enum { PATTERNS = sizeof(patterns) / sizeof(*patterns) };

static double time_once(enum heap heap, const struct pattern *pattern, const struct work *work)
{
    double begin;
    int result = 0;

    if (pattern->snapshot && heap == ARENA)
        result = pma_snapshot(arena, 1);
    if (result)
        failed("snapshot", result);
    begin = bench_seconds() * 1e9;
    pattern->run(heap, work);
    return (bench_seconds() * 1e9 - begin) / work->count;
}

/* The batch of a pattern that keeps one, or an end of it. */
static void begin_or_end(const struct pattern *pattern, struct work works[HEAPS], bool begin)
{
    for (enum heap heap = 0; heap < HEAPS && pattern->keeps; heap++) {
        if (begin)
            make_all(heap, &works[heap]);
        for (unsigned i = 0; i < works[heap].count && !begin; i++)
            drop(heap, works[heap].objects[i]);
    }
}

static void measure(const struct settings *settings, const struct pattern *pattern, unsigned size,
                    struct work works[HEAPS], double *samples[HEAPS])
{
    static bool follows;
    double median[HEAPS];
    char name[16];

    begin_or_end(pattern, works, true);
    for (enum heap heap = 0; heap < HEAPS; heap++)
        time_once(heap, pattern, &works[heap]);
    for (unsigned round = 0; round < settings->rounds; round++) {
        for (enum heap heap = 0; heap < HEAPS; heap++)
            samples[heap][round] = time_once(heap, pattern, &works[heap]);
    }
    begin_or_end(pattern, works, false);
    for (enum heap heap = 0; heap < HEAPS; heap++)
        median[heap] = bench_median(samples[heap], settings->rounds);
    snprintf(name, sizeof(name), size == MIXED ? "mixed" : "%u", size);
    if (settings->json)
        printf("%s\n  {\"pattern\": \"%s\", \"bytes\": \"%s\", \"library_ns\": %.1f, "
               "\"arena_ns\": %.1f, \"ratio\": %.2f}",
               follows ? "," : "", pattern->name, name, median[LIBRARY], median[ARENA],
               median[ARENA] / median[LIBRARY]);
    else
        printf("%-22s %6s %10.1f %10.1f %7.2f\n", pattern->name, name, median[LIBRARY],
               median[ARENA], median[ARENA] / median[LIBRARY]);
    follows = true;
}

static void *sleep_on(void *mutex)
{
    pthread_mutex_lock(mutex);
    pthread_mutex_unlock(mutex);
    return NULL;
}

static void run_pattern(const struct settings *settings, const struct pattern *pattern,
                        unsigned *bytes, struct work works[HEAPS], double *samples[HEAPS])
{
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_t thread;
    unsigned seed = 1;

    pthread_mutex_lock(&mutex);
    if (pattern->thread && pthread_create(&thread, NULL, sleep_on, &mutex))
        failed("second thread", -EAGAIN);
    for (size_t i = 0; i < SIZES; i++) {
        for (unsigned j = 0; j < settings->batch; j++)
            bytes[j] = sizes[i] != MIXED ? sizes[i]
                                         : LEAST + (unsigned)rand_r(&seed) % (LARGEST - LEAST + 1);
        measure(settings, pattern, sizes[i], works, samples);
    }
    pthread_mutex_unlock(&mutex);
    if (pattern->thread)
        pthread_join(thread, NULL);
}

static bool compare_heaps(const struct settings *settings)
{
    unsigned *bytes = calloc(settings->batch, sizeof(*bytes));
    unsigned *order = calloc(settings->batch, sizeof(*order)), seed = 1;
    struct work works[HEAPS];
    double *samples[HEAPS];
    bool fine = bytes && order;

    for (enum heap heap = 0; heap < HEAPS; heap++) {
        works[heap] = (struct work){settings->batch, bytes, order,
                                    calloc(settings->batch, sizeof(*works->objects))};
        samples[heap] = calloc(settings->rounds, sizeof(*samples[heap]));
        fine = fine && works[heap].objects && samples[heap];
    }
    for (unsigned i = 0; i < settings->batch && fine; i++)
        order[i] = (unsigned)rand_r(&seed) % settings->batch;
    if (settings->json)
        printf("[");
    else
        printf("%-22s %6s %10s %10s %7s\n", "pattern", "bytes", "library", "arena", "ratio");
    for (size_t i = 0; i < PATTERNS && fine; i++)
        run_pattern(settings, &patterns[i], bytes, works, samples);
    if (settings->json)
        printf("\n]\n");
    for (enum heap heap = 0; heap < HEAPS; heap++) {
        free(works[heap].objects);
        free(samples[heap]);
    }
    free(bytes);
    free(order);
    return fine;
}

int main(int argc, char **argv)
{
    struct bench bench = {.name = "heap", .rounds = 31};
    struct settings settings = {.batch = 10000};
    const struct bench_option options[] = {{"batch", 1, 1 << 20, &settings.batch}};
    char path[300];
    struct pma_error error;
    bool fine;
    const int result = bench_begin(&bench, argc, argv, options, sizeof(options) / sizeof(*options));

    if (result)
        return result;
    settings.json = bench.json;
    settings.rounds = bench.rounds;
    snprintf(path, sizeof(path), "%s/heap.pma", bench.directory);
    fine = !pma_create(path, NULL, &arena, &error);
    if (fine)
        fine = compare_heaps(&settings);
    else
        fprintf(stderr, "heap: %s\n", error.text);
    pma_close(arena);
    unlink(path);
    return bench_end(&bench, fine);
}
