/* SPDX-License-Identifier: MIT */
/* Three transactions of LMDB in DIRECTORY, each putting one value. */
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(int error)
{
    if (error == 0)
        return;
    fprintf(stderr, "lmdb: %s\n", mdb_strerror(error));
    exit(1);
}

int main(int argc, char **argv)
{
    MDB_env *environment;

    if (argc < 2)
        return 1;
    check(mdb_env_create(&environment));
    check(mdb_env_open(environment, argv[1], 0, 0600));
    for (int i = 1; i <= 3; i++) {
        char text[32];
        MDB_val key, value;
        MDB_txn *transaction;
        MDB_dbi database;

        snprintf(text, sizeof(text), "value %d", i);
        key = (MDB_val){.mv_size = sizeof(i), .mv_data = &i};
        value = (MDB_val){.mv_size = strlen(text), .mv_data = text};
        check(mdb_txn_begin(environment, NULL, 0, &transaction));
        check(mdb_dbi_open(transaction, NULL, 0, &database));
        check(mdb_put(transaction, database, &key, &value, 0));
        check(mdb_txn_commit(transaction));
    }
    mdb_env_close(environment);
    return 0;
}
