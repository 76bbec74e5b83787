/* SPDX-License-Identifier: MIT */
/*
 * Plays the parts of an adapter in a program that knows nothing of crashes, for the preloaded
 * recorder:
 *
 *     mkdir db && play setup db ./lmdb.so
 *     FSIM_DIRECTORY=$PWD/db FSIM_TRACE=db.trace LD_PRELOAD=.../faultsim_preload.so \
 *         play record db ./lmdb.so
 *     pmacrash store --trace db.trace ./lmdb.so
 *
 * Any program can be recorded like this; one that marks its states as this does is judged, too.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include <faultsim/capture.h>
#include <faultsim/store.h>

typedef void mark_function(enum fsim_mark_kind, const char *, struct fsim_digest, const void *,
                           size_t);

/* Hands the adapter's marks to the recorder, if there is one. */
void fsim_capture_mark(enum fsim_mark_kind kind, const char *label, struct fsim_digest state,
                       const void *payload, size_t payload_bytes)
{
    mark_function *recorder = (mark_function *)dlsym(RTLD_NEXT, "fsim_capture_mark");

    if (recorder != NULL)
        recorder(kind, label, state, payload, payload_bytes);
}

typedef const struct fsim_subject *store_function(int, const char *const *, char *, size_t);

int main(int argc, char **argv)
{
    char message[256] = "";

    if (argc < 4 || (strcmp(argv[1], "setup") != 0 && strcmp(argv[1], "record") != 0)) {
        fprintf(stderr, "usage: %s setup|record DIRECTORY ADAPTER.so [ARGUMENT...]\n", argv[0]);
        return 2;
    }
    void *adapter = dlopen(argv[3], RTLD_NOW);
    store_function *store = adapter ? (store_function *)dlsym(adapter, "fsim_store") : NULL;
    if (store == NULL) {
        fprintf(stderr, "%s: %s\n", argv[0], dlerror());
        return 2;
    }
    const struct fsim_subject *subject =
        store(argc - 4, (const char *const *)argv + 4, message, sizeof message);
    if (subject == NULL) {
        fprintf(stderr, "%s: %s\n", argv[0], message);
        return 2;
    }
    int error = (argv[1][0] == 's' ? subject->setup : subject->record)(subject->context, argv[2]);
    if (error != 0)
        fprintf(stderr, "%s: the store failed with code %d\n", argv[0], error);
    return error == 0 ? 0 : 1;
}
