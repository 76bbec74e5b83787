/* SPDX-License-Identifier: MIT */
/*
 * Reducing a violation to the fewest pages that differ from a legal crash state.
 *
 * A legal state is the base: all that was written reached the disk, or as little of it as may be.
 * The items that the violation's path sees otherwise are put into it; those that are not needed go
 * again. A single other item, whatever its value, is looked for first.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "reduce_trial.h"

/* Up to so many items are chosen two by two before the reduction settles for a set from which none
 * can go. */
enum { MOST_FOR_PAIRS = 64 };

/* The violation, made into a base of so many items with these values. */
struct change {
    enum fsim_base base;
    size_t *items;
    uint64_t *values; /* by position in `items` */
    size_t count;
};

struct reducer {
    const struct fsim_violation *violation;
    struct fsim_kind kind;
    struct trial trial;
    size_t item_count;
    uint64_t *base, *bad; /* by item: the legal state, and the violation's */
    uint64_t *best_base;  /* of `best` */
    struct change best;
    size_t *different; /* the items in which the two differ */
    size_t different_count;
};

const char *fsim_base_help(enum fsim_base base)
{
    static const char *const help[] = {
#define BASE_HELP(id, text) [id] = text,
        FSIM_BASES(BASE_HELP)
#undef BASE_HELP
    };
    return (unsigned)base < sizeof help / sizeof *help ? help[base] : "?";
}

/* Whether the state last tried is a violation of the kind that is reduced. */
static bool shows(const struct reducer *reducer)
{
    const struct trial *trial = &reducer->trial;
    struct fsim_kind kind = fsim_kind_of(trial->verdict, trial->outcome, trial->finding);
    return fsim_kind_equal(&kind, &reducer->kind);
}

static void start_from_base(struct reducer *reducer)
{
    memcpy(reducer->trial.values, reducer->base, reducer->item_count * sizeof *reducer->base);
}

/* Whether these items of the violation, put into the base, bring it about. */
static int holds(void *context, const size_t *members, size_t count)
{
    struct reducer *reducer = context;
    start_from_base(reducer);
    for (size_t i = 0; i < count; i++)
        reducer->trial.values[members[i]] = reducer->bad[members[i]];
    int error = trial_run(&reducer->trial);
    return error < 0 ? error : shows(reducer);
}

/* Bases. */

static int is_legal(struct reducer *reducer)
{
    start_from_base(reducer);
    int error = trial_run(&reducer->trial);
    return error < 0 ? error : !fsim_verdict_is_violation(reducer->trial.verdict);
}

static uint64_t earliest(const uint64_t *values, size_t count)
{
    uint64_t newer, older;
    while (count > 1 && fsim_value_torn(values[count - 1], &newer, &older))
        count--;
    return values[count - 1];
}

static void set_crash_state(struct reducer *reducer, enum fsim_base base)
{
    for (uint32_t i = 0; i < reducer->item_count; i++) {
        const uint64_t *values;
        size_t sound = cursor_sound(reducer->violation->cursor, i);
        cursor_values(reducer->violation->cursor, i, &values);
        reducer->base[i] = base == FSIM_BASE_EARLIEST ? earliest(values, sound) : values[0];
    }
}

/* What the files held when the last state was acknowledged. -ENOENT if none was, or if a crash
 * before this one had its part in what they held. */
static int set_acknowledged(struct reducer *reducer)
{
    const struct fsim_violation *violation = reducer->violation;
    const struct fsim_mark *mark = NULL;
    fsim_cursor_t *then;
    if (violation->legal_count > 0)
        mark = fsim_trace_mark(violation->trace, violation->legal[0]);
    if (mark == NULL || mark->kind != FSIM_MARK_ACK || violation->earlier_count > 0)
        return -ENOENT;
    /* With this model an item has one value, its latest. */
    int error = fsim_cursor_new(violation->trace, FSIM_PROCESS_KILL, &then);
    if (error < 0)
        return error;
    error = fsim_cursor_advance(then, mark->event);
    for (uint32_t i = 0; error == 0 && i < reducer->item_count; i++) {
        const uint64_t *values;
        cursor_values(then, i, &values);
        reducer->base[i] = values[0];
    }
    fsim_cursor_free(then);
    return error;
}

/* What recovery did not look at is as in the base. */
static void set_bad(struct reducer *reducer)
{
    const struct fsim_violation *violation = reducer->violation;
    memcpy(reducer->bad, reducer->base, reducer->item_count * sizeof *reducer->base);
    for (size_t i = 0; i < violation->item_count; i++)
        reducer->bad[cursor_find(violation->cursor, violation->items[i])] = violation->values[i];
    reducer->different_count = 0;
    for (size_t i = 0; i < reducer->item_count; i++)
        if (reducer->bad[i] != reducer->base[i])
            reducer->different[reducer->different_count++] = i;
}

/* Searching. */

static void keep(struct reducer *reducer, enum fsim_base base, const size_t *items, size_t count)
{
    struct change *best = &reducer->best;
    if (best->base != FSIM_BASE_NONE && best->count <= count)
        return;
    best->base = base;
    best->count = count;
    memcpy(best->items, items, count * sizeof *items);
    for (size_t i = 0; i < count; i++)
        best->values[i] = reducer->bad[items[i]];
    memcpy(reducer->best_base, reducer->base, reducer->item_count * sizeof *reducer->base);
}

/* One item of the crash point with any of its values, as far as the tree knows what comes of it. */
static int try_neighbours(struct reducer *reducer, enum fsim_base base)
{
    const fsim_cursor_t *cursor = reducer->violation->cursor;
    const uint32_t *open;
    size_t count = cursor_undetermined(cursor, &open);
    int error = 0;
    for (size_t i = 0; i < count; i++) {
        size_t item = open[i];
        const uint64_t *values;
        size_t value_count = cursor_values(cursor, open[i], &values);
        for (size_t k = 0; k < value_count; k++) {
            if (values[k] == reducer->base[item])
                continue;
            start_from_base(reducer);
            reducer->trial.values[item] = values[k];
            error = trial_look_up(&reducer->trial);
            if (error == -ENOENT)
                continue;
            if (error < 0)
                return error;
            reducer->trial.states++;
            if (shows(reducer)) {
                reducer->bad[item] = values[k];
                keep(reducer, base, &item, 1);
                return 1;
            }
        }
    }
    return 0;
}

/* Any two of the items in which the two differ. */
static int try_pairs(struct reducer *reducer, enum fsim_base base)
{
    for (size_t i = 0; i < reducer->different_count; i++) {
        for (size_t k = i + 1; k < reducer->different_count; k++) {
            size_t pair[] = {reducer->different[i], reducer->different[k]};
            int held = holds(reducer, pair, 2);
            if (held > 0)
                keep(reducer, base, pair, 2);
            if (held != 0)
                return held < 0 ? held : 0;
        }
    }
    return 0;
}

/* As few of the items in which the two differ as are enough. */
static int narrow(struct reducer *reducer, enum fsim_base base)
{
    size_t count = reducer->different_count;
    size_t *items = malloc((count + 1) * sizeof *items);
    if (items == NULL)
        return -ENOMEM;
    memcpy(items, reducer->different, count * sizeof *items);
    int error = fsim_minimize(items, &count, holds, reducer);
    keep(reducer, base, items, count);
    free(items);
    if (error == 0 && count > 2 && reducer->different_count <= MOST_FOR_PAIRS)
        error = try_pairs(reducer, base);
    return error;
}

static int reduce_from(struct reducer *reducer, enum fsim_base base)
{
    int legal = is_legal(reducer);
    if (legal <= 0)
        return legal;
    set_bad(reducer);
    /* Any other value is one that the crash point admits, so this needs a base that it admits. */
    int found = base == FSIM_BASE_ACKNOWLEDGED ? 0 : try_neighbours(reducer, base);
    if (found != 0)
        return found < 0 ? found : 0;
    int held = holds(reducer, reducer->different, reducer->different_count);
    return held > 0 ? narrow(reducer, base) : held;
}

static int search(struct reducer *reducer)
{
    int error = 0;
    for (int base = FSIM_BASE_LATEST; error == 0 && base <= FSIM_BASE_EARLIEST; base++) {
        if (reducer->best.base != FSIM_BASE_NONE && reducer->best.count == 1)
            break;
        set_crash_state(reducer, (enum fsim_base)base);
        error = reduce_from(reducer, (enum fsim_base)base);
    }
    if (error < 0 || reducer->best.base != FSIM_BASE_NONE)
        return error;
    error = set_acknowledged(reducer);
    if (error < 0)
        return error == -ENOENT ? 0 : error;
    return reduce_from(reducer, FSIM_BASE_ACKNOWLEDGED);
}

/* The result. */

struct made {
    struct fsim_reduction reduction;
    struct fsim_outcome outcome;
    void *evidence;
    char finding[256];
    struct fsim_item *items;
    uint64_t *values;
    uint32_t *candidates;
    struct fsim_difference *differences;
};

static void add_item(const struct reducer *reducer, struct made *made, uint32_t item)
{
    struct fsim_violation *violation = &made->reduction.violation;
    const uint64_t *values;
    made->items[violation->item_count] = cursor_item(violation->cursor, item);
    made->values[violation->item_count] = reducer->trial.values[item];
    made->candidates[violation->item_count++] =
        (uint32_t)cursor_values(violation->cursor, item, &values);
}

/* What recovery looked at, or, where nobody watched it, what the one that was reduced looked at and
 * whatever is not as it was last written. */
static void list_items(const struct reducer *reducer, struct made *made)
{
    const struct trial *trial = &reducer->trial;
    const struct fsim_violation *given = reducer->violation;
    made->reduction.violation.item_count = 0;
    if (trial->in_tree) {
        for (uint32_t i = 0; i < trial->path_count; i++)
            add_item(reducer, made, trial->path[i]);
        return;
    }
    for (size_t i = 0; i < given->item_count; i++)
        add_item(reducer, made, cursor_find(given->cursor, given->items[i]));
    for (uint32_t i = 0; i < reducer->item_count; i++) {
        const uint64_t *values;
        bool listed = false;
        for (size_t k = 0; k < given->item_count && !listed; k++)
            listed = cursor_find(given->cursor, given->items[k]) == i;
        cursor_values(given->cursor, i, &values);
        if (!listed && trial->values[i] != values[0])
            add_item(reducer, made, i);
    }
}

/* The smallest state once more, for what recovery says of it. -EAGAIN if it says something else. */
static int make_violation(struct reducer *reducer, struct made *made)
{
    struct fsim_violation *violation = &made->reduction.violation;
    struct trial *trial = &reducer->trial;
    memcpy(trial->values, reducer->best_base, reducer->item_count * sizeof *trial->values);
    for (size_t i = 0; i < reducer->best.count; i++)
        trial->values[reducer->best.items[i]] = reducer->best.values[i];
    trial->deadline = UINT64_MAX;
    int error = trial_run(trial);
    if (error < 0)
        return error;
    if (!shows(reducer))
        return -EAGAIN;
    made->outcome = *trial->outcome;
    made->evidence = malloc(made->outcome.evidence_bytes + 1);
    if (made->evidence == NULL)
        return -ENOMEM;
    if (made->outcome.evidence_bytes > 0)
        memcpy(made->evidence, trial->evidence, made->outcome.evidence_bytes);
    memcpy(made->finding, trial->finding, sizeof made->finding);
    violation->outcome = &made->outcome;
    violation->evidence = made->evidence;
    violation->finding = made->finding;
    list_items(reducer, made);
    violation->items = made->items;
    violation->values = made->values;
    violation->candidates = made->candidates;
    return 0;
}

static int make(struct reducer *reducer, struct made *made)
{
    const struct change *best = &reducer->best;
    struct fsim_reduction *reduction = &made->reduction;
    size_t items = reducer->item_count + 1;
    reduction->base = best->base;
    made->items = malloc(items * sizeof *made->items);
    made->values = malloc(items * sizeof *made->values);
    made->candidates = malloc(items * sizeof *made->candidates);
    made->differences = malloc((best->count + 1) * sizeof *made->differences);
    if (made->items == NULL || made->values == NULL || made->candidates == NULL ||
        made->differences == NULL)
        return -ENOMEM;
    reduction->differences = made->differences;
    reduction->difference_count = best->count;
    for (size_t i = 0; i < best->count; i++)
        made->differences[i] = (struct fsim_difference){
            .item = cursor_item(reducer->violation->cursor, (uint32_t)best->items[i]),
            .value = best->values[i],
            .legal = reducer->best_base[best->items[i]],
        };
    int error = 0;
    if (best->base == FSIM_BASE_LATEST || best->base == FSIM_BASE_EARLIEST)
        error = make_violation(reducer, made);
    if (error == -EAGAIN) {
        reduction->base = FSIM_BASE_NONE;
        reduction->difference_count = 0;
        error = 0;
    }
    return error;
}

static int reducer_init(struct reducer *reducer, const struct fsim_violation *violation,
                        uint32_t time_limit_ms)
{
    size_t items = cursor_items(violation->cursor);
    *reducer = (struct reducer){
        .violation = violation,
        .kind = fsim_kind_of(violation->verdict, violation->outcome, violation->finding),
        .item_count = items,
        .base = malloc((items + 1) * sizeof(uint64_t)),
        .bad = malloc((items + 1) * sizeof(uint64_t)),
        .best_base = malloc((items + 1) * sizeof(uint64_t)),
        .best = {.items = malloc((items + 1) * sizeof(size_t)),
                 .values = malloc((items + 1) * sizeof(uint64_t))},
        .different = malloc((items + 1) * sizeof(size_t)),
    };
    if (reducer->base == NULL || reducer->bad == NULL || reducer->best_base == NULL ||
        reducer->best.items == NULL || reducer->best.values == NULL || reducer->different == NULL)
        return -ENOMEM;
    return trial_init(&reducer->trial, violation->explorer, time_limit_ms);
}

static void reducer_deinit(struct reducer *reducer)
{
    trial_deinit(&reducer->trial);
    free(reducer->base);
    free(reducer->bad);
    free(reducer->best_base);
    free(reducer->best.items);
    free(reducer->best.values);
    free(reducer->different);
}

int fsim_reduce(const struct fsim_violation *violation, uint32_t time_limit_ms,
                struct fsim_reduction **reduction)
{
    struct reducer reducer;
    if (violation->explorer == NULL)
        return -ENOTSUP;
    struct made *made = calloc(1, sizeof *made);
    if (made == NULL)
        return -ENOMEM;
    made->reduction.violation = *violation;
    int error = reducer_init(&reducer, violation, time_limit_ms);
    /* A recovery that is no function of the files has no state that brings it about. */
    if (error == 0 && violation->verdict != FSIM_V_UNSTABLE)
        error = search(&reducer);
    made->reduction.out_of_time = error == -ETIME;
    if (error == 0 || error == -ETIME)
        error = make(&reducer, made);
    made->reduction.states = reducer.trial.states;
    made->reduction.recoveries = reducer.trial.recoveries;
    reducer_deinit(&reducer);
    if (error < 0) {
        fsim_reduction_free(&made->reduction);
        return error;
    }
    *reduction = &made->reduction;
    return 0;
}

void fsim_reduction_free(struct fsim_reduction *reduction)
{
    struct made *made = (struct made *)reduction; /* its first member */
    if (made == NULL)
        return;
    free(made->evidence);
    free(made->items);
    free(made->values);
    free(made->candidates);
    free(made->differences);
    free(made);
}
