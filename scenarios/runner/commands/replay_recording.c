/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "crash/crash.h"
#include "findings/export.h"
#include "output/text.h"
#include "replay.h"

enum { LONG_MS = 2000 }; /* a recording that hung before and takes longer hangs again */

static const volatile int never; /* is anybody to stop it */

void replay_died(int number)
{
    signal(number, SIG_DFL);
}

static void keep_violation(void *context, uint64_t number,
                           const struct results_violation *violation)
{
    struct replay *replay = context;
    if (number > 0)
        return;
    replay->verdict = FSIM_V_RECORDING;
    if (strcmp(violation->verdict, fsim_verdict_name(FSIM_V_INVARIANT)) == 0)
        replay->verdict = FSIM_V_INVARIANT;
    snprintf(replay->status, sizeof replay->status, "%s", violation->status);
    snprintf(replay->message, sizeof replay->message, "%s", violation->message);
    snprintf(replay->finding, sizeof replay->finding, "%s", violation->finding);
}

/* The scenario as the database has it, read as any other. */
static struct suite *read_scenario(const struct results_violation_row *row)
{
    char path[64], message[512];
    struct suite *suite = NULL;
    int fd = memfd_create("scenario.yaml", MFD_CLOEXEC);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    if (!file) {
        complain("cannot replay: no memory for the scenario: %s", strerror(errno));
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    export_scenario(row, file);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    bool written = fflush(file) == 0;
    if (!written || suite_load(path, &suite, message, sizeof message))
        complain("cannot replay: the stored scenario cannot be read: %s",
                 written ? message : strerror(errno));
    fclose(file);
    return suite;
}

static bool record_again(const struct settings *settings, const struct results_violation *stored,
                         const struct play *play, struct replay *replay)
{
    struct fsim_plan plan = {0};
    bool hung = strcmp(stored->status, fsim_status_name(FSIM_HUNG)) == 0;
    struct crash_options options = {
        .input = settings->input,
        .record_limit_ms = hung ? LONG_MS : 0,
        .only_record = true,
        .here = settings->in_process,
        .stop = &never,
        .context = replay,
        .on_violation = keep_violation,
    };
    struct crash_report report;
    if (*stored->fault && !catalog_plan(stored->fault, &plan))
        return false;
    options.plan = plan.count > 0 ? &plan : NULL;
    options.oracle = crash_oracle();
    if (!options.oracle)
        return false;
    if (settings->in_process)
        signal(SIGSEGV, replay_died);
    crash_scenario(play, &options, &report);
    if (report.error)
        complain("cannot replay: %s",
                 report.summary.error[0] ? report.summary.error : strerror(-report.error));
    bool recorded = !report.error;
    crash_report_release(&report);
    results_oracle_free(options.oracle);
    return recorded;
}

bool replay_recording(const struct settings *settings, const struct results_violation_row *row,
                      struct replay *replay)
{
    bool lazily = strcmp(row->copying, catalog_copyings[PMA_COPY_LAZY].name) == 0;
    struct play play = {.copying = lazily ? PMA_COPY_LAZY : PMA_COPY_EAGER};
    if (fsim_model_parse(row->v.model, &play.model) < 0) {
        complain("cannot replay: the model '%s' is not known", row->v.model);
        return false;
    }
    struct suite *suite = read_scenario(row);
    if (!suite)
        return false;
    play.scenario = suite_scenario(suite, 0);
    *replay = (struct replay){.status = "recovered"};
    bool recorded = record_again(settings, &row->v, &play, replay);
    suite_free(suite);
    return recorded;
}

const char *replay_recording_stop(const struct results_violation *violation)
{
    return strcmp(violation->status, fsim_status_name(FSIM_CRASHED)) == 0 ? "break replay_died"
           : strcmp(violation->verdict, fsim_verdict_name(FSIM_V_INVARIANT)) == 0
               ? "break fsim_capture_step"
               : "break play_broken";
}
