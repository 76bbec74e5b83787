/* SPDX-License-Identifier: MIT */
/* Fault plans: their text, and their answers to libfiu. */
#include "death.h"
#include "interpose.h"
#include "point_name.h"
#include "recorder.h"

#include <faultsim/plan.h>

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#define FIU_ENABLE /* or fiu_init is a macro that does nothing */
#include <fiu-control.h>
#include <fiu.h>

/* The text of a plan. */

struct parser {
    const char *text;
    const char *next;
    const char *(*resolve)(const char *point);
    char *message;
    size_t message_bytes;
};

__attribute__((format(printf, 3, 4))) static int refuse(const struct parser *parser,
                                                        const char *where, const char *format, ...)
{
    int used = snprintf(parser->message, parser->message_bytes,
                        "fault plan, character %td: ", where - parser->text + 1);
    va_list arguments;

    va_start(arguments, format);
    if (used >= 0 && (size_t)used < parser->message_bytes)
        vsnprintf(parser->message + used, parser->message_bytes - (size_t)used, format, arguments);
    va_end(arguments);
    return -EINVAL;
}

/* The text up to the next character that has a meaning of its own. */
static size_t word_length(const char *text)
{
    return strcspn(text, "@:,");
}

static bool word_is(const char *word, size_t length, const char *text)
{
    return strlen(text) == length && memcmp(word, text, length) == 0;
}

static int parse_point(struct parser *parser, struct fsim_rule *rule)
{
    const char *start = parser->next;
    size_t length = word_length(start);
    const char *star = memchr(start, '*', length);
    const char *resolved;
    enum fsim_call call;

    if (length == 0)
        return refuse(parser, start, "a rule starts with the name of a fault point");
    if (length >= sizeof(rule->point))
        return refuse(parser, start, "the name of a fault point has at most %zu characters",
                      sizeof(rule->point) - 1);
    if (star && star != start + length - 1)
        return refuse(parser, star, "'*' stands for the rest of a name, it can only be last");
    memcpy(rule->point, start, length);
    rule->point[length] = '\0';
    parser->next += length;
    call = fsim_call_find(rule->point);
    if (call < FSIM_CALL_COUNT)
        snprintf(rule->point, sizeof(rule->point), "%s", fsim_calls[call].point);
    if (star || call < FSIM_CALL_COUNT || !parser->resolve)
        return 0;

    resolved = parser->resolve(rule->point);
    if (!resolved)
        return refuse(parser, start, "there is no fault point '%s'", rule->point);
    if (resolved != rule->point)
        snprintf(rule->point, sizeof(rule->point), "%s", resolved);
    return 0;
}

static int parse_hit(struct parser *parser, struct fsim_rule *rule)
{
    const char *start = parser->next;
    char *end;

    if (start[0] < '0' || start[0] > '9')
        return refuse(parser, start, "after '@' comes the number of a hit, from 1");
    errno = 0;
    rule->hit = strtoull(start, &end, 10);
    if (rule->hit == 0 || errno != 0)
        return refuse(parser, start, "hits are counted from 1 to %" PRIu64, UINT64_MAX);
    if (*end == '+') {
        rule->and_later = 1;
        end++;
    }
    if (*end != '\0' && *end != ':' && *end != ',')
        return refuse(parser, end, "expected '+', ':', ',' or the end after the number of a hit");
    parser->next = end;
    return 0;
}

static int parse_errno(struct parser *parser, struct fsim_rule *rule)
{
    enum { LAST_ERRNO = 4095 };
    const char *start = parser->next;
    size_t length = word_length(start);

    parser->next += length;
    for (int error = 1; error <= LAST_ERRNO; error++) {
        const char *name = strerrorname_np(error);
        if (name && word_is(start, length, name)) {
            rule->error = error;
            return 0;
        }
    }
    return refuse(parser, start, "'%.*s' is no error code; EIO, ENOSPC, ENOMEM are", (int)length,
                  start);
}

/* Whether a rule can do what it says at some call; wildcards are about those where it can. */
static int check_call(struct parser *parser, const char *action, const struct fsim_rule *rule)
{
    bool cuts_none = rule->action == FSIM_ACTION_SHORT;

    for (unsigned call = 0; call < FSIM_CALL_COUNT; call++) {
        const struct fsim_call_info *info = &fsim_calls[call];
        if (!fsim_rule_matches(rule, info->point))
            continue;
        cuts_none = cuts_none && !info->transfers;
        if (rule->action == FSIM_ACTION_SKIP && info->needed &&
            strcmp(rule->point, info->point) == 0)
            return refuse(parser, action, "%s cannot be skipped: the program needs its result",
                          info->point);
    }
    return cuts_none ? refuse(parser, action, "only calls that read or write can be short") : 0;
}

static int parse_action(struct parser *parser, struct fsim_rule *rule)
{
    const char *start = parser->next;
    size_t length = word_length(start);

    parser->next += length;
    if (word_is(start, length, "skip"))
        rule->action = FSIM_ACTION_SKIP;
    else if (word_is(start, length, "evict"))
        rule->action = FSIM_ACTION_EVICT;
    else if (word_is(start, length, "crash"))
        rule->action = FSIM_ACTION_CRASH;
    else if (word_is(start, length, "short"))
        rule->action = FSIM_ACTION_SHORT;
    else if (!word_is(start, length, "error"))
        return refuse(parser, start,
                      "'%.*s' is no action; use error, error:ERRNO, skip, short, evict or crash",
                      (int)length, start);
    if (*parser->next != ':')
        return check_call(parser, start, rule);
    if (rule->action != FSIM_ACTION_ERROR)
        return refuse(parser, parser->next, "only 'error' takes an error code");
    parser->next++;
    return parse_errno(parser, rule);
}

static int parse_rule(struct parser *parser, struct fsim_rule *rule)
{
    int error;

    *rule = (struct fsim_rule){.action = FSIM_ACTION_ERROR};
    error = parse_point(parser, rule);
    if (error == 0 && *parser->next == '@') {
        parser->next++;
        error = parse_hit(parser, rule);
    }
    if (error == 0 && *parser->next == ':') {
        parser->next++;
        error = parse_action(parser, rule);
    }
    if (error == 0 && *parser->next != '\0' && *parser->next != ',')
        error = refuse(parser, parser->next, "expected ',' and another rule, or the end");
    return error;
}

int fsim_plan_parse(const char *text, const char *(*resolve)(const char *point),
                    struct fsim_plan *plan, char *message, size_t message_bytes)
{
    struct parser parser = {text, text, resolve, message, message_bytes};
    struct fsim_plan parsed = {0};

    for (;; parser.next++) {
        int error;
        if (parsed.count == FSIM_PLAN_RULES)
            return refuse(&parser, parser.next, "a plan has at most %d rules", FSIM_PLAN_RULES);
        error = parse_rule(&parser, &parsed.rules[parsed.count]);
        if (error)
            return error;
        parsed.count++;
        if (*parser.next == '\0')
            break;
    }
    *plan = parsed;
    return 0;
}

static int format_rule(const struct fsim_rule *rule, char *text, size_t bytes)
{
    static const char *const actions[] = {
        [FSIM_ACTION_NONE] = "",        [FSIM_ACTION_ERROR] = ":error",
        [FSIM_ACTION_SKIP] = ":skip",   [FSIM_ACTION_EVICT] = ":evict",
        [FSIM_ACTION_CRASH] = ":crash", [FSIM_ACTION_SHORT] = ":short"};
    char hit[24] = "";
    const char *error = rule->error ? strerrorname_np(rule->error) : NULL;

    if (rule->hit > 0)
        snprintf(hit, sizeof(hit), "@%" PRIu64 "%s", rule->hit, rule->and_later ? "+" : "");
    return snprintf(text, bytes, "%s%s%s%s%s", rule->point, hit, actions[rule->action],
                    error ? ":" : "", error ? error : "");
}

int fsim_plan_format(const struct fsim_plan *plan, char *text, size_t bytes)
{
    size_t used = 0;

    if (bytes > 0)
        text[0] = '\0';
    for (size_t i = 0; i < plan->count; i++) {
        /* Goes on counting when the text no longer fits, as snprintf does. */
        size_t at = used < bytes ? used : bytes;
        if (i > 0)
            used += (size_t)snprintf(text + at, bytes - at, ",");
        at = used < bytes ? used : bytes;
        used += (size_t)format_rule(&plan->rules[i], text + at, bytes - at);
    }
    return (int)used;
}

/* Plans at work. The questions may come from a signal handler: no lock, no allocation. */

struct rules {
    struct fsim_plan plan;
    atomic_uint_fast64_t hits[FSIM_PLAN_RULES];
};

enum { COUNTED_POINTS = 1024 };
enum { COUNT_FREE, COUNT_CLAIMED, COUNT_NAMED };

struct point_count {
    atomic_int state;
    char name[sizeof(((struct fsim_rule *)0)->point)];
    atomic_uint_fast64_t hits;
};

static struct {
    atomic_bool armed, pushed, paused;
    uintptr_t skip_code;
    struct rules base, extra;
    atomic_uint_fast64_t fired;
    atomic_uint_fast64_t calls[FSIM_CALL_COUNT];
    struct point_count points[COUNTED_POINTS];
} engine;

static void load_rules(struct rules *rules, const struct fsim_plan *plan)
{
    rules->plan = plan ? *plan : (struct fsim_plan){0};
    for (size_t i = 0; i < FSIM_PLAN_RULES; i++)
        atomic_store(&rules->hits[i], 0);
}

bool fsim_rule_matches(const struct fsim_rule *rule, const char *point)
{
    static const char calls[] = "call/";
    size_t length = strlen(rule->point);

    if (length == 0 || rule->point[length - 1] != '*')
        return strcmp(rule->point, point) == 0;
    /* Whoever says "*" has fault points in mind, and counts their hits. */
    if (strncmp(point, calls, strlen(calls)) == 0 && length <= strlen(calls))
        return false;
    return strncmp(rule->point, point, length - 1) == 0;
}

static const struct fsim_rule *ask(struct rules *rules, const char *name)
{
    const struct fsim_rule *answer = NULL;

    for (size_t i = 0; i < rules->plan.count; i++) {
        const struct fsim_rule *rule = &rules->plan.rules[i];
        uint64_t hit;

        if (!fsim_rule_matches(rule, name))
            continue;
        hit = atomic_fetch_add(&rules->hits[i], 1) + 1;
        if (!answer && (rule->hit == 0 || hit == rule->hit || (rule->and_later && hit > rule->hit)))
            answer = rule;
    }
    return answer;
}

/* Which hit of this point it is, from 1; 0 once there are too many different points to count. */
static uint64_t count_hit(const char *name)
{
    for (size_t i = 0; i < COUNTED_POINTS; i++) {
        struct point_count *point = &engine.points[i];
        int expected = COUNT_FREE;

        if (atomic_compare_exchange_strong(&point->state, &expected, COUNT_CLAIMED)) {
            strncpy(point->name, name, sizeof(point->name) - 1);
            atomic_store(&point->state, COUNT_NAMED);
            expected = COUNT_NAMED;
        }
        if (expected == COUNT_NAMED && strncmp(point->name, name, sizeof(point->name) - 1) == 0)
            return atomic_fetch_add(&point->hits, 1) + 1;
    }
    return 0;
}

static struct planned plan_for(const char *name)
{
    struct planned planned = {0};

    if (atomic_load(&engine.paused))
        return planned;
    planned.rule = ask(&engine.base, name);
    if (planned.rule) {
        planned.number = (uint32_t)(planned.rule - engine.base.plan.rules) + 1;
        atomic_fetch_add(&engine.fired, 1);
    }
    /* Pushed rules count all hits, also those that the plan has taken. */
    if (atomic_load(&engine.pushed)) {
        const struct fsim_rule *pushed = ask(&engine.extra, name);
        planned.rule = planned.rule ? planned.rule : pushed;
    }
    return planned;
}

static struct planned answer_call(enum fsim_call call)
{
    if (!atomic_load(&engine.paused))
        atomic_fetch_add(&engine.calls[call], 1);
    return plan_for(fsim_calls[call].point);
}

uint64_t plan_calls(enum fsim_call call)
{
    return atomic_load(&engine.calls[call]);
}

static int answer_libfiu(const char *pattern, int *failnum, void **failinfo, unsigned *flags)
{
    const char *name = point_name() ? point_name() : pattern;
    const struct planned planned = plan_for(name);
    const struct fsim_rule *rule = planned.rule;

    record_point(name, count_hit(name), planned);
    death_pass_hit();
    if (!rule)
        return 0;

    switch (rule->action) {
    case FSIM_ACTION_ERROR:
        *failinfo = (void *)(uintptr_t)rule->error;
        return 1;
    case FSIM_ACTION_SKIP:
        *failinfo = (void *)engine.skip_code;
        return 1;
    case FSIM_ACTION_EVICT:
        record_write_back();
        return 0;
    case FSIM_ACTION_CRASH:
        real_syscall(SYS_exit_group, FSIM_CRASH_EXIT, 0, 0, 0, 0, 0);
        return 0;
    case FSIM_ACTION_SHORT:
    case FSIM_ACTION_NONE:
        return 0;
    }
    return 0;
}

int fsim_plan_arm(const struct fsim_plan *plan, uintptr_t skip_code)
{
    if (atomic_load(&engine.armed))
        return -EBUSY;
    load_rules(&engine.base, plan);
    engine.skip_code = skip_code;
    atomic_store(&engine.fired, 0);
    atomic_store(&engine.paused, false);
    for (size_t i = 0; i < FSIM_CALL_COUNT; i++)
        atomic_store(&engine.calls[i], 0);
    for (size_t i = 0; i < COUNTED_POINTS; i++) {
        atomic_store(&engine.points[i].state, COUNT_FREE);
        atomic_store(&engine.points[i].hits, 0);
    }
    if (fiu_init(0) < 0 || fiu_enable_external("*", 1, NULL, 0, answer_libfiu) < 0)
        return -ENOMEM;
    atomic_store(&engine.armed, true);
    record_set_faults(answer_call);
    return 0;
}

void fsim_plan_disarm(void)
{
    if (!atomic_exchange(&engine.armed, false))
        return;
    record_set_faults(NULL);
    fiu_disable("*");
    fsim_plan_pop();
}

int fsim_plan_push(const struct fsim_plan *plan)
{
    if (!atomic_load(&engine.armed))
        return -EINVAL;
    if (atomic_load(&engine.pushed))
        return -EBUSY;
    load_rules(&engine.extra, plan);
    atomic_store(&engine.pushed, true);
    return 0;
}

void fsim_plan_pop(void)
{
    atomic_store(&engine.pushed, false);
}

void fsim_plan_pause(void)
{
    atomic_store(&engine.paused, true);
}

void fsim_plan_resume(void)
{
    atomic_store(&engine.paused, false);
}

uint64_t fsim_plan_fired(void)
{
    return atomic_load(&engine.fired);
}
