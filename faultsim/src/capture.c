/* SPDX-License-Identifier: MIT */
/* The recorder as its users see it: where a recording begins and ends, and what they say in it. */
#include <faultsim/capture.h>

#include "interpose.h"
#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>

/* What is there when recording begins is taken to be on the disk. */
static void make_all_durable(void)
{
    struct syncs syncs = syncs_none();

    syncs_begin_all(&syncs);
    syncs_end(syncs, 0);
}

static void leave_child_alone(void)
{
    if (!atomic_exchange(&recording_now, false))
        return;
    record_lock_forget();
    if (recording.directory >= 0)
        interpose_install(&stranger_backend);
}

static void watch_forks(void)
{
    static atomic_bool watching;

    if (!atomic_exchange(&watching, true))
        pthread_atfork(NULL, NULL, leave_child_alone);
}

int fsim_capture_begin(fsim_trace_t *trace, const char *directory)
{
    uint64_t mask;
    int error;

    watch_forks();
    if (atomic_exchange(&recording_now, true))
        return -EBUSY;
    mask = record_lock();
    recording.trace = trace;
    error = files_adopt_directory(directory);
    if (error == 0)
        make_all_durable();
    else
        files_release();
    record_unlock(mask);
    if (error == 0)
        interpose_install(&recording_backend);
    else
        atomic_store(&recording_now, false);
    return error;
}

int fsim_capture_notes(fsim_trace_t *trace)
{
    if (atomic_exchange(&recording_now, true))
        return -EBUSY;
    recording.trace = trace;
    recording.directory = -1;
    return 0;
}

void fsim_capture_end(void)
{
    uint64_t mask;

    if (!atomic_load(&recording_now))
        return;
    interpose_install(NULL);
    mask = record_lock();
    record_sample();
    stores_reset();
    files_release();
    record_unlock(mask);
    atomic_store(&recording_now, false);
}

void fsim_capture_sample(void)
{
    if (!atomic_load(&recording_now))
        return;
    uint64_t mask = record_lock();
    record_sample();
    record_unlock(mask);
}

void fsim_capture_store(const void *address, size_t bytes)
{
    if (!stores_watched((uintptr_t)address, bytes) || record_holds_lock())
        return;
    uint64_t mask = record_lock();
    stores_next((uintptr_t)address, bytes);
    record_unlock(mask);
}

void fsim_capture_step(uint64_t number, const char *description)
{
    if (!atomic_load(&recording_now))
        return;
    uint64_t mask = record_lock();
    record_sample();
    record_event(FSIM_EV_STEP, FSIM_NO_FILE, fsim_trace_add_string(recording.trace, description),
                 number, 0);
    record_unlock(mask);
}

void fsim_capture_mark(enum fsim_mark_kind kind, const char *label, struct fsim_digest state,
                       const void *payload, size_t payload_bytes)
{
    if (!atomic_load(&recording_now))
        return;
    uint64_t mask = record_lock();
    record_sample();
    fsim_trace_add_mark(recording.trace, kind, label, state, payload, payload_bytes);
    record_unlock(mask);
}

/* Addresses stay reserved and descriptor numbers taken, so that a library that tidies up after its
 * own death hits nothing of anybody else's. */
static void drop_mappings(void)
{
    for (size_t i = 0; i < recording.mapping_count; i++) {
        const struct tracked_mapping *mapping = &recording.mappings[i];
        real_mmap((void *)mapping->start, mapping->end - mapping->start, PROT_NONE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
    }
    recording.mapping_count = 0;
}

static void drop_descriptors(void)
{
    int nowhere = real_open(AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC, 0);

    for (int fd = 0; fd < RECORDER_DESCRIPTORS; fd++) {
        if (!descriptor_file(fd) && !descriptor_is_directory(fd))
            continue;
        if (nowhere >= 0)
            kernel_calls.dup(nowhere, fd, O_CLOEXEC);
        else
            real_close(fd);
        descriptor_forget(fd);
    }
    real_close(nowhere);
}

void fsim_capture_kill(void)
{
    if (!atomic_load(&recording_now))
        return;
    uint64_t mask = record_lock();
    record_sample();
    record_event(FSIM_EV_KILL, FSIM_NO_FILE, 0, 0, 0);
    drop_mappings();
    drop_descriptors();
    record_unlock(mask);
}
