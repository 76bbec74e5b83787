/* SPDX-License-Identifier: MIT */
#include "logged_crashes.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "disk_states.h"
#include "left_files.h"
#include "left_recovery.h"
#include "mounted_image.h"
#include "search.h"

enum { DISK_SLOTS = 1 << 22 };

/* What was found on disks. */
struct content {
    bool lost; /* no file system, or no directory in it */
    struct left_files files;
    uint64_t disk;    /* hash of the first disk that held it */
    uint64_t seen_at; /* the earliest of its last sighting, plus 1 */
};

struct sighting {
    uint64_t earliest, latest;
    size_t content;
    enum { OPEN, NOT_ADMITTED, ILLEGAL, FINE } state;
    enum fsim_verdict verdict;
    char why[128];
};

struct judge {
    const struct fsim_subject *subject;
    const fsim_trace_t *recorded;
    const struct logged_crashes_options *options;
    struct logged_crashes *result;
    struct disk_states states;
    struct mounted_image image;
    fsim_trace_t *blocks; /* of the files */
    struct content *contents;
    size_t content_count;
    struct left_recovery *recovered; /* each of them */
    struct sighting *sightings;
    size_t sighting_count;
    struct disk_slot {
        uint64_t hash;
        size_t content; /* plus 1 */
    } * disks;
};

/* ---- what is on a disk ---- */

/* The directory that the recording made for itself. */
static bool find_directory(const struct judge *judge, char path[PATH_MAX])
{
    static const char start[] = "faultsim-";
    DIR *root = opendir(judge->image.place);
    bool found = false;
    for (struct dirent *entry; root != NULL && !found && (entry = readdir(root)) != NULL;) {
        found = strncmp(entry->d_name, start, sizeof start - 1) == 0;
        if (found)
            snprintf(path, PATH_MAX, "%s/%s", judge->image.place, entry->d_name);
    }
    if (root != NULL)
        closedir(root);
    return found;
}

static int add_content(struct judge *judge, const struct content *content, size_t *index)
{
    struct content *grown =
        realloc(judge->contents, (judge->content_count + 1) * sizeof *judge->contents);
    if (grown == NULL)
        return -ENOMEM;
    judge->contents = grown;
    *index = judge->content_count++;
    judge->contents[*index] = *content;
    return 0;
}

static bool same_content(const struct content *a, const struct content *b)
{
    return a->lost == b->lost && left_files_equal(&a->files, &b->files);
}

static int find_content(struct judge *judge, struct content *found, size_t *index)
{
    for (*index = 0; *index < judge->content_count; ++*index)
        if (same_content(&judge->contents[*index], found)) {
            left_files_release(&found->files);
            return 0;
        }
    return add_content(judge, found, index);
}

static int look_at(struct judge *judge, const struct disk_state *state, size_t *index)
{
    struct content found = {.disk = state->hash};
    char directory[PATH_MAX];
    bool mounted = mounted_image_mount(&judge->image, state->contents) == 0;
    int error = 0;
    found.lost = !mounted || !find_directory(judge, directory);
    if (!found.lost)
        error = left_files_read(directory, judge->blocks, &found.files);
    if (error == 0)
        error = find_content(judge, &found, index);
    int unmounted = mounted ? mounted_image_unmount(&judge->image) : 0;
    return error != 0 ? error : unmounted;
}

/* ---- every disk ---- */

static struct disk_slot *slot_of(struct judge *judge, uint64_t hash)
{
    size_t at = hash % DISK_SLOTS;
    while (judge->disks[at].content != 0 && judge->disks[at].hash != hash)
        at = (at + 1) % DISK_SLOTS;
    return &judge->disks[at];
}

static int add_sighting(struct judge *judge, const struct disk_state *state, size_t content)
{
    if (judge->contents[content].seen_at == state->earliest + 1)
        return 0;
    judge->contents[content].seen_at = state->earliest + 1;
    struct sighting *grown =
        realloc(judge->sightings, (judge->sighting_count + 1) * sizeof *judge->sightings);
    if (grown == NULL)
        return -ENOMEM;
    judge->sightings = grown;
    judge->sightings[judge->sighting_count++] =
        (struct sighting){.earliest = state->earliest, .latest = state->latest, .content = content};
    return 0;
}

static int see(void *context, const struct disk_state *state)
{
    struct judge *judge = context;
    struct disk_slot *slot = slot_of(judge, state->hash);
    int error = 0;
    if (slot->content == 0) {
        size_t content;
        error = judge->result->disks == DISK_SLOTS / 2 ? -ENOSPC : look_at(judge, state, &content);
        judge->result->disks++;
        if (error == 0)
            *slot = (struct disk_slot){state->hash, content + 1};
    }
    return error != 0 ? error : add_sighting(judge, state, slot->content - 1);
}

/* ---- beside the recording ---- */

static int recover_all(struct judge *judge)
{
    const struct left_files **left = calloc(judge->content_count + 1, sizeof *left);
    if (left == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < judge->content_count; i++)
        left[i] = &judge->contents[i].files;
    int error = left_recovery_run(judge->subject, judge->blocks, left, judge->content_count,
                                  &judge->recovered);
    free(left);
    return error;
}

/* At the cursor's instant; what was right at an earlier one stays right. */
static void judge_sighting(struct judge *judge, const fsim_cursor_t *cursor,
                           struct sighting *sighting)
{
    const struct content *content = &judge->contents[sighting->content];
    const struct left_recovery *recovered = &judge->recovered[sighting->content];
    char why[128] = "there is no file system any more, or no directory in it";
    if (sighting->state == FINE)
        return;
    if (content->lost || !left_files_admitted(&content->files, judge->blocks, cursor,
                                              judge->recorded, why, sizeof why)) {
        if (sighting->state == OPEN) {
            sighting->state = NOT_ADMITTED;
            memcpy(sighting->why, why, sizeof why);
        }
        return;
    }
    sighting->verdict = judge_plainly(judge->recorded, cursor, &recovered->outcome);
    if (sighting->verdict == FSIM_LEGAL && recovered->finding[0] != '\0')
        sighting->verdict = FSIM_V_INVARIANT;
    sighting->state = sighting->verdict == FSIM_LEGAL ? FINE : ILLEGAL;
}

/* All sightings between the same two beacons. */
static int judge_interval(struct judge *judge, fsim_cursor_t *cursor, size_t first, size_t end)
{
    int error = 0;
    for (uint64_t event = judge->sightings[first].earliest;
         error == 0 && event <= judge->sightings[first].latest; event++) {
        error = fsim_cursor_advance(cursor, event);
        for (size_t i = first; error == 0 && i < end; i++)
            judge_sighting(judge, cursor, &judge->sightings[i]);
    }
    return error;
}

static int judge_all(struct judge *judge)
{
    fsim_cursor_t *cursor;
    int error = fsim_cursor_new(judge->recorded, FSIM_POWER_LOSS, &cursor);
    for (size_t first = 0, end; error == 0 && first < judge->sighting_count; first = end) {
        for (end = first; end < judge->sighting_count &&
                          judge->sightings[end].earliest == judge->sightings[first].earliest;)
            end++;
        error = judge_interval(judge, cursor, first, end);
    }
    fsim_cursor_free(cursor);
    return error;
}

static const struct sighting *count(struct judge *judge)
{
    struct logged_crashes *result = judge->result;
    const struct sighting *first = NULL;
    result->files = judge->content_count;
    result->sightings = judge->sighting_count;
    for (size_t i = 0; i < judge->sighting_count; i++) {
        const struct sighting *sighting = &judge->sightings[i];
        result->not_admitted += sighting->state == NOT_ADMITTED;
        result->violations += sighting->state == ILLEGAL;
        if (first == NULL && sighting->state != FINE)
            first = sighting;
    }
    return first;
}

/* ---- the first thing that is wrong ---- */

static void tell(struct judge *judge, const struct sighting *sighting, bool again)
{
    const struct left_recovery *recovered = &judge->recovered[sighting->content];
    char event[192] = "the end", what[512];
    if (sighting->earliest < fsim_trace_events(judge->recorded))
        fsim_trace_describe(judge->recorded, sighting->earliest, event, sizeof event);
    if (sighting->state == NOT_ADMITTED)
        snprintf(what, sizeof what, "the model does not admit this: %s", sighting->why);
    else
        snprintf(what, sizeof what, "%s: %s%s", fsim_verdict_name(sighting->verdict),
                 recovered->outcome.message, recovered->finding);
    snprintf(judge->result->first, sizeof judge->result->first, "event %llu (%s): %s%s",
             (unsigned long long)sighting->earliest, event, what,
             again ? "" : "; but not when the disk is mounted again");
}

struct second_look {
    struct judge *judge;
    const struct sighting *sighting;
    bool again;
};

static int keep_file(const struct judge *judge, const char *kind, const void *bytes, size_t count)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s.%s", judge->options->keep, kind);
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        return -errno;
    bool written = fwrite(bytes, 1, count, file) == count;
    return fclose(file) == 0 && written ? 0 : -EIO;
}

static int keep(const struct judge *judge, const struct disk_state *state)
{
    char path[PATH_MAX];
    int error = mounted_image_show(&judge->image, state->contents);
    if (error == 0)
        error = keep_file(judge, "disk", judge->image.bytes, judge->image.blocks * FSIM_BLOCK_SIZE);
    snprintf(path, sizeof path, "%s.log-trace", judge->options->keep);
    if (error == 0)
        error = fsim_trace_save(judge->states.log->trace, path);
    snprintf(path, sizeof path, "%s.trace", judge->options->keep);
    return error != 0 ? error : fsim_trace_save(judge->recorded, path);
}

static int look_again(void *context, const struct disk_state *state)
{
    struct second_look *look = context;
    struct judge *judge = look->judge;
    size_t content;
    if (state->hash != judge->contents[look->sighting->content].disk)
        return 0;
    int error = look_at(judge, state, &content);
    look->again = error == 0 && content == look->sighting->content;
    if (error == 0 && judge->options->keep != NULL)
        error = keep(judge, state);
    return error != 0 ? error : 1;
}

static int tell_first(struct judge *judge, const struct sighting *first)
{
    struct second_look look = {.judge = judge, .sighting = first};
    int error = disk_states_each(&judge->states, look_again, &look);
    tell(judge, first, look.again);
    return error < 0 ? error : 0;
}

/* ---- all of it ---- */

static void release(struct judge *judge)
{
    for (size_t i = 0; i < judge->content_count; i++)
        left_files_release(&judge->contents[i].files);
    left_recovery_release(judge->recovered, judge->content_count);
    free(judge->contents);
    free(judge->sightings);
    free(judge->disks);
    fsim_trace_free(judge->blocks);
}

static int judge_log(struct judge *judge)
{
    const struct logged_crashes_options *options = judge->options;
    int error = mounted_image_open(&judge->image, judge->states.log->trace, options->format,
                                   options->blocks);
    if (error == 0)
        error = disk_states_each(&judge->states, see, judge);
    judge->result->sampled = judge->states.sampled;
    if (error == 0)
        error = recover_all(judge);
    if (error == 0)
        error = judge_all(judge);
    const struct sighting *first = error == 0 ? count(judge) : NULL;
    if (first != NULL)
        error = tell_first(judge, first);
    mounted_image_close(&judge->image);
    return error;
}

int logged_crashes_judge(const struct fsim_subject *subject, const fsim_trace_t *recorded,
                         const char *log_path, const struct logged_crashes_options *options,
                         struct logged_crashes *result)
{
    struct judge judge = {
        .subject = subject, .recorded = recorded, .options = options, .result = result};
    struct write_log log;
    *result = (struct logged_crashes){0};
    int error = write_log_read(log_path, options->blocks, options->ignore_flushes, &log,
                               result->first, sizeof result->first);
    if (error != 0)
        return error;
    result->writes = log.writes;
    result->flushes = log.flushes;
    judge.states = (struct disk_states){.log = &log,
                                        .blocks = options->blocks,
                                        .last = fsim_trace_events(recorded),
                                        .limit = options->limit,
                                        .drawn = options->drawn,
                                        .seed = options->seed};
    judge.disks = calloc(DISK_SLOTS, sizeof *judge.disks);
    error = judge.disks == NULL ? -ENOMEM : fsim_trace_new(&judge.blocks);
    if (error == 0)
        error = judge_log(&judge);
    if (error != 0)
        snprintf(result->first, sizeof result->first, "looking at the disks: %s", strerror(-error));
    release(&judge);
    write_log_free(&log);
    return error;
}
