/* SPDX-License-Identifier: MIT */
/* Clean rows against held rows. */
#include "load/reconcile.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Held rows by key: an open-addressing table of positions + 1. */
struct lookup {
    const struct snapshot *snapshot;
    size_t *slots;
    size_t mask;
};

static size_t find_slot(const struct lookup *lookup, struct hash128 key)
{
    size_t at = (size_t)key.low & lookup->mask;

    while (lookup->slots[at] &&
           !hash128_equal(lookup->snapshot->rows[lookup->slots[at] - 1].key, key))
        at = (at + 1) & lookup->mask;
    return at;
}

static void lookup_init(struct lookup *lookup, const struct snapshot *snapshot)
{
    size_t size = 64;

    while (size < snapshot->count * 2)
        size *= 2;
    *lookup = (struct lookup){
        .snapshot = snapshot, .slots = mem_array(size, sizeof(size_t)), .mask = size - 1};
    for (size_t i = 0; i < snapshot->count; i++)
        lookup->slots[find_slot(lookup, snapshot->rows[i].key)] = i + 1;
}

static bool any_covered(struct window window, const bool *covered)
{
    for (int64_t day = 0; covered && day <= (int64_t)window.own_last - window.own_first; day++)
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

/* The day is part of the key: a row that has the key and another day was moved by somebody, and where
 * it stands an update would not find it. */
static bool stands_in_place(const struct held_row *held, const struct row *row)
{
    return held->undated == row->undated && (row->undated || held->date == row->date);
}

/* What went away from its day comes back: a change of the past. */
static void put_back(struct plan *plan, size_t row, struct held_row held)
{
    plan->removed[plan->removed_count++] = held;
    plan->actions[row] = ROW_INSERT;
    plan->logged[row] = true;
    plan->counts.inserted++;
}

static void decide_rows(const struct batch *batch, const struct lookup *lookup,
                        struct window window, const bool *covered, bool *seen, struct plan *plan)
{
    const bool any = any_covered(window, covered);

    for (size_t i = 0; i < batch->row_count; i++) {
        const struct row *row = &batch->rows[i];
        if (row->superseded)
            continue;
        size_t held = lookup->slots[find_slot(lookup, row->key)];
        if (!held) {
            plan->actions[i] = ROW_INSERT;
            plan->logged[i] = changes_the_past(row, window, covered, any);
            plan->counts.inserted++;
            continue;
        }
        const struct held_row *there = &lookup->snapshot->rows[held - 1];
        seen[held - 1] = true;
        if (!stands_in_place(there, row)) {
            put_back(plan, i, *there);
        } else if (hash128_equal(there->fingerprint, row->fingerprint)) {
            plan->counts.unchanged++;
        } else {
            plan->actions[i] = ROW_UPDATE;
            plan->counts.updated++;
        }
    }
}

/* Which lines that could not be read are open, and what they may be. */
struct unread_lines {
    bool *guessed; /* of each held row: it has a key that a line may have had */
    struct doubt_list
        unknown;  /* lines of which nobody knows what they may be, with the run that met them
                                  first */
    bool any_new; /* one of them is there for the first time */
};

/* Marks the held rows that a line may be; false: there is none, so it may be any. */
static bool mark_guesses(const struct batch *batch, const struct unread *line,
                         const struct lookup *lookup, bool *guessed)
{
    bool any = false;

    for (size_t i = 0; i < line->key_count; i++) {
        const size_t held =
            lookup->slots[find_slot(lookup, batch->unread_keys[line->first_key + i])];
        if (!held)
            continue;
        guessed[held - 1] = true;
        any = true;
    }
    return any;
}

static void look_at_lines(const struct batch *batch, const struct lookup *lookup,
                          struct window window, const struct doubts *before, const char *run,
                          struct unread_lines *out)
{
    for (size_t i = 0; i < batch->unread_count; i++) {
        const struct unread *line = &batch->unread[i];
        if (mark_guesses(batch, line, lookup, out->guessed))
            continue;
        struct doubt doubt = {.id = line->id, .first = window.own_first, .last = window.own_last};
        const char *known =
            before ? doubt_line_run(&before->lines, line->id, doubt.first, doubt.last) : NULL;
        snprintf(doubt.run, sizeof(doubt.run), "%s", known ? known : run);
        doubt_list_add(&out->unknown, &doubt);
        out->any_new = out->any_new || !known;
    }
}

static bool has_run(const struct doubt_list *lines, const char *run)
{
    for (size_t i = 0; i < lines->count; i++)
        if (strcmp(lines->items[i].run, run) == 0)
            return true;
    return false;
}

/* The run since which a missing row has to stay; NULL: it may go. */
static const char *kept_since(const struct held_row *row, const struct doubt_list *lines,
                              bool any_new, const struct doubts *before, const char *run)
{
    const char *since = before ? doubt_row_run(&before->rows, row->key) : NULL;

    if (since && has_run(lines, since))
        return since;
    return any_new ? run : NULL;
}

static void keep(struct plan *plan, const struct held_row *row, const char *since)
{
    struct doubt doubt = {
        .id = row->key, .first = row->date, .last = row->date, .undated = row->undated};

    snprintf(doubt.run, sizeof(doubt.run), "%s", since);
    doubt_list_add(&plan->doubts.rows, &doubt);
    plan->counts.kept++;
}

/* A held row that the export does not show. */
static void decide_missing(const struct held_row *row, const struct doubt_list *lines, bool any_new,
                           const struct doubts *before, const char *run, struct plan *plan)
{
    const char *since = kept_since(row, lines, any_new, before, run);

    if (since)
        keep(plan, row, since);
    else
        plan->removed[plan->removed_count++] = *row;
}

/* `moved` of those that are removed come back on another day. */
static void end_plan(struct plan *plan, const struct doubt_list *lines, size_t moved)
{
    const uint64_t kept = plan->doubts.rows.count;

    plan->counts.deleted = plan->removed_count;
    plan->missing = plan->removed_count - moved + (kept > lines->count ? kept - lines->count : 0);
}

void reconcile(const struct batch *batch, const struct snapshot *snapshot, struct window window,
               const bool *covered, const struct doubts *before, const char *run, struct plan *out)
{
    struct lookup lookup;
    bool *seen = mem_array(snapshot->count, sizeof(*seen));
    struct unread_lines lines = {.guessed = mem_array(snapshot->count, sizeof(bool))};

    lookup_init(&lookup, snapshot);
    *out = (struct plan){
        .actions = mem_array(batch->row_count, sizeof(*out->actions)),
        .logged = mem_array(batch->row_count, sizeof(*out->logged)),
        .row_count = batch->row_count,
        .removed = mem_array(snapshot->count, sizeof(*out->removed)),
    };
    decide_rows(batch, &lookup, window, covered, seen, out);
    const size_t moved = out->removed_count;
    if (window.complete)
        look_at_lines(batch, &lookup, window, before, run, &lines);
    for (size_t i = 0; window.complete && i < snapshot->count; i++) {
        const struct held_row *row = &snapshot->rows[i];
        if (seen[i] || row->undated)
            continue;
        if (lines.guessed[i])
            out->counts.kept++;
        else
            decide_missing(row, &lines.unknown, lines.any_new, before, run, out);
    }
    end_plan(out, &lines.unknown, moved);
    out->doubts.lines = lines.unknown;
    free(lookup.slots);
    free(seen);
    free(lines.guessed);
}

void reconcile_undated(const struct snapshot *held, const struct snapshot *shown,
                       const struct doubts *before, const char *run, struct plan *out)
{
    static const struct doubts none;
    const struct doubts *doubts = before ? before : &none;
    const bool any_new = has_run(&doubts->lines, run);
    struct lookup lookup;

    lookup_init(&lookup, shown);
    *out = (struct plan){.removed = mem_array(held->count, sizeof(*out->removed))};
    for (size_t i = 0; i < held->count; i++) {
        const struct held_row *row = &held->rows[i];
        if (row->undated && !lookup.slots[find_slot(&lookup, row->key)])
            decide_missing(row, &doubts->lines, any_new, doubts, run, out);
    }
    end_plan(out, &doubts->lines, 0);
    free(lookup.slots);
}
