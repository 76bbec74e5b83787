/* SPDX-License-Identifier: MIT */
/*
 * Tab in a real bash and a real zsh, typed on a terminal. Arguments: the folder of pmacrash and
 * pma, that of the functions which the shells load.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "screen.h"

enum { COLUMNS = 150 };

static const char *programs, *functions;
static char home[] = "/tmp/completion-XXXXXX";

/* A shell that completes, in an empty folder of its own, at its prompt. */
static struct screen *start_shell(const char *const *arguments, const char *setup)
{
    struct screen *screen;
    if (screen_fork(COLUMNS, &screen) == 0) {
        char path[4096];
        snprintf(path, sizeof path, "%s:%s", programs, getenv("PATH"));
        setenv("PATH", path, 1);
        setenv("HOME", home, 1);
        setenv("FUNCTIONS", functions, 1);
        unsetenv("PMACRASH_DB");
        if (chdir(home) == 0)
            execvp(arguments[0], (char *const *)arguments);
        _exit(127);
    }
    screen_type(screen, setup);
    screen_type(screen, "PS1='rea''dy> '\n");
    assert_true(screen_waits_for(screen, "ready>"));
    return screen;
}

static struct screen *start_bash(void)
{
    static const char *const arguments[] = {"bash", "--norc", "--noprofile", "-i", NULL};
    return start_shell(arguments, "bind 'set enable-bracketed-paste off'; source "
                                  "\"$FUNCTIONS/pmacrash\"; clear\n");
}

static struct screen *start_zsh(void)
{
    static const char *const arguments[] = {"zsh", "-f", "-i", NULL};
    return start_shell(arguments, "fpath=(\"$FUNCTIONS\" $fpath); autoload -U compinit; "
                                  "compinit -u -D; LISTMAX=0; clear\n");
}

/* Types, then Tab, and waits for what should stand there; the line is then given up. */
static void completes(struct screen *screen, const char *typed, const char *wanted)
{
    screen_type(screen, typed);
    screen_type(screen, "\t");
    if (!screen_waits_for(screen, wanted))
        fail_msg("Tab after '%s' does not show '%s'", typed, wanted);
    screen_type(screen, "\x15");
    screen_type(screen, "clear\n");
}

static void leave(struct screen *screen)
{
    screen_type(screen, "exit\n");
    screen_ends(screen);
    screen_free(screen);
}

/* What both do alike: the one word that fits is put there. */
static void completes_single_words(struct screen *screen)
{
    completes(screen, "pmacrash gen", "pmacrash generate");
    completes(screen, "pmacrash run --brute", "pmacrash run --brute-limit");
    completes(screen, "pmacrash run --search comp", "--search compare");
    completes(screen, "pmacrash run --search=comp", "--search=compare");
    completes(screen, "pmacrash run --model torn,med", "--model torn,media");
    completes(screen, "pmacrash run --fault pma/sync/meta:sk", "--fault pma/sync/meta:skip");
    completes(screen, "pmacrash run --fault=pma/sync/meta:sk", "--fault=pma/sync/meta:skip");
    completes(screen, "pmacrash run --points call/fdatas", "--points call/fdatasync");
    completes(screen, "pmacrash run move-evict-sp", "pmacrash run move-evict-split-snapshot");
    completes(screen, "pmacrash list inv", "pmacrash list invariants");
    completes(screen, "pmacrash query slow", "pmacrash query slowest");
    completes(screen, "pmacrash db pr", "pmacrash db prune");
    completes(screen, "pmacrash help sel", "pmacrash help selftest");
    completes(screen, "pma shr", "pma shrink");
    completes(screen, "pma dump --ext", "pma dump --extents");
}

static void completes_what_is_there(struct screen *screen)
{
    screen_type(screen, "rm -rf a-folder pmacrash.db*; mkdir a-folder; touch a-store.so; pmacrash "
                        "run create --quiet "
                        "--copying eager >a-log; echo don''e\n");
    assert_true(screen_waits_for(screen, "done"));
    screen_type(screen, "clear\n");
    completes(screen, "pmacrash show r", "pmacrash show r1");
    completes(screen, "pmacrash store a-s", "pmacrash store a-store.so");
    completes(screen, "pmacrash run --db a-l", "pmacrash run --db a-log");
    completes(screen, "pmacrash run --input=a-", "--input=a-folder/");
    completes(screen, "pma stat a-s", "pma stat a-store.so");
}

static void bash_completes(void **state)
{
    struct screen *screen = start_bash();
    completes_single_words(screen);
    completes_what_is_there(screen);
    screen_type(screen, "pmacrash run --s\t"); /* several: listed at the second Tab */
    completes(screen, "", "--shrink-time");
    leave(screen);
}

static void zsh_completes_and_says_what_words_mean(void **state)
{
    struct screen *screen = start_zsh();
    completes_single_words(screen);
    completes_what_is_there(screen);
    completes(screen, "pmacrash run --model ", "the process dies, the page cache survives");
    leave(screen);
}

int main(int count, char **arguments)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bash_completes),
        cmocka_unit_test(zsh_completes_and_says_what_words_mean),
    };
    if (count != 3 || !mkdtemp(home))
        return 2;
    programs = arguments[1];
    functions = arguments[2];
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    char remove[64];
    snprintf(remove, sizeof remove, "rm -rf %s", home);
    return system(remove) != 0 || failed;
}
