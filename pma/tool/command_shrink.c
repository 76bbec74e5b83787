/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "json.h"
#include "tool.h"

static void print_text(const struct settings *settings, uint64_t before, uint64_t now)
{
    char line[640], gone[16];
    if (now < before)
        snprintf(line, sizeof line, "%s: %" PRIu64 " blocks, %s given back", settings->file, now,
                 report_size(before - now, gone));
    else
        snprintf(line, sizeof line, "%s: %" PRIu64 " blocks, nothing to give back", settings->file,
                 now);
    report_wrapped(line, 4);
}

static void print_json(const struct settings *settings, uint64_t before, uint64_t now)
{
    json_open(NULL, '{');
    json_string("file", settings->file);
    json_number("blocks_before", before);
    json_number("blocks", now);
    json_close('}');
    json_end();
}

static int keep_error(pma_t *arena, int code, struct pma_error *error)
{
    error->code = code;
    snprintf(error->text, sizeof error->text, "%s", pma_last_error(arena));
    return code;
}

static int shrink(const struct settings *settings, uint64_t *before, uint64_t *now,
                  struct pma_error *error)
{
    struct pma_stat stat;
    pma_t *arena;
    int code = pma_open(settings->file, NULL, &arena, error);
    if (code != 0)
        return code;
    code = pma_stat(arena, &stat);
    if (code == 0)
        code = pma_shrink(arena, settings->blocks, now);
    if (code != 0)
        keep_error(arena, code, error);
    *before = stat.file_blocks;
    pma_close(arena);
    return code;
}

static enum status run(const struct settings *settings)
{
    struct pma_error error;
    uint64_t before, now;
    if (shrink(settings, &before, &now, &error) != 0)
        return report_failure(settings, &error);
    if (settings->json)
        print_json(settings, before, now);
    else
        print_text(settings, before, now);
    return STATUS_FINE;
}

const struct command shrink_command = {
    .name = "shrink",
    .summary = "gives free blocks back to the file system",
    .about = "Moves what lies at the end of FILE to free blocks before it, and cuts the file.\n"
             "Takes the snapshots that this needs, with the event number of the last one, so\n"
             "no other program may have FILE open for writing. What a view reads stays.\n",
    .examples = "  pma shrink store.pma\n"
                "  pma shrink --to 25600 store.pma   no shorter than 100 MiB\n",
    .changes = true,
    .options =
        (const struct option[]){
            {"--to", offsetof(struct settings, blocks), "no shorter than that", "BLOCKS"},
            {"--json", offsetof(struct settings, json), "print JSON", NULL},
            {0},
        },
    .run = run,
};
