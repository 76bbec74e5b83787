/* SPDX-License-Identifier: MIT */
/* pmacrash: finds the subcommand, reads its options, runs it. */
#include <stdlib.h>
#include <string.h>

#include <faultsim/capture.h>

#include "commandline/command.h"
#include "commandline/grain.h"
#include "commandline/help.h"
#include "commandline/options.h"
#include "output/text.h"

static enum status run_subcommand(int argc, char **argv)
{
    struct settings settings;
    enum status status = STATUS_USAGE;
    const struct command *command = command_find(argv[1]);
    if (!command)
        return STATUS_USAGE;
    char *line = command_line_text(argc, argv);
    if (options_parse(command, argc - 2, argv + 2, &settings)) {
        settings.command_line = line;
        text_setup((enum text_when)settings.colour, settings.width);
        if (settings.help) {
            help_command_text(command, stdout);
            status = STATUS_CLEAN;
        } else if (settings.grain == FSIM_GRAIN_STORE &&
                   fsim_capture_grain(FSIM_GRAIN_STORE) != 0) {
            status = grain_run_program_for_stores(argv);
        } else {
            status = command->run(&settings);
        }
    }
    options_release(&settings);
    free(line);
    return status;
}

int main(int argc, char **argv)
{
    enum status status = STATUS_CLEAN;
    if (argc < 2) {
        help_overview(stderr);
        return STATUS_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0)
        printf("pmacrash %s (%s)\n", PMACRASH_VERSION, PMACRASH_COMMIT);
    else if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        help_overview(stdout);
    else
        status = run_subcommand(argc, argv);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        complain("the output could not be written in full; is the disk full?");
        return STATUS_FAILED;
    }
    return status;
}
