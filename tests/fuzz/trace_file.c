/* SPDX-License-Identifier: MIT */
/*
 * Stored traces that are broken in every way: loading one refuses it or gives a trace of which all
 * can be read, under every model. An input is a trace file; its hashes are made right first, since
 * no mischief would get past them. The seed is a trace with events of every kind.
 */
#include <errno.h>
#include <faultsim/model.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xxhash.h>

#include "fuzz.h"

enum {
    MOST_BYTES = 1 << 16,
    /* Where a trace file has what the hashes are of. */
    SECTIONS = 5,
    SECTION_BYTES = 32,
    SECTION_HASHES = SECTION_BYTES + 8 * SECTIONS,
    HEADER_HASH = SECTION_HASHES + 8 * SECTIONS,
    HEADER = HEADER_HASH + 8,
};

const struct fuzz_target fuzz_target = {
    .name = "trace_file", .most_bytes = MOST_BYTES, .rounds = 20000};

static void check(int holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "%s\n", what);
    abort();
}

static void seal(uint8_t *bytes, size_t count)
{
    size_t offset = HEADER;

    if (count < HEADER)
        return;
    for (int i = 0; i < SECTIONS; i++) {
        uint64_t length, hash;
        memcpy(&length, bytes + SECTION_BYTES + 8 * i, sizeof length);
        if (length > count - offset)
            return;
        hash = XXH3_64bits(bytes + offset, length);
        memcpy(bytes + SECTION_HASHES + 8 * i, &hash, sizeof hash);
        offset += length;
    }
    const uint64_t hash = XXH3_64bits(bytes, HEADER_HASH);
    memcpy(bytes + HEADER_HASH, &hash, sizeof hash);
}

/* Reads all of a trace that was let in. */
static void read_events(const fsim_trace_t *trace)
{
    char line[256];

    for (size_t i = 0; i < fsim_trace_events(trace); i++)
        check(fsim_trace_describe(trace, i, line, sizeof line) > 0, "an event can be told");
    for (size_t i = 0; i < fsim_trace_marks(trace); i++) {
        const struct fsim_mark *mark = fsim_trace_mark(trace, i);
        const uint8_t *payload = fsim_trace_payload(trace, mark);
        volatile uint8_t last = mark->payload_bytes ? payload[mark->payload_bytes - 1] : 0;
        (void)last;
        check(fsim_trace_string(trace, mark->label) != NULL, "a mark has a label");
    }
}

static void read_state(const fsim_trace_t *trace, const fsim_cursor_t *cursor)
{
    unsigned char scratch[FSIM_BLOCK_SIZE];
    const struct fsim_item *items;
    const size_t count = fsim_cursor_undetermined(cursor, &items);

    for (size_t i = 0; i < count; i++) {
        const uint64_t *values;
        const size_t choices = fsim_cursor_values(cursor, items[i], &values);
        check(choices > 1, "an undetermined item has a choice");
        if (items[i].kind == FSIM_ITEM_BLOCK)
            check(fsim_value_content(trace, values[choices - 1], scratch) != NULL,
                  "a block has content");
    }
    check(fsim_cursor_states(cursor, NULL) > 0, "there is a crash state");
}

static void walk(fsim_trace_t *trace, enum fsim_model model)
{
    struct fsim_crash_point *points;
    fsim_cursor_t *cursor;
    size_t count;

    check(fsim_crash_points(trace, &points, &count) == 0, "crash points are found");
    check(fsim_cursor_new(trace, model, &cursor) == 0, "a cursor can be made");
    fsim_cursor_limit_tears(cursor, 8);
    for (size_t i = 0; i < count; i++) {
        check(fsim_cursor_advance(cursor, points[i].events) == 0, "the cursor advances");
        read_state(trace, cursor);
    }
    fsim_cursor_free(cursor);
    free(points);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    static uint8_t file[MOST_BYTES];
    fsim_trace_t *trace = NULL;
    char path[32];

    if (count > MOST_BYTES)
        return 0;
    memcpy(file, bytes, count);
    seal(file, count);
    int fd = memfd_create("trace", MFD_CLOEXEC);
    check(fd >= 0 && write(fd, file, count) == (ssize_t)count, "a file can be made");
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    int error = fsim_trace_load(path, &trace);
    close(fd);
    check(error == 0 || error == -EILSEQ, "a trace is refused for one reason only");
    if (error != 0)
        return 0;
    static const enum fsim_model models[] = {
#define MODEL(id, name, help) id,
        FSIM_MODELS(MODEL)
#undef MODEL
    };
    read_events(trace);
    for (size_t i = 0; i < sizeof models / sizeof *models; i++)
        walk(trace, models[i]);
    fsim_trace_free(trace);
    return 0;
}

/* ---- the seed ---- */

static uint64_t add(fsim_trace_t *trace, struct fsim_event event)
{
    return fsim_trace_add_event(trace, &event);
}

static void play(fsim_trace_t *trace, uint32_t file, uint32_t name)
{
    const struct fsim_digest state = {1, file};
    char block[FSIM_BLOCK_SIZE];

    add(trace, (struct fsim_event){.kind = FSIM_EV_STEP, .name = name, .number = file});
    fsim_trace_add_mark(trace, FSIM_MARK_BEGIN, "attempt", state, "words", 5);
    add(trace, (struct fsim_event){.kind = FSIM_EV_CALL, .name = name, .file = file});
    add(trace,
        (struct fsim_event){.kind = FSIM_EV_LENGTH, .file = file, .value = 3 * sizeof block});
    add(trace, (struct fsim_event){.kind = FSIM_EV_NAME, .file = file, .name = name});
    for (uint64_t i = 0; i < 3; i++) {
        memset(block, 'a' + (int)i % 2, sizeof block);
        add(trace, (struct fsim_event){.kind = FSIM_EV_WRITE,
                                       .file = file,
                                       .number = i,
                                       .value = fsim_trace_add_content(trace, block)});
    }
    add(trace, (struct fsim_event){.kind = FSIM_EV_POINT, .name = name, .number = 1});
    for (uint64_t error = 0; error <= EIO; error += EIO) {
        uint64_t begin =
            add(trace, (struct fsim_event){.kind = FSIM_EV_SYNC_BEGIN, .file = file, .value = 2});
        add(trace, (struct fsim_event){
                       .kind = FSIM_EV_SYNC_END, .file = file, .number = begin, .value = error});
    }
    fsim_trace_add_mark(trace, FSIM_MARK_ACK, "done", state, NULL, 0);
    add(trace, (struct fsim_event){.kind = FSIM_EV_KILL});
}

void fuzz_seeds(struct random *random, fuzz_use *use, void *context)
{
    char path[] = "/tmp/trace-XXXXXX";
    static uint8_t bytes[MOST_BYTES];
    fsim_trace_t *trace;

    check(fsim_trace_new(&trace) == 0, "a trace can be made");
    play(trace, fsim_trace_add_file(trace), fsim_trace_add_string(trace, "store"));
    play(trace, fsim_trace_add_file(trace), fsim_trace_add_string(trace, "journal"));
    int fd = mkstemp(path);
    check(fd >= 0 && fsim_trace_save(trace, path) == 0, "a trace can be saved");
    unlink(path);
    use(context, bytes, (size_t)read(fd, bytes, sizeof bytes));
    close(fd);
    fsim_trace_free(trace);
}
