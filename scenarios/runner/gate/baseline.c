/* SPDX-License-Identifier: MIT */
#include "baseline.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "output/text.h"

#define HEAD "pmacrash baseline "
enum { VERSION = 1, MOST_WORDS = 12 };

/* ---- words: what holds a blank or a quote stands between quotes ---- */

static void write_word(FILE *out, const char *word)
{
    if (*word && !strpbrk(word, " \t\n\"\\#")) {
        fprintf(out, " %s", word);
        return;
    }
    fputs(" \"", out);
    for (; *word; word++)
        if (*word == '\n')
            fputs("\\n", out);
        else
            fprintf(out, "%s%c", *word == '"' || *word == '\\' ? "\\" : "", *word);
    fputc('"', out);
}

/* Takes the quotes from a word, in place; returns what follows it, or NULL if it has no end. */
static char *unquote(char *word)
{
    char *to = word, *from = word + 1;
    for (; *from && *from != '"'; from++) {
        bool escaped = *from == '\\' && from[1];
        from += escaped;
        *to++ = escaped && *from == 'n' ? '\n' : *from;
    }
    if (!*from)
        return NULL;
    *to = '\0';
    return from + 1;
}

/* Cuts a line, in place. Returns how many words it has, or 0 if it cannot be cut. */
static size_t cut(char *line, char *words[MOST_WORDS])
{
    size_t count = 0;
    for (char *at = line + strspn(line, " \t"); *at; at += strspn(at, " \t")) {
        if (count == MOST_WORDS)
            return 0;
        if (*at == '"') {
            char *word = at;
            at = unquote(at);
            if (!at || (*at && *at != ' ' && *at != '\t'))
                return 0;
            words[count++] = word;
            continue;
        }
        words[count++] = at;
        at += strcspn(at, " \t");
        if (*at)
            *at++ = '\0';
    }
    return count;
}

static bool take_number(const char *word, uint64_t *number)
{
    char *end;
    errno = 0;
    *number = strtoull(word, &end, 10);
    return *word >= '0' && *word <= '9' && !*end && !errno;
}

/* ---- reading: each returns false if the words make no sense ---- */

static bool take_play(struct ledger *ledger, char **words, size_t count, unsigned line)
{
    struct ledger_play play = {.line = line};
    size_t extent = 0, depth = 0;
    if (count < 6)
        return false;
    while (strcmp(words[4], ledger_extents[extent]) != 0)
        if (++extent == LEDGER_NOT_PLAYED)
            return false;
    for (size_t i = 5; i < count && strcmp(words[i], "recordings") != 0; i++)
        if (depth == FSIM_DEEPEST || !take_number(words[i], &play.crash_points[depth++]))
            return false;
    if (depth + 5 < count &&
        (depth + 7 != count || !take_number(words[count - 1], &play.recordings)))
        return false;
    play.extent = (enum ledger_extent)extent;
    play.scenario = words[1];
    play.copying = words[2];
    play.model = words[3];
    ledger_add_play(ledger, &play);
    return true;
}

static bool take_point(struct ledger *ledger, char **words, size_t count, unsigned line)
{
    bool crashed = count == 3 && strcmp(words[2], "crashed") == 0;
    if (count != 3 || (!crashed && strcmp(words[2], "hit") != 0))
        return false;
    ledger_add_point(ledger,
                     &(struct ledger_point){.name = words[1], .crashed = crashed, .line = line});
    return true;
}

static bool take_violation(struct ledger *ledger, char **words, size_t count, unsigned line)
{
    struct ledger_violation violation = {.line = line};
    if (count != 8 || !take_number(words[7], &violation.count))
        return false;
    violation.scenario = words[1];
    violation.copying = words[2];
    violation.model = words[3];
    violation.verdict = words[4];
    violation.invariant = words[5];
    violation.fault = words[6];
    ledger_add_violation(ledger, &violation);
    return true;
}

static bool take_barrier(struct ledger *ledger, char **words, size_t count, unsigned line)
{
    if (count != 5)
        return false;
    ledger_add_barrier(ledger, &(struct ledger_barrier){
                                   .name = words[1],
                                   .copying = words[2],
                                   .caught = true,
                                   .oracle = words[3],
                                   .scenario = words[4],
                                   .line = line,
                               });
    return true;
}

static const struct {
    const char *word, *syntax;
    bool (*take)(struct ledger *ledger, char **words, size_t count, unsigned line);
} kinds[] = {
    {"barrier", "barrier NAME COPYING ORACLE SCENARIO", take_barrier},
    {"play", "play SCENARIO COPYING MODEL complete|partial|failed POINTS... [recordings N]",
     take_play},
    {"point", "point NAME hit|crashed", take_point},
    {"violation", "violation SCENARIO COPYING MODEL VERDICT INVARIANT FAULT COUNT", take_violation},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static bool take_line(struct ledger *ledger, char *text, unsigned line)
{
    char *words[MOST_WORDS];
    size_t count, kind = 0;
    text[strcspn(text, "\r\n")] = '\0';
    if (!text[strspn(text, " \t")] || *text == '#')
        return true;
    count = cut(text, words);
    while (count > 0 && kind < KINDS && strcmp(words[0], kinds[kind].word) != 0)
        kind++;
    if (count == 0)
        complain("%s:%u: a quote without its end, or too many words", ledger->path, line);
    else if (kind == KINDS)
        complain("%s:%u: no line of a baseline begins with '%s'", ledger->path, line, words[0]);
    else if (kinds[kind].take(ledger, words, count, line))
        return true;
    else
        complain("%s:%u: this should be: %s", ledger->path, line, kinds[kind].syntax);
    return false;
}

static bool check_head(const char *path, const char *head)
{
    size_t length = strlen(HEAD);
    char *end;
    if (strncmp(head, HEAD, length) != 0) {
        complain("%s: neither a baseline, which begins with '" HEAD "%d', nor a results database",
                 path, VERSION);
        return false;
    }
    unsigned long version = strtoul(head + length, &end, 10);
    if (version == VERSION && end[strspn(end, "\r\n")] == '\0')
        return true;
    complain("%s: a baseline of version %.*s, this pmacrash knows version %d; write it anew with "
             "--update",
             path, (int)strcspn(head + length, "\r\n"), head + length, VERSION);
    return false;
}

static bool read_lines(FILE *in, struct ledger *ledger)
{
    char *text = NULL;
    size_t capacity = 0;
    unsigned line = 1;
    bool good = getline(&text, &capacity, in) > 0;
    good = check_head(ledger->path, good ? text : "");
    while (good && getline(&text, &capacity, in) > 0)
        good = take_line(ledger, text, ++line);
    free(text);
    ledger_sort(ledger);
    return good;
}

bool baseline_is_database(const char *path)
{
    static const char magic[] = "SQLite format 3";
    char head[sizeof magic] = "";
    FILE *in = fopen(path, "r");
    if (!in)
        return false;
    size_t length = fread(head, 1, sizeof head, in);
    fclose(in);
    return length == sizeof head && memcmp(head, magic, sizeof magic) == 0;
}

static bool read_database(const char *path, struct ledger *ledger)
{
    results_t *results = NULL;
    char message[512];
    int64_t run, selftest;
    bool good = false;
    if (results_open(path, RESULTS_READ, &results, message, sizeof message))
        complain("%s", message);
    else if (results_last_run(results, &run))
        complain("%s", results_error(results));
    else if (ledger_latest_selftest(results, &selftest))
        good = ledger_read(results, path, run, selftest, ledger);
    results_close(results);
    return good;
}

bool baseline_read(const char *path, bool *there, struct ledger *ledger)
{
    *ledger = (struct ledger){0};
    *there = true;
    if (baseline_is_database(path))
        return read_database(path, ledger);
    ledger->path = need_copy(path);
    FILE *in = fopen(path, "r");
    if (!in) {
        *there = errno != ENOENT;
        if (*there)
            complain("%s: %s", path, strerror(errno));
        return !*there;
    }
    bool good = read_lines(in, ledger);
    fclose(in);
    return good;
}

/* ---- writing ---- */

static void write_play(FILE *out, const struct ledger_play *play)
{
    fputs("play", out);
    write_word(out, play->scenario);
    write_word(out, play->copying);
    write_word(out, play->model);
    fprintf(out, " %s %" PRIu64, ledger_extents[play->extent], play->crash_points[0]);
    for (size_t depth = 1; depth < FSIM_DEEPEST && play->crash_points[depth]; depth++)
        fprintf(out, " %" PRIu64, play->crash_points[depth]);
    if (play->recordings)
        fprintf(out, " recordings %" PRIu64, play->recordings);
    fputc('\n', out);
}

static void write_violation(FILE *out, const struct ledger_violation *violation)
{
    fputs("violation", out);
    write_word(out, violation->scenario);
    write_word(out, violation->copying);
    write_word(out, violation->model);
    write_word(out, violation->verdict);
    write_word(out, violation->invariant);
    write_word(out, violation->fault);
    fprintf(out, " %" PRIu64 "\n", violation->count);
}

static void write_barrier(FILE *out, const struct ledger_barrier *barrier)
{
    fputs("barrier", out);
    write_word(out, barrier->name);
    write_word(out, barrier->copying);
    write_word(out, barrier->oracle);
    write_word(out, barrier->scenario);
    fputc('\n', out);
}

static void write_lines(FILE *out, const struct ledger *ledger)
{
    fprintf(out, HEAD "%d\n", VERSION);
    fprintf(out, "# What 'pmacrash check' demands of a run. 'pmacrash check --update' writes it "
                 "anew; docs/ci.md explains each line.\n");
    for (size_t i = 0; i < ledger->barrier_count; i++)
        if (ledger->barriers[i].caught)
            write_barrier(out, &ledger->barriers[i]);
    for (size_t i = 0; i < ledger->play_count; i++)
        if (ledger->plays[i].extent != LEDGER_NOT_PLAYED)
            write_play(out, &ledger->plays[i]);
    for (size_t i = 0; i < ledger->point_count; i++) {
        fputs("point", out);
        write_word(out, ledger->points[i].name);
        fprintf(out, " %s\n", ledger->points[i].crashed ? "crashed" : "hit");
    }
    for (size_t i = 0; i < ledger->violation_count; i++)
        write_violation(out, &ledger->violations[i]);
}

bool baseline_write(const char *path, struct ledger *ledger)
{
    char *temporary = need_format("%s.new", path);
    FILE *out = fopen(temporary, "w");
    int error = out ? 0 : errno;
    ledger_sort(ledger);
    if (out) {
        write_lines(out, ledger);
        if (ferror(out) || fflush(out) != 0)
            error = errno ? errno : EIO;
        if (fclose(out) != 0 && !error)
            error = errno;
    }
    if (!error && rename(temporary, path) != 0)
        error = errno;
    if (error) {
        complain("%s cannot be written: %s", path, strerror(error));
        unlink(temporary);
    }
    free(temporary);
    return error == 0;
}
