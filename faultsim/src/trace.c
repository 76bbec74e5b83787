/* SPDX-License-Identifier: MIT */
/* The tables of a trace: appending to them and reading them. */
#include "trace_tables.h"

#include "interpose.h"

#include <faultsim/capture.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <xxhash.h>

struct fsim_digest fsim_capture_state(const char *label)
{
    XXH128_hash_t hash = XXH3_128bits(label, strlen(label));

    return (struct fsim_digest){.low = hash.low64, .high = hash.high64};
}

/* Gives `bytes` of the reserved region away, if there is a region already; else only counts. */
static void *carve(void *region, size_t *used, size_t bytes)
{
    size_t offset = *used;

    *used = (offset + bytes + FSIM_BLOCK_SIZE - 1) / FSIM_BLOCK_SIZE * FSIM_BLOCK_SIZE;
    return region ? (char *)region + offset : NULL;
}

static size_t lay_out(fsim_trace_t *trace, void *region)
{
    size_t used = 0;

    carve(region, &used, sizeof(*trace));
    trace->event = carve(region, &used, TRACE_EVENTS * sizeof(*trace->event));
    trace->content = carve(region, &used, TRACE_CONTENTS * sizeof(*trace->content));
    trace->digest = carve(region, &used, TRACE_CONTENTS * sizeof(*trace->digest));
    trace->mark = carve(region, &used, TRACE_MARKS * sizeof(*trace->mark));
    trace->text = carve(region, &used, TRACE_STRING_BYTES);
    trace->string = carve(region, &used, TRACE_STRINGS * sizeof(*trace->string));
    trace->payload = carve(region, &used, TRACE_PAYLOAD_BYTES);
    trace->content_slot = carve(region, &used, TRACE_CONTENT_SLOTS * sizeof(*trace->content_slot));
    trace->string_slot = carve(region, &used, TRACE_STRING_SLOTS * sizeof(*trace->string_slot));
    trace->newest_name = carve(region, &used, (TRACE_FILES + 1) * sizeof(*trace->newest_name));
    trace->older_name = carve(region, &used, TRACE_EVENTS * sizeof(*trace->older_name));
    return used;
}

int fsim_trace_new(fsim_trace_t **trace)
{
    fsim_trace_t layout = {0};
    size_t bytes = lay_out(&layout, NULL);
    void *region = real_mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                             MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if ((unsigned long)region > -4096UL)
        return (int)(long)region;
    lay_out(region, region);
    *trace = region;
    (*trace)->reserved_bytes = bytes;
    return 0;
}

void fsim_trace_free(fsim_trace_t *trace)
{
    if (trace)
        real_munmap(trace, trace->reserved_bytes);
}

void trace_overflow(fsim_trace_t *trace)
{
    trace->full = true;
}

void trace_refuse(fsim_trace_t *trace, const char *format, ...)
{
    va_list arguments;

    if (trace->refusal[0] != '\0')
        return;
    va_start(arguments, format);
    vsnprintf(trace->refusal, sizeof(trace->refusal), format, arguments);
    va_end(arguments);
}

/* Whoever reads after this process died sees an entry before it is counted, never the reverse. */
#define COUNT(counter, value) __atomic_store_n(&(counter), (value), __ATOMIC_RELEASE)

/*
 * Looks `key` up in a table of ids: the slot of the id that `same` accepts, or the free slot where
 * it belongs.
 */
static uint32_t *find_slot(uint32_t *slots, size_t count, uint64_t hash, const fsim_trace_t *trace,
                           bool (*same)(const fsim_trace_t *trace, uint32_t id, const void *key),
                           const void *key)
{
    size_t at = hash % count;

    while (slots[at] != 0 && !same(trace, slots[at], key))
        at = (at + 1) % count;
    return &slots[at];
}

static bool same_string(const fsim_trace_t *trace, uint32_t id, const void *key)
{
    return strcmp(fsim_trace_string(trace, id), key) == 0;
}

static uint32_t *string_slot(fsim_trace_t *trace, const char *text)
{
    return find_slot(trace->string_slot, TRACE_STRING_SLOTS, XXH3_64bits(text, strlen(text)), trace,
                     same_string, text);
}

bool trace_index_string(fsim_trace_t *trace, uint32_t offset)
{
    const char *text = trace->text + offset;
    uint32_t *slot = string_slot(trace, text);

    if (*slot != 0 || trace->strings == TRACE_STRINGS)
        return false;
    trace->string[trace->strings] = offset;
    COUNT(trace->string_bytes, offset + strlen(text) + 1);
    COUNT(trace->strings, trace->strings + 1);
    *slot = trace->strings;
    return true;
}

uint32_t fsim_trace_add_string(fsim_trace_t *trace, const char *text)
{
    uint32_t known = *string_slot(trace, text);
    size_t bytes = strlen(text) + 1;

    if (known != 0)
        return known;
    if (bytes > TRACE_STRING_BYTES - trace->string_bytes || trace->strings == TRACE_STRINGS) {
        trace_overflow(trace);
        return 0;
    }
    memcpy(trace->text + trace->string_bytes, text, bytes);
    trace_index_string(trace, (uint32_t)trace->string_bytes);
    return trace->strings;
}

static bool same_content(const fsim_trace_t *trace, uint32_t id, const void *key)
{
    return fsim_digest_equal(trace->digest[id - 1], *(const struct fsim_digest *)key);
}

static uint32_t *content_slot(fsim_trace_t *trace, const void *block, struct fsim_digest *digest)
{
    XXH128_hash_t hash = XXH3_128bits(block, FSIM_BLOCK_SIZE);

    *digest = (struct fsim_digest){.low = hash.low64, .high = hash.high64};
    return find_slot(trace->content_slot, TRACE_CONTENT_SLOTS, digest->low, trace, same_content,
                     digest);
}

static bool is_zeros(const void *block)
{
    const unsigned char *bytes = block;
    return bytes[0] == 0 && memcmp(bytes, bytes + 1, FSIM_BLOCK_SIZE - 1) == 0;
}

bool trace_index_content(fsim_trace_t *trace)
{
    const void *block = trace->content[trace->contents];
    struct fsim_digest digest;
    uint32_t *slot = content_slot(trace, block, &digest);

    if (*slot != 0 || is_zeros(block))
        return false;
    trace->digest[trace->contents] = digest;
    COUNT(trace->contents, trace->contents + 1);
    *slot = (uint32_t)trace->contents;
    return true;
}

uint64_t fsim_trace_add_content(fsim_trace_t *trace, const void *block)
{
    struct fsim_digest digest;
    uint32_t known;

    if (is_zeros(block))
        return FSIM_ZEROS;
    known = *content_slot(trace, block, &digest);
    if (known != 0)
        return known;
    if (trace->contents == TRACE_CONTENTS) {
        trace_overflow(trace);
        return FSIM_ZEROS;
    }
    memcpy(trace->content[trace->contents], block, FSIM_BLOCK_SIZE);
    trace_index_content(trace);
    return trace->contents;
}

uint32_t fsim_trace_add_file(fsim_trace_t *trace)
{
    if (trace->files == TRACE_FILES) {
        trace_overflow(trace);
        return FSIM_NO_FILE;
    }
    COUNT(trace->files, trace->files + 1);
    return trace->files;
}

void trace_index_event(fsim_trace_t *trace)
{
    uint64_t index = trace->events;
    const struct fsim_event *event = &trace->event[index];

    if (event->kind == FSIM_EV_NAME && event->file != FSIM_NO_FILE) {
        trace->older_name[index] = trace->newest_name[event->file];
        trace->newest_name[event->file] = (uint32_t)index + 1;
    }
    COUNT(trace->events, index + 1);
}

uint64_t fsim_trace_add_event(fsim_trace_t *trace, const struct fsim_event *event)
{
    uint64_t index = trace->events;

    if (index == TRACE_EVENTS) {
        trace_overflow(trace);
        return 0;
    }
    trace->event[index] = *event;
    trace_index_event(trace);
    return index;
}

uint64_t fsim_trace_add_mark(fsim_trace_t *trace, enum fsim_mark_kind kind, const char *label,
                             struct fsim_digest state, const void *payload, size_t payload_bytes)
{
    uint64_t index = trace->marks;
    struct fsim_mark *mark = &trace->mark[index];

    if (index == TRACE_MARKS || payload_bytes > TRACE_PAYLOAD_BYTES - trace->payload_bytes) {
        trace_overflow(trace);
        return 0;
    }
    *mark = (struct fsim_mark){
        .kind = kind,
        .label = fsim_trace_add_string(trace, label),
        .state = state,
        .payload = trace->payload_bytes,
        .payload_bytes = payload_bytes,
    };
    if (payload_bytes > 0)
        memcpy(trace->payload + mark->payload, payload, payload_bytes);
    /* The next payload starts where any type may: it was a struct of the caller's. */
    COUNT(trace->payload_bytes, (mark->payload + payload_bytes + 15) / 16 * 16);
    mark->event =
        fsim_trace_add_event(trace, &(struct fsim_event){.kind = FSIM_EV_MARK, .number = index});
    COUNT(trace->marks, index + 1);
    return index;
}

bool fsim_trace_full(const fsim_trace_t *trace)
{
    return trace->full;
}

size_t fsim_trace_events(const fsim_trace_t *trace)
{
    return __atomic_load_n(&trace->events, __ATOMIC_ACQUIRE);
}

const struct fsim_event *fsim_trace_event(const fsim_trace_t *trace, size_t index)
{
    return &trace->event[index];
}

size_t fsim_trace_files(const fsim_trace_t *trace)
{
    return trace->files;
}

size_t fsim_trace_contents(const fsim_trace_t *trace)
{
    return trace->contents;
}

const void *fsim_trace_content(const fsim_trace_t *trace, uint64_t content)
{
    static const unsigned char zeros[FSIM_BLOCK_SIZE];
    return content == FSIM_ZEROS ? zeros : trace->content[content - 1];
}

struct fsim_digest fsim_trace_content_digest(const fsim_trace_t *trace, uint64_t content)
{
    return content == FSIM_ZEROS ? (struct fsim_digest){0} : trace->digest[content - 1];
}

const char *fsim_trace_string(const fsim_trace_t *trace, uint32_t string)
{
    return string == 0 ? "" : trace->text + trace->string[string - 1];
}

size_t fsim_trace_marks(const fsim_trace_t *trace)
{
    return trace->marks;
}

const struct fsim_mark *fsim_trace_mark(const fsim_trace_t *trace, size_t index)
{
    return &trace->mark[index];
}

const void *fsim_trace_payload(const fsim_trace_t *trace, const struct fsim_mark *mark)
{
    return trace->payload + mark->payload;
}

size_t fsim_trace_bytes(const fsim_trace_t *trace)
{
    return sizeof(*trace) + trace->events * sizeof(*trace->event) +
           trace->contents * (sizeof(*trace->content) + sizeof(*trace->digest)) +
           trace->marks * sizeof(*trace->mark) + trace->string_bytes +
           trace->strings * sizeof(*trace->string) + trace->payload_bytes;
}

const char *trace_file_name(const fsim_trace_t *trace, uint32_t file, size_t event)
{
    uint32_t link = trace->newest_name[file];

    while (link > event + 1 && trace->older_name[link - 1] != 0)
        link = trace->older_name[link - 1];
    return link == 0 ? "" : fsim_trace_string(trace, trace->event[link - 1].name);
}
