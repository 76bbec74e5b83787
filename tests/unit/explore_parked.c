/* SPDX-License-Identifier: MIT */
/*
 * A range of addresses that one recovery gives back and the next one reserves again: whatever is
 * kept of it meanwhile, each recovery finds what it would find if nothing were.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shown_image.h"

enum { PAGES = 64, RESERVATION = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE };

static char *const range = (char *)0x510000000000;

static const char everything[] = "store=1 length=12288 0=a 1=b 2=c";

static void *reserve(char *address, size_t pages)
{
    return mmap(address, pages * BLOCK, PROT_NONE, RESERVATION | MAP_FIXED_NOREPLACE, -1, 0);
}

static char *map_over(int fd, size_t page, size_t pages, off_t block, int protection)
{
    char *memory = mmap(range + page * BLOCK, pages * BLOCK, protection, MAP_SHARED | MAP_FIXED, fd,
                        block * BLOCK);
    assert_ptr_equal(memory, range + page * BLOCK);
    return memory;
}

/* A recovery that reserves the range, maps all of the file to its start, and gives the range back.
 * With one block open it looks at that by a touch. */
static void come_and_go(struct shown *shown, const char *sees, const char *path)
{
    shown_begin(shown);
    int fd = shown_open(shown, O_RDWR);
    assert_ptr_equal(reserve(range, PAGES), range);
    const char *memory = map_over(fd, 0, BLOCKS, 0, PROT_READ);
    for (size_t i = 0; i < BLOCKS; i++)
        assert_int_equal(memory[i * BLOCK], sees[i]);
    assert_int_equal(munmap(range, PAGES * BLOCK), 0);
    close(fd);
    shown_end(shown, path);
}

static bool is_mapped_by_the_kernel(const char *address)
{
    unsigned char resident;
    return mincore((void *)address, BLOCK, &resident) == 0;
}

/* How a child ends that touches an address. */
static int signal_of_touching(const volatile char *address)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        signal(SIGSEGV, SIG_DFL);
        _exit(*address == 'a' ? 1 : 2);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void a_range_is_parked(void **state)
{
    come_and_go(*state, "abc", everything);
    assert_true(is_mapped_by_the_kernel(range));
    come_and_go(*state, "abc", everything);
}

static void a_parked_mapping_shows_what_the_next_run_decides(void **state)
{
    struct shown *shown = *state;
    hand_write(shown->hand, 1, 1, 'y');
    come_and_go(shown, "ayc", "store=1 length=12288 0=a 2=c 1=y");
    shown->path.forced = shown->path.count;
    shown->path.values[4] = hand_content(shown->hand, 'b');
    come_and_go(shown, "abc", "store=1 length=12288 0=a 2=c 1=b");
}

static void stores_to_a_parked_mapping_are_gone_in_the_next_run(void **state)
{
    struct shown *shown = *state;
    shown_begin(shown);
    int fd = shown_open(shown, O_RDWR);
    reserve(range, PAGES);
    memset(map_over(fd, 0, BLOCKS, 0, PROT_READ | PROT_WRITE), 'w', BLOCKS * BLOCK);
    assert_int_equal(munmap(range, PAGES * BLOCK), 0);
    shown_end(shown, everything);
    come_and_go(shown, "abc", everything);
}

static void nothing_is_seen_where_nothing_is_mapped_yet(void **state)
{
    struct shown *shown = *state;
    come_and_go(shown, "abc", everything);
    assert_int_equal(signal_of_touching(range), SIGSEGV);
    shown_begin(shown);
    reserve(range, PAGES);
    assert_int_equal(signal_of_touching(range), SIGSEGV);
    assert_int_equal(munmap(range, PAGES * BLOCK), 0);
    shown_end(shown, "");
}

static void memory_that_is_made_usable_there_is_zeros(void **state)
{
    struct shown *shown = *state;
    come_and_go(shown, "abc", everything);
    shown_begin(shown);
    reserve(range, PAGES);
    assert_int_equal(mprotect(range, BLOCK, PROT_READ | PROT_WRITE), 0);
    assert_int_equal(range[0], 0);
    range[0] = 'w';
    assert_int_equal(munmap(range, PAGES * BLOCK), 0);
    assert_false(is_mapped_by_the_kernel(range));
    shown_end(shown, "");
    come_and_go(shown, "abc", everything);
}

static void other_blocks_and_other_pieces_are_mapped_anew(void **state)
{
    struct shown *shown = *state;
    come_and_go(shown, "abc", everything);
    shown_begin(shown);
    int fd = shown_open(shown, O_RDWR);
    reserve(range, PAGES);
    assert_int_equal(map_over(fd, 1, 1, 2, PROT_READ)[0], 'c');
    assert_int_equal(signal_of_touching(range), SIGSEGV);
    assert_int_equal(signal_of_touching(range + 2 * BLOCK), SIGSEGV);
    assert_int_equal(munmap(range, PAGES * BLOCK), 0);
    shown_end(shown, "store=1 length=12288 2=c");
    come_and_go(shown, "abc", everything);
}

static void another_range_may_overlap_it(void **state)
{
    struct shown *shown = *state;
    come_and_go(shown, "abc", everything);
    shown_begin(shown);
    assert_ptr_equal(reserve(range + BLOCK, PAGES), range + BLOCK);
    assert_false(is_mapped_by_the_kernel(range));
    assert_ptr_equal(reserve(range, 2), MAP_FAILED);
    assert_int_equal(errno, EEXIST);
    assert_int_equal(munmap(range + BLOCK, PAGES * BLOCK), 0);
    shown_end(shown, "");
    come_and_go(shown, "abc", everything);
}

static void a_range_in_use_is_not_reserved_twice(void **state)
{
    struct shown *shown = *state;
    come_and_go(shown, "abc", everything);
    shown_begin(shown);
    assert_ptr_equal(reserve(range, PAGES), range);
    assert_ptr_equal(reserve(range, PAGES), MAP_FAILED);
    assert_int_equal(munmap(range, PAGES * BLOCK), 0);
    shown_end(shown, "");
}

static void what_is_given_back_in_part_is_gone(void **state)
{
    struct shown *shown = *state;
    come_and_go(shown, "abc", everything);
    shown_begin(shown);
    int fd = shown_open(shown, O_RDWR);
    reserve(range, PAGES);
    map_over(fd, 0, BLOCKS, 0, PROT_READ);
    assert_int_equal(munmap(range + BLOCK, BLOCK), 0);
    assert_false(is_mapped_by_the_kernel(range + BLOCK));
    assert_int_equal(range[2 * BLOCK], 'c');
    assert_int_equal(munmap(range, PAGES * BLOCK), 0);
    assert_false(is_mapped_by_the_kernel(range));
    shown_end(shown, everything);
    come_and_go(shown, "abc", everything);
}

static void a_mapping_can_be_moved_out_of_it(void **state)
{
    struct shown *shown = *state;
    come_and_go(shown, "abc", everything);
    shown_begin(shown);
    int fd = shown_open(shown, O_RDWR);
    reserve(range, PAGES);
    map_over(fd, 0, BLOCKS, 0, PROT_READ);
    char *moved = mremap(range, BLOCKS * BLOCK, BLOCKS * BLOCK, MREMAP_MAYMOVE | MREMAP_FIXED,
                         range + 2 * PAGES * BLOCK);
    assert_ptr_equal(moved, range + 2 * PAGES * BLOCK);
    assert_int_equal(moved[BLOCK], 'b');
    assert_false(is_mapped_by_the_kernel(range));
    assert_int_equal(munmap(moved, BLOCKS * BLOCK), 0);
    assert_int_equal(munmap(range, PAGES * BLOCK), 0);
    shown_end(shown, everything);
    come_and_go(shown, "abc", everything);
}

static void a_private_mapping_is_not_kept(void **state)
{
    struct shown *shown = *state;
    shown_begin(shown);
    int fd = shown_open(shown, O_RDWR);
    reserve(range, PAGES);
    memset(mmap(range, BLOCK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, fd, 0), 'w', BLOCK);
    assert_int_equal(munmap(range, PAGES * BLOCK), 0);
    close(fd);
    shown_end(shown, "store=1 length=12288 0=a");
    shown_begin(shown);
    fd = shown_open(shown, O_RDWR);
    reserve(range, PAGES);
    assert_int_equal(map_over(fd, 0, 1, 0, PROT_READ)[0], 'a');
    assert_int_equal(munmap(range, PAGES * BLOCK), 0);
    shown_end(shown, "store=1 length=12288 0=a");
    come_and_go(shown, "abc", everything);
}

static void no_lock_of_the_file_is_kept(void **state)
{
    struct shown *shown = *state;
    for (int run = 0; run < 2; run++) {
        shown_begin(shown);
        int fd = shown_open(shown, O_RDWR);
        assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
        reserve(range, PAGES);
        map_over(fd, 0, BLOCKS, 0, PROT_READ);
        assert_int_equal(munmap(range, PAGES * BLOCK), 0);
        close(fd);
        shown_end(shown, everything);
    }
}

static void what_is_not_given_back_is_not_kept(void **state)
{
    struct shown *shown = *state;
    shown_begin(shown);
    int fd = shown_open(shown, O_RDWR);
    reserve(range, PAGES);
    map_over(fd, 0, BLOCKS, 0, PROT_READ);
    shown_end(shown, everything);
    assert_false(is_mapped_by_the_kernel(range));
    munmap(range, PAGES * BLOCK);
    come_and_go(shown, "abc", everything);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SHOWN(a_range_is_parked),
        SHOWN(a_parked_mapping_shows_what_the_next_run_decides),
        SHOWN(stores_to_a_parked_mapping_are_gone_in_the_next_run),
        SHOWN(nothing_is_seen_where_nothing_is_mapped_yet),
        SHOWN(memory_that_is_made_usable_there_is_zeros),
        SHOWN(other_blocks_and_other_pieces_are_mapped_anew),
        SHOWN(another_range_may_overlap_it),
        SHOWN(a_range_in_use_is_not_reserved_twice),
        SHOWN(what_is_given_back_in_part_is_gone),
        SHOWN(a_mapping_can_be_moved_out_of_it),
        SHOWN(a_private_mapping_is_not_kept),
        SHOWN(no_lock_of_the_file_is_kept),
        SHOWN(what_is_not_given_back_is_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
