/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "json.h"
#include "tool.h"

/* What one walk over the trees learns. */
struct statistics {
    struct pma_check_meta meta[2];
    struct pma_check_report report;
    uint64_t directory_nodes, sums_nodes;
};

static void keep_meta(void *context, const struct pma_check_meta *meta)
{
    ((struct statistics *)context)->meta[meta->slot] = *meta;
}

static void count_node(void *context, const struct pma_check_node *node)
{
    struct statistics *statistics = context;
    if (node->tree == PMA_CHECK_DIRECTORY)
        statistics->directory_nodes++;
    else
        statistics->sums_nodes++;
}

static const struct pma_check_meta *walked(const struct statistics *statistics)
{
    bool second =
        statistics->meta[1].valid && statistics->meta[1].snapshot == statistics->report.snapshot &&
        !(statistics->meta[0].valid && statistics->meta[0].snapshot == statistics->report.snapshot);
    return &statistics->meta[second];
}

static uint64_t free_blocks(const struct pma_check_report *report)
{
    uint64_t named = report->used_blocks + report->limbo_blocks;
    return named < report->file_blocks ? report->file_blocks - named : 0;
}

static const char *uuid_text(const uint8_t *uuid, char text[37])
{
    char *at = text;
    for (unsigned i = 0; i < 16; i++)
        at += sprintf(at, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", uuid[i]);
    return text;
}

static void print_tree(const char *name, uint32_t depth, uint64_t nodes)
{
    if (depth == 0)
        printf("%-13s empty\n", name);
    else
        printf("%-13s %" PRIu32 " level%s, %" PRIu64 " node%s\n", name, depth,
               depth == 1 ? "" : "s", nodes, nodes == 1 ? "" : "s");
}

static void print_slot(const struct pma_check_meta *meta, const struct pma_check_meta *taken)
{
    if (!meta->valid)
        printf("meta page %u   no snapshot: %s\n", meta->slot, meta->reason);
    else
        printf("meta page %u   snapshot %" PRIu64 ", event %" PRIu64 "%s\n", meta->slot,
               meta->snapshot, meta->event, meta == taken ? " (shown here)" : "");
}

static void print_heap(const struct pma_check_heap *heap)
{
    printf("heap          %" PRIu64 " object%s, %" PRIu64 " bytes\n", heap->objects,
           heap->objects == 1 ? "" : "s", heap->object_bytes);
    printf("  used        %" PRIu64 " pages\n", heap->used_pages);
    printf("  free        %" PRIu64 "\n", heap->free_pages);
    printf("  record      %" PRIu64 "\n", heap->record_pages);
}

static void print_text(const struct settings *settings, const struct statistics *statistics)
{
    const struct pma_check_meta *meta = walked(statistics);
    const struct pma_check_report *report = &statistics->report;
    char text[37];
    printf("file          %s\n", settings->file);
    printf("uuid          %s\n", uuid_text(meta->uuid, text));
    printf("snapshot      %" PRIu64 "\n", meta->snapshot);
    printf("event         %" PRIu64 "\n", meta->event);
    printf("base          0x%" PRIx64 "\n", meta->base);
    printf("reserved      %" PRIu64 " pages, %s\n", meta->reserved_pages,
           report_size(meta->reserved_pages, text));
    printf("pages         %" PRIu64 ", %s\n", meta->pages, report_size(meta->pages, text));
    printf("extents       %" PRIu64 "\n", meta->extents);
    print_tree("directory", meta->directory_depth, statistics->directory_nodes);
    print_tree("checksums", meta->sums_depth, statistics->sums_nodes);
    if (meta->fanout)
        printf("fan-out       %" PRIu32 "\n", meta->fanout);
    printf("file length   %" PRIu64 " blocks, %s\n", report->file_blocks,
           report_size(report->file_blocks, text));
    printf("  used        %" PRIu64 "\n", report->used_blocks);
    printf("  limbo       %" PRIu64 "\n", report->limbo_blocks);
    printf("  free        %" PRIu64 "\n", free_blocks(report));
    if (meta->heap)
        print_heap(&report->heap);
    for (unsigned i = 0; i < PMA_ROOTS; i++)
        if (meta->roots[i])
            printf("root %-2u       0x%" PRIx64 "\n", i, meta->roots[i]);
    print_slot(&statistics->meta[0], meta);
    print_slot(&statistics->meta[1], meta);
}

static void json_tree(const char *name, uint64_t block, uint32_t depth, uint64_t nodes)
{
    json_open(name, '{');
    json_number("root", block);
    json_number("depth", depth);
    json_number("nodes", nodes);
    json_close('}');
}

static void json_slot(const struct pma_check_meta *meta)
{
    json_open(NULL, '{');
    json_number("slot", meta->slot);
    json_bool("valid", meta->valid);
    json_string("reason", meta->reason);
    if (meta->valid) {
        json_number("snapshot", meta->snapshot);
        json_number("event", meta->event);
    }
    json_close('}');
}

static void print_json(const struct settings *settings, const struct statistics *statistics)
{
    const struct pma_check_meta *meta = walked(statistics);
    const struct pma_check_report *report = &statistics->report;
    char text[37];
    json_open(NULL, '{');
    json_string("file", settings->file);
    json_string("uuid", uuid_text(meta->uuid, text));
    json_number("snapshot", meta->snapshot);
    json_number("event", meta->event);
    json_hex("base", meta->base);
    json_number("reserved_pages", meta->reserved_pages);
    json_number("pages", meta->pages);
    json_number("extents", meta->extents);
    json_number("fanout", meta->fanout);
    json_tree("directory", meta->directory_block, meta->directory_depth,
              statistics->directory_nodes);
    json_tree("checksums", meta->sums_block, meta->sums_depth, statistics->sums_nodes);
    json_open("blocks", '{');
    json_number("file", report->file_blocks);
    json_number("used", report->used_blocks);
    json_number("limbo", report->limbo_blocks);
    json_number("free", free_blocks(report));
    json_close('}');
    json_open("heap", '{');
    json_hex("record", meta->heap);
    json_number("objects", report->heap.objects);
    json_number("object_bytes", report->heap.object_bytes);
    json_number("used_pages", report->heap.used_pages);
    json_number("free_pages", report->heap.free_pages);
    json_number("record_pages", report->heap.record_pages);
    json_close('}');
    json_open("roots", '[');
    for (unsigned i = 0; i < PMA_ROOTS; i++)
        json_hex(NULL, meta->roots[i]);
    json_close(']');
    json_open("meta", '[');
    json_slot(&statistics->meta[0]);
    json_slot(&statistics->meta[1]);
    json_close(']');
    json_number("findings", report->findings);
    json_close('}');
    json_end();
}

static enum status run(const struct settings *settings)
{
    struct statistics statistics = {0};
    struct pma_check_visitor visitor = {
        .context = &statistics, .meta = keep_meta, .node = count_node};
    struct pma_check_options options = PMA_CHECK_OPTIONS_INIT;
    options.data = false;
    options.which = settings->previous ? PMA_CHECK_PREVIOUS : PMA_CHECK_NEWEST;
    struct pma_error error;
    if (pma_check(settings->file, &options, &visitor, &statistics.report, &error) != 0)
        return report_failure(settings, &error);
    if (settings->json)
        print_json(settings, &statistics);
    else
        print_text(settings, &statistics);
    return report_findings(settings, statistics.report.findings);
}

const struct command stat_command = {
    .name = "stat",
    .summary = "what is in the file, in numbers",
    .about = "Shows one snapshot: where it lives, how large it is, how its directory is built\n"
             "and how the blocks of the file are used. Walks the trees, not the data.\n",
    .examples = "  pma stat store.pma\n"
                "  pma stat --previous store.pma\n"
                "  pma stat --json store.pma | jq .blocks.free\n",
    .options =
        (const struct option[]){
            {"--json", offsetof(struct settings, json), "print JSON", NULL},
            {"--previous", offsetof(struct settings, previous), "show the older snapshot", NULL},
            {0},
        },
    .run = run,
};
