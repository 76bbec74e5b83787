/* SPDX-License-Identifier: MIT */
/* Messages between the coordinator and its workers. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "workers/message.h"

enum { KIND = 7, LARGE = 300000 };

struct wire {
    int near, far;
    struct message_inbox inbox;
};

static struct wire wire_new(void)
{
    int sockets[2];
    assert_int_equal(0, socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sockets));
    return (struct wire){.near = sockets[0], .far = sockets[1]};
}

static void wire_end(struct wire *wire)
{
    message_free(&wire->inbox.partial);
    if (wire->near >= 0)
        close(wire->near);
    close(wire->far);
}

/* Sends from another process, which gives up when this one closes the near end. */
static pid_t send_from_child(const struct wire *wire, const struct message *message)
{
    pid_t sender = fork();
    if (sender == 0) {
        close(wire->near);
        _exit(message_send(wire->far, KIND, message) == 0 ? 0 : 1);
    }
    return sender;
}

static void every_value_comes_back_as_it_was_put(void **state)
{
    struct message message = {0};
    const char *text;
    const void *bytes;
    size_t count;
    uint64_t number;
    message_put_count(&message, UINT64_MAX);
    message_put_text(&message, "before pma/sync/meta");
    message_put_bytes(&message, "a\0b", 3);
    assert_true(message_get_count(&message, &number));
    assert_true(number == UINT64_MAX);
    assert_true(message_get_text(&message, &text));
    assert_string_equal(text, "before pma/sync/meta");
    assert_true(message_get_bytes(&message, &bytes, &count));
    assert_int_equal(count, 3);
    assert_memory_equal(bytes, "a\0b", 3);
    assert_false(message_get_count(&message, &number));
    message_free(&message);
}

static void a_value_of_another_type_is_refused_and_not_consumed(void **state)
{
    struct message message = {0};
    const char *text;
    char room[4];
    uint64_t number;
    message_put_bytes(&message, "abc", 3);
    assert_false(message_get_text(&message, &text));
    assert_false(message_get_exactly(&message, room, sizeof room));
    assert_true(message_get_exactly(&message, room, 3));
    message_put_count(&message, UINT64_MAX); /* as a length: beyond the end */
    const void *bytes;
    size_t count;
    assert_false(message_get_bytes(&message, &bytes, &count));
    assert_true(message_get_count(&message, &number));
    message_free(&message);
}

static void a_message_larger_than_a_packet_arrives_whole(void **state)
{
    struct wire wire = wire_new();
    unsigned char *pattern = malloc(LARGE);
    for (size_t i = 0; i < LARGE; i++)
        pattern[i] = (unsigned char)(i * 31 >> 3);
    struct message sent = {0}, received = {0};
    message_put_bytes(&sent, pattern, LARGE);
    pid_t sender = send_from_child(&wire, &sent);
    uint32_t kind;
    const void *bytes;
    size_t count;
    assert_int_equal(1, message_receive(wire.near, 0, &wire.inbox, &kind, &received));
    assert_int_equal(kind, KIND);
    assert_true(message_get_bytes(&received, &bytes, &count));
    assert_int_equal(count, LARGE);
    assert_memory_equal(bytes, pattern, LARGE);
    message_free(&sent);
    message_free(&received);
    free(pattern);
    wire_end(&wire);
    assert_int_equal(sender, waitpid(sender, NULL, 0));
}

static void an_empty_message_is_a_message(void **state)
{
    struct wire wire = wire_new();
    struct message empty = {0}, received = {0};
    uint32_t kind = 0;
    assert_int_equal(0, message_send(wire.far, KIND, &empty));
    assert_int_equal(1, message_receive(wire.near, MSG_DONTWAIT, &wire.inbox, &kind, &received));
    assert_int_equal(kind, KIND);
    assert_int_equal(received.used, 0);
    message_free(&received);
    wire_end(&wire);
}

static void half_a_message_is_dropped_when_the_next_one_begins(void **state)
{
    struct wire wire = wire_new();
    struct message large = {0}, small = {0}, received = {0};
    char packet[64 * 1024];
    uint32_t kind;
    uint64_t number;
    for (size_t i = 0; i < LARGE / 8; i++)
        message_put_count(&large, i);
    pid_t sender = send_from_child(&wire, &large);
    /* The first packet of the large message alone reaches the inbox, as if its sender had died
     * then. */
    struct wire cut = wire_new();
    ssize_t bytes = recv(wire.near, packet, sizeof packet, 0);
    assert_true(bytes > 0);
    assert_int_equal(bytes, send(cut.far, packet, (size_t)bytes, 0));
    message_put_count(&small, 42);
    assert_int_equal(0, message_send(cut.far, KIND + 1, &small));
    assert_int_equal(1, message_receive(cut.near, 0, &cut.inbox, &kind, &received));
    assert_int_equal(kind, KIND + 1);
    assert_true(message_get_count(&received, &number));
    assert_int_equal(number, 42);
    message_free(&large);
    message_free(&small);
    message_free(&received);
    wire_end(&wire);
    wire_end(&cut);
    assert_int_equal(sender, waitpid(sender, NULL, 0));
}

static void a_closed_end_is_said_to_both_sides(void **state)
{
    struct wire wire = wire_new();
    struct message message = {0};
    uint32_t kind;
    assert_int_equal(0, message_receive(wire.far, MSG_DONTWAIT, &wire.inbox, &kind, &message));
    close(wire.near);
    wire.near = -1;
    assert_int_equal(-EPIPE, message_receive(wire.far, 0, &wire.inbox, &kind, &message));
    message_put_count(&message, 1);
    assert_int_equal(-EPIPE, message_send(wire.far, KIND, &message));
    message_free(&message);
    wire_end(&wire);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_value_comes_back_as_it_was_put),
        cmocka_unit_test(a_value_of_another_type_is_refused_and_not_consumed),
        cmocka_unit_test(a_message_larger_than_a_packet_arrives_whole),
        cmocka_unit_test(an_empty_message_is_a_message),
        cmocka_unit_test(half_a_message_is_dropped_when_the_next_one_begins),
        cmocka_unit_test(a_closed_end_is_said_to_both_sides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
