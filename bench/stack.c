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
#include <time.h>
#include <unistd.h>

#include <pma/stack.h>

enum { KIB = 1 << 10, MIB = 1 << 20, OBJECTS = 3, OBJECT = 32, DEEP = 10000 };

struct settings {
    const char *directory;
    bool json;
    unsigned rounds;
};

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

static double nanoseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static bool measure(const struct row *row, pma_stack_t *stack, double *sample)
{
    struct context context = {stack, row->bytes};
    const double begin = nanoseconds();
    int result = 0;

    for (unsigned i = 0; i < row->times && !result; i++)
        result = row->once(&context);
    *sample = (nanoseconds() - begin) / row->times / row->divisor;
    if (result)
        fprintf(stderr, "stack: %s: %s\n", row->name, pma_strerror(result));
    return result == 0;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print(double *samples, const struct settings *settings)
{
    printf(settings->json ? "[" : "%-48s  %12s\n", "what", "ns");
    for (size_t i = 0; i < ROWS; i++) {
        double *of_row = samples + i * settings->rounds;
        const char *name = rows[i].name + strspn(rows[i].name, settings->json ? " " : "");

        qsort(of_row, settings->rounds, sizeof(*of_row), compare);
        printf(settings->json ? "%s\n  {\"what\": \"%s\", \"ns\": %.1f}" : "%.0s%-48s  %12.1f\n",
               i ? "," : "", name, of_row[settings->rounds / 2]);
    }
    if (settings->json)
        printf("\n]\n");
}

static bool run(pma_stack_t *const stacks[2], const struct settings *settings)
{
    double *samples = calloc((size_t)ROWS * settings->rounds, sizeof(*samples));
    bool fine = samples != NULL;

    for (unsigned round = 0; round < settings->rounds && fine; round++) {
        for (size_t i = 0; i < ROWS && fine; i++)
            fine = measure(&rows[i], stacks[rows[i].batch], &samples[i * settings->rounds + round]);
    }
    if (fine)
        print(samples, settings);
    free(samples);
    return fine;
}

static bool run_on_arena(const char *path, const struct settings *settings)
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
        fine = run(stacks, settings);
    else
        fprintf(stderr, "stack: %s\n", pma_last_error(arena));
    pma_stack_free(stacks[0]);
    pma_stack_free(stacks[1]);
    pma_close(arena);
    return fine;
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
    struct settings settings = {.directory = parent && *parent ? parent : "/tmp", .rounds = 7};
    char directory[256], path[300];
    bool fine;

    if (!parse(argc, argv, &settings)) {
        fprintf(stderr, "usage: stack [--json] [--rounds N] [--directory DIR]\n");
        return 2;
    }
    snprintf(directory, sizeof(directory), "%s/stack-XXXXXX", settings.directory);
    if (!mkdtemp(directory)) {
        fprintf(stderr, "stack: %s: %s\n", directory, strerror(errno));
        return 3;
    }
    snprintf(path, sizeof(path), "%s/stack.pma", directory);
    fine = run_on_arena(path, &settings);
    unlink(path);
    rmdir(directory);
    return fine ? 0 : 3;
}
