/* SPDX-License-Identifier: MIT */
/*
 * Worker processes. Each runs one task at a time, in a child of its own, so that a task that
 * crashes costs that task only; what tasks find out comes back as messages.
 *
 * The workers are forked by pool_new: whatever the coordinating process opens afterwards (the
 * database) is not open in them.
 */
#ifndef POOL_H
#define POOL_H

#include "message.h"

struct pool;

/* Runs one task in a process of its own; sends its messages to `socket` (kinds from 1). */
typedef void pool_task(void *context, size_t task, int socket, const volatile int *stop);

/* Who is told what happens; all called in the coordinating process. */
struct pool_listener {
    void *context;
    void (*started)(void *context, size_t task);
    void (*message)(void *context, size_t task, uint32_t kind, struct message *message);
    /* failure: NULL, or why the task did not come to its end ("worker killed by signal 9"). */
    void (*ended)(void *context, size_t task, const char *failure);
    void (*tick)(void *context);        /* ten times a second or more */
    void (*interrupted)(void *context); /* the first signal came; may be NULL */
};

enum pool_end {
    POOL_DONE,        /* every task ended */
    POOL_STOPPED,     /* pool_stop: no further task was begun */
    POOL_INTERRUPTED, /* SIGINT or SIGTERM: the same */
    POOL_ABANDONED,   /* the signal came a second time: running tasks were killed and not ended */
};

/* So many workers, but no more than there are tasks. Complains and returns NULL if there can be
 * none. `context` must outlive the pool. */
struct pool *pool_new(size_t workers, size_t tasks, pool_task *run, void *context);
void pool_free(struct pool *pool);

/* Runs the tasks, handed out in this order. While it runs, SIGINT and SIGTERM are its. */
enum pool_end pool_run(struct pool *pool, const size_t *tasks, size_t count,
                       const struct pool_listener *listener);

/* Begins no further task, and asks the running ones to end soon. */
void pool_stop(struct pool *pool);
bool pool_is_stopping(const struct pool *pool);

#endif
