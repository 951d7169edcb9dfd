/* SPDX-License-Identifier: MIT */
/* Reads and writes the tables etl_unread_lines and etl_kept_rows. */
#include "load/doubt_notes.h"

#include "base/date.h"
#include "load/notes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HASH_DIGITS = 32 };

static bool read_hash(struct cell cell, struct hash128 *out)
{
    char digits[HASH_DIGITS / 2 + 1] = "";
    char *end;

    if (!cell.text || cell.len != HASH_DIGITS)
        return false;
    memcpy(digits, cell.text, HASH_DIGITS / 2);
    out->high = strtoull(digits, &end, 16);
    if (*end)
        return false;
    memcpy(digits, cell.text + HASH_DIGITS / 2, HASH_DIGITS / 2);
    out->low = strtoull(digits, &end, 16);
    return !*end;
}

/* Takes a row (id, run, first day, last day). Skips a row that is not in the program's form,
 * because a person wrote it. */
static bool take_doubt(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct doubt_list *list = arg;
    struct doubt doubt = {0};

    (void)count;
    (void)err;
    if (!read_hash(cells[0], &doubt.id) || !cells[1].text)
        return true;
    snprintf(doubt.run, sizeof(doubt.run), "%.*s", (int)cells[1].len, cells[1].text);
    doubt.undated = !cells[2].text;
    if (cells[2].text && !(date_parse_iso(cells[2].text, cells[2].len, &doubt.first) &&
                           date_parse_iso(cells[3].text, cells[3].len, &doubt.last)))
        return true;
    doubt_list_add(list, &doubt);
    return true;
}

bool doubt_notes_read(struct destination *dest, const char *report, struct doubts *out,
                      struct error *err)
{
    return dest->ops->notes->open_lines(dest, report, take_doubt, &out->lines, err) &&
           destination_query_values(dest,
                                    "SELECT row_key, run_id, window_date, window_date"
                                    " FROM etl_kept_rows WHERE report = $1",
                                    &report, 1, take_doubt, &out->rows, err);
}

static bool is_within(const struct doubt *row, struct window window, bool undated)
{
    return row->undated ? undated : row->first >= window.own_first && row->first <= window.own_last;
}

static bool is_line_within(const struct doubt *line, struct window window)
{
    return line->first >= window.own_first && line->last <= window.own_last;
}

static bool is_noted(const struct doubt_list *list, const struct doubt *doubt)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct doubt *noted = &list->items[i];
        if (hash128_equal(noted->id, doubt->id) && strcmp(noted->run, doubt->run) == 0 &&
            noted->undated == doubt->undated &&
            (doubt->undated || (noted->first == doubt->first && noted->last == doubt->last)))
            return true;
    }
    return false;
}

/* How many doubts are noted of a window's days, and how many of the plan's doubts are among all
 * notes. */
struct notes {
    size_t before, same;
};

static struct notes compare_lines(const struct doubts *before, const struct doubts *now,
                                  struct window window)
{
    struct notes notes = {0};

    for (size_t i = 0; i < before->lines.count; i++)
        notes.before += is_line_within(&before->lines.items[i], window);
    for (size_t i = 0; i < now->lines.count; i++)
        notes.same += is_noted(&before->lines, &now->lines.items[i]);
    return notes;
}

static struct notes compare_rows(const struct doubts *before, const struct doubts *now,
                                 struct window window, bool undated)
{
    struct notes notes = {0};

    for (size_t i = 0; i < before->rows.count; i++)
        notes.before += is_within(&before->rows.items[i], window, undated);
    for (size_t i = 0; i < now->rows.count; i++)
        notes.same += is_noted(&before->rows, &now->rows.items[i]);
    return notes;
}

static bool is_unchanged(struct notes notes, const struct doubt_list *now)
{
    return notes.before == notes.same && notes.same == now->count;
}

/* If nothing changed, seen_run_id stays that of the run that wrote the line. That is right for
 * windows of the same days, which are nearly all: only a later load of other days that does not
 * show the line closes it (doubt_notes_read). */
bool doubt_notes_write(struct destination *dest, const struct run *run, bool undated,
                       const struct doubts *before, const struct doubts *now, struct error *err)
{
    const struct note_ops *notes = dest->ops->notes;
    const struct notes rows = compare_rows(before, now, dest->window, undated);
    const struct notes lines = compare_lines(before, now, dest->window);

    return (is_unchanged(rows, &now->rows) ||
            (notes->forget_rows(dest, undated, err) && notes->note_rows(dest, &now->rows, err))) &&
           (is_unchanged(lines, &now->lines) ||
            ((!lines.before || notes->forget_lines(dest, err)) &&
             notes->note_lines(dest, run, &now->lines, err)));
}
