/* SPDX-License-Identifier: MIT */
#include "playmap.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "findings/verdict.h"
#include "output/json.h"
#include "output/text.h"

enum {
    MOST_CELLS = 16 << 20, /* in memory; crash points after them are left out */
    MOST_TEXT = 64 << 10,  /* of all rows; rows after it are left out */
};

/* What a map says of an item in a column. */
enum cell {
    CELL_NOT_THERE = '-',
    CELL_DURABLE = 'd', /* one value only */
    CELL_OPEN = 'o',    /* one of several, and no recovery ever looks at it */
    CELL_SEEN = 's',    /* one of several, and recovery looks at it */
    CELL_KEPT = 'k',    /* in a violation with its latest value */
    CELL_LOST = 'l',    /* in a violation with another */
    CELL_BOTH = 'b',    /* in violations of both kinds */
};

struct row {
    struct fsim_item item;
    char *name, *role; /* NULL until it is open for the first time */
};

/* Crash points in a row of which all is the same. */
struct column {
    uint32_t where, side, hit, step; /* of the first; `where` is an index of `names` */
    uint32_t points;
    bool wrong; /* some crash state here is a violation */
};

struct playmap {
    struct row *rows;
    size_t row_count;
    struct column *columns;
    size_t column_count, column_capacity;
    char *cells; /* column by column */
    struct {
        uint32_t string;
        char *text;
    } * names;
    uint32_t name_count;
    size_t points, points_left_out;
};

struct playmap *playmap_new(void)
{
    return need(calloc(1, sizeof(struct playmap)));
}

void playmap_free(struct playmap *map)
{
    if (!map)
        return;
    for (size_t i = 0; i < map->row_count; i++) {
        free(map->rows[i].name);
        free(map->rows[i].role);
    }
    for (size_t i = 0; i < map->name_count; i++)
        free(map->names[i].text);
    free(map->rows);
    free(map->columns);
    free(map->cells);
    free(map->names);
    free(map);
}

static uint32_t name_index(struct playmap *map, const fsim_trace_t *trace, uint32_t string)
{
    for (uint32_t i = 0; i < map->name_count; i++)
        if (map->names[i].string == string)
            return i;
    map->names = need(realloc(map->names, (map->name_count + 1) * sizeof *map->names));
    map->names[map->name_count].string = string;
    map->names[map->name_count].text = need_copy(fsim_trace_string(trace, string));
    return map->name_count++;
}

/* The content that the recording leaves a block with; FSIM_ZEROS if it writes none. */
static uint64_t last_content(const fsim_trace_t *trace, const struct fsim_item *item)
{
    for (size_t i = fsim_trace_events(trace); i > 0; i--) {
        const struct fsim_event *event = fsim_trace_event(trace, i - 1);
        if (event->kind == FSIM_EV_WRITE && event->file == item->file &&
            event->number == item->number)
            return event->value;
    }
    return FSIM_ZEROS;
}

/* The name that a file had last; its number if it never had one. */
static char *file_name(const fsim_trace_t *trace, uint32_t file)
{
    for (size_t i = fsim_trace_events(trace); i > 0; i--) {
        const struct fsim_event *event = fsim_trace_event(trace, i - 1);
        if (event->kind == FSIM_EV_NAME && event->file == file)
            return need_copy(fsim_trace_string(trace, event->name));
    }
    return need_format("file %" PRIu32, file);
}

static void name_row(struct row *row, const fsim_trace_t *trace)
{
    const struct fsim_item *item = &row->item;
    char role[ACCOUNT_TEXT] = "";
    if (item->kind == FSIM_ITEM_NAME) {
        row->name = need_format("name %s", fsim_trace_string(trace, item->file));
    } else {
        char *file = file_name(trace, item->file);
        if (item->kind == FSIM_ITEM_LENGTH) {
            row->name = need_format("length of %s", file);
        } else {
            row->name = need_format("block %" PRIu64 " of %s", item->number, file);
            account_role(trace, last_content(trace, item), role, sizeof role);
        }
        free(file);
    }
    row->role = need_copy(role);
}

static char cell_of(const struct fsim_fate *fate)
{
    bool kept = fate->what & FSIM_FATE_KEPT, lost = fate->what & FSIM_FATE_LOST;
    if (!(fate->what & FSIM_FATE_THERE))
        return CELL_NOT_THERE;
    if (!(fate->what & FSIM_FATE_OPEN))
        return CELL_DURABLE;
    if (kept || lost)
        return kept && lost ? CELL_BOTH : kept ? CELL_KEPT : CELL_LOST;
    return fate->what & FSIM_FATE_SEEN ? CELL_SEEN : CELL_OPEN;
}

static bool is_wrong(const struct fsim_point_report *point)
{
    for (unsigned i = 0; i < FSIM_VERDICT_COUNT; i++)
        if (point->by_verdict[i] > 0 && fsim_verdict_is_violation((enum fsim_verdict)i))
            return true;
    return false;
}

/* Room for one more column; false if the map is as large as it may be. */
static bool make_room(struct playmap *map)
{
    if (map->column_count < map->column_capacity)
        return true;
    size_t capacity = 2 * map->column_capacity + 64;
    if (capacity * map->row_count > MOST_CELLS)
        return false;
    map->columns = need(realloc(map->columns, capacity * sizeof *map->columns));
    map->cells = need(realloc(map->cells, capacity * map->row_count + 1));
    map->column_capacity = capacity;
    return true;
}

static void make_rows(struct playmap *map, const struct fsim_point_report *point)
{
    map->row_count = point->fate_count;
    map->rows = need(calloc(map->row_count + 1, sizeof *map->rows));
    for (size_t i = 0; i < map->row_count; i++)
        map->rows[i].item = point->fates[i].item;
}

void playmap_add(struct playmap *map, const fsim_trace_t *trace,
                 const struct fsim_point_report *point)
{
    if (!point->fates)
        return;
    if (!map->rows)
        make_rows(map, point);
    if (!make_room(map)) {
        map->points_left_out++;
        return;
    }
    map->points++;
    char *cells = map->cells + map->column_count * map->row_count;
    for (size_t i = 0; i < map->row_count; i++) {
        cells[i] = cell_of(&point->fates[i]);
        if (!map->rows[i].name && point->fates[i].what & FSIM_FATE_OPEN)
            name_row(&map->rows[i], trace);
    }
    struct column *last = map->column_count > 0 ? &map->columns[map->column_count - 1] : NULL;
    bool wrong = is_wrong(point);
    if (last && last->wrong == wrong && memcmp(cells - map->row_count, cells, map->row_count) == 0)
        last->points++;
    else
        map->columns[map->column_count++] = (struct column){
            .where = name_index(map, trace, point->point->where),
            .side = point->point->side,
            .hit = point->point->hit,
            .step = point->point->step,
            .points = 1,
            .wrong = wrong,
        };
}

/* Names first, then lengths, then blocks, file by file. */
static int row_order(const void *a, const void *b)
{
    const struct fsim_item *x = &(*(struct row *const *)a)->item;
    const struct fsim_item *y = &(*(struct row *const *)b)->item;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

/* A letter and how many columns have it: "d12os3". */
static char *cells_text(const struct playmap *map, size_t row)
{
    char *text = NULL;
    size_t bytes, run;
    FILE *out = need(open_memstream(&text, &bytes));
    for (size_t at = 0; at < map->column_count; at += run) {
        char cell = map->cells[at * map->row_count + row];
        for (run = 1;
             at + run < map->column_count && map->cells[(at + run) * map->row_count + row] == cell;)
            run++;
        fputc(cell, out);
        if (run > 1)
            fprintf(out, "%zu", run);
    }
    fclose(out);
    return need(text);
}

/* "3b2.7x4!": crash points from before the 2nd hit of name 3 in step 7 on, 4 of them, and
 * violations. */
static char *columns_text(const struct playmap *map)
{
    char *text = NULL;
    size_t bytes;
    FILE *out = need(open_memstream(&text, &bytes));
    for (size_t i = 0; i < map->column_count; i++) {
        const struct column *column = &map->columns[i];
        const struct fsim_crash_point point = {.side = column->side};
        fprintf(out, "%s%" PRIu32 "%c%" PRIu32 ".%" PRIu32, i > 0 ? " " : "", column->where,
                *verdict_side(&point), column->hit, column->step);
        if (column->points > 1)
            fprintf(out, "x%" PRIu32, column->points);
        if (column->wrong)
            fputc('!', out);
    }
    fclose(out);
    return need(text);
}

/* The rows that are open at some crash point; the others, `settled`, say nothing. */
static struct row **open_rows(const struct playmap *map, size_t *count, size_t *settled)
{
    struct row **rows = need(calloc(map->row_count + 1, sizeof *rows));
    *count = *settled = 0;
    for (size_t i = 0; i < map->row_count; i++)
        if (map->rows[i].name)
            rows[(*count)++] = &map->rows[i];
        else
            ++*settled;
    qsort(rows, *count, sizeof *rows, row_order);
    return rows;
}

static size_t put_rows(struct json *json, const struct playmap *map, struct row *const *rows,
                       size_t count)
{
    size_t bytes = 0, put = 0;
    json_begin(json, "rows", '[');
    for (; put < count && bytes < MOST_TEXT; put++) {
        char *cells = cells_text(map, (size_t)(rows[put] - map->rows));
        json_begin(json, NULL, '{');
        json_text(json, "name", rows[put]->name);
        json_text(json, "role", rows[put]->role);
        json_text(json, "cells", cells);
        json_end(json, '}');
        bytes += strlen(cells);
        free(cells);
    }
    json_end(json, ']');
    return put;
}

char *playmap_text(const struct playmap *map)
{
    char *text = NULL;
    size_t bytes, count, settled;
    if (map->points == 0)
        return NULL;
    struct json json = {.out = need(open_memstream(&text, &bytes))};
    struct row **rows = open_rows(map, &count, &settled);
    char *columns = columns_text(map);
    json_begin(&json, NULL, '{');
    json_count(&json, "crash_points", map->points);
    json_count(&json, "points_left_out", map->points_left_out);
    json_begin(&json, "where", '[');
    for (size_t i = 0; i < map->name_count; i++)
        json_text(&json, NULL, map->names[i].text);
    json_end(&json, ']');
    json_text(&json, "columns", columns);
    size_t put = put_rows(&json, map, rows, count);
    json_count(&json, "rows_left_out", count - put);
    json_count(&json, "settled", settled);
    json_end(&json, '}');
    fclose(json.out);
    free(columns);
    free(rows);
    return need(text);
}
