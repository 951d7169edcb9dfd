/* SPDX-License-Identifier: MIT */
/* The contract of destinations: the verification of rows that a person or a trigger changed in the
 * table. */
#include "tests/support/destination_contract_parts.h"

#include "base/date.h"
#include "load/reconcile.h"
#include "model/encoded_row.h"
#include "model/row_hash.h"
#include "load/destination_open.h"

#include <string.h>

/* Makes the numbers that row_hash.h defines, without the code that reads tables. */
static void give_true_numbers(struct batch *batch)
{
    struct encoded_row row;
    struct buf scratch = BUF_INIT(1 << 20);

    encoded_row_init(&row, batch->columns, 1 << 20);
    for (size_t i = 0; i < batch->row_count; i++) {
        encoded_row_clear(&row);
        for (size_t c = 0; c < batch->columns; c++)
            if (fixture_report.columns[c].source != COLUMN_EXTRACTED_AT)
                encoded_row_add(&row, c, batch_cell(batch, i, c));
        batch->rows[i].key = row_hash_key(&fixture_report, &row, &scratch);
        batch->rows[i].fingerprint =
            row_hash_fingerprint(&fixture_report, &row, row.bytes.len, &scratch);
    }
    encoded_row_done(&row);
    buf_done(&scratch);
}

static int day_number(int32_t date)
{
    return date - march(0);
}

/* A digest of the rows that destination_read_rows returns. `sum` is equal for equal rows. */
struct totals {
    size_t rows, foreign, keys, contents;
    struct hash128 sum;
};

static bool count_row(void *arg, const struct table_row *row, struct error *err)
{
    struct totals *totals = arg;

    (void)err;
    totals->rows++;
    totals->foreign += row->legacy;
    totals->keys += !table_row_key_agrees(row);
    totals->contents += !table_row_contents_agree(row);
    totals->sum.low += row->fingerprint_now.low;
    totals->sum.high += row->fingerprint_now.high;
    return true;
}

static struct totals read_totals(struct fixture *fixture, struct destination *dest,
                                 struct row_range range)
{
    struct totals totals = {0};

    expect_success(fixture, destination_read_rows(dest, &fixture_report, range, count_row, &totals,
                                                  &fixture->err));
    return totals;
}

static struct totals read_all(struct fixture *fixture)
{
    return read_totals(fixture, fixture->dest, (struct row_range){0});
}

/* Loads UC 100 on day 2, 200 on day 3 without a status, 300 without a date, and 400 on day 4. The
 * fixture's batch keeps what the portal says. */
static void load_true_rows(struct fixture *fixture)
{
    work_add(&fixture->work, ROW_INSERT, (struct line){"100", "OPEN", 2, "08:00:00", 0, 0});
    work_add(&fixture->work, ROW_INSERT, (struct line){"200", NULL, 3, NULL, 0, 0});
    work_add(&fixture->work, ROW_INSERT, (struct line){"300", "OPEN", 0, NULL, 0, 0});
    work_add(&fixture->work, ROW_INSERT, (struct line){"400", "", 4, NULL, 0, 0});
    give_true_numbers(&fixture->work.batch);
    load_work(fixture);
}

static void rows_that_the_program_wrote_have_the_numbers_of_their_cells(void **state)
{
    struct fixture *fixture = *state;
    const int32_t first = contract_kind()->last_day ? contract_kind()->first_day : DATE_MIN;
    const int32_t last = contract_kind()->last_day ? contract_kind()->last_day : DATE_MAX;
    const struct window all = {
        .first = first, .last = last, .own_first = first, .own_last = last, .complete = true};
    const struct line lines[] = {
        {"it's; \"x\"\t\\N\\.\r\n\xC3\x87\xE2\x82\xAC", "001", 2, "00:00:00", 0, 0},
        {"2", "", 2, "23:59:59", 0, 0},
        {"3", NULL, 2, NULL, 0, 0},
        {"4", "NULL", 0, NULL, 0, 0},
        {"5", "first", day_number(first), NULL, 0, 0},
        {"6", "last", day_number(last), NULL, 0, 0},
        {"7", " blanks ", day_number(date_from_civil(1999, 12, 31)), NULL, 0, 0},
        {"", "{\"\"}", day_number(date_from_civil(2000, 2, 29)), NULL, 0, 0},
    };
    struct destination *reader;

    for (size_t i = 0; i < COUNT(lines); i++)
        work_add(&fixture->work, ROW_INSERT, lines[i]);
    give_true_numbers(&fixture->work.batch);
    expect_success(fixture, fixture_load(fixture->dest, all, &fixture->work, &fixture->err));
    expect_success(
        fixture, destination_open_existing(fixture->url, DESTINATION_READ, &reader, &fixture->err));
    const struct totals totals = read_totals(fixture, reader, (struct row_range){0});
    destination_close(reader);
    assert_int_equal(totals.rows, COUNT(lines));
    assert_int_equal(totals.keys, 0);
    assert_int_equal(totals.contents, 0);
    assert_int_equal(totals.foreign, 0);
}

static void rows_are_read_by_their_days(void **state)
{
    static const struct {
        int first, last; /* of March; 0: no bound */
        bool undated;
        size_t rows;
    } cases[] = {
        {0, 0, false, 4}, {3, 0, false, 2}, {0, 3, false, 2}, {3, 3, false, 1},
        {3, 3, true, 2},  {5, 9, true, 1},  {5, 9, false, 0},
    };
    struct fixture *fixture = *state;

    load_true_rows(fixture);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct row_range range = {
            .has_first = cases[i].first,
            .has_last = cases[i].last,
            .first = cases[i].first ? march(cases[i].first) : 0,
            .last = cases[i].last ? march(cases[i].last) : 0,
            .undated_too = cases[i].undated,
        };
        assert_int_equal(read_totals(fixture, fixture->dest, range).rows, cases[i].rows);
    }
}

#define OF(uc) " WHERE \"UC / MD\" = '" uc "'"

static void a_change_of_any_cell_is_seen(void **state)
{
    static const struct {
        const char *sql;
        size_t keys, contents;
    } cases[] = {
        {"UPDATE visits SET \"STATUS\" = 'EDITED'" OF("100"), 0, 1},
        {"UPDATE visits SET \"STATUS\" = NULL" OF("400"), 0, 1},
        {"UPDATE visits SET \"STATUS\" = ''" OF("200"), 0, 1},
        {"UPDATE visits SET \"HORA\" = '08:00:00.5'" OF("100"), 0, 1},
        {"UPDATE visits SET \"HORA\" = NULL" OF("100"), 0, 1},
        {"UPDATE visits SET \"UC / MD\" = '999'" OF("100"), 1, 1},
        {"UPDATE visits SET \"DATA_EXECUCAO\" = '2026-03-05'" OF("100"), 1, 1},
        {"UPDATE visits SET _row_key = _row_hash" OF("100"), 1, 0},
        {"UPDATE visits SET _row_hash = _row_key" OF("100"), 0, 1},
        {"UPDATE visits SET \"DATA_EXTRACAO\" = NULL" OF("100"), 0,
         0}, /* not part of the fingerprint */
    };
    struct fixture *fixture = *state;

    load_true_rows(fixture);
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (contract_kind()->can && !contract_kind()->can(cases[i].sql))
            continue;
        run_sql("DROP TABLE IF EXISTS kept");
        run_sql("CREATE TABLE kept AS SELECT * FROM visits");
        run_sql(cases[i].sql);
        const struct totals totals = read_all(fixture);
        if (totals.rows != 4 || totals.keys != cases[i].keys ||
            totals.contents != cases[i].contents)
            fail_msg("%s: %zu keys and %zu contents of %zu rows", cases[i].sql, totals.keys,
                     totals.contents, totals.rows);
        run_sql("DELETE FROM visits");
        run_sql("INSERT INTO visits SELECT * FROM kept");
    }
}

/* Loads the fixture's batch again, as a cycle does, and sets *counts to the differences. */
static void load_again(struct fixture *fixture, bool distrustful, struct change_counts *counts)
{
    const struct window window = fixture_window(1, 9);
    const struct batch *batch = &fixture->work.batch;
    struct snapshot held = {0};
    struct plan plan = {0};
    bool covered[9];

    memset(covered, true, sizeof(covered));
    fixture->dest->distrustful = distrustful;
    expect_success(fixture,
                   destination_begin(fixture->dest, &fixture_report, window, &fixture->err));
    expect_success(fixture, destination_snapshot(fixture->dest, &held, &fixture->err));
    reconcile(&(const struct comparison){.batch = batch,
                                         .snapshot = &held,
                                         .window = window,
                                         .covered = covered,
                                         .run = fixture_run.id},
              &plan);
    expect_success(fixture,
                   destination_apply(fixture->dest, &fixture_run, batch, &plan, &fixture->err));
    expect_success(fixture, fixture_commit(fixture->dest, window, &fixture->err));
    *counts = plan.counts;
    snapshot_done(&held);
    plan_done(&plan);
}

static void a_cell_that_was_edited_is_mended_and_logged_as_it_stood(void **state)
{
    struct fixture *fixture = *state;
    struct change_counts counts;

    load_true_rows(fixture);
    run_sql("UPDATE visits SET \"STATUS\" = 'EDITED'" OF("100"));
    load_again(fixture, false, &counts);
    assert_int_equal(counts.unchanged, 4); /* the stored fingerprint does not show the change */
    load_again(fixture, true, &counts);
    assert_int_equal(counts.updated, 1);
    assert_int_equal(counts.unchanged, 3);
    expect_query("SELECT \"STATUS\" FROM visits" OF("100"), "OPEN");
    expect_query("SELECT op FROM etl_changes", "update");
    expect_json("SELECT before FROM etl_changes",
                "{\"STATUS\":\"EDITED\",\"DATA_EXTRACAO\":\"2026-03-20 08:30:00\"}");
    expect_json("SELECT after FROM etl_changes", "{\"STATUS\":\"OPEN\"}");
    assert_int_equal(read_all(fixture).contents, 0);
    load_again(fixture, true, &counts);
    assert_int_equal(counts.unchanged, 4);
}

/* The stored key tells which row it was, whatever its date and cells are now. */
static void a_row_is_put_right_whatever_was_done_to_it(void **state)
{
    static const char *const edits[] = {
        "UPDATE visits SET \"STATUS\" = ''" OF("200"),
        "UPDATE visits SET \"HORA\" = '24:00:00'" OF("100"),
        "UPDATE visits SET \"UC / MD\" = '999'" OF("100"),
        "UPDATE visits SET \"UC / MD\" = '999'" OF("300"),
        "UPDATE visits SET \"DATA_EXECUCAO\" = '2026-03-05'" OF("100"),
        "UPDATE visits SET \"DATA_EXECUCAO\" = '2026-05-05'" OF("100"),
        "UPDATE visits SET \"DATA_EXECUCAO\" = '12026-05-05'" OF("100"),
        "UPDATE visits SET \"DATA_EXECUCAO\" = '0044-03-15 BC'" OF("100"),
        "UPDATE visits SET \"DATA_EXECUCAO\" = 'infinity'" OF("100"),
        "UPDATE visits SET \"DATA_EXECUCAO\" = NULL" OF("100"),
        "UPDATE visits SET \"DATA_EXECUCAO\" = '2026-03-05'" OF("300"),
        "UPDATE visits SET \"DATA_EXECUCAO\" = '2026-05-05'" OF("300"),
        "UPDATE visits SET \"UC / MD\" = '200', \"DATA_EXECUCAO\" = '2026-03-03'" OF("100"),
        "UPDATE visits SET \"UC / MD\" = 'x' || \"UC / MD\", \"DATA_EXECUCAO\" = '2026-03-09'",
        "UPDATE visits SET _row_key = _row_hash" OF("100"),
        "UPDATE visits SET _row_hash = _row_key" OF("300"),
        "UPDATE visits SET \"STATUS\" = 'EDITED', _row_hash = _row_key",
        "DELETE FROM visits" OF("100"),
    };
    struct fixture *fixture = *state;
    struct change_counts counts;

    load_true_rows(fixture);
    const struct totals before = read_all(fixture);
    for (size_t i = 0; i < COUNT(edits); i++) {
        if (contract_kind()->can && !contract_kind()->can(edits[i]))
            continue;
        run_sql(edits[i]);
        load_again(fixture, true, &counts);
        const struct totals after = read_all(fixture);
        if (after.rows != 4 || after.keys || after.contents ||
            !hash128_equal(after.sum, before.sum))
            fail_msg("after \"%s\": %zu rows, of %zu the key and of %zu the contents differ",
                     edits[i], after.rows, after.keys, after.contents);
        load_again(fixture, true, &counts);
        assert_int_equal(counts.unchanged, 4);
    }
}

static void a_row_that_was_moved_out_of_its_window_is_logged_where_it_stood(void **state)
{
    struct fixture *fixture = *state;
    struct change_counts counts;

    load_true_rows(fixture);
    run_sql("UPDATE visits SET \"DATA_EXECUCAO\" = '2026-05-05'" OF("100"));
    load_again(fixture, true, &counts);
    expect_query("SELECT count(*) FROM etl_changes", "2");
    expect_query("SELECT window_date FROM etl_changes WHERE op = 'delete'", "2026-05-05");
    expect_query("SELECT window_date FROM etl_changes WHERE op = 'insert'", "2026-03-02");
    expect_query("SELECT count(DISTINCT row_key) FROM etl_changes", "1");
}

static void an_undated_row_that_no_export_shows_stays_after_an_edit(void **state)
{
    struct fixture *fixture = *state;
    struct change_counts counts;

    load_true_rows(fixture);
    run_sql("UPDATE visits SET \"STATUS\" = 'EDITED'" OF("300"));
    fixture->work.batch.rows[2].superseded = true;
    load_again(fixture, true, &counts);
    assert_int_equal(counts.deleted, 0);
    expect_query("SELECT count(*) FROM visits" OF("300"), "1");
    assert_int_equal(read_all(fixture).contents, 1);
}

static void a_window_that_is_read_whole_keeps_to_its_days(void **state)
{
    struct fixture *fixture = *state;

    load_true_rows(fixture);
    fixture->dest->distrustful = true;
    struct snapshot held = snapshot_of(fixture, fixture_window(3, 3));
    assert_int_equal(held.count, 2); /* with the undated row */
    assert_int_equal(held.dated, 1);
    for (size_t i = 0; i < held.count; i++) {
        const struct row *row = &fixture->work.batch.rows[held.rows[i].undated ? 2 : 1];
        assert_true(hash128_equal(held.rows[i].key, row->key));
        assert_true(hash128_equal(held.rows[i].fingerprint, row->fingerprint));
        assert_int_equal(held.rows[i].date, row->date);
    }
    snapshot_done(&held);
}

int contract_of_verifying(void)
{
    const struct CMUnitTest tests[] = {
        CONTRACT_TEST(rows_that_the_program_wrote_have_the_numbers_of_their_cells),
        CONTRACT_TEST(rows_are_read_by_their_days),
        CONTRACT_TEST(a_change_of_any_cell_is_seen),
        CONTRACT_TEST(a_cell_that_was_edited_is_mended_and_logged_as_it_stood),
        CONTRACT_TEST(a_row_is_put_right_whatever_was_done_to_it),
        CONTRACT_TEST(a_row_that_was_moved_out_of_its_window_is_logged_where_it_stood),
        CONTRACT_TEST(an_undated_row_that_no_export_shows_stays_after_an_edit),
        CONTRACT_TEST(a_window_that_is_read_whole_keeps_to_its_days),
    };

    return cmocka_run_group_tests_name("verifying", tests, NULL, NULL);
}
