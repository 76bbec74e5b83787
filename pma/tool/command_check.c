/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "json.h"
#include "tool.h"

static void print_finding(void *context, const char *rule, const char *text)
{
    const struct settings *settings = context;
    if (settings->quiet)
        return;
    if (settings->json) {
        json_open(NULL, '{');
        json_string("rule", rule);
        json_string("text", text);
        json_close('}');
        return;
    }
    char line[640];
    snprintf(line, sizeof line, "%s: %s", rule, text);
    report_wrapped(line, 4);
}

static void print_summary(const struct settings *settings, const struct pma_check_report *report)
{
    char line[640];
    const char *kept = "every rule is kept";
    char broken[64];
    if (report->findings > 0) {
        snprintf(broken, sizeof broken, "%" PRIu64 " finding%s", report->findings,
                 report->findings == 1 ? "" : "s");
        kept = broken;
    }
    snprintf(line, sizeof line,
             "%s: snapshot %" PRIu64 ", %" PRIu64 " pages in %" PRIu64 " extents, %" PRIu64
             " nodes, %" PRIu64 " blocks: %s",
             settings->file, report->snapshot, report->pages, report->extents, report->nodes,
             report->file_blocks, kept);
    report_wrapped(line, 4);
}

static void close_json(const struct settings *settings, const struct pma_check_report *report)
{
    json_close(']');
    json_string("file", settings->file);
    json_number("snapshot", report->snapshot);
    json_number("event", report->event);
    json_number("pages", report->pages);
    json_number("extents", report->extents);
    json_number("nodes", report->nodes);
    json_number("file_blocks", report->file_blocks);
    json_number("used_blocks", report->used_blocks);
    json_number("limbo_blocks", report->limbo_blocks);
    json_number("count", report->findings);
    json_close('}');
    json_end();
}

static enum status run(const struct settings *settings)
{
    struct pma_check_visitor visitor = {.context = (void *)settings, .finding = print_finding};
    struct pma_check_report report;
    struct pma_error error;
    bool json = settings->json && !settings->quiet;
    if (json) {
        json_open(NULL, '{');
        json_open("findings", '[');
    }
    struct pma_check_options options = PMA_CHECK_OPTIONS_INIT;
    if (settings->previous) {
        options.which = PMA_CHECK_PREVIOUS;
        options.both = false;
    }
    int code = pma_check(settings->file, &options, &visitor, &report, &error);
    if (code != 0) {
        if (json) {
            json_close(']');
            json_string("error", error.text);
            json_close('}');
            json_end();
        }
        return report_failure(settings, &error);
    }
    if (json)
        close_json(settings, &report);
    else if (!settings->quiet)
        print_summary(settings, &report);
    return report.findings > 0 ? STATUS_FINDINGS : STATUS_FINE;
}

const struct command check_command = {
    .name = "check",
    .summary = "is every rule kept, every checksum right?",
    .about = "Reads all that the snapshots of both meta pages reach and names each broken\n"
             "rule of docs/invariants.md. No program may write to the arena meanwhile.\n",
    .examples = "  pma check store.pma\n"
                "  pma check --quiet backup.pma && rm store.pma\n"
                "  pma check --previous store.pma\n"
                "  pma check --json store.pma | jq -r '.findings[].rule'\n",
    .options =
        (const struct option[]){
            {"--json", offsetof(struct settings, json), "print JSON", NULL},
            {"--previous", offsetof(struct settings, previous), "check the older snapshot alone",
             NULL},
            {"--quiet", offsetof(struct settings, quiet), "print nothing: the exit status says it",
             NULL},
            {0},
        },
    .run = run,
};
