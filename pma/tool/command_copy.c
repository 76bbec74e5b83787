/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <time.h>
#include <unistd.h>

#include "json.h"
#include "tool.h"

/* A line on the terminal that counts up, once the copy takes longer than one looks at. */
struct progress {
    struct timespec start;
    unsigned percent; /* shown last */
    bool shown;
};

static bool is_long(const struct progress *progress)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec - progress->start.tv_sec >= 1;
}

static void show_progress(void *context, uint64_t copied, uint64_t all)
{
    struct progress *progress = context;
    unsigned percent = (unsigned)(copied * 100 / all);
    char done[16], whole[16];
    if (percent == progress->percent || !is_long(progress))
        return;
    progress->percent = percent;
    progress->shown = true;
    fprintf(stderr, "\rcopying: %3u %%, %s of %s \033[K", percent, report_size(copied, done),
            report_size(all, whole));
}

static void clear_progress(const struct progress *progress)
{
    if (progress->shown)
        fprintf(stderr, "\r\033[K");
}

/* The trees of a file, without its data: that has been verified on the way. */
static int look(const char *path, struct pma_check_report *report, struct pma_error *error)
{
    struct pma_check_options options = PMA_CHECK_OPTIONS_INIT;
    options.both = false;
    options.data = false;
    return pma_check(path, &options, NULL, report, error);
}

static void print_text(const struct settings *settings, const struct pma_check_report *report)
{
    char line[640], size[16];
    snprintf(line, sizeof line,
             "%s: snapshot %" PRIu64 ", event %" PRIu64 ", %" PRIu64 " pages in %" PRIu64
             " extents, %" PRIu64 " blocks, %s",
             settings->target, report->snapshot, report->event, report->pages, report->extents,
             report->file_blocks, report_size(report->file_blocks, size));
    report_wrapped(line, 4);
}

static void print_json(const struct settings *settings, const struct pma_check_report *report)
{
    json_open(NULL, '{');
    json_string("from", settings->file);
    json_string("to", settings->target);
    json_number("snapshot", report->snapshot);
    json_number("event", report->event);
    json_number("pages", report->pages);
    json_number("extents", report->extents);
    json_number("file_blocks", report->file_blocks);
    json_close('}');
    json_end();
}

static enum status run(const struct settings *settings)
{
    struct pma_options options = PMA_OPTIONS_INIT;
    struct progress progress = {0};
    struct pma_check_report report;
    struct pma_error error;
    options.previous = settings->previous;
    if (isatty(STDERR_FILENO)) {
        clock_gettime(CLOCK_MONOTONIC, &progress.start);
        options.progress = show_progress;
        options.progress_context = &progress;
    }
    int code = pma_copy(settings->file, settings->target, &options, &error);
    clear_progress(&progress);
    if (code == 0)
        code = look(settings->target, &report, &error);
    if (code != 0)
        return report_failure(settings, &error);
    if (settings->json)
        print_json(settings, &report);
    else
        print_text(settings, &report);
    return report_findings(settings, report.findings);
}

const struct command copy_command = {
    .name = "copy",
    .summary = "writes a snapshot to a new file, compactly",
    .about = "Copies one snapshot of FILE to TO, which must not exist, on consecutive blocks\n"
             "and without free ones. Every block is verified on the way. Programs may write to\n"
             "FILE meanwhile. TO gets its name when it is whole and durable.\n",
    .examples = "  pma copy store.pma backup.pma\n"
                "  pma copy --previous store.pma before.pma\n"
                "  pma copy --json store.pma backup.pma | jq .event\n",
    .target = "TO",
    .changes = true,
    .options =
        (const struct option[]){
            {"--json", offsetof(struct settings, json), "print JSON", NULL},
            {"--previous", offsetof(struct settings, previous), "copy the older snapshot", NULL},
            {0},
        },
    .run = run,
};
