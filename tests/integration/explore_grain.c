/* SPDX-License-Identifier: MIT */
/*
 * A bug that only the grain of stores shows. This file calls back before each of its own.
 *
 * The store under test is a number in a mapped page, made durable where it lies. That is right, as
 * long as nobody uses it as scratch and puts it back before the next call.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include <faultsim/explore.h>

enum { BLOCK = FSIM_BLOCK_SIZE, UPDATES = 3 };

static struct fsim_digest state_of(uint64_t number)
{
    return (struct fsim_digest){number, 1};
}

static void mark(enum fsim_mark_kind kind, uint64_t number)
{
    fsim_capture_mark(kind, "number", state_of(number), NULL, 0);
}

static uint64_t *map_number(const char *directory, int flags)
{
    char path[512];
    snprintf(path, sizeof path, "%s/number", directory);
    int fd = open(path, flags, 0600);
    if (fd < 0 || ftruncate(fd, BLOCK) != 0)
        return NULL;
    void *page = mmap(NULL, BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    return page == MAP_FAILED ? NULL : page;
}

static void sum_up(uint64_t *sum, uint64_t n)
{
    for (*sum = 0; n > 0; n--)
        *sum += n;
}

static uint64_t next_number(const uint64_t *durable)
{
    uint64_t sum;
    sum_up(&sum, *durable + 1);
    return sum;
}

static uint64_t next_number_by_way_of_the_durable_one(uint64_t *durable)
{
    uint64_t before = *durable, sum;
    sum_up(durable, before + 1);
    sum = *durable;
    *durable = before;
    return sum;
}

struct way {
    bool wrong;
};

static int setup(void *context, const char *directory)
{
    uint64_t *number = map_number(directory, O_RDWR | O_CREAT);
    return number != NULL ? munmap(number, BLOCK) : -1;
}

static int count(void *context, const char *directory)
{
    const struct way *way = context;
    mark(FSIM_MARK_ACK, 0);
    uint64_t *number = map_number(directory, O_RDWR);
    int error = number == NULL;
    for (int i = 0; !error && i < UPDATES; i++) {
        uint64_t next =
            way->wrong ? next_number_by_way_of_the_durable_one(number) : next_number(number);
        mark(FSIM_MARK_BEGIN, next);
        *number = next;
        error = msync(number, BLOCK, MS_SYNC);
        mark(FSIM_MARK_ACK, next);
    }
    return error ? -1 : munmap(number, BLOCK);
}

static void recover(void *context, const char *directory, struct fsim_outcome *outcome)
{
    uint64_t *number = map_number(directory, O_RDWR);
    if (number == NULL) {
        outcome->status = FSIM_REFUSED;
        return;
    }
    outcome->state = state_of(*number);
    munmap(number, BLOCK);
}

static struct fsim_summary explore(bool wrong, enum fsim_grain grain, enum fsim_model model)
{
    struct way way = {wrong};
    struct fsim_subject subject = {
        .name = "number", .context = &way, .setup = setup, .record = count, .recover = recover};
    struct fsim_options options = {.model = model, .grain = grain};
    struct fsim_summary summary;
    if (fsim_crash_test(&subject, &options, &summary) != 0)
        fail_msg("%s", summary.error);
    assert_true(summary.complete);
    return summary;
}

static void scratch_that_is_put_back_is_found_at_the_grain_of_stores(void **state)
{
    assert_true(explore(true, FSIM_GRAIN_STORE, FSIM_POWER_LOSS).violations > 0);
    assert_true(explore(true, FSIM_GRAIN_STORE, FSIM_PROCESS_KILL).violations > 0);
}

static void at_the_grain_of_calls_it_is_missed(void **state)
{
    assert_int_equal(explore(true, FSIM_GRAIN_CALL, FSIM_POWER_LOSS).violations, 0);
    assert_int_equal(explore(true, FSIM_GRAIN_CALL, FSIM_PROCESS_KILL).violations, 0);
}

static void scratch_elsewhere_is_right(void **state)
{
    assert_int_equal(explore(false, FSIM_GRAIN_STORE, FSIM_POWER_LOSS).violations, 0);
    assert_int_equal(explore(false, FSIM_GRAIN_STORE, FSIM_PROCESS_KILL).violations, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scratch_that_is_put_back_is_found_at_the_grain_of_stores),
        cmocka_unit_test(at_the_grain_of_calls_it_is_missed),
        cmocka_unit_test(scratch_elsewhere_is_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
