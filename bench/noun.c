/* SPDX-License-Identifier: MIT */
/*
 * What is done with nouns, beside the least that anybody could do instead: the copy of a noun
 * beside one memcpy of as many bytes into fresh memory of the stack, a keep and release beside as
 * many pma_malloc and pma_free, jam and cue beside a copy of the noun.
 *
 *     noun [--json] [--rounds N]
 *
 * Times are medians of rounds, in microseconds of the processor, the kernel's included: nothing
 * here waits. Both sides of a row take turns. A ratio says how many times as long as the other side
 * it takes.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <pma/noun.h>

#include "bench.h"

enum { CELLS = 100000 };
#define MEBIBYTE ((size_t)1 << 20)

static pma_t *arena;
static pma_stack_t *stack;

static void check(int result)
{
    if (!result)
        return;
    fprintf(stderr, "noun: %s: %s\n", pma_strerror(result), pma_last_error(arena));
    exit(1);
}

static double started;

static void start(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    started = (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static double elapsed(void)
{
    const double since = started;

    start();
    return started - since;
}

static pma_noun make_list(size_t cells)
{
    pma_noun list = 0;

    while (cells-- > 0)
        check(pma_noun_cell(stack, cells, list, &list));
    return list;
}

static pma_noun make_atom(size_t bytes)
{
    uint8_t *content = malloc(bytes);
    pma_noun atom;

    if (!content)
        check(-ENOMEM);
    memset(content, 0x5a, bytes);
    check(pma_noun_import(stack, content, bytes, &atom));
    free(content);
    return atom;
}

/* One side of a row: what `size` of it takes, without what prepares it. */
typedef double side(size_t size);

static double copy_bytes(size_t bytes)
{
    void *from, *to;
    double time;

    check(pma_stack_push(stack, 0));
    check(pma_stack_alloc(stack, bytes, &from));
    memset(from, 1, bytes);
    start();
    check(pma_stack_alloc(stack, bytes, &to));
    memcpy(to, from, bytes);
    time = elapsed();
    check(pma_stack_pop(stack));
    check(pma_stack_release(stack));
    return time;
}

static double preserve(pma_noun noun)
{
    double time;

    start();
    check(pma_noun_preserve(stack, &noun, 1, NULL));
    time = elapsed();
    check(pma_stack_pop(stack));
    check(pma_stack_pop(stack));
    check(pma_stack_release(stack));
    return time;
}

static void push_two(void)
{
    check(pma_stack_push(stack, 0));
    check(pma_stack_push(stack, 0));
}

static double preserve_atom(size_t bytes)
{
    push_two();
    return preserve(make_atom(bytes));
}

static double preserve_list(size_t bytes)
{
    push_two();
    return preserve(make_list(bytes / 24));
}

static double preserve_cells(size_t cells)
{
    return preserve_list(cells * 24);
}

static double jam_list(size_t cells)
{
    pma_noun list, atom;
    double time;

    check(pma_stack_push(stack, 0));
    list = make_list(cells);
    start();
    check(pma_noun_jam(stack, list, &atom));
    time = elapsed();
    check(pma_stack_pop(stack));
    return time;
}

static double cue_list(size_t cells)
{
    pma_noun atom, list;
    double time;

    check(pma_stack_push(stack, 0));
    check(pma_noun_jam(stack, make_list(cells), &atom));
    start();
    check(pma_noun_cue(stack, atom, &list));
    time = elapsed();
    check(pma_stack_pop(stack));
    return time;
}

static double mug_list(size_t cells)
{
    pma_noun list;
    uint32_t mug;
    double time;

    check(pma_stack_push(stack, 0));
    list = make_list(cells);
    start();
    check(pma_noun_mug(stack, list, &mug));
    time = elapsed();
    check(pma_stack_pop(stack));
    return time;
}

static double compare_lists(size_t cells)
{
    pma_noun a, b;
    bool equal;
    double time;

    check(pma_stack_push(stack, 0));
    a = make_list(cells);
    b = make_list(cells);
    start();
    check(pma_noun_equal(stack, a, b, &equal));
    time = elapsed();
    check(pma_stack_pop(stack));
    return time;
}

static double keep_list(size_t cells)
{
    pma_noun list;
    double time;

    check(pma_stack_push(stack, 0));
    list = make_list(cells);
    start();
    check(pma_noun_keep(stack, list, &list, NULL));
    check(pma_noun_release(arena, list));
    time = elapsed();
    check(pma_stack_pop(stack));
    return time;
}

static double malloc_cells(size_t cells)
{
    void **objects = malloc(cells * sizeof(*objects));
    double time;

    if (!objects)
        check(-ENOMEM);
    start();
    for (size_t i = 0; i < cells; i++) {
        check(pma_malloc(arena, 24, &objects[i]));
        memset(objects[i], 1, 24);
    }
    for (size_t i = 0; i < cells; i++)
        check(pma_free(arena, objects[i]));
    time = elapsed();
    free(objects);
    return time;
}

static const struct row {
    const char *what, *beside;
    size_t size;
    side *ours, *theirs;
} rows[] = {
    {"preserve an atom of 8 KiB", "memcpy", 8 << 10, preserve_atom, copy_bytes},
    {"preserve an atom of 64 KiB", "memcpy", 64 << 10, preserve_atom, copy_bytes},
    {"preserve an atom of 1 MiB", "memcpy", MEBIBYTE, preserve_atom, copy_bytes},
    {"preserve an atom of 64 MiB", "memcpy", 64 * MEBIBYTE, preserve_atom, copy_bytes},
    {"preserve 100,000 cells", "memcpy", CELLS * 24, preserve_list, copy_bytes},
    {"keep and release 100,000 cells", "malloc, free", CELLS, keep_list, malloc_cells},
    {"mug of 100,000 cells", "preserve", CELLS, mug_list, preserve_cells},
    {"equality of 100,000 cells", "preserve", CELLS, compare_lists, preserve_cells},
    {"jam of 100,000 cells", "preserve", CELLS, jam_list, preserve_cells},
    {"cue of 100,000 cells", "preserve", CELLS, cue_list, preserve_cells},
};

static void measure(const struct row *row, unsigned rounds, bool json)
{
    static double ours[BENCH_MOST_ROUNDS], theirs[BENCH_MOST_ROUNDS];
    double a, b;

    row->ours(row->size);
    for (unsigned round = 0; round < rounds; round++) {
        ours[round] = row->ours(row->size);
        theirs[round] = row->theirs(row->size);
    }
    a = bench_median(ours, rounds);
    b = bench_median(theirs, rounds);
    printf(json ? "%s\n  {\"what\": \"%s\", \"us\": %.2f, \"beside\": \"%s\", \"beside_us\": %.2f, "
                  "\"ratio\": %.3f}"
                : "%.0s%-32s %10.1f   %-12s %10.1f %8.3f\n",
           row == rows ? "" : ",", row->what, a, row->beside, b, a / b);
    fflush(stdout);
}

static void set_up(void)
{
    const struct pma_stack_options roomy = {.size = sizeof(roomy),
                                            .reserved_bytes = 1024 * MEBIBYTE};
    char directory[] = "/tmp/noun-XXXXXX", path[64];
    struct pma_error error;

    snprintf(path, sizeof(path), "%s/arena", mkdtemp(directory) ? directory : "");
    if (pma_create(path, NULL, &arena, &error)) {
        fprintf(stderr, "noun: %s\n", error.text);
        exit(1);
    }
    unlink(path);
    rmdir(directory);
    check(pma_stack_new(arena, &roomy, 0, &stack));
}

int main(int argc, char **argv)
{
    struct bench bench = {.name = "noun", .without_files = true, .rounds = 15};
    const int result = bench_begin(&bench, argc, argv, NULL, 0);

    if (result)
        return result;
    set_up();
    printf(bench.json ? "[" : "%-32s %10s   %-12s %10s %8s\n", "", "us", "beside", "us", "ratio");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        measure(&rows[i], bench.rounds, bench.json);
    printf(bench.json ? "\n]\n" : "");
    pma_stack_free(stack);
    return bench_end(&bench, pma_close(arena) == 0);
}
