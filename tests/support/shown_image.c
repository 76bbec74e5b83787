/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "shown_image.h"

int shown_prepare(void **state)
{
    static struct shown shown;
    memset(&shown, 0, sizeof shown);
    if (hand_setup((void **)&shown.hand) < 0 ||
        scratch_open(&shown.scratch, scratch_in_memory()) < 0)
        return -1;
    hand_name(shown.hand, 1);
    hand_length(shown.hand, 1, BLOCKS * BLOCK);
    for (uint64_t i = 0; i < BLOCKS; i++)
        hand_write(shown.hand, 1, i, (char)('a' + i));
    hand_sync(shown.hand, 1, 0, 0, 0);
    hand_sync(shown.hand, FSIM_NO_FILE, 0, 0, 0);
    *state = &shown;
    return 0;
}

int shown_dispose(void **state)
{
    struct shown *shown = *state;
    image_free(shown->image);
    if (shown->cursor != NULL)
        image_path_deinit(&shown->path, shown->cursor);
    fsim_cursor_free(shown->cursor);
    scratch_close(&shown->scratch);
    return hand_teardown((void **)&shown->hand);
}

void shown_begin(struct shown *shown)
{
    if (shown->image == NULL) {
        assert_int_equal(fsim_cursor_new(shown->hand->trace, FSIM_POWER_LOSS, &shown->cursor), 0);
        assert_int_equal(fsim_cursor_advance(shown->cursor, fsim_trace_events(shown->hand->trace)),
                         0);
        assert_int_equal(image_path_init(&shown->path, shown->cursor), 0);
        assert_int_equal(
            image_new(shown->hand->trace, shown->cursor, shown->scratch.path, &shown->image), 0);
        image_point(shown->image, shown->cursor);
    }
    image_begin(shown->image, &shown->path, NULL, NULL);
}

static char letter_of(struct shown *shown, uint64_t content)
{
    return content == FSIM_ZEROS ? '-'
                                 : *(const char *)fsim_trace_content(shown->hand->trace, content);
}

void shown_end(struct shown *shown, const char *expected)
{
    assert_int_equal(image_end(shown->image), 0);
    shown->text[0] = '\0';
    for (uint32_t i = 0; i < shown->path.count; i++) {
        struct fsim_item item = cursor_item(shown->cursor, shown->path.items[i]);
        uint64_t value = shown->path.values[i];
        size_t used = strlen(shown->text);
        char *text = shown->text + used;
        size_t bytes = sizeof shown->text - used;
        const char *space = i == 0 ? "" : " ";
        if (item.kind == FSIM_ITEM_NAME)
            snprintf(text, bytes, "%s%s=%u", space,
                     fsim_trace_string(shown->hand->trace, item.file), (unsigned)value);
        else if (item.kind == FSIM_ITEM_LENGTH)
            snprintf(text, bytes, "%slength=%u", space, (unsigned)value);
        else
            snprintf(text, bytes, "%s%u=%c", space, (unsigned)item.number, letter_of(shown, value));
    }
    assert_string_equal(shown->text, expected);
}

const char *shown_path(struct shown *shown, const char *name)
{
    static char paths[2][512];
    static unsigned turn;
    char *path = paths[turn++ % 2];
    snprintf(path, sizeof paths[0], "%s/%s", image_directory(shown->image), name);
    return path;
}

int shown_open(struct shown *shown, int flags)
{
    int fd = open(shown_path(shown, "store"), flags, 0600);
    assert_true(fd >= 0);
    return fd;
}

char shown_letter(int fd, off_t block)
{
    char letter = '?';
    (void)!pread(fd, &letter, 1, block * BLOCK);
    return letter == '\0' ? '-' : letter;
}

char *shown_map(int fd, int protection)
{
    char *memory = mmap(NULL, MAPPED, protection, MAP_SHARED, fd, 0);
    assert_true(memory != MAP_FAILED);
    return memory;
}
