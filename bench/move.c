/* SPDX-License-Identifier: MIT */
/*
 * What it costs to move an object, beside copying it and beside the kernel alone.
 *
 * An object is moved to and fro between two addresses of the arena. Beside it, in the same round,
 * as many bytes are copied to fresh anonymous memory, which is the cheapest there is to copy to,
 * and a mapping of the same kind and size is moved by a bare mremap.
 *
 *     move [--json] [--rounds N] [--directory DIR]
 *
 * Times are medians, in microseconds. `copy` says how many times as long copying takes, `bare` how
 * many times as long as a bare mremap a move takes.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <pma/pma.h>

#include "bench.h"

enum { KIB = 1 << 10, MIB = 1 << 20, TABLE = 2 * MIB };

enum kind { CLEAN, DIRTY, EPHEMERAL };
static const char *const kind_names[] = {"clean", "dirty", "ephemeral"};

enum shape {
    CONGRUENT, /* one extent; both addresses are multiples of 2 MiB */
    SHIFTED,   /* one extent; the addresses differ by a page, modulo 2 MiB */
    SCATTERED  /* congruent, but each page an extent */
};
static const char *const shape_names[] = {"one extent", "incongruent", "page extents"};

static const struct row {
    enum kind kind;
    enum shape shape;
    size_t bytes;
} rows[] = {
    {CLEAN, CONGRUENT, 64 * KIB},      {CLEAN, CONGRUENT, 1 * MIB},
    {CLEAN, CONGRUENT, 16 * MIB},      {CLEAN, CONGRUENT, 64 * MIB},
    {CLEAN, CONGRUENT, 256 * MIB},     {DIRTY, CONGRUENT, 64 * KIB},
    {DIRTY, CONGRUENT, 1 * MIB},       {DIRTY, CONGRUENT, 16 * MIB},
    {DIRTY, CONGRUENT, 64 * MIB},      {DIRTY, CONGRUENT, 256 * MIB},
    {EPHEMERAL, CONGRUENT, 64 * KIB},  {EPHEMERAL, CONGRUENT, 1 * MIB},
    {EPHEMERAL, CONGRUENT, 16 * MIB},  {EPHEMERAL, CONGRUENT, 64 * MIB},
    {EPHEMERAL, CONGRUENT, 256 * MIB}, {CLEAN, SHIFTED, 1 * MIB},
    {CLEAN, SHIFTED, 64 * MIB},        {EPHEMERAL, SHIFTED, 64 * MIB},
    {CLEAN, SCATTERED, 1 * MIB},       {CLEAN, SCATTERED, 16 * MIB},
};
enum { ROWS = sizeof(rows) / sizeof(*rows) };

/* Medians of one row, in microseconds. */
struct result {
    double move, copy, bare;
};

struct trial {
    const struct row *row;
    pma_t *arena;
    char arena_path[512], file_path[512];
    unsigned char *object, *other; /* where the object is, and where it goes next */
    unsigned char *mapping, *bare_other;
    int file;
};

static bool fail(const char *what)
{
    fprintf(stderr, "move: %s: %s\n", what, strerror(errno));
    return false;
}

static bool arena_failed(const struct trial *trial, int code, const char *what)
{
    if (code)
        fprintf(stderr, "move: arena, %s: %s %s\n", what, pma_strerror(code),
                pma_last_error(trial->arena));
    return code != 0;
}

static size_t shift_of(const struct row *row)
{
    return row->shape == SHIFTED ? PMA_PAGE_SIZE : 0;
}

/* Blocks go up where pages go down, so that no page continues its neighbour. */
static bool fill_scattered(struct trial *trial)
{
    for (size_t at = trial->row->bytes; at > 0; at -= PMA_PAGE_SIZE) {
        unsigned char *page = trial->object + at - PMA_PAGE_SIZE;

        if (arena_failed(trial, pma_dirty(trial->arena, page, PMA_PAGE_SIZE), "make writable"))
            return false;
        memset(page, 1, PMA_PAGE_SIZE);
    }
    return true;
}

static bool fill(struct trial *trial)
{
    if (trial->row->shape == SCATTERED)
        return fill_scattered(trial);
    if (arena_failed(trial, pma_dirty(trial->arena, trial->object, trial->row->bytes),
                     "make writable"))
        return false;
    memset(trial->object, 1, trial->row->bytes);
    return true;
}

static bool make_object(struct trial *trial, const struct bench *bench)
{
    const size_t pages = trial->row->bytes / PMA_PAGE_SIZE;
    const bool ephemeral = trial->row->kind == EPHEMERAL;
    struct pma_options options = PMA_OPTIONS_INIT;
    struct pma_error error;

    snprintf(trial->arena_path, sizeof(trial->arena_path), "%s/move.pma", bench->directory);
    options.initial_blocks = ephemeral ? 0 : (uint32_t)(pages + pages / 8 + 256);
    options.mapping_limit = 60000;
    if (pma_create(trial->arena_path, &options, &trial->arena, &error)) {
        fprintf(stderr, "move: %s\n", error.text);
        return false;
    }
    trial->object = pma_base(trial->arena);
    trial->other = trial->object + (size_t)1024 * MIB + shift_of(trial->row);
    if (arena_failed(
            trial,
            pma_pages_alloc_at(trial->arena, trial->object, pages, ephemeral ? PMA_EPHEMERAL : 0),
            "allocate") ||
        !fill(trial))
        return false;
    return trial->row->kind != CLEAN ||
           !arena_failed(trial, pma_snapshot(trial->arena, 1), "snapshot");
}

/* Reserves memory, at a multiple of 2 MiB, for a mapping and the place that it moves to. */
static bool make_mapping(struct trial *trial, const struct bench *bench)
{
    const size_t bytes = trial->row->bytes, distance = bytes + 2 * TABLE;
    const bool file = trial->row->kind != EPHEMERAL;
    unsigned char *range = mmap(NULL, 2 * distance + TABLE, PROT_NONE,
                                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (range == MAP_FAILED)
        return fail("a range of memory");
    range += TABLE - (uintptr_t)range % TABLE;
    if (file) {
        snprintf(trial->file_path, sizeof(trial->file_path), "%s/move.bare", bench->directory);
        trial->file = open(trial->file_path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        if (trial->file < 0 || ftruncate(trial->file, (off_t)bytes))
            return fail(trial->file_path);
    }
    trial->mapping =
        mmap(range, bytes, PROT_READ | PROT_WRITE,
             (file ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS) | MAP_FIXED, trial->file, 0);
    if (trial->mapping == MAP_FAILED)
        return fail("a bare mapping");
    if (file)
        madvise(trial->mapping, bytes, MADV_RANDOM);
    memset(trial->mapping, 1, bytes);
    if (trial->row->kind == CLEAN &&
        (mprotect(trial->mapping, bytes, PROT_READ) || fdatasync(trial->file)))
        return fail("a clean mapping");
    trial->bare_other = range + (distance + TABLE - 1) / TABLE * TABLE + shift_of(trial->row);
    return true;
}

static bool time_move(struct trial *trial, double *sample)
{
    const double begin = bench_seconds() * 1e6;
    int code = pma_pages_move(trial->arena, trial->other, trial->object,
                              trial->row->bytes / PMA_PAGE_SIZE, 0);
    unsigned char *now = trial->other;

    *sample = bench_seconds() * 1e6 - begin;
    trial->other = trial->object;
    trial->object = now;
    return !arena_failed(trial, code, "move");
}

static bool time_copy(struct trial *trial, double *sample)
{
    const size_t bytes = trial->row->bytes;
    const double begin = bench_seconds() * 1e6;
    void *fresh = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (fresh == MAP_FAILED)
        return fail("fresh memory");
    memcpy(fresh, trial->object, bytes);
    *sample = bench_seconds() * 1e6 - begin;
    munmap(fresh, bytes);
    return true;
}

static bool time_bare(struct trial *trial, double *sample)
{
    const size_t bytes = trial->row->bytes;
    const double begin = bench_seconds() * 1e6;
    unsigned char *now =
        mremap(trial->mapping, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, trial->bare_other);

    *sample = bench_seconds() * 1e6 - begin;
    if (now == MAP_FAILED)
        return fail("mremap");
    trial->bare_other = trial->mapping;
    trial->mapping = now;
    return true;
}

static bool measure(struct trial *trial, unsigned rounds, struct result *result)
{
    double *samples = calloc(3 * (size_t)rounds, sizeof(*samples));
    double *move = samples, *copy = samples + rounds, *bare = samples + 2 * (size_t)rounds;
    bool fine = samples != NULL;

    /* Who comes right after the copy finds nothing in the processor's caches: they take turns. */
    for (unsigned i = 0; i < rounds && fine; i++)
        fine = (i % 2 ? time_move(trial, &move[i]) && time_bare(trial, &bare[i])
                      : time_bare(trial, &bare[i]) && time_move(trial, &move[i])) &&
               time_copy(trial, &copy[i]);
    if (fine)
        *result = (struct result){bench_median(move, rounds), bench_median(copy, rounds),
                                  bench_median(bare, rounds)};
    free(samples);
    return fine;
}

static bool run(const struct row *row, const struct bench *bench, struct result *result)
{
    struct trial trial = {.row = row, .file = -1};
    bool fine = make_object(&trial, bench) && make_mapping(&trial, bench) &&
                measure(&trial, bench->rounds, result);

    pma_close(trial.arena);
    if (trial.mapping)
        munmap(trial.mapping, row->bytes);
    if (trial.file >= 0)
        close(trial.file);
    if (trial.file_path[0])
        unlink(trial.file_path);
    unlink(trial.arena_path);
    return fine;
}

static void print_row(const struct row *row, const struct result *result, bool json, bool first)
{
    printf(json ? "%s{\"object\": \"%s\", \"shape\": \"%s\", \"kib\": %zu, \"move_us\": %.1f, "
                  "\"copy_us\": %.1f, \"copy_ratio\": %.1f, \"mremap_us\": %.1f, "
                  "\"mremap_ratio\": %.2f}"
                : "%s%-10s  %-12s  %8zu  %9.1f  %10.1f  %7.1f  %9.1f  %6.2f\n",
           !json   ? ""
           : first ? "\n  "
                   : ",\n  ",
           kind_names[row->kind], shape_names[row->shape], row->bytes / KIB, result->move,
           result->copy, result->copy / result->move, result->bare, result->move / result->bare);
}

static bool run_all(const struct bench *bench)
{
    struct result result;

    if (bench->json)
        printf("[");
    else
        printf("%-10s  %-12s  %8s  %9s  %10s  %7s  %9s  %6s\n", "object", "shape", "KiB", "move",
               "memcpy", "copy", "mremap", "bare");
    for (size_t i = 0; i < ROWS; i++) {
        if (!run(&rows[i], bench, &result))
            return false;
        print_row(&rows[i], &result, bench->json, i == 0);
        fflush(stdout);
    }
    if (bench->json)
        printf("\n]\n");
    return true;
}

int main(int argc, char **argv)
{
    struct bench bench = {.name = "move", .rounds = 11};
    const int result = bench_begin(&bench, argc, argv, NULL, 0);

    return result ? result : bench_end(&bench, run_all(&bench));
}
