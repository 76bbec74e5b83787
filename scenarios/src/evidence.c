/* SPDX-License-Identifier: MIT */
#include "evidence.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void evidence_begin(struct evidence *evidence, void *buffer, size_t capacity)
{
    evidence->bytes = buffer;
    evidence->capacity = capacity;
    evidence->header = buffer;
    memset(evidence->header, 0, sizeof *evidence->header);
    evidence->dump = (struct results_dump){.bytes = evidence->bytes + sizeof *evidence->header,
                                           .capacity = capacity - sizeof *evidence->header};
}

void evidence_finding(struct evidence *evidence, const char *rule, const char *text)
{
    if (evidence->header->findings++ == 0)
        snprintf(evidence->header->finding, EVIDENCE_FINDING, "%s: %s", rule, text);
}

int evidence_parts(struct evidence *evidence, const struct state_entries *parts)
{
    size_t bytes = parts->count * sizeof *parts->entries;

    if (bytes > evidence->dump.capacity) {
        evidence->dump.overflow = true;
        return -ENOSPC;
    }
    if (bytes > 0)
        memcpy(evidence->dump.bytes, parts->entries, bytes);
    evidence->header->part_count = parts->count;
    evidence->dump.bytes += bytes;
    evidence->dump.capacity -= bytes;
    return 0;
}

size_t evidence_end(const struct evidence *evidence)
{
    if (evidence->dump.overflow)
        return 0;
    return (size_t)(evidence->dump.bytes - evidence->bytes) + evidence->dump.used;
}

bool evidence_read(const void *bytes, size_t count, struct evidence_view *view)
{
    size_t parts;

    if (bytes == NULL || count < sizeof view->header)
        return false;
    memcpy(&view->header, bytes, sizeof view->header);
    count -= sizeof view->header;
    if (view->header.part_count > count / sizeof(struct state_entry))
        return false;
    parts = view->header.part_count * sizeof(struct state_entry);
    view->parts = (const unsigned char *)bytes + sizeof view->header;
    view->dump = view->parts + parts;
    view->dump_bytes = count - parts;
    return true;
}

struct state_entry evidence_part(const struct evidence_view *view, size_t index)
{
    struct state_entry entry;

    memcpy(&entry, view->parts + index * sizeof entry, sizeof entry);
    return entry;
}
