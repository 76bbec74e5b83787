/* SPDX-License-Identifier: MIT */
/*
 * The capture layer in its recording mode.
 *
 * The library defines the libc calls that touch files (open, pwrite, mmap, mremap, msync,
 * fdatasync, rename, ...); while nothing is captured they go straight to the kernel. Between begin
 * and end, whatever happens to regular files directly below `directory`, and to their names, is
 * appended to the trace.
 *
 * The calls may come from signal handlers: no malloc, no stdio, no lock that interrupted code can
 * hold.
 */
#ifndef FAULTSIM_CAPTURE_H
#define FAULTSIM_CAPTURE_H

#include <faultsim/trace.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Adapters (store.h) call these, and find them in the program that loads them. */
#pragma GCC visibility push(default)

/* The recorder's own descriptors are from here on: above what programs are handed by themselves, so
 * that their numbers stay as they were. */
enum { FSIM_OWN_DESCRIPTORS = 512 };

/* When versions of mapped pages are taken. */
enum fsim_grain {
    FSIM_GRAIN_CALL, /* at captured calls, fault points, steps and marks */
    /* Also before each store, in code that was compiled with store callbacks and linked with the
     * library faultsim_stores (cmake/Stores.cmake). */
    FSIM_GRAIN_STORE,
};

/* The grain of the recordings that begin from here on. -ENOTSUP: no code in this process calls
 * back. */
int fsim_capture_grain(enum fsim_grain grain);

/*
 * Starts recording into `trace`. Files that exist in `directory` then are durable as they are: they
 * are read and become the first versions. 0 or a negated errno; -EBUSY if something is being
 * captured already. The directory must not be reached through a link.
 */
int fsim_capture_begin(fsim_trace_t *trace, const char *directory);

/* Records only what is said by the calls below and the hits of fault points; files are left alone.
 * 0, or -EBUSY. */
int fsim_capture_notes(fsim_trace_t *trace);

/* Takes a last sample and stops. */
void fsim_capture_end(void);

/*
 * Has the recording's position written down, so that a log of what another layer does at the same
 * time can be laid beside the trace: whenever events were appended, their number (8 bytes,
 * little-endian, in a block of FSIM_BLOCK_SIZE) is written to `fd` at `offset` before the program
 * goes on, and before a call is made that an event announces. -1 ends it. While recording only.
 */
void fsim_capture_beacon(int fd, off_t offset);

/* A workload step begins. No-ops while nothing is recorded, like all below. */
void fsim_capture_step(uint64_t number, const char *description);

/* An attempt to make `state` durable begins, or was acknowledged. The payload is the caller's, for
 * reports. */
void fsim_capture_mark(enum fsim_mark_kind kind, const char *label, struct fsim_digest state,
                       const void *payload, size_t payload_bytes);

/* The state that a label stands for, where states are told by nothing else: in marks that a program
 * writes as lines, and in what a check command prints. */
struct fsim_digest fsim_capture_state(const char *label);

/*
 * The process is taken as killed here: what captured files are mapped and opened is no longer,
 * their contents stay as they are. The addresses become inaccessible and the descriptors lead
 * nowhere, but both stay taken, so that a library which then frees its handle unmaps and closes its
 * own and nothing else.
 */
void fsim_capture_kill(void);

/*
 * Has the versions of all writable shared mappings taken now. The capture does so by itself at
 * every captured call and fault point; call it to cover a moment between two of them.
 */
void fsim_capture_sample(void);

/*
 * From here on this process and its children have no io_uring and no io_submit, which the capture
 * cannot see: their setup fails with ENOSYS. 0 or a negated errno.
 */
int fsim_capture_without_rings(void);

/* ---- for store callbacks ---- */

/* There is code in this process that calls the next function. */
void fsim_capture_expect_stores(void);

/* Bytes are about to be stored. Anything but mapped pages of captured files is passed over at the
 * cost of a comparison. */
void fsim_capture_store(const void *address, size_t bytes);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
