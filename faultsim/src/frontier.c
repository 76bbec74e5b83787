/* SPDX-License-Identifier: MIT */
#include "frontier.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pack.h"
#include "points.h"
#include "resume.h"
#include "splice.h"

/* A leaf as the start of a recording: the crash states that agree with its path. */
struct start {
    uint32_t *items;
    uint64_t *values; /* a torn or damaged block's as a content of its own */
    uint32_t count;
    uint32_t point; /* the first that admits it */
    size_t *legal;  /* marks that are legal at every crash point that admits the leaf */
    size_t legal_count;
    struct fsim_span span; /* what was recorded */
    bool known, broken;    /* judged right somewhere, judged wrong somewhere */
};

struct death {
    uint32_t point, leaf;
};

struct frontier {
    struct start *starts; /* by leaf */
    size_t start_count;
    struct death *deaths;
    size_t death_count, death_capacity;
    bool incomplete;
};

int frontier_new(struct frontier **frontier)
{
    *frontier = calloc(1, sizeof **frontier);
    return *frontier == NULL ? -ENOMEM : 0;
}

void frontier_free(struct frontier *frontier)
{
    if (frontier == NULL)
        return;
    for (size_t i = 0; i < frontier->start_count; i++) {
        free(frontier->starts[i].items);
        free(frontier->starts[i].values);
        free(frontier->starts[i].legal);
    }
    free(frontier->starts);
    free(frontier->deaths);
    free(frontier);
}

/* Notes. */

static struct start *start_of(struct frontier *frontier, uint32_t leaf)
{
    if (leaf >= frontier->start_count) {
        size_t count = (size_t)leaf * 2 + 64;
        struct start *starts = realloc(frontier->starts, count * sizeof *starts);
        if (starts == NULL)
            return NULL;
        memset(starts + frontier->start_count, 0, (count - frontier->start_count) * sizeof *starts);
        frontier->starts = starts;
        frontier->start_count = count;
    }
    return &frontier->starts[leaf];
}

static int keep_path(struct start *start, const struct walk *walk)
{
    start->items = malloc((walk->depth + 1) * sizeof *start->items);
    start->values = malloc((walk->depth + 1) * sizeof *start->values);
    if (start->items == NULL || start->values == NULL)
        return -ENOMEM;
    start->count = (uint32_t)walk_path(walk, start->items, start->values);
    return 0;
}

static bool is_among(const fsim_trace_t *trace, size_t mark, const size_t *marks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (fsim_digest_equal(fsim_trace_mark(trace, marks[i])->state,
                              fsim_trace_mark(trace, mark)->state))
            return true;
    }
    return false;
}

/* An image that several crash points admit must be recovered rightly for each of them. */
static void narrow(struct start *start, const fsim_trace_t *trace, const size_t *legal,
                   size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < start->legal_count; i++) {
        if (is_among(trace, start->legal[i], legal, count))
            start->legal[kept++] = start->legal[i];
    }
    start->legal_count = kept;
}

int frontier_note_leaf(struct frontier *frontier, const struct search *search,
                       const struct walk *walk, uint32_t point, bool legal)
{
    struct start *start = start_of(frontier, walk->leaf);
    const size_t *marks;
    size_t count = fsim_cursor_legal(search->cursor, &marks);
    if (start == NULL)
        return -ENOMEM;
    if (!legal) {
        start->broken = true;
        return 0;
    }
    if (start->known) {
        narrow(start, search->trace, marks, count);
        return 0;
    }
    start->legal = malloc((count + 1) * sizeof *start->legal);
    if (start->legal == NULL || keep_path(start, walk) < 0)
        return -ENOMEM;
    memcpy(start->legal, marks, count * sizeof *marks);
    start->legal_count = count;
    start->point = point;
    start->known = true;
    return 0;
}

static uint64_t latest_value(void *context, uint32_t item)
{
    const uint64_t *values;
    cursor_values(context, item, &values);
    return values[0];
}

int frontier_note_kill(struct frontier *frontier, const struct search *search, uint32_t point)
{
    const uint32_t *open;
    if (search->options->model == FSIM_PROCESS_KILL ||
        cursor_undetermined(search->cursor, &open) == 0)
        return 0; /* as if power had failed */
    int64_t leaf = tree_find(search->tree, latest_value, search->cursor, NULL, NULL, NULL);
    if (leaf < 0) {
        frontier->incomplete = true;
        return 0;
    }
    if (frontier->death_count == frontier->death_capacity) {
        size_t capacity = frontier->death_capacity * 2 + 64;
        struct death *deaths = realloc(frontier->deaths, capacity * sizeof *deaths);
        if (deaths == NULL)
            return -ENOMEM;
        frontier->deaths = deaths;
        frontier->death_capacity = capacity;
    }
    frontier->deaths[frontier->death_count++] = (struct death){point, (uint32_t)leaf};
    return 0;
}

/* Recordings. */

/* What an item is in the crash state that a recording starts from. */
struct state {
    const struct start *start;
    fsim_cursor_t *cursor;
    uint64_t unknown; /* content of blocks that nobody looked at */
};

/*
 * Blocks that may hold this or that, and that recovery did not look at, get a content that is none
 * of these: were it one of them, writing the same once more would not show in the recording.
 */
static int make_state(const struct search *search, const struct start *start, struct state *state)
{
    unsigned char unknown[FSIM_BLOCK_SIZE];
    memset(unknown, 0xdb, sizeof unknown);
    *state = (struct state){.start = start,
                            .cursor = search->cursor,
                            .unknown = fsim_trace_add_content(search->trace, unknown)};
    return fsim_trace_full(search->trace) ? -ENOSPC : 0;
}

static uint64_t value_in(const void *context, uint32_t item)
{
    const struct state *state = context;
    const uint64_t *values;
    for (uint32_t i = 0; i < state->start->count; i++) {
        if (state->start->items[i] == item)
            return state->start->values[i];
    }
    bool open = cursor_values(state->cursor, item, &values) > 1;
    return open && cursor_item(state->cursor, item).kind == FSIM_ITEM_BLOCK ? state->unknown
                                                                            : values[0];
}

/* The trace's own file for each file that the recording found in its directory. */
static uint32_t *find_files(fsim_trace_t *trace, const fsim_trace_t *recorded, size_t begun,
                            const struct state *state)
{
    uint32_t *files = calloc(fsim_trace_files(recorded) + 1, sizeof *files);
    for (size_t i = 0; files != NULL && i < begun; i++) {
        const struct fsim_event *event = fsim_trace_event(recorded, i);
        if (event->kind != FSIM_EV_NAME || event->file == FSIM_NO_FILE)
            continue;
        uint32_t name = fsim_trace_add_string(trace, fsim_trace_string(recorded, event->name));
        uint32_t item = cursor_find(state->cursor, (struct fsim_item){FSIM_ITEM_NAME, name, 0});
        if (item != CURSOR_NO_ITEM)
            files[event->file] = (uint32_t)value_in(state, item);
    }
    return files;
}

/* What a torn or damaged block holds becomes a content like any other: it may tear again. */
static void settle_blocks(struct start *start, fsim_trace_t *trace, const fsim_cursor_t *cursor)
{
    unsigned char made[FSIM_BLOCK_SIZE];
    uint64_t of, with;
    for (uint32_t i = 0; i < start->count; i++) {
        uint64_t *value = &start->values[i];
        bool is_made =
            fsim_value_torn(*value, &of, &with) || fsim_value_flipped(*value, &of, &with);
        if (cursor_item(cursor, start->items[i]).kind == FSIM_ITEM_BLOCK && is_made)
            *value = fsim_trace_add_content(trace, fsim_value_content(trace, *value, made));
    }
}

static int record_into(const struct search *search, const struct state *state,
                       struct fsim_span *span, const void *image, size_t image_bytes,
                       struct fsim_summary *summary)
{
    fsim_trace_t *recorded = NULL;
    uint32_t *files = NULL;
    size_t begun = 0;
    int error = fsim_trace_new(&recorded);
    if (error == 0)
        error = resume_record(search->subject, search->options, image, image_bytes, recorded,
                              &begun, summary);
    if (error == 0) {
        files = find_files(search->trace, recorded, begun, state);
        error = files == NULL ? -ENOMEM : splice_trace(search->trace, recorded, begun, files, span);
    }
    free(files);
    fsim_trace_free(recorded);
    return error;
}

/* The cursor is at the start's crash point. */
static int record(const struct search *search, struct start *start, struct fsim_summary *summary)
{
    struct state state;
    void *image;
    size_t bytes;
    settle_blocks(start, search->trace, search->cursor);
    int error = make_state(search, start, &state);
    if (error < 0)
        return error;
    error = pack_image(search->trace, search->cursor, value_in, &state, &image, &bytes);
    if (error < 0)
        return error;
    error = record_into(search, &state, &start->span, image, bytes, summary);
    free(image);
    return error;
}

/* Whether it is one to go on from: what was judged wrong is reported, and that is that. */
static bool is_start(const struct start *start)
{
    return start->known && !start->broken;
}

static bool stopped(const struct search *search)
{
    return search->options->stop != NULL && *search->options->stop;
}

static int make_recordings(struct frontier *frontier, struct search *search, struct levels *levels,
                           struct fsim_nested *counts, struct fsim_summary *summary)
{
    int error = 0;
    for (size_t i = 0; error == 0 && i < frontier->start_count; i++) {
        struct start *start = &frontier->starts[i];
        if (!is_start(start))
            continue;
        error = stopped(search) ? -EINTR : levels_seek(levels, levels->count - 1, start->point);
        if (error == 0)
            error = record(search, start, summary);
        counts->power_failures++;
    }
    return error;
}

/* Branches. */

/* The path and the marks become the branch's. */
static struct branch branch_from(struct start *start)
{
    struct branch branch = {
        .parent = start->point,
        .items = start->items,
        .values = start->values,
        .count = start->count,
        .legal = start->legal,
        .legal_count = start->legal_count,
        .span = start->span,
    };
    start->items = NULL;
    start->values = NULL;
    start->legal = NULL;
    return branch;
}

static int by_parent(const void *a, const void *b)
{
    const struct branch *x = a, *y = b;
    if (x->parent != y->parent)
        return (x->parent > y->parent) - (x->parent < y->parent);
    if (x->killed != y->killed)
        return x->killed - y->killed;
    return (x->span.first > y->span.first) - (x->span.first < y->span.first);
}

static int make_branches(struct frontier *frontier, struct level *next, struct fsim_nested *counts)
{
    size_t most = frontier->start_count + frontier->death_count;
    next->branches = malloc((most + 1) * sizeof *next->branches);
    if (next->branches == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < frontier->start_count; i++) {
        if (is_start(&frontier->starts[i]))
            next->branches[next->branch_count++] = branch_from(&frontier->starts[i]);
    }
    for (size_t i = 0; i < frontier->death_count; i++) {
        const struct death *death = &frontier->deaths[i];
        if (death->leaf >= frontier->start_count || !is_start(&frontier->starts[death->leaf]))
            continue;
        counts->kills++;
        next->branches[next->branch_count++] = (struct branch){
            .parent = death->point, .killed = true, .span = frontier->starts[death->leaf].span};
    }
    qsort(next->branches, next->branch_count, sizeof *next->branches, by_parent);
    return 0;
}

/* Crash points. */

static int add_point(struct level *level, size_t *capacity, struct fsim_crash_point point,
                     uint32_t branch)
{
    if (level->point_count == *capacity) {
        *capacity = *capacity * 2 + 256;
        struct fsim_crash_point *points = realloc(level->points, *capacity * sizeof *points);
        if (points != NULL)
            level->points = points;
        uint32_t *branch_of = realloc(level->branch_of, *capacity * sizeof *branch_of);
        if (branch_of != NULL)
            level->branch_of = branch_of;
        if (points == NULL || branch_of == NULL)
            return -ENOMEM;
    }
    level->branch_of[level->point_count] = branch;
    point.index = (uint32_t)level->point_count;
    level->points[level->point_count++] = point;
    return 0;
}

/* Once all that the dead process had written is durable, there is nothing that a power failure in
 * its place would not have left as well. */
static bool goes_on(const struct level *level, const struct branch *branch)
{
    return !branch->killed || cursor_owes(level->cursor);
}

static int add_points(struct search *search, struct levels *levels, size_t index, size_t *capacity)
{
    struct level *level = &levels->list[levels->count - 1];
    const struct branch *branch = &level->branches[index];
    struct fsim_crash_point *points = NULL;
    size_t count = 0;
    int error = points_in(search->trace, branch->span, &points, &count);
    if (error == 0 && branch->killed)
        error = levels_enter(levels, levels->count - 1, index);
    for (size_t i = 0; error == 0 && i < count; i++) {
        if (branch->killed)
            error = fsim_cursor_advance(level->cursor, points[i].events);
        if (error < 0 || !goes_on(level, branch))
            break;
        error = add_point(level, capacity, points[i], (uint32_t)index);
    }
    free(points);
    return error;
}

static int make_points(struct search *search, struct levels *levels)
{
    struct level *level = &levels->list[levels->count - 1];
    size_t capacity = 0;
    int error = 0;
    for (size_t i = 0; error == 0 && i < level->branch_count; i++)
        error = add_points(search, levels, i, &capacity);
    return error;
}

int frontier_advance(struct frontier *frontier, struct search *search, struct fsim_summary *summary)
{
    struct levels *levels = search->levels;
    struct fsim_nested *counts = &summary->nested[levels->count - 1];
    int error = make_recordings(frontier, search, levels, counts, summary);
    if (error == 0)
        error = make_branches(frontier, &levels->list[levels->count++], counts);
    if (error == 0)
        error = levels_renew(levels);
    if (error == 0)
        error = make_points(search, levels);
    summary->complete = summary->complete && !frontier->incomplete;
    summary->interrupted = summary->interrupted || error == -EINTR;
    return error;
}
