/* SPDX-License-Identifier: MIT */
/* The PostgreSQL destination under settings of a role or a database that change the meaning of
 * statements. */
#include "load/history.h"
#include "load/postgres/copy.h"
#include "load/postgres/transaction.h"

#include "base/mem.h"
#include "tests/support/destination_postgres.h"
#include "load/destination_open.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void set_for_all(const char *name, const char *value)
{
    MEM_FREE_TEXT char *sql =
        mem_format("ALTER DATABASE " CLUSTER_DATABASE " SET %s = %s", name, value);

    cluster_run(sql);
}

/* Loads a window, updates cells to NULL, reads them by another run, and adds a column. */
static void expect_loads_work(struct stage *stage)
{
    enum destination_state found = DESTINATION_EMPTY;
    bool added = false;

    stage_open(stage, stage->url);
    stage_load_old(stage);
    stage_reopen(stage, stage->url);
    stage_succeeded(stage, destination_inspect(stage->dest, &fixture_report, &found, &stage->err));
    assert_int_equal(found, DESTINATION_READY);
    stage_succeeded(stage, destination_migrate(stage->dest, &fixture_report, &stage->err));
    stage_succeeded(stage, destination_add_column(stage->dest, &fixture_report, "NOVA",
                                                  &fixture_run, &added, &stage->err));
    assert_true(added);
    stage_succeeded(stage, stage_load_new(stage));
    stage_expect_new();
    work_done(&stage->work);
    work_init(&stage->work);
    work_add(&stage->work, ROW_UPDATE, (struct line){"100", NULL, 2, NULL, 1, 12});
    stage_succeeded(stage,
                    fixture_load(stage->dest, fixture_window(1, 9), &stage->work, &stage->err));
    stage_expect("SELECT count(*) FROM visits WHERE \"STATUS\" IS NULL AND \"HORA\" IS NULL", "1");
    stage_expect("SELECT count(*) FROM visits WHERE \"STATUS\" = 'NULL'", "0");
}

static void a_setting_of_the_database_changes_nothing(void **state)
{
    static const char *const settings[][2] = {
        {"quote_all_identifiers", "on"},
        {"array_nulls", "off"},
        {"standard_conforming_strings", "off"},
        {"backslash_quote", "off"},
        {"escape_string_warning", "on"},
        {"transform_null_equals", "on"},
        {"datestyle", "'German, DMY'"},
        {"intervalstyle", "sql_standard"},
        {"timezone", "'Asia/Kathmandu'"},
        {"extra_float_digits", "-15"},
        {"bytea_output", "escape"},
        {"client_encoding", "latin1"},
        {"default_transaction_isolation", "serializable"},
        {"default_transaction_deferrable", "on"},
        {"row_security", "off"},
        {"session_replication_role", "replica"},
        {"check_function_bodies", "off"},
        {"xmloption", "document"},
        {"statement_timeout", "50"},
        {"lock_timeout", "50"},
        {"idle_in_transaction_session_timeout", "50"},
        {"idle_session_timeout", "50"},
        {"synchronize_seqscans", "off"},
        {"synchronous_commit", "off"},
        {"default_toast_compression", "pglz"},
    };
    struct stage *stage = *state;

    for (size_t i = 0; i < COUNT(settings); i++) {
        set_for_all(settings[i][0], settings[i][1]);
        expect_loads_work(stage);
        destination_close(stage->dest);
        stage->dest = NULL;
        work_done(&stage->work);
        work_init(&stage->work);
        cluster_reset();
        cluster_run("ALTER DATABASE " CLUSTER_DATABASE " RESET ALL");
    }
}

struct seen {
    size_t count;
    char text[64];
};

static bool keep_text(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct seen *seen = arg;

    (void)count;
    (void)err;
    assert_in_range(cells[0].len, 0, sizeof(seen->text) - 1);
    memcpy(seen->text, cells[0].text, cells[0].len);
    seen->text[cells[0].len] = '\0';
    seen->count++;
    return true;
}

static void what_is_read_back_is_written_as_ever(void **state)
{
    struct stage *stage = *state;
    struct seen seen = {0};

    set_for_all("datestyle", "'SQL, DMY'");
    set_for_all("extra_float_digits", "-15");
    stage_open(stage, stage->url);
    stage_succeeded(stage, destination_query(stage->dest,
                                             "SELECT date '2026-03-02' || ' ' || 1.25::float8",
                                             keep_text, &seen, &stage->err));
    assert_int_equal(seen.count, 1);
    assert_string_equal(seen.text, "2026-03-02 1.25");
    cluster_run("ALTER DATABASE " CLUSTER_DATABASE " RESET ALL");
}

static void a_commit_is_durable_whatever_the_database_says(void **state)
{
    struct stage *stage = *state;
    struct seen seen = {0};

    set_for_all("synchronous_commit", "off");
    stage_open(stage, stage->url);
    stage_succeeded(stage, destination_query(stage->dest, "SHOW synchronous_commit", keep_text,
                                             &seen, &stage->err));
    assert_string_equal(seen.text, "on");
    cluster_run("ALTER DATABASE " CLUSTER_DATABASE " RESET ALL");
}

/* A row-level policy hides rows from the program, which would insert them again. */
static void a_writer_from_whom_rows_are_hidden_is_refused(void **state)
{
    struct stage *stage = *state;
    struct snapshot held = {0};
    MEM_FREE_TEXT char *url =
        mem_format("postgres://clerk:clerk@localhost:%d/" CLUSTER_DATABASE "?sslrootcert=%s",
                   cluster.port, cluster.root);

    stage_open(stage, stage->url);
    stage_load_old(stage);
    cluster_run("DROP ROLE IF EXISTS clerk; CREATE ROLE clerk LOGIN PASSWORD 'clerk';"
                "GRANT USAGE ON SCHEMA public TO clerk;"
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO clerk;"
                "ALTER TABLE visits ENABLE ROW LEVEL SECURITY;"
                "CREATE POLICY seen ON visits TO clerk USING (\"STATUS\" = 'CLOSED')");
    stage_reopen(stage, url);
    stage_succeeded(
        stage, destination_begin(stage->dest, &fixture_report, fixture_window(1, 9), &stage->err));
    assert_false(destination_snapshot(stage->dest, &held, &stage->err));
    stage_failed(&stage->err, ERROR_DATABASE, false, "run as the tables' owner");
    destination_close(stage->dest);
    stage->dest = NULL;
    cluster_run("DROP OWNED BY clerk; DROP ROLE clerk");
}

/* Sends in a child process that gets no more memory: libpq then sends nothing and returns 0. */
static void send_without_memory(struct stage *stage)
{
    const struct rlimit none = {.rlim_cur = 1, .rlim_max = 1};
    struct copy_in copy = {0};
    struct error err = {0};
    enum { HUGE_ROW = 200 * 1000 * 1000 };

    if (!destination_open(stage->url, &stage->dest, &err) ||
        !postgres_transaction_begin(postgres_of(stage->dest), "test", ANY_WRITER, NULL, NULL,
                                    &err) ||
        !copy_in_start(&copy, postgres_of(stage->dest), "test",
                       "COPY visits (\"STATUS\", _row_key, _row_hash) FROM STDIN", &err))
        _exit(1);
    if (!buf_reserve(&copy.row, HUGE_ROW))
        _exit(2);
    memset(copy.row.data, 'x', HUGE_ROW);
    copy.row.len = HUGE_ROW;
    if (setrlimit(RLIMIT_DATA, &none) != 0)
        _exit(3);
    if (copy_in_row(&copy, &err))
        _exit(4); /* the failure was not noticed */
    _exit(strstr(err.message, "no memory") ? 0 : 5);
}

static void a_row_that_libpq_did_not_take_was_not_sent(void **state)
{
    struct stage *stage = *state;
    int status;

#ifdef __SANITIZE_ADDRESS__
    skip(); /* the sanitizer's allocator ends the process instead of returning NULL */
#endif
    stage_open(stage, stage->url);
    destination_close(stage->dest);
    stage->dest = NULL;
    const pid_t pid = fork();
    if (pid == 0)
        send_without_memory(stage);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGE_TEST(a_setting_of_the_database_changes_nothing),
        STAGE_TEST(what_is_read_back_is_written_as_ever),
        STAGE_TEST(a_commit_is_durable_whatever_the_database_says),
        STAGE_TEST(a_writer_from_whom_rows_are_hidden_is_refused),
        STAGE_TEST(a_row_that_libpq_did_not_take_was_not_sent),
    };

    cluster_start();
    const int failed =
        cmocka_run_group_tests_name("destination_postgres_settings", tests, NULL, NULL);
    cluster_stop();
    return failed;
}
