/* SPDX-License-Identifier: MIT */
/* A scenario being played: what the files play_*.c share. */
#ifndef PLAY_H
#define PLAY_H

#include <limits.h>

#include "balance.h"
#include "contents.h"
#include "effects.h"
#include "ingest.h"
#include "moments.h"
#include "workload.h"

/* A view that a step opened, and what it must show as long as it is open. */
enum { PLAY_VIEWS = 8 };
struct play_view {
    const char *name; /* NULL: none here */
    pma_t *view;
    struct expected state;
    struct fsim_digest digest; /* of all that it showed when it was opened */
};

struct workload {
    const struct scenario *scenario;
    const struct workload_options *options;
    const char *directory;
    char path[PATH_MAX];
    pma_t *arena;
    struct expected now;
    struct expected previous; /* acknowledged before the last one */
    bool has_previous;
    struct stacks stacks;
    struct nouns nouns;
    struct contents contents;
    struct moments moments;
    struct balance balance;
    struct play_view views[PLAY_VIEWS];
    uint64_t number;              /* the last snapshot number known to be used */
    struct pma_stat acknowledged; /* what the arena said of itself then */
    uint64_t step_number;         /* as in the trace */
    uint64_t injected;            /* faults of the run's plan that fired before this step, or, if
                                     failures are judged, before the first one */
    bool ended;                   /* such a fault surfaced: the rest of the steps makes no sense */
    bool known;                   /* `now` is what the arena holds */
    unsigned looking;             /* how often play_look was called and not taken back */
    struct ingest_files files;    /* of the ingest step, whose names `now` borrows */
    const struct step *step;
    int unarmed;    /* why the step's faults could not be put in force */
    char text[160]; /* the step in words */
    char why[256];  /* what the model says against a step */
    struct workload_failure *failure;
};

/* What a call came to; below zero: the workload itself failed, and `failure` says why. */
enum play_settled {
    PLAY_DONE,    /* it succeeded, as it should */
    PLAY_FAILED,  /* it failed, as the step expects: nothing changed */
    PLAY_STOPPED, /* it failed because of a fault of the run's plan: the workload ends here */
};

/* Says why the step cannot be played; returns the code. */
int play_fail(struct workload *workload, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Says which rule the library broke, and how; returns the code. */
int play_broken(struct workload *workload, enum workload_rule rule, int code, const char *format,
                ...) __attribute__((format(printf, 4, 5)));

/* A call that should not have failed; `context`: what it says of why, or "". */
int play_call_failed(struct workload *workload, const char *call, int result, const char *context);

/* Whether a fault of the run's plan has surfaced in this step, which then ends the workload. */
bool play_was_injected(struct workload *workload);

/* Whether there is an arena, and it was given up. */
bool play_is_poisoned(const struct workload *workload);

/*
 * Between these two the workload looks at its work: the library is called, but not to be tested.
 * No fault happens and, if failures are judged, none is an excuse.
 */
void play_look(struct workload *workload);
void play_look_away(struct workload *workload);

/* Compares a call's result with what the step expects. */
int play_settle(struct workload *workload, const char *call, int result);
/* The same for a call that says in a text of its own why it failed. */
int play_settle_text(struct workload *workload, const char *call, int result, const char *text);

/* The step's own faults are in force between these two. */
int play_arm(struct workload *workload);
void play_disarm(const struct workload *workload);

/* Makes a call with the step's own faults, and settles what it came to. */
#define PLAY_CALL(workload, function, ...)                                                         \
    (((workload)->unarmed = play_arm(workload)) != 0                                               \
         ? (workload)->unarmed                                                                     \
         : play_called((workload), #function, function(__VA_ARGS__)))
int play_called(struct workload *workload, const char *call, int result);

/* What a step does to the model; what that says against it. */
struct effects play_effects(struct workload *workload);
int play_applied(struct workload *workload, int error);

unsigned char *play_page(const struct workload *workload, uint64_t page);
uint64_t play_page_number(const struct workload *workload, const void *address);
struct pma_options play_options(const struct scenario *scenario, enum pma_copying copying);

/*
 * Copies into the arena page by page, upwards: memcpy begins at either end, as the place of its
 * source suggests, and the same scenario would leave other versions of pages in each recording.
 */
void play_store(void *to, const void *from, size_t bytes);

/* Pages that are allocated must hold what was stored, ephemeral ones included. */
int play_verify_pages(struct workload *workload, uint64_t first, uint64_t pages);
/* All of it, objects of the heap, stacks and nouns included. Asked before memory goes, and not
 * earlier: to look at a page is to map it. */
int play_verify_memory(struct workload *workload);

/* ---- the steps; 0 or the workload's failure ---- */

int play_attempt(struct workload *workload, const char *label);
int play_acknowledge(struct workload *workload, size_t index);
int play_open(struct workload *workload);
int play_create(struct workload *workload);
int play_reopen(struct workload *workload, bool kill);
int play_second_writer(struct workload *workload);
int play_snapshot(struct workload *workload, uint64_t event);
int play_snapshots(struct workload *workload, const struct step *step);
int play_shrink(struct workload *workload, const struct step *step);

int play_alloc(struct workload *workload, const struct step *step);
int play_root(struct workload *workload, unsigned index, uint64_t value);
int play_range(struct workload *workload, const struct step *step);

int play_ingest(struct workload *workload, const struct step *step);

int play_heap(struct workload *workload, const struct step *step);
int play_verify_object(struct workload *workload, const struct expected_object *object);

int play_stack(struct workload *workload, const struct step *step);
/* A call that fails leaves the top frame as it was: its pointers, now or as they were before. */
struct pma_stack_frame play_top_frame(const struct stack_model *model);
int play_verify_frame(struct workload *workload, const struct stack_model *model,
                      const struct pma_stack_frame *before);
int play_verify_stacks(struct workload *workload);
/* Their pages are given back; the model forgets them. */
void play_forget_stacks(struct workload *workload, bool killed);

int play_noun(struct workload *workload, const struct step *step);
/* Whether the noun of that reference is the one that the model has. */
int play_verify_noun(struct workload *workload, const char *name, uint64_t reference,
                     const struct noun *noun);

/* Any of the above, by its kind. */
int play_step(struct workload *workload, const struct step *step);

/* Stacks, heap and nouns of the running arena by the invariants. */
int play_judge(struct workload *workload);

/* After the workload ended with a failure of the run's plan: what is demanded of the arena then. */
int play_after_failure(struct workload *workload);
/* Before the first arena: where an access to it cannot be served, for want of calls that a plan has
 * fail, the recording ends there, as by a crash. */
int play_watch_unserved(const struct workload *workload);

int play_view(struct workload *workload, const struct step *step);
int play_copy(struct workload *workload, const struct step *step);
void play_forget_views(struct workload *workload);

#endif
