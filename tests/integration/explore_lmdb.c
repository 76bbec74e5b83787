/* SPDX-License-Identifier: MIT */
/*
 * LMDB under the explorer: the example to follow for a store that is somebody else's.
 *
 * A setup makes the state to start from. The body commits numbered generations and marks each. The
 * recovery opens what the crash left and reads all of it; its digest tells a whole generation from
 * a mix of two, since every byte of a value is its generation's letter. What LMDB calls safe must
 * give no violation, what it calls unsafe must give one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_LMDB

#include <lmdb.h>

#include <faultsim/capture.h>
#include <faultsim/explore.h>

enum { KEYS = 6, VALUE_BYTES = 1500, MIXED = 'Z' };

static struct fsim_digest state_of(int generation)
{
    return (struct fsim_digest){(uint64_t)generation, 1};
}

/* The lock file is for other processes, of which there are none. */
static int open_env(const char *directory, unsigned flags, MDB_env **env)
{
    int error = mdb_env_create(env);
    if (error == 0)
        error = mdb_env_set_mapsize(*env, (size_t)1 << 20);
    return error != 0 ? error : mdb_env_open(*env, directory, flags | MDB_NOLOCK, 0600);
}

static int commit(MDB_env *env, int generation)
{
    MDB_txn *transaction;
    MDB_dbi table;
    int error = mdb_txn_begin(env, NULL, 0, &transaction);
    if (error != 0)
        return error;
    error = mdb_dbi_open(transaction, NULL, 0, &table);
    for (int i = 0; i < KEYS && error == 0; i++) {
        char bytes[VALUE_BYTES];
        memset(bytes, generation, sizeof bytes);
        MDB_val key = {sizeof i, &i}, value = {sizeof bytes, bytes};
        error = mdb_put(transaction, table, &key, &value, 0);
    }
    if (error == 0)
        return mdb_txn_commit(transaction);
    mdb_txn_abort(transaction);
    return error;
}

/* Marks are no-ops while nothing is recorded, so that the setup can use this as well. */
static int commit_all(const char *directory, unsigned flags, int first, int last)
{
    MDB_env *env = NULL;
    int error = open_env(directory, flags, &env);
    for (int generation = first; generation <= last && error == 0; generation++) {
        fsim_capture_mark(FSIM_MARK_BEGIN, "commit", state_of(generation), NULL, 0);
        error = commit(env, generation);
        if (error == 0)
            fsim_capture_mark(FSIM_MARK_ACK, "commit", state_of(generation), NULL, 0);
    }
    mdb_env_close(env);
    return -abs(error); /* LMDB's own codes are negative, those of the system positive */
}

static int make_first(void *context, const char *directory)
{
    return commit_all(directory, 0, 'a', 'a');
}

static int commit_more(void *context, const char *directory)
{
    fsim_capture_mark(FSIM_MARK_ACK, "first", state_of('a'), NULL, 0);
    return commit_all(directory, *(unsigned *)context, 'b', 'd');
}

/* The generation that every byte of every value is of; MIXED if there are several. */
static int generation_of(MDB_cursor *cursor)
{
    MDB_val key, value;
    int generation = 0, count = 0;

    for (; mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0; count++) {
        const char *bytes = value.mv_data;
        if (value.mv_size != VALUE_BYTES || memcmp(bytes, bytes + 1, VALUE_BYTES - 1) != 0 ||
            (count > 0 && bytes[0] != generation))
            return MIXED;
        generation = bytes[0];
    }
    return count == KEYS ? generation : MIXED;
}

static void recover(void *context, const char *directory, struct fsim_outcome *outcome)
{
    MDB_env *env = NULL;
    MDB_txn *transaction = NULL;
    MDB_cursor *cursor = NULL;
    MDB_dbi table;
    int error = open_env(directory, MDB_RDONLY, &env);
    if (error == 0)
        error = mdb_txn_begin(env, NULL, MDB_RDONLY, &transaction);
    if (error == 0)
        error = mdb_dbi_open(transaction, NULL, 0, &table);
    if (error == 0)
        error = mdb_cursor_open(transaction, table, &cursor);
    if (error == 0) {
        outcome->state = state_of(generation_of(cursor));
        mdb_cursor_close(cursor);
    }
    mdb_txn_abort(transaction);
    mdb_env_close(env);
    outcome->status = error == 0 ? FSIM_RECOVERED : FSIM_REFUSED;
    outcome->code = error;
}

static void count_verdict(void *sink, const struct fsim_violation *violation)
{
    ((uint64_t *)sink)[violation->verdict]++;
}

static struct fsim_summary explore(unsigned flags, uint64_t by_verdict[FSIM_VERDICT_COUNT])
{
    struct fsim_subject subject = {"lmdb", &flags, make_first, commit_more, recover, NULL};
    struct fsim_options options = {.model = FSIM_POWER_LOSS,
                                   .search = FSIM_COMPARE,
                                   .brute_limit = 512,
                                   .sink = by_verdict,
                                   .on_violation = count_verdict};
    struct fsim_summary summary;
    if (fsim_crash_test(&subject, &options, &summary) != 0)
        fail_msg("%s", summary.error);
    assert_true(summary.complete);
    assert_int_equal(summary.disagreements, 0);
    return summary;
}

static void safe_settings_survive_every_crash(void **state)
{
    uint64_t seen[FSIM_VERDICT_COUNT] = {0};
    assert_int_equal(explore(0, seen).violations, 0);
    assert_int_equal(explore(MDB_WRITEMAP, seen).violations, 0);
}

static void an_unsynced_meta_page_loses_commits_but_mixes_none(void **state)
{
    uint64_t seen[FSIM_VERDICT_COUNT] = {0};
    struct fsim_summary summary = explore(MDB_NOMETASYNC, seen);
    assert_true(seen[FSIM_V_LOST] > 0);
    assert_int_equal(summary.violations, seen[FSIM_V_LOST]);
}

static void without_any_sync_commits_are_lost_and_mixed(void **state)
{
    const unsigned settings[] = {MDB_NOSYNC, MDB_NOSYNC | MDB_WRITEMAP};
    for (int i = 0; i < 2; i++) {
        uint64_t seen[FSIM_VERDICT_COUNT] = {0};
        explore(settings[i], seen);
        assert_true(seen[FSIM_V_LOST] > 0);
        assert_true(seen[FSIM_V_MIX] > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(safe_settings_survive_every_crash),
        cmocka_unit_test(an_unsynced_meta_page_loses_commits_but_mixes_none),
        cmocka_unit_test(without_any_sync_commits_are_lost_and_mixed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

int main(void)
{
    puts("skipped: built without liblmdb, whose crash states this test explores");
    return 77;
}

#endif
