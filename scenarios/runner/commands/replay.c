/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commandline/database.h"
#include "findings/export.h"
#include "findings/keep.h"
#include "findings/verdict.h"
#include "output/json.h"
#include "output/text.h"
#include "replay.h"
#include "subject.h"

static bool recover_again(const struct settings *settings, const struct results_violation *stored,
                          struct replay *replay)
{
    char message[512] = "";
    results_oracle_t *oracle = NULL;
    struct subject *subject = NULL;
    struct fsim_outcome outcome = {0};
    void *evidence = NULL;
    int error = results_oracle_new(&oracle, message, sizeof message);
    if (error)
        goto done;
    struct subject_options options = {
        .input = settings->input,
        .oracle = oracle,
    };
    if (fsim_model_parse(stored->model, &options.model) < 0) {
        snprintf(message, sizeof message, "the model '%s' is not known", stored->model);
        error = -EINVAL;
        goto done;
    }
    error = subject_from_settings(stored->settings, &options, &subject);
    if (error) {
        snprintf(message, sizeof message, "the stored settings cannot be used: %s",
                 strerror(-error));
        goto done;
    }
    const struct fsim_subject *recovery = subject_faultsim(subject);
    if (settings->in_process)
        error = fsim_replay_here(recovery, stored->image, stored->image_bytes, &outcome, &evidence);
    else
        error = fsim_replay(recovery, stored->image, stored->image_bytes,
                            (uint32_t)settings->time_limit_ms, &outcome, &evidence);
    if (!error && evidence && recovery->inspect)
        error = recovery->inspect(recovery->context, evidence, outcome.evidence_bytes,
                                  replay->finding, sizeof replay->finding);
    if (error > 0)
        error = 0; /* the finding says what is broken */
    if (!error)
        replay->verdict = verdict_judge(stored, &outcome, replay->finding);
    snprintf(replay->status, sizeof replay->status, "%s",
             fsim_status_name((enum fsim_status)outcome.status));
    snprintf(replay->message, sizeof replay->message, "%s", outcome.message);
    verdict_digest(outcome.state, replay->state);
done:
    if (error)
        complain("cannot replay: %s", message[0] ? message : strerror(-error));
    free(evidence);
    subject_free(subject);
    results_oracle_free(oracle);
    return !error;
}

/* Becomes gdb, which runs this program anew. Returns only if that fails. */
static void start_gdb(const struct settings *settings, const struct results_violation_row *row)
{
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    program[length < 0 ? 0 : length] = '\0';
    /* The arena's own handler answers the signals of its pages; one that kills recovery is what is
     * looked for. */
    const char *signals = strcmp(row->v.verdict, fsim_verdict_name(FSIM_V_CRASHED)) == 0
                              ? "handle SIGSEGV stop print pass"
                              : "handle SIGSEGV nostop noprint pass";
    /* Before the arena proper, the older snapshot is opened alone. */
    const char *stop = row->v.image_bytes == 0 ? replay_recording_stop(&row->v)
                       : strcmp(row->v.verdict, fsim_verdict_name(FSIM_V_STANDBY)) == 0
                           ? "break pma_open"
                           : "break pma_open if !$_any_caller_is(\"look_at_standby\", 4)";
    const char *arguments[] = {
        "gdb",  "-q",         "-ex",          signals,   "-ex",           stop,
        "-ex",  "run",        "--args",       program,   "replay",        settings->arguments[0],
        "--db", settings->db, "--in-process", "--input", settings->input, NULL,
    };
    if (!settings->input)
        arguments[sizeof arguments / sizeof *arguments - 3] = NULL;
    fflush(stdout);
    execvp(arguments[0], (char *const *)arguments);
    complain("--gdb: %s; install gdb, or run 'replay %s --in-process' under another debugger",
             strerror(errno), settings->arguments[0]);
}

static void print_replay(const struct results_violation_row *row, const struct replay *replay)
{
    const struct results_violation *stored = &row->v;
    struct results_violation now = *stored;
    now.verdict = fsim_verdict_name(replay->verdict);
    now.message = replay->message;
    now.finding = replay->finding;
    now.state = replay->state;
    if (!fsim_verdict_is_violation(replay->verdict)) {
        printf("Violation v%lld does not show: this library %s.\n", (long long)row->id,
               row->v.image_bytes == 0            ? "plays the scenario to its end"
               : replay->verdict == FSIM_NOTICED  ? "notices what is wrong"
               : replay->verdict == FSIM_ROLLBACK ? "goes back to a whole older state"
                                                  : "recovers a legal state from it");
        return;
    }
    char *headline = verdict_headline(&now);
    printf("Violation v%lld shows again: %s", (long long)row->id, now.verdict);
    if (strcmp(now.verdict, stored->verdict) != 0)
        printf(" (it was: %s)", stored->verdict);
    printf("\n");
    text_paragraph(stdout, 2, headline);
    free(headline);
}

static void print_replay_json(const struct results_violation_row *row, const struct replay *replay)
{
    struct json json = {.out = stdout};
    json_begin(&json, NULL, '{');
    json_count(&json, "violation", (uint64_t)row->id);
    json_bool(&json, "shows", fsim_verdict_is_violation(replay->verdict));
    json_text(&json, "verdict", fsim_verdict_name(replay->verdict));
    json_text(&json, "stored_verdict", row->v.verdict);
    json_text(&json, "status", replay->status);
    json_text(&json, "message", replay->message);
    json_text(&json, "finding", replay->finding);
    json_text(&json, "state", replay->state);
    json_end(&json, '}');
}

static enum status run(const struct settings *settings)
{
    enum database_kind kind;
    enum status status = STATUS_FAILED;
    struct results_violation_row *row = NULL;
    struct replay replay = {0};
    int64_t id;
    if (!database_id(settings->arguments[0], &kind, &id))
        return STATUS_USAGE;
    if (kind != DATABASE_VIOLATION) {
        complain("replay takes a violation, not a run; 'pmacrash show %s' lists its violations",
                 settings->arguments[0]);
        return STATUS_USAGE;
    }
    results_t *results = database_open(settings);
    if (!results)
        return STATUS_FAILED;
    row = database_violation(settings, results, id);
    if (!row) {
        status = STATUS_USAGE;
        goto done;
    }
    bool has_state = row->v.image_bytes > 0;
    if (!has_state && settings->keep) {
        complain("v%lld was found in a recording and has no crash state to keep; --export writes "
                 "the scenario that shows it",
                 (long long)id);
        status = STATUS_USAGE;
        goto done;
    }
    if (settings->export_to && !export_violation(row, settings->export_to))
        goto done;
    if (settings->gdb) {
        start_gdb(settings, row);
        goto done;
    }
    if (settings->keep && !keep_image(row->v.image, row->v.image_bytes, settings->keep))
        goto done;
    if (has_state ? !recover_again(settings, &row->v, &replay)
                  : !replay_recording(settings, row, &replay))
        goto done;
    if (settings->json)
        print_replay_json(row, &replay);
    else
        print_replay(row, &replay);
    status = fsim_verdict_is_violation(replay.verdict) ? STATUS_FOUND : STATUS_CLEAN;
done:
    results_violation_release(row);
    results_close(results);
    return status;
}

const struct command replay_command = {
    .bit = COMMAND_REPLAY,
    .name = "replay",
    .synopsis = "VIOLATION",
    .summary = "recover a stored crash state again",
    .about = "Takes the crash state from the database alone, recovers it with the library that "
             "this pmacrash was built with, and judges it as the run did. A violation that lies in "
             "the recording itself has no crash state: its scenario is recorded again.\n"
             "\n"
             "Exit code: 1 if the violation shows again, 0 if it does not (any more).",
    .examples = "  pmacrash replay v12\n"
                "  pmacrash replay v12 --keep /tmp/v12.pma && pma check /tmp/v12.pma\n"
                "  pmacrash replay v12 --export /tmp/v12 && less /tmp/v12/README.md\n"
                "  pmacrash replay v12 --gdb\n",
    .least = 1,
    .most = 1,
    .words = WORDS_VIOLATIONS,
    .run = run,
};
