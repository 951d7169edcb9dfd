/* SPDX-License-Identifier: MIT */
/* Compares the clean rows of a window with the rows of the table and decides what to write. */
#include "load/reconcile.h"

#include "base/mem.h"
#include "model/hash_index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Fills the index with the numbers of the stored rows, from 1, by key. */
static void index_rows(struct hash_index *index, const struct snapshot *snapshot)
{
    hash_index_init(index, snapshot->rows, sizeof(struct stored_row),
                    offsetof(struct stored_row, key), snapshot->count);
    for (size_t i = 0; i < snapshot->count; i++)
        *hash_index_slot(index, snapshot->rows[i].key) = i + 1;
}

static bool any_covered(struct window window, const bool *covered)
{
    for (size_t day = 0; covered && day < window_owned_days(window); day++)
        if (covered[day])
            return true;
    return false;
}

static bool changes_the_past(const struct row *row, struct window window, const bool *covered,
                             bool any)
{
    if (!covered)
        return false;
    return row->undated ? any : covered[(int64_t)row->date - window.own_first];
}

/* Whether the stored row is on the day of its key. The day is part of the key, so a row with the
 * key and another day was moved by a person or a trigger, and an update would not find it. */
static bool is_on_its_day(const struct stored_row *held, const struct row *row)
{
    return held->undated == row->undated && (row->undated || held->date == row->date);
}

/* Decides a row that was moved to another day: deletes it there and inserts it on its own day. The
 * insert is logged, because it changes the past. */
static void move_back(struct plan *plan, size_t row, struct stored_row held)
{
    plan->removed[plan->removed_count++] = held;
    plan->actions[row] = ROW_INSERT;
    plan->logged[row] = true;
    plan->counts.inserted++;
}

static void decide_rows(const struct comparison *input, const struct hash_index *index, bool *seen,
                        struct plan *plan)
{
    const struct batch *batch = input->batch;
    const bool *covered = input->covered;
    const bool any = any_covered(input->window, covered);

    for (size_t i = 0; i < batch->row_count; i++) {
        const struct row *row = &batch->rows[i];
        if (row->superseded)
            continue;
        size_t held = *hash_index_slot(index, row->key);
        if (!held) {
            plan->actions[i] = ROW_INSERT;
            plan->logged[i] = changes_the_past(row, input->window, covered, any);
            plan->counts.inserted++;
            continue;
        }
        const struct stored_row *there = &input->snapshot->rows[held - 1];
        seen[held - 1] = true;
        if (!is_on_its_day(there, row)) {
            move_back(plan, i, *there);
        } else if (hash128_equal(there->fingerprint, row->fingerprint)) {
            plan->counts.unchanged++;
        } else {
            plan->actions[i] = ROW_UPDATE;
            plan->counts.updated++;
        }
    }
}

/* Marks the stored rows whose key is one of those that the line may have had. Returns whether there
 * are any. */
static bool mark_guesses(const struct batch *batch, const struct unread *line,
                         const struct hash_index *index, bool *guessed)
{
    bool any = false;

    for (size_t i = 0; i < line->key_count; i++) {
        const size_t held = *hash_index_slot(index, batch->unread_keys[line->first_key + i]);
        if (!held)
            continue;
        guessed[held - 1] = true;
        any = true;
    }
    return any;
}

/* Whether the line was read as a row and needs no doubt: a later line replaced it, or the table has
 * its key and no earlier run (`doubted`) noted the line. */
static bool is_certain(const struct batch *batch, const struct unread *line,
                       const struct hash_index *index, bool doubted)
{
    if (line->reject != UNREAD_ROW)
        return false;
    const struct row *row = &batch->rows[line->row];
    return row->superseded || (!doubted && *hash_index_slot(index, row->key));
}

/* Returns the lines that may be stored rows of unknown key, and marks the rows whose keys are known
 * guesses. */
static struct open_lines find_open_lines(const struct comparison *input,
                                         const struct hash_index *index, bool *guessed)
{
    const struct batch *batch = input->batch;
    const int32_t first = input->window.own_first, last = input->window.own_last;
    struct open_lines lines = {.items = mem_array(batch->unread_count, sizeof(*lines.items))};

    for (size_t i = 0; i < batch->unread_count; i++) {
        const struct unread *line = &batch->unread[i];
        const char *since =
            input->before ? doubt_line_run(&input->before->lines, line->id, first, last) : NULL;
        const bool known = mark_guesses(batch, line, index, guessed);
        if ((known && !line_has_more(line)) || is_certain(batch, line, index, since))
            continue;
        lines.items[lines.count++] =
            (struct open_line){.line = line, .since = since ? since : input->run, .known = known};
    }
    return lines;
}

static bool may_be(const struct open_line *line, const struct cell *key)
{
    return line->known && key ? line_may_have_more(line->line, key)
                              : line_may_be_row(line->line, key);
}

/* Returns the run since which a missing row is kept, or NULL if it may be deleted. A line that an
 * earlier run met first keeps only rows that the same run missed first; a new line keeps any row
 * that it may be. */
static const char *kept_since(const struct stored_row *row, const struct open_lines *lines,
                              const struct doubts *before, const struct row_keys *keys,
                              const char *run)
{
    const char *since = before ? doubt_row_run(&before->rows, row->key) : NULL;
    const struct cell *key = row_keys_find(keys, row->key);
    bool may_be_new = false;

    for (size_t i = 0; i < lines->count; i++) {
        const struct open_line *line = &lines->items[i];
        const bool is_new = strcmp(line->since, run) == 0;
        if ((!is_new && (!since || strcmp(line->since, since) != 0)) || !may_be(line, key))
            continue;
        if (!is_new)
            return since;
        may_be_new = true;
    }
    return may_be_new ? run : NULL;
}

static void keep(struct plan *plan, const struct stored_row *row, const char *since)
{
    struct doubt doubt = {
        .id = row->key, .first = row->date, .last = row->date, .undated = row->undated};

    snprintf(doubt.run, sizeof(doubt.run), "%s", since);
    doubt_list_add(&plan->doubts.rows, &doubt);
    plan->counts.kept++;
}

/* Keeps or deletes a stored row that the export does not show. */
static void decide_missing(const struct stored_row *row, const struct open_lines *lines,
                           const struct doubts *before, const struct row_keys *keys,
                           const char *run, struct plan *plan)
{
    const char *since = kept_since(row, lines, before, keys, run);

    if (since)
        keep(plan, row, since);
    else
        plan->removed[plan->removed_count++] = *row;
}

static void end_plan(struct plan *plan, const struct open_lines *lines)
{
    const uint64_t kept = plan->doubts.rows.count;

    plan->counts.deleted = plan->removed_count;
    plan->missing =
        plan->removed_count - plan->moved + (kept > lines->count ? kept - lines->count : 0);
}

static void note_lines(struct plan *plan, const struct open_lines *lines, struct window window)
{
    for (size_t i = 0; i < lines->count; i++) {
        struct doubt doubt = {
            .id = lines->items[i].line->id, .first = window.own_first, .last = window.own_last};
        snprintf(doubt.run, sizeof(doubt.run), "%s", lines->items[i].since);
        doubt_list_add(&plan->doubts.lines, &doubt);
    }
}

void reconcile(const struct comparison *input, struct plan *out)
{
    const struct snapshot *snapshot = input->snapshot;
    bool *seen = mem_array(snapshot->count, sizeof(*seen));
    bool *guessed = mem_array(snapshot->count, sizeof(*guessed));
    struct open_lines lines = {0};
    struct hash_index index;

    index_rows(&index, snapshot);
    *out = (struct plan){
        .actions = mem_array(input->batch->row_count, sizeof(*out->actions)),
        .logged = mem_array(input->batch->row_count, sizeof(*out->logged)),
        .row_count = input->batch->row_count,
        .removed = mem_array(snapshot->count, sizeof(*out->removed)),
    };
    decide_rows(input, &index, seen, out);
    out->moved = out->removed_count;
    if (input->window.complete)
        lines = find_open_lines(input, &index, guessed);
    for (size_t i = 0; input->window.complete && i < snapshot->count; i++) {
        const struct stored_row *row = &snapshot->rows[i];
        if (seen[i] || row->undated)
            continue;
        if (guessed[i])
            out->counts.kept++;
        else
            decide_missing(row, &lines, input->before, input->keys, input->run, out);
    }
    end_plan(out, &lines);
    note_lines(out, &lines, input->window);
    open_lines_done(&lines);
    hash_index_done(&index);
    free(seen);
    free(guessed);
}

void reconcile_undated(const struct snapshot *held, const struct snapshot *shown,
                       const struct open_lines *lines, const struct doubts *before,
                       const struct row_keys *keys, const char *run, struct plan *out)
{
    struct hash_index index;

    index_rows(&index, shown);
    *out = (struct plan){.removed = mem_array(held->count, sizeof(*out->removed))};
    for (size_t i = 0; i < held->count; i++) {
        const struct stored_row *row = &held->rows[i];
        if (row->undated && !*hash_index_slot(&index, row->key))
            decide_missing(row, lines, before, keys, run, out);
    }
    end_plan(out, lines);
    hash_index_done(&index);
}
