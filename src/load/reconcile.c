/* SPDX-License-Identifier: MIT */
/* Clean rows against held rows. */
#include "load/reconcile.h"

#include "base/mem.h"

#include <stdlib.h>

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

void reconcile(const struct batch *batch, const struct snapshot *snapshot, struct window window,
               const bool *covered, struct plan *out)
{
    struct lookup lookup;
    bool *seen = mem_array(snapshot->count, sizeof(*seen));

    lookup_init(&lookup, snapshot);
    *out = (struct plan){
        .actions = mem_array(batch->row_count, sizeof(*out->actions)),
        .logged = mem_array(batch->row_count, sizeof(*out->logged)),
        .row_count = batch->row_count,
        .removed = mem_array(snapshot->count, sizeof(*out->removed)),
    };
    decide_rows(batch, &lookup, window, covered, seen, out);
    for (size_t i = 0; window.complete && i < snapshot->count; i++)
        if (!seen[i] && !snapshot->rows[i].undated)
            out->removed[out->removed_count++] = snapshot->rows[i];
    out->counts.deleted = out->removed_count;
    free(lookup.slots);
    free(seen);
}

void reconcile_undated(const struct snapshot *held, const struct snapshot *shown, struct plan *out)
{
    struct lookup lookup;

    lookup_init(&lookup, shown);
    *out = (struct plan){.removed = mem_array(held->count, sizeof(*out->removed))};
    for (size_t i = 0; i < held->count; i++)
        if (held->rows[i].undated && !lookup.slots[find_slot(&lookup, held->rows[i].key)])
            out->removed[out->removed_count++] = held->rows[i];
    out->counts.deleted = out->removed_count;
    free(lookup.slots);
}
