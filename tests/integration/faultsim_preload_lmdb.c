/* SPDX-License-Identifier: MIT */
/* A store of somebody else's under the preloaded recorder: LMDB. */
#include "preloaded.h"

#include <stdio.h>
#include <string.h>

#ifdef LMDB_PROGRAM

/* The index of the first write from `from` on whose block holds `text`. */
static size_t find_write(const fsim_trace_t *trace, size_t from, const char *text)
{
    for (size_t i = from; i < fsim_trace_events(trace); i++) {
        const struct fsim_event *event = fsim_trace_event(trace, i);
        if (event->kind == FSIM_EV_WRITE &&
            memmem(fsim_trace_content(trace, event->value), FSIM_BLOCK_SIZE, text, strlen(text)))
            return i;
    }
    fail_msg("'%s' is written nowhere", text);
    return 0;
}

/* The first write of one of the two meta pages. */
static size_t find_meta(const fsim_trace_t *trace, size_t from)
{
    char line[64];

    for (size_t i = from; i < fsim_trace_events(trace); i++) {
        fsim_trace_describe(trace, i, line, sizeof(line));
        if (strcmp(line, "write data.mdb block 0") == 0 ||
            strcmp(line, "write data.mdb block 1") == 0)
            return i;
    }
    fail_msg("no meta page is written from event %zu on", from);
    return 0;
}

static size_t end_of_sync(const fsim_trace_t *trace, size_t begin)
{
    size_t end = find_event(trace, begin, "sync done");

    assert_int_equal(fsim_trace_event(trace, end)->number, begin);
    return end;
}

static void each_commit_syncs_data_then_meta(void **state)
{
    fsim_trace_t *trace = trace_of(*state, LMDB_PROGRAM, "");
    size_t at = 0, data, sync, meta;
    char text[32];

    assert_int_equal(((struct preloaded *)*state)->status, 0);
    assert_false(fsim_trace_full(trace));
    for (int i = 1; i <= 3; i++) {
        snprintf(text, sizeof(text), "value %d", i);
        data = find_write(trace, at, text);
        sync = end_of_sync(trace, find_event(trace, data, "sync of data.mdb begins"));
        meta = find_meta(trace, data);
        assert_true(meta > sync);
        snprintf(text, sizeof(text), "sync of data.mdb block %llu begins",
                 (unsigned long long)fsim_trace_event(trace, meta)->number);
        at = end_of_sync(trace, find_event(trace, meta, text));
    }
    assert_int_equal(count_events(trace, "fdatasync data.mdb"), 3);
    fsim_trace_free(trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_commit_syncs_data_then_meta, preloaded_setup,
                                        preloaded_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

int main(void)
{
    puts("skipped: LMDB is not installed (Debian: liblmdb-dev)");
    return 77;
}

#endif
