/* SPDX-License-Identifier: MIT */
/* Memory reserved for the most that may come: it costs what is filled, and no core dump has it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "shared.h"

enum { MANY = 1 << 30 };

/* A line of what the kernel says of the mapping that begins at `address`, or "". */
static const char *told(const void *address, const char *key)
{
    static char line[512];
    unsigned long start, end;
    int found = 0;
    FILE *file = fopen("/proc/self/smaps", "r");

    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "%lx-%lx ", &start, &end) == 2)
            found = start <= (uintptr_t)address && (uintptr_t)address < end;
        else if (found && strncmp(line, key, strlen(key)) == 0)
            break;
        line[0] = '\0';
    }
    fclose(file);
    return line;
}

static void a_reservation_costs_what_is_filled(void **state)
{
    char *memory = shared_reserve(MANY);
    unsigned long kilobytes = MANY;

    assert_non_null(memory);
    memory[MANY / 2] = 1;
    assert_int_equal(sscanf(told(memory, "Rss:"), "Rss: %lu", &kilobytes), 1);
    assert_true(kilobytes <= 4096); /* a huge page at most */
    shared_release(memory, MANY);
}

static void a_core_dump_leaves_it_out(void **state)
{
    char *memory = shared_reserve(MANY);

    assert_non_null(memory);
    assert_non_null(strstr(told(memory, "VmFlags:"), " dd"));
    shared_release(memory, MANY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reservation_costs_what_is_filled),
        cmocka_unit_test(a_core_dump_leaves_it_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
