/* SPDX-License-Identifier: MIT */
#include "balance.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pma/check.h>

enum role {
    NAMED = 1,          /* by the newest snapshot */
    NAMED_BEFORE = 2,   /* by the older one */
    FREE = 4,           /* says the allocator */
    EPHEMERAL = 8,      /* of an ephemeral page */
    WAS_EPHEMERAL = 16, /* when the snapshot before was acknowledged */
};

enum { META_BLOCKS = 2, MOST_BLOCKS = 1 << 24 };

struct weighing {
    struct balance *balance;
    enum role role;   /* of what the file is walked for */
    uint64_t outside; /* the first block beyond the file that something names, or 0 */
    char *message;
    size_t message_bytes;
};

static int __attribute__((format(printf, 2, 3)))
unbalanced(const struct weighing *weighing, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(weighing->message, weighing->message_bytes, format, arguments);
    va_end(arguments);
    return 1;
}

void balance_deinit(struct balance *balance)
{
    free(balance->roles);
    *balance = (struct balance){0};
}

void balance_reset(struct balance *balance)
{
    balance->count = 0;
    balance->attempt_failed = false;
}

/* Forgets all but which blocks ephemeral pages had. */
static int begin(struct balance *balance, uint64_t count)
{
    uint8_t *roles = balance->roles;

    if (count > MOST_BLOCKS)
        return -EFBIG;
    if (count > balance->roles_allocated) {
        roles = realloc(roles, count);
        if (roles == NULL)
            return -ENOMEM;
        balance->roles = roles;
        balance->roles_allocated = count;
    }
    for (uint64_t block = 0; block < count; block++)
        roles[block] =
            block < balance->count && (roles[block] & EPHEMERAL) != 0 ? WAS_EPHEMERAL : 0;
    balance->count = count;
    return 0;
}

static void add(struct weighing *weighing, uint64_t first, uint64_t count, enum role role)
{
    struct balance *balance = weighing->balance;

    for (uint64_t block = first; block < first + count; block++) {
        if (block < balance->count)
            balance->roles[block] |= role;
        else if (weighing->outside == 0)
            weighing->outside = block;
    }
}

static void add_node(void *context, const struct pma_check_node *node)
{
    struct weighing *weighing = context;

    add(weighing, node->block, 1, weighing->role);
}

static void add_extent(void *context, const struct pma_check_extent *extent)
{
    struct weighing *weighing = context;

    if (extent->block != 0)
        add(weighing, extent->block, extent->length, weighing->role);
}

static int walk(struct weighing *weighing, const char *path, enum pma_check_which which,
                struct pma_check_report *report)
{
    const struct pma_check_visitor visitor = {
        .context = weighing, .node = add_node, .extent = add_extent};
    struct pma_check_options options = PMA_CHECK_OPTIONS_INIT;

    weighing->role = which == PMA_CHECK_NEWEST ? NAMED : NAMED_BEFORE;
    options.which = which;
    options.both = options.data = false;
    return pma_check(path, &options, &visitor, report, NULL);
}

static int add_live(struct weighing *weighing, pma_t *arena)
{
    const void *from = NULL;
    uint64_t next = 0, first, count;
    struct pma_run run;
    int result;

    while ((result = pma_next_run(arena, from, &run)) == 0) {
        from = (const unsigned char *)run.address + run.pages * PMA_PAGE_SIZE;
        if (run.ephemeral && run.block != 0)
            add(weighing, run.block, run.pages, EPHEMERAL);
    }
    if (result != -ENOENT)
        return result;
    while ((result = pma_next_free(arena, next, &first, &count)) == 0) {
        next = first + count;
        add(weighing, first, count, FREE);
    }
    return result == -ENOENT ? 0 : result;
}

/* Whether a block is nothing: then something older must need it. */
static bool is_idle(uint8_t role)
{
    return (role & (NAMED | FREE | EPHEMERAL)) == 0;
}

static bool is_lost(uint8_t role)
{
    return is_idle(role) && (role & (NAMED_BEFORE | WAS_EPHEMERAL)) == 0;
}

static bool is_free_and_named(uint8_t role)
{
    return (role & FREE) != 0 && (role & (NAMED | NAMED_BEFORE | EPHEMERAL)) != 0;
}

static bool is_shared(uint8_t role)
{
    return (role & EPHEMERAL) != 0 && (role & NAMED) != 0;
}

/* The first run of blocks of which something holds, in words; false if there is none. */
static bool find(const struct balance *balance, bool (*holds)(uint8_t role), char *text,
                 size_t bytes)
{
    uint64_t first = 0, end;

    while (first < balance->count && !holds(balance->roles[first]))
        first++;
    if (first == balance->count)
        return false;
    for (end = first + 1; end < balance->count && holds(balance->roles[end]);)
        end++;
    if (end - first == 1)
        snprintf(text, bytes, "block %" PRIu64, first);
    else
        snprintf(text, bytes, "blocks %" PRIu64 "-%" PRIu64, first, end - 1);
    return true;
}

static int weigh(const struct weighing *weighing, const struct pma_stat *stat)
{
    const struct balance *balance = weighing->balance;
    const uint64_t held = stat->limbo_blocks + stat->view_blocks;
    uint64_t idle = 0;
    char blocks[64];

    if (weighing->outside != 0)
        return unbalanced(weighing, "block %" PRIu64 " is in use, the arena has %" PRIu64,
                          weighing->outside, balance->count);
    if (find(balance, is_free_and_named, blocks, sizeof blocks))
        return unbalanced(weighing, "%s: free for the allocator, and needed", blocks);
    if (find(balance, is_shared, blocks, sizeof blocks))
        return unbalanced(weighing, "%s: of an ephemeral page, and named by the snapshot", blocks);
    for (uint64_t block = 0; block < balance->count; block++)
        idle += is_idle(balance->roles[block]);
    /* What a failed attempt wrote and the next one gave up is held for a while, too, and what a
     * view reads as long as it is open. */
    if (!balance->attempt_failed && stat->view_blocks == 0 &&
        find(balance, is_lost, blocks, sizeof blocks))
        return unbalanced(weighing, "%s: neither in use nor free: leaked", blocks);
    if (idle != held && find(balance, is_idle, blocks, sizeof blocks))
        return unbalanced(weighing,
                          "%" PRIu64 " blocks (%s ...) are neither in use nor free, but the arena "
                          "holds %" PRIu64 " for older snapshots: leaked",
                          idle, blocks, held);
    return 0;
}

int balance_check(struct balance *balance, pma_t *arena, const char *path, char *message,
                  size_t message_bytes)
{
    struct weighing weighing = {
        .balance = balance, .message = message, .message_bytes = message_bytes};
    struct pma_check_report report, older;
    struct pma_stat stat;
    int result = pma_stat(arena, &stat);

    if (result == 0)
        result = begin(balance, stat.file_blocks);
    if (result != 0)
        return result;
    add(&weighing, 0, META_BLOCKS, NAMED);
    result = walk(&weighing, path, PMA_CHECK_NEWEST, &report);
    if (result == 0)
        result = walk(&weighing, path, PMA_CHECK_PREVIOUS, &older);
    if (result == -ENOENT)
        result = 0;
    if (result == 0)
        result = add_live(&weighing, arena);
    if (result == 0 && report.file_blocks != stat.file_blocks)
        result = unbalanced(&weighing, "the file has %" PRIu64 " blocks, the arena %" PRIu64,
                            report.file_blocks, stat.file_blocks);
    if (result == 0)
        result = weigh(&weighing, &stat);
    balance->attempt_failed = false;
    return result;
}
