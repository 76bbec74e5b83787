/* SPDX-License-Identifier: MIT */
/* What a person sees while pmacrash works, and what is left on the terminal after it. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "output/progress.h"
#include "screen.h"

static pid_t start(int columns, struct screen **screen)
{
    pid_t pid = screen_fork(columns, screen);
    if (pid == 0)
        screen_hide_keys();
    return pid;
}

static struct progress_state busy_state(void)
{
    struct progress_state state = {.unit = "plays",
                                   .done = 84,
                                   .all = 193,
                                   .part = 0.5,
                                   .milliseconds = 40000,
                                   .states = 312004,
                                   .recoveries = 1804,
                                   .one_bad = "violation",
                                   .many_bad = "violations"};
    progress_add_task(&state, need_copy("ingest (lazy)"), 212, 1639);
    progress_add_task(&state, need_copy("noun-keep"), 0, 0);
    return state;
}

static void show_busy(struct progress *progress)
{
    struct progress_state state = busy_state();
    progress_show(progress, &state);
    progress_state_release(&state);
}

/* Until the test has seen enough. */
static void wait_for_key(void)
{
    char key;
    while (read(STDIN_FILENO, &key, 1) != 1)
        ;
}

static const char *const busy_lines[] = {
    "[############............]  84 of 193 plays  0:40, about 0:40 left",
    "no violations  312,004 states  1,804 recoveries  45.1 a second",
    "  ingest (lazy)                                     crash point 212 of 1,639",
    "  noun-keep",
};

static void lines_are_drawn_in_place_and_gone_at_the_end(void **state)
{
    struct screen *screen;
    if (start(80, &screen) == 0) {
        fprintf(stderr, "before\n");
        struct progress *progress = progress_new(false);
        show_busy(progress);
        show_busy(progress);
        wait_for_key();
        progress_free(progress);
        fprintf(stderr, "after\n");
        _exit(0);
    }
    assert_true(screen_waits_for(screen, "noun-keep"));
    assert_string_equal(screen_line(screen, 0), "before");
    for (int i = 0; i < 4; i++)
        assert_string_equal(screen_line(screen, i + 1), busy_lines[i]);
    screen_type(screen, "\n");
    assert_int_equal(screen_ends(screen), 0);
    screen_holds(screen, (const char *[]){"before", "after"}, 2);
    screen_free(screen);
}

static void lines_and_complaints_stay_above_what_is_drawn(void **state)
{
    struct screen *screen;
    if (start(80, &screen) == 0) {
        struct progress *progress = progress_new(false);
        show_busy(progress);
        progress_line(progress, STYLE_BAD, "violation in %s", "create");
        show_busy(progress);
        complain("the disk is %s", "full");
        progress_free(progress);
        _exit(0);
    }
    assert_int_equal(screen_ends(screen), 0);
    screen_holds(screen, (const char *[]){"violation in create", "pmacrash: the disk is full"}, 2);
    assert_int_equal(screen_colour(screen, "violation in"), 1);
    assert_int_equal(screen_colour(screen, "the disk"), -1);
    screen_free(screen);
}

static void fewer_lines_leave_nothing_of_more_lines(void **state)
{
    struct screen *screen;
    if (start(80, &screen) == 0) {
        struct progress *progress = progress_new(false);
        show_busy(progress);
        struct progress_state idle = {.unit = "plays", .done = 193, .all = 193, .part = 1};
        progress_show(progress, &idle);
        wait_for_key();
        progress_free(progress);
        _exit(0);
    }
    assert_true(screen_waits_for(screen, "193 of 193"));
    screen_holds(screen, (const char *[]){"[########################]  193 of 193 plays  0:00"}, 1);
    screen_type(screen, "\n");
    assert_int_equal(screen_ends(screen), 0);
    screen_free(screen);
}

static void a_narrow_window_keeps_the_numbers_and_a_wider_one_is_used(void **state)
{
    struct screen *screen;
    if (start(38, &screen) == 0) {
        struct progress *progress = progress_new(false);
        show_busy(progress);
        wait_for_key();
        show_busy(progress);
        wait_for_key();
        progress_free(progress);
        _exit(0);
    }
    assert_true(screen_waits_for(screen, "noun-keep"));
    screen_holds(screen,
                 (const char *[]){"84 of 193 plays  0:40, about 0:40 lef",
                                  "no violations  312,004 states  1,804",
                                  "  ingest (l  crash point 212 of 1,639", "  noun-keep"},
                 4);
    screen_resize(screen, 80);
    screen_type(screen, "\n");
    assert_true(screen_waits_for(screen, "a second"));
    screen_type(screen, "\n");
    assert_int_equal(screen_ends(screen), 0);
    screen_free(screen);
}

/* Ends itself by the signal, with something drawn. */
static void a_signal_that_ends_the_process_leaves_a_clean_terminal(void **state)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct screen *screen;
        if (start(80, &screen) == 0) {
            struct progress *progress = progress_new(false);
            show_busy(progress);
            raise(signals[i]);
            _exit(0);
        }
        int status = screen_ends(screen);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), signals[i]);
        for (int row = 1; row < SCREEN_ROWS; row++)
            assert_string_equal(screen_line(screen, row), "");
        screen_free(screen);
    }
}

static void stop_and_go_on(void)
{
    struct progress *progress = progress_new(false);
    show_busy(progress);
    raise(SIGTSTP);
    show_busy(progress);
    progress_free(progress);
    _exit(0);
}

/* A shell with one job, which it puts into the foreground again after it stopped. */
static void run_as_shell(void)
{
    signal(SIGTTOU, SIG_IGN);
    pid_t job = fork();
    if (job == 0) {
        setpgid(0, 0);
        tcsetpgrp(STDIN_FILENO, getpid());
        signal(SIGTTOU, SIG_DFL);
        stop_and_go_on();
    }
    int status = 0;
    waitpid(job, &status, WUNTRACED);
    tcsetpgrp(STDIN_FILENO, getpgrp());
    fprintf(stderr, "%s\n", WIFSTOPPED(status) ? "stopped" : "ended");
    tcsetpgrp(STDIN_FILENO, job);
    kill(job, SIGCONT);
    waitpid(job, &status, 0);
    tcsetpgrp(STDIN_FILENO, getpgrp());
    fprintf(stderr, "%s\n", WIFEXITED(status) ? "ended" : "killed");
    _exit(0);
}

static void ctrl_z_leaves_a_clean_terminal_and_the_display_comes_back(void **state)
{
    struct screen *screen;
    if (start(80, &screen) == 0)
        run_as_shell();
    assert_int_equal(screen_ends(screen), 0);
    screen_holds(screen, (const char *[]){"stopped", "ended"}, 2);
    screen_free(screen);
}

static void nothing_is_drawn_in_the_background(void **state)
{
    struct screen *screen;
    if (start(80, &screen) == 0) {
        if (fork() == 0) {
            setpgid(0, 0);
            struct progress *progress = progress_new(false);
            show_busy(progress);
            progress_free(progress);
            _exit(0);
        }
        wait(NULL);
        _exit(0);
    }
    assert_int_equal(screen_ends(screen), 0);
    screen_holds(screen, NULL, 0);
    screen_free(screen);
}

static void quiet_is_quiet_and_a_dumb_terminal_gets_plain_lines(void **state)
{
    struct screen *screen;
    if (start(120, &screen) == 0) {
        struct progress *progress = progress_new(true);
        show_busy(progress);
        progress_line(progress, STYLE_BAD, "never seen");
        progress_free(progress);
        setenv("TERM", "dumb", 1);
        progress = progress_new(false);
        show_busy(progress);
        progress_line(progress, STYLE_BAD, "seen");
        progress_free(progress);
        _exit(0);
    }
    assert_int_equal(screen_ends(screen), 0);
    screen_holds(screen,
                 (const char *[]){"0:40, about 0:40 left: 84 of 193 plays, 312,004 states, 1,804 "
                                  "recoveries, 45.1 a second, no violations",
                                  "seen"},
                 2);
    assert_int_equal(screen_colour(screen, "seen"), -1);
    screen_free(screen);
}

static void colours_are_as_the_user_said(void **state)
{
    static const struct {
        enum text_when when;
        const char *no_color;
        int colour;
    } cases[] = {{TEXT_AUTO, NULL, 1},
                 {TEXT_AUTO, "1", -1},
                 {TEXT_AUTO, "", 1},
                 {TEXT_NEVER, NULL, -1},
                 {TEXT_ALWAYS, "1", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct screen *screen;
        if (start(80, &screen) == 0) {
            if (cases[i].no_color)
                setenv("NO_COLOR", cases[i].no_color, 1);
            text_setup(cases[i].when, 0);
            text_styled(stderr, STYLE_BAD, "lost\n");
            _exit(0);
        }
        assert_int_equal(screen_ends(screen), 0);
        assert_int_equal(screen_colour(screen, "lost"), cases[i].colour);
        screen_free(screen);
    }
}

static unsigned shown_in(bool live, uint64_t milliseconds)
{
    unsigned shown = 0;
    uint64_t last = 0;
    for (uint64_t now = 0; now <= milliseconds; now += 10)
        if (progress_is_time(live, last, now)) {
            shown++;
            last = now;
        }
    return shown;
}

static void a_terminal_is_drawn_ten_times_a_second_and_a_log_gets_few_lines(void **state)
{
    assert_int_equal(shown_in(true, 10000), 100);
    assert_int_equal(shown_in(false, 9000), 0);
    assert_int_equal(shown_in(false, 60000), 6);
    assert_int_equal(shown_in(false, 3600000), 65);
}

static void clocks_have_hours_only_when_there_are_any(void **state)
{
    struct number number;
    assert_string_equal(progress_clock(&number, 7999), "0:07");
    assert_string_equal(progress_clock(&number, 754000), "12:34");
    assert_string_equal(progress_clock(&number, 3723000), "1:02:03");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_drawn_in_place_and_gone_at_the_end),
        cmocka_unit_test(lines_and_complaints_stay_above_what_is_drawn),
        cmocka_unit_test(fewer_lines_leave_nothing_of_more_lines),
        cmocka_unit_test(a_narrow_window_keeps_the_numbers_and_a_wider_one_is_used),
        cmocka_unit_test(a_signal_that_ends_the_process_leaves_a_clean_terminal),
        cmocka_unit_test(ctrl_z_leaves_a_clean_terminal_and_the_display_comes_back),
        cmocka_unit_test(nothing_is_drawn_in_the_background),
        cmocka_unit_test(quiet_is_quiet_and_a_dumb_terminal_gets_plain_lines),
        cmocka_unit_test(colours_are_as_the_user_said),
        cmocka_unit_test(a_terminal_is_drawn_ten_times_a_second_and_a_log_gets_few_lines),
        cmocka_unit_test(clocks_have_hours_only_when_there_are_any),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
