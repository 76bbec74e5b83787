/* SPDX-License-Identifier: MIT */
#include "reach.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <pma/check.h>

#include "account.h"

enum {
    MOST_FILES = 64,
    META_BLOCKS = 2,
    MOST_BLOCKS = 1 << 20,
};

struct replay {
    const fsim_trace_t *trace;
    const char *arena_file;
    int files[MOST_FILES];           /* by file id: descriptor, or 0 */
    uint32_t arena;                  /* file id of the arena, FSIM_NO_FILE before it has its name */
    uint8_t *needed;                 /* one a block */
    uint64_t snapshots[META_BLOCKS]; /* that the meta pages name, 0 = none; as last walked */
    size_t meta_write;               /* the latest event that wrote one */
};

static void need(struct replay *replay, uint64_t first, uint64_t count)
{
    for (uint64_t block = first; block < first + count && block < MOST_BLOCKS; block++)
        replay->needed[block] = 1;
}

static void need_node(void *context, const struct pma_check_node *node)
{
    need(context, node->block, 1);
}

static void need_extent(void *context, const struct pma_check_extent *extent)
{
    if (extent->block != 0)
        need(context, extent->block, extent->length);
}

static void note_meta(void *context, const struct pma_check_meta *meta)
{
    struct replay *replay = context;

    replay->snapshots[meta->slot] = meta->valid ? meta->snapshot : 0;
}

/* Adds what the meta pages reach now; a file that is no arena yet reaches nothing. */
static void add_reach(struct replay *replay)
{
    const struct pma_check_visitor visitor = {
        .context = replay, .meta = note_meta, .node = need_node, .extent = need_extent};
    struct pma_check_options options = PMA_CHECK_OPTIONS_INIT;
    struct pma_check_report report;
    char path[32];

    if (replay->arena == FSIM_NO_FILE)
        return;
    snprintf(path, sizeof path, "/proc/self/fd/%d", replay->files[replay->arena]);
    options.both = options.data = false;
    for (int which = PMA_CHECK_NEWEST; which <= PMA_CHECK_PREVIOUS; which++) {
        options.which = (enum pma_check_which)which;
        (void)pma_check(path, &options, &visitor, &report, NULL);
    }
}

static int file_of(struct replay *replay, uint32_t id)
{
    if (id >= MOST_FILES)
        return -ENFILE;
    if (replay->files[id] == 0) {
        int fd = memfd_create("reach", MFD_CLOEXEC);

        if (fd < 0)
            return -errno;
        replay->files[id] = fd;
    }
    return replay->files[id];
}

static int put_block(struct replay *replay, const struct fsim_event *event)
{
    const void *content = fsim_trace_content(replay->trace, event->value);
    int fd = file_of(replay, event->file);

    if (fd < 0)
        return fd;
    if (pwrite(fd, content, FSIM_BLOCK_SIZE, (off_t)(event->number * FSIM_BLOCK_SIZE)) < 0)
        return -errno;
    return 0;
}

/* Bytes written over the same bytes put nothing at risk: whatever part of them gets there. */
static bool changes_nothing(struct replay *replay, const struct fsim_event *event)
{
    unsigned char now[FSIM_BLOCK_SIZE] = {0};
    int fd = file_of(replay, event->file);

    return fd >= 0 && pread(fd, now, sizeof now, (off_t)(event->number * FSIM_BLOCK_SIZE)) >= 0 &&
           memcmp(now, fsim_trace_content(replay->trace, event->value), sizeof now) == 0;
}

static bool breaks_rule(const struct replay *replay, const struct fsim_event *event)
{
    return event->file == replay->arena && event->number < MOST_BLOCKS &&
           replay->needed[event->number];
}

/* What only older meta pages named may be written from now on. */
static void acknowledge(struct replay *replay)
{
    if (replay->arena == FSIM_NO_FILE)
        return;
    memset(replay->needed, 0, MOST_BLOCKS);
    add_reach(replay);
    need(replay, replay->snapshots[1] > replay->snapshots[0], 1);
}

/* A call that takes several snapshots goes on from one whose meta page a sync has made durable. */
static bool made_meta_durable(const struct replay *replay, const struct fsim_event *end)
{
    return end->value == 0 && end->number > replay->meta_write && replay->meta_write > 0 &&
           fsim_trace_event(replay->trace, end->number)->file == replay->arena;
}

static int apply(struct replay *replay, const struct fsim_event *event, size_t index)
{
    int result = 0;

    switch (event->kind) {
    case FSIM_EV_WRITE:
        if (changes_nothing(replay, event))
            return 0;
        if (breaks_rule(replay, event))
            return 1;
        result = put_block(replay, event);
        if (result == 0 && event->file == replay->arena && event->number < META_BLOCKS) {
            replay->meta_write = index;
            add_reach(replay);
        }
        return result;
    case FSIM_EV_SYNC_END:
        if (made_meta_durable(replay, event))
            acknowledge(replay);
        return 0;
    case FSIM_EV_LENGTH:
        result = file_of(replay, event->file);
        return result < 0 ? result : ftruncate(result, (off_t)event->value) != 0 ? -errno : 0;
    case FSIM_EV_NAME:
        if (strcmp(fsim_trace_string(replay->trace, event->name), replay->arena_file) == 0)
            replay->arena = event->file;
        return replay->arena == FSIM_NO_FILE ? 0 : (add_reach(replay), 0);
    case FSIM_EV_MARK:
        /* An attempt that failed may become durable later, and is overwritten all the same. */
        replay->meta_write = 0;
        if (fsim_trace_mark(replay->trace, event->number)->kind == FSIM_MARK_ACK)
            acknowledge(replay);
        return 0;
    default:
        return 0;
    }
}

int reach_check_trace(const fsim_trace_t *trace, const char *arena_file, char *message,
                      size_t message_bytes)
{
    struct replay replay = {
        .trace = trace, .arena_file = arena_file, .needed = calloc(MOST_BLOCKS, 1)};
    char writer[ACCOUNT_TEXT];
    int result = replay.needed == NULL ? -ENOMEM : 0;

    for (size_t i = 0; result == 0 && i < fsim_trace_events(trace); i++) {
        const struct fsim_event *event = fsim_trace_event(trace, i);

        result = apply(&replay, event, i);
        if (result > 0) {
            account_writer(trace, i, writer, sizeof writer);
            snprintf(message, message_bytes, "block %" PRIu64 " was written %s, although %s",
                     event->number, writer,
                     event->number < META_BLOCKS
                         ? "it is the meta page of the last acknowledged snapshot"
                         : "a valid meta page needs it");
        }
    }
    for (size_t i = 0; i < MOST_FILES; i++)
        if (replay.files[i] != 0)
            close(replay.files[i]);
    free(replay.needed);
    return result;
}
