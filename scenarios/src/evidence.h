/* SPDX-License-Identifier: MIT */
/*
 * What a recovery found, as bytes that pass from the recovering process to the judging one: the
 * first complaint of the offline checker, the recovered pages and objects, and the rows for the SQL
 * invariants.
 */
#ifndef EVIDENCE_H
#define EVIDENCE_H

#include <stdbool.h>

#include <results/results.h>

#include "state.h"

enum { EVIDENCE_FINDING = 256 };

struct evidence_header {
    char finding[EVIDENCE_FINDING]; /* "rule: sentence", "" = none */
    uint64_t findings;              /* how many there were */
    uint64_t part_count;            /* struct state_entry that follow, then the dump */
};

/* Building: rows are appended by the caller through `dump`, after the parts. */
struct evidence {
    unsigned char *bytes;
    size_t capacity;
    struct evidence_header *header;
    struct results_dump dump;
};
void evidence_begin(struct evidence *evidence, void *buffer, size_t capacity);
void evidence_finding(struct evidence *evidence, const char *rule, const char *text);
int evidence_parts(struct evidence *evidence, const struct state_entries *parts); /* before rows */
size_t evidence_end(const struct evidence *evidence); /* bytes used; 0 = it did not fit */

/* Reading. The bytes may lie anywhere. */
struct evidence_view {
    struct evidence_header header;
    const unsigned char *parts; /* evidence_part reads them */
    const void *dump;
    size_t dump_bytes;
};
bool evidence_read(const void *bytes, size_t count, struct evidence_view *view);
struct state_entry evidence_part(const struct evidence_view *view, size_t index);

#endif
