/* SPDX-License-Identifier: MIT */
/*
 * What it costs to change N scattered pages and make them durable: the arena beside LMDB.
 *
 * Each store holds the same number of 4 KiB values: LMDB under integer keys, with its default, safe
 * settings; the arena in its pages. A round overwrites the same N of them in each store, `update`,
 * and then makes that durable, `commit`. The stores take turns within a round, so that whatever
 * else the machine does meets all of them. Before the first round every value has been overwritten
 * six times at scattered places, and commits of every size were made, so that files have their
 * length, free space lies as it does in the long run, and hardly a block is written that never was.
 *
 *     commit [--json] [--rounds N] [--pages N] [--value-bytes N] [--directory DIR]
 *
 * Times are medians, in microseconds. A ratio says how many times as fast as LMDB.
 */
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pma/pma.h>

#include "bench.h"

static const unsigned sizes[] = {1, 16, 256, 1024, 4096};
enum { SIZES = sizeof(sizes) / sizeof(*sizes), LARGEST = 4096, WARM_UP = 1024, OVERWRITES = 6 };

struct settings {
    const char *directory;
    bool json;
    unsigned rounds;
    unsigned pages;
    size_t value_bytes;
};

/* A store under test. `update` writes `value` to the places `chosen`, `commit` makes it durable. */
struct store {
    const char *name;
    bool (*open)(struct store *store, const struct settings *settings);
    bool (*update)(struct store *store, const unsigned *chosen, unsigned count, const void *value);
    bool (*commit)(struct store *store);
    void (*close)(struct store *store);
    enum pma_copying copying;
    char path[512];
    size_t value_bytes;
    pma_t *arena;
    char *pages;
    MDB_env *environment;
    MDB_txn *transaction;
    MDB_dbi database;
    uint64_t commits;
    bool opened;
};

static bool lmdb_failed(int code, const char *what)
{
    if (code)
        fprintf(stderr, "commit: LMDB, %s: %s\n", what, mdb_strerror(code));
    return code != 0;
}

static bool lmdb_begin(struct store *store)
{
    return !lmdb_failed(mdb_txn_begin(store->environment, NULL, 0, &store->transaction), "begin");
}

static bool lmdb_open(struct store *store, const struct settings *settings)
{
    /* A value of 4096 bytes takes two pages there, and what one transaction frees another reuses
     * only later. */
    const size_t map_size = (size_t)settings->pages * PMA_PAGE_SIZE * 8;

    snprintf(store->path, sizeof(store->path), "%s/data.mdb", settings->directory);
    return !lmdb_failed(mdb_env_create(&store->environment), "create") &&
           !lmdb_failed(mdb_env_set_mapsize(store->environment, map_size), "map size") &&
           !lmdb_failed(mdb_env_open(store->environment, store->path, MDB_NOSUBDIR, 0600),
                        "open") &&
           lmdb_begin(store) &&
           !lmdb_failed(mdb_dbi_open(store->transaction, NULL, MDB_INTEGERKEY, &store->database),
                        "open the database") &&
           !lmdb_failed(mdb_txn_commit(store->transaction), "commit");
}

static bool lmdb_update(struct store *store, const unsigned *chosen, unsigned count,
                        const void *value)
{
    if (!lmdb_begin(store))
        return false;
    for (unsigned i = 0; i < count; i++) {
        MDB_val key = {.mv_data = (void *)&chosen[i], .mv_size = sizeof(chosen[i])};
        MDB_val data = {.mv_data = (void *)value, .mv_size = store->value_bytes};

        if (lmdb_failed(mdb_put(store->transaction, store->database, &key, &data, 0), "put"))
            return false;
    }
    return true;
}

static bool lmdb_commit(struct store *store)
{
    return !lmdb_failed(mdb_txn_commit(store->transaction), "commit");
}

static void lmdb_close(struct store *store)
{
    char lock[sizeof(store->path) + 8];

    mdb_env_close(store->environment);
    snprintf(lock, sizeof(lock), "%s-lock", store->path);
    unlink(lock);
}

static bool arena_failed(struct store *store, int code, const char *what)
{
    if (code)
        fprintf(stderr, "commit: arena, %s: %s %s\n", what, pma_strerror(code),
                pma_last_error(store->arena));
    return code != 0;
}

static bool arena_open(struct store *store, const struct settings *settings)
{
    struct pma_options options = PMA_OPTIONS_INIT;
    struct pma_error error;
    void *pages;

    options.copying = store->copying;
    options.base = PMA_DEFAULT_BASE + ((uint64_t)store->copying << 37);
    snprintf(store->path, sizeof(store->path), "%s/%s.pma", settings->directory, store->name);
    if (pma_create(store->path, &options, &store->arena, &error)) {
        fprintf(stderr, "commit: %s\n", error.text);
        return false;
    }
    if (arena_failed(store, pma_pages_alloc(store->arena, settings->pages, 0, &pages), "allocate"))
        return false;
    store->pages = pages;
    return true;
}

static bool arena_update(struct store *store, const unsigned *chosen, unsigned count,
                         const void *value)
{
    for (unsigned i = 0; i < count; i++)
        memcpy(store->pages + (size_t)chosen[i] * PMA_PAGE_SIZE, value, store->value_bytes);
    return true;
}

static bool arena_commit(struct store *store)
{
    return !arena_failed(store, pma_snapshot(store->arena, ++store->commits), "snapshot");
}

static void arena_close(struct store *store)
{
    pma_close(store->arena);
}

static struct store stores[] = {
    {.name = "lmdb",
     .open = lmdb_open,
     .update = lmdb_update,
     .commit = lmdb_commit,
     .close = lmdb_close},
    {.name = "eager",
     .open = arena_open,
     .update = arena_update,
     .commit = arena_commit,
     .close = arena_close,
     .copying = PMA_COPY_EAGER},
    {.name = "lazy",
     .open = arena_open,
     .update = arena_update,
     .commit = arena_commit,
     .close = arena_close,
     .copying = PMA_COPY_LAZY},
};
enum { STORES = sizeof(stores) / sizeof(*stores) };

/* Microseconds that the parts of one round took. */
struct sample {
    double update, commit;
};

static bool run_once(struct store *store, const unsigned *chosen, unsigned count, unsigned round,
                     struct sample *sample)
{
    unsigned char value[PMA_PAGE_SIZE];
    double begin, middle;

    memset(value, (int)round, sizeof(value));
    begin = bench_seconds() * 1e6;
    if (!store->update(store, chosen, count, value))
        return false;
    middle = bench_seconds() * 1e6;
    if (!store->commit(store))
        return false;
    *sample = (struct sample){middle - begin, bench_seconds() * 1e6 - middle};
    return true;
}

/* The first `count` of `order` become a random choice out of all of it. */
static void choose(unsigned *order, unsigned total, unsigned count, unsigned *seed)
{
    for (unsigned i = 0; i < count; i++) {
        const unsigned other = i + (unsigned)rand_r(seed) % (total - i), kept = order[i];

        order[i] = order[other];
        order[other] = kept;
    }
}

static bool warm_up(struct store *store, unsigned *order, unsigned total, unsigned *seed)
{
    struct sample ignored;

    for (unsigned overwrite = 0; overwrite < OVERWRITES; overwrite++) {
        choose(order, total, total, seed);
        for (unsigned done = 0; done < total; done += WARM_UP) {
            const unsigned rest = total - done;

            if (!run_once(store, order + done, rest < WARM_UP ? rest : WARM_UP, overwrite,
                          &ignored))
                return false;
        }
    }
    for (size_t i = 0; i < SIZES; i++) {
        choose(order, total, sizes[i], seed);
        if (!run_once(store, order, sizes[i], 0, &ignored))
            return false;
    }
    return true;
}

enum part { UPDATE, COMMIT, TOGETHER, PARTS };
static const char *const part_names[PARTS] = {"update", "commit", "together"};

static double median(const struct sample *samples, unsigned count, enum part part, double *scratch)
{
    for (unsigned i = 0; i < count; i++)
        scratch[i] =
            (part != COMMIT ? samples[i].update : 0) + (part != UPDATE ? samples[i].commit : 0);
    return bench_median(scratch, count);
}

static void print_size(unsigned size, struct sample *const samples[STORES],
                       const struct settings *settings, double *scratch)
{
    double reference[PARTS], value[PARTS];

    for (size_t store = 0; store < STORES; store++) {
        if (!stores[store].opened)
            continue;
        for (enum part part = 0; part < PARTS; part++)
            value[part] = median(samples[store], settings->rounds, part, scratch);
        if (store == 0)
            memcpy(reference, value, sizeof(reference));
        if (settings->json)
            printf("%s\n  {\"pages\": %u, \"store\": \"%s\"", size == sizes[0] && !store ? "" : ",",
                   size, stores[store].name);
        else
            printf("%6u  %-6s", size, stores[store].name);
        for (enum part part = 0; part < PARTS; part++)
            printf(settings->json ? ", \"%s_us\": %.1f, \"%s_ratio\": %.2f" : "%.0s%10.0f%.0s%7.2f",
                   part_names[part], value[part], part_names[part], reference[part] / value[part]);
        printf(settings->json ? "}" : "\n");
    }
}

static bool measure(const struct settings *settings, unsigned *order, unsigned *seed)
{
    struct sample *samples[STORES] = {0};
    double *scratch = calloc(settings->rounds, sizeof(*scratch));
    bool fine = scratch != NULL;

    for (size_t store = 0; store < STORES; store++) {
        samples[store] = calloc(settings->rounds, sizeof(*samples[store]));
        fine = fine && samples[store];
    }
    for (size_t i = 0; i < SIZES && fine; i++) {
        for (unsigned round = 0; round < settings->rounds && fine; round++) {
            choose(order, settings->pages, sizes[i], seed);
            for (size_t store = 0; store < STORES && fine; store++)
                fine = !stores[store].opened ||
                       run_once(&stores[store], order, sizes[i], round, &samples[store][round]);
        }
        if (fine)
            print_size(sizes[i], samples, settings, scratch);
    }
    for (size_t store = 0; store < STORES; store++)
        free(samples[store]);
    free(scratch);
    return fine;
}

static bool compare_stores(const struct settings *settings)
{
    unsigned *order = calloc(settings->pages, sizeof(*order)), seed = 1;
    bool fine = order != NULL;

    for (unsigned i = 0; i < settings->pages && fine; i++)
        order[i] = i;
    for (size_t i = 0; i < STORES && fine; i++) {
        stores[i].value_bytes = settings->value_bytes;
        stores[i].opened = stores[i].open(&stores[i], settings);
        fine = stores[i].opened && warm_up(&stores[i], order, settings->pages, &seed);
    }
    if (fine && settings->json)
        printf("[");
    else if (fine)
        printf("%6s  %-6s%10s%7s%10s%7s%10s%7s\n", "pages", "store", "update", "ratio", "commit",
               "ratio", "together", "ratio");
    fine = fine && measure(settings, order, &seed);
    if (fine && settings->json)
        printf("\n]\n");
    for (size_t i = 0; i < STORES; i++) {
        if (stores[i].opened)
            stores[i].close(&stores[i]);
        if (stores[i].path[0])
            unlink(stores[i].path);
    }
    free(order);
    return fine;
}

int main(int argc, char **argv)
{
    struct bench bench = {.name = "commit", .rounds = 11};
    unsigned pages = 65536, value_bytes = PMA_PAGE_SIZE;
    const struct bench_option options[] = {
        {"pages", LARGEST, 1 << 24, &pages},
        {"value-bytes", 1, PMA_PAGE_SIZE, &value_bytes},
    };
    const int result = bench_begin(&bench, argc, argv, options, sizeof(options) / sizeof(*options));
    struct settings settings;

    if (result)
        return result;
    settings = (struct settings){bench.directory, bench.json, bench.rounds, pages, value_bytes};
    return bench_end(&bench, compare_stores(&settings));
}
