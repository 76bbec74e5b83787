/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "pack.h"

int results_violation_add(results_t *results, int64_t scenario,
                          const struct results_violation *violation, int64_t *id)
{
    struct statement s;
    void *packed;
    size_t packed_bytes;
    int error = pack(results, violation->image, violation->image_bytes, "the image of a violation",
                     &packed, &packed_bytes);

    if (error != 0)
        return error;
    statement_open(
        &s, results,
        "INSERT INTO violation (scenario, model, verdict, status, message, finding, "
        "location, side, point, hit, step, timeline, explanation, legal, known, state, "
        "settings, image_bytes, image, broken_rows, shrunk_pages, measured, shrunk_steps, "
        "steps, reduced, depth, earlier, fault) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "?, ?, ?, ?)");
    statement_number(&s, scenario);
    statement_text(&s, violation->model);
    statement_text(&s, violation->verdict);
    statement_text(&s, violation->status);
    statement_text(&s, violation->message);
    statement_text(&s, violation->finding);
    statement_text(&s, violation->where);
    statement_text(&s, violation->side);
    statement_count(&s, violation->point);
    statement_count(&s, violation->hit);
    statement_count(&s, violation->step);
    statement_text(&s, violation->timeline);
    statement_text(&s, violation->explanation);
    statement_text(&s, violation->legal);
    statement_text(&s, violation->known);
    statement_text(&s, violation->state);
    statement_text(&s, violation->settings);
    statement_count(&s, violation->image_bytes);
    statement_bytes(&s, packed, packed_bytes);
    statement_text(&s, violation->rows);
    statement_count_or_null(&s, violation->pages_counted, violation->shrunk_pages);
    statement_text(&s, violation->measured);
    statement_count_or_null(&s, violation->steps_shrunk, violation->shrunk_steps);
    statement_count_or_null(&s, violation->steps_shrunk, violation->steps);
    statement_text(&s, violation->reduced);
    statement_count(&s, violation->depth);
    statement_text(&s, violation->earlier);
    statement_text(&s, violation->fault);
    error = statement_run(&s, "adding a violation");
    if (error == 0)
        *id = sqlite3_last_insert_rowid(results->handle);
    free(packed);
    return error;
}

/* The columns of the statement below, in its order. */
enum column {
    COLUMN_SCENARIO,
    COLUMN_MODEL,
    COLUMN_VERDICT,
    COLUMN_STATUS,
    COLUMN_MESSAGE,
    COLUMN_FINDING,
    COLUMN_LOCATION,
    COLUMN_SIDE,
    COLUMN_TIMELINE,
    COLUMN_EXPLANATION,
    COLUMN_LEGAL,
    COLUMN_KNOWN,
    COLUMN_STATE,
    COLUMN_SETTINGS,
    COLUMN_COPYING,
    COLUMN_ROWS,
    COLUMN_MEASURED,
    COLUMN_REDUCED,
    COLUMN_FAULT,
    COLUMN_TEXT,
    COLUMN_PLAN,
    COLUMN_EARLIER,
    COLUMN_TEXTS, /* those before are text */
    COLUMN_RUN = COLUMN_TEXTS,
    COLUMN_SCENARIO_ID,
    COLUMN_POINT,
    COLUMN_HIT,
    COLUMN_STEP,
    COLUMN_IMAGE_BYTES,
    COLUMN_IMAGE,
    COLUMN_SHRUNK_PAGES,
    COLUMN_SHRUNK_STEPS,
    COLUMN_STEPS,
    COLUMN_DEPTH,
};

#define SELECT_VIOLATION                                                                           \
    "SELECT scenario.name, violation.model, verdict, status, message, finding, location, side, "   \
    "timeline, explanation, legal, known, state, settings, scenario.copying, broken_rows, "        \
    "measured, "                                                                                   \
    "reduced, fault, scenario.text, run.plan, earlier, scenario.run, scenario.id, point, hit, "    \
    "step, image_bytes, "                                                                          \
    "image, shrunk_pages, shrunk_steps, violation.steps, violation.depth "                         \
    "FROM violation JOIN scenario ON scenario.id = violation.scenario "                            \
    "JOIN run ON run.id = scenario.run "                                                           \
    "WHERE violation.id = ?"

static bool is_null(sqlite3_stmt *handle, int column)
{
    return sqlite3_column_type(handle, column) == SQLITE_NULL;
}

/*
 * A row is one piece of memory: the struct, the image, the texts one after the other. Returns
 * -EBADMSG if the image is damaged, -ENOMEM if there is no memory for it.
 */
static int read_row(struct statement *s, int64_t id, struct results_violation_row **row)
{
    sqlite3_stmt *handle = s->handle;
    const char *text[COLUMN_TEXTS];
    const void *packed = sqlite3_column_blob(handle, COLUMN_IMAGE);
    size_t packed_bytes = (size_t)sqlite3_column_bytes(handle, COLUMN_IMAGE);
    int64_t stated = sqlite3_column_int64(handle, COLUMN_IMAGE_BYTES);

    if (!packed_from(packed, packed_bytes, stated))
        return -EBADMSG;
    size_t image_bytes = (size_t)stated, bytes = sizeof **row + image_bytes;
    for (int i = 0; i < COLUMN_TEXTS; i++)
        bytes += (size_t)sqlite3_column_bytes(handle, i) + 1;
    struct results_violation_row *made = malloc(bytes);
    if (made == NULL)
        return -ENOMEM;

    char *place = (char *)(made + 1);
    if (!unpack(packed, packed_bytes, place, image_bytes)) {
        free(made);
        return -EBADMSG;
    }
    const void *image = place;
    place += image_bytes;
    for (int i = 0; i < COLUMN_TEXTS; i++) {
        size_t length = (size_t)sqlite3_column_bytes(handle, i);
        memcpy(place, sqlite3_column_text(handle, i), length + 1);
        text[i] = place;
        place += length + 1;
    }
    *made = (struct results_violation_row){
        .id = id,
        .run = sqlite3_column_int64(handle, COLUMN_RUN),
        .scenario_id = sqlite3_column_int64(handle, COLUMN_SCENARIO_ID),
        .scenario = text[COLUMN_SCENARIO],
        .copying = text[COLUMN_COPYING],
        .text = text[COLUMN_TEXT],
        .plan = text[COLUMN_PLAN],
        .v =
            {
                .model = text[COLUMN_MODEL],
                .verdict = text[COLUMN_VERDICT],
                .status = text[COLUMN_STATUS],
                .message = text[COLUMN_MESSAGE],
                .finding = text[COLUMN_FINDING],
                .where = text[COLUMN_LOCATION],
                .side = text[COLUMN_SIDE],
                .point = (uint64_t)sqlite3_column_int64(handle, COLUMN_POINT),
                .hit = (uint64_t)sqlite3_column_int64(handle, COLUMN_HIT),
                .step = (uint64_t)sqlite3_column_int64(handle, COLUMN_STEP),
                .timeline = text[COLUMN_TIMELINE],
                .explanation = text[COLUMN_EXPLANATION],
                .legal = text[COLUMN_LEGAL],
                .known = text[COLUMN_KNOWN],
                .state = text[COLUMN_STATE],
                .image = image,
                .image_bytes = image_bytes,
                .settings = text[COLUMN_SETTINGS],
                .rows = text[COLUMN_ROWS],
                .pages_counted = !is_null(handle, COLUMN_SHRUNK_PAGES),
                .steps_shrunk = !is_null(handle, COLUMN_SHRUNK_STEPS),
                .shrunk_pages = (uint64_t)sqlite3_column_int64(handle, COLUMN_SHRUNK_PAGES),
                .shrunk_steps = (uint64_t)sqlite3_column_int64(handle, COLUMN_SHRUNK_STEPS),
                .steps = (uint64_t)sqlite3_column_int64(handle, COLUMN_STEPS),
                .measured = text[COLUMN_MEASURED],
                .reduced = text[COLUMN_REDUCED],
                .depth = (uint64_t)sqlite3_column_int64(handle, COLUMN_DEPTH),
                .earlier = text[COLUMN_EARLIER],
                .fault = text[COLUMN_FAULT],
            },
    };
    *row = made;
    return 0;
}

int results_violation_get(results_t *results, int64_t id, struct results_violation_row **row)
{
    struct statement s;

    statement_open(&s, results, SELECT_VIOLATION);
    statement_number(&s, id);
    int error = statement_row(&s, "reading a violation");
    if (error == 0) {
        error = database_fail(results, RESULTS_ENOROW,
                              "%s: there is no violation %" PRId64
                              "; `pmacrash query violations` lists those of the latest run",
                              results->path, id);
    } else if (error == 1) {
        error = read_row(&s, id, row);
        if (error == -EBADMSG)
            database_fail(results, error, "%s: the image of violation %" PRId64 " is damaged",
                          results->path, id);
        else if (error != 0)
            database_fail(results, error, "%s: reading violation %" PRId64 ": %s", results->path,
                          id, strerror(-error));
    }
    statement_close(&s);
    return error;
}

void results_violation_release(struct results_violation_row *row)
{
    free(row);
}
