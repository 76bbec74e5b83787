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

int evidence_pages(struct evidence *evidence, const struct state_entries *pages)
{
    size_t bytes = pages->count * sizeof *pages->entries;

    if (bytes > evidence->dump.capacity) {
        evidence->dump.overflow = true;
        return -ENOSPC;
    }
    if (bytes > 0)
        memcpy(evidence->dump.bytes, pages->entries, bytes);
    evidence->header->page_count = pages->count;
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
    size_t pages;

    if (bytes == NULL || count < sizeof view->header)
        return false;
    memcpy(&view->header, bytes, sizeof view->header);
    count -= sizeof view->header;
    if (view->header.page_count > count / sizeof(struct state_entry))
        return false;
    pages = view->header.page_count * sizeof(struct state_entry);
    view->pages = (const unsigned char *)bytes + sizeof view->header;
    view->dump = view->pages + pages;
    view->dump_bytes = count - pages;
    return true;
}

struct state_entry evidence_page(const struct evidence_view *view, size_t index)
{
    struct state_entry entry;

    memcpy(&entry, view->pages + index * sizeof entry, sizeof entry);
    return entry;
}
