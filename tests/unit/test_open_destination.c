/* SPDX-License-Identifier: MIT */
/* Opening a run's database: a run that finds another run's lease changes nothing. */
#include "run/open_destination.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "config/profile.h"
#include "tests/support/unit.h"
#include "load/destination_open.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

static char *folder, *path, *url;
static struct profile profile;
static const struct run run = {.id = "run-2", .mode = "full", .started_at = 1772366400};

/* Runs SQL on a separate connection. */
static void run_sql(const char *sql)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static int add_row(void *arg, int count, char **values, char **names)
{
    struct buf *text = arg;

    (void)names;
    for (int i = 0; i < count; i++)
        buf_addf(text, "%s|", values[i] ? values[i] : "NULL");
    return 0;
}

/* Returns the database as text: its schema, and the rows that a run writes. */
static char *describe_database(void)
{
    static const char *const queries[] = {
        "SELECT name, sql FROM sqlite_master ORDER BY name",
        "PRAGMA user_version",
        "SELECT * FROM etl_lease",
        "SELECT * FROM etl_runs",
        "SELECT * FROM etl_migrations",
    };
    BUF_DONE struct buf text = BUF_INIT(1 << 20);
    sqlite3 *db;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    for (size_t i = 0; i < COUNT(queries); i++)
        assert_int_equal(sqlite3_exec(db, queries[i], add_row, &text, NULL), SQLITE_OK);
    sqlite3_close(db);
    return buf_detach(&text);
}

/* Opens the database for all reports of the profile, and closes it. */
static bool open_to_load(struct error *err)
{
    struct report_run parts[8] = {0};
    struct report_summary summaries[8] = {0};
    struct open_destination opening = {
        .url = url,
        .run = &run,
        .lease = {.run_id = run.id, .holder = "host-b", .seconds = 60},
        .parts = parts,
        .part_count = profile.report_count,
    };

    assert_true(profile.report_count <= COUNT(parts));
    for (size_t i = 0; i < profile.report_count; i++)
        report_run_init(&parts[i], &profile.reports[i], (struct window_list){0}, false,
                        &summaries[i]);
    const bool ok = open_destination_to_load(&opening, err);
    for (size_t i = 0; i < profile.report_count; i++)
        report_run_done(&parts[i]);
    if (opening.destination)
        destination_release_lease(opening.destination);
    destination_close(opening.destination);
    return ok;
}

static void hold_lease(void)
{
    run_sql("UPDATE etl_lease SET token = 7, run_id = 'run-1', holder = 'host-a',"
            " expires_at = 99999999999");
}

static void expect_locked_and_unchanged(void)
{
    MEM_FREE_TEXT char *before = describe_database();
    struct error err = {0};

    assert_false(open_to_load(&err));
    assert_int_equal(err.kind, ERROR_LOCKED);
    MEM_FREE_TEXT char *after = describe_database();
    assert_string_equal(after, before);
}

/* -------------------------------------------------------------------------------------- tests */

static void a_new_database_is_made_and_opened_again(void **state)
{
    struct error err;

    (void)state;
    assert_true(open_to_load(&err));
    assert_true(open_to_load(&err));
    MEM_FREE_TEXT char *all = describe_database();
    for (size_t i = 0; i < profile.report_count; i++)
        assert_non_null(strstr(all, profile.reports[i].name));
}

static void who_finds_the_lease_taken_makes_no_table(void **state)
{
    struct destination *dest;
    struct error err;

    (void)state;
    assert_true(destination_open(url, &dest, &err));
    assert_true(destination_migrate(dest, NULL, &err));
    destination_close(dest);
    hold_lease();
    expect_locked_and_unchanged();
}

static void who_finds_the_lease_taken_leaves_table_indexes_and_older_schema_alone(void **state)
{
    static const char *const olds[] = {
        "DROP INDEX general_reports_row_key",
        "DROP TABLE etl_columns; DROP TABLE etl_unread_lines; DROP TABLE etl_kept_rows; DROP TABLE "
        "etl_habits;"
        " ALTER TABLE etl_windows DROP COLUMN kept; ALTER TABLE etl_windows DROP COLUMN"
        " rows_left_out; PRAGMA user_version = 2; DELETE FROM etl_migrations WHERE version > 2",
    };
    struct error err;

    (void)state;
    assert_true(open_to_load(&err));
    hold_lease();
    for (size_t i = 0; i < COUNT(olds); i++) {
        run_sql(olds[i]);
        expect_locked_and_unchanged();
    }
}

/* A schema without leases is migrated only as far as a lease needs. */
static void a_schema_from_before_leases_is_brought_up_to_date(void **state)
{
    struct error err;

    (void)state;
    assert_true(open_to_load(&err));
    run_sql("DROP TABLE etl_lease; DROP TABLE etl_columns; DROP TABLE etl_unread_lines;"
            " DROP TABLE etl_kept_rows; DROP TABLE etl_habits; ALTER TABLE etl_windows DROP COLUMN "
            "kept; ALTER TABLE"
            " etl_windows DROP COLUMN rows_left_out; PRAGMA user_version = 1; DELETE FROM"
            " etl_migrations WHERE version > 1");
    assert_true(open_to_load(&err));
    MEM_FREE_TEXT char *all = describe_database();
    assert_non_null(strstr(all, "CREATE TABLE etl_columns"));
}

static int setup(void **state)
{
    struct error err;

    (void)state;
    if (!file_make_temp_dir("test-opening", &folder, &err))
        return -1;
    path = mem_format("%s/sigos.db", folder);
    url = mem_format("sqlite:%s", path);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    file_remove_tree(folder);
    free(folder);
    free(path);
    free(url);
    return 0;
}

static int setup_all(void **state)
{
    struct error err;

    (void)state;
    log_setup(LOG_ERROR, LOG_TEXT);
    return profile_load(NULL, &profile, &err) ? 0 : -1;
}

static int teardown_all(void **state)
{
    (void)state;
    profile_done(&profile);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_database_is_made_and_opened_again),
        TEST(who_finds_the_lease_taken_makes_no_table),
        TEST(who_finds_the_lease_taken_leaves_table_indexes_and_older_schema_alone),
        TEST(a_schema_from_before_leases_is_brought_up_to_date),
    };

    return cmocka_run_group_tests_name("open_destination", tests, setup_all, teardown_all);
}
