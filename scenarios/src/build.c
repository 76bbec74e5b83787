/* SPDX-License-Identifier: MIT */
#include "build.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <faultsim/plan.h>
#include <pma/pma.h>

#include "room.h"
#include "words.h"

enum {
    MOST_BYTES = 1 << 26,
    MOST_LOCALS = 1 << 16,
    MOST_SIZE = 1 << 20, /* of a noun */
};

int build_own(struct suite *suite, void *block)
{
    if (block == NULL)
        return -ENOMEM;
    if (room_for(&suite->owned, suite->owned_count + 1, &suite->owned_capacity,
                 sizeof *suite->owned)) {
        free(block);
        return -ENOMEM;
    }
    suite->owned[suite->owned_count++] = block;
    return 0;
}

int build_own_copy(struct suite *suite, const char *text, const char **copy)
{
    char *owned = strdup(text);

    *copy = owned;
    return build_own(suite, owned);
}

int build_wrong(struct builder *builder, const char *format, ...)
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

int build_number(struct builder *builder, const char *key, const char *text, uint64_t *value)
{
    char why[96];

    if (text == NULL || formula_number(text, &builder->counters, value, why, sizeof why) == 0)
        return 0;
    return build_wrong(builder, "'%s: %s' of step '%s': %s", key, text, builder->word, why);
}

static int name(struct builder *builder, const char *key, const char *text, const char **value)
{
    char why[96], *built;
    int error;

    if (text == NULL)
        return 0;
    error = formula_name(text, &builder->counters, &built, why, sizeof why);
    if (error == -EINVAL)
        return build_wrong(builder, "'%s: %s' of step '%s': %s", key, text, builder->word, why);
    if (error != 0)
        return error;
    *value = built;
    return build_own(builder->suite, built);
}

static int fault(struct builder *builder, const struct schema_keys *keys, struct step *step)
{
    struct fsim_plan plan;
    char why[256];

    if (keys->expect != NULL) {
        step->expect = words_error_code(keys->expect);
        if (step->expect == 0)
            return build_wrong(
                builder,
                "'expect: %s' of step '%s' is no error; known are errno names (EIO) and "
                "those of pma/errors.h (PMA_EPOISONED)",
                keys->expect, builder->word);
    }
    if (keys->fault == NULL)
        return 0;
    if (fsim_plan_parse(keys->fault, words_fault_point, &plan, why, sizeof why) != 0)
        return build_wrong(builder, "'fault' of step '%s': %s", builder->word, why);
    return build_own_copy(builder->suite, keys->fault, &step->fault);
}

/* What is wrong with a step in itself. */
static int check_step(struct builder *builder, const struct step *step)
{
    enum step_kind kind = step->kind;

    if (kind == STEP_WRITE &&
        (step->bytes < 8 || step->bytes > PMA_PAGE_SIZE || step->bytes % 8 != 0))
        return build_wrong(builder, "'bytes' of step 'write' is a multiple of 8 up to %d",
                           PMA_PAGE_SIZE);
    if (step->ephemeral && step->persistent)
        return build_wrong(builder, "step 'move' cannot make pages both ephemeral and persistent");
    if (step->count == 0 && kind == STEP_SNAPSHOT)
        return build_wrong(builder, "'count' of step 'snapshot' is at least 1");
    if (kind == STEP_SNAPSHOT && step->count > 1 && step->expect != 0)
        return build_wrong(builder,
                           "a step 'snapshot' that must fail is one snapshot; leave out 'count'");
    if (step->killed && (step->count > 1 || step->expect != 0))
        return build_wrong(
            builder,
            "a step '%s' in which the process is killed is one call and returns nothing; "
            "leave out 'count' and 'expect'",
            builder->word);
    if (step->pages > BUILD_MOST_PAGES || step->page > BUILD_MOST_PAGES)
        return build_wrong(builder, "step '%s' names pages beyond %d", builder->word,
                           BUILD_MOST_PAGES);
    if (kind == STEP_ALLOC && step->pages == 0)
        return build_wrong(builder, "'pages' of step 'alloc' is at least 1");
    if (step->bytes > MOST_BYTES || step->locals > MOST_LOCALS || step->size > MOST_SIZE)
        return build_wrong(builder, "step '%s' is too large: at most %d bytes, %d locals, size %d",
                           builder->word, MOST_BYTES, MOST_LOCALS, MOST_SIZE);
    if (step->align != 0 && (step->align & (step->align - 1)) != 0 && step->expect == 0)
        return build_wrong(builder, "'align' of step 'malloc' is a power of two");
    if (step->align != 0 && step->zeroed)
        return build_wrong(builder, "step 'malloc' has 'align' or 'zeroed', not both");
    return 0;
}

struct step build_default(enum step_kind kind, size_t index)
{
    return (struct step){.kind = kind,
                         .seed = index + 1,
                         .bytes = PMA_PAGE_SIZE,
                         .count = kind == STEP_SNAPSHOT || kind == STEP_CREATE ||
                                  kind == STEP_LIGHT_PUSH || kind == STEP_LIGHT_POP};
}

int build_step(struct builder *builder, enum step_kind kind, const struct schema_keys *keys,
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
                   {"blocks", keys->blocks, &step->blocks},
                   {"most", keys->most, &step->most}};
    const struct {
        const char *key, *text;
        const char **value;
    } names[] = {{"name", keys->name, &step->name},
                 {"as", keys->as, &step->as},
                 {"on", keys->on, &step->on},
                 {"head", keys->head, &step->head},
                 {"tail", keys->tail, &step->tail}};
    int error = 0;

    *step = build_default(kind, builder->step_count);
    step->line = builder->line;
    step->has_at = keys->at != NULL;
    step->has_event = keys->event != NULL;
    step->ephemeral = keys->ephemeral;
    step->persistent = keys->persistent;
    step->zeroed = keys->zeroed;
    step->batch = keys->batch;
    step->previous = keys->previous;
    step->killed = keys->killed;
    step->attempted = keys->state == SCHEMA_ATTEMPTED;
    step->order = (enum step_order)keys->order;
    step->shape = (enum step_shape)keys->shape;
    for (size_t i = 0; error == 0 && i < sizeof numbers / sizeof numbers[0]; i++)
        error = build_number(builder, numbers[i].key, numbers[i].text, numbers[i].value);
    for (size_t i = 0; error == 0 && i < sizeof names / sizeof names[0]; i++)
        error = name(builder, names[i].key, names[i].text, names[i].value);
    if (error == 0)
        error = fault(builder, keys, step);
    if (kind == STEP_SECOND_WRITER)
        step->expect = PMA_EBUSY;
    return error != 0 ? error : check_step(builder, step);
}
