/* SPDX-License-Identifier: MIT */
#include "nodes_watch.h"

#include <errno.h>

#include "nodes.h"

unsigned nodes_watch_fail;
bool nodes_watch_overdrawn;
long nodes_watch_out;

static long promised;

/* The names are the linker's (--wrap). */
int __real_nodes_reserve(struct nodes *pool, size_t count);
struct node *__real_nodes_take(struct nodes *pool);
void __real_nodes_give(struct nodes *pool, struct node *node);
int __wrap_nodes_reserve(struct nodes *pool, size_t count);
struct node *__wrap_nodes_take(struct nodes *pool);
void __wrap_nodes_give(struct nodes *pool, struct node *node);

int __wrap_nodes_reserve(struct nodes *pool, size_t count)
{
    if (nodes_watch_fail > 0 && --nodes_watch_fail == 0)
        return -ENOMEM;
    int error = __real_nodes_reserve(pool, count);
    if (error == 0)
        promised = (long)count;
    return error;
}

struct node *__wrap_nodes_take(struct nodes *pool)
{
    nodes_watch_overdrawn |= --promised < 0;
    nodes_watch_out++;
    return __real_nodes_take(pool);
}

void __wrap_nodes_give(struct nodes *pool, struct node *node)
{
    promised++;
    nodes_watch_out--;
    __real_nodes_give(pool, node);
}
