/* SPDX-License-Identifier: MIT */
/* The contract of destinations: doubts about unreadable lines, kept for the next load. */
#include "tests/support/destination_contract_parts.h"

#include "load/doubt_notes.h"

#include <stdio.h>
#include <string.h>

/* Loads a window that leaves these doubts, after reading the open ones as a cycle does. */
static void load_leaving(struct fixture *fixture, const char *id, struct window window,
                         const struct doubts *now)
{
    struct run run = fixture_run;
    struct ledger_entry entry = fixture_entry(window);
    struct doubts before = {0};
    struct error *err = &fixture->err;

    snprintf(run.id, sizeof(run.id), "%s", id);
    entry.run_id = run.id;
    expect_success(fixture, doubt_notes_read(fixture->dest, fixture_report.name, &before, err));
    expect_success(fixture, destination_begin(fixture->dest, &fixture_report, window, err) &&
                                destination_start_run(fixture->dest, &run, err) &&
                                doubt_notes_write(fixture->dest, &run, false, &before, now, err) &&
                                destination_commit(fixture->dest, &entry, err));
    doubts_done(&before);
}

/* Makes a doubt about a line of that window and about a row of a day, both found by run-1. */
static struct doubts doubts_of(struct window window, int day)
{
    struct doubts doubts = {0};
    struct doubt line = {
        .id = fixture_hash(1), .run = "run-1", .first = window.own_first, .last = window.own_last};
    struct doubt row = {
        .id = fixture_hash(2), .run = "run-1", .first = march(day), .last = march(day)};

    doubt_list_add(&doubts.lines, &line);
    doubt_list_add(&doubts.rows, &row);
    return doubts;
}

static void expect_open(struct fixture *fixture, size_t lines, size_t rows)
{
    struct doubts open = {0};

    expect_success(fixture,
                   doubt_notes_read(fixture->dest, fixture_report.name, &open, &fixture->err));
    assert_int_equal(open.lines.count, lines);
    assert_int_equal(open.rows.count, rows);
    for (size_t i = 0; i < lines; i++)
        assert_string_equal(open.lines.items[i].run, "run-1");
    doubts_done(&open);
}

static void what_stays_in_doubt_is_open_for_every_run_and_written_once(void **state)
{
    struct fixture *fixture = *state;
    struct doubts doubts = doubts_of(fixture_window(1, 9), 3);

    load_leaving(fixture, "run-1", fixture_window(1, 9), &doubts);
    load_leaving(fixture, "run-2", fixture_window(1, 9), &doubts);
    expect_open(fixture, 1, 1);
    load_leaving(fixture, "run-3", fixture_window(1, 9), &doubts);
    expect_open(fixture, 1, 1);
    expect_query("SELECT seen_run_id FROM etl_unread_lines", "run-1");
    doubts_done(&doubts);
}

static void what_is_in_doubt_no_more_is_forgotten(void **state)
{
    struct fixture *fixture = *state;
    struct doubts doubts = doubts_of(fixture_window(1, 9), 3), nothing = {0};

    load_leaving(fixture, "run-1", fixture_window(1, 9), &doubts);
    load_leaving(fixture, "run-2", fixture_window(1, 9), &nothing);
    expect_open(fixture, 0, 0);
    expect_query("SELECT count(*) FROM etl_unread_lines", "0");
    doubts_done(&doubts);
}

/* The window with the line was not loaded again, and the line may be on any of its days. */
static void a_load_of_other_days_that_shows_no_line_closes_it(void **state)
{
    struct fixture *fixture = *state;
    struct doubts doubts = doubts_of(fixture_window(1, 9), 3), nothing = {0};

    load_leaving(fixture, "run-1", fixture_window(1, 9), &doubts);
    load_leaving(fixture, "run-2", fixture_window(20, 29), &nothing);
    expect_open(fixture, 1, 1);
    load_leaving(fixture, "run-3", fixture_window(5, 14), &nothing);
    expect_open(fixture, 0, 1);
    doubts_done(&doubts);
}

int contract_of_doubts(void)
{
    const struct CMUnitTest tests[] = {
        CONTRACT_TEST(what_stays_in_doubt_is_open_for_every_run_and_written_once),
        CONTRACT_TEST(what_is_in_doubt_no_more_is_forgotten),
        CONTRACT_TEST(a_load_of_other_days_that_shows_no_line_closes_it),
    };

    return cmocka_run_group_tests_name("doubts", tests, NULL, NULL);
}
