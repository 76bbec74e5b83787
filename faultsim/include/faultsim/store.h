/* SPDX-License-Identifier: MIT */
/*
 * A store of somebody else's as something to crash: an adapter.
 *
 * An adapter is a shared object that defines fsim_store. `pmacrash store ADAPTER.so ARGUMENT...`
 * loads it, records its workload and recovers every crash state of it. It is linked with the store
 * and not with faultsim: pmacrash has the functions of capture.h, and the calls that it records.
 * examples/stores/lmdb.c is one.
 */
#ifndef FAULTSIM_STORE_H
#define FAULTSIM_STORE_H

#include <faultsim/explore.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * What to crash, by the arguments after the adapter's path. All callbacks but `inspect` are needed;
 * what it points to must last. NULL if the arguments are wrong: with a sentence in `message` that
 * says what they may be.
 */
const struct fsim_subject *fsim_store(int count, const char *const *arguments, char *message,
                                      size_t message_bytes);

#ifdef __cplusplus
}
#endif

#endif
