/* SPDX-License-Identifier: MIT */
/*
 * What a recovery sees of a crash state, and what counts as looked at. Each test plays a recovery
 * in this process and then reads the path as text: "store=1 length=12288 1=x" for a name, a length
 * and block 1 with its letter ('-': zeros).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hand_trace.h"
#include "image.h"
#include "scratch.h"

/* Mappings reach beyond the file's end: smaller ones would not be watched. */
enum { BLOCK = FSIM_BLOCK_SIZE, BLOCKS = 3, MAPPED = 32 * BLOCK };

struct shown {
    struct hand *hand;
    struct scratch scratch;
    char text[512];
    fsim_cursor_t *cursor;
    struct image *image;
    struct image_path path;
};

/* File 1 is "store" and holds a, b, c: all that is durable. */
static int prepare(void **state)
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

static int dispose(void **state)
{
    struct shown *shown = *state;
    image_free(shown->image);
    if (shown->cursor != NULL)
        image_path_deinit(&shown->path, shown->cursor);
    fsim_cursor_free(shown->cursor);
    scratch_close(&shown->scratch);
    return hand_teardown((void **)&shown->hand);
}

/* The crash point after all events; a recovery begins. */
static void begin(struct shown *shown)
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

/* It ends, having looked at exactly this, in this order. */
static void end(struct shown *shown, const char *expected)
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

static const char *path_to(struct shown *shown, const char *name)
{
    static char paths[2][512];
    static unsigned turn;
    char *path = paths[turn++ % 2];
    snprintf(path, sizeof paths[0], "%s/%s", image_directory(shown->image), name);
    return path;
}

static int open_store(struct shown *shown, int flags)
{
    int fd = open(path_to(shown, "store"), flags, 0600);
    assert_true(fd >= 0);
    return fd;
}

static char read_letter(int fd, off_t block)
{
    char letter = '?';
    (void)!pread(fd, &letter, 1, block * BLOCK);
    return letter == '\0' ? '-' : letter;
}

static char *map_store(int fd, int protection)
{
    char *memory = mmap(NULL, MAPPED, protection, MAP_SHARED, fd, 0);
    assert_true(memory != MAP_FAILED);
    return memory;
}

/* Calls on descriptors. */

static void opening_looks_at_the_name_only(void **state)
{
    begin(*state);
    close(open_store(*state, O_RDONLY));
    end(*state, "store=1");
}

static void a_read_looks_at_the_length_and_the_blocks_it_covers(void **state)
{
    char bytes[2];
    begin(*state);
    int fd = open_store(*state, O_RDONLY);
    assert_int_equal(pread(fd, bytes, 2, BLOCK - 1), 2);
    assert_memory_equal(bytes, "ab", 2);
    end(*state, "store=1 length=12288 0=a 1=b");
}

static void an_open_block_is_decided_by_a_read_for_its_latest_version(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 1, 'x');
    begin(shown);
    int fd = open_store(shown, O_RDONLY);
    assert_int_equal(read_letter(fd, 1), 'x');
    end(shown, "store=1 length=12288 1=x");
}

static void what_the_path_decides_is_there(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 1, 'x');
    begin(shown);
    end(shown, "");
    shown->path.forced = 1;
    shown->path.items[0] = cursor_find(shown->cursor, (struct fsim_item){FSIM_ITEM_BLOCK, 1, 1});
    shown->path.values[0] = hand_content(shown->hand, 'b');
    begin(shown);
    int fd = open_store(shown, O_RDONLY);
    assert_int_equal(read_letter(fd, 1), 'b');
    end(shown, "1=b store=1 length=12288");
    assert_int_equal(shown->path.forced_seen, 1);
}

static void a_block_replaced_as_a_whole_was_not_looked_at(void **state)
{
    struct shown *shown = *state;
    char block[BLOCK];
    memset(block, 'y', sizeof block);
    hand_write(shown->hand, 1, 1, 'x');
    begin(shown);
    int fd = open_store(shown, O_RDWR);
    assert_int_equal(pwrite(fd, block, BLOCK, BLOCK), BLOCK);
    assert_int_equal(read_letter(fd, 1), 'y');
    end(shown, "store=1 length=12288");
}

static void a_block_replaced_in_part_was(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 1, 'x');
    begin(shown);
    int fd = open_store(shown, O_RDWR);
    assert_int_equal(pwrite(fd, "y", 1, BLOCK + 1), 1);
    assert_int_equal(read_letter(fd, 1), 'x');
    end(shown, "store=1 length=12288 1=x");
}

static void a_write_that_fails_replaces_nothing(void **state)
{
    struct shown *shown = *state;
    char block[BLOCK] = "";
    hand_write(shown->hand, 1, 1, 'x');
    begin(shown);
    int fd = open_store(shown, O_RDONLY);
    assert_int_equal(pwrite(fd, block, BLOCK, BLOCK), -1);
    assert_int_equal(read_letter(fd, 1), 'x');
    end(shown, "store=1 length=12288 1=x");
}

static void blocks_beyond_the_length_do_not_exist(void **state)
{
    struct shown *shown = *state;
    char byte;
    hand_length(shown->hand, 1, 2 * BLOCK);
    hand_sync(shown->hand, 1, 0, 0, 0);
    begin(shown);
    int fd = open_store(shown, O_RDONLY);
    assert_int_equal(pread(fd, &byte, 1, 2 * BLOCK), 0);
    assert_int_equal(lseek(fd, 0, SEEK_END), 2 * BLOCK);
    end(shown, "store=1 length=8192");
}

static void a_block_cut_by_the_length_ends_in_zeros_when_the_file_grows(void **state)
{
    struct shown *shown = *state;
    char bytes[2] = "??";
    hand_length(shown->hand, 1, BLOCK + 10);
    hand_sync(shown->hand, 1, 0, 0, 0);
    begin(shown);
    int fd = open_store(shown, O_RDWR);
    assert_int_equal(ftruncate(fd, 2 * BLOCK), 0);
    assert_int_equal(pread(fd, bytes, 2, BLOCK + 9), 2);
    assert_memory_equal(bytes, "b", 2);
    end(shown, "store=1 length=4106 1=b");
}

static void an_open_length_is_decided_by_stat(void **state)
{
    struct shown *shown = *state;
    struct stat status;
    hand_length(shown->hand, 1, 5 * BLOCK);
    begin(shown);
    assert_int_equal(stat(path_to(shown, "store"), &status), 0);
    assert_int_equal(status.st_size, 5 * BLOCK);
    assert_int_equal(status.st_nlink, 1);
    end(shown, "store=1 length=20480");
}

static void what_a_truncation_cuts_off_is_gone(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 1, 'x');
    begin(shown);
    int fd = open_store(shown, O_RDWR);
    assert_int_equal(ftruncate(fd, BLOCK), 0);
    assert_int_equal(ftruncate(fd, 2 * BLOCK), 0);
    assert_int_equal(read_letter(fd, 1), '-');
    end(shown, "store=1 length=12288");
}

static void opening_to_truncate_needs_no_block(void **state)
{
    struct shown *shown = *state;
    struct stat status;
    hand_write(shown->hand, 1, 1, 'x');
    begin(shown);
    int fd = open_store(shown, O_RDWR | O_TRUNC);
    assert_int_equal(fstat(fd, &status), 0);
    assert_int_equal(status.st_size, 0);
    end(shown, "store=1 length=12288");
}

static void a_hole_that_is_punched_needs_no_block(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 1, 'x');
    begin(shown);
    int fd = open_store(shown, O_RDWR);
    assert_int_equal(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, BLOCK, BLOCK), 0);
    assert_int_equal(read_letter(fd, 1), '-');
    end(shown, "store=1 length=12288");
}

static void a_copied_descriptor_is_as_good(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 2, 'x');
    begin(shown);
    int fd = open_store(shown, O_RDONLY);
    int copy = dup(fd);
    close(fd);
    assert_int_equal(read_letter(copy, 2), 'x');
    end(shown, "store=1 length=12288 2=x");
}

static void an_append_goes_to_the_end(void **state)
{
    struct shown *shown = *state;
    struct stat status;
    begin(shown);
    int fd = open_store(shown, O_WRONLY | O_APPEND);
    assert_int_equal(write(fd, "z", 1), 1);
    assert_int_equal(fstat(fd, &status), 0);
    assert_int_equal(status.st_size, BLOCKS * BLOCK + 1);
    end(shown, "store=1 length=12288");
}

/* Mappings. */

static void a_mapped_open_page_is_decided_by_the_first_touch(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 0, 'x');
    hand_write(shown->hand, 1, 1, 'y');
    begin(shown);
    const char *memory = map_store(open_store(shown, O_RDONLY), PROT_READ);
    assert_int_equal(memory[BLOCK], 'y');
    end(shown, "store=1 length=12288 1=y");
}

static void a_store_to_an_open_page_decides_it(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 1, 'y');
    begin(shown);
    char *memory = map_store(open_store(shown, O_RDWR), PROT_READ | PROT_WRITE);
    memory[BLOCK + 1] = 'z';
    assert_memory_equal(memory + BLOCK, "yzy", 3);
    end(shown, "store=1 length=12288 1=y");
}

static void a_mapped_page_that_nobody_touches_was_not_looked_at(void **state)
{
    struct shown *shown = *state;
    begin(shown);
    const char *memory = map_store(open_store(shown, O_RDONLY), PROT_READ);
    assert_int_equal(memory[2 * BLOCK], 'c');
    end(shown, "store=1 length=12288 2=c");
}

static void in_a_small_mapping_every_decided_page_counts(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 1, 'y');
    begin(shown);
    int fd = open_store(shown, O_RDONLY);
    assert_true(mmap(NULL, BLOCKS * BLOCK, PROT_READ, MAP_SHARED, fd, 0) != MAP_FAILED);
    end(shown, "store=1 length=12288 0=a 2=c");
}

static void in_a_private_mapping_every_decided_page_counts(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 1, 'y');
    begin(shown);
    int fd = open_store(shown, O_RDONLY);
    char *memory = mmap(NULL, 3 * BLOCK, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    memory[BLOCK] = '!';
    assert_int_equal(read_letter(fd, 1), 'y');
    end(shown, "store=1 length=12288 0=a 2=c 1=y");
}

static void touches_are_noted_before_a_mapping_goes(void **state)
{
    struct shown *shown = *state;
    begin(shown);
    int fd = open_store(shown, O_RDWR);
    char *memory = map_store(fd, PROT_READ | PROT_WRITE);
    volatile char letter = memory[0];
    munmap(memory, BLOCK);
    letter = memory[2 * BLOCK];
    (void)letter;
    assert_int_equal(ftruncate(fd, BLOCK), 0);
    end(shown, "store=1 length=12288 0=a 2=c");
}

static void the_kernel_can_write_from_an_open_page(void **state)
{
    struct shown *shown = *state;
    char letter;
    int ends[2];
    hand_write(shown->hand, 1, 1, 'y');
    begin(shown);
    const char *memory = map_store(open_store(shown, O_RDONLY), PROT_READ);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], memory + BLOCK, 1), 1);
    assert_int_equal(read(ends[0], &letter, 1), 1);
    assert_int_equal(letter, 'y');
    close(ends[0]);
    close(ends[1]);
    end(shown, "store=1 length=12288 1=y");
}

static void the_kernel_can_read_into_an_open_page(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 1, 'y');
    begin(shown);
    int fd = open_store(shown, O_RDWR);
    char *memory = map_store(fd, PROT_READ | PROT_WRITE);
    assert_int_equal(pread(fd, memory + BLOCK, 1, 0), 1);
    assert_memory_equal(memory + BLOCK, "ay", 2);
    end(shown, "store=1 length=12288 1=y 0=a");
}

static void new_rights_do_not_lift_the_guard(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 1, 'y');
    begin(shown);
    char *memory = map_store(open_store(shown, O_RDWR), PROT_READ);
    assert_int_equal(mprotect(memory, 2 * BLOCK, PROT_READ | PROT_WRITE), 0);
    memory[BLOCK + 1] = 'z';
    assert_memory_equal(memory + BLOCK, "yz", 2);
    end(shown, "store=1 length=12288 1=y");
}

static void guards_move_with_their_mapping(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 1, 'y');
    begin(shown);
    char *memory = map_store(open_store(shown, O_RDONLY), PROT_READ);
    char *place = mmap(NULL, MAPPED, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *moved = mremap(memory, MAPPED, MAPPED, MREMAP_MAYMOVE | MREMAP_FIXED, place);
    assert_ptr_equal(moved, place);
    assert_int_equal(moved[BLOCK], 'y');
    assert_int_equal(moved[2 * BLOCK], 'c');
    end(shown, "store=1 length=12288 1=y 2=c");
}

static void a_page_put_over_another_takes_its_place(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 1, 'y');
    begin(shown);
    int fd = open_store(shown, O_RDONLY);
    char *memory = map_store(fd, PROT_READ);
    assert_ptr_equal(mmap(memory + BLOCK, BLOCK, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0),
                     memory + BLOCK);
    assert_int_equal(memory[BLOCK], 'a');
    end(shown, "store=1 length=12288 0=a");
}

static void both_mappings_of_a_block_show_what_was_decided(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 1, 'y');
    begin(shown);
    int fd = open_store(shown, O_RDWR);
    char *one = map_store(fd, PROT_READ), *two = map_store(fd, PROT_READ | PROT_WRITE);
    assert_int_equal(one[BLOCK], 'y');
    two[BLOCK] = 'z';
    assert_int_equal(one[BLOCK], 'z');
    end(shown, "store=1 length=12288 1=y");
}

static void a_write_lifts_the_guard_of_what_it_replaces(void **state)
{
    struct shown *shown = *state;
    char block[BLOCK];
    memset(block, 'w', sizeof block);
    hand_write(shown->hand, 1, 1, 'y');
    begin(shown);
    int fd = open_store(shown, O_RDWR);
    char *memory = map_store(fd, PROT_READ);
    assert_int_equal(pwrite(fd, block, BLOCK, BLOCK), BLOCK);
    assert_int_equal(memory[BLOCK], 'w');
    end(shown, "store=1 length=12288");
}

static void a_mapping_of_a_read_only_descriptor_stays_read_only(void **state)
{
    struct shown *shown = *state;
    begin(shown);
    int fd = open_store(shown, O_RDONLY);
    char *memory = map_store(fd, PROT_READ);
    assert_int_equal(mprotect(memory, BLOCK, PROT_READ | PROT_WRITE), -1);
    assert_int_equal(errno, EACCES);
    assert_ptr_equal(mmap(NULL, BLOCK, PROT_WRITE, MAP_SHARED, fd, 0), MAP_FAILED);
    assert_int_equal(errno, EACCES);
    end(shown, "store=1 length=12288");
}

/* Names. */

static void a_name_that_is_not_there_counts_as_looked_at(void **state)
{
    struct shown *shown = *state;
    hand_name(shown->hand, FSIM_NO_FILE);
    begin(shown);
    assert_int_equal(access(path_to(shown, "store"), F_OK), -1);
    assert_int_equal(errno, ENOENT);
    end(shown, "store=0");
}

static void reading_the_directory_looks_at_every_name(void **state)
{
    struct shown *shown = *state;
    unsigned entries = 0;
    begin(shown);
    DIR *directory = opendir(image_directory(shown->image));
    while (readdir(directory) != NULL)
        entries++;
    closedir(directory);
    assert_int_equal(entries, 3); /* ".", ".." and the store */
    end(shown, "store=1");
}

static void so_does_a_descriptor_of_it(void **state)
{
    struct shown *shown = *state;
    begin(shown);
    close(open(image_directory(shown->image), O_RDONLY | O_DIRECTORY));
    end(shown, "store=1");
}

static void names_of_the_recovery_itself_are_nobodys_business(void **state)
{
    struct shown *shown = *state;
    begin(shown);
    close(open(path_to(shown, "temporary"), O_RDWR | O_CREAT, 0600));
    assert_int_equal(unlink(path_to(shown, "temporary")), 0);
    end(shown, "");
}

static void a_relative_path_means_the_same(void **state)
{
    struct shown *shown = *state;
    begin(shown);
    int directory = open(image_directory(shown->image), O_RDONLY | O_DIRECTORY);
    int fd = openat(directory, "./store", O_RDONLY);
    assert_int_equal(read_letter(fd, 2), 'c');
    end(shown, "store=1 length=12288 2=c");
}

/* Runs do not see each other. */

static void expect_as_recorded(struct shown *shown)
{
    begin(shown);
    int fd = open_store(shown, O_RDONLY);
    for (off_t i = 0; i < BLOCKS; i++)
        assert_int_equal(read_letter(fd, i), 'a' + i);
    end(shown, "store=1 length=12288 0=a 1=b 2=c");
}

static void the_next_run_sees_nothing_of_writes(void **state)
{
    struct shown *shown = *state;
    begin(shown);
    int fd = open_store(shown, O_RDWR);
    assert_int_equal(pwrite(fd, "!", 1, BLOCK), 1);
    char *memory = map_store(fd, PROT_READ | PROT_WRITE);
    memory[0] = '!';
    close(fd);
    end(shown, "store=1 length=12288 1=b 0=a");
    expect_as_recorded(shown);
}

static void the_next_run_sees_nothing_of_lengths(void **state)
{
    struct shown *shown = *state;
    begin(shown);
    int fd = open_store(shown, O_RDWR);
    assert_int_equal(ftruncate(fd, 10), 0);
    assert_int_equal(pwrite(fd, "!", 1, 100 * BLOCK), 1);
    end(shown, "store=1 length=12288 0=a");
    expect_as_recorded(shown);
}

static void the_next_run_sees_nothing_of_names(void **state)
{
    struct shown *shown = *state;
    begin(shown);
    assert_int_equal(rename(path_to(shown, "store"), path_to(shown, "elsewhere")), 0);
    close(open(path_to(shown, "store"), O_RDWR | O_CREAT | O_EXCL, 0600));
    end(shown, "store=1");
    expect_as_recorded(shown);
    assert_int_equal(access(path_to(shown, "elsewhere"), F_OK), -1);
}

static void the_next_run_finds_no_leftovers_of_a_leak(void **state)
{
    struct shown *shown = *state;
    begin(shown);
    int fd = open_store(shown, O_RDWR);
    char *memory = map_store(fd, PROT_READ);
    end(shown, "store=1 length=12288");
    assert_int_equal(fcntl(fd, F_GETFD), -1);
    unsigned char resident;
    assert_int_equal(mincore(memory, BLOCK, &resident), -1);
    expect_as_recorded(shown);
}

int main(void)
{
#define SHOWN(test) cmocka_unit_test_setup_teardown(test, prepare, dispose)
    const struct CMUnitTest tests[] = {
        SHOWN(opening_looks_at_the_name_only),
        SHOWN(a_read_looks_at_the_length_and_the_blocks_it_covers),
        SHOWN(an_open_block_is_decided_by_a_read_for_its_latest_version),
        SHOWN(what_the_path_decides_is_there),
        SHOWN(a_block_replaced_as_a_whole_was_not_looked_at),
        SHOWN(a_block_replaced_in_part_was),
        SHOWN(a_write_that_fails_replaces_nothing),
        SHOWN(blocks_beyond_the_length_do_not_exist),
        SHOWN(a_block_cut_by_the_length_ends_in_zeros_when_the_file_grows),
        SHOWN(an_open_length_is_decided_by_stat),
        SHOWN(what_a_truncation_cuts_off_is_gone),
        SHOWN(opening_to_truncate_needs_no_block),
        SHOWN(a_hole_that_is_punched_needs_no_block),
        SHOWN(a_copied_descriptor_is_as_good),
        SHOWN(an_append_goes_to_the_end),
        SHOWN(a_mapped_open_page_is_decided_by_the_first_touch),
        SHOWN(a_store_to_an_open_page_decides_it),
        SHOWN(a_mapped_page_that_nobody_touches_was_not_looked_at),
        SHOWN(in_a_small_mapping_every_decided_page_counts),
        SHOWN(in_a_private_mapping_every_decided_page_counts),
        SHOWN(touches_are_noted_before_a_mapping_goes),
        SHOWN(the_kernel_can_write_from_an_open_page),
        SHOWN(the_kernel_can_read_into_an_open_page),
        SHOWN(new_rights_do_not_lift_the_guard),
        SHOWN(guards_move_with_their_mapping),
        SHOWN(a_page_put_over_another_takes_its_place),
        SHOWN(both_mappings_of_a_block_show_what_was_decided),
        SHOWN(a_write_lifts_the_guard_of_what_it_replaces),
        SHOWN(a_mapping_of_a_read_only_descriptor_stays_read_only),
        SHOWN(a_name_that_is_not_there_counts_as_looked_at),
        SHOWN(reading_the_directory_looks_at_every_name),
        SHOWN(so_does_a_descriptor_of_it),
        SHOWN(names_of_the_recovery_itself_are_nobodys_business),
        SHOWN(a_relative_path_means_the_same),
        SHOWN(the_next_run_sees_nothing_of_writes),
        SHOWN(the_next_run_sees_nothing_of_lengths),
        SHOWN(the_next_run_sees_nothing_of_names),
        SHOWN(the_next_run_finds_no_leftovers_of_a_leak),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
