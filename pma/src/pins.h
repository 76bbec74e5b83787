/* SPDX-License-Identifier: MIT */
/*
 * Pins: how views and the writer agree about which snapshots are read, and by whom they may be seen
 * (docs/views.md). Each snapshot has one byte far beyond the end of the arena file. A view holds a
 * shared lock on the byte of its snapshot; the writer holds an exclusive one on that of an attempt
 * until it is acknowledged. The locks belong to open file descriptions, so the kernel drops them
 * with the last descriptor, however its process ends.
 *
 * May happen in the fault handler.
 */
#ifndef PINS_H
#define PINS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PINS_MOST = 32 };

/* Which snapshots views hold, as ranges. With very many of them a range can hold others, too. */
struct pins {
    size_t count;
    struct pin_range {
        uint64_t first, last;
    } ranges[PINS_MOST];
};

/* For a view. -EAGAIN if the snapshot is not acknowledged yet. */
int pins_hold(int fd, uint64_t snapshot);
void pins_release(int fd, uint64_t snapshot);

/* Whether the writer still keeps a snapshot from views: 1 or 0, or a negative code. */
int pins_is_hidden(int fd, uint64_t snapshot);

/* For the writer: no view takes this attempt from now on, or they may take all up to `last`. */
int pins_hide(int fd, uint64_t attempt);
void pins_show(int fd, uint64_t last);

/* Which of the snapshots up to `last` are held. Where the kernel does not answer: all. */
void pins_ask(int fd, uint64_t last, struct pins *pins);

/* Whether any of the snapshots [first, last] is among them. */
bool pins_meet(const struct pins *pins, uint64_t first, uint64_t last);

bool pins_equal(const struct pins *a, const struct pins *b);

#endif
