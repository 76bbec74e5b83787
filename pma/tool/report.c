/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "tool.h"

enum { COLUMNS = 80 };

/* What else there is to do when the command writes; NULL: nothing. */
static const char *advice_on_change(int code)
{
    switch (code) {
    case -EACCES:
    case -EPERM:
    case -EROFS:
        return "run pma as a user who may write there";
    case PMA_EEXISTS:
        return "choose another name, or remove it first";
    case -ENOSPC:
    case -EDQUOT:
        return "make room on that disk";
    case PMA_ECORRUPT:
        return "'pma check' lists the damage";
    default:
        return NULL;
    }
}

/* What the reader of the message can do. */
static const char *advice(const struct settings *settings, int code)
{
    const char *change = settings->command->changes ? advice_on_change(code) : NULL;
    if (change)
        return change;
    switch (code) {
    case -ENOENT:
        return settings->previous && access(settings->file, F_OK) == 0 ? "leave out --previous"
                                                                       : "check the path";
    case -EISDIR:
        return "name the arena file, not its directory";
    case -EACCES:
    case -EPERM:
        return "run pma as a user who may read it";
    case PMA_ENOTARENA:
        return "name a file that pma_create made";
    case PMA_EVERSION:
        return "use the pma command of the version that made it";
    case PMA_EMACHINE:
        return "read it on the kind of machine that made it";
    case PMA_ECORRUPT:
        return "neither snapshot can be found; restore the file from a copy";
    case PMA_EBUSY:
        return "try again when no program writes to it";
    case -EIO:
        return "the storage fails; copy the file elsewhere, then check the copy";
    case -ENOMEM:
        return "free some memory and try again";
    default:
        return "see 'pma help'";
    }
}

enum status report_failure(const struct settings *settings, const struct pma_error *error)
{
    fprintf(stderr, "pma: %s; %s\n", error->text, advice(settings, error->code));
    return STATUS_UNREADABLE;
}

enum status report_findings(const struct settings *settings, uint64_t findings)
{
    if (findings == 0)
        return STATUS_FINE;
    fprintf(stderr, "pma: %s: %" PRIu64 " finding%s; 'pma check' lists %s\n", settings->file,
            findings, findings == 1 ? "" : "s", findings == 1 ? "it" : "them");
    return STATUS_FINDINGS;
}

void report_wrapped(const char *text, int indent)
{
    size_t column = 0;
    while (*text) {
        size_t length = strcspn(text, " ");
        if (column > 0 && column + 1 + length > COLUMNS) {
            printf("\n%*s", indent, "");
            column = (size_t)indent;
        } else if (column > 0) {
            putchar(' ');
            column++;
        }
        printf("%.*s", (int)length, text);
        column += length;
        text += length + (text[length] == ' ');
    }
    putchar('\n');
}

const char *report_size(uint64_t pages, char *text)
{
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB"};
    double size = (double)pages * (PMA_PAGE_SIZE / 1024);
    size_t unit = 0;
    for (; size >= 1024 && unit + 1 < sizeof units / sizeof units[0]; unit++)
        size /= 1024;
    snprintf(text, 16, size < 10 && unit > 0 ? "%.1f %s" : "%.0f %s", size, units[unit]);
    return text;
}
