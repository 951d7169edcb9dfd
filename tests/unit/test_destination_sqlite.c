/* SPDX-License-Identifier: MIT */
/* The SQLite destination: the contract, and files, permissions and settings of SQLite. */
#include "load/sqlite/sql.h"
#include "load/sqlite/statement.h"

#include "base/mem.h"
#include "tests/support/destination_sqlite.h"
#include "load/destination_open.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void the_table_is_the_reports_with_two_columns_more(void **state)
{
    struct bench *bench = *state;

    bench_open(bench);
    bench_expect(
        bench, "SELECT group_concat(name || ' ' || type, ', ') FROM pragma_table_info('visits')",
        "UC / MD TEXT, STATUS TEXT, DATA_EXECUCAO DATE, HORA TIME, DATA_EXTRACAO TIMESTAMP, "
        "SAY \"HI\" TEXT, _row_key BLOB, _row_hash BLOB");
}

/* A snapshot must read an index only: reading the table on every cycle is too slow. */
static void a_snapshot_reads_the_index_alone(void **state)
{
    struct bench *bench = *state;
    MEM_FREE_TEXT char *sql = sqlite_sql_snapshot(&fixture_report);
    MEM_FREE_TEXT char *explain = mem_format("EXPLAIN QUERY PLAN %s", sql);
    sqlite3_stmt *st;
    int parts = 0;

    bench_open(bench);
    sqlite3 *db = sqlite_of(bench->dest)->db;
    assert_int_equal(sqlite3_prepare_v2(db, explain, -1, &st, NULL), SQLITE_OK);
    while (sqlite3_step(st) == SQLITE_ROW) {
        const char *step = (const char *)sqlite3_column_text(st, 3);
        parts += strstr(step, "SEARCH visits USING COVERING INDEX visits_window") != NULL;
        assert_null(strstr(step, "SCAN"));
    }
    assert_int_equal(parts, 2);
    sqlite3_finalize(st);
}

static void a_lost_index_comes_back(void **state)
{
    struct bench *bench = *state;

    bench_open(bench);
    bench_sql(bench, "DROP INDEX visits_row_key");
    assert_true(destination_migrate(bench->dest, &fixture_report, &bench->err));
    bench_expect(bench, "SELECT count(*) FROM pragma_index_list('visits') WHERE \"unique\"", "1");
}

#define COUNT_INDEXES(table) "SELECT count(*) FROM pragma_index_list('" table "')"

static void a_table_beside_one_that_was_renamed_gets_its_indexes(void **state)
{
    struct bench *bench = *state;

    bench_open(bench);
    assert_true(fixture_first_load(bench->dest, &bench->err));
    bench_sql(bench, "ALTER TABLE visits RENAME TO old_visits");
    assert_true(destination_migrate(bench->dest, &fixture_report, &bench->err));
    bench_expect(bench, COUNT_INDEXES("visits"), "2");
    bench_expect(bench, COUNT_INDEXES("visits") " WHERE \"unique\"", "1");
    assert_true(fixture_first_load(bench->dest, &bench->err));
    assert_true(destination_migrate(bench->dest, &fixture_report, &bench->err));
    bench_expect(bench, COUNT_INDEXES("visits"), "2"); /* no further index each time */
    bench_sql(bench, "ALTER TABLE visits RENAME TO older_visits");
    assert_true(destination_migrate(bench->dest, &fixture_report, &bench->err));
    bench_expect(bench, COUNT_INDEXES("visits"), "2");
    bench_expect(bench, COUNT_INDEXES("old_visits"), "2");
}

static void an_index_that_only_has_the_name_will_not_do(void **state)
{
    struct bench *bench = *state;

    bench_open(bench);
    bench_sql(bench,
              "DROP INDEX visits_row_key; DROP INDEX visits_window;"
              "CREATE INDEX visits_row_key ON visits (_row_key) WHERE _row_key > 1;"
              "CREATE TABLE VISITS_WINDOW (a); CREATE INDEX visits_window_2 ON visits (STATUS)");
    assert_true(destination_migrate(bench->dest, &fixture_report, &bench->err));
    bench_expect(bench, COUNT_INDEXES("visits"), "4");
    bench_expect(bench, "SELECT group_concat(name) FROM pragma_index_info('visits_window_3')",
                 "DATA_EXECUCAO,_row_key,_row_hash");
    bench_expect(bench,
                 "SELECT \"unique\" FROM pragma_index_list('visits')"
                 " WHERE name = 'visits_row_key_2'",
                 "1");
}

static void what_is_no_table_is_refused_by_its_kind(void **state)
{
    static const char *const cases[][2] = {
        {"CREATE VIEW visits AS SELECT 1 AS a", "visits is a view, "},
        {"CREATE VIRTUAL TABLE visits USING fts5(a)", "visits is a virtual table, "},
    };
    struct bench *bench = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        bench_sql(bench, cases[i][0]);
        assert_null(fixture_open(bench->url, &bench->err));
        expect_error(&bench->err, ERROR_DATABASE, cases[i][1]);
        assert_int_equal(unlink(bench->path), 0);
    }
}

static void the_file_is_closed_to_others_and_says_whose_it_is(void **state)
{
    struct bench *bench = *state;
    struct stat info;

    bench_open(bench);
    assert_int_equal(stat(bench->path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0640);
    bench_expect(bench, "SELECT printf('%x', application_id) FROM pragma_application_id",
                 "45544c53");
    bench_expect(bench, "SELECT user_version FROM pragma_user_version", "4");
    bench_expect(bench, "SELECT journal_mode FROM pragma_journal_mode", "wal");
}

static void every_connection_is_durable_and_checks_references(void **state)
{
    struct bench *bench = *state;
    struct ledger_entry entry = fixture_entry(fixture_window(1, 9));
    sqlite3_stmt *st;

    bench_open(bench);
    sqlite3 *db = sqlite_of(bench->dest)->db;
    assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA synchronous", -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(st, 0), 2);
    sqlite3_finalize(st);
    entry.run_id = "nobody's";
    assert_false(destination_record(bench->dest, &entry, &bench->err));
    expect_error(&bench->err, ERROR_DATABASE, "FOREIGN KEY");
}

static void an_analyst_who_may_only_read_can_read(void **state)
{
    struct bench *bench = *state;
    int status;

    if (geteuid() != 0)
        skip(); /* only root can become the analyst */
    bench_open(bench);
    assert_true(fixture_first_load(bench->dest, &bench->err));
    bench_close(bench);
    /* The analyst may enter the test's folder, but may not write there. */
    assert_int_equal(chmod(bench->folder, 0755), 0);
    assert_int_equal(chown(bench->path, 0, NOBODY), 0);
    MEM_FREE_TEXT char *wal = mem_format("%s-wal", bench->path),
                       *shm = mem_format("%s-shm", bench->path);
    assert_int_equal(chown(wal, 0, NOBODY), 0);
    assert_int_equal(chown(shm, 0, NOBODY), 0);
    pid_t pid = fork();
    if (pid == 0) {
        sqlite3 *db;
        if (setresgid(NOBODY, NOBODY, NOBODY) || setresuid(NOBODY, NOBODY, NOBODY) ||
            sqlite3_open(bench->path, &db) != SQLITE_OK)
            _exit(1);
        if (sqlite3_exec(db, "SELECT * FROM visits", NULL, NULL, NULL) != SQLITE_OK)
            _exit(2);
        enum destination_state found = DESTINATION_EMPTY; /* the program reads it too */
        bool ok =
            destination_open_existing(bench->url, DESTINATION_READ, &bench->dest, &bench->err) &&
            destination_inspect(bench->dest, NULL, &found, &bench->err);
        _exit(ok && found == DESTINATION_READY ? 0 : 3);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void the_log_file_is_empty_once_the_program_ended(void **state)
{
    struct bench *bench = *state;
    struct stat info;

    bench_open(bench);
    assert_true(fixture_first_load(bench->dest, &bench->err));
    bench_close(bench);
    MEM_FREE_TEXT char *wal = mem_format("%s-wal", bench->path);
    assert_int_equal(stat(wal, &info), 0);
    assert_int_equal(info.st_size, 0);
}

static void memory_is_a_database_too(void **state)
{
    struct bench *bench = *state;

    bench->dest = fixture_open("sqlite::memory:", &bench->err);
    assert_non_null(bench->dest);
    assert_true(destination_start_run(bench->dest, &fixture_run, &bench->err));
    assert_true(fixture_first_load(bench->dest, &bench->err));
}

static void an_analysts_database_gets_our_tables_beside_its_own(void **state)
{
    struct bench *bench = *state;
    sqlite3 *db;

    assert_int_equal(sqlite3_open(bench->path, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db, "CREATE TABLE mine (a); INSERT INTO mine VALUES (1)", NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(db);
    bench_open(bench);
    assert_true(fixture_first_load(bench->dest, &bench->err));
    bench_expect(bench, "SELECT count(*) FROM mine", "1");
    bench_expect(bench, "SELECT count(*) FROM visits", "3");
}

static void a_file_that_is_not_there_is_not_made_by_looking(void **state)
{
    static const enum destination_use uses[] = {DESTINATION_REHEARSE, DESTINATION_READ};
    struct bench *bench = *state;
    enum destination_state found;

    for (size_t i = 0; i < COUNT(uses); i++) {
        struct destination *dest = (struct destination *)bench;
        assert_true(destination_open_existing(bench->url, uses[i], &dest, &bench->err));
        assert_null(dest);
        assert_int_equal(access(bench->path, F_OK), -1);
    }
    bench_sql(bench, "CREATE TABLE notes (text)"); /* a table of the analyst */
    assert_true(destination_open_existing(bench->url, DESTINATION_READ, &bench->dest, &bench->err));
    assert_true(destination_inspect(bench->dest, &fixture_report, &found, &bench->err));
    assert_int_equal(found, DESTINATION_EMPTY);
    bench_close(bench);
    bench_expect(bench, "SELECT group_concat(name) FROM sqlite_master", "notes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(the_table_is_the_reports_with_two_columns_more),
        BENCH_TEST(a_snapshot_reads_the_index_alone),
        BENCH_TEST(a_lost_index_comes_back),
        BENCH_TEST(a_table_beside_one_that_was_renamed_gets_its_indexes),
        BENCH_TEST(an_index_that_only_has_the_name_will_not_do),
        BENCH_TEST(what_is_no_table_is_refused_by_its_kind),
        BENCH_TEST(the_file_is_closed_to_others_and_says_whose_it_is),
        BENCH_TEST(every_connection_is_durable_and_checks_references),
        BENCH_TEST(an_analyst_who_may_only_read_can_read),
        BENCH_TEST(the_log_file_is_empty_once_the_program_ended),
        BENCH_TEST(memory_is_a_database_too),
        BENCH_TEST(a_file_that_is_not_there_is_not_made_by_looking),
        BENCH_TEST(an_analysts_database_gets_our_tables_beside_its_own),
    };

    return destination_contract_run(&sqlite_database) +
           cmocka_run_group_tests_name("destination_sqlite", tests, NULL, NULL);
}
