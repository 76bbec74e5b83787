/* SPDX-License-Identifier: MIT */
#include "message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "output/text.h"

enum { PACKET_BYTES = 48 * 1024 };

struct packet_header {
    uint32_t kind;
    uint16_t first, last; /* of its message */
};

void message_free(struct message *message)
{
    free(message->bytes);
    *message = (struct message){0};
}

static unsigned char *make_room(struct message *message, size_t count)
{
    if (message->capacity - message->used < count) {
        size_t capacity = message->capacity * 2 + count + 256;
        message->bytes = need(realloc(message->bytes, capacity));
        message->capacity = capacity;
    }
    return message->bytes + message->used;
}

static void append(struct message *message, const void *bytes, size_t count)
{
    unsigned char *room = make_room(message, count);
    if (count > 0)
        memcpy(room, bytes, count);
    message->used += count;
}

void message_put_count(struct message *message, uint64_t value)
{
    append(message, &value, sizeof value);
}

void message_put_bytes(struct message *message, const void *bytes, size_t count)
{
    message_put_count(message, count);
    append(message, bytes, count);
}

/* With its terminator, so that the receiver can use it where it lies. */
void message_put_text(struct message *message, const char *text)
{
    message_put_bytes(message, text, strlen(text) + 1);
}

bool message_get_count(struct message *message, uint64_t *value)
{
    if (message->used - message->read < sizeof *value)
        return false;
    memcpy(value, message->bytes + message->read, sizeof *value);
    message->read += sizeof *value;
    return true;
}

bool message_get_bytes(struct message *message, const void **bytes, size_t *count)
{
    size_t start = message->read;
    uint64_t length;
    if (!message_get_count(message, &length))
        return false;
    if (length > message->used - message->read) {
        message->read = start;
        return false;
    }
    *bytes = message->bytes + message->read;
    *count = length;
    message->read += length;
    return true;
}

bool message_get_text(struct message *message, const char **text)
{
    size_t start = message->read;
    const void *bytes;
    size_t count;
    if (!message_get_bytes(message, &bytes, &count))
        return false;
    if (count == 0 || ((const char *)bytes)[count - 1] != '\0') {
        message->read = start;
        return false;
    }
    *text = bytes;
    return true;
}

bool message_get_exactly(struct message *message, void *bytes, size_t count)
{
    size_t start = message->read;
    const void *from;
    size_t length;
    if (!message_get_bytes(message, &from, &length))
        return false;
    if (length != count) {
        message->read = start;
        return false;
    }
    memcpy(bytes, from, count);
    return true;
}

int message_send(int socket, uint32_t kind, const struct message *message)
{
    size_t sent = 0;
    do {
        size_t count = message->used - sent;
        if (count > PACKET_BYTES)
            count = PACKET_BYTES;
        struct packet_header header = {
            .kind = kind, .first = sent == 0, .last = sent + count == message->used};
        struct iovec parts[] = {
            {.iov_base = &header, .iov_len = sizeof header},
            {.iov_base = count ? message->bytes + sent : NULL, .iov_len = count},
        };
        struct msghdr packet = {.msg_iov = parts, .msg_iovlen = 2};
        if (sendmsg(socket, &packet, MSG_NOSIGNAL) < 0) {
            if (errno == EINTR)
                continue;
            return -errno;
        }
        sent += count;
    } while (sent < message->used);
    return 0;
}

int message_receive(int socket, int flags, struct message_inbox *inbox, uint32_t *kind,
                    struct message *message)
{
    struct message *partial = &inbox->partial;
    for (;;) {
        struct packet_header header;
        struct iovec parts[] = {
            {.iov_base = &header, .iov_len = sizeof header},
            {.iov_base = make_room(partial, PACKET_BYTES), .iov_len = PACKET_BYTES},
        };
        struct msghdr packet = {.msg_iov = parts, .msg_iovlen = 2};
        ssize_t count = recvmsg(socket, &packet, flags);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return 0;
        if (count < 0)
            return -errno;
        if ((size_t)count < sizeof header)
            return -EPIPE;
        size_t bytes = (size_t)count - sizeof header;
        if (header.first) {
            memmove(partial->bytes, parts[1].iov_base, bytes);
            partial->used = 0;
        }
        partial->used += bytes;
        if (header.last) {
            message_free(message);
            *message = *partial;
            message->read = 0;
            *partial = (struct message){0};
            *kind = header.kind;
            return 1;
        }
    }
}
