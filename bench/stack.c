/* SPDX-License-Identifier: MIT */
/*
 * What frames on a 2stackz cost, beside what a program would do instead: a pointer that is bumped,
 * a call that takes memory with alloca, malloc and free.
 *
 *     stack [--json] [--rounds N] [--directory DIR]
 *
 * Times are medians, in nanoseconds for each repetition. All take turns within a round.
 */
#include <alloca.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pma/stack.h>

#include "bench.h"

enum { KIB = 1 << 10, MIB = 1 << 20, OBJECTS = 3, OBJECT = 32, DEEP = 10000 };

/* Results go here, or the compiler would leave out what is measured. */
static void *volatile sink;

static unsigned char bump_memory[64 * KIB];
static unsigned char *volatile bump_pointer = bump_memory;

/* The size of the object that a frame holds, in the rows that have one. */
struct context {
    pma_stack_t *stack;
    size_t bytes;
};

static int push_pop(struct context *context)
{
    int result = pma_stack_push(context->stack, 0);

    return result ? result : pma_stack_pop(context->stack);
}

static int frame_of_objects(struct context *context)
{
    void *address = NULL;
    int result = pma_stack_push(context->stack, 4);

    for (unsigned i = 0; i < OBJECTS && !result; i++) {
        result = pma_stack_alloc(context->stack, OBJECT, &address);
        sink = address;
    }
    return result ? result : pma_stack_pop(context->stack);
}

static int light_push_pop(struct context *context)
{
    uint64_t word;
    int result = pma_stack_light_push(context->stack, 1);

    return result ? result : pma_stack_light_pop(context->stack, &word);
}

static void touch(unsigned char *memory, size_t bytes)
{
    for (size_t at = 0; at < bytes; at += PMA_PAGE_SIZE)
        memory[at] = 1;
    sink = memory;
}

static int large_frame(struct context *context)
{
    void *address = NULL;
    int result = pma_stack_push(context->stack, 0);

    if (!result)
        result = pma_stack_alloc(context->stack, context->bytes, &address);
    if (result)
        return result;
    touch(address, context->bytes);
    return pma_stack_pop(context->stack);
}

static int large_malloc(struct context *context)
{
    void *memory = malloc(context->bytes);

    if (!memory)
        return -ENOMEM;
    touch(memory, context->bytes);
    free(memory);
    return 0;
}

static int deep_calls(struct context *context)
{
    int result = 0;

    for (unsigned i = 0; i < DEEP && !result; i++)
        result = pma_stack_push(context->stack, 2);
    for (unsigned i = 0; i < DEEP && !result; i++)
        result = pma_stack_pop(context->stack);
    return result;
}

static __attribute__((noinline)) int bump(struct context *context)
{
    unsigned char *before = bump_pointer;

    (void)context;
    bump_pointer = before + 7 * sizeof(uint64_t);
    memset(before, 0, 7 * sizeof(uint64_t));
    bump_pointer = before;
    return 0;
}

static __attribute__((noinline)) int call_alloca(struct context *context)
{
    void *memory = alloca(7 * sizeof(uint64_t) + context->bytes % 2);

    sink = memset(memory, 0, 7 * sizeof(uint64_t));
    return 0;
}

static int malloc_objects(struct context *context)
{
    void *objects[OBJECTS + 1];

    (void)context;
    for (unsigned i = 0; i <= OBJECTS; i++)
        sink = objects[i] = malloc(OBJECT);
    for (unsigned i = 0; i <= OBJECTS; i++)
        free(objects[i]);
    return 0;
}

static const struct row {
    const char *name;
    int (*once)(struct context *context);
    size_t bytes;
    bool batch;
    unsigned times, divisor;
} rows[] = {
    {"push, pop", push_pop, 0, false, 1000000, 1},
    {"push of 4 locals, 3 objects of 32 bytes, pop", frame_of_objects, 0, false, 1000000, 1},
    {"light push, light pop", light_push_pop, 0, false, 1000000, 1},
    {"10,000 pushes, 10,000 pops, each pair", deep_calls, 0, false, 20, DEEP},
    {"  peer: pointer bump", bump, 0, false, 1000000, 1},
    {"  peer: call with alloca", call_alloca, 0, false, 1000000, 1},
    {"  peer: 4 malloc, 4 free", malloc_objects, 0, false, 1000000, 1},
    {"frame of 16 KiB, touched", large_frame, 16 * KIB, false, 100000, 1},
    {"frame of 16 KiB, touched, batch release", large_frame, 16 * KIB, true, 100000, 1},
    {"  peer: malloc of 16 KiB, touched, free", large_malloc, 16 * KIB, false, 100000, 1},
    {"frame of 1 MiB, touched", large_frame, MIB, false, 100, 1},
    {"frame of 1 MiB, touched, batch release", large_frame, MIB, true, 100, 1},
    {"  peer: malloc of 1 MiB, touched, free", large_malloc, MIB, false, 100, 1},
    {"frame of 64 MiB, touched", large_frame, 64 * MIB, false, 2, 1},
    {"frame of 64 MiB, touched, batch release", large_frame, 64 * MIB, true, 2, 1},
    {"  peer: malloc of 64 MiB, touched, free", large_malloc, 64 * MIB, false, 2, 1},
};
enum { ROWS = sizeof(rows) / sizeof(*rows) };

static bool measure(const struct row *row, pma_stack_t *stack, double *sample)
{
    struct context context = {stack, row->bytes};
    const double begin = bench_seconds() * 1e9;
    int result = 0;

    for (unsigned i = 0; i < row->times && !result; i++)
        result = row->once(&context);
    *sample = (bench_seconds() * 1e9 - begin) / row->times / row->divisor;
    if (result)
        fprintf(stderr, "stack: %s: %s\n", row->name, pma_strerror(result));
    return result == 0;
}

static void print(double *samples, const struct bench *bench)
{
    printf(bench->json ? "[" : "%-48s  %12s\n", "what", "ns");
    for (size_t i = 0; i < ROWS; i++) {
        double *of_row = samples + i * bench->rounds;
        const char *name = rows[i].name + strspn(rows[i].name, bench->json ? " " : "");

        printf(bench->json ? "%s\n  {\"what\": \"%s\", \"ns\": %.1f}" : "%.0s%-48s  %12.1f\n",
               i ? "," : "", name, bench_median(of_row, bench->rounds));
    }
    if (bench->json)
        printf("\n]\n");
}

static bool run(pma_stack_t *const stacks[2], const struct bench *bench)
{
    double *samples = calloc((size_t)ROWS * bench->rounds, sizeof(*samples));
    bool fine = samples != NULL;

    for (unsigned round = 0; round < bench->rounds && fine; round++) {
        for (size_t i = 0; i < ROWS && fine; i++)
            fine = measure(&rows[i], stacks[rows[i].batch], &samples[i * bench->rounds + round]);
    }
    if (fine)
        print(samples, bench);
    free(samples);
    return fine;
}

static bool run_on_arena(const char *path, const struct bench *bench)
{
    struct pma_stack_options options = PMA_STACK_OPTIONS_INIT;
    pma_stack_t *stacks[2] = {NULL, NULL};
    struct pma_error error;
    pma_t *arena;
    bool fine;

    if (pma_create(path, NULL, &arena, &error)) {
        fprintf(stderr, "stack: %s\n", error.text);
        return false;
    }
    fine = !pma_stack_new(arena, &options, 0, &stacks[0]);
    options.batch_release = true;
    fine = fine && !pma_stack_new(arena, &options, 0, &stacks[1]);
    if (fine)
        fine = run(stacks, bench);
    else
        fprintf(stderr, "stack: %s\n", pma_last_error(arena));
    pma_stack_free(stacks[0]);
    pma_stack_free(stacks[1]);
    pma_close(arena);
    return fine;
}

int main(int argc, char **argv)
{
    struct bench bench = {.name = "stack", .rounds = 7};
    char path[300];
    bool fine;
    int result = bench_begin(&bench, argc, argv, NULL, 0);

    if (result)
        return result;
    snprintf(path, sizeof(path), "%s/stack.pma", bench.directory);
    fine = run_on_arena(path, &bench);
    unlink(path);
    return bench_end(&bench, fine);
}
