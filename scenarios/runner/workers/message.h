/* SPDX-License-Identifier: MIT */
/*
 * Messages between processes of this program over a SOCK_SEQPACKET socket: a kind and a string of
 * values. A message of any size travels as packets; one whose sender died half-way is dropped when
 * the next one begins.
 */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Values are read in the order in which they were put. Starts zeroed; message_free ends it. */
struct message {
    unsigned char *bytes;
    size_t used, capacity, read;
};

void message_free(struct message *message);

void message_put_count(struct message *message, uint64_t value);
void message_put_bytes(struct message *message, const void *bytes, size_t count);
void message_put_text(struct message *message, const char *text);

/*
 * Each returns false if the message holds no such value; nothing is changed then. Texts and bytes
 * live as long as the message.
 */
bool message_get_count(struct message *message, uint64_t *value);
bool message_get_bytes(struct message *message, const void **bytes, size_t *count);
bool message_get_text(struct message *message, const char **text);
bool message_get_exactly(struct message *message, void *bytes, size_t count);

/* A message that is still arriving. Starts zeroed; message_free(&inbox->partial) ends it. */
struct message_inbox {
    struct message partial;
};

/* Waits until it is sent. 0 or a negated errno. */
int message_send(int socket, uint32_t kind, const struct message *message);

/*
 * Reads packets until a message is whole. 1: `kind` and `message` (emptied first, then the
 * caller's) are filled. 0: nothing more now (only with MSG_DONTWAIT in `flags`). -EPIPE: the other
 * end is gone; else a negated errno.
 */
int message_receive(int socket, int flags, struct message_inbox *inbox, uint32_t *kind,
                    struct message *message);

#endif
