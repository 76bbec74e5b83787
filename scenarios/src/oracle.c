/* SPDX-License-Identifier: MIT */
#include "oracle.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pma/fault_points.h>
#include <pma/heap.h>

#include "alive.h"
#include "doubt.h"
#include "room.h"
#include "witness.h"
#include "workload.h"

/* A standby that is not whole: no state has this digest. */
#define STANDBY_BROKEN ((struct fsim_digest){UINT64_C(0x62726f6b656e), 0})

enum { MOST_NAMED = 1 << 22 }; /* blocks of a file that are told apart */

/* One recovery. */
struct recovery {
    struct oracle *oracle;
    struct fsim_outcome *outcome;
    struct evidence evidence;
    const char *directory;
    char path[PATH_MAX];
    struct pma_check_meta metas[2];
};

void oracle_deinit(struct oracle *oracle)
{
    state_entries_deinit(&oracle->live);
    state_entries_deinit(&oracle->standby);
    free(oracle->older);
    free(oracle->named);
    memset(oracle, 0, sizeof *oracle);
}

/* Where a recovery ran says nothing about it, so that two of the same path must have one outcome.
 */
static void drop_directory(const struct recovery *recovery, char *text)
{
    size_t length = strlen(recovery->directory);

    for (char *at = text; (at = strstr(at, recovery->directory)) != NULL;)
        memmove(at, at + length + (at[length] == '/'),
                strlen(at + length + (at[length] == '/')) + 1);
}

static int __attribute__((format(printf, 3, 4)))
conclude(struct recovery *recovery, enum fsim_status status, const char *format, ...)
{
    char text[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    drop_directory(recovery, text);
    recovery->outcome->status = status;
    snprintf(recovery->outcome->message, sizeof recovery->outcome->message, "%.191s", text);
    return 1;
}

static int not_alive(struct recovery *recovery, const char *what, int code)
{
    recovery->outcome->code = code;
    conclude(recovery, FSIM_NOT_ALIVE, "%s: %s", what, pma_strerror(code));
    return code;
}

/* ---- the state that stands by ---- */

static void keep_meta(void *context, const struct pma_check_meta *meta)
{
    struct recovery *recovery = context;

    recovery->metas[meta->slot] = *meta;
}

static void keep_older(struct oracle *oracle, uint64_t first, uint64_t count, enum oracle_kind kind)
{
    if (room_for(&oracle->older, oracle->older_count + 1, &oracle->older_capacity,
                 sizeof *oracle->older) != 0)
        return;
    oracle->older[oracle->older_count++] = (struct oracle_blocks){first, count, kind};
}

static void keep_older_node(void *context, const struct pma_check_node *node)
{
    const struct recovery *recovery = context;

    keep_older(recovery->oracle, node->block, 1,
               node->tree == PMA_CHECK_DIRECTORY ? ORACLE_DIRECTORY : ORACLE_SUMS);
}

static void keep_older_extent(void *context, const struct pma_check_extent *extent)
{
    const struct recovery *recovery = context;

    if (extent->block != 0)
        keep_older(recovery->oracle, extent->block, extent->length, ORACLE_DATA);
}

static void keep_standby_page(void *context, uint64_t page, uint64_t length, const void *data)
{
    const struct recovery *recovery = context;
    struct fsim_digest digest = data == NULL ? state_zeros_digest() : state_page_digest(data);

    for (uint64_t i = 0; i < length; i++)
        (void)state_entries_add(&recovery->oracle->standby,
                                (struct state_entry){STATE_PAGE, page + i, PMA_PAGE_SIZE, digest});
}

static void note_finding(void *context, const char *rule, const char *text)
{
    struct recovery *recovery = context;

    /* A meta record that a crash cut short is no finding. */
    if ((recovery->oracle->model != FSIM_TORN && !recovery->oracle->cut_writes) ||
        strcmp(rule, "meta-valid") != 0)
        evidence_finding(&recovery->evidence, rule, text);
}

/* The older snapshot as a program would see it: with a heap, pages say less than objects. */
static int read_standby(struct recovery *recovery, bool *heap, struct fsim_digest *digest)
{
    struct pma_options options = PMA_OPTIONS_INIT;
    struct pma_heap_page page;
    pma_t *arena;
    int result;

    options.read_only = options.previous = true;
    result = pma_open(recovery->path, &options, &arena, NULL);
    if (result != 0)
        return result;
    result = state_of_arena(arena, digest, &recovery->oracle->standby);
    *heap = pma_heap_next_page(arena, NULL, &page) == 0;
    (void)pma_close(arena);
    return result;
}

/* The older meta page's snapshot must be whole too. Looked at first: an open may not repair it. */
static void look_at_standby(struct recovery *recovery)
{
    const struct pma_check_visitor visitor = {.context = recovery,
                                              .meta = keep_meta,
                                              .node = keep_older_node,
                                              .extent = keep_older_extent,
                                              .page = keep_standby_page,
                                              .finding = note_finding};
    struct fsim_outcome *outcome = recovery->outcome;
    struct pma_check_options options = PMA_CHECK_OPTIONS_INIT;
    struct pma_check_report report;
    struct pma_error error;
    struct fsim_digest digest;
    bool heap = false;

    recovery->oracle->standby.count = 0;
    recovery->oracle->older_count = 0;
    options.which = PMA_CHECK_PREVIOUS;
    options.both = false;
    if (pma_check(recovery->path, &options, &visitor, &report, &error) != 0)
        return;
    if (report.findings > 0) {
        outcome->standby = STANDBY_BROKEN;
        return;
    }
    for (int slot = 0; slot < 2; slot++) {
        const struct pma_check_meta *meta = &recovery->metas[slot];

        if (meta->valid && meta->snapshot == report.snapshot)
            outcome->standby = state_digest(&recovery->oracle->standby, meta->roots, meta->event);
    }
    if (read_standby(recovery, &heap, &digest) != 0 ||
        (!heap && !fsim_digest_equal(digest, outcome->standby)))
        outcome->standby = STANDBY_BROKEN;
    else
        outcome->standby = digest;
}

/* ---- the dump ---- */

static struct results_dump *dump_of(struct recovery *recovery)
{
    return &recovery->evidence.dump;
}

#define DUMP(recovery, ...) WITNESS(dump_of(recovery), __VA_ARGS__)

static void dump_meta(void *context, const struct pma_check_meta *meta)
{
    DUMP(context, RESULTS_META, meta->slot, meta->valid, (int64_t)meta->snapshot,
         (int64_t)meta->event, (int64_t)meta->file_blocks, (int64_t)meta->directory_block,
         meta->directory_depth, (int64_t)meta->sums_block, meta->sums_depth, meta->fanout,
         (int64_t)meta->extents, (int64_t)meta->pages, (int64_t)meta->reserved_pages);
}

static void dump_owner(struct recovery *recovery, uint64_t block, uint64_t length,
                       enum oracle_kind kind, bool older)
{
    DUMP(recovery, RESULTS_OWNER, (int64_t)block, (int64_t)length, kind, older);
}

/* Owned by the newest snapshot. */
static void own_newest(struct recovery *recovery, uint64_t block, uint64_t length,
                       enum oracle_kind kind)
{
    const struct oracle *oracle = recovery->oracle;

    dump_owner(recovery, block, length, kind, false);
    for (uint64_t i = block; i < block + length && i < oracle->named_capacity; i++)
        oracle->named[i] = 1;
}

static void dump_node(void *context, const struct pma_check_node *node)
{
    DUMP(context, RESULTS_NODE, node->tree, (int64_t)node->block, (int64_t)node->parent,
         node->level, (int64_t)node->depth, node->count, (int64_t)node->first, (int64_t)node->last,
         (int64_t)node->epoch, node->sum_ok);
    own_newest(context, node->block, 1,
               node->tree == PMA_CHECK_DIRECTORY ? ORACLE_DIRECTORY : ORACLE_SUMS);
}

static void dump_heap_run(void *context, const struct pma_check_heap_run *run)
{
    DUMP(context, RESULTS_HEAP_RUN, (int64_t)run->page, (int64_t)run->pages, run->kind,
         run->chunk_bytes, run->used);
}

static void dump_extent(void *context, const struct pma_check_extent *extent)
{
    DUMP(context, RESULTS_EXTENT, (int64_t)extent->page, (int64_t)extent->block,
         (int64_t)extent->length, (int64_t)extent->node, (int64_t)extent->position,
         (int64_t)extent->bad_blocks);
    if (extent->block != 0)
        own_newest(context, extent->block, extent->length, ORACLE_DATA);
}

/* What only the older snapshot names, in runs. */
static void dump_older(struct recovery *recovery)
{
    const struct oracle *oracle = recovery->oracle;

    for (size_t i = 0; i < oracle->older_count; i++) {
        const struct oracle_blocks *older = &oracle->older[i];
        uint64_t end = older->first + older->count, run = 0;

        for (uint64_t block = older->first; block <= end; block++) {
            bool counts =
                block < end && (block >= oracle->named_capacity || oracle->named[block] == 0);

            if (!counts && run > 0)
                dump_owner(recovery, block - run, run, older->kind, true);
            run = counts ? run + 1 : 0;
        }
    }
}

static int reserve_named(struct oracle *oracle, uint64_t blocks)
{
    uint8_t *named = oracle->named;

    if (blocks > MOST_NAMED)
        blocks = MOST_NAMED;
    if (blocks > oracle->named_capacity) {
        named = realloc(oracle->named, blocks);
        if (named == NULL)
            return -ENOMEM;
        oracle->named = named;
        oracle->named_capacity = blocks;
    }
    if (oracle->named_capacity > 0)
        memset(oracle->named, 0, oracle->named_capacity);
    return 0;
}

/* What the live arena says of itself, before it is closed. */
static int dump_live(struct recovery *recovery, pma_t *arena)
{
    struct results_dump *rows = &recovery->evidence.dump;
    struct pma_stat stat;
    uint64_t next = 0, first, count;
    int result = pma_stat(arena, &stat);

    if (result == 0)
        result = witness_arena(rows, arena, false);
    if (result == 0)
        result = witness_objects(rows, arena, NULL);
    if (result != 0)
        return result;
    while ((result = pma_next_free(arena, next, &first, &count)) == 0) {
        next = first + count;
        DUMP(recovery, RESULTS_FREE, (int64_t)first, (int64_t)count);
    }
    if (result != -ENOENT)
        return result;
    return reserve_named(recovery->oracle, stat.file_blocks);
}

/* What the file says, by a walk that shares no code with the arena. */
static int dump_file(struct recovery *recovery)
{
    const struct pma_check_visitor visitor = {.context = recovery,
                                              .meta = dump_meta,
                                              .node = dump_node,
                                              .extent = dump_extent,
                                              .heap = dump_heap_run,
                                              .finding = note_finding};
    struct pma_check_options options = PMA_CHECK_OPTIONS_INIT;
    struct pma_check_report report;
    struct pma_error error;
    int result;

    dump_owner(recovery, 0, 2, ORACLE_META, false);
    result = pma_check(recovery->path, &options, &visitor, &report, &error);
    if (result != 0)
        return conclude(recovery, FSIM_REFUSED, "the checker refuses what open accepted: %s",
                        error.text);
    dump_older(recovery);
    return 0;
}

struct pma_options oracle_options(const struct oracle *oracle)
{
    struct pma_options options = PMA_OPTIONS_INIT;

    /* A recovered arena of a few blocks need not grow by many. */
    options.initial_blocks = options.grow_blocks = 8;
    options.copying = oracle->copying;
    return options;
}

static void put_to_work(struct recovery *recovery)
{
    const struct pma_options options = oracle_options(recovery->oracle);
    struct oracle *oracle = recovery->oracle;
    struct alive_failure failure;

    if (alive_check(recovery->path, &options, recovery->outcome->state, &oracle->live,
                    &oracle->standby, &failure) == 0)
        return;
    recovery->outcome->code = failure.code;
    conclude(recovery, FSIM_NOT_ALIVE, "%s", failure.text);
}

/* There is no arena, perhaps a half-made one under its temporary name: creation must work. */
static void recover_nothing(struct recovery *recovery)
{
    const struct pma_options options = oracle_options(recovery->oracle);
    struct pma_error error;
    pma_t *arena;
    int result;

    recovery->outcome->status = FSIM_RECOVERED;
    recovery->outcome->state = FSIM_ABSENT;
    if (!recovery->oracle->alive)
        return;
    result = pma_create(recovery->path, &options, &arena, &error);
    if (result != 0)
        not_alive(recovery, error.text, result);
    else
        (void)pma_close(arena);
}

/*
 * Where the storage is not to be trusted, whoever wants to know asks the checker first. What it
 * finds is noticed, and nobody then works on. If it is a medium that decays, who does not ask must
 * be told by the arena, or see a state that was: `state` says which.
 */
static int ask_checker(struct recovery *recovery, const struct pma_options *options)
{
    struct oracle *oracle = recovery->oracle;
    char finding[DOUBT_BYTES];

    if (doubt_check(recovery->path, finding) == 0)
        return 0;
    if (oracle->model == FSIM_MEDIA)
        (void)doubt_read(recovery->path, options, &recovery->outcome->state, &oracle->live);
    else
        doubt_open(recovery->path, options);
    return conclude(recovery, FSIM_REFUSED, "%s", finding);
}

static int recover_arena(struct recovery *recovery)
{
    const struct pma_options options = oracle_options(recovery->oracle);
    struct fsim_outcome *outcome = recovery->outcome;
    struct pma_error error = {0};
    pma_t *arena = NULL;
    int result, closed;

    if (fsim_model_distrusts_storage(recovery->oracle->model) &&
        ask_checker(recovery, &options) != 0)
        return 1;
    look_at_standby(recovery);
    result = pma_open(recovery->path, &options, &arena, &error);
    if (result != 0) {
        outcome->code = result;
        return conclude(recovery, FSIM_REFUSED, "%s", error.text);
    }
    result = state_of_arena(arena, &outcome->state, &recovery->oracle->live);
    if (result == 0)
        result = evidence_parts(&recovery->evidence, &recovery->oracle->live);
    if (result == 0)
        result = dump_live(recovery, arena);
    if (result != 0) {
        outcome->code = result;
        conclude(recovery, FSIM_REFUSED, "reading the arena: %s", pma_last_error(arena));
    }
    closed = pma_close(arena);
    if (result == 0 && closed != 0)
        result = not_alive(recovery, "closing", closed);
    if (result == 0)
        result = dump_file(recovery);
    return result;
}

void oracle_recover(struct oracle *oracle, const char *directory, struct fsim_outcome *outcome)
{
    struct recovery recovery = {.oracle = oracle, .outcome = outcome, .directory = directory};
    size_t capacity, bytes;
    void *buffer = fsim_evidence_buffer(&capacity);

    pma_fault_gate(0);
    evidence_begin(&recovery.evidence, buffer, capacity);
    snprintf(recovery.path, sizeof recovery.path, "%s/" WORKLOAD_FILE, directory);
    outcome->status = FSIM_RECOVERED;
    if (access(recovery.path, F_OK) != 0 && errno == ENOENT) {
        recover_nothing(&recovery);
        return;
    }
    if (recover_arena(&recovery) != 0)
        return;
    if (oracle->alive)
        put_to_work(&recovery);
    bytes = evidence_end(&recovery.evidence);
    if (bytes == 0)
        conclude(&recovery, FSIM_NOT_ALIVE, "the evidence of this recovery is too large: %zu bytes",
                 capacity);
    outcome->evidence_bytes = (uint32_t)bytes;
}

int oracle_inspect(results_oracle_t *invariants, const void *bytes, size_t count, char *finding,
                   size_t finding_bytes)
{
    struct evidence_view view;

    if (!evidence_read(bytes, count, &view))
        return 0;
    if (view.header.findings > 0) {
        snprintf(finding, finding_bytes, "%s", view.header.finding);
        return 1;
    }
    if (invariants == NULL)
        return 0;
    return results_oracle_check(invariants, view.dump, view.dump_bytes, finding, finding_bytes);
}
