/* SPDX-License-Identifier: MIT */
#include "hand_trace.h"

#include <stdlib.h>
#include <string.h>

int hand_setup(void **state)
{
    struct hand *hand = calloc(1, sizeof *hand);
    if (hand == NULL || fsim_trace_new(&hand->trace) < 0)
        return -1;
    fsim_trace_add_file(hand->trace);
    fsim_trace_add_file(hand->trace);
    hand->name = fsim_trace_add_string(hand->trace, "store");
    *state = hand;
    return 0;
}

int hand_teardown(void **state)
{
    struct hand *hand = *state;
    fsim_trace_free(hand->trace);
    free(hand);
    return 0;
}

static uint64_t add(struct hand *hand, struct fsim_event event)
{
    return fsim_trace_add_event(hand->trace, &event);
}

uint64_t hand_content(struct hand *hand, char letter)
{
    char block[FSIM_BLOCK_SIZE];
    memset(block, letter, sizeof block);
    return fsim_trace_add_content(hand->trace, block);
}

void hand_write(struct hand *hand, uint32_t file, uint64_t block, char letter)
{
    uint64_t content = hand_content(hand, letter);
    add(hand, (struct fsim_event){
                  .kind = FSIM_EV_WRITE, .file = file, .number = block, .value = content});
}

void hand_length(struct hand *hand, uint32_t file, uint64_t bytes)
{
    add(hand, (struct fsim_event){.kind = FSIM_EV_LENGTH, .file = file, .value = bytes});
}

void hand_name(struct hand *hand, uint32_t file)
{
    add(hand, (struct fsim_event){.kind = FSIM_EV_NAME, .file = file, .name = hand->name});
}

uint64_t hand_sync_begin(struct hand *hand, uint32_t file, uint64_t first, uint64_t blocks)
{
    return add(hand,
               (struct fsim_event){
                   .kind = FSIM_EV_SYNC_BEGIN, .file = file, .number = first, .value = blocks});
}

void hand_sync_end(struct hand *hand, uint64_t begin, int error)
{
    add(hand,
        (struct fsim_event){.kind = FSIM_EV_SYNC_END, .number = begin, .value = (uint64_t)error});
}

void hand_sync(struct hand *hand, uint32_t file, uint64_t first, uint64_t blocks, int error)
{
    hand_sync_end(hand, hand_sync_begin(hand, file, first, blocks), error);
}

void hand_mark(struct hand *hand, enum fsim_mark_kind kind, uint64_t number)
{
    struct fsim_digest digest = {number, ~number};
    fsim_trace_add_mark(hand->trace, kind, "state", digest, NULL, 0);
}

void hand_call(struct hand *hand, const char *call)
{
    uint32_t name = fsim_trace_add_string(hand->trace, call);
    add(hand, (struct fsim_event){.kind = FSIM_EV_CALL, .name = name});
}

void hand_point(struct hand *hand, const char *point, uint64_t hit)
{
    uint32_t name = fsim_trace_add_string(hand->trace, point);
    add(hand, (struct fsim_event){.kind = FSIM_EV_POINT, .name = name, .number = hit});
}

void hand_step(struct hand *hand, uint64_t number)
{
    add(hand, (struct fsim_event){.kind = FSIM_EV_STEP, .number = number});
}
