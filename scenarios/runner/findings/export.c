/* SPDX-License-Identifier: MIT */
#include "export.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "finding.h"
#include "keep.h"
#include "output/text.h"
#include "verdict.h"

static FILE *open_in(const char *directory, const char *name)
{
    char *path = need_format("%s/%s", directory, name);
    FILE *file = fopen(path, "wxe");
    if (!file)
        complain("--export: %s: %s", path, strerror(errno));
    free(path);
    return file;
}

static bool close_file(FILE *file, const char *directory, const char *name)
{
    bool failed = ferror(file) != 0;
    if (fclose(file) == 0 && !failed)
        return true;
    complain("--export: %s/%s: %s", directory, name, strerror(errno));
    return false;
}

void export_scenario(const struct results_violation_row *row, FILE *file)
{
    if (*row->v.reduced)
        fputs(row->v.reduced, file);
    else
        fprintf(file, "scenarios:\n%s", row->text);
}

static bool write_scenario(const struct results_violation_row *row, const char *directory)
{
    FILE *file = open_in(directory, "scenario.yaml");
    if (!file)
        return false;
    export_scenario(row, file);
    return close_file(file, directory, "scenario.yaml");
}

static void write_run(const struct results_violation_row *row, FILE *file)
{
    fprintf(file, "    pmacrash run --suites scenario.yaml --model %s --copying %s", row->v.model,
            row->copying);
    if (*row->v.fault || *row->plan)
        fprintf(file, " --fault '%s'", *row->v.fault ? row->v.fault : row->plan);
    int length;
    const char *options = finding_options(&row->v, &length);
    fprintf(file, "%.*s --db again.db\n", length, options);
}

/* What lies there and what to type, as Markdown. */
static bool write_note(const struct results_violation_row *row, const char *directory)
{
    const struct results_violation *violation = &row->v;
    bool has_state = violation->image_bytes > 0;
    char *headline = verdict_headline(violation);
    FILE *file = open_in(directory, "README.md");
    if (!file) {
        free(headline);
        return false;
    }
    fprintf(file, "# Violation v%" PRId64 " of %s: %s\n\n", row->id, row->scenario,
            violation->verdict);
    text_paragraph(file, 0, headline);
    fprintf(file, "\n- `scenario.yaml`: the steps that bring it about");
    if (violation->steps_shrunk)
        fprintf(file, ", %" PRIu64 " of %" PRIu64, violation->shrunk_steps, violation->steps);
    fprintf(file, ".\n");
    if (has_state)
        fprintf(file, "- All other files: what the crash left, before any recovery.\n");
    fprintf(file,
            "\nIn this directory, this records the scenario, %sfinds the violation again:\n\n",
            has_state ? "crashes it everywhere and " : "and ");
    write_run(row, file);
    fprintf(file, "    pmacrash show v1 --db again.db\n");
    if (has_state)
        fprintf(file, "\nThis reads the file that the crash left, and changes nothing:\n\n"
                      "    pma check arena.pma\n");
    fprintf(file, "\nWhat happened until %s:\n\n```\n%s```\n\n", has_state ? "the crash" : "then",
            violation->timeline);
    fprintf(file, "%s:\n\n```\n%s```\n",
            has_state ? "What the crash left and what recovery made of it" : "What is wrong",
            violation->explanation);
    free(headline);
    return close_file(file, directory, "README.md");
}

bool export_violation(const struct results_violation_row *row, const char *directory)
{
    return keep_in_directory("--export", row->v.image, row->v.image_bytes, directory) &&
           write_scenario(row, directory) && write_note(row, directory);
}
