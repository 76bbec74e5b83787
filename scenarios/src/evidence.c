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

const struct evidence_header *evidence_read(const void *bytes, size_t count,
                                            const struct state_entry **pages, const void **dump,
                                            size_t *dump_bytes)
{
    const struct evidence_header *header = bytes;
    size_t rest;

    if (bytes == NULL || count < sizeof *header)
        return NULL;
    rest = count - sizeof *header;
    if (header->page_count > rest / sizeof **pages)
        return NULL;
    *pages = (const struct state_entry *)(header + 1);
    *dump = *pages + header->page_count;
    *dump_bytes = rest - header->page_count * sizeof **pages;
    return header;
}
