/* SPDX-License-Identifier: MIT */
/* The contract of destinations: reads of one state, with a time limit. */
#include "tests/support/destination_contract_parts.h"

#include "base/clock.h"
#include "load/destination_open.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONG_MS = 20 * 1000, SHORT_MS = 200, ROWS = 100000 };

/* Counts for minutes, in both dialects. */
#define SLOW                                                                                       \
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000)"         \
    " SELECT count(*) FROM n"
#define MANY                                                                                       \
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"             \
    " SELECT i, 'row ' || i FROM n"

static struct destination *open_reader(struct fixture *fixture)
{
    struct destination *reader = NULL;

    expect_success(
        fixture, destination_open_existing(fixture->url, DESTINATION_READ, &reader, &fixture->err));
    assert_non_null(reader);
    return reader;
}

static bool take_number(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    assert_int_equal(count, 1);
    *(long *)arg = strtol(cells[0].text, NULL, 10);
    (void)err;
    return true;
}

static void expect_rows(struct fixture *fixture, struct destination *reader, long expected)
{
    long found = -1;

    expect_success(fixture, destination_query(reader, "SELECT count(*) FROM visits", take_number,
                                              &found, &fixture->err));
    assert_int_equal(found, expected);
}

static const char *slow(void)
{
    return contract_kind()->slow ? contract_kind()->slow : SLOW;
}

static const char *many(void)
{
    return contract_kind()->many ? contract_kind()->many : MANY;
}

/* Expects the state of the read's beginning after a window was committed. */
static void expect_rows_as_before(struct fixture *fixture, struct destination *reader,
                                  long expected)
{
    long found = -1;

    if (!contract_kind()->loses_reads) {
        expect_rows(fixture, reader, expected);
        return;
    }
    bool ok = destination_query(reader, "SELECT count(*) FROM visits", take_number, &found,
                                &fixture->err);
    expect_failure(fixture, ok, "read again");
    assert_true(fixture->err.transient);
}

static void begin(struct fixture *fixture, struct destination *reader, int timeout_ms)
{
    expect_success(fixture, destination_begin_read(reader, timeout_ms, &fixture->err));
}

static void a_read_sees_one_state_while_a_window_is_loaded(void **state)
{
    struct fixture *fixture = *state;

    first_load(fixture);
    struct destination *reader = open_reader(fixture);
    begin(fixture, reader, LONG_MS);
    work_add_logged(&fixture->work, (struct line){"400", "OPEN", 4, NULL, 4, 40});
    load_work(fixture); /* does not wait for the reader, who has not read yet */
    expect_query("SELECT count(*) FROM visits", "4");
    expect_rows_as_before(fixture, reader, 3);
    destination_end_read(reader);
    begin(fixture, reader, LONG_MS);
    expect_rows(fixture, reader, 4);
    destination_close(reader);
}

static void a_slow_query_ends_at_its_limit_and_the_next_one_works(void **state)
{
    struct fixture *fixture = *state;
    long found = -1;

    first_load(fixture);
    struct destination *reader = open_reader(fixture);
    begin(fixture, reader, SHORT_MS);
    const int64_t began = clock_ms();
    bool ok = destination_query(reader, slow(), take_number, &found, &fixture->err);
    assert_false(ok);
    assert_int_equal(fixture->err.kind, ERROR_DATABASE);
    assert_true(fixture->err.divisible);
    assert_in_range(clock_ms() - began, SHORT_MS - 20, 10 * 1000);
    work_add_logged(&fixture->work, (struct line){"400", "OPEN", 4, NULL, 4, 40});
    load_work(fixture);
    expect_rows_as_before(fixture, reader, 3);
    destination_end_read(reader);
    destination_close(reader);
}

static void a_wrong_query_is_not_called_too_slow(void **state)
{
    struct fixture *fixture = *state;
    long found = -1;

    first_load(fixture);
    struct destination *reader = open_reader(fixture);
    begin(fixture, reader, LONG_MS);
    bool ok =
        destination_query(reader, "SELECT nothing FROM visits", take_number, &found, &fixture->err);
    expect_failure(fixture, ok, "nothing");
    assert_false(fixture->err.divisible);
    expect_rows(fixture, reader, 3);
    destination_end_read(reader);
    destination_close(reader);
}

static void a_read_writes_nothing(void **state)
{
    static const char *const writes[] = {"DELETE FROM visits",
                                         "UPDATE visits SET \"STATUS\" = 'CHANGED'",
                                         "CREATE TABLE other (a text)", "DROP TABLE visits"};
    struct fixture *fixture = *state;
    long found = -1;

    first_load(fixture);
    begin(fixture, fixture->dest, LONG_MS); /* a connection that may write otherwise */
    for (size_t i = 0; i < sizeof(writes) / sizeof(*writes); i++) {
        bool ok = destination_query(fixture->dest, writes[i], take_number, &found, &fixture->err);
        expect_failure(fixture, ok, "read");
        expect_rows(fixture, fixture->dest, 3);
    }
    destination_end_read(fixture->dest);
    expect_query("SELECT count(*) FROM visits WHERE \"STATUS\" = 'CHANGED'", "0");
    work_add_logged(&fixture->work, (struct line){"400", "OPEN", 4, NULL, 4, 40});
    load_work(fixture); /* and writes again */
    expect_query("SELECT count(*) FROM visits", "4");
}

struct counter {
    long rows, stop_after;
};

static bool count_rows(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct counter *counter = arg;
    char expected[32];

    counter->rows++;
    snprintf(expected, sizeof(expected), "row %ld", counter->rows);
    assert_int_equal(count, 2);
    assert_int_equal(cells[1].len, strlen(expected));
    assert_memory_equal(cells[1].text, expected, cells[1].len);
    return counter->rows != counter->stop_after || error_set(err, ERROR_DATA, "that is enough");
}

static void rows_come_in_order_and_a_row_may_end_them(void **state)
{
    struct fixture *fixture = *state;
    struct counter all = {0}, some = {.stop_after = 10};

    first_load(fixture);
    struct destination *reader = open_reader(fixture);
    begin(fixture, reader, LONG_MS);
    expect_success(fixture, destination_query(reader, many(), count_rows, &all, &fixture->err));
    assert_int_equal(all.rows, ROWS);
    assert_false(destination_query(reader, many(), count_rows, &some, &fixture->err));
    assert_int_equal(fixture->err.kind, ERROR_DATA);
    assert_string_equal(fixture->err.message, "that is enough");
    assert_int_equal(some.rows, 10);
    expect_rows(fixture, reader, 3);
    destination_end_read(reader);
    destination_close(reader);
}

static void values_of_a_read_are_bound_and_not_pasted(void **state)
{
    static const char *const values[] = {"'; DELETE FROM visits; --", "100"};
    struct fixture *fixture = *state;
    long found = -1;

    first_load(fixture);
    begin(fixture, fixture->dest, LONG_MS);
    expect_success(fixture,
                   destination_query_values(
                       fixture->dest,
                       "SELECT count(*) FROM visits WHERE \"UC / MD\" = $1 OR \"UC / MD\" = $2",
                       values, 2, take_number, &found, &fixture->err));
    assert_int_equal(found, 1);
    destination_end_read(fixture->dest);
    destination_end_read(fixture->dest); /* does nothing */
}

int contract_of_reading(void)
{
    const struct CMUnitTest tests[] = {
        CONTRACT_TEST(a_read_sees_one_state_while_a_window_is_loaded),
        CONTRACT_TEST(a_slow_query_ends_at_its_limit_and_the_next_one_works),
        CONTRACT_TEST(a_wrong_query_is_not_called_too_slow),
        CONTRACT_TEST(a_read_writes_nothing),
        CONTRACT_TEST(rows_come_in_order_and_a_row_may_end_them),
        CONTRACT_TEST(values_of_a_read_are_bound_and_not_pasted),
    };

    return cmocka_run_group_tests_name("reading", tests, NULL, NULL);
}
