/* SPDX-License-Identifier: MIT */
/* What a sync promised: its events, and what the recorder takes for durable afterwards. */
#include "record.h"

struct syncs syncs_none(void)
{
    uint64_t now = fsim_trace_events(recording.trace);
    return (struct syncs){.first = now, .end = now};
}

static uint32_t microseconds_since(const struct timespec *then)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t passed =
        (now.tv_sec - then->tv_sec) * INT64_C(1000000) + (now.tv_nsec - then->tv_nsec) / 1000;
    return passed < 0 ? 0 : passed > UINT32_MAX ? UINT32_MAX : (uint32_t)passed;
}

void syncs_begin(struct syncs *syncs, uint32_t file, uint64_t first, uint64_t blocks)
{
    record_event(FSIM_EV_SYNC_BEGIN, file, 0, first, blocks);
    syncs->end = fsim_trace_events(recording.trace);
}

void syncs_begin_all(struct syncs *syncs)
{
    for (size_t i = 0; i < recording.file_count; i++)
        syncs_begin(syncs, recording.files[i].id, 0, 0);
    syncs_begin(syncs, FSIM_NO_FILE, 0, 0);
}

void syncs_begin_range(struct syncs *syncs, struct tracked_file *file, uint64_t first, uint64_t end)
{
    if (end > file_blocks(file))
        end = file_blocks(file);
    if (first >= end)
        return;
    syncs_begin(syncs, file->id, first, end - first);
    if (end * FSIM_BLOCK_SIZE > file->durable_length && file->length != file->durable_length)
        syncs_begin(syncs, file->id, FSIM_SYNC_LENGTH, 1);
}

static void note_durable_length(const struct fsim_event *sync)
{
    if (sync->value != 0 && sync->number != FSIM_SYNC_LENGTH)
        return;
    for (size_t i = 0; i < recording.file_count; i++) {
        if (recording.files[i].id != sync->file)
            continue;
        recording.files[i].durable_length = recording.files[i].length;
        file_forget_cut_blocks(&recording.files[i]);
    }
}

static void note_failed_sync(const struct fsim_event *sync)
{
    for (size_t i = 0; i < recording.file_count; i++)
        if (recording.files[i].id == sync->file)
            recording.files[i].sync_failed = true;
}

void syncs_failed_before(void)
{
    uint64_t mask = record_lock();
    for (size_t i = 0; i < recording.file_count; i++)
        recording.files[i].sync_failed = true;
    record_unlock(mask);
}

void syncs_end(struct syncs syncs, long result)
{
    uint32_t microseconds = syncs.made.tv_sec == 0 ? 0 : microseconds_since(&syncs.made);
    for (uint64_t i = syncs.first; i < syncs.end; i++) {
        const struct fsim_event *begun = fsim_trace_event(recording.trace, i);
        fsim_trace_add_event(recording.trace,
                             &(struct fsim_event){.kind = FSIM_EV_SYNC_END,
                                                  .file = begun->file,
                                                  .microseconds = microseconds,
                                                  .number = i,
                                                  .value = result < 0 ? (uint64_t)-result : 0});
        if (result >= 0)
            note_durable_length(begun);
        else
            note_failed_sync(begun);
    }
}
