/* SPDX-License-Identifier: MIT */
/* Rehearsals: what earlier windows of the rehearsal showed counts as loaded, and large windows are
 * fast. */
#include "run/window_load.h"

#include "base/clock.h"
#include "base/log.h"
#include "tests/support/destination_fixture.h"
#include "tests/support/unit.h"

#include <stdio.h>

enum { ROWS = 150000 };

static bool ignore(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    (void)arg;
    (void)cells;
    (void)count;
    (void)err;
    return true;
}

/* Adds undated rows with different keys, in no order. */
static void fill(struct batch *batch)
{
    struct cell cells[16] = {0};

    batch_init(batch, fixture_report.column_count, 64 << 20);
    for (uint64_t i = 0; i < ROWS; i++) {
        char text[24];
        const int len = snprintf(text, sizeof(text), "%u", (unsigned)i);
        cells[0] = (struct cell){.text = text, .len = (size_t)len};
        struct row *row = batch_add_cells(batch, cells);
        assert_non_null(row);
        row->key = fixture_hash(i * 2654435761U + 1);
        row->fingerprint = fixture_hash(i + 1);
        row->undated = true;
    }
    batch->counts.read = batch->counts.loaded = ROWS;
}

static int64_t rehearse(struct destination *dest, struct schema_drift *drift,
                        struct snapshot *undated, struct batch *batch,
                        struct change_counts *changes)
{
    const struct window_loader loader = {
        .run = &fixture_run,
        .drift = drift,
        .report = &drift->grown.report,
        .destination = dest,
        .undated = undated,
        .sample = ignore,
        .sample_max = 1,
    };
    struct prepared prepared = {.window = fixture_window(1, 9), .batch = *batch};
    struct ledger_entry entry;
    struct error err = {0};
    const int64_t began = clock_ms();

    if (!window_load(&loader, &prepared, &entry, &err))
        fail_msg("%s", err.message);
    *changes = entry.changes;
    return clock_ms() - began;
}

/* The second time no row is new. A comparison of all pairs would take minutes. */
static void undated_rows_of_windows_before_are_known_and_found_at_once(void **state)
{
    struct report_summary summary = {.report = fixture_report.name};
    struct snapshot undated = {0};
    struct change_counts changes;
    struct batch batch;
    struct schema_drift drift;
    struct error err;

    (void)state;
    struct destination *dest = fixture_open("sqlite::memory:", &err);
    assert_non_null(dest);
    fill(&batch);
    schema_drift_init(&drift, &fixture_report, &summary);
    const int64_t first = rehearse(dest, &drift, &undated, &batch, &changes);
    assert_int_equal(changes.inserted, ROWS);
    const int64_t second = rehearse(dest, &drift, &undated, &batch, &changes);
    assert_int_equal(changes.inserted, 0);
    assert_int_equal(changes.unchanged, ROWS);
    assert_true(second < 2 * first + 2000);
    batch_done(&batch);
    snapshot_done(&undated);
    schema_drift_done(&drift);
    destination_close(dest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(undated_rows_of_windows_before_are_known_and_found_at_once),
    };

    log_setup(LOG_ERROR, LOG_TEXT);
    return cmocka_run_group_tests_name("rehearsal", tests, NULL, NULL);
}
