/* SPDX-License-Identifier: MIT */
/* What an outcome is at an instant, and what that is called. */
#include "search.h"

const char *fsim_verdict_name(enum fsim_verdict verdict)
{
    static const char *const names[] = {
#define VERDICT_NAME(id, name, help) [id] = name,
        FSIM_VERDICTS(VERDICT_NAME)
#undef VERDICT_NAME
    };
    return (unsigned)verdict < FSIM_VERDICT_COUNT ? names[verdict] : "?";
}

bool fsim_verdict_is_violation(enum fsim_verdict verdict)
{
    return verdict != FSIM_LEGAL && verdict != FSIM_NOTICED && verdict != FSIM_ROLLBACK;
}

const char *fsim_status_name(enum fsim_status status)
{
    static const char *const names[] = {
#define STATUS_NAME(id, name, help) [id] = name,
        FSIM_STATUSES(STATUS_NAME)
#undef STATUS_NAME
    };
    return (unsigned)status < sizeof names / sizeof *names ? names[status] : "?";
}

/* Whether this state was marked until now, or, without a cursor, is at any time; `acknowledged`: as
 * acknowledged. */
static bool was_marked(const fsim_trace_t *trace, const fsim_cursor_t *cursor,
                       struct fsim_digest state, bool acknowledged)
{
    for (size_t i = 0; i < fsim_trace_marks(trace); i++) {
        const struct fsim_mark *mark = fsim_trace_mark(trace, i);
        if (fsim_digest_equal(mark->state, state) &&
            (!acknowledged || mark->kind == FSIM_MARK_ACK) &&
            (cursor == NULL || fsim_cursor_applied(cursor, mark->event)))
            return true;
    }
    return false;
}

static bool is_legal(const fsim_cursor_t *cursor, const fsim_trace_t *trace,
                     struct fsim_digest state)
{
    const size_t *legal;
    size_t count = fsim_cursor_legal(cursor, &legal);
    for (size_t i = 0; i < count; i++) {
        if (fsim_digest_equal(fsim_trace_mark(trace, legal[i])->state, state))
            return true;
    }
    return false;
}

/* Of a state that is not legal here. */
static enum fsim_verdict judge_state(const fsim_trace_t *trace, const fsim_cursor_t *cursor,
                                     struct fsim_digest state)
{
    if (fsim_model_distrusts_storage(fsim_cursor_model(cursor)) &&
        was_marked(trace, cursor, state, false))
        return FSIM_ROLLBACK;
    if (was_marked(trace, cursor, state, true))
        return FSIM_V_LOST;
    return was_marked(trace, NULL, state, false) ? FSIM_V_EARLY : FSIM_V_MIX;
}

/* To notice is enough where the storage may be wrong, but not for those who were not told. */
static enum fsim_verdict judge_refusal(const fsim_trace_t *trace, const fsim_cursor_t *cursor,
                                       const struct fsim_outcome *outcome)
{
    bool shows = outcome->state.low != 0 || outcome->state.high != 0;
    if (!fsim_model_distrusts_storage(fsim_cursor_model(cursor)))
        return FSIM_V_REFUSED;
    if (!shows || is_legal(cursor, trace, outcome->state))
        return FSIM_NOTICED;
    enum fsim_verdict verdict = judge_state(trace, cursor, outcome->state);
    return fsim_verdict_is_violation(verdict) ? verdict : FSIM_NOTICED;
}

enum fsim_verdict judge_plainly(const fsim_trace_t *trace, const fsim_cursor_t *cursor,
                                const struct fsim_outcome *outcome)
{
    enum fsim_verdict verdict = FSIM_LEGAL;
    switch (outcome->status) {
    case FSIM_CRASHED:
        return FSIM_V_CRASHED;
    case FSIM_HUNG:
        return FSIM_V_HUNG;
    case FSIM_REFUSED:
        return judge_refusal(trace, cursor, outcome);
    default:
        break;
    }
    if (!is_legal(cursor, trace, outcome->state))
        verdict = judge_state(trace, cursor, outcome->state);
    if (fsim_verdict_is_violation(verdict))
        return verdict;
    bool has_standby = outcome->standby.low != 0 || outcome->standby.high != 0;
    if (has_standby && !was_marked(trace, cursor, outcome->standby, false))
        return FSIM_V_STANDBY;
    return outcome->status == FSIM_RECOVERED ? verdict : FSIM_V_NOT_ALIVE;
}
