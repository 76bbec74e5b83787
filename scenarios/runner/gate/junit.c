/* SPDX-License-Identifier: MIT */
/*
 * A test suite a suite file, in it a test case a play; then one for the demands of the baseline and
 * one for the self-test. Each is collected first, since its element begins with counts.
 */
#include "junit.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "output/file.h"
#include "output/text.h"

/* ---- XML ---- */

/* XML 1.0 has no way to write most control characters. */
static void write_text(FILE *out, const char *text)
{
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte == '<')
            fputs("&lt;", out);
        else if (byte == '>')
            fputs("&gt;", out);
        else if (byte == '&')
            fputs("&amp;", out);
        else if (byte == '"')
            fputs("&quot;", out);
        else if (byte < 0x20 && byte != '\n' && byte != '\t')
            fputc('?', out);
        else
            fputc(byte, out);
    }
}

static void write_attribute(FILE *out, const char *name, const char *value)
{
    fprintf(out, " %s=\"", name);
    write_text(out, value);
    fputc('"', out);
}

static void write_seconds(FILE *out, uint64_t milliseconds)
{
    fprintf(out, " time=\"%" PRIu64 ".%03u\"", milliseconds / 1000,
            (unsigned)(milliseconds % 1000));
}

/* ---- suites and cases ---- */

struct counts {
    uint64_t tests, failures, errors, skipped, milliseconds;
};

struct suite_text {
    const struct ledger *run;
    char *text;
    size_t bytes;
    FILE *out; /* the cases, while they are collected */
    struct counts counts;
};

static void suite_begin(struct suite_text *suite, const struct ledger *run)
{
    *suite = (struct suite_text){.run = run};
    suite->out = need(open_memstream(&suite->text, &suite->bytes));
}

static void suite_end(struct suite_text *suite, const char *name, FILE *out, struct counts *all)
{
    const struct counts *counts = &suite->counts;
    fclose(suite->out);
    if (counts->tests > 0) {
        fputs("  <testsuite", out);
        write_attribute(out, "name", name);
        fprintf(out,
                " tests=\"%" PRIu64 "\" failures=\"%" PRIu64 "\" errors=\"%" PRIu64
                "\" skipped=\"%" PRIu64 "\"",
                counts->tests, counts->failures, counts->errors, counts->skipped);
        write_seconds(out, counts->milliseconds);
        write_attribute(out, "timestamp", suite->run->started);
        write_attribute(out, "hostname", suite->run->host);
        fprintf(out, ">\n%s  </testsuite>\n", suite->text);
    }
    all->tests += counts->tests;
    all->failures += counts->failures;
    all->errors += counts->errors;
    free(suite->text);
}

static void case_begin(struct suite_text *suite, const char *name, const char *class,
                       uint64_t milliseconds)
{
    fputs("    <testcase", suite->out);
    write_attribute(suite->out, "name", name);
    write_attribute(suite->out, "classname", class);
    write_seconds(suite->out, milliseconds);
    fputs(">\n", suite->out);
    suite->counts.tests++;
    suite->counts.milliseconds += milliseconds;
}

static void case_end(struct suite_text *suite)
{
    fputs("    </testcase>\n", suite->out);
}

/* "failure" or "error": `message` in one line, `text` in full. */
static void case_problem(struct suite_text *suite, const char *element, const char *type,
                         const char *message, const char *text)
{
    fprintf(suite->out, "      <%s", element);
    write_attribute(suite->out, "message", message);
    write_attribute(suite->out, "type", type);
    fputc('>', suite->out);
    write_text(suite->out, text);
    fprintf(suite->out, "</%s>\n", element);
    if (strcmp(element, "error") == 0)
        suite->counts.errors++;
    else
        suite->counts.failures++;
}

static void case_skipped(struct suite_text *suite, const char *why)
{
    fputs("      <skipped", suite->out);
    write_attribute(suite->out, "message", why);
    fputs("/>\n", suite->out);
    suite->counts.skipped++;
}

static void case_output(struct suite_text *suite, const char *text)
{
    if (!*text)
        return;
    fputs("      <system-out>", suite->out);
    write_text(suite->out, text);
    fputs("</system-out>\n", suite->out);
}

/* ---- plays ---- */

static bool is_of(const struct ledger_violation *violation, const struct ledger_play *play)
{
    return strcmp(violation->scenario, play->scenario) == 0 &&
           strcmp(violation->copying, play->copying) == 0 &&
           strcmp(violation->model, play->model) == 0;
}

/* The violations of a play, known ones or others: a sentence and a command each. free() it. */
static char *violations_of(const struct ledger *run, const struct ledger_play *play, bool known,
                           const struct gate *gate, const struct ledger_violation **first)
{
    char *text = NULL;
    size_t bytes;
    FILE *out = need(open_memstream(&text, &bytes));
    *first = NULL;
    for (size_t i = 0; i < run->violation_count; i++) {
        const struct ledger_violation *violation = &run->violations[i];
        if (!is_of(violation, play) || violation->known != known)
            continue;
        if (!*first)
            *first = violation;
        fprintf(out, "%s\n%" PRIu64 " of this kind (%s). %s show v%" PRId64 "%s\n",
                violation->headline, violation->count, violation->verdict, program_name(),
                violation->id, gate->results_options);
    }
    fclose(out);
    return need(text);
}

static void write_play(struct suite_text *suite, const char *class, const struct ledger_play *play,
                       const struct gate *gate)
{
    const struct ledger_violation *first, *first_known;
    char *name = ledger_play_name(play->scenario, play->copying, play->model);
    char *found = violations_of(suite->run, play, false, gate, &first);
    char *known = violations_of(suite->run, play, true, gate, &first_known);
    case_begin(suite, name, class, play->milliseconds);
    if (play->extent == LEDGER_NOT_PLAYED)
        case_skipped(suite, "the run ended before it was played");
    else if (first)
        case_problem(suite, "failure", first->verdict, first->headline, found);
    else if (play->extent == LEDGER_FAILED)
        case_problem(suite, "error", "failed", play->error, play->error);
    case_output(suite, known);
    case_end(suite);
    free(known);
    free(found);
    free(name);
}

/* "scenarios/suites/heap.yaml" is the suite "heap". free() it. */
static char *suite_name(const char *file)
{
    const char *slash = strrchr(file, '/'), *name = slash ? slash + 1 : file;
    const char *dot = strrchr(name, '.');
    return need_format("%.*s", (int)(dot && dot > name ? (size_t)(dot - name) : strlen(name)),
                       name);
}

/* Plays of one file, from the first of them on. */
static void write_plays_like(const struct ledger *run, size_t first, const struct gate *gate,
                             FILE *out, struct counts *all)
{
    const char *file = run->plays[first].file;
    char *name = suite_name(file), *class = need_format("pmacrash.%s", name);
    struct suite_text suite;
    suite_begin(&suite, run);
    for (size_t i = first; i < run->play_count; i++)
        if (strcmp(run->plays[i].file, file) == 0)
            write_play(&suite, class, &run->plays[i], gate);
    suite_end(&suite, name, out, all);
    free(class);
    free(name);
}

static bool is_first_of_file(const struct ledger *run, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(run->plays[i].file, run->plays[index].file) == 0)
            return false;
    return true;
}

/* ---- the baseline and the self-test ---- */

static char *remarks_of(const struct gate *gate, enum gate_rule rule, enum gate_weight weight,
                        const char **first)
{
    char *text = NULL;
    size_t bytes;
    FILE *out = need(open_memstream(&text, &bytes));
    *first = NULL;
    for (size_t i = 0; i < gate->count; i++) {
        const struct gate_remark *remark = &gate->remarks[i];
        if (remark->rule != rule || remark->weight != weight)
            continue;
        if (!*first)
            *first = remark->sentence;
        fprintf(out, "%s\n", remark->sentence);
        if (remark->command)
            fprintf(out, "    %s\n", remark->command);
    }
    fclose(out);
    return need(text);
}

static void write_demands(const struct ledger *run, const struct gate *gate, FILE *out,
                          struct counts *all)
{
    struct suite_text suite;
    suite_begin(&suite, run);
    for (enum gate_rule rule = 0; rule < GATE_RULES; rule++) {
        const char *first, *first_known;
        char *failed = remarks_of(gate, rule, GATE_FAILS, &first);
        char *known = remarks_of(gate, rule, GATE_KNOWN, &first_known);
        bool of_all = rule == GATE_POINTS || rule == GATE_ORACLES;
        case_begin(&suite, gate_demands[rule], "pmacrash.baseline", 0);
        if (of_all && !gate->scope.whole)
            case_skipped(&suite, "only a part of the baseline was compared");
        else if (first)
            case_problem(&suite, "failure", "baseline", first, failed);
        case_output(&suite, known);
        case_end(&suite);
        free(known);
        free(failed);
    }
    suite_end(&suite, "baseline", out, all);
}

static void write_barriers(const struct ledger *run, const struct ledger *baseline, FILE *out,
                           struct counts *all)
{
    struct suite_text suite;
    suite_begin(&suite, run);
    for (size_t i = 0; i < run->barrier_count; i++) {
        const struct ledger_barrier *barrier = &run->barriers[i];
        const struct ledger_barrier *before =
            ledger_barrier(baseline, barrier->name, barrier->copying);
        char *name = need_format("%s skipped, %s", barrier->name, barrier->copying);
        case_begin(&suite, name, "pmacrash.selftest", barrier->milliseconds);
        if (!barrier->caught && before && before->caught)
            case_problem(&suite, "failure", "oracle", "no oracle noticed", "no oracle noticed");
        else if (!barrier->caught)
            case_skipped(&suite, "no oracle noticed, and the baseline does not demand it");
        case_end(&suite);
        free(name);
    }
    suite_end(&suite, "selftest", out, all);
}

/* ---- all of it ---- */

static void write_suites(const struct ledger *run, const struct ledger *baseline,
                         const struct gate *gate, FILE *out)
{
    struct counts all = {0};
    char *suites = NULL;
    size_t bytes;
    FILE *collected = need(open_memstream(&suites, &bytes));
    for (size_t i = 0; i < run->play_count; i++)
        if (is_first_of_file(run, i))
            write_plays_like(run, i, gate, collected, &all);
    if (baseline) {
        write_demands(run, gate, collected, &all);
        write_barriers(run, baseline, collected, &all);
    }
    fclose(collected);
    fprintf(out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<testsuites name=\"pmacrash\" tests=\"%" PRIu64 "\" failures=\"%" PRIu64
            "\" errors=\"%" PRIu64 "\"",
            all.tests, all.failures, all.errors);
    write_seconds(out, run->milliseconds);
    fprintf(out, ">\n%s</testsuites>\n", (char *)need(suites));
    free(suites);
}

bool junit_write(const char *path, const struct ledger *run, const struct ledger *baseline,
                 const struct gate *gate)
{
    char *document = NULL;
    size_t bytes;
    FILE *out = need(open_memstream(&document, &bytes));
    write_suites(run, baseline, gate, out);
    fclose(out);
    bool written = file_write("junit", path, need(document), bytes);
    free(document);
    return written;
}
