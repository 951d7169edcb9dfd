/* SPDX-License-Identifier: MIT */
/* The schema and the lease, with a real ClickHouse. */
#include "load/clickhouse/lease.h"
#include "load/clickhouse/schema.h"

#include "base/clock.h"
#include "base/mem.h"
#include "tests/support/clickhouse_server.h"
#include "tests/support/clickhouse_stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    RUNNERS = 20,
    ROUNDS = 5,
    TOLD_EACH = 50
}; /* LEASE_ROUNDS in the environment: so many instead */

struct stage {
    struct clickhouse_destination dest, other;
    struct error err;
};

static void succeeded(struct stage *stage, bool ok)
{
    if (!ok)
        fail_msg("%s", stage->err.message);
}

static int start(void **state)
{
    struct stage *stage = mem_alloc(sizeof(*stage));

    clickhouse_server_reset();
    if (!click_open(&stage->dest, &stage->err) || !click_open(&stage->other, &stage->err)) {
        print_error("%s\n", stage->err.message);
        return -1;
    }
    *state = stage;
    return 0;
}

static int end(void **state)
{
    struct stage *stage = *state;

    clickhouse_disconnect(&stage->dest);
    clickhouse_disconnect(&stage->other);
    free(stage);
    return 0;
}

static void run_sql(const char *sql)
{
    free(clickhouse_server_query(0, sql));
}

static void expect_locked(struct stage *stage, bool ok, const char *words)
{
    assert_false(ok);
    assert_int_equal(stage->err.kind, ERROR_LOCKED);
    if (!strstr(stage->err.message, words))
        fail_msg("\"%s\" is not in \"%s\"", words, stage->err.message);
}

/* --- the schema ------------------------------------------------------------------------------ */

static void a_schema_is_made_once(void **state)
{
    struct stage *stage = *state;
    int64_t version = 0;

    succeeded(stage, clickhouse_schema_migrate(&stage->dest, &stage->err));
    succeeded(stage, clickhouse_schema_version(&stage->dest, &version, &stage->err));
    assert_int_equal(version, 3);
    click_expect("SELECT count() FROM etl_migrations", "1");
    click_expect("SELECT count() FROM etl_windows", "0");
}

/* The version's row is the last that is written. */
static void a_schema_that_was_made_in_part_is_completed(void **state)
{
    struct stage *stage = *state;

    run_sql("DROP TABLE etl_changes");
    run_sql("DROP TABLE etl_migrations");
    succeeded(stage, clickhouse_schema_migrate(&stage->dest, &stage->err));
    click_expect("SELECT count() FROM etl_changes", "0");
}

static void a_newer_schema_is_refused(void **state)
{
    struct stage *stage = *state;

    run_sql("INSERT INTO etl_migrations VALUES (999, 'of the future', '')");
    assert_false(clickhouse_schema_migrate(&stage->dest, &stage->err));
    assert_int_equal(stage->err.kind, ERROR_DATABASE);
    assert_non_null(strstr(stage->err.message, "version 999, this program knows version 3"));
}

/* Two Ms in a view are two states: a reader would see half a window. */
static void each_view_reads_the_last_commit_once(void **state)
{
    static const char *const views[] = {"etl_changes",      "etl_change_columns", "etl_rejects",
                                        "etl_unread_lines", "etl_kept_rows",      "etl_habits"};

    (void)state;
    for (size_t i = 0; i < COUNT(views); i++) {
        MEM_FREE_TEXT char *show = mem_format("SHOW CREATE TABLE %s", views[i]);
        MEM_FREE_TEXT char *text = clickhouse_server_query(0, show);
        size_t found = 0;
        for (const char *at = text; (at = strstr(at, "max(seq)")); at++)
            found++;
        if (found != 1)
            fail_msg("%s reads max(seq) %zu times", views[i], found);
    }
}

/* --- the lease ------------------------------------------------------------------------------- */

static const struct lease first_lease = {"run-1", "host-a:11", 900, NULL, NULL};
static const struct lease second_lease = {"run-2", "host-b:22", 900, NULL, NULL};

static bool take(struct clickhouse_destination *dest, const struct lease *lease, struct error *err)
{
    if (!clickhouse_take_lease(&dest->base, lease, &dest->base.token, err))
        return false;
    dest->base.lease = *lease;
    return true;
}

static void a_second_run_is_told_who_holds_the_lease(void **state)
{
    struct stage *stage = *state;

    succeeded(stage, take(&stage->dest, &first_lease, &stage->err));
    expect_locked(stage, take(&stage->other, &second_lease, &stage->err), "run-1 of host-a:11");
    succeeded(stage, clickhouse_renew_lease(&stage->dest.base, &stage->err));
    click_expect("SELECT run_id FROM etl_lease", "run-1");
}

static void a_released_lease_is_anybodys(void **state)
{
    struct stage *stage = *state;

    succeeded(stage, take(&stage->dest, &first_lease, &stage->err));
    succeeded(stage, clickhouse_release_lease(&stage->dest.base, &stage->err));
    click_expect("SELECT run_id FROM etl_lease", "NULL");
    succeeded(stage, take(&stage->other, &second_lease, &stage->err));
    click_expect("SELECT token FROM etl_lease", "2");
}

static void a_lease_that_expired_is_taken_and_its_run_cannot_go_on(void **state)
{
    const struct lease dead = {"run-0", "host-c:33", 0, NULL, NULL};
    struct stage *stage = *state;

    succeeded(stage, take(&stage->dest, &dead, &stage->err));
    succeeded(stage, take(&stage->other, &second_lease, &stage->err));
    expect_locked(stage, clickhouse_renew_lease(&stage->dest.base, &stage->err),
                  "another run took it");
    succeeded(stage, clickhouse_renew_lease(&stage->other.base, &stage->err));
    click_expect("SELECT run_id FROM etl_lease", "run-2");
}

static bool is_host_a(const char *holder)
{
    return strcmp(holder, "host-a:11") == 0;
}

static void a_holder_known_to_be_dead_is_not_waited_for(void **state)
{
    const struct lease knowing = {"run-3", "host-a:12", 900, is_host_a, NULL};
    struct stage *stage = *state;

    succeeded(stage, take(&stage->dest, &first_lease, &stage->err));
    succeeded(stage, take(&stage->other, &knowing, &stage->err));
    expect_locked(stage, clickhouse_renew_lease(&stage->dest.base, &stage->err),
                  "another run took it");
}

/* A try whose answer was lost may have taken it. */
static void a_run_may_take_its_lease_again(void **state)
{
    struct stage *stage = *state;

    succeeded(stage, take(&stage->dest, &first_lease, &stage->err));
    succeeded(stage, take(&stage->other, &first_lease, &stage->err));
    expect_locked(stage, clickhouse_renew_lease(&stage->dest.base, &stage->err),
                  "another run took it");
}

static void a_lease_is_renewed_when_a_third_of_it_is_over(void **state)
{
    struct stage *stage = *state;

    succeeded(stage, take(&stage->dest, &first_lease, &stage->err));
    succeeded(stage, clickhouse_renew_lease(&stage->dest.base, &stage->err));
    click_expect("SELECT count() FROM etl_lease_log WHERE kind = 'renew'", "0");
    clickhouse_server_change("ALTER TABLE etl_lease_log UPDATE at = at - 301 WHERE 1");
    succeeded(stage, clickhouse_renew_lease(&stage->dest.base, &stage->err));
    succeeded(stage, clickhouse_renew_lease(&stage->dest.base, &stage->err));
    click_expect("SELECT count() FROM etl_lease_log WHERE kind = 'renew'", "1");
}

static void what_others_began_is_taken_back_and_what_they_committed_is_not(void **state)
{
    struct stage *stage = *state;

    succeeded(stage, take(&stage->dest, &first_lease, &stage->err));
    run_sql("INSERT INTO etl_begun (tx, run_id) VALUES (1048577, 'run-1'), (1048578, 'run-1')");
    run_sql("INSERT INTO etl_ledger (tx, seq, status) VALUES (1048577, 1, 'loaded')");
    succeeded(stage, clickhouse_release_lease(&stage->dest.base, &stage->err));
    succeeded(stage, take(&stage->other, &second_lease, &stage->err));
    click_expect("SELECT groupArray(tx) FROM etl_void", "[1048578]");
}

/* It would lose its windows, and the days they decide. */
static void what_a_run_with_a_lease_of_other_days_began_is_left_to_it(void **state)
{
    const struct lease early = {.run_id = "run-1",
                                .holder = "host-a:11",
                                .seconds = 900,
                                .name = "visits 2026-03-01 2026-03-09"};
    const struct lease late = {.run_id = "run-2",
                               .holder = "host-b:22",
                               .seconds = 900,
                               .name = "visits 2026-03-10 2026-03-12"};
    struct stage *stage = *state;

    succeeded(stage, take(&stage->dest, &early, &stage->err));
    run_sql("INSERT INTO etl_begun (tx, run_id) VALUES (1048577, 'run-1')");
    succeeded(stage, take(&stage->other, &late, &stage->err));
    click_expect("SELECT count() FROM etl_void", "0");
    for (int i = 0; i < 20; i++) { /* each takes away what is long past */
        succeeded(stage, clickhouse_release_lease(&stage->other.base, &stage->err));
        succeeded(stage, take(&stage->other, &late, &stage->err));
    }
    succeeded(stage, clickhouse_renew_lease(&stage->dest.base, &stage->err));
    click_expect("SELECT count() FROM etl_void", "0");
    succeeded(stage, clickhouse_release_lease(&stage->dest.base, &stage->err));
    succeeded(stage, clickhouse_release_lease(&stage->other.base, &stage->err));
    succeeded(stage, take(&stage->other, &late, &stage->err));
    click_expect("SELECT groupArray(tx) FROM etl_void", "[1048577]");
}

/* Version 1 knew leases of all tables only. */
static void a_schema_of_version_1_is_brought_up_to_date(void **state)
{
    struct stage *stage = *state;
    const struct lease days = {.run_id = "run-2",
                               .holder = "host-b:22",
                               .seconds = 900,
                               .name = "visits 2026-03-01 2026-03-09"};

    run_sql("TRUNCATE TABLE etl_migrations");
    run_sql("INSERT INTO etl_migrations (version, name, applied_at) VALUES (1, 'first', '')");
    run_sql("DROP TABLE etl_lease");
    clickhouse_server_change("ALTER TABLE etl_lease_log DROP COLUMN name");
    run_sql("INSERT INTO etl_lease_log (token, run, kind, holder, taken_at, seconds)"
            " VALUES (7, 'run-1', 'claim', 'host-a:11', 'then', 900)");
    succeeded(stage, clickhouse_schema_migrate(&stage->dest, &stage->err));
    succeeded(stage, clickhouse_schema_migrate(&stage->dest, &stage->err));
    click_expect("SELECT groupArray(version) FROM (SELECT version FROM etl_migrations"
                 " ORDER BY version)",
                 "[1,3]");
    expect_locked(stage, take(&stage->other, &days, &stage->err), "run-1 of host-a:11");
    run_sql("INSERT INTO etl_lease_log (token, run, kind, holder, taken_at, seconds)"
            " VALUES (7, 'run-1', 'release', '', '', 0)");
    succeeded(stage, take(&stage->other, &days, &stage->err));
    click_expect("SELECT name FROM etl_lease", "visits 2026-03-01 2026-03-09");
    click_expect("SELECT token FROM etl_lease", "8");
}

static void leases_long_past_are_forgotten(void **state)
{
    struct stage *stage = *state;

    for (int i = 0; i < 20; i++) {
        succeeded(stage, take(&stage->dest, &first_lease, &stage->err));
        succeeded(stage, clickhouse_release_lease(&stage->dest.base, &stage->err));
    }
    click_expect("SELECT min(token) FROM etl_lease_log", "4");
    click_expect("SELECT max(token) FROM etl_lease_log", "20");
}

/* Waits until the others are there too, then tries to take the lease, of all tables or of some
 * days. Returns the exit code: 0 it has it, 1 another has it. */
static int race(int runner, int gate)
{
    struct clickhouse_destination dest;
    struct error err;
    char name[32], byte;

    snprintf(name, sizeof(name), "run-%d", runner);
    const struct lease lease = {name, name, 900, NULL,
                                runner % 2 ? "visits 2026-03-01 2026-03-09" : NULL};
    const bool opened = click_open(&dest, &err);
    if (opened && read(gate, &byte, 1) != 0)
        return 2;
    if (opened && take(&dest, &lease, &err))
        return 0;
    if (opened && err.kind == ERROR_LOCKED)
        return 1;
    fprintf(stderr, "%s\n", err.message);
    return 2;
}

/* Returns how many of the runners took the lease, or less than 0 if one failed. */
static int run_race(void)
{
    pid_t pids[RUNNERS];
    int gate[2], won = 0, failed = 0;

    assert_int_equal(pipe(gate), 0);
    for (int i = 0; i < RUNNERS; i++) {
        pids[i] = fork();
        if (pids[i] == 0) {
            close(gate[1]);
            _exit(race(i, gate[0]));
        }
    }
    close(gate[0]);
    close(gate[1]); /* opens it */
    for (int i = 0; i < RUNNERS; i++) {
        int status;
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        failed += !WIFEXITED(status) || WEXITSTATUS(status) > 1;
        won += WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    if (failed)
        print_error("%d of %d runs failed\n", failed, RUNNERS);
    return failed ? -failed : won;
}

static void of_runs_that_race_for_the_lease_one_wins(void **state)
{
    const char *wanted = getenv("LEASE_ROUNDS");
    const long rounds = wanted ? strtol(wanted, NULL, 10) : ROUNDS;
    const int64_t start_ms = clock_ms();
    long of_one = 0;

    (void)state;
    for (long round = 1; round <= rounds; round++) {
        const int won = run_race();
        if (won != 1)
            print_error("round %ld: %d of %d runs took the lease\n", round, won, RUNNERS);
        of_one += won == 1;
        if (round % TOLD_EACH == 0) {
            print_message("%ld of %ld had one winner\n", of_one, round);
            fflush(stdout);
        }
        clickhouse_server_reset();
    }
    print_message("%ld of %ld races of %d runs had one winner (%.1f s)\n", of_one, rounds, RUNNERS,
                  (double)(clock_ms() - start_ms) / 1000);
    assert_int_equal(of_one, rounds);
}

#define LEASE_TEST(f) cmocka_unit_test_setup_teardown(f, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LEASE_TEST(a_schema_is_made_once),
        LEASE_TEST(a_schema_of_version_1_is_brought_up_to_date),
        LEASE_TEST(a_schema_that_was_made_in_part_is_completed),
        LEASE_TEST(a_newer_schema_is_refused),
        LEASE_TEST(each_view_reads_the_last_commit_once),
        LEASE_TEST(a_second_run_is_told_who_holds_the_lease),
        LEASE_TEST(a_released_lease_is_anybodys),
        LEASE_TEST(a_lease_that_expired_is_taken_and_its_run_cannot_go_on),
        LEASE_TEST(a_holder_known_to_be_dead_is_not_waited_for),
        LEASE_TEST(a_run_may_take_its_lease_again),
        LEASE_TEST(a_lease_is_renewed_when_a_third_of_it_is_over),
        LEASE_TEST(what_others_began_is_taken_back_and_what_they_committed_is_not),
        LEASE_TEST(what_a_run_with_a_lease_of_other_days_began_is_left_to_it),
        LEASE_TEST(leases_long_past_are_forgotten),
        LEASE_TEST(of_runs_that_race_for_the_lease_one_wins),
    };

    if (!click_begin_tests(1))
        return 1;
    const int failed = cmocka_run_group_tests_name("clickhouse_lease", tests, NULL, NULL);
    clickhouse_server_stop();
    return failed;
}
