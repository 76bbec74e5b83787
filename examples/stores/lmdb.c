/* SPDX-License-Identifier: MIT */
/*
 * LMDB for pmacrash: an adapter to copy for another store.
 *
 *     pmacrash store lmdb.so [nosync] [nometasync] [writemap]
 *
 * It has three parts. `make_first` makes the store to start from. `commit_more` is the workload: it
 * says what it is about to make durable, does it, and says that it has. `recover` opens what a
 * crash left and says which state that is. A state is a generation: every byte of every value is
 * its letter, so that a mix of two shows.
 */
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <faultsim/capture.h>
#include <faultsim/store.h>

enum { KEYS = 6, VALUE_BYTES = 1500, MIXED = 'Z' };

static unsigned settings;

static struct fsim_digest state_of(int generation)
{
    return (struct fsim_digest){(uint64_t)generation, 1};
}

/* The lock file is for other processes, of which there are none. */
static int open_env(const char *directory, unsigned flags, MDB_env **env)
{
    int error = mdb_env_create(env);
    if (error == 0)
        error = mdb_env_open(*env, directory, flags | MDB_NOLOCK, 0600);
    return error;
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
    if (error != 0)
        mdb_txn_abort(transaction);
    return error != 0 ? error : mdb_txn_commit(transaction);
}

/* Marks do nothing in the setup, when nothing is recorded. */
static int commit_all(const char *directory, unsigned flags, int first, int last)
{
    MDB_env *env = NULL;
    int error = open_env(directory, flags, &env);
    for (int generation = first; generation <= last && error == 0; generation++) {
        char label[] = "commit ?";
        label[7] = (char)generation;
        fsim_capture_mark(FSIM_MARK_BEGIN, label, state_of(generation), NULL, 0);
        error = commit(env, generation);
        if (error == 0)
            fsim_capture_mark(FSIM_MARK_ACK, label, state_of(generation), NULL, 0);
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
    fsim_capture_mark(FSIM_MARK_ACK, "commit a", state_of('a'), NULL, 0);
    return commit_all(directory, settings, 'b', 'd');
}

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
    if (error != 0)
        snprintf(outcome->message, sizeof outcome->message, "%s", mdb_strerror(error));
}

const struct fsim_subject *fsim_store(int count, const char *const *arguments, char *message,
                                      size_t message_bytes)
{
    static const struct fsim_subject subject = {
        .name = "lmdb", .setup = make_first, .record = commit_more, .recover = recover};
    static const struct {
        const char *name;
        unsigned flag;
    } names[] = {
        {"nosync", MDB_NOSYNC}, {"nometasync", MDB_NOMETASYNC}, {"writemap", MDB_WRITEMAP}};
    const size_t known = sizeof names / sizeof *names;
    settings = 0;
    for (int i = 0; i < count; i++) {
        size_t at = 0;
        while (at < known && strcmp(arguments[i], names[at].name) != 0)
            at++;
        if (at == known) {
            snprintf(message, message_bytes, "no setting '%s'; nosync, nometasync and writemap are",
                     arguments[i]);
            return NULL;
        }
        settings |= names[at].flag;
    }
    return &subject;
}
