/* SPDX-License-Identifier: MIT */
#include "resume.h"

#include <errno.h>
#include <stdio.h>

#include "model_rules.h"
#include "record.h"
#include "recording.h"
#include "scratch.h"
#include "shared.h"

/* Going on from a crash state, as a workload like any other. */
struct resumption {
    const struct fsim_subject *subject;
    const void *image;
    size_t image_bytes;
    const fsim_trace_t *trace;
    size_t *begun; /* shared with the process that records */
    bool forgets;  /* what a failed sync covered, in the recording before */
};

static int put_files(void *context, const char *directory)
{
    const struct resumption *resumption = context;
    return fsim_image_write(resumption->image, resumption->image_bytes, directory);
}

static int go_on(void *context, const char *directory)
{
    const struct resumption *resumption = context;
    *resumption->begun = fsim_trace_events(resumption->trace);
    if (resumption->forgets)
        syncs_failed_before();
    return resumption->subject->resume(resumption->subject->context, directory);
}

int resume_record(const struct fsim_subject *subject, const struct fsim_options *options,
                  const void *image, size_t image_bytes, fsim_trace_t *trace, size_t *begun,
                  struct fsim_summary *summary)
{
    struct resumption resumption = {
        .subject = subject,
        .image = image,
        .image_bytes = image_bytes,
        .trace = trace,
        .begun = shared_reserve(sizeof *begun),
        .forgets = model_rules(options->model)->drops_failed,
    };
    const struct fsim_subject workload = {
        .name = subject->name, .context = &resumption, .setup = put_files, .record = go_on};
    struct fsim_options faultless = *options;
    struct fsim_summary recorded = {0};
    if (resumption.begun == NULL)
        return -ENOMEM;
    faultless.plan = NULL;
    faultless.on_mishap = NULL;
    faultless.work_directory = scratch_in_memory();
    int error = recording_make(&workload, &faultless, trace, &recorded);
    *begun = *resumption.begun;
    shared_release(resumption.begun, sizeof *begun);
    summary->interrupted = summary->interrupted || recorded.interrupted;
    if (error < 0 && recorded.error[0] != '\0')
        snprintf(summary->error, sizeof summary->error,
                 "going on from a crash state that recovery accepted: %.190s", recorded.error);
    return error;
}
