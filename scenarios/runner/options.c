/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <faultsim/explore.h>

#include "generate.h"

enum {
    BEGINNING = COMMAND_RUN | COMMAND_GENERATE,
    CAMPAIGN = BEGINNING | COMMAND_CHECK,
    EXPLORING = COMMAND_RUN | COMMAND_SELFTEST | COMMAND_AUDIT | COMMAND_CHECK,
    READING = COMMAND_SHOW | COMMAND_REPLAY | COMMAND_QUERY | COMMAND_COMPARE | COMMAND_DB,
    TABULAR = COMMAND_QUERY | COMMAND_COMPARE | COMMAND_DB,
};

#define FIELD(name) offsetof(struct settings, name)

const struct option options[] = {
    {"suites", 0, "PATH", OPTION_FILE, FIELD(suites), EXPLORING | COMMAND_LIST, 0, 0,
     "a scenario file, or a directory of *.yaml (default: the ones that come with pmacrash)"},
    {"input", 0, "DIR", OPTION_DIRECTORY, FIELD(input), EXPLORING | COMMAND_REPLAY, 0, 0,
     "the files that 'ingest' reads (default: /usr/share/common-licenses)"},
    {"mode", 0, "MODE", OPTION_MODE, FIELD(mode), COMMAND_RUN, 0, 0,
     "where crashes come from: simulate (the default), or kill: end the playing process with "
     "SIGKILL, at each hit of a fault point, and recover what it left"},
    {"kills", 0, "N", OPTION_COUNT, FIELD(kills), COMMAND_RUN, 1, UINT32_MAX,
     "with --mode kill: at so many random instants instead, over all scenarios"},
    {"work", 0, "DIR", OPTION_DIRECTORY, FIELD(work), COMMAND_RUN | COMMAND_AUDIT | COMMAND_CHECK,
     0, 0,
     "where scenarios are played (default: $TMPDIR, else /tmp; to kill and to audit, /var/tmp: on "
     "a disk)"},
    {"model", 0, "LIST", OPTION_MODELS, FIELD(models), CAMPAIGN | COMMAND_STORE, 0, 0,
     "which crash states there are: names of 'pmacrash list models' with commas between, or all "
     "(default: power-loss)"},
    {"search", 0, "HOW", OPTION_SEARCH, FIELD(search), CAMPAIGN | COMMAND_STORE, 0, 0,
     "how to go through crash states: lazy (complete, the default), brute, compare, bounded or "
     "random"},
    {"grain", 0, "GRAIN", OPTION_GRAIN, FIELD(grain), CAMPAIGN, 0, 0,
     "when versions of mapped pages are taken: at every call (the default), or at every store"},
    {"copying", 0, "HOW", OPTION_COPYING, FIELD(copying), CAMPAIGN | EXPLORING, 0, 0,
     "how the arena copies pages: eager, lazy, or both, each scenario twice (the default)"},
    {"depth", 0, "N", OPTION_COUNT, FIELD(depth), CAMPAIGN, 1, FSIM_DEEPEST,
     "crashes in a row: 2 also crashes inside each recovery and the first snapshot after it, 3 "
     "inside the recovery from that (default: 1)"},
    {"bound", 0, "N", OPTION_COUNT, FIELD(bound), CAMPAIGN | COMMAND_STORE, 1, UINT64_MAX,
     "recoveries a crash point, for bounded and random (default: 64)"},
    {"brute-limit", 0, "N", OPTION_COUNT, FIELD(brute_limit), CAMPAIGN | COMMAND_STORE, 1,
     UINT64_MAX,
     "crash points with more states are passed over by brute and compare (default: 65536)"},
    {"tear-limit", 0, "N", OPTION_COUNT, FIELD(tear_limit), CAMPAIGN | COMMAND_STORE, 2, 1 << 20,
     "under the model torn, the most values of one block (default: 256)"},
    {"seed", 0, "S", OPTION_COUNT, FIELD(seed), CAMPAIGN | COMMAND_STORE, 0, UINT64_MAX,
     "what random searches and random kills draw from (default: 1)"},
    {"points", 0, "GLOB", OPTION_POINTS, FIELD(points), CAMPAIGN | COMMAND_STORE, 0, 0,
     "crash only at fault points or calls like this: 'pma/meta/*'"},
    {"trace", 0, "FILE", OPTION_FILE, FIELD(trace), COMMAND_STORE, 0, 0,
     "explore what the preloaded recorder saved, instead of the adapter's own workload"},
    {"fault", 0, "PLAN", OPTION_PLAN, FIELD(fault), CAMPAIGN, 0, 0,
     "faults while recording: 'POINT[@HIT[+]][:error[:ERRNO]|:skip|:evict|:crash],...'"},
    {"sweep", 0, "WHAT", OPTION_SWEEP, FIELD(sweep), CAMPAIGN, 0, 0,
     "record each play again with each fault, at its first hit, its second and so on, once and for "
     "good, and crash that too: none (the default), syncs, calls, points or all"},
    {"errors", 0, "LIST", OPTION_ERRORS, FIELD(errors), CAMPAIGN, 0, 0,
     "what a sweep fails with: 'EIO,ENOMEM' (default: what each call usually fails with)"},
    {"isolate", 0, NULL, OPTION_FLAG, FIELD(isolate), CAMPAIGN | COMMAND_STORE, 0, 0,
     "each recovery in a process of its own: slower, and nothing survives from one to the next"},
    {"alphabet", 0, "LIST", OPTION_ALPHABET, FIELD(alphabet), COMMAND_GENERATE, 0, 0,
     "operations and named sets of them, with commas between (default: pages)"},
    {"length", 0, "N", OPTION_COUNT, FIELD(length), COMMAND_GENERATE, 1, GENERATE_MOST_LENGTH,
     "operations of a scenario (default: 3; with --random 60)"},
    {"random", 0, NULL, OPTION_FLAG, FIELD(random), COMMAND_GENERATE, 0, 0,
     "draw operations from --seed instead of trying all sequences"},
    {"count", 0, "N", OPTION_COUNT, FIELD(count), COMMAND_GENERATE, 1, UINT64_MAX,
     "at most so many scenarios (default: all; with --random 1000, or what the budget allows)"},
    {"print", 0, NULL, OPTION_FLAG, FIELD(print), COMMAND_GENERATE, 0, 0,
     "write the scenarios as a suite, do not play them"},
    {"jobs", 'j', "N", OPTION_COUNT, FIELD(jobs), CAMPAIGN | EXPLORING, 1, 1024,
     "worker processes (default: one a processor)"},
    {"budget", 0, "TIME", OPTION_DURATION, FIELD(budget_ms), BEGINNING, 0, 0,
     "stop after so long, keep what is done: 30s, 5m, 1h"},
    {"resume", 0, NULL, OPTION_FLAG, FIELD(resume), BEGINNING, 0, 0,
     "go on with the last run of the same command, if there is one, where it stopped"},
    {"time-limit", 0, "MS", OPTION_COUNT, FIELD(time_limit_ms),
     CAMPAIGN | EXPLORING | COMMAND_STORE | COMMAND_REPLAY, 10, 3600000,
     "a recovery that takes longer hangs (default: 10000)"},
    {"record-limit", 0, "MS", OPTION_COUNT, FIELD(record_limit_ms), CAMPAIGN | COMMAND_STORE, 10,
     3600000, "a workload that takes longer hangs (default: 120000)"},
    {"max-violations", 0, "N", OPTION_COUNT, FIELD(max_violations), CAMPAIGN | COMMAND_STORE, 0,
     UINT64_MAX, "be done with a scenario after so many; 0 = never (default: 20)"},
    {"shrink", 0, "WHAT", OPTION_SHRINK, FIELD(shrink), CAMPAIGN, 0, 0,
     "make the first violation of each kind smaller: pages, steps, all (the default) or none"},
    {"shrink-time", 0, "TIME", OPTION_DURATION, FIELD(shrink_ms), CAMPAIGN, 0, 0,
     "the most time for that, for pages and steps each (default: 2s)"},
    {"first", 0, NULL, OPTION_FLAG, FIELD(first), BEGINNING, 0, 0,
     "be done with everything at the first violation"},
    {"baseline", 0, "FILE", OPTION_FILE, FIELD(baseline), COMMAND_CHECK, 0, 0,
     "what to compare with: a baseline file, or a results database, of which the latest run "
     "counts"},
    {"run", 0, "RUN", OPTION_RUN_NUMBER, FIELD(of_run), COMMAND_CHECK, 0, 0,
     "play nothing, compare that run of the results database: its number, or 'latest'"},
    {"update", 0, NULL, OPTION_FLAG, FIELD(update), COMMAND_CHECK, 0, 0,
     "write the baseline file anew, after saying what changes"},
    {"junit", 0, "FILE", OPTION_FILE, FIELD(junit), COMMAND_RUN | COMMAND_CHECK, 0, 0,
     "also write what was played, and what of it failed, as JUnit XML"},
    {"github", 0, NULL, OPTION_FLAG, FIELD(github), COMMAND_RUN | COMMAND_CHECK, 0, 0,
     "also print what is wrong as annotations of GitHub, and a summary (default: if GITHUB_ACTIONS "
     "is set)"},
    {"keep", 0, "PATH", OPTION_FILE, FIELD(keep), COMMAND_REPLAY, 0, 0,
     "also write the crash state there: a file, or a directory that is empty or new"},
    {"export", 0, "DIR", OPTION_DIRECTORY, FIELD(export_to), COMMAND_REPLAY, 0, 0,
     "also write crash state, scenario and a note on both there: a directory, empty or new"},
    {"gdb", 0, NULL, OPTION_FLAG, FIELD(gdb), COMMAND_REPLAY, 0, 0,
     "start gdb on it, stopped where recovery opens the arena"},
    {"in-process", 0, NULL, OPTION_FLAG, FIELD(in_process), COMMAND_REPLAY, 0, 0,
     "recover in this process, without a time limit: for debuggers"},
    {"db", 0, "FILE", OPTION_FILE, FIELD(db), CAMPAIGN | READING | COMMAND_SELFTEST, 0, 0,
     "the results database (default: $PMACRASH_DB, else ./pmacrash.db)"},
    {"run", 0, "RUN", OPTION_RUN_NUMBER, FIELD(of_run), COMMAND_QUERY, 0, 0,
     "the run that the query is about, r3 or 3; in SQL it is :run (default: the latest)"},
    {"keep", 0, "N", OPTION_COUNT, FIELD(keep_runs), COMMAND_DB, 1, UINT64_MAX,
     "prune: none of the N latest runs"},
    {"older", 0, "DAYS", OPTION_COUNT, FIELD(older_days), COMMAND_DB, 1, 36500,
     "prune: only runs that began more than so many days ago"},
    {"dry-run", 0, NULL, OPTION_FLAG, FIELD(dry_run), COMMAND_DB, 0, 0,
     "prune: only say what would be removed"},
    {"table", 0, NULL, OPTION_FLAG, FIELD(table), TABULAR, 0, 0, "print a table (the default)"},
    {"csv", 0, NULL, OPTION_FLAG, FIELD(csv), TABULAR | COMMAND_LIST, 0, 0, "print CSV"},
    {"json", 0, NULL, OPTION_FLAG, FIELD(json),
     CAMPAIGN | EXPLORING | COMMAND_STORE | READING | COMMAND_LIST, 0, 0,
     "print one JSON document, for scripts"},
    {"quiet", 'q', NULL, OPTION_FLAG, FIELD(quiet), CAMPAIGN | EXPLORING | COMMAND_STORE, 0, 0,
     "no progress on stderr"},
    {"verbose", 'v', NULL, OPTION_FLAG, FIELD(verbose), CAMPAIGN | COMMAND_SELFTEST, 0, 0,
     "also say what each play, and each of its crash points, came to"},
    {"color", 0, "WHEN", OPTION_COLOUR, FIELD(colour), COMMAND_ALL, 0, 0,
     "when to colour: auto (the default: on a terminal, unless NO_COLOR is set), always or never"},
    {"width", 0, "N", OPTION_COUNT, FIELD(width), COMMAND_ALL, 20, 100000,
     "columns to print in (default: those of the terminal, else 80)"},
    {"help", 'h', NULL, OPTION_FLAG, FIELD(help), COMMAND_ALL, 0, 0, "this text"},
};
const size_t option_count = sizeof options / sizeof *options;

const struct option_choices *option_choices(enum option_kind kind)
{
    static const struct option_choices by_kind[] = {
        [OPTION_MODE] = {"mode", catalog_modes, &catalog_mode_count},
        [OPTION_SEARCH] = {"search", catalog_searches, &catalog_search_count},
        [OPTION_GRAIN] = {"grain", catalog_grains, &catalog_grain_count},
        [OPTION_COPYING] = {"way of copying", catalog_copyings, &catalog_copying_count},
        [OPTION_SHRINK] = {"way of shrinking", catalog_shrinks, &catalog_shrink_count},
        [OPTION_SWEEP] = {"sweep", catalog_sweeps, &catalog_sweep_count},
        [OPTION_COLOUR] = {"way of colouring", catalog_colours, &catalog_colour_count},
    };
    bool chooses = kind < sizeof by_kind / sizeof *by_kind && by_kind[kind].noun;
    return chooses ? &by_kind[kind] : NULL;
}
