/* SPDX-License-Identifier: MIT */
#include "outcomes.h"

#include <errno.h>
#include <string.h>
#include <xxhash.h>

#include "shared.h"

enum { MAX_RECORDS = 1 << 24 };
static const size_t max_evidence_bytes = (size_t)16 << 30;

struct record {
    struct fsim_outcome outcome;
    uint32_t evidence;
};

struct piece {
    struct fsim_digest digest;
    uint64_t offset, bytes;
};

struct outcomes {
    struct record *records;
    struct piece *pieces;
    uint8_t *evidence;
    struct shared_index record_index, piece_index;
    uint32_t record_count, piece_count;
    uint64_t evidence_used;
};

int outcomes_new(struct outcomes **result)
{
    struct outcomes *outcomes = shared_reserve(sizeof *outcomes);
    if (outcomes == NULL)
        return -ENOMEM;
    outcomes->records = shared_reserve(MAX_RECORDS * sizeof *outcomes->records);
    outcomes->pieces = shared_reserve(MAX_RECORDS * sizeof *outcomes->pieces);
    outcomes->evidence = shared_reserve(max_evidence_bytes);
    if (shared_index_init(&outcomes->record_index, MAX_RECORDS) < 0 ||
        shared_index_init(&outcomes->piece_index, MAX_RECORDS) < 0 || outcomes->records == NULL ||
        outcomes->pieces == NULL || outcomes->evidence == NULL) {
        outcomes_free(outcomes);
        return -ENOMEM;
    }
    *result = outcomes;
    return 0;
}

void outcomes_free(struct outcomes *outcomes)
{
    if (outcomes == NULL)
        return;
    shared_release(outcomes->records, MAX_RECORDS * sizeof *outcomes->records);
    shared_release(outcomes->pieces, MAX_RECORDS * sizeof *outcomes->pieces);
    shared_release(outcomes->evidence, max_evidence_bytes);
    shared_index_deinit(&outcomes->record_index);
    shared_index_deinit(&outcomes->piece_index);
    shared_release(outcomes, sizeof *outcomes);
}

static int64_t add_piece(struct outcomes *outcomes, const void *bytes, size_t count)
{
    XXH128_hash_t hash = XXH3_128bits(bytes, count);
    struct fsim_digest digest = {hash.low64, hash.high64};
    uint32_t at = shared_index_first(&outcomes->piece_index, digest.low);
    for (; at != 0; at = outcomes->piece_index.next[at]) {
        const struct piece *piece = &outcomes->pieces[at - 1];
        if (fsim_digest_equal(piece->digest, digest) && piece->bytes == count)
            return at - 1;
    }
    if (outcomes->piece_count == MAX_RECORDS ||
        count > max_evidence_bytes - outcomes->evidence_used)
        return -ENOMEM;
    memcpy(outcomes->evidence + outcomes->evidence_used, bytes, count);
    outcomes->pieces[outcomes->piece_count] =
        (struct piece){digest, outcomes->evidence_used, count};
    outcomes->evidence_used += count;
    shared_index_add(&outcomes->piece_index, digest.low, outcomes->piece_count);
    return outcomes->piece_count++;
}

int64_t outcomes_add(struct outcomes *outcomes, const struct fsim_outcome *outcome,
                     const void *evidence)
{
    int64_t piece = add_piece(outcomes, evidence, outcome->evidence_bytes);
    if (piece < 0)
        return piece;
    uint64_t hash = XXH3_64bits_withSeed(outcome, sizeof *outcome, (XXH64_hash_t)piece);
    uint32_t at = shared_index_first(&outcomes->record_index, hash);
    for (; at != 0; at = outcomes->record_index.next[at]) {
        const struct record *record = &outcomes->records[at - 1];
        if (record->evidence == piece && memcmp(&record->outcome, outcome, sizeof *outcome) == 0)
            return at - 1;
    }
    if (outcomes->record_count == MAX_RECORDS)
        return -ENOMEM;
    outcomes->records[outcomes->record_count] = (struct record){*outcome, (uint32_t)piece};
    shared_index_add(&outcomes->record_index, hash, outcomes->record_count);
    return outcomes->record_count++;
}

const struct fsim_outcome *outcomes_get(const struct outcomes *outcomes, uint32_t number)
{
    return &outcomes->records[number].outcome;
}

uint32_t outcomes_evidence(const struct outcomes *outcomes, uint32_t number)
{
    return outcomes->records[number].evidence;
}

const void *outcomes_evidence_bytes(const struct outcomes *outcomes, uint32_t evidence,
                                    size_t *bytes)
{
    *bytes = outcomes->pieces[evidence].bytes;
    return outcomes->evidence + outcomes->pieces[evidence].offset;
}

size_t outcomes_memory(const struct outcomes *outcomes)
{
    return outcomes->record_count * (sizeof(struct record) + sizeof(uint32_t)) +
           outcomes->piece_count * (sizeof(struct piece) + sizeof(uint32_t)) +
           outcomes->evidence_used;
}
