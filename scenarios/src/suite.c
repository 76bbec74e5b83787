/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <faultsim/plan.h>
#include <pma/pma.h>

#include "formula.h"
#include "plausible.h"
#include "schema.h"
#include "words.h"

enum {
    MOST_STEPS = 100000, /* of one scenario, unrolled */
    MOST_PAGES = 1 << 20,
    MOST_BYTES = 1 << 26,
    MOST_LOCALS = 1 << 16,
    MOST_SIZE = 1 << 20, /* of a noun */
    MOST_FANOUT = 101,
    LEAST_BLOCKS = 8, /* that pma_create takes */
    DEFAULT_RESERVED = 1024,
    DEFAULT_INITIAL = 16,
    DEFAULT_GROW = 8,
};

struct suite {
    struct scenario *scenarios;
    size_t count, capacity;
    void **owned; /* strings and step arrays, freed with the suite */
    size_t owned_count, owned_capacity;
};

const char *step_word(enum step_kind kind)
{
    static const char *const words[] = {
#define STEP_WORD(id, key) #key,
        STEP_KINDS(STEP_WORD)
#undef STEP_WORD
    };

    return words[kind];
}

/* Doubles an array that is full. */
static int grow(void *array, size_t count, size_t *capacity, size_t size)
{
    void **at = array;
    size_t wanted = *capacity == 0 ? 16 : 2 * *capacity;
    void *grown;

    if (count < *capacity)
        return 0;
    grown = realloc(*at, wanted * size);
    if (grown == NULL)
        return -ENOMEM;
    *at = grown;
    *capacity = wanted;
    return 0;
}

/* Makes the suite the owner of a block, which may be NULL after a failed allocation. */
static int own(struct suite *suite, void *block)
{
    if (block == NULL)
        return -ENOMEM;
    if (grow(&suite->owned, suite->owned_count, &suite->owned_capacity, sizeof *suite->owned)) {
        free(block);
        return -ENOMEM;
    }
    suite->owned[suite->owned_count++] = block;
    return 0;
}

static int own_copy(struct suite *suite, const char *text, const char **copy)
{
    char *owned = strdup(text);

    *copy = owned;
    return own(suite, owned);
}

/* ---- from the file's words to scenarios ---- */

struct builder {
    struct suite *suite;
    const char *path;
    const struct schema_file *file;
    size_t next_line; /* of file->lines */
    unsigned line;    /* of the step under way */
    const char *word; /* its kind */
    struct formula_counters counters;
    struct step *steps;
    size_t step_count, step_capacity;
    char *message;
    size_t message_bytes;
};

static int __attribute__((format(printf, 2, 3)))
wrong(struct builder *builder, const char *format, ...)
{
    int used =
        snprintf(builder->message, builder->message_bytes, "%s:%u: ", builder->path, builder->line);
    va_list arguments;

    if (used > 0 && (size_t)used < builder->message_bytes) {
        va_start(arguments, format);
        vsnprintf(builder->message + used, builder->message_bytes - (size_t)used, format,
                  arguments);
        va_end(arguments);
    }
    return -EINVAL;
}

/* A number, if it is given. */
static int number(struct builder *builder, const char *key, const char *text, uint64_t *value)
{
    char why[96];

    if (text == NULL || formula_number(text, &builder->counters, value, why, sizeof why) == 0)
        return 0;
    return wrong(builder, "'%s: %s' of step '%s': %s", key, text, builder->word, why);
}

static int name(struct builder *builder, const char *key, const char *text, const char **value)
{
    char why[96], *built;
    int error;

    if (text == NULL)
        return 0;
    error = formula_name(text, &builder->counters, &built, why, sizeof why);
    if (error == -EINVAL)
        return wrong(builder, "'%s: %s' of step '%s': %s", key, text, builder->word, why);
    if (error != 0)
        return error;
    *value = built;
    return own(builder->suite, built);
}

static int fault(struct builder *builder, const struct schema_keys *keys, struct step *step)
{
    struct fsim_plan plan;
    char why[256];

    if (keys->expect != NULL) {
        step->expect = words_error_code(keys->expect);
        if (step->expect == 0)
            return wrong(builder,
                         "'expect: %s' of step '%s' is no error; known are errno names (EIO) and "
                         "those of pma/errors.h (PMA_EPOISONED)",
                         keys->expect, builder->word);
    }
    if (keys->fault == NULL)
        return 0;
    if (fsim_plan_parse(keys->fault, words_fault_point, &plan, why, sizeof why) != 0)
        return wrong(builder, "'fault' of step '%s': %s", builder->word, why);
    return own_copy(builder->suite, keys->fault, &step->fault);
}

/* What is wrong with a step in itself. */
static int check_step(struct builder *builder, const struct step *step)
{
    enum step_kind kind = step->kind;

    if (kind == STEP_WRITE &&
        (step->bytes < 8 || step->bytes > PMA_PAGE_SIZE || step->bytes % 8 != 0))
        return wrong(builder, "'bytes' of step 'write' is a multiple of 8 up to %d", PMA_PAGE_SIZE);
    if (step->ephemeral && step->persistent)
        return wrong(builder, "step 'move' cannot make pages both ephemeral and persistent");
    if (step->count == 0 && kind == STEP_SNAPSHOT)
        return wrong(builder, "'count' of step 'snapshot' is at least 1");
    if (kind == STEP_SNAPSHOT && step->count > 1 && step->expect != 0)
        return wrong(builder,
                     "a step 'snapshot' that must fail is one snapshot; leave out 'count'");
    if (step->killed && (step->count > 1 || step->expect != 0))
        return wrong(builder,
                     "a step '%s' in which the process is killed is one call and returns nothing; "
                     "leave out 'count' and 'expect'",
                     builder->word);
    if (step->pages > MOST_PAGES || step->page > MOST_PAGES)
        return wrong(builder, "step '%s' names pages beyond %d", builder->word, MOST_PAGES);
    if (kind == STEP_ALLOC && step->pages == 0)
        return wrong(builder, "'pages' of step 'alloc' is at least 1");
    if (step->bytes > MOST_BYTES || step->locals > MOST_LOCALS || step->size > MOST_SIZE)
        return wrong(builder, "step '%s' is too large: at most %d bytes, %d locals, size %d",
                     builder->word, MOST_BYTES, MOST_LOCALS, MOST_SIZE);
    if (step->align != 0 && (step->align & (step->align - 1)) != 0 && step->expect == 0)
        return wrong(builder, "'align' of step 'malloc' is a power of two");
    if (step->align != 0 && step->zeroed)
        return wrong(builder, "step 'malloc' has 'align' or 'zeroed', not both");
    return 0;
}

/* The step of that kind that its keys describe, with the counters as they are. */
static int make_step(struct builder *builder, enum step_kind kind, const struct schema_keys *keys,
                     struct step *step)
{
    const struct {
        const char *key, *text;
        uint64_t *value;
    } numbers[] = {{"page", keys->page, &step->page},
                   {"pages", keys->pages, &step->pages},
                   {"at", keys->at, &step->at},
                   {"to", keys->to, &step->to},
                   {"seed", keys->seed, &step->seed},
                   {"bytes", keys->bytes, &step->bytes},
                   {"index", keys->index, &step->index},
                   {"value", keys->value, &step->value},
                   {"event", keys->event, &step->event},
                   {"count", keys->count, &step->count},
                   {"align", keys->align, &step->align},
                   {"offset", keys->offset, &step->offset},
                   {"locals", keys->locals, &step->locals},
                   {"size", keys->size, &step->size},
                   {"blocks", keys->blocks, &step->blocks}};
    const struct {
        const char *key, *text;
        const char **value;
    } names[] = {{"name", keys->name, &step->name},
                 {"as", keys->as, &step->as},
                 {"on", keys->on, &step->on},
                 {"head", keys->head, &step->head},
                 {"tail", keys->tail, &step->tail}};
    int error = 0;

    *step = (struct step){.kind = kind,
                          .line = builder->line,
                          .seed = builder->step_count + 1,
                          .bytes = PMA_PAGE_SIZE,
                          .count = kind == STEP_SNAPSHOT || kind == STEP_CREATE ||
                                   kind == STEP_LIGHT_PUSH || kind == STEP_LIGHT_POP,
                          .has_at = keys->at != NULL,
                          .has_event = keys->event != NULL,
                          .ephemeral = keys->ephemeral,
                          .persistent = keys->persistent,
                          .zeroed = keys->zeroed,
                          .batch = keys->batch,
                          .previous = keys->previous,
                          .killed = keys->killed,
                          .attempted = keys->state == SCHEMA_ATTEMPTED,
                          .order = (enum step_order)keys->order,
                          .shape = (enum step_shape)keys->shape};
    for (size_t i = 0; error == 0 && i < sizeof numbers / sizeof numbers[0]; i++)
        error = number(builder, numbers[i].key, numbers[i].text, numbers[i].value);
    for (size_t i = 0; error == 0 && i < sizeof names / sizeof names[0]; i++)
        error = name(builder, names[i].key, names[i].text, names[i].value);
    if (error == 0)
        error = fault(builder, keys, step);
    return error != 0 ? error : check_step(builder, step);
}

static int add_steps(struct builder *builder, const struct schema_step *steps, unsigned count);

static int add_repeat(struct builder *builder, const struct schema_keys *keys)
{
    struct formula_counters *counters = &builder->counters;
    size_t inside = builder->next_line, level = counters->count;
    uint64_t times = 0;
    int error = number(builder, "times", keys->times, &times);

    if (error != 0)
        return error;
    if (times == 0)
        return wrong(builder, "'times' of step 'repeat' is at least 1");
    if (level == FORMULA_COUNTERS)
        return wrong(builder, "at most %d repeats in each other", FORMULA_COUNTERS);
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
        return wrong(builder, "more than %d steps, repeats unrolled", MOST_STEPS);
    if (grow(&builder->steps, builder->step_count, &builder->step_capacity, sizeof(struct step)))
        return -ENOMEM;
    error =
        make_step(builder, (enum step_kind)kind, kinds[kind], &builder->steps[builder->step_count]);
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
    return own(builder->suite, copy);
}

static int check_arena(struct builder *builder, const struct scenario *scenario)
{
    if (scenario->reserved_pages == 0 || scenario->reserved_pages > MOST_PAGES)
        return wrong(builder, "'arena.reserved_pages' is 1 to %d", MOST_PAGES);
    if (scenario->initial_blocks < LEAST_BLOCKS || scenario->initial_blocks > MOST_PAGES)
        return wrong(builder, "'arena.initial_blocks' is %d to %d", LEAST_BLOCKS, MOST_PAGES);
    if (scenario->grow_blocks == 0 || scenario->grow_blocks > MOST_PAGES)
        return wrong(builder, "'arena.grow_blocks' is 1 to %d", MOST_PAGES);
    if (scenario->fanout != 0 && (scenario->fanout < 4 || scenario->fanout > MOST_FANOUT))
        return wrong(builder, "'arena.fanout' is 4 to %d, or 0 for as many as fit", MOST_FANOUT);
    if (scenario->resident_pages > MOST_PAGES || scenario->mapping_limit > MOST_PAGES ||
        scenario->defragment_blocks > MOST_PAGES)
        return wrong(builder,
                     "'resident_pages', 'mapping_limit' and 'defragment_blocks' of 'arena' are at "
                     "most %d",
                     MOST_PAGES);
    return 0;
}

/* Reads one scenario; `line` and `end` are its lines in the file. */
static int add_scenario(struct builder *builder, const struct schema_scenario *from, unsigned line,
                        unsigned end)
{
    struct suite *suite = builder->suite;
    struct scenario scenario = {.line = line,
                                .record_creation = from->create == SCHEMA_CREATE_RECORDED,
                                .reserved_pages = DEFAULT_RESERVED,
                                .initial_blocks = DEFAULT_INITIAL,
                                .grow_blocks = DEFAULT_GROW};
    int error;

    for (size_t i = 0; i < suite->count; i++)
        if (strcmp(suite->scenarios[i].name, from->name) == 0)
            return wrong(builder, "scenario '%s' is also in %s, line %u; names are unique",
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
        scenario.has_copying = arena->copying != SCHEMA_COPY_EITHER;
        scenario.copying = arena->copying == SCHEMA_COPY_LAZY ? PMA_COPY_LAZY : PMA_COPY_EAGER;
    }
    error = check_arena(builder, &scenario);
    if (error == 0)
        error = own_copy(suite, from->name, &scenario.name);
    if (error == 0)
        error = own_copy(suite, from->description, &scenario.description);
    if (error == 0)
        error = own_copy(suite, builder->path, &scenario.file);
    if (error == 0)
        error = own_lines(builder, line, end, &scenario.text);
    if (error == 0)
        error = add_steps(builder, from->steps, from->steps_count);
    if (error == 0)
        error = own(suite, builder->steps);
    else
        free(builder->steps);
    scenario.steps = builder->steps;
    scenario.step_count = builder->step_count;
    builder->steps = NULL;
    builder->step_count = builder->step_capacity = 0;
    if (error == 0)
        error = plausible_scenario(&scenario, builder->message, builder->message_bytes);
    if (error == 0)
        error = grow(&suite->scenarios, suite->count, &suite->capacity, sizeof scenario);
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
