/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <pma/pma.h>

#include "build.h"
#include "plausible.h"
#include "room.h"
#include "suite_text.h"

enum {
    MOST_STEPS = 100000, /* of one scenario, unrolled */
    MOST_FANOUT = 101,
    LEAST_BLOCKS = 8, /* that pma_create takes */
};

const struct scenario suite_default = {
    .reserved_pages = 1024, .initial_blocks = 16, .grow_blocks = 8};

const char *step_word(enum step_kind kind)
{
    static const char *const words[] = {
#define STEP_WORD(id, key) #key,
        STEP_KINDS(STEP_WORD)
#undef STEP_WORD
    };

    return words[kind];
}

/* ---- from the file's words to scenarios ---- */

static int add_steps(struct builder *builder, const struct schema_step *steps, unsigned count);

static int add_repeat(struct builder *builder, const struct schema_keys *keys)
{
    struct formula_counters *counters = &builder->counters;
    size_t inside = builder->next_line, level = counters->count;
    uint64_t times = 0;
    int error = build_number(builder, "times", keys->times, &times);

    if (error != 0)
        return error;
    if (times == 0)
        return build_wrong(builder, "'times' of step 'repeat' is at least 1");
    if (level == FORMULA_COUNTERS)
        return build_wrong(builder, "at most %d repeats in each other", FORMULA_COUNTERS);
    counters->names[level] = keys->counter != NULL ? keys->counter : "i";
    counters->count++;
    for (uint64_t i = 0; error == 0 && i < times; i++) {
        counters->values[level] = i;
        builder->next_line = inside;
        error = add_steps(builder, keys->steps, keys->steps_count);
    }
    counters->count--;
    return error;
}

static int add_step(struct builder *builder, const struct schema_step *step)
{
    const struct schema_keys *const kinds[] = {
#define STEP_KEYS(id, key) step->key,
        STEP_KINDS(STEP_KEYS)
#undef STEP_KEYS
    };
    unsigned kind = 0;
    int error;

    while (kinds[kind] == NULL)
        kind++;
    builder->line = builder->file->lines[builder->next_line++];
    builder->word = step_word((enum step_kind)kind);
    if (step->repeat != NULL)
        return add_repeat(builder, step->repeat);
    if (builder->step_count == MOST_STEPS)
        return build_wrong(builder, "more than %d steps, repeats unrolled", MOST_STEPS);
    if (room_for(&builder->steps, builder->step_count + 1, &builder->step_capacity,
                 sizeof(struct step)))
        return -ENOMEM;
    error = build_step(builder, (enum step_kind)kind, kinds[kind],
                       &builder->steps[builder->step_count]);
    if (error == 0)
        builder->step_count++;
    return error;
}

static int add_steps(struct builder *builder, const struct schema_step *steps, unsigned count)
{
    int error = 0;

    for (unsigned i = 0; error == 0 && i < count; i++)
        error = add_step(builder, &steps[i]);
    return error;
}

/* The lines [first, end) of the file, without blank lines and comments at their end. */
static int own_lines(struct builder *builder, unsigned first, unsigned end, const char **text)
{
    const char *at = builder->file->text, *start = at, *stop = at;
    char *copy;

    for (unsigned line = 1; line < end && *at != '\0'; line++) {
        size_t length = strcspn(at, "\n"), indent = strspn(at, " \t\r");

        if (line == first)
            start = stop = at;
        if (line >= first && indent < length && at[indent] != '#')
            stop = at + length;
        at += length + (at[length] == '\n');
    }
    copy = strndup(start, (size_t)(stop - start));
    *text = copy;
    return build_own(builder->suite, copy);
}

static int check_arena(struct builder *builder, const struct scenario *scenario)
{
    if (scenario->reserved_pages == 0 || scenario->reserved_pages > BUILD_MOST_PAGES)
        return build_wrong(builder, "'arena.reserved_pages' is 1 to %d", BUILD_MOST_PAGES);
    if (scenario->initial_blocks < LEAST_BLOCKS || scenario->initial_blocks > BUILD_MOST_PAGES)
        return build_wrong(builder, "'arena.initial_blocks' is %d to %d", LEAST_BLOCKS,
                           BUILD_MOST_PAGES);
    if (scenario->grow_blocks == 0 || scenario->grow_blocks > BUILD_MOST_PAGES)
        return build_wrong(builder, "'arena.grow_blocks' is 1 to %d", BUILD_MOST_PAGES);
    if (scenario->fanout != 0 && (scenario->fanout < 4 || scenario->fanout > MOST_FANOUT))
        return build_wrong(builder, "'arena.fanout' is 4 to %d, or 0 for as many as fit",
                           MOST_FANOUT);
    if (scenario->resident_pages > BUILD_MOST_PAGES || scenario->mapping_limit > BUILD_MOST_PAGES ||
        scenario->defragment_blocks > BUILD_MOST_PAGES || scenario->keep_blocks > BUILD_MOST_PAGES)
        return build_wrong(builder,
                           "'resident_pages', 'mapping_limit', 'defragment_blocks' and "
                           "'keep_blocks' of 'arena' are at most %d",
                           BUILD_MOST_PAGES);
    return 0;
}

/* Reads one scenario; `line` and `end` are its lines in the file. */
static int add_scenario(struct builder *builder, const struct schema_scenario *from, unsigned line,
                        unsigned end)
{
    struct suite *suite = builder->suite;
    struct scenario scenario = suite_default;
    int error;

    scenario.line = line;
    scenario.record_creation = from->create == SCHEMA_CREATE_RECORDED;

    for (size_t i = 0; i < suite->count; i++)
        if (strcmp(suite->scenarios[i].name, from->name) == 0)
            return build_wrong(builder, "scenario '%s' is also in %s, line %u; names are unique",
                               from->name, suite->scenarios[i].file, suite->scenarios[i].line);
    if (from->arena != NULL) {
        const struct schema_arena *arena = from->arena;

        if (arena->reserved_pages != 0)
            scenario.reserved_pages = arena->reserved_pages;
        if (arena->initial_blocks != 0)
            scenario.initial_blocks = arena->initial_blocks;
        if (arena->grow_blocks != 0)
            scenario.grow_blocks = arena->grow_blocks;
        scenario.fanout = arena->fanout;
        scenario.resident_pages = arena->resident_pages;
        scenario.mapping_limit = arena->mapping_limit;
        scenario.defragment_blocks = arena->defragment_blocks;
        scenario.keep_blocks = arena->keep_blocks;
        scenario.verify = arena->verify;
        scenario.has_copying = arena->copying != SCHEMA_COPY_EITHER;
        scenario.copying = arena->copying == SCHEMA_COPY_LAZY ? PMA_COPY_LAZY : PMA_COPY_EAGER;
    }
    error = check_arena(builder, &scenario);
    if (error == 0)
        error = build_own_copy(suite, from->name, &scenario.name);
    if (error == 0)
        error = build_own_copy(suite, from->description, &scenario.description);
    if (error == 0)
        error = build_own_copy(suite, builder->path, &scenario.file);
    if (error == 0)
        error = own_lines(builder, line, end, &scenario.text);
    if (error == 0)
        error = add_steps(builder, from->steps, from->steps_count);
    if (error == 0)
        error = build_own(suite, builder->steps);
    else
        free(builder->steps);
    scenario.steps = builder->steps;
    scenario.step_count = builder->step_count;
    builder->steps = NULL;
    builder->step_count = builder->step_capacity = 0;
    if (error == 0)
        error = plausible_scenario(&scenario, builder->message, builder->message_bytes);
    if (error == 0)
        error = room_for(&suite->scenarios, suite->count + 1, &suite->capacity, sizeof scenario);
    if (error == 0)
        suite->scenarios[suite->count++] = scenario;
    return error;
}

/* The number of entries of these steps' sequences, all levels: how many lines were noted for them.
 */
static size_t entries(const struct schema_step *steps, unsigned count)
{
    size_t sum = count;

    for (unsigned i = 0; i < count; i++)
        if (steps[i].repeat != NULL)
            sum += entries(steps[i].repeat->steps, steps[i].repeat->steps_count);
    return sum;
}

static int add_file(struct suite *suite, const char *path, char *message, size_t message_bytes)
{
    struct schema_file file;
    struct builder builder = {.suite = suite,
                              .path = path,
                              .file = &file,
                              .message = message,
                              .message_bytes = message_bytes};
    int error = schema_file_load(path, &file, message, message_bytes);
    size_t at = 0;

    for (unsigned i = 0; error == 0 && i < file.suite->scenarios_count; i++) {
        const struct schema_scenario *scenario = &file.suite->scenarios[i];
        size_t after = at + 1 + entries(scenario->steps, scenario->steps_count);

        builder.line = file.lines[at];
        builder.next_line = at + 1;
        error = add_scenario(&builder, scenario, file.lines[at],
                             after < file.line_count ? file.lines[after] : UINT32_MAX);
        at = after;
    }
    if (error == -ENOMEM)
        snprintf(message, message_bytes, "%s: out of memory", path);
    schema_file_deinit(&file);
    return error;
}

static int is_suite(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);

    return length > 5 && strcmp(entry->d_name + length - 5, ".yaml") == 0;
}

static int add_directory(struct suite *suite, const char *path, char *message, size_t message_bytes)
{
    struct dirent **files;
    int count = scandir(path, &files, is_suite, alphasort), error = 0;

    if (count < 0) {
        error = -errno;
        snprintf(message, message_bytes, "read %s: %s", path, strerror(errno));
        return error;
    }
    if (count == 0) {
        snprintf(message, message_bytes, "%s: no suite there; suites are files named *.yaml", path);
        error = -EINVAL;
    }
    for (int i = 0; i < count; i++) {
        char *file = NULL;

        if (error == 0 && asprintf(&file, "%s/%s", path, files[i]->d_name) < 0)
            error = -ENOMEM;
        if (error == 0)
            error = add_file(suite, file, message, message_bytes);
        free(file);
        free(files[i]);
    }
    free(files);
    return error;
}

int suite_new(struct suite **suite)
{
    *suite = calloc(1, sizeof **suite);
    return *suite == NULL ? -ENOMEM : 0;
}

/* As the lines of a file would say it. */
static int print_text(struct suite *suite, struct scenario *scenario)
{
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);

    if (out == NULL)
        return -ENOMEM;
    suite_print_scenario(scenario, out);
    if (fclose(out) != 0) {
        free(text);
        return -ENOMEM;
    }
    text[bytes - 1] = '\0'; /* there is no line break at its end */
    scenario->text = text;
    return build_own(suite, text);
}

int suite_add(struct suite *suite, const struct scenario *scenario)
{
    struct scenario copy = *scenario;
    size_t bytes = scenario->step_count * sizeof *scenario->steps;
    struct step *steps = malloc(bytes + 1);
    int error = build_own(suite, steps);

    if (error == 0) {
        memcpy(steps, scenario->steps, bytes);
        copy.steps = steps;
        error = build_own_copy(suite, scenario->name, &copy.name);
    }
    if (error == 0)
        error = build_own_copy(suite, scenario->description, &copy.description);
    if (error == 0)
        error = build_own_copy(suite, scenario->file, &copy.file);
    if (error == 0)
        error = print_text(suite, &copy);
    if (error == 0)
        error = room_for(&suite->scenarios, suite->count + 1, &suite->capacity, sizeof copy);
    if (error == 0)
        suite->scenarios[suite->count++] = copy;
    return error;
}

int suite_load(const char *path, struct suite **suite, char *message, size_t message_bytes)
{
    struct suite *loaded = calloc(1, sizeof *loaded);
    struct stat status;
    int error;

    if (loaded == NULL) {
        snprintf(message, message_bytes, "out of memory");
        return -ENOMEM;
    }
    if (stat(path, &status) != 0) {
        error = -errno;
        snprintf(message, message_bytes, "read %s: %s", path, strerror(errno));
    } else if (S_ISDIR(status.st_mode)) {
        error = add_directory(loaded, path, message, message_bytes);
    } else {
        error = add_file(loaded, path, message, message_bytes);
    }
    if (error != 0)
        suite_free(loaded);
    else
        *suite = loaded;
    return error;
}

void suite_free(struct suite *suite)
{
    if (suite == NULL)
        return;
    for (size_t i = 0; i < suite->owned_count; i++)
        free(suite->owned[i]);
    free(suite->owned);
    free(suite->scenarios);
    free(suite);
}

size_t suite_count(const struct suite *suite)
{
    return suite->count;
}

const struct scenario *suite_scenario(const struct suite *suite, size_t index)
{
    return &suite->scenarios[index];
}
