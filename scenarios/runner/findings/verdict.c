/* SPDX-License-Identifier: MIT */
#include "verdict.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "output/text.h"

const char *verdict_digest(struct fsim_digest digest, char text[DIGEST_TEXT])
{
    snprintf(text, DIGEST_TEXT, "%016" PRIx64 "%016" PRIx64, digest.high, digest.low);
    return text;
}

bool verdict_is_zero(struct fsim_digest digest)
{
    return digest.high == 0 && digest.low == 0;
}

const char *verdict_side(const struct fsim_crash_point *point)
{
    switch (point->side) {
    case FSIM_BEFORE:
        return "before";
    case FSIM_AFTER:
        return "after";
    case FSIM_INSIDE:
        break;
    }
    return "inside";
}

char *verdict_where(const char *what, const char *side, uint64_t hit, const char *where)
{
    const char *ending = hit % 100 / 10 == 1 ? "th"
                         : hit % 10 == 1     ? "st"
                         : hit % 10 == 2     ? "nd"
                         : hit % 10 == 3     ? "rd"
                                             : "th";
    return need_format("%s %s the %" PRIu64 "%s hit of %s", what, side, hit, ending, where);
}

const char *verdict_label(const char *list, const char *digest, int *length)
{
    size_t digits = DIGEST_TEXT - 1;
    if (strlen(digest) != digits)
        return NULL;
    for (const char *line = list; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        if (strncmp(line, digest, digits) != 0 ||
            (line[digits] != ' ' && line[digits] != '\n' && line[digits]))
            continue;
        const char *label = line + digits + (line[digits] == ' ');
        *length = (int)strcspn(label, "\n");
        return label;
    }
    return NULL;
}

/* The stored verdict by its name; FSIM_VERDICT_COUNT if there is none of that name. */
static unsigned verdict_number(const char *name)
{
    unsigned verdict = 0;
    while (verdict < FSIM_VERDICT_COUNT &&
           strcmp(fsim_verdict_name((enum fsim_verdict)verdict), name) != 0)
        verdict++;
    return verdict;
}

/* The legal states in words: "A", "A or B", "A, B or C". */
static char *legal_labels(const char *list)
{
    char *words = need_copy("");
    for (const char *line = list; *line; line += *line == '\n') {
        const char *label = line + strcspn(line, " \n");
        label += *label == ' ';
        int length = (int)strcspn(label, "\n");
        const char *next = label + length;
        const char *joint = !*words ? "" : *next && next[1] ? ", " : " or ";
        char *longer = need_format("%s%s%.*s", words, joint, length, label);
        free(words);
        words = longer;
        line = next;
    }
    return words;
}

static char *lost_headline(const struct results_violation *violation, const char *legal)
{
    int length;
    const char *label = verdict_label(violation->known, violation->state, &length);
    if (label)
        return need_format("Acknowledged work is lost: recovery came back with %.*s, but %s was "
                           "promised.",
                           length, label, legal);
    return need_format("Acknowledged work is lost: recovery came back with an older state, but %s "
                       "was promised.",
                       legal);
}

static char *headline_for(const struct results_violation *violation, const char *legal)
{
    const char *message = violation->message, *fault = violation->fault;
    char none[DIGEST_TEXT];
    int length;
    switch (verdict_number(violation->verdict)) {
    case FSIM_V_LOST:
        return lost_headline(violation, legal);
    case FSIM_V_MIX:
        return need_format("A state that never was: recovery accepted content that no snapshot "
                           "ever had; %s would have been right.",
                           legal);
    case FSIM_V_EARLY:
        return need_format("A state from elsewhere: recovery came back with a snapshot that cannot "
                           "be there yet; %s would have been right.",
                           legal);
    case FSIM_V_STANDBY:
        return need_copy("The older snapshot, which recovery falls back to, is no longer whole.");
    case FSIM_V_INVARIANT:
        if (violation->image_bytes == 0)
            return need_format("Promised work was put at risk: %s.", violation->finding);
        return need_format("The recovered arena breaks an invariant: %s.", violation->finding);
    case FSIM_V_RECORDING:
        return need_format("%s%s%s goes wrong while it is recorded, before any crash: %s.",
                           *fault ? "Under " : "The workload", fault, *fault ? " the workload" : "",
                           message);
    case FSIM_V_REFUSED:
        return need_format(
            "%s cannot be opened (%s); %s would have been right.",
            verdict_label(violation->legal, verdict_digest(FSIM_ABSENT, none), &length)
                ? "The crash leaves a file that"
                : "Everything is lost: after this crash the arena",
            message, legal);
    case FSIM_V_NOT_ALIVE:
        return need_format("The recovered arena takes no more work (%s).", message);
    case FSIM_V_CRASHED:
        return need_format("Recovery itself crashed (%s).", message);
    case FSIM_V_HUNG:
        return need_copy("Recovery never came to an end.");
    case FSIM_V_UNSTABLE:
        return need_copy("The same crash state was recovered twice, with two results.");
    default:
        return need_format("%s.", violation->verdict);
    }
}

char *verdict_headline(const struct results_violation *violation)
{
    char *legal = legal_labels(violation->legal);
    char *headline = headline_for(violation, *legal ? legal : "nothing");
    free(legal);
    return headline;
}

enum fsim_verdict verdict_judge(const struct results_violation *stored,
                                const struct fsim_outcome *outcome, const char *finding)
{
    char state[DIGEST_TEXT], standby[DIGEST_TEXT];
    int length;
    enum fsim_model model;
    enum fsim_verdict verdict = FSIM_LEGAL;
    bool distrusts =
        fsim_model_parse(stored->model, &model) == 0 && fsim_model_distrusts_storage(model);
    switch ((enum fsim_status)outcome->status) {
    case FSIM_REFUSED: /* what it shows all the same must be right */
        if (!distrusts)
            return FSIM_V_REFUSED;
        if (verdict_is_zero(outcome->state))
            return FSIM_NOTICED;
        break;
    case FSIM_CRASHED:
        return FSIM_V_CRASHED;
    case FSIM_HUNG:
        return FSIM_V_HUNG;
    case FSIM_NOT_ALIVE: /* what it held counts first, as in the run */
    case FSIM_RECOVERED:
        break;
    }
    verdict_digest(outcome->state, state);
    verdict_digest(outcome->standby, standby);
    if (!verdict_label(stored->legal, state, &length)) {
        if (!verdict_label(stored->known, state, &length))
            return verdict_number(stored->verdict) == FSIM_V_EARLY ? FSIM_V_EARLY : FSIM_V_MIX;
        if (!distrusts)
            return FSIM_V_LOST;
        verdict = FSIM_ROLLBACK;
    }
    if (outcome->status == FSIM_REFUSED)
        return FSIM_NOTICED;
    if (!verdict_is_zero(outcome->standby) && !verdict_label(stored->known, standby, &length))
        return FSIM_V_STANDBY;
    if (outcome->status == FSIM_NOT_ALIVE)
        return FSIM_V_NOT_ALIVE;
    return *finding ? FSIM_V_INVARIANT : verdict;
}
