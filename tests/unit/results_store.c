/* SPDX-License-Identifier: MIT */
/* What a run writes comes back as it was. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/results_scratch.h"

struct store {
    results_t *results;
    int64_t run, scenario;
};

static struct store open_store(void **state)
{
    struct store store = {.results = scratch_open(state, RESULTS_WRITE)};

    store.run = scratch_run(store.results);
    store.scenario = scratch_scenario(store.results, store.run, "create");
    return store;
}

static void assert_prints(results_t *results, const char *sql, const char *csv)
{
    char *text = scratch_query(results, sql, RESULTS_CSV);

    assert_string_equal(text, csv);
    free(text);
}

static void run_comes_back_as_it_was(void **state)
{
    struct store store = open_store(state);

    assert_int_equal(results_run_finish(store.results, store.run, "clean", 1234), 0);
    assert_prints(store.results,
                  "SELECT run, length(uuid) AS uuid, outcome, milliseconds, version, revision, "
                  "host, kernel, command, model, search, plan, seed, jobs FROM v_run",
                  "run,uuid,outcome,milliseconds,version,revision,host,kernel,command,model,"
                  "search,plan,seed,jobs\r\n"
                  "1,32,clean,1234,9.8.7,0123abc,bench,6.1.0,pmacrash run,power-loss,lazy,,"
                  "18446744073709551615,2\r\n");
    results_close(store.results);
}

static void selftest_comes_back_as_it_was(void **state)
{
    results_t *results = scratch_open(state, RESULTS_WRITE);
    int64_t id = 0;

    assert_int_equal(results_selftest_add(results,
                                          &(struct results_selftest){.version = "9.8.7",
                                                                     .commit = "0123abc",
                                                                     .host = "bench",
                                                                     .kernel = "6.1.0",
                                                                     .command = "pmacrash selftest",
                                                                     .outcome = "failed",
                                                                     .whole = true,
                                                                     .plays = 7,
                                                                     .plays_clean = 6,
                                                                     .milliseconds = 1500},
                                          &id),
                     0);
    assert_int_equal(results_barrier_add(results, id,
                                         &(struct results_barrier){.name = "pma/sync/meta",
                                                                   .copying = "lazy",
                                                                   .caught = true,
                                                                   .hit = true,
                                                                   .oracle = "legal snapshot",
                                                                   .verdict = "lost",
                                                                   .scenario = "create",
                                                                   .plays = 2,
                                                                   .recoveries = 30,
                                                                   .milliseconds = 40}),
                     0);
    assert_prints(
        results,
        "SELECT selftest, length(uuid) AS uuid, outcome, milliseconds, version, revision, "
        "host, kernel, command, whole, barriers, caught, plays, plays_clean, "
        "round((julianday('now') - julianday(started)) * 86400) >= 1 AS began_before "
        "FROM v_selftest",
        "selftest,uuid,outcome,milliseconds,version,revision,host,kernel,command,whole,"
        "barriers,caught,plays,plays_clean,began_before\r\n"
        "1,32,failed,1500,9.8.7,0123abc,bench,6.1.0,pmacrash selftest,1,1,1,7,6,1\r\n");
    assert_prints(results, "SELECT * FROM v_barrier",
                  "selftest,barrier,copying,caught,hit,oracle,verdict,scenario,error,plays,"
                  "recoveries,milliseconds\r\n"
                  "1,pma/sync/meta,lazy,1,1,legal snapshot,lost,create,,2,30,40\r\n");
    results_close(results);
}

static void runs_have_names_of_their_own(void **state)
{
    struct store store = open_store(state);

    scratch_run(store.results);
    assert_prints(store.results, "SELECT count(DISTINCT uuid) AS n FROM v_run", "n\r\n2\r\n");
    results_close(store.results);
}

static void latest_run_is_found_or_said_to_be_missing(void **state)
{
    results_t *results = scratch_open(state, RESULTS_WRITE);
    int64_t run = -1;

    assert_int_equal(results_last_run(results, &run), RESULTS_ENOROW);
    assert_non_null(strstr(results_error(results), "holds no run yet"));
    assert_int_equal(run, -1);
    scratch_run(results);
    int64_t second = scratch_run(results);
    assert_int_equal(results_last_run(results, &run), 0);
    assert_int_equal(run, second);
    results_close(results);
}

static void scenario_comes_back_as_it_was(void **state)
{
    struct store store = open_store(state);
    const struct results_scenario scenario = {
        .name = "ingest",
        .copying = "lazy",
        .model = "torn",
        .description = "real input",
        .file = "suites/real.yaml",
        .text = "steps:\n- ingest\n",
        .outcome = "failed",
        .error = "no such directory",
        .crash_points = 1,
        .paths = 2,
        .recoveries = 3,
        .violations = 4,
        .images_twice = 5,
        .states = 6.5,
        .covered = 7.5,
        .compared_points = 8,
        .compared_states = 9,
        .brute_recoveries = 10,
        .disagreements = 11,
        .trace_events = 12,
        .trace_bytes = 13,
        .memory_bytes = 14,
        .record_ms = 15,
        .explore_ms = 16,
        .recordings = 17,
        .searched = 18,
    };
    int64_t id;

    assert_int_equal(results_scenario_add(store.results, store.run, &scenario, &id), 0);
    assert_prints(store.results, "SELECT * FROM v_scenario WHERE scenario = 'ingest'",
                  "run,scenario_id,scenario,description,file,outcome,error,complete,crash_points,"
                  "states,covered,paths,recoveries,violations,images_twice,compared_points,"
                  "compared_states,brute_recoveries,disagreements,trace_events,trace_bytes,"
                  "memory_bytes,record_ms,explore_ms,text,copying,model,plays,"
                  "stopped,recordings,searched,grain\r\n"
                  "1,2,ingest,real input,suites/real.yaml,failed,no such directory,0,1,6.5,7.5,2,"
                  "3,4,5,8,9,10,11,12,13,14,15,16,\"steps:\n- ingest\n\",lazy,torn,1,0,17,18,"
                  "call\r\n");
    results_close(store.results);
}

static void what_a_run_was_asked_comes_back(void **state)
{
    struct store store = open_store(state);
    const struct results_run run = {.subcommand = "generate",
                                    .selection = "gen-a gen-b",
                                    .mode = "kill",
                                    .grain = "store",
                                    .copying = "lazy",
                                    .sweep = "syncs",
                                    .errors = "EIO",
                                    .points = "pma/meta/*",
                                    .kills = 7,
                                    .budget_ms = 9000};
    int64_t id;

    assert_int_equal(results_run_add(store.results, &run, &id), 0);
    assert_int_equal(results_run_keep(store.results, id, "baseline.txt"), 0);
    assert_prints(store.results,
                  "SELECT subcommand, selection, mode, kills, grain, copying, sweep, errors, "
                  "points, budget_ms, kept_for FROM v_run ORDER BY run",
                  "subcommand,selection,mode,kills,grain,copying,sweep,errors,points,budget_ms,"
                  "kept_for\r\n"
                  "run,,simulate,0,call,both,none,,,,\r\n"
                  "generate,gen-a gen-b,kill,7,store,lazy,syncs,EIO,pma/meta/*,9000,"
                  "baseline.txt\r\n");
    assert_int_equal(results_run_keep(store.results, store.run, "baseline.txt"), 0);
    assert_prints(store.results, "SELECT kept_for FROM v_run ORDER BY run",
                  "kept_for\r\nbaseline.txt\r\n\r\n");
    assert_int_equal(results_run_keep(store.results, 99, "baseline.txt"), RESULTS_ENOROW);
    results_close(store.results);
}

static void coverage_lists_what_was_never_hit(void **state)
{
    struct store store = open_store(state);
    int64_t other = scratch_scenario(store.results, store.run, "grow");

    results_fault_point_add(store.results, "pma/grow", "OLD", "old words");
    results_fault_point_add(store.results, "pma/grow", "ORDERED", "make the file longer");
    results_fault_point_add(store.results, "pma/map", "PLAIN", "map blocks");
    assert_int_equal(results_coverage_add(store.results, other, "pma/grow", 3, 2), 0);
    assert_int_equal(results_coverage_add(store.results, other, "pma/grow", 1, 1), 0);
    assert_int_equal(results_coverage_add(store.results, store.scenario, "pma/grow", 5, 0), 0);
    assert_int_equal(results_coverage_add(store.results, store.scenario, "pwrite", 7, 7), 0);
    assert_prints(store.results, "SELECT * FROM v_coverage ORDER BY point",
                  "run,point,kind,description,known,hits,crashed_at,scenarios_hit,"
                  "scenarios_crashed\r\n"
                  "1,pma/grow,ORDERED,make the file longer,1,9,3,2,1\r\n"
                  "1,pma/map,PLAIN,map blocks,1,0,0,0,0\r\n"
                  "1,pwrite,,,0,7,7,1,1\r\n");
    results_close(store.results);
}

static void totals_of_one_place_add_up(void **state)
{
    struct store store = open_store(state);
    const struct results_total total = {
        .where = "pma/sync/meta",
        .model = "power-loss",
        .verdict = "legal",
        .points = 1,
        .paths = 2,
        .recoveries = 3,
        .states = 4.5,
        .nanoseconds = 2500000,
    };

    assert_int_equal(results_total_add(store.results, store.scenario, &total), 0);
    assert_int_equal(results_total_add(store.results, store.scenario, &total), 0);
    assert_prints(store.results, "SELECT * FROM v_total",
                  "run,scenario_id,scenario,location,model,verdict,points,paths,recoveries,states,"
                  "milliseconds,copying\r\n"
                  "1,1,create,pma/sync/meta,power-loss,legal,2,4,6,9,5,eager\r\n");
    results_close(store.results);
}

static void depths_are_kept_beside_the_totals(void **state)
{
    struct store store = open_store(state);
    const struct results_nested nested = {.depth = 2,
                                          .power_failures = 5,
                                          .kills = 7,
                                          .crash_points = 100,
                                          .paths = 60,
                                          .recoveries = 30,
                                          .violations = 1,
                                          .states = 400,
                                          .covered = 400};

    assert_int_equal(results_nested_add(store.results, store.scenario, &nested), 0);
    assert_prints(store.results, "SELECT * FROM v_nested",
                  "run,scenario_id,scenario,copying,model,depth,power_failures,kills,crash_points,"
                  "states,covered,paths,recoveries,violations\r\n"
                  "1,1,create,eager,power-loss,2,5,7,100,400,400,60,30,1\r\n");
    results_close(store.results);
}

static const struct results_violation violation = {
    .model = "power-loss",
    .verdict = "invariant",
    .status = "recovered",
    .message = "opened",
    .finding = "keys-ordered: Extents ascend (page=4)",
    .where = "pma/meta/write",
    .side = "after",
    .point = 17,
    .hit = 3,
    .step = 2,
    .depth = 2,
    .earlier = "Power fails before the 1st hit of pma/sync/meta.\n",
    .timeline = "write block 4\nsync\n",
    .explanation = "block 4 was lost\n",
    .legal = "00ff first\n",
    .known = "00ff first\n11ee second\n",
    .state = "22dd",
    .settings = "pages: 64\n",
    .rows = "page\n----\n   4\n",
    .pages_counted = true,
    .shrunk_pages = 1,
    .measured = "all had been written",
    .steps_shrunk = true,
    .shrunk_steps = 2,
    .steps = 9,
    .reduced = "scenarios: []\n",
    .fault = "call/fsync@1:error:EIO",
};

static void assert_violation_round_trip(void **state, const void *image, size_t bytes)
{
    struct store store = open_store(state);
    struct results_violation added = violation;
    struct results_violation_row *row = NULL;
    int64_t id;

    added.image = image;
    added.image_bytes = bytes;
    assert_int_equal(results_violation_add(store.results, store.scenario, &added, &id), 0);
    results_close(store.results);

    store.results = scratch_open(state, RESULTS_READ);
    assert_int_equal(results_violation_get(store.results, id, &row), 0);
    results_close(store.results);
    assert_int_equal(row->id, id);
    assert_int_equal(row->run, store.run);
    assert_int_equal(row->scenario_id, store.scenario);
    assert_string_equal(row->scenario, "create");
    assert_string_equal(row->v.model, added.model);
    assert_string_equal(row->v.verdict, added.verdict);
    assert_string_equal(row->v.status, added.status);
    assert_string_equal(row->v.message, added.message);
    assert_string_equal(row->v.finding, added.finding);
    assert_string_equal(row->v.where, added.where);
    assert_string_equal(row->v.side, added.side);
    assert_int_equal(row->v.point, added.point);
    assert_int_equal(row->v.hit, added.hit);
    assert_int_equal(row->v.step, added.step);
    assert_string_equal(row->v.timeline, added.timeline);
    assert_string_equal(row->v.explanation, added.explanation);
    assert_string_equal(row->v.legal, added.legal);
    assert_string_equal(row->v.known, added.known);
    assert_string_equal(row->v.state, added.state);
    assert_string_equal(row->v.settings, added.settings);
    assert_string_equal(row->v.rows, added.rows);
    assert_int_equal(row->v.pages_counted, added.pages_counted);
    assert_int_equal(row->v.shrunk_pages, added.shrunk_pages);
    assert_string_equal(row->v.measured, added.measured);
    assert_int_equal(row->v.steps_shrunk, added.steps_shrunk);
    assert_int_equal(row->v.shrunk_steps, added.shrunk_steps);
    assert_int_equal(row->v.steps, added.steps);
    assert_string_equal(row->v.reduced, added.reduced);
    assert_int_equal(row->v.depth, added.depth);
    assert_string_equal(row->v.earlier, added.earlier);
    assert_string_equal(row->v.fault, added.fault);
    assert_int_equal(row->v.image_bytes, bytes);
    if (bytes > 0)
        assert_memory_equal(row->v.image, image, bytes);
    results_violation_release(row);
}

static void violation_comes_back_as_it_was(void **state)
{
    assert_violation_round_trip(state, "\0image\0", 7);
}

static void what_was_not_shrunk_is_unknown(void **state)
{
    struct store store = open_store(state);
    struct results_violation whole = violation;
    struct results_violation_row *row = NULL;
    int64_t id;

    whole.pages_counted = whole.steps_shrunk = false;
    assert_int_equal(results_violation_add(store.results, store.scenario, &whole, &id), 0);
    assert_prints(store.results, "SELECT shrunk_pages, shrunk_steps, steps FROM v_violation",
                  "shrunk_pages,shrunk_steps,steps\r\n,,\r\n");
    assert_int_equal(results_violation_get(store.results, id, &row), 0);
    assert_false(row->v.pages_counted);
    assert_false(row->v.steps_shrunk);
    assert_string_equal(row->plan, "");
    results_violation_release(row);
    results_close(store.results);
}

static void violation_may_have_no_image(void **state)
{
    assert_violation_round_trip(state, NULL, 0);
}

static void large_image_that_does_not_compress_comes_back(void **state)
{
    const size_t words = (size_t)1 << 20;
    uint64_t *image = malloc(words * sizeof *image), noise = 1;

    assert_non_null(image);
    for (size_t i = 0; i < words; i++) {
        noise ^= noise << 13;
        noise ^= noise >> 7;
        noise ^= noise << 17;
        image[i] = noise;
    }
    assert_violation_round_trip(state, image, words * sizeof *image);
    free(image);
}

static void image_of_zeros_takes_little_room(void **state)
{
    const size_t bytes = (size_t)64 << 20;
    void *image = calloc(1, bytes);

    assert_non_null(image);
    assert_violation_round_trip(state, image, bytes);
    free(image);
    results_t *results = scratch_open(state, RESULTS_READ);
    assert_prints(results, "SELECT image_bytes, stored_bytes < 65536 AS small FROM v_violation",
                  "image_bytes,small\r\n67108864,1\r\n");
    results_close(results);
}

static void view_names_the_invariant_of_a_violation(void **state)
{
    assert_violation_round_trip(state, "x", 1);
    results_t *results = scratch_open(state, RESULTS_READ);
    assert_prints(results, "SELECT invariant FROM v_violation", "invariant\r\nkeys-ordered\r\n");
    results_close(results);
}

static void damaged_image_is_reported(void **state)
{
    static const char *const damages[] = {
        "UPDATE violation SET image = x'00112233'",
        "UPDATE violation SET image = x''",
        "UPDATE violation SET image_bytes = image_bytes + 1",
        "UPDATE violation SET image_bytes = -1",
        "UPDATE violation SET image = substr(image, 1, length(image) - 2)",
    };
    struct results_violation_row *row = NULL;

    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        assert_violation_round_trip(state, "four words of image", 20);
        scratch_execute(scratch_path(state, "results.db"), damages[i]);
        results_t *results = scratch_open(state, RESULTS_READ);
        assert_int_equal(results_violation_get(results, 1, &row), -EBADMSG);
        assert_non_null(strstr(results_error(results), "the image of violation 1 is damaged"));
        assert_null(row);
        results_close(results);
        scratch_execute(scratch_path(state, "results.db"),
                        "PRAGMA foreign_keys = ON; DELETE FROM run; DELETE FROM violation");
    }
}

static void rows_of_what_does_not_exist_are_refused(void **state)
{
    struct store store = open_store(state);
    struct results_violation_row *row = NULL;
    struct results_scenario scenario = {.name = "x", .copying = "eager", .outcome = "clean"};
    int64_t id;

    assert_int_equal(results_scenario_add(store.results, 99, &scenario, &id), RESULTS_ENOROW);
    assert_non_null(strstr(results_error(store.results), "no such run"));
    assert_int_equal(results_coverage_add(store.results, 99, "p", 1, 1), RESULTS_ENOROW);
    assert_int_equal(results_total_add(store.results, 99, &(struct results_total){0}),
                     RESULTS_ENOROW);
    assert_int_equal(results_violation_add(store.results, 99, &violation, &id), RESULTS_ENOROW);
    assert_int_equal(results_run_finish(store.results, 99, "clean", 0), RESULTS_ENOROW);
    assert_non_null(strstr(results_error(store.results), "there is no run 99"));
    assert_int_equal(results_violation_get(store.results, 99, &row), RESULTS_ENOROW);
    assert_non_null(strstr(results_error(store.results), "there is no violation 99"));
    results_close(store.results);
}

static void outcome_must_be_one_of_the_known(void **state)
{
    struct store store = open_store(state);

    assert_int_equal(results_run_finish(store.results, store.run, "fine", 0), RESULTS_ESQL);
    assert_int_equal(results_run_finish(store.results, store.run, "incomplete", 0), 0);
    results_close(store.results);
}

static void counts_beyond_sqlite_stop_at_its_largest(void **state)
{
    struct store store = open_store(state);

    assert_int_equal(results_coverage_add(store.results, store.scenario, "p", UINT64_MAX, 0), 0);
    assert_prints(store.results, "SELECT hits FROM v_coverage", "hits\r\n9223372036854775807\r\n");
    results_close(store.results);
}

static void removing_a_run_removes_what_hangs_on_it(void **state)
{
    struct store store = open_store(state);
    int64_t id;

    results_coverage_add(store.results, store.scenario, "p", 1, 1);
    results_total_add(store.results, store.scenario, &(struct results_total){.where = "p"});
    results_violation_add(store.results, store.scenario, &violation, &id);
    results_close(store.results);
    const char *path = scratch_path(state, "results.db");
    scratch_execute(path, "PRAGMA foreign_keys = ON; DELETE FROM run");
    assert_int_equal(scratch_number(path, "SELECT (SELECT count(*) FROM scenario) + (SELECT "
                                          "count(*) FROM coverage) + (SELECT count(*) FROM total) "
                                          "+ (SELECT count(*) FROM violation)"),
                     0);
}

/* ---- going on with a run ---- */

static const struct results_run asked = {.version = "1",
                                         .commit = "c",
                                         .host = "h",
                                         .kernel = "k",
                                         .command = "run",
                                         .arguments = "run --seed=1",
                                         .model = "torn",
                                         .search = "lazy",
                                         .plan = "",
                                         .jobs = 1};

static void the_latest_run_of_the_same_arguments_is_gone_on_with(void **state)
{
    struct store store = open_store(state);
    struct results_run other = asked;
    uint64_t milliseconds = 0;
    int64_t first, second, found = 0;

    assert_int_equal(results_run_resume(store.results, &asked, &found, &milliseconds),
                     RESULTS_ENOROW);
    assert_int_equal(results_run_add(store.results, &asked, &first), 0);
    assert_int_equal(results_run_add(store.results, &asked, &second), 0);
    assert_int_equal(results_run_finish(store.results, second, "incomplete", 70), 0);
    other.arguments = "run --seed=2";
    assert_int_equal(results_run_resume(store.results, &other, &found, &milliseconds),
                     RESULTS_ENOROW);
    other = asked;
    other.commit = "d";
    assert_int_equal(results_run_resume(store.results, &other, &found, &milliseconds),
                     RESULTS_ENOROW);
    assert_int_equal(results_run_resume(store.results, &asked, &found, &milliseconds), 0);
    assert_int_equal(found, second);
    assert_int_equal(milliseconds, 70);
    results_close(store.results);
}

static void count_visits(void *context, const struct results_generated *range)
{
    uint64_t *visits = context;

    assert_string_equal(range->name, "gen-a-");
    visits[0]++;
    visits[1] += range->last - range->first + 1;
}

static void numbers_that_follow_each_other_are_one_range(void **state)
{
    struct store store = open_store(state);
    const struct results_generated ranges[] = {{"gen-a-", "eager", "torn", 0, 9},
                                               {"gen-a-", "eager", "torn", 10, 19},
                                               {"gen-a-", "lazy", "torn", 20, 29},
                                               {"gen-a-", "eager", "torn", 30, 30}};
    uint64_t visits[2] = {0};

    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        assert_int_equal(results_generated_add(store.results, store.run, &ranges[i]), 0);
    assert_int_equal(results_generated_each(store.results, store.run, count_visits, visits), 0);
    assert_int_equal(visits[0], 3);
    assert_int_equal(visits[1], 31);
    results_close(store.results);
}

static void plays_that_are_told_together_add_up(void **state)
{
    struct store store = open_store(state);
    struct results_scenario play = {.name = "gen-*",
                                    .copying = "eager",
                                    .model = "torn",
                                    .outcome = "clean",
                                    .recoveries = 3,
                                    .states = 1.5,
                                    .memory_bytes = 7,
                                    .complete = true};
    int64_t first, second;

    assert_int_equal(results_scenario_merge(store.results, store.run, &play, &first), 0);
    play.memory_bytes = 5;
    play.complete = false;
    play.outcome = "incomplete";
    assert_int_equal(results_scenario_merge(store.results, store.run, &play, &second), 0);
    assert_int_equal(second, first);
    assert_prints(store.results,
                  "SELECT plays, recoveries, states, memory_bytes, complete, outcome "
                  "FROM v_scenario WHERE scenario = 'gen-*'",
                  "plays,recoveries,states,memory_bytes,complete,outcome\r\n"
                  "2,6,3,7,0,incomplete\r\n");
    results_close(store.results);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)
    const struct CMUnitTest tests[] = {
        TEST(run_comes_back_as_it_was),
        TEST(selftest_comes_back_as_it_was),
        TEST(runs_have_names_of_their_own),
        TEST(latest_run_is_found_or_said_to_be_missing),
        TEST(the_latest_run_of_the_same_arguments_is_gone_on_with),
        TEST(numbers_that_follow_each_other_are_one_range),
        TEST(plays_that_are_told_together_add_up),
        TEST(scenario_comes_back_as_it_was),
        TEST(what_a_run_was_asked_comes_back),
        TEST(coverage_lists_what_was_never_hit),
        TEST(totals_of_one_place_add_up),
        TEST(depths_are_kept_beside_the_totals),
        TEST(violation_comes_back_as_it_was),
        TEST(violation_may_have_no_image),
        TEST(what_was_not_shrunk_is_unknown),
        TEST(large_image_that_does_not_compress_comes_back),
        TEST(image_of_zeros_takes_little_room),
        TEST(view_names_the_invariant_of_a_violation),
        TEST(damaged_image_is_reported),
        TEST(rows_of_what_does_not_exist_are_refused),
        TEST(outcome_must_be_one_of_the_known),
        TEST(counts_beyond_sqlite_stop_at_its_largest),
        TEST(removing_a_run_removes_what_hangs_on_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
