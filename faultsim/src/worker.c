/* SPDX-License-Identifier: MIT */
/*
 * The worker: walks the crash points and recovers, in its own process, whatever the decision tree
 * does not know yet.
 *
 * It holds nothing that cannot be lost. A successor finds the run that its predecessor died of in
 * search->progress, enters it, and walks the same point again, where everything recovered before is
 * found in the tree.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "elapsed.h"
#include "interpose.h"
#include "search.h"

enum {
    SAMPLE_EVERY = 64, /* paths; the first is always a sample */
    LOOK_AT_MEMORY_EVERY = 64,
    MOST_PAGES_MORE = 1 << 16, /* 256 MiB */
};

struct worker {
    struct search *search;
    struct search_progress *progress;
    struct image *image;
    struct walk walk;
    long pages_at_start;
    pid_t child; /* in which a recovery runs, or 0 */
    /* For FSIM_RANDOM: the crash state being drawn. */
    uint64_t draw;
};

static struct worker worker;

/* What a dying recovery touched would otherwise die with its page tables. */
static void say_last_words(int signal, siginfo_t *info, void *context)
{
    if (worker.child > 0) {
        kill(worker.child, SIGTERM);
        waitpid(worker.child, NULL, 0);
    } else {
        image_last_words(worker.image);
    }
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigaction(signal, &action, NULL);
    if (info->si_code <= 0)
        real_syscall(SYS_tgkill, getpid(), real_syscall(SYS_gettid, 0, 0, 0, 0, 0, 0), signal, 0, 0,
                     0);
}

/* A recovery that ends the process, rather than the worker after the last point. */
static void say_last_words_at_exit(void)
{
    image_last_words(worker.image);
}

static int prepare_for_death(void)
{
    static const int deadly[] = {SIGSEGV, SIGBUS, SIGILL,  SIGFPE,
                                 SIGABRT, SIGSYS, SIGTRAP, SIGTERM};
    enum { STACK_BYTES = 256 << 10 };
    stack_t stack = {.ss_size = STACK_BYTES, .ss_sp = malloc(STACK_BYTES)};
    if (stack.ss_sp == NULL || sigaltstack(&stack, NULL) < 0)
        return -ENOMEM;
    struct sigaction action = {.sa_sigaction = say_last_words,
                               .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
    for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
        sigaction(deadly[i], &action, NULL);
    return atexit(say_last_words_at_exit) == 0 ? 0 : -ENOMEM;
}

/* Recoveries. */

/* What became of the child that recovers becomes of this process, for the supervisor to see. */
static void share_the_end(int status)
{
    if (WIFSIGNALED(status)) {
        signal(WTERMSIG(status), SIG_DFL);
        raise(WTERMSIG(status));
    }
    _exit(WEXITSTATUS(status));
}

/* Returns 0 or a negative code; not at all if the recovery does not. */
static int recover_in_child(void)
{
    struct search_progress *progress = worker.progress;
    const char *directory = image_directory(worker.image);
    int status;
    worker.child = fork();
    if (worker.child < 0)
        return -errno;
    if (worker.child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        image_inherit();
        recovery_run(worker.search->subject, directory, &progress->slot);
        atomic_store(&progress->kind, RUN_NONE);
        image_end(worker.image);
        real_syscall(SYS_exit_group, 0, 0, 0, 0, 0, 0);
    }
    while (waitpid(worker.child, &status, 0) < 0) {
        if (errno != EINTR)
            return -errno;
    }
    worker.child = 0;
    if (atomic_load(&progress->kind) != RUN_NONE)
        share_the_end(status);
    return 0;
}

/* Runs one recovery along progress->path. Returns its outcome's number or a negative code. */
static int64_t run(enum run_kind kind, image_choice *choose, void *context)
{
    struct search *search = worker.search;
    struct search_progress *progress = worker.progress;
    image_begin(worker.image, &progress->path, choose, context);
    atomic_fetch_add(&progress->runs, 1);
    atomic_store(&progress->kind, kind);
    int error = 0;
    if (search->options->isolate)
        error = recover_in_child();
    else
        recovery_run(search->subject, image_directory(worker.image), &progress->slot);
    atomic_store(&progress->kind, RUN_NONE);
    if (error == 0)
        error = image_end(worker.image);
    if (error < 0)
        return error;
    return outcomes_add(search->outcomes, &progress->slot.outcome, progress->slot.evidence);
}

/* Enters the recovery of a path that nobody took before; its outcome is `outcome`. */
static int64_t enter_path(uint32_t outcome)
{
    struct search_progress *progress = worker.progress;
    const struct image_path *path = &progress->path;
    int64_t leaf =
        tree_insert(worker.search->tree, path->items, path->values, path->count, outcome);
    if (leaf < 0)
        return leaf;
    progress->recoveries++;
    progress->point_recoveries++;
    if (fsim_verdict_is_violation(judge_plainly(worker.search->trace, worker.search->cursor,
                                                outcomes_get(worker.search->outcomes, outcome))))
        progress->wrong++;
    return leaf;
}

/* Recovers the same once more: is the outcome the same, and what was looked at? */
static int run_again(uint32_t leaf, uint32_t outcome)
{
    struct search_progress *progress = worker.progress;
    struct image_path *path = &progress->path;
    uint32_t count = path->count, seen = path->forced_seen + path->count - path->forced;
    path->forced = count;
    progress->again_leaf = leaf;
    int64_t again = run(RUN_AGAIN, NULL, NULL);
    if (again < 0)
        return (int)again;
    if (again != outcome || path->count != count || path->forced_seen != seen)
        tree_leaf(worker.search->tree, leaf)->unstable = 1;
    return 0;
}

static int run_path(image_choice *choose, void *context)
{
    struct image_path *path = &worker.progress->path;
    int64_t outcome = run(RUN_PATH, choose, context);
    int64_t leaf = outcome < 0 ? outcome : enter_path((uint32_t)outcome);
    if (leaf < 0)
        return (int)leaf;
    if (path->forced_seen < path->forced && !worker.progress->approximate)
        tree_leaf(worker.search->tree, (uint32_t)leaf)->unstable = 1;
    return leaf % SAMPLE_EVERY == 0 ? run_again((uint32_t)leaf, (uint32_t)outcome) : 0;
}

/* Enters what the predecessor died of; its outcome was put into the slot. */
static int enter_death(void)
{
    struct search *search = worker.search;
    struct search_progress *progress = worker.progress;
    enum run_kind kind = progress->died_as;
    if (kind == RUN_NONE)
        return 0;
    if (kind == RUN_AGAIN) {
        tree_leaf(search->tree, progress->again_leaf)->unstable = 1;
    } else {
        int64_t outcome =
            outcomes_add(search->outcomes, &progress->slot.outcome, progress->slot.evidence);
        if (outcome < 0)
            return (int)outcome;
        int64_t entered;
        if (kind == RUN_BRUTE) {
            progress->brute_recoveries++;
            entered = brute_insert(search->brute, progress->brute_image, (uint32_t)outcome);
        } else {
            if (image_path_assume(&progress->path, search->cursor))
                progress->approximate = true;
            entered = enter_path((uint32_t)outcome);
        }
        if (entered < 0)
            return (int)entered;
    }
    progress->died_as = RUN_NONE;
    return 0;
}

/* Crash points. */

static bool has_to_stop(void)
{
    const struct fsim_options *options = worker.search->options;
    const struct search_progress *progress = worker.progress;
    return atomic_load(&progress->stop) ||
           (options->max_recoveries != 0 && progress->recoveries >= options->max_recoveries) ||
           (options->max_violations != 0 && progress->wrong >= options->max_violations);
}

/* Memory that is this process's alone, or 0 if that cannot be told. */
static long private_pages(void)
{
    char text[128] = "";
    long resident = 0, shared = 0;
    int fd = real_open(AT_FDCWD, "/proc/self/statm", O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return 0;
    if (real_pread(fd, text, sizeof text - 1, 0) > 0)
        sscanf(text, "%*d %ld %ld", &resident, &shared);
    real_close(fd);
    return resident - shared;
}

/* A recovery that does not free what it takes would fill the memory in the end. The successor goes
 * on with this very point. */
static void retire_if_fat(void)
{
    if (atomic_load(&worker.progress->runs) % LOOK_AT_MEMORY_EVERY == 0 &&
        private_pages() > worker.pages_at_start + MOST_PAGES_MORE)
        _exit(0);
}

static int search_paths(void)
{
    struct image_path *path = &worker.progress->path;
    const struct fsim_options *options = worker.search->options;
    const struct tree_limit all = {UINT32_MAX, UINT32_MAX};
    enum walk_event event;
    walk_start(&worker.walk, all);
    while ((event = walk_next(&worker.walk)) != WALK_END) {
        if (event == WALK_LEAF)
            continue;
        if (has_to_stop() || (options->search == FSIM_BOUNDED &&
                              worker.progress->point_recoveries >= options->bound))
            return 0;
        path->forced = (uint32_t)walk_path(&worker.walk, path->items, path->values);
        int error = run_path(NULL, NULL);
        if (error < 0)
            return error;
        retire_if_fat();
    }
    return 0;
}

/* The value of an item in the crash state that is being drawn: every item is sound in it, or one of
 * those that may be damaged is not. */
static uint64_t drawn_value(void *context, uint32_t item, const uint64_t *values, size_t count)
{
    const fsim_cursor_t *cursor = worker.search->cursor;
    size_t sound = cursor_sound(cursor, item), damages = count - sound;
    if (damages > 0 && cursor_drawn_damage(cursor, worker.draw) == item)
        return values[sound + tree_mix(item, worker.draw) % damages];
    return values[tree_mix(item, worker.draw) % sound];
}

static uint64_t drawn_value_of(void *context, uint32_t item)
{
    const uint64_t *values;
    size_t count = cursor_values(worker.search->cursor, item, &values);
    return drawn_value(context, item, values, count);
}

static int search_random(size_t point)
{
    struct image_path *path = &worker.progress->path;
    const struct fsim_options *options = worker.search->options;
    for (uint64_t i = 0; i < options->bound && !has_to_stop(); i++) {
        worker.draw = tree_mix((uint32_t)point, options->seed) + i;
        int64_t leaf = tree_find(worker.search->tree, drawn_value_of, NULL, path->items,
                                 path->values, &path->forced);
        int error = leaf == -ENOENT ? run_path(drawn_value, NULL) : 0;
        if (error < 0)
            return error;
        retire_if_fat();
    }
    return 0;
}

/* Recovers the crash states of this point one by one, all of them, or until told to stop. */
static int enumerate(void)
{
    struct search *search = worker.search;
    struct search_progress *progress = worker.progress;
    struct enumeration states;
    int error = enumeration_init(&states, search->cursor);
    if (error < 0)
        return error;
    do {
        if (brute_find(search->brute, states.image) >= 0)
            continue;
        for (size_t i = 0; i < states.count; i++) {
            progress->path.items[i] = states.items[i];
            progress->path.values[i] = states.values[i];
        }
        progress->path.forced = (uint32_t)states.count;
        progress->brute_image = states.image;
        int64_t outcome = run(RUN_BRUTE, NULL, NULL);
        error = outcome < 0 ? (int)outcome
                            : brute_insert(search->brute, states.image, (uint32_t)outcome);
        progress->brute_recoveries++;
        retire_if_fat();
    } while (error == 0 && !has_to_stop() && enumeration_next(&states));
    enumeration_deinit(&states);
    return error;
}

static int search_point(size_t index)
{
    const struct search *search = worker.search;
    int error = 0;
    image_point(worker.image, search->cursor);
    if (search->options->search == FSIM_RANDOM)
        error = search_random(index);
    else if (search->options->search != FSIM_BRUTE)
        error = search_paths();
    if (error == 0 && search_enumerates(search))
        error = enumerate();
    return error;
}

static int search_points(void)
{
    struct search *search = worker.search;
    struct search_progress *progress = worker.progress;
    uint64_t searched = 0; /* generation of the last point that was searched */
    bool fresh = true;
    while (progress->points_done < search->point_count && !atomic_load(&progress->stop)) {
        size_t index = progress->points_done;
        const struct fsim_crash_point *point = &search->points[index];
        uint64_t start = elapsed_nanoseconds();
        int error = search_seek(search, index);
        if (error == 0 && fresh)
            error = enter_death();
        fresh = false;
        if (error == 0 && search_selects(search, point) &&
            searched != cursor_generation(search->cursor)) {
            error = search_point(index);
            searched = cursor_generation(search->cursor);
        }
        if (error < 0)
            return error;
        struct point_result *result = &search->results[index];
        result->limit = tree_limit(search->tree);
        result->recoveries = progress->point_recoveries;
        result->nanoseconds += elapsed_nanoseconds() - start;
        progress->point_recoveries = 0;
        atomic_fetch_add(&progress->points_done, 1);
    }
    return 0;
}

void worker_main(struct search *search, const char *directory)
{
    recovery_prepare_process();
    worker = (struct worker){.search = search, .progress = search->progress};
    int error = image_new(search->trace, search->cursor, directory, &worker.image);
    if (error == 0)
        error = walk_init(&worker.walk, search->tree, search->cursor);
    if (error == 0)
        error = prepare_for_death();
    worker.pages_at_start = private_pages();
    if (error == 0)
        error = search_points();
    search->progress->error = error;
    _exit(0);
}
