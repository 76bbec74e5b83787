/* SPDX-License-Identifier: MIT */
/*
 * Traces as files: a header, then the tables one after the other, as they lie in memory.
 *
 * A loaded trace may come from anywhere. Each number in it that names something is checked before
 * the trace is handed out, so that its readers need not.
 */
#include "interpose.h"
#include "trace_tables.h"

#include <faultsim/plan.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <xxhash.h>

#define MAGIC                                                                                      \
    "\x89"                                                                                         \
    "FST\r\n\x1a\n"

enum { FORMAT_VERSION = 1, NATIVE_ORDER = 0x01020304, SECTIONS = 5 };

struct file_header {
    char magic[8];
    uint32_t version;
    uint32_t byte_order;
    uint64_t files;
    uint64_t strings;
    uint64_t section_bytes[SECTIONS];
    uint64_t section_hash[SECTIONS];
    uint64_t hash; /* of all before it */
};

_Static_assert(sizeof(struct file_header) == 120, "no padding in the file");

/* A table as the file holds it: where it starts, the size of an entry, how many are in use. */
struct section {
    void *start;
    size_t entry_bytes;
    uint64_t capacity;
    uint64_t count;
};

static void list_sections(const fsim_trace_t *trace, struct section sections[SECTIONS])
{
    const struct section all[SECTIONS] = {
        {trace->event, sizeof(*trace->event), TRACE_EVENTS, trace->events},
        {trace->content, sizeof(*trace->content), TRACE_CONTENTS, trace->contents},
        {trace->mark, sizeof(*trace->mark), TRACE_MARKS, trace->marks},
        {trace->text, 1, TRACE_STRING_BYTES, trace->string_bytes},
        {trace->payload, 1, TRACE_PAYLOAD_BYTES, trace->payload_bytes},
    };
    memcpy(sections, all, sizeof(all));
}

static int write_all(int fd, const void *bytes, size_t count, off_t *offset)
{
    const char *next = bytes;

    while (count > 0) {
        ssize_t done = real_pwrite(fd, next, count, *offset);
        if (done == -EINTR)
            continue;
        if (done < 0)
            return (int)done;
        next += done;
        count -= (size_t)done;
        *offset += done;
    }
    return 0;
}

static int read_all(int fd, void *bytes, size_t count, off_t *offset)
{
    char *next = bytes;

    while (count > 0) {
        ssize_t done = real_pread(fd, next, count, *offset);
        if (done == -EINTR)
            continue;
        if (done <= 0)
            return done < 0 ? (int)done : -EILSEQ;
        next += done;
        count -= (size_t)done;
        *offset += done;
    }
    return 0;
}

static uint64_t header_hash(const struct file_header *header)
{
    return XXH3_64bits(header, offsetof(struct file_header, hash));
}

int fsim_trace_save(const fsim_trace_t *trace, const char *path)
{
    struct file_header header = {
        .version = FORMAT_VERSION,
        .byte_order = NATIVE_ORDER,
        .files = trace->files,
        .strings = trace->strings,
    };
    struct section sections[SECTIONS];
    off_t offset = 0;
    int error, closed;
    int fd;

    memcpy(header.magic, MAGIC, sizeof(header.magic));
    list_sections(trace, sections);
    for (int i = 0; i < SECTIONS; i++) {
        header.section_bytes[i] = sections[i].count * sections[i].entry_bytes;
        header.section_hash[i] = XXH3_64bits(sections[i].start, header.section_bytes[i]);
    }
    header.hash = header_hash(&header);

    fd = real_open(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return fd;
    error = write_all(fd, &header, sizeof(header), &offset);
    for (int i = 0; i < SECTIONS && error == 0; i++)
        error = write_all(fd, sections[i].start, header.section_bytes[i], &offset);
    closed = real_close(fd);
    return error ? error : closed;
}

static bool valid_name(const fsim_trace_t *trace, uint32_t name)
{
    return name >= 1 && name <= trace->strings;
}

static bool valid_file(const fsim_trace_t *trace, uint32_t file)
{
    return file >= 1 && file <= trace->files;
}

static bool valid_range(const struct fsim_event *event)
{
    if (event->number == FSIM_SYNC_LENGTH)
        return event->file != FSIM_NO_FILE && event->value == 1;
    if (event->file == FSIM_NO_FILE)
        return event->number == 0 && event->value == 0;
    return event->number <= TRACE_FILE_BLOCKS && event->value <= TRACE_FILE_BLOCKS;
}

static bool valid_rule(const struct fsim_event *event)
{
    bool planned = (event->kind == FSIM_EV_CALL || event->kind == FSIM_EV_POINT) &&
                   event->value != FSIM_ACTION_NONE;

    return event->kind == FSIM_EV_SYNC_END || event->rule == 0 ||
           (planned && event->rule <= FSIM_PLAN_RULES);
}

/* Whether an event names only what there is. Those before it are valid. */
static bool valid_event(const fsim_trace_t *trace, uint64_t index)
{
    const struct fsim_event *event = &trace->event[index];

    if (!valid_rule(event) || event->file > trace->files || event->name > trace->strings)
        return false;
    switch (event->kind) {
    case FSIM_EV_WRITE:
        return valid_file(trace, event->file) && event->number < TRACE_FILE_BLOCKS &&
               event->value <= trace->contents;
    case FSIM_EV_LENGTH:
        return valid_file(trace, event->file) &&
               event->value <= (uint64_t)TRACE_FILE_BLOCKS * FSIM_BLOCK_SIZE;
    case FSIM_EV_NAME:
    case FSIM_EV_STEP:
        return valid_name(trace, event->name);
    case FSIM_EV_CALL:
        return valid_name(trace, event->name) && event->value <= FSIM_ACTION_SHORT &&
               event->number < 4096;
    case FSIM_EV_SYNC_BEGIN:
        return valid_range(event);
    case FSIM_EV_SYNC_END:
        return event->number < index && trace->event[event->number].kind == FSIM_EV_SYNC_BEGIN &&
               trace->event[event->number].file == event->file && event->value < 4096;
    case FSIM_EV_POINT:
        return valid_name(trace, event->name) && event->value <= FSIM_ACTION_SHORT;
    case FSIM_EV_MARK:
        return event->number < trace->marks && trace->mark[event->number].event == index;
    case FSIM_EV_KILL:
        return true;
    }
    return false;
}

static bool valid_mark(const fsim_trace_t *trace, uint64_t index)
{
    const struct fsim_mark *mark = &trace->mark[index];

    return mark->kind <= FSIM_MARK_ACK && valid_name(trace, mark->label) &&
           mark->payload % 16 == 0 && mark->payload <= trace->payload_bytes &&
           mark->payload_bytes <= trace->payload_bytes - mark->payload &&
           mark->event < trace->events && trace->event[mark->event].kind == FSIM_EV_MARK &&
           trace->event[mark->event].number == index;
}

/* The strings are all there, each once; so are the contents, none of them zeros. */
static int index_strings(fsim_trace_t *trace, uint64_t strings, uint64_t bytes)
{
    uint64_t offset = 0;

    if (bytes > 0 && trace->text[bytes - 1] != '\0')
        return -EILSEQ;
    for (; offset < bytes; offset = trace->string_bytes)
        if (!trace_index_string(trace, (uint32_t)offset))
            return -EILSEQ;
    return trace->strings == strings ? 0 : -EILSEQ;
}

static int index_contents(fsim_trace_t *trace, uint64_t contents)
{
    while (trace->contents < contents)
        if (!trace_index_content(trace))
            return -EILSEQ;
    return 0;
}

static int index_events(fsim_trace_t *trace, uint64_t events)
{
    while (trace->events < events) {
        if (!valid_event(trace, trace->events))
            return -EILSEQ;
        trace_index_event(trace);
    }
    for (uint64_t i = 0; i < trace->marks; i++)
        if (!valid_mark(trace, i))
            return -EILSEQ;
    return 0;
}

static int read_sections(int fd, off_t *offset, const struct file_header *header,
                         struct section sections[SECTIONS])
{
    for (int i = 0; i < SECTIONS; i++) {
        struct section *section = &sections[i];
        uint64_t bytes = header->section_bytes[i];
        int error;

        if (bytes % section->entry_bytes || bytes / section->entry_bytes > section->capacity)
            return -EILSEQ;
        error = read_all(fd, section->start, bytes, offset);
        if (error)
            return error;
        if (XXH3_64bits(section->start, bytes) != header->section_hash[i])
            return -EILSEQ;
        section->count = bytes / section->entry_bytes;
    }
    return 0;
}

static int read_trace(int fd, fsim_trace_t *trace)
{
    struct file_header header;
    struct section sections[SECTIONS];
    off_t offset = 0;
    char beyond;
    int error = read_all(fd, &header, sizeof(header), &offset);

    if (error)
        return error;
    if (memcmp(header.magic, MAGIC, sizeof(header.magic)) != 0 ||
        header.version != FORMAT_VERSION || header.byte_order != NATIVE_ORDER ||
        header.hash != header_hash(&header) || header.files > TRACE_FILES)
        return -EILSEQ;

    list_sections(trace, sections);
    error = read_sections(fd, &offset, &header, sections);
    if (error)
        return error;
    if (real_pread(fd, &beyond, 1, offset) != 0)
        return -EILSEQ;

    trace->files = (uint32_t)header.files;
    trace->marks = sections[2].count;
    trace->payload_bytes = sections[4].count;
    error = index_strings(trace, header.strings, sections[3].count);
    if (error == 0)
        error = index_contents(trace, sections[1].count);
    if (error == 0)
        error = index_events(trace, sections[0].count);
    return error;
}

int fsim_trace_load(const char *path, fsim_trace_t **trace)
{
    fsim_trace_t *loaded = NULL;
    int fd = real_open(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    int error = fd;

    if (fd < 0)
        return fd;
    error = fsim_trace_new(&loaded);
    if (error == 0)
        error = read_trace(fd, loaded);
    real_close(fd);
    if (error)
        fsim_trace_free(loaded);
    else
        *trace = loaded;
    return error;
}
