/* SPDX-License-Identifier: MIT */
#include "explain_items.h"

#include <inttypes.h>
#include <stdbool.h>

#include "account.h"
#include "explain_text.h"

enum { MOST_ITEMS = 16 };

/* What an item is that has this value: "block 3 (data of page 1)". */
static void name_item(const fsim_trace_t *trace, const struct fsim_item *item, uint64_t value,
                      char *text, size_t bytes)
{
    char role[ACCOUNT_TEXT];

    switch (item->kind) {
    case FSIM_ITEM_BLOCK:
        account_role(trace, value, role, sizeof role);
        snprintf(text, bytes, "block %" PRIu64 " (%s)", item->number, role);
        break;
    case FSIM_ITEM_LENGTH:
        snprintf(text, bytes, "the length of the file, %" PRIu64 " blocks",
                 value / FSIM_BLOCK_SIZE);
        break;
    default:
        snprintf(text, bytes, value == FSIM_NO_FILE ? "the removal of the name %s" : "the name %s",
                 fsim_trace_string(trace, item->file));
        break;
    }
}

/* The value alone: "data of page 1". */
static void name_value(const fsim_trace_t *trace, const struct fsim_item *item, uint64_t value,
                       char *text, size_t bytes)
{
    switch (item->kind) {
    case FSIM_ITEM_BLOCK:
        account_role(trace, value, text, bytes);
        break;
    case FSIM_ITEM_LENGTH:
        snprintf(text, bytes, "%" PRIu64 " blocks", value / FSIM_BLOCK_SIZE);
        break;
    default:
        snprintf(text, bytes, "%s",
                 value == FSIM_NO_FILE ? "no file of that name" : "another file of that name");
        break;
    }
}

/* The event that gave the item its value; SIZE_MAX if none did. */
static size_t find_write(const struct fsim_violation *violation, const struct fsim_item *item,
                         uint64_t value)
{
    uint64_t newer, older;

    if (item->kind != FSIM_ITEM_BLOCK || !fsim_value_torn(value, &newer, &older))
        newer = value;
    return account_write(violation->trace, violation->cursor, item, newer);
}

/* How the item came to its value: "by `pwrite` in step 5 (write a), at pma/cow/copy". */
static void name_writer(const struct fsim_violation *violation, const struct fsim_item *item,
                        uint64_t value, char *text, size_t bytes)
{
    size_t write = find_write(violation, item, value);

    if (write != SIZE_MAX)
        account_writer(violation->trace, write, text, bytes);
    else
        snprintf(text, bytes, "before the recording");
}

static bool sync_covers(const struct fsim_event *sync, const struct fsim_item *item)
{
    if (item->kind == FSIM_ITEM_NAME || sync->file == FSIM_NO_FILE)
        return item->kind == FSIM_ITEM_NAME && sync->file == FSIM_NO_FILE;
    if (sync->file != item->file)
        return false;
    if (sync->value == 0 || sync->number == FSIM_SYNC_LENGTH)
        return sync->value == 0 || item->kind == FSIM_ITEM_LENGTH;
    return item->kind == FSIM_ITEM_BLOCK && item->number >= sync->number &&
           item->number - sync->number < sync->value;
}

/* Whether a sync that began after this event said that it had made the item durable. */
static bool was_synced(const struct fsim_violation *violation, const struct fsim_item *item,
                       size_t event)
{
    const fsim_trace_t *trace = violation->trace;

    for (size_t i = event; i < violation->point->events; i++) {
        const struct fsim_event *end = fsim_trace_event(trace, i);

        if (fsim_cursor_applied(violation->cursor, i) && end->kind == FSIM_EV_SYNC_END &&
            end->value == 0 && end->number > event &&
            sync_covers(fsim_trace_event(trace, end->number), item))
            return true;
    }
    return false;
}

static uint64_t latest_value(const struct fsim_violation *violation, const struct fsim_item *item)
{
    const uint64_t *values;

    (void)fsim_cursor_values(violation->cursor, *item, &values);
    return values[0];
}

/* Whether a block did not become like that by what was written, or not written, to it. */
static bool is_damage(const struct fsim_violation *violation, const struct fsim_item *item,
                      uint64_t value)
{
    const uint64_t *values;
    size_t count = fsim_cursor_values(violation->cursor, *item, &values);

    for (size_t i = fsim_cursor_sound(violation->cursor, *item); i < count; i++)
        if (values[i] == value)
            return true;
    return false;
}

static void tell_damage(FILE *out, const struct fsim_violation *violation,
                        const struct fsim_item *item, uint64_t wanted, uint64_t left)
{
    char now[2 * ACCOUNT_TEXT], was[2 * ACCOUNT_TEXT];

    name_item(violation->trace, item, wanted, now, sizeof now);
    name_value(violation->trace, item, left, was, sizeof was);
    explain_wrap(out, "  Damaged: ", "    ", "%s. The disk had %s.", now, was);
}

static void tell_lost(FILE *out, const struct fsim_violation *violation,
                      const struct fsim_item *item, uint64_t wanted, uint64_t left)
{
    char now[2 * ACCOUNT_TEXT], was[2 * ACCOUNT_TEXT], writer[2 * ACCOUNT_TEXT];

    name_item(violation->trace, item, wanted, now, sizeof now);
    name_value(violation->trace, item, left, was, sizeof was);
    name_writer(violation, item, wanted, writer, sizeof writer);
    explain_wrap(out, "  Lost: ", "    ", "%s, changed %s; %s. The disk had %s.", now, writer,
                 was_synced(violation, item, find_write(violation, item, wanted))
                     ? "a sync of it had claimed success"
                     : "no sync of it had ended",
                 was);
}

/* A block that came to the disk may have taken what was there before with it. */
static void tell_kept(FILE *out, const struct fsim_violation *violation,
                      const struct fsim_item *item, uint64_t value, uint64_t before)
{
    char now[2 * ACCOUNT_TEXT], was[2 * ACCOUNT_TEXT];

    name_item(violation->trace, item, value, now, sizeof now);
    name_value(violation->trace, item, before, was, sizeof was);
    if (item->kind == FSIM_ITEM_BLOCK && before != FSIM_ZEROS && before != value)
        explain_wrap(out, "  Kept: ", "    ", "%s, written over %s", now, was);
    else
        explain_wrap(out, "  Kept: ", "    ", "%s", now);
}

static void tell_arrived(FILE *out, const struct fsim_violation *violation,
                         const struct fsim_difference *difference)
{
    const struct fsim_item *item = &difference->item;
    char now[2 * ACCOUNT_TEXT], was[2 * ACCOUNT_TEXT], writer[2 * ACCOUNT_TEXT];

    name_item(violation->trace, item, difference->value, now, sizeof now);
    name_value(violation->trace, item, difference->legal, was, sizeof was);
    name_writer(violation, item, difference->value, writer, sizeof writer);
    explain_wrap(out, "  Kept: ", "    ", "%s, changed %s; before, the disk had %s.", now, writer,
                 was);
}

/* What the crash left open, or the medium damaged; that it may damage any block says nothing. */
static bool is_open(const struct fsim_violation *violation, size_t index)
{
    const struct fsim_item *item = &violation->items[index];

    return fsim_cursor_sound(violation->cursor, *item) > 1 ||
           is_damage(violation, item, violation->values[index]);
}

/* ---- what makes the difference ---- */

static bool differs(const struct fsim_reduction *reduction, const struct fsim_item *item)
{
    for (size_t i = 0; i < reduction->difference_count; i++) {
        const struct fsim_item *other = &reduction->differences[i].item;

        if (other->kind == item->kind && other->file == item->file && other->number == item->number)
            return true;
    }
    return false;
}

static void introduce(FILE *out, const struct fsim_reduction *reduction)
{
    const char *const only =
        reduction->difference_count == 1 ? "one thing alone is" : "these alone are";

    switch (reduction->base) {
    case FSIM_BASE_LATEST:
        explain_wrap(
            out, "", "",
            "Had all that was written reached the disk, recovery would have been right. It "
            "goes wrong when %s lost or damaged:",
            only);
        break;
    case FSIM_BASE_EARLIEST:
        explain_wrap(out, "", "",
                     "Had nothing reached the disk but what syncs had made durable, recovery would "
                     "have been right. It goes wrong when %s not as then:",
                     only);
        break;
    default:
        explain_wrap(out, "", "",
                     "No crash here leaves a legal state, whatever the disk keeps of the last "
                     "writes. Put into the files as they were when success was last reported, %s "
                     "enough:",
                     only);
        break;
    }
}

static void explain_differences(FILE *out, const struct fsim_violation *violation,
                                const struct fsim_reduction *reduction)
{
    size_t others = 0;

    introduce(out, reduction);
    for (size_t i = 0; i < reduction->difference_count && i < MOST_ITEMS; i++) {
        const struct fsim_difference *difference = &reduction->differences[i];

        if (is_damage(violation, &difference->item, difference->value))
            tell_damage(out, violation, &difference->item, difference->legal, difference->value);
        else if (reduction->base == FSIM_BASE_LATEST)
            tell_lost(out, violation, &difference->item, difference->legal, difference->value);
        else
            tell_arrived(out, violation, difference);
    }
    if (reduction->difference_count > MOST_ITEMS)
        fprintf(out, "  ... and %zu more\n", reduction->difference_count - MOST_ITEMS);
    for (size_t i = 0; i < violation->item_count; i++)
        others += is_open(violation, i) && !differs(reduction, &violation->items[i]);
    if (others > 0 && reduction->base != FSIM_BASE_ACKNOWLEDGED)
        explain_wrap(out, "", "",
                     "Recovery looked at %zu more block%s, lengths or names that no sync had made "
                     "durable; there it found what it would have found then.",
                     others, others == 1 ? "" : "s");
}

/* ---- everything that recovery looked at ---- */

static void explain_all(FILE *out, const struct fsim_violation *violation)
{
    size_t open = 0, told = 0;

    for (size_t i = 0; i < violation->item_count; i++)
        open += is_open(violation, i);
    if (open == 0) {
        explain_wrap(out, "", "",
                     "All that recovery looked at was durable: this happens on every disk, at "
                     "every crash here.");
        return;
    }
    explain_wrap(out, "", "", "What no sync had made durable, as far as recovery looked at it:");
    for (int lost = 1; lost >= 0; lost--) {
        for (size_t i = 0; i < violation->item_count; i++) {
            const struct fsim_item *item = &violation->items[i];
            uint64_t latest = latest_value(violation, item), value = violation->values[i];
            const uint64_t *values;
            size_t sound = fsim_cursor_sound(violation->cursor, *item);

            (void)fsim_cursor_values(violation->cursor, *item, &values);
            if (!is_open(violation, i) || (value != latest) != lost || told++ >= MOST_ITEMS)
                continue;
            if (is_damage(violation, item, value))
                tell_damage(out, violation, item, latest, value);
            else if (lost)
                tell_lost(out, violation, item, latest, value);
            else
                tell_kept(out, violation, item, value, values[sound - 1]);
        }
    }
    if (told > MOST_ITEMS)
        fprintf(out, "  ... and %zu more\n", told - MOST_ITEMS);
}

void explain_items(FILE *out, const struct fsim_violation *violation,
                   const struct fsim_reduction *reduction)
{
    fputc('\n', out);
    if (reduction != NULL && reduction->base != FSIM_BASE_NONE)
        explain_differences(out, violation, reduction);
    else
        explain_all(out, violation);
}
