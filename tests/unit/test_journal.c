/* SPDX-License-Identifier: MIT */
/* The journal's rows: the same row has the same hash in the words of every database. */
#include "load/journal.h"
#include "load/ledger_fields.h"
#include "base/clock.h"
#include "base/mem.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

/* Hashes a row of etl_changes with these texts, NULL where none is given. */
static struct hash128 hash_change(const char *changed_at, const char *before, const char *after)
{
    const char *texts[] = {
        "run",    "general_reports", changed_at, "2026-11-01", "00ff00ff00ff00ff00ff00ff00ff00ff",
        "update", "{\"A\":\"1\"}",   before,     after};
    struct cell cells[COUNT(texts)];

    for (size_t i = 0; i < COUNT(texts); i++)
        cells[i] = (struct cell){texts[i], texts[i] ? strlen(texts[i]) : 0};
    return journal_row_hash(&journal_tables[JOURNAL_CHANGES], cells);
}

#define NOON "2026-11-23T12:00:00-03:00"

static void the_order_and_the_spaces_of_an_object_say_nothing(void **state)
{
    const struct hash128 base = hash_change(NOON, "{\"B\":\"é\",\"AA\":null}", NULL);

    (void)state;
    assert_true(hash128_equal(base, hash_change(NOON, "{\"AA\": null, \"B\": \"\\u00e9\"}", NULL)));
    assert_false(hash128_equal(base, hash_change(NOON, "{\"AA\": \"\", \"B\": \"é\"}", NULL)));
    assert_false(hash128_equal(base, hash_change(NOON, "{\"B\": \"é\"}", NULL)));
    assert_false(hash128_equal(base, hash_change(NOON, NULL, "{\"B\":\"é\",\"AA\":null}")));
}

static void an_instant_is_the_same_in_every_zone(void **state)
{
    const struct hash128 base = hash_change(NOON, NULL, "{}");

    (void)state;
    assert_true(hash128_equal(base, hash_change("2026-11-23T15:00:00+00:00", NULL, "{}")));
    assert_true(hash128_equal(base, hash_change("2026-11-24T00:30:00+09:30", NULL, "{}")));
    assert_false(hash128_equal(base, hash_change("2026-11-23T12:00:01-03:00", NULL, "{}")));
    assert_false(hash128_equal(base, hash_change("2026-11-23T12:00:00", NULL, "{}")));
    assert_false(hash128_equal(base, hash_change("ontem", NULL, "{}")));
}

static void null_and_texts_that_look_like_it_differ(void **state)
{
    (void)state;
    assert_false(hash128_equal(hash_change(NOON, NULL, NULL), hash_change(NOON, "", NULL)));
    assert_false(hash128_equal(hash_change(NOON, NULL, NULL), hash_change(NOON, "N", NULL)));
}

static void the_columns_of_windows_are_those_of_the_ledger_in_its_order(void **state)
{
    const struct journal_table *table = &journal_tables[JOURNAL_WINDOWS];
    const struct ledger_entry entry = {0};
    struct ledger_field fields[LEDGER_FIELD_COUNT];

    (void)state;
    ledger_fields(&entry, fields);
    assert_int_equal(table->column_count, LEDGER_FIELD_COUNT);
    for (size_t i = 0; i < LEDGER_FIELD_COUNT; i++)
        assert_string_equal(table->columns[i].name, fields[i].column);
}

/* Fits the days of a row of etl_windows, and asserts what becomes of them. */
static void expect_days(const char *const given[4], const char *const wanted[4])
{
    struct cell cells[JOURNAL_COLUMNS_MAX] = {{0}};
    struct journal_days days;

    for (int i = 0; i < 4; i++)
        cells[2 + i] = (struct cell){given[i], strlen(given[i])};
    journal_fit_days(&journal_tables[JOURNAL_WINDOWS], cells, &days);
    for (int i = 0; i < 4; i++)
        assert_string_equal(cells[2 + i].text, wanted[i]);
}

static void days_of_the_ledger_become_those_that_every_database_holds(void **state)
{
    const char *const all[] = {"0001-01-01", "9999-12-31", "0001-01-01", "9999-12-31"};
    const char *const fit[] = {"1970-01-02", "2105-12-31", "1970-01-02", "2105-12-31"};
    const char *const none[] = {"1970-01-01", "1969-12-31", "1970-01-01", "1969-12-31"};
    const char *const none_fit[] = {"1970-01-02", "1970-01-02", "1970-01-03", "1970-01-02"};
    const char *const usual[] = {"2026-01-01", "2026-02-01", "2026-01-01", "2026-01-31"};

    (void)state;
    expect_days(all, fit);
    expect_days(fit, fit);
    expect_days(none, none_fit);
    expect_days(none_fit, none_fit);
    expect_days(usual, usual);
}

static void rows_that_are_kept_have_the_texts_that_every_database_takes(void **state)
{
    const char *texts[] = {"run", "r",  "2026-11-23T15:00:00+00:00",  NULL, "00", "insert",
                           "{ }", NULL, "{\"A\": \"x\", \"B\": null}"};
    struct cell cells[COUNT(texts)];
    struct journal_rows rows;

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++)
        cells[i] = (struct cell){texts[i], texts[i] ? strlen(texts[i]) : 0};
    journal_rows_init(&rows, &journal_tables[JOURNAL_CHANGES]);
    journal_rows_add(&rows, DIALECT_POSTGRES, cells);
    journal_rows_add(&rows, DIALECT_SQLITE, cells);
    assert_int_equal(rows.count, 2);
    assert_string_equal(journal_rows_at(&rows, 0)[2].text, NOON);
    assert_null(journal_rows_at(&rows, 0)[3].text);
    assert_string_equal(journal_rows_at(&rows, 0)[8].text, "{\"A\":\"x\",\"B\":null}");
    assert_string_equal(journal_rows_at(&rows, 1)[8].text, texts[8]);
    journal_rows_done(&rows);
}

static void the_next_rows_are_asked_for_by_the_place_of_the_last(void **state)
{
    MEM_FREE_TEXT char *first =
        journal_select_next(&journal_tables[JOURNAL_CHANGES], DIALECT_SQLITE, NULL, 10);
    MEM_FREE_TEXT char *next =
        journal_select_next(&journal_tables[JOURNAL_CHANGES], DIALECT_SQLITE, "77", 10);
    MEM_FREE_TEXT char *rejects =
        journal_select_next(&journal_tables[JOURNAL_REJECTS], DIALECT_POSTGRES, "run 'x", 10);

    (void)state;
    assert_null(strstr(first, "WHERE"));
    assert_non_null(strstr(first, "ORDER BY id LIMIT 10"));
    assert_non_null(strstr(next, "WHERE id > 77 ORDER BY id"));
    assert_non_null(strstr(rejects, "> 'run ''x' ORDER BY"));
    assert_non_null(strstr(rejects, "COLLATE \"C\""));
}

static int set_zone(void **state)
{
    struct error err;

    (void)state;
    return clock_set_zone("America/Sao_Paulo", &err) ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_and_the_spaces_of_an_object_say_nothing),
        cmocka_unit_test(an_instant_is_the_same_in_every_zone),
        cmocka_unit_test(null_and_texts_that_look_like_it_differ),
        cmocka_unit_test(the_columns_of_windows_are_those_of_the_ledger_in_its_order),
        cmocka_unit_test(days_of_the_ledger_become_those_that_every_database_holds),
        cmocka_unit_test(rows_that_are_kept_have_the_texts_that_every_database_takes),
        cmocka_unit_test(the_next_rows_are_asked_for_by_the_place_of_the_last),
    };

    return cmocka_run_group_tests(tests, set_zone, NULL);
}
