/* SPDX-License-Identifier: MIT */
/*
 * What a recovery sees of a crash state, and what counts as looked at. Each test plays a recovery
 * in this process.
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

#include "shown_image.h"

/* Calls on descriptors. */

static void opening_looks_at_the_name_only(void **state)
{
    shown_begin(*state);
    close(shown_open(*state, O_RDONLY));
    shown_end(*state, "store=1");
}

static void a_read_looks_at_the_length_and_the_blocks_it_covers(void **state)
{
    char bytes[2];
    shown_begin(*state);
    int fd = shown_open(*state, O_RDONLY);
    assert_int_equal(pread(fd, bytes, 2, BLOCK - 1), 2);
    assert_memory_equal(bytes, "ab", 2);
    shown_end(*state, "store=1 length=12288 0=a 1=b");
}

static void an_open_block_is_decided_by_a_read_for_its_latest_version(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 1, 'x');
    shown_begin(shown);
    int fd = shown_open(shown, O_RDONLY);
    assert_int_equal(shown_letter(fd, 1), 'x');
    shown_end(shown, "store=1 length=12288 1=x");
}

static void what_the_path_decides_is_there(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 1, 'x');
    shown_begin(shown);
    shown_end(shown, "");
    shown->path.forced = 1;
    shown->path.items[0] = cursor_find(shown->cursor, (struct fsim_item){FSIM_ITEM_BLOCK, 1, 1});
    shown->path.values[0] = hand_content(shown->hand, 'b');
    shown_begin(shown);
    int fd = shown_open(shown, O_RDONLY);
    assert_int_equal(shown_letter(fd, 1), 'b');
    shown_end(shown, "1=b store=1 length=12288");
    assert_int_equal(shown->path.forced_seen, 1);
}

static void a_block_replaced_as_a_whole_was_not_looked_at(void **state)
{
    struct shown *shown = *state;
    char block[BLOCK];
    memset(block, 'y', sizeof block);
    hand_write(shown->hand, 1, 1, 'x');
    shown_begin(shown);
    int fd = shown_open(shown, O_RDWR);
    assert_int_equal(pwrite(fd, block, BLOCK, BLOCK), BLOCK);
    assert_int_equal(shown_letter(fd, 1), 'y');
    shown_end(shown, "store=1 length=12288");
}

static void a_block_replaced_in_part_was(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 1, 'x');
    shown_begin(shown);
    int fd = shown_open(shown, O_RDWR);
    assert_int_equal(pwrite(fd, "y", 1, BLOCK + 1), 1);
    assert_int_equal(shown_letter(fd, 1), 'x');
    shown_end(shown, "store=1 length=12288 1=x");
}

static void a_write_that_fails_replaces_nothing(void **state)
{
    struct shown *shown = *state;
    char block[BLOCK] = "";
    hand_write(shown->hand, 1, 1, 'x');
    shown_begin(shown);
    int fd = shown_open(shown, O_RDONLY);
    assert_int_equal(pwrite(fd, block, BLOCK, BLOCK), -1);
    assert_int_equal(shown_letter(fd, 1), 'x');
    shown_end(shown, "store=1 length=12288 1=x");
}

static void blocks_beyond_the_length_do_not_exist(void **state)
{
    struct shown *shown = *state;
    char byte;
    hand_length(shown->hand, 1, 2 * BLOCK);
    hand_sync(shown->hand, 1, 0, 0, 0);
    shown_begin(shown);
    int fd = shown_open(shown, O_RDONLY);
    assert_int_equal(pread(fd, &byte, 1, 2 * BLOCK), 0);
    assert_int_equal(lseek(fd, 0, SEEK_END), 2 * BLOCK);
    shown_end(shown, "store=1 length=8192");
}

static void a_block_cut_by_the_length_ends_in_zeros_when_the_file_grows(void **state)
{
    struct shown *shown = *state;
    char bytes[2] = "??";
    hand_length(shown->hand, 1, BLOCK + 10);
    hand_sync(shown->hand, 1, 0, 0, 0);
    shown_begin(shown);
    int fd = shown_open(shown, O_RDWR);
    assert_int_equal(ftruncate(fd, 2 * BLOCK), 0);
    assert_int_equal(pread(fd, bytes, 2, BLOCK + 9), 2);
    assert_memory_equal(bytes, "b", 2);
    shown_end(shown, "store=1 length=4106 1=b");
}

static void an_open_length_is_decided_by_stat(void **state)
{
    struct shown *shown = *state;
    struct stat status;
    hand_length(shown->hand, 1, 5 * BLOCK);
    shown_begin(shown);
    assert_int_equal(stat(shown_path(shown, "store"), &status), 0);
    assert_int_equal(status.st_size, 5 * BLOCK);
    assert_int_equal(status.st_nlink, 1);
    shown_end(shown, "store=1 length=20480");
}

static void what_a_truncation_cuts_off_is_gone(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 1, 'x');
    shown_begin(shown);
    int fd = shown_open(shown, O_RDWR);
    assert_int_equal(ftruncate(fd, BLOCK), 0);
    assert_int_equal(ftruncate(fd, 2 * BLOCK), 0);
    assert_int_equal(shown_letter(fd, 1), '-');
    shown_end(shown, "store=1 length=12288");
}

static void opening_to_truncate_needs_no_block(void **state)
{
    struct shown *shown = *state;
    struct stat status;
    hand_write(shown->hand, 1, 1, 'x');
    shown_begin(shown);
    int fd = shown_open(shown, O_RDWR | O_TRUNC);
    assert_int_equal(fstat(fd, &status), 0);
    assert_int_equal(status.st_size, 0);
    shown_end(shown, "store=1 length=12288");
}

static void a_hole_that_is_punched_needs_no_block(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 1, 'x');
    shown_begin(shown);
    int fd = shown_open(shown, O_RDWR);
    assert_int_equal(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, BLOCK, BLOCK), 0);
    assert_int_equal(shown_letter(fd, 1), '-');
    shown_end(shown, "store=1 length=12288");
}

static void a_copied_descriptor_is_as_good(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 2, 'x');
    shown_begin(shown);
    int fd = shown_open(shown, O_RDONLY);
    int copy = dup(fd);
    close(fd);
    assert_int_equal(shown_letter(copy, 2), 'x');
    shown_end(shown, "store=1 length=12288 2=x");
}

static void an_append_goes_to_the_end(void **state)
{
    struct shown *shown = *state;
    struct stat status;
    shown_begin(shown);
    int fd = shown_open(shown, O_WRONLY | O_APPEND);
    assert_int_equal(write(fd, "z", 1), 1);
    assert_int_equal(fstat(fd, &status), 0);
    assert_int_equal(status.st_size, BLOCKS * BLOCK + 1);
    shown_end(shown, "store=1 length=12288");
}

/* Mappings. */

static void a_mapped_open_page_is_decided_by_the_first_touch(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 0, 'x');
    hand_write(shown->hand, 1, 1, 'y');
    shown_begin(shown);
    const char *memory = shown_map(shown_open(shown, O_RDONLY), PROT_READ);
    assert_int_equal(memory[BLOCK], 'y');
    shown_end(shown, "store=1 length=12288 1=y");
}

static void a_store_to_an_open_page_decides_it(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 1, 'y');
    shown_begin(shown);
    char *memory = shown_map(shown_open(shown, O_RDWR), PROT_READ | PROT_WRITE);
    memory[BLOCK + 1] = 'z';
    assert_memory_equal(memory + BLOCK, "yzy", 3);
    shown_end(shown, "store=1 length=12288 1=y");
}

static void a_mapped_page_that_nobody_touches_was_not_looked_at(void **state)
{
    struct shown *shown = *state;
    shown_begin(shown);
    const char *memory = shown_map(shown_open(shown, O_RDONLY), PROT_READ);
    assert_int_equal(memory[2 * BLOCK], 'c');
    shown_end(shown, "store=1 length=12288 2=c");
}

static void in_a_small_mapping_every_decided_page_counts(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 1, 'y');
    shown_begin(shown);
    int fd = shown_open(shown, O_RDONLY);
    assert_true(mmap(NULL, BLOCKS * BLOCK, PROT_READ, MAP_SHARED, fd, 0) != MAP_FAILED);
    shown_end(shown, "store=1 length=12288 0=a 2=c");
}

static void in_a_private_mapping_every_decided_page_counts(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 1, 'y');
    shown_begin(shown);
    int fd = shown_open(shown, O_RDONLY);
    char *memory = mmap(NULL, 3 * BLOCK, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    memory[BLOCK] = '!';
    assert_int_equal(shown_letter(fd, 1), 'y');
    shown_end(shown, "store=1 length=12288 0=a 2=c 1=y");
}

static void touches_are_noted_before_a_mapping_goes(void **state)
{
    struct shown *shown = *state;
    shown_begin(shown);
    int fd = shown_open(shown, O_RDWR);
    char *memory = shown_map(fd, PROT_READ | PROT_WRITE);
    volatile char letter = memory[0];
    munmap(memory, BLOCK);
    letter = memory[2 * BLOCK];
    (void)letter;
    assert_int_equal(ftruncate(fd, BLOCK), 0);
    shown_end(shown, "store=1 length=12288 0=a 2=c");
}

static void the_kernel_can_write_from_an_open_page(void **state)
{
    struct shown *shown = *state;
    char letter;
    int ends[2];
    hand_write(shown->hand, 1, 1, 'y');
    shown_begin(shown);
    const char *memory = shown_map(shown_open(shown, O_RDONLY), PROT_READ);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], memory + BLOCK, 1), 1);
    assert_int_equal(read(ends[0], &letter, 1), 1);
    assert_int_equal(letter, 'y');
    close(ends[0]);
    close(ends[1]);
    shown_end(shown, "store=1 length=12288 1=y");
}

static void the_kernel_can_read_into_an_open_page(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 1, 'y');
    shown_begin(shown);
    int fd = shown_open(shown, O_RDWR);
    char *memory = shown_map(fd, PROT_READ | PROT_WRITE);
    assert_int_equal(pread(fd, memory + BLOCK, 1, 0), 1);
    assert_memory_equal(memory + BLOCK, "ay", 2);
    shown_end(shown, "store=1 length=12288 1=y 0=a");
}

static void the_kernel_can_lock_an_open_page(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 1, 'y');
    shown_begin(shown);
    char *memory = shown_map(shown_open(shown, O_RDONLY), PROT_READ);
    assert_int_equal(mlock(memory + BLOCK, BLOCK), 0);
    shown_end(shown, "store=1 length=12288 1=y");
}

static void new_rights_do_not_lift_the_guard(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 1, 'y');
    shown_begin(shown);
    char *memory = shown_map(shown_open(shown, O_RDWR), PROT_READ);
    assert_int_equal(mprotect(memory, 2 * BLOCK, PROT_READ | PROT_WRITE), 0);
    memory[BLOCK + 1] = 'z';
    assert_memory_equal(memory + BLOCK, "yz", 2);
    shown_end(shown, "store=1 length=12288 1=y");
}

static void guards_move_with_their_mapping(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 1, 'y');
    shown_begin(shown);
    char *memory = shown_map(shown_open(shown, O_RDONLY), PROT_READ);
    char *place = mmap(NULL, MAPPED, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *moved = mremap(memory, MAPPED, MAPPED, MREMAP_MAYMOVE | MREMAP_FIXED, place);
    assert_ptr_equal(moved, place);
    assert_int_equal(moved[BLOCK], 'y');
    assert_int_equal(moved[2 * BLOCK], 'c');
    shown_end(shown, "store=1 length=12288 1=y 2=c");
}

static void a_page_put_over_another_takes_its_place(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 1, 'y');
    shown_begin(shown);
    int fd = shown_open(shown, O_RDONLY);
    char *memory = shown_map(fd, PROT_READ);
    assert_ptr_equal(mmap(memory + BLOCK, BLOCK, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0),
                     memory + BLOCK);
    assert_int_equal(memory[BLOCK], 'a');
    shown_end(shown, "store=1 length=12288 0=a");
}

static void both_mappings_of_a_block_show_what_was_decided(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 1, 'y');
    shown_begin(shown);
    int fd = shown_open(shown, O_RDWR);
    char *one = shown_map(fd, PROT_READ), *two = shown_map(fd, PROT_READ | PROT_WRITE);
    assert_int_equal(one[BLOCK], 'y');
    two[BLOCK] = 'z';
    assert_int_equal(one[BLOCK], 'z');
    shown_end(shown, "store=1 length=12288 1=y");
}

static void a_write_lifts_the_guard_of_what_it_replaces(void **state)
{
    struct shown *shown = *state;
    char block[BLOCK];
    memset(block, 'w', sizeof block);
    hand_write(shown->hand, 1, 1, 'y');
    shown_begin(shown);
    int fd = shown_open(shown, O_RDWR);
    char *memory = shown_map(fd, PROT_READ);
    assert_int_equal(pwrite(fd, block, BLOCK, BLOCK), BLOCK);
    assert_int_equal(memory[BLOCK], 'w');
    shown_end(shown, "store=1 length=12288");
}

static void a_mapping_of_a_read_only_descriptor_stays_read_only(void **state)
{
    struct shown *shown = *state;
    shown_begin(shown);
    int fd = shown_open(shown, O_RDONLY);
    char *memory = shown_map(fd, PROT_READ);
    assert_int_equal(mprotect(memory, BLOCK, PROT_READ | PROT_WRITE), -1);
    assert_int_equal(errno, EACCES);
    assert_ptr_equal(mmap(NULL, BLOCK, PROT_WRITE, MAP_SHARED, fd, 0), MAP_FAILED);
    assert_int_equal(errno, EACCES);
    shown_end(shown, "store=1 length=12288");
}

/* Names. */

static void a_name_that_is_not_there_counts_as_looked_at(void **state)
{
    struct shown *shown = *state;
    hand_name(shown->hand, FSIM_NO_FILE);
    shown_begin(shown);
    assert_int_equal(access(shown_path(shown, "store"), F_OK), -1);
    assert_int_equal(errno, ENOENT);
    shown_end(shown, "store=0");
}

static void reading_the_directory_looks_at_every_name(void **state)
{
    struct shown *shown = *state;
    unsigned entries = 0;
    shown_begin(shown);
    DIR *directory = opendir(image_directory(shown->image));
    while (readdir(directory) != NULL)
        entries++;
    closedir(directory);
    assert_int_equal(entries, 3); /* ".", ".." and the store */
    shown_end(shown, "store=1");
}

static void so_does_a_descriptor_of_it(void **state)
{
    struct shown *shown = *state;
    shown_begin(shown);
    close(open(image_directory(shown->image), O_RDONLY | O_DIRECTORY));
    shown_end(shown, "store=1");
}

static void names_of_the_recovery_itself_are_nobodys_business(void **state)
{
    struct shown *shown = *state;
    shown_begin(shown);
    close(open(shown_path(shown, "temporary"), O_RDWR | O_CREAT, 0600));
    assert_int_equal(unlink(shown_path(shown, "temporary")), 0);
    shown_end(shown, "");
}

static void a_relative_path_means_the_same(void **state)
{
    struct shown *shown = *state;
    shown_begin(shown);
    int directory = open(image_directory(shown->image), O_RDONLY | O_DIRECTORY);
    int fd = openat(directory, "./store", O_RDONLY);
    assert_int_equal(shown_letter(fd, 2), 'c');
    shown_end(shown, "store=1 length=12288 2=c");
}

/* Runs do not see each other. */

static void expect_as_recorded(struct shown *shown)
{
    shown_begin(shown);
    int fd = shown_open(shown, O_RDONLY);
    for (off_t i = 0; i < BLOCKS; i++)
        assert_int_equal(shown_letter(fd, i), 'a' + i);
    shown_end(shown, "store=1 length=12288 0=a 1=b 2=c");
}

static void the_next_run_sees_nothing_of_writes(void **state)
{
    struct shown *shown = *state;
    shown_begin(shown);
    int fd = shown_open(shown, O_RDWR);
    assert_int_equal(pwrite(fd, "!", 1, BLOCK), 1);
    char *memory = shown_map(fd, PROT_READ | PROT_WRITE);
    memory[0] = '!';
    close(fd);
    shown_end(shown, "store=1 length=12288 1=b 0=a");
    expect_as_recorded(shown);
}

static void the_next_run_sees_nothing_of_lengths(void **state)
{
    struct shown *shown = *state;
    shown_begin(shown);
    int fd = shown_open(shown, O_RDWR);
    assert_int_equal(ftruncate(fd, 10), 0);
    assert_int_equal(pwrite(fd, "!", 1, 100 * BLOCK), 1);
    shown_end(shown, "store=1 length=12288 0=a");
    expect_as_recorded(shown);
}

static void the_next_run_sees_nothing_of_names(void **state)
{
    struct shown *shown = *state;
    shown_begin(shown);
    assert_int_equal(rename(shown_path(shown, "store"), shown_path(shown, "elsewhere")), 0);
    close(open(shown_path(shown, "store"), O_RDWR | O_CREAT | O_EXCL, 0600));
    shown_end(shown, "store=1");
    expect_as_recorded(shown);
    assert_int_equal(access(shown_path(shown, "elsewhere"), F_OK), -1);
}

static void the_next_run_finds_no_leftovers_of_a_leak(void **state)
{
    struct shown *shown = *state;
    shown_begin(shown);
    int fd = shown_open(shown, O_RDWR);
    char *memory = shown_map(fd, PROT_READ);
    shown_end(shown, "store=1 length=12288");
    assert_int_equal(fcntl(fd, F_GETFD), -1);
    unsigned char resident;
    assert_int_equal(mincore(memory, BLOCK, &resident), -1);
    expect_as_recorded(shown);
}

int main(void)
{
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
        SHOWN(the_kernel_can_lock_an_open_page),
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
