/* SPDX-License-Identifier: MIT */
/* The contract of destinations: the lease, and the entries of the ledger that are read back. */
#include "tests/support/destination_contract_parts.h"

#include "base/mem.h"

#include <string.h>

static const struct lease first_lease = {"run-1", "host-a:11", 900, NULL, NULL};
static const struct lease second_lease = {"run-2", "host-b:22", 900, NULL, NULL};
static const struct lease dead_lease = {"run-0", "host-c:33", 0, NULL,
                                        NULL}; /* expires as it is taken */

static struct destination *open_other(struct fixture *fixture)
{
    struct destination *other = fixture_open(fixture->url, &fixture->err);

    expect_success(fixture, other != NULL);
    return other;
}

static void take(struct fixture *fixture, struct destination *dest, const struct lease *lease)
{
    expect_success(fixture, destination_take_lease(dest, lease, &fixture->err));
}

static void expect_locked(struct fixture *fixture, bool ok, const char *words)
{
    assert_false(ok);
    assert_int_equal(fixture->err.kind, ERROR_LOCKED);
    if (!strstr(fixture->err.message, words))
        fail_msg("\"%s\" is not in \"%s\"", words, fixture->err.message);
}

static void a_second_run_is_told_who_holds_the_lease(void **state)
{
    struct fixture *fixture = *state;
    struct destination *other = open_other(fixture);

    take(fixture, fixture->dest, &first_lease);
    bool ok = destination_take_lease(other, &second_lease, &fixture->err);
    expect_locked(fixture, ok, "run-1 of host-a:11");
    destination_close(other);
}

static void a_released_lease_is_anybodys(void **state)
{
    struct fixture *fixture = *state;
    struct destination *other = open_other(fixture);

    take(fixture, fixture->dest, &first_lease);
    destination_release_lease(fixture->dest);
    take(fixture, other, &second_lease);
    destination_close(other);
}

static void a_dead_holders_lease_expires_and_he_cannot_write_any_more(void **state)
{
    struct fixture *fixture = *state;
    struct destination *other = open_other(fixture);

    take(fixture, fixture->dest, &dead_lease);
    take(fixture, other, &second_lease);
    bool ok =
        destination_begin(fixture->dest, &fixture_report, fixture_window(1, 9), &fixture->err);
    expect_locked(fixture, ok, "another run took it");
    destination_release_lease(fixture->dest); /* the lease belongs to another run by now */
    expect_success(fixture,
                   destination_begin(other, &fixture_report, fixture_window(1, 9), &fixture->err));
    destination_rollback(other);
    expect_query("SELECT run_id FROM etl_lease", "run-2");
    destination_close(other);
}

static bool is_host_a(const char *holder)
{
    return strcmp(holder, "host-a:11") == 0;
}

static void a_holder_known_to_be_dead_is_not_waited_for(void **state)
{
    const struct lease knowing = {"run-3", "host-a:12", 900, is_host_a, NULL};
    struct fixture *fixture = *state;
    struct destination *other = open_other(fixture);

    take(fixture, fixture->dest, &first_lease);
    take(fixture, other, &knowing);
    bool ok =
        destination_begin(fixture->dest, &fixture_report, fixture_window(1, 9), &fixture->err);
    expect_locked(fixture, ok, "another run took it");
    destination_close(other);
}

/* A try whose answer was lost may have taken the lease and recorded the run. */
static void a_run_may_take_its_lease_and_start_again(void **state)
{
    struct fixture *fixture = *state;
    struct destination *other = open_other(fixture);

    take(fixture, fixture->dest, &first_lease);
    take(fixture, other, &first_lease);
    expect_success(fixture, destination_start_run(other, &fixture_run, &fixture->err));
    expect_query("SELECT count(*) FROM etl_runs", "1");
    bool ok =
        destination_begin(fixture->dest, &fixture_report, fixture_window(1, 9), &fixture->err);
    expect_locked(fixture, ok, "another run took it");
    expect_success(fixture,
                   destination_begin(other, &fixture_report, fixture_window(1, 9), &fixture->err));
    destination_rollback(other);
    destination_close(other);
}

static void a_window_renews_the_lease(void **state)
{
    struct fixture *fixture = *state;

    take(fixture, fixture->dest, &first_lease);
    run_sql("UPDATE etl_lease SET expires_at = 1");
    first_load(fixture);
    expect_query("SELECT count(*) FROM etl_lease WHERE expires_at > 1", "1");
}

/* While the run waits for the portal, no window renews the lease. */
static void a_lease_is_renewed_between_windows(void **state)
{
    struct fixture *fixture = *state;

    expect_success(fixture,
                   destination_keep_lease(fixture->dest, &fixture->err)); /* no lease is held */
    take(fixture, fixture->dest, &first_lease);
    run_sql("UPDATE etl_lease SET expires_at = 1");
    expect_success(fixture, destination_keep_lease(fixture->dest, &fixture->err));
    expect_query("SELECT count(*) FROM etl_lease WHERE expires_at > 1", "1");
    first_load(fixture);
}

static void a_lease_that_another_run_took_is_not_renewed(void **state)
{
    struct fixture *fixture = *state;
    struct destination *other = open_other(fixture);

    take(fixture, fixture->dest, &dead_lease);
    take(fixture, other, &second_lease);
    bool ok = destination_keep_lease(fixture->dest, &fixture->err);
    expect_locked(fixture, ok, "another run took it");
    expect_query("SELECT run_id FROM etl_lease", "run-2");
    expect_success(fixture, destination_keep_lease(other, &fixture->err));
    destination_close(other);
}

/* --- leases of some days --------------------------------------------------------------------- */

/* "visits 2026-03-01 2026-03-09" and so on, borrowed by the leases of a test. */
#define DAYS_1_TO_9 "visits 2026-03-01 2026-03-09"
#define DAYS_9_TO_12 "visits 2026-03-09 2026-03-12"
#define DAYS_10_TO_12 "visits 2026-03-10 2026-03-12"

static struct lease lease_of(const char *run, const char *name, int seconds)
{
    return (struct lease){.run_id = run, .holder = "host-d:44", .seconds = seconds, .name = name};
}

static void load_one(struct fixture *fixture, struct destination *dest, struct window window,
                     struct line line)
{
    struct work work;

    work_init(&work);
    work_add(&work, ROW_INSERT, line);
    expect_success(fixture, fixture_load(dest, window, &work, &fixture->err));
    work_done(&work);
}

static void runs_write_side_by_side_under_leases_of_different_days(void **state)
{
    const struct lease early = lease_of("run-1", DAYS_1_TO_9, 900);
    const struct lease late = lease_of("run-2", DAYS_10_TO_12, 900);
    struct fixture *fixture = *state;
    struct destination *other = open_other(fixture);

    take(fixture, fixture->dest, &early);
    take(fixture, other, &late);
    load_one(fixture, fixture->dest, fixture_window(1, 9),
             (struct line){"100", "OPEN", 2, NULL, 1, 10});
    load_one(fixture, other, fixture_window(10, 12), (struct line){"200", "OPEN", 11, NULL, 2, 20});
    load_one(fixture, fixture->dest, fixture_window(3, 4),
             (struct line){"300", "OPEN", 3, NULL, 3, 30});
    expect_success(fixture, destination_keep_lease(other, &fixture->err));
    expect_query("SELECT count(*) FROM visits", "3");
    expect_query("SELECT count(*) FROM etl_lease WHERE run_id IS NOT NULL", "2");
    destination_release_lease(fixture->dest);
    expect_query("SELECT count(*) FROM etl_lease WHERE run_id IS NOT NULL", "1");
    load_one(fixture, other, fixture_window(10, 12), (struct line){"400", "OPEN", 12, NULL, 4, 40});
    destination_release_lease(other);
    expect_query("SELECT count(*) FROM etl_lease WHERE run_id IS NOT NULL", "0");
    destination_close(other);
}

static void a_lease_with_a_day_in_common_is_refused(void **state)
{
    const struct lease early = lease_of("run-1", DAYS_1_TO_9, 900);
    const struct lease both = lease_of("run-2", DAYS_9_TO_12, 900);
    struct fixture *fixture = *state;
    struct destination *other = open_other(fixture);

    take(fixture, fixture->dest, &early);
    bool ok = destination_take_lease(other, &both, &fixture->err);
    expect_locked(fixture, ok, "another run holds the lease of " DAYS_1_TO_9 ": run-1 of host-d");
    ok = destination_take_lease(other, &second_lease, &fixture->err); /* of all tables */
    expect_locked(fixture, ok, "another run holds the lease of " DAYS_1_TO_9 ": run-1 of host-d");
    destination_release_lease(fixture->dest);
    take(fixture, other, &both);
    ok = destination_take_lease(fixture->dest, &early, &fixture->err);
    expect_locked(fixture, ok, "another run holds the lease of " DAYS_9_TO_12);
    destination_release_lease(other);
    take(fixture, other, &second_lease);
    ok = destination_take_lease(fixture->dest, &early, &fixture->err);
    expect_locked(fixture, ok, "another run holds the lease: run-2 of host-b:22");
    destination_close(other);
}

static void the_same_days_of_another_report_are_free(void **state)
{
    const struct lease here = lease_of("run-1", DAYS_1_TO_9, 900);
    const struct lease there = lease_of("run-2", "my visits 2026-03-01 2026-03-09", 900);
    struct fixture *fixture = *state;
    struct destination *other = open_other(fixture);

    take(fixture, fixture->dest, &here);
    take(fixture, other, &there);
    bool ok = destination_begin(other, &fixture_report, fixture_window(1, 9), &fixture->err);
    expect_locked(fixture, ok, "may write my visits 2026-03-01 2026-03-09 only");
    destination_close(other);
}

static void a_window_beyond_the_days_of_the_lease_is_refused(void **state)
{
    const struct lease early = lease_of("run-1", DAYS_1_TO_9, 900);
    struct fixture *fixture = *state;

    take(fixture, fixture->dest, &early);
    bool ok =
        destination_begin(fixture->dest, &fixture_report, fixture_window(9, 10), &fixture->err);
    expect_locked(fixture, ok, "may write " DAYS_1_TO_9 " only");
    expect_success(fixture, destination_begin(fixture->dest, &fixture_report, fixture_window(9, 9),
                                              &fixture->err));
    destination_rollback(fixture->dest);
}

static void the_days_of_a_dead_holder_are_taken_and_those_of_others_stay(void **state)
{
    const struct lease dead = lease_of("run-1", DAYS_1_TO_9, 0);
    const struct lease alive = lease_of("run-2", DAYS_10_TO_12, 900);
    const struct lease heir = lease_of("run-3", "visits 2026-03-05 2026-03-08", 900);
    struct fixture *fixture = *state;
    struct destination *second = open_other(fixture), *third = open_other(fixture);

    take(fixture, fixture->dest, &dead);
    take(fixture, second, &alive);
    take(fixture, third, &heir);
    bool ok =
        destination_begin(fixture->dest, &fixture_report, fixture_window(1, 2), &fixture->err);
    expect_locked(fixture, ok, "another run took it");
    ok = destination_keep_lease(fixture->dest, &fixture->err);
    expect_locked(fixture, ok, "another run took it");
    destination_release_lease(fixture->dest); /* it has none by now */
    load_one(fixture, second, fixture_window(10, 12),
             (struct line){"100", "OPEN", 11, NULL, 1, 10});
    load_one(fixture, third, fixture_window(5, 8), (struct line){"200", "OPEN", 6, NULL, 2, 20});
    expect_query("SELECT count(*) FROM etl_lease WHERE run_id IS NOT NULL", "2");
    destination_close(second);
    destination_close(third);
}

/* Its run may be alive still, and must not write once another one may. */
static void a_dead_holder_of_all_tables_cannot_write_beside_the_heir_of_some_days(void **state)
{
    const struct lease heir = lease_of("run-3", DAYS_1_TO_9, 900);
    struct fixture *fixture = *state;
    struct destination *other = open_other(fixture);

    take(fixture, fixture->dest, &dead_lease);
    take(fixture, other, &heir);
    bool ok =
        destination_begin(fixture->dest, &fixture_report, fixture_window(10, 12), &fixture->err);
    expect_locked(fixture, ok, "another run took it");
    expect_query("SELECT run_id FROM etl_lease WHERE run_id IS NOT NULL", "run-3");
    destination_release_lease(other);
    take(fixture, other, &second_lease);
    destination_close(other);
}

/* --- queries --------------------------------------------------------------------------------- */

static bool add_cells(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct buf *text = arg;

    (void)err;
    for (size_t i = 0; i < count; i++) {
        buf_add_text(text, i ? "," : "");
        buf_add(text, cells[i].text ? cells[i].text : "NULL", cells[i].text ? cells[i].len : 4);
    }
    buf_add_char(text, ';');
    return true;
}

static void a_query_hands_over_its_rows_as_text(void **state)
{
    BUF_DONE struct buf text = BUF_INIT(4096);
    struct fixture *fixture = *state;

    first_load(fixture);
    expect_success(fixture, destination_query(fixture->dest,
                                              "SELECT id, mode, exit_code FROM (SELECT id, mode,"
                                              " exit_code FROM etl_runs UNION ALL SELECT '' AS id,"
                                              " '' AS mode, 7 AS exit_code) AS u ORDER BY mode",
                                              add_cells, &text, &fixture->err));
    assert_string_equal(buf_text(&text), ",,7;run-1,full,NULL;");
    bool ok = destination_query(fixture->dest, "SELECT id FROM no_such_table", add_cells, &text,
                                &fixture->err);
    expect_failure(fixture, ok, "no_such_table");
}

int contract_of_leases(void)
{
    const struct CMUnitTest tests[] = {
        CONTRACT_TEST(a_second_run_is_told_who_holds_the_lease),
        CONTRACT_TEST(a_released_lease_is_anybodys),
        CONTRACT_TEST(a_dead_holders_lease_expires_and_he_cannot_write_any_more),
        CONTRACT_TEST(a_holder_known_to_be_dead_is_not_waited_for),
        CONTRACT_TEST(a_run_may_take_its_lease_and_start_again),
        CONTRACT_TEST(a_window_renews_the_lease),
        CONTRACT_TEST(a_lease_is_renewed_between_windows),
        CONTRACT_TEST(a_lease_that_another_run_took_is_not_renewed),
        CONTRACT_TEST(runs_write_side_by_side_under_leases_of_different_days),
        CONTRACT_TEST(a_lease_with_a_day_in_common_is_refused),
        CONTRACT_TEST(the_same_days_of_another_report_are_free),
        CONTRACT_TEST(a_window_beyond_the_days_of_the_lease_is_refused),
        CONTRACT_TEST(the_days_of_a_dead_holder_are_taken_and_those_of_others_stay),
        CONTRACT_TEST(a_dead_holder_of_all_tables_cannot_write_beside_the_heir_of_some_days),
        CONTRACT_TEST(a_query_hands_over_its_rows_as_text),
    };

    return cmocka_run_group_tests_name("leases", tests, NULL, NULL);
}
