/* SPDX-License-Identifier: MIT */
/* The SQLite destination: files that it refuses, and failures within a window. */
#include "load/sqlite/statement.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/stop.h"
#include "tests/support/destination_sqlite.h"
#include "load/destination_open.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void write_file(const char *path, const char *bytes, size_t len)
{
    FILE *file = fopen(path, "wb");

    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

/* Refusals */

static void a_path_is_needed(void **state)
{
    static const char *const urls[] = {"sqlite:", "sqlite://host/sigos.db", "sqlite:///sigos.db"};
    struct bench *bench = *state;

    for (size_t i = 0; i < COUNT(urls); i++) {
        assert_null(fixture_open(urls[i], &bench->err));
        expect_error(&bench->err, ERROR_CONFIG, "sqlite:PATH");
    }
}

static void a_folder_that_is_not_there_is_named(void **state)
{
    struct bench *bench = *state;
    MEM_FREE_TEXT char *deep = mem_format("sqlite:%s/no/such.db", bench->folder);

    assert_null(fixture_open(deep, &bench->err));
    expect_error(&bench->err, ERROR_DATABASE, "/no/such.db");
    expect_error(&bench->err, ERROR_DATABASE, "No such file or directory");
    deep[strlen(deep) - strlen("/no/such.db")] = '\0'; /* a folder is refused too */
    assert_null(fixture_open(deep, &bench->err));
    expect_error(&bench->err, ERROR_DATABASE, "unable to open database file");
}

static void a_file_that_is_no_database_is_left_untouched(void **state)
{
    static const char text[] = "UC / MD;STATUS\n100;OPEN\n";
    struct bench *bench = *state;
    char *found;

    write_file(bench->path, text, sizeof(text) - 1);
    assert_null(fixture_open(bench->url, &bench->err));
    expect_error(&bench->err, ERROR_DATABASE, "file is not a database");
    expect_error(&bench->err, ERROR_DATABASE, bench->path);
    assert_true(file_read(bench->path, 1000, &found, &bench->err));
    assert_string_equal(found, text);
    free(found);
}

static char *read_bytes(const char *file, size_t *size)
{
    struct file_map map;
    struct error err;

    if (!file_map_open(file, &map, &err))
        fail_msg("%s", err.message);
    char *bytes = mem_copy_n(map.data, map.size);
    *size = map.size;
    file_map_close(&map);
    return bytes;
}

/* Makes a file with `sql`, asserts that it is refused with this reason, and that no byte of it
 * changes. */
static void expect_refused_untouched(struct bench *bench, const char *sql, const char *words)
{
    size_t size, size_after;

    bench_sql(bench, sql);
    MEM_FREE_TEXT char *before = read_bytes(bench->path, &size);
    assert_null(fixture_open(bench->url, &bench->err));
    expect_error(&bench->err, ERROR_DATABASE, words);
    MEM_FREE_TEXT char *after = read_bytes(bench->path, &size_after);
    assert_int_equal(size_after, size);
    assert_memory_equal(after, before, size);
}

static void another_programs_database_is_refused(void **state)
{
    expect_refused_untouched(*state, "PRAGMA application_id = 252006673; CREATE TABLE t (a)",
                             "belongs to another program");
}

static void a_version_that_is_not_ours_is_refused(void **state)
{
    expect_refused_untouched(*state, "PRAGMA user_version = 7; CREATE TABLE t (a)",
                             "user_version 7");
}

static void a_table_without_our_columns_is_named_and_left_as_it_is(void **state)
{
    expect_refused_untouched(
        *state,
        "CREATE TABLE visits (\"UC / MD\" TEXT, STATUS TEXT, DATA_EXECUCAO DATE, HORA TIME)",
        "table visits is there but lacks \"DATA_EXTRACAO\", \"SAY \"HI\"\", \"_row_key\", "
        "\"_row_hash\"");
}

static void a_table_with_other_columns_altogether_is_no_exception(void **state)
{
    expect_refused_untouched(*state, "CREATE TABLE visits (a)", "lacks \"UC / MD\", \"STATUS\"");
}

static void a_refused_table_may_be_put_right_while_the_program_runs(void **state)
{
    struct bench *bench = *state;

    bench_sql(bench, "CREATE TABLE visits (a)");
    assert_true(destination_open(bench->url, &bench->dest, &bench->err));
    assert_false(destination_migrate(bench->dest, &fixture_report, &bench->err));
    bench_sql(bench, "ALTER TABLE visits RENAME TO old_visits"); /* the refusal left no lock */
    assert_true(destination_migrate(bench->dest, &fixture_report, &bench->err));
}

/* Failures within a window */

static void another_writer_is_waited_for_and_then_named(void **state)
{
    struct bench *bench = *state;
    struct error err;

    bench_open(bench);
    struct destination *other = fixture_open(bench->url, &err);
    assert_non_null(other);
    sqlite_of(other)->lock_timeout_ms = 50;
    assert_true(destination_begin(bench->dest, &fixture_report, fixture_window(1, 9), &bench->err));
    assert_false(destination_begin(other, &fixture_report, fixture_window(1, 9), &err));
    expect_error(&err, ERROR_DATABASE, bench->path);
    expect_error(&err, ERROR_DATABASE, "another process is writing to it");
    destination_rollback(bench->dest);
    assert_true(destination_begin(other, &fixture_report, fixture_window(1, 9), &err));
    destination_close(other); /* while its window is open */
    assert_true(fixture_first_load(bench->dest, &bench->err));
}

static void a_signal_ends_the_wait_for_another_writer(void **state)
{
    struct bench *bench = *state;
    const struct window window = fixture_window(1, 9);
    int status;

    bench_open(bench);
    assert_true(destination_begin(bench->dest, &fixture_report, window, &bench->err));
    const int64_t before = clock_ms();
    pid_t pid = fork();
    if (pid == 0) {
        struct error err = {0};
        struct destination *own = NULL;
        bool ready = stop_install(&err) && destination_open(bench->url, &own, &err) &&
                     kill(getpid(), SIGTERM) == 0;
        bool began = ready && destination_begin(own, &fixture_report, window, &err);
        _exit(ready && !began && err.kind == ERROR_STOPPED ? 0 : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_true(clock_ms() - before < 10 * 1000); /* much less than the timeout of 30 s */
}

/* Adds more rows than a database of 60 pages or the page cache can hold. */
static void add_many(struct work *work)
{
    for (uint64_t i = 0; i < 5000; i++)
        work_add(work, ROW_INSERT, (struct line){"400", "OPEN", 4, NULL, 1000 + i, 40});
}

static void a_full_disk_rolls_back_and_says_so(void **state)
{
    struct bench *bench = *state;
    const struct window window = fixture_window(1, 9);

    bench_open(bench);
    assert_true(fixture_first_load(bench->dest, &bench->err));
    sqlite3 *db = sqlite_of(bench->dest)->db;
    assert_int_equal(sqlite3_exec(db, "PRAGMA max_page_count = 60", NULL, NULL, NULL), SQLITE_OK);
    add_many(&bench->work);
    assert_false(fixture_apply(bench->dest, window, &bench->work, &bench->err));
    expect_error(&bench->err, ERROR_DATABASE, "insert a row: database or disk is full (make room");
    assert_true(sqlite3_get_autocommit(db)); /* SQLite rolled the transaction back by itself, */
    assert_false(fixture_commit(bench->dest, window, &bench->err)); /* so the commit must fail */
    expect_error(&bench->err, ERROR_DATABASE, "its transaction is gone");
    destination_rollback(bench->dest);
    bench_expect(bench, "SELECT count(*) FROM visits", "3");
    bench_expect(bench, "SELECT count(*) FROM etl_windows", "1");
    sqlite3_exec(db, "PRAGMA max_page_count = 100000", NULL, NULL, NULL);
    assert_true(fixture_load(bench->dest, window, &bench->work, &bench->err));
    bench_expect(bench, "SELECT count(*) FROM visits", "5003");
}

static void a_connection_that_may_not_write_says_so(void **state)
{
    struct bench *bench = *state;

    bench_open(bench);
    sqlite3_exec(sqlite_of(bench->dest)->db, "PRAGMA query_only = 1", NULL, NULL, NULL);
    assert_false(fixture_first_load(bench->dest, &bench->err));
    expect_error(&bench->err, ERROR_DATABASE, "readonly database (give this user the right");
    destination_rollback(bench->dest);
}

static void a_file_that_may_not_be_written_is_refused_at_once(void **state)
{
    struct bench *bench = *state;
    int status;

    bench_open(bench);
    bench_close(bench);
    assert_int_equal(chmod(bench->path, 0444), 0);
    assert_int_equal(chmod(bench->folder, 0755), 0);
    pid_t pid = fork();
    if (pid == 0) {
        struct error err = {0};
        struct destination *dest;
        if (geteuid() == 0 &&
            (setresgid(NOBODY, NOBODY, NOBODY) || setresuid(NOBODY, NOBODY, NOBODY)))
            _exit(1);
        bool refused =
            !destination_open(bench->url, &dest, &err) && strstr(err.message, "may not write");
        _exit(refused ? 0 : 2);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void a_damaged_file_says_so(void **state)
{
    struct bench *bench = *state;
    char noise[4096];

    bench_open(bench);
    add_many(&bench->work);
    assert_true(fixture_load(bench->dest, fixture_window(1, 9), &bench->work, &bench->err));
    bench_close(bench);
    memset(noise, 0xA5, sizeof(noise));
    int fd = open(bench->path, O_WRONLY | O_CLOEXEC);
    for (off_t page = 40; page < 140; page++)
        assert_int_equal(pwrite(fd, noise, sizeof(noise), page * 4096), sizeof(noise));
    close(fd);
    struct snapshot held = {0};
    bench->dest = fixture_open(bench->url, &bench->err);
    assert_non_null(bench->dest);
    assert_true(destination_begin(bench->dest, &fixture_report, fixture_window(1, 9), &bench->err));
    assert_false(destination_snapshot(bench->dest, &held, &bench->err));
    expect_error(&bench->err, ERROR_DATABASE, "malformed (the file is damaged");
    assert_int_equal(held.count, 0); /* a failed snapshot returns no rows */
    assert_int_equal(held.dated, 0);
    destination_rollback(bench->dest);
    snapshot_done(&held);
}

static void a_hash_that_is_not_ours_is_refused(void **state)
{
    struct bench *bench = *state;
    struct snapshot held = {0};

    bench_open(bench);
    assert_true(fixture_first_load(bench->dest, &bench->err));
    bench_sql(bench, "UPDATE visits SET _row_hash = 'abc' WHERE \"UC / MD\" = '200'");
    assert_true(destination_begin(bench->dest, &fixture_report, fixture_window(1, 9), &bench->err));
    assert_false(destination_snapshot(bench->dest, &held, &bench->err));
    expect_error(&bench->err, ERROR_DATABASE, "that etl-sigos did not write");
    assert_int_equal(held.count, 0);
    assert_int_equal(held.dated, 0);
    destination_rollback(bench->dest);
    snapshot_done(&held);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(a_path_is_needed),
        BENCH_TEST(a_folder_that_is_not_there_is_named),
        BENCH_TEST(a_file_that_is_no_database_is_left_untouched),
        BENCH_TEST(another_programs_database_is_refused),
        BENCH_TEST(a_version_that_is_not_ours_is_refused),
        BENCH_TEST(a_table_without_our_columns_is_named_and_left_as_it_is),
        BENCH_TEST(a_table_with_other_columns_altogether_is_no_exception),
        BENCH_TEST(a_refused_table_may_be_put_right_while_the_program_runs),
        BENCH_TEST(another_writer_is_waited_for_and_then_named),
        BENCH_TEST(a_signal_ends_the_wait_for_another_writer),
        BENCH_TEST(a_full_disk_rolls_back_and_says_so),
        BENCH_TEST(a_connection_that_may_not_write_says_so),
        BENCH_TEST(a_file_that_may_not_be_written_is_refused_at_once),
        BENCH_TEST(a_damaged_file_says_so),
        BENCH_TEST(a_hash_that_is_not_ours_is_refused),
    };

    return cmocka_run_group_tests_name("destination_sqlite_errors", tests, NULL, NULL);
}
