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
#include <time.h>
#include <unistd.h>

#include <pma/pma.h>

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

struct settings {
    const char *directory;
    bool json;
    unsigned rounds;
};

/* Medians of one row, in microseconds. */
struct result {
    double move, copy, bare;
};

struct bench {
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

static bool arena_failed(const struct bench *bench, int code, const char *what)
{
    if (code)
        fprintf(stderr, "move: arena, %s: %s %s\n", what, pma_strerror(code),
                pma_last_error(bench->arena));
    return code != 0;
}

static double microseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static size_t shift_of(const struct row *row)
{
    return row->shape == SHIFTED ? PMA_PAGE_SIZE : 0;
}

/* Blocks go up where pages go down, so that no page continues its neighbour. */
static bool fill_scattered(struct bench *bench)
{
    for (size_t at = bench->row->bytes; at > 0; at -= PMA_PAGE_SIZE) {
        unsigned char *page = bench->object + at - PMA_PAGE_SIZE;

        if (arena_failed(bench, pma_dirty(bench->arena, page, PMA_PAGE_SIZE), "make writable"))
            return false;
        memset(page, 1, PMA_PAGE_SIZE);
    }
    return true;
}

static bool fill(struct bench *bench)
{
    if (bench->row->shape == SCATTERED)
        return fill_scattered(bench);
    if (arena_failed(bench, pma_dirty(bench->arena, bench->object, bench->row->bytes),
                     "make writable"))
        return false;
    memset(bench->object, 1, bench->row->bytes);
    return true;
}

static bool make_object(struct bench *bench, const struct settings *settings)
{
    const size_t pages = bench->row->bytes / PMA_PAGE_SIZE;
    const bool ephemeral = bench->row->kind == EPHEMERAL;
    struct pma_options options = PMA_OPTIONS_INIT;
    struct pma_error error;

    snprintf(bench->arena_path, sizeof(bench->arena_path), "%s/move.pma", settings->directory);
    options.initial_blocks = ephemeral ? 0 : (uint32_t)(pages + pages / 8 + 256);
    options.mapping_limit = 60000;
    if (pma_create(bench->arena_path, &options, &bench->arena, &error)) {
        fprintf(stderr, "move: %s\n", error.text);
        return false;
    }
    bench->object = pma_base(bench->arena);
    bench->other = bench->object + (size_t)1024 * MIB + shift_of(bench->row);
    if (arena_failed(
            bench,
            pma_pages_alloc_at(bench->arena, bench->object, pages, ephemeral ? PMA_EPHEMERAL : 0),
            "allocate") ||
        !fill(bench))
        return false;
    return bench->row->kind != CLEAN ||
           !arena_failed(bench, pma_snapshot(bench->arena, 1), "snapshot");
}

/* Reserves memory, at a multiple of 2 MiB, for a mapping and the place that it moves to. */
static bool make_mapping(struct bench *bench, const struct settings *settings)
{
    const size_t bytes = bench->row->bytes, distance = bytes + 2 * TABLE;
    const bool file = bench->row->kind != EPHEMERAL;
    unsigned char *range = mmap(NULL, 2 * distance + TABLE, PROT_NONE,
                                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (range == MAP_FAILED)
        return fail("a range of memory");
    range += TABLE - (uintptr_t)range % TABLE;
    if (file) {
        snprintf(bench->file_path, sizeof(bench->file_path), "%s/move.bare", settings->directory);
        bench->file = open(bench->file_path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        if (bench->file < 0 || ftruncate(bench->file, (off_t)bytes))
            return fail(bench->file_path);
    }
    bench->mapping =
        mmap(range, bytes, PROT_READ | PROT_WRITE,
             (file ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS) | MAP_FIXED, bench->file, 0);
    if (bench->mapping == MAP_FAILED)
        return fail("a bare mapping");
    if (file)
        madvise(bench->mapping, bytes, MADV_RANDOM);
    memset(bench->mapping, 1, bytes);
    if (bench->row->kind == CLEAN &&
        (mprotect(bench->mapping, bytes, PROT_READ) || fdatasync(bench->file)))
        return fail("a clean mapping");
    bench->bare_other = range + (distance + TABLE - 1) / TABLE * TABLE + shift_of(bench->row);
    return true;
}

static bool time_move(struct bench *bench, double *sample)
{
    const double begin = microseconds();
    int code = pma_pages_move(bench->arena, bench->other, bench->object,
                              bench->row->bytes / PMA_PAGE_SIZE, 0);
    unsigned char *now = bench->other;

    *sample = microseconds() - begin;
    bench->other = bench->object;
    bench->object = now;
    return !arena_failed(bench, code, "move");
}

static bool time_copy(struct bench *bench, double *sample)
{
    const size_t bytes = bench->row->bytes;
    const double begin = microseconds();
    void *fresh = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (fresh == MAP_FAILED)
        return fail("fresh memory");
    memcpy(fresh, bench->object, bytes);
    *sample = microseconds() - begin;
    munmap(fresh, bytes);
    return true;
}

static bool time_bare(struct bench *bench, double *sample)
{
    const size_t bytes = bench->row->bytes;
    const double begin = microseconds();
    unsigned char *now =
        mremap(bench->mapping, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, bench->bare_other);

    *sample = microseconds() - begin;
    if (now == MAP_FAILED)
        return fail("mremap");
    bench->bare_other = bench->mapping;
    bench->mapping = now;
    return true;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *samples, unsigned count)
{
    qsort(samples, count, sizeof(*samples), compare);
    return samples[count / 2];
}

static bool measure(struct bench *bench, unsigned rounds, struct result *result)
{
    double *samples = calloc(3 * (size_t)rounds, sizeof(*samples));
    double *move = samples, *copy = samples + rounds, *bare = samples + 2 * (size_t)rounds;
    bool fine = samples != NULL;

    /* Who comes right after the copy finds nothing in the processor's caches: they take turns. */
    for (unsigned i = 0; i < rounds && fine; i++)
        fine = (i % 2 ? time_move(bench, &move[i]) && time_bare(bench, &bare[i])
                      : time_bare(bench, &bare[i]) && time_move(bench, &move[i])) &&
               time_copy(bench, &copy[i]);
    if (fine)
        *result = (struct result){median(move, rounds), median(copy, rounds), median(bare, rounds)};
    free(samples);
    return fine;
}

static bool run(const struct row *row, const struct settings *settings, struct result *result)
{
    struct bench bench = {.row = row, .file = -1};
    bool fine = make_object(&bench, settings) && make_mapping(&bench, settings) &&
                measure(&bench, settings->rounds, result);

    pma_close(bench.arena);
    if (bench.mapping)
        munmap(bench.mapping, row->bytes);
    if (bench.file >= 0)
        close(bench.file);
    if (bench.file_path[0])
        unlink(bench.file_path);
    unlink(bench.arena_path);
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

static bool run_all(const struct settings *settings)
{
    struct result result;

    if (settings->json)
        printf("[");
    else
        printf("%-10s  %-12s  %8s  %9s  %10s  %7s  %9s  %6s\n", "object", "shape", "KiB", "move",
               "memcpy", "copy", "mremap", "bare");
    for (size_t i = 0; i < ROWS; i++) {
        if (!run(&rows[i], settings, &result))
            return false;
        print_row(&rows[i], &result, settings->json, i == 0);
        fflush(stdout);
    }
    if (settings->json)
        printf("\n]\n");
    return true;
}

static bool parse(int argc, char **argv, struct settings *settings)
{
    for (int i = 1; i < argc; i++) {
        const char *given = i + 1 < argc ? argv[i + 1] : "";

        if (!strcmp(argv[i], "--json")) {
            settings->json = true;
            continue;
        }
        if (!strcmp(argv[i], "--directory") && *given)
            settings->directory = given;
        else if (!strcmp(argv[i], "--rounds") && atoi(given) > 0)
            settings->rounds = (unsigned)atoi(given);
        else
            return false;
        i++;
    }
    return true;
}

int main(int argc, char **argv)
{
    const char *parent = getenv("TMPDIR");
    struct settings settings = {.directory = parent && *parent ? parent : "/tmp", .rounds = 11};
    char directory[256];
    bool fine;

    if (!parse(argc, argv, &settings)) {
        fprintf(stderr, "usage: move [--json] [--rounds N] [--directory DIR]\n");
        return 2;
    }
    snprintf(directory, sizeof(directory), "%s/move-XXXXXX", settings.directory);
    settings.directory = mkdtemp(directory);
    if (!settings.directory) {
        fail(directory);
        return 3;
    }
    fine = run_all(&settings);
    rmdir(directory);
    return fine ? 0 : 3;
}
