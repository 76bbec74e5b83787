/* SPDX-License-Identifier: MIT */
#include "house_suites.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

struct suite *house_suites;
results_oracle_t *house_oracle;

int house_suites_load(void **state)
{
    char message[512];

    if (suite_load(SUITES, &house_suites, message, sizeof message) != 0 ||
        results_oracle_new(&house_oracle, message, sizeof message) != 0) {
        print_error("%s\n", message);
        return -1;
    }
    return 0;
}

int house_suites_unload(void **state)
{
    suite_free(house_suites);
    results_oracle_free(house_oracle);
    return 0;
}

const struct scenario *house_scenario(const char *name)
{
    for (size_t i = 0; i < suite_count(house_suites); i++)
        if (strcmp(suite_scenario(house_suites, i)->name, name) == 0)
            return suite_scenario(house_suites, i);
    fail_msg("no scenario '%s'", name);
    return NULL;
}
