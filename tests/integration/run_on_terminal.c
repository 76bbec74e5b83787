/* SPDX-License-Identifier: MIT */
/* pmacrash as somebody at a terminal sees it. Argument: the program. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "screen.h"

static const char *pmacrash;
static char place[] = "/tmp/terminal-XXXXXX";

/* A shell command, in which $P is the program, in a folder of its own. */
static struct screen *type_command(int columns, const char *command)
{
    struct screen *screen;
    if (screen_fork(columns, &screen) == 0) {
        setenv("P", pmacrash, 1);
        unsetenv("PMACRASH_DB");
        if (chdir(place) == 0)
            execlp("sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    return screen;
}

static void ends_with(struct screen *screen, int code)
{
    int status = screen_ends(screen);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), code);
}

/* What only the live display has. */
static void nothing_is_left_of_the_display(struct screen *screen)
{
    assert_false(screen_shows(screen, "plays  "));
    assert_false(screen_shows(screen, "..]"));
    assert_false(screen_shows(screen, "recoveries  0"));
}

static void the_table_stands_where_the_display_was(void **state)
{
    struct screen *screen =
        type_command(100, "$P run create first-snapshot --shrink none; echo after");
    ends_with(screen, 0);
    nothing_is_left_of_the_display(screen);
    assert_true(strncmp(screen_line(screen, 0), "                    ", 20) == 0);
    assert_true(strncmp(screen_line(screen, 1), "scenario        copying  points", 31) == 0);
    assert_true(strncmp(screen_line(screen, 2), "create          eager", 21) == 0);
    assert_true(screen_shows(screen, "all 4"));
    assert_int_equal(screen_colour(screen, "all 4"), 2);
    assert_true(screen_shows(screen, "after"));
    screen_free(screen);
}

/* Searched one state after another, this takes far longer than anybody waits. */
#define ENDLESS "exec $P run directory-merges --search compare --jobs 1 --copying eager"

static void it_says_where_it_is_and_ctrl_c_ends_it_cleanly(void **state)
{
    struct screen *screen = type_command(100, ENDLESS);
    assert_true(screen_waits_for(screen, "0 of 1 plays"));
    assert_true(screen_waits_for(screen, "no violations"));
    assert_true(screen_waits_for(screen, "  directory-merges"));
    assert_true(screen_waits_for(screen, "crash point"));
    assert_true(screen_waits_for(screen, "a second"));
    screen_type(screen, "\x03");
    ends_with(screen, 130);
    nothing_is_left_of_the_display(screen);
    assert_true(screen_shows(screen, "stopping: what runs is cut short and kept"));
    assert_true(screen_shows(screen, "stopped"));
    assert_int_equal(screen_colour(screen, "all 1"), 3);
    screen_free(screen);
}

static void it_follows_the_width(void **state)
{
    struct screen *screen = type_command(100, ENDLESS);
    assert_true(screen_waits_for(screen, "crash point"));
    screen_resize(screen, 16);
    assert_true(screen_waits_without(screen, "directory-merges"));
    assert_true(screen_waits_for(screen, "0 of 1 plays"));
    screen_resize(screen, 100);
    assert_true(screen_waits_for(screen, "directory-merges"));
    screen_type(screen, "\x03");
    ends_with(screen, 130);
    nothing_is_left_of_the_display(screen);
    screen_free(screen);
}

static void violations_are_told_at_once_and_in_red(void **state)
{
    struct screen *screen = type_command(
        120, "$P run first-snapshot --copying eager --fault pma/sync/blocks:skip --shrink none");
    assert_true(screen_waits_for(screen, "violation in first-snapshot: "));
    assert_int_equal(screen_colour(screen, "violation in first-snapshot: "), 1);
    ends_with(screen, 1);
    nothing_is_left_of_the_display(screen);
    assert_true(strncmp(screen_line(screen, 0), "violation in first-snapshot: ", 29) == 0);
    assert_int_equal(screen_colour(screen, "all 1"), 1);
    screen_free(screen);
}

static void what_scripts_read_has_nothing_of_it(void **state)
{
    struct screen *screen = type_command(
        100, "$P run create --json >out && jq -r .outcome out && ! grep -q $'\\033' out");
    ends_with(screen, 0);
    screen_holds(screen, (const char *[]){"clean"}, 1);
    screen_free(screen);
}

int main(int count, char **arguments)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_stands_where_the_display_was),
        cmocka_unit_test(it_says_where_it_is_and_ctrl_c_ends_it_cleanly),
        cmocka_unit_test(it_follows_the_width),
        cmocka_unit_test(violations_are_told_at_once_and_in_red),
        cmocka_unit_test(what_scripts_read_has_nothing_of_it),
    };
    if (count != 2 || !mkdtemp(place))
        return 2;
    pmacrash = arguments[1];
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    char remove[64];
    snprintf(remove, sizeof remove, "rm -rf %s", place);
    return system(remove) != 0 || failed;
}
