/* SPDX-License-Identifier: MIT */
/* The PostgreSQL destination: addresses, TLS, and servers that refuse connections. */
#include "load/postgres/client.h"

#include "base/mem.h"
#include "tests/support/destination_postgres.h"
#include "load/destination_open.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

static char *direct_with(const char *parameters)
{
    return cluster_url_with(cluster.port, CLUSTER_DATABASE, parameters);
}

static void expect_open_fails(struct stage *stage, const char *url, enum error_kind kind,
                              bool transient, const char *words)
{
    assert_null(fixture_open(url, &stage->err));
    stage_failed(&stage->err, kind, transient, words);
    assert_null(strstr(stage->err.message, CLUSTER_PASSWORD));
    assert_null(strstr(stage->err.message, "p@ss"));
}

/* Addresses and TLS */

static void an_address_that_cannot_be_read_is_not_repeated(void **state)
{
    static const char *const urls[] = {
        "postgres://u:" CLUSTER_PASSWORD "@h:port/db?nonsense=1",
        "postgres://u:" CLUSTER_PASSWORD "@[::1/db",
        "postgresql://u:%zz" CLUSTER_PASSWORD "@h/db",
    };

    for (size_t i = 0; i < COUNT(urls); i++)
        expect_open_fails(*state, urls[i], ERROR_CONFIG, false, "postgres://USER:PASSWORD@HOST");
}

static void a_server_that_is_not_there_is_worth_another_try(void **state)
{
    expect_open_fails(*state, "postgres://u:" CLUSTER_PASSWORD "@localhost:1/db", ERROR_DATABASE,
                      true, "Connection refused");
}

static void a_wrong_password_says_where_it_comes_from(void **state)
{
    MEM_FREE_TEXT char *url =
        mem_format("postgres://%s:wrong@localhost:%d/%s?sslrootcert=%s", CLUSTER_USER, cluster.port,
                   CLUSTER_DATABASE, cluster.root);

    expect_open_fails(*state, url, ERROR_DATABASE, false, "DB_PASS");
}

static void a_database_that_is_not_there_is_named(void **state)
{
    MEM_FREE_TEXT char *url = cluster_url(cluster.port, "nowhere");

    expect_open_fails(*state, url, ERROR_DATABASE, false, "\"nowhere\" does not exist");
    expect_open_fails(*state, url, ERROR_DATABASE, false, "DB_NAME");
}

static void a_certificate_of_another_authority_is_refused(void **state)
{
    MEM_FREE_TEXT char *parameters = mem_format("sslrootcert=%s", cluster.other_root);
    MEM_FREE_TEXT char *url = direct_with(parameters);

    expect_open_fails(*state, url, ERROR_DATABASE, false, "certificate verify failed");
    expect_open_fails(*state, url, ERROR_DATABASE, false, "DB_SSLROOTCERT");
}

static void a_certificate_of_another_host_is_refused(void **state)
{
    MEM_FREE_TEXT char *url =
        mem_format("postgres://%s:%s@127.0.0.1:%d/%s?sslrootcert=%s", CLUSTER_USER,
                   CLUSTER_PASSWORD, cluster.port, CLUSTER_DATABASE, cluster.root);

    expect_open_fails(*state, url, ERROR_DATABASE, false, "does not match host name");
    expect_open_fails(*state, url, ERROR_DATABASE, false, "DB_HOST");
}

static void a_root_certificate_that_is_not_there_is_named(void **state)
{
    MEM_FREE_TEXT char *url = direct_with("sslmode=verify-full&sslrootcert=/no/such.crt");

    expect_open_fails(*state, url, ERROR_DATABASE, false, "/no/such.crt");
    expect_open_fails(*state, url, ERROR_DATABASE, false, "DB_SSLROOTCERT");
}

static void a_server_without_encryption_is_refused_unless_that_is_asked_for(void **state)
{
    static const char *const parameters[] = {"", "sslmode=require", "sslmode=verify-full"};
    struct stage *stage = *state;
    MEM_FREE_TEXT char *verified = mem_format("sslmode=verify-full&sslrootcert=%s", cluster.root);
    MEM_FREE_TEXT char *open = direct_with("sslmode=disable");

    cluster_set("ssl", "off");
    for (size_t i = 0; i < COUNT(parameters); i++) {
        MEM_FREE_TEXT char *url = direct_with(i == 2 ? verified : parameters[i]);
        expect_open_fails(stage, url, ERROR_DATABASE, false, "server does not support SSL");
        expect_open_fails(stage, url, ERROR_DATABASE, false, "DB_SSLMODE=disable");
    }
    stage_open(stage, open);
    stage_load_old(stage);
    cluster_set("ssl", "on");
}

static void expect_warning(struct stage *stage, const char *url, const char *encrypted,
                           const char *words)
{
    stage_succeeded(stage, destination_open(url, &stage->dest, &stage->err));
    if (words)
        assert_non_null(strstr(stage->dest->warning, words));
    else
        assert_null(stage->dest->warning);
    stage_expect("SELECT s.ssl FROM pg_stat_ssl AS s JOIN pg_stat_activity AS a USING (pid)"
                 " WHERE a.application_name = 'etl-sigos'",
                 encrypted);
    destination_close(stage->dest);
    stage->dest = NULL;
}

static void a_connection_that_proves_nothing_warns(void **state)
{
    MEM_FREE_TEXT char *plain = direct_with(""), *required = direct_with("sslmode=require"),
                       *open = direct_with("sslmode=disable"),
                       *local = mem_format("postgresql://%s@/%s?host=%s&port=%d", CLUSTER_USER,
                                           CLUSTER_DATABASE, cluster.folder, cluster.port);
    struct stage *stage = *state;

    expect_warning(stage, stage->url, "1", NULL);
    expect_warning(stage, plain, "1", "not authenticated");
    expect_warning(stage, required, "1", "DB_SSLROOTCERT");
    expect_warning(stage, open, "0", "not encrypted");
    expect_warning(stage, local, "0", NULL); /* a local socket needs no TLS */
}

/* Servers that refuse connections */

static void a_server_without_a_connection_left_is_worth_another_try(void **state)
{
    MEM_FREE_TEXT char *address = mem_format("host=%s port=%d user=%s dbname=%s", cluster.folder,
                                             cluster.port, CLUSTER_USER, CLUSTER_DATABASE);
    PGconn *crowd[200];
    size_t count = 0;
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    stage_load_old(stage);
    destination_close(stage->dest);
    stage->dest = NULL;
    do
        crowd[count] = PQconnectdb(address);
    while (PQstatus(crowd[count++]) == CONNECTION_OK && count < COUNT(crowd));
    expect_open_fails(stage, stage->url, ERROR_DATABASE, true, "53300: sorry, too many clients");
    expect_open_fails(stage, stage->url, ERROR_DATABASE, true,
                      "raise its limit, or use its pooler");
    while (count)
        PQfinish(crowd[--count]);
    stage_wait_until(
        "SELECT count(*) = 1 FROM pg_stat_activity WHERE datname = current_database()");
    stage_reopen(stage, stage->url);
    stage_recovers(stage);
}

static void a_role_that_may_have_no_more_connections_is_worth_another_try(void **state)
{
    MEM_FREE_TEXT char *url =
        mem_format("postgres://clerk:clerk@localhost:%d/" CLUSTER_DATABASE "?sslrootcert=%s",
                   cluster.port, cluster.root);

    cluster_run("DROP ROLE IF EXISTS clerk");
    cluster_run("CREATE ROLE clerk LOGIN PASSWORD 'clerk' CONNECTION LIMIT 0");
    expect_open_fails(*state, url, ERROR_DATABASE, true, "too many connections for role");
    cluster_run("ALTER ROLE clerk NOLOGIN");
    expect_open_fails(*state, url, ERROR_DATABASE, false, "not permitted to log in");
    expect_open_fails(*state, url, ERROR_DATABASE, false, "pg_hba.conf");
    cluster_run("DROP ROLE clerk");
}

/* A server that is shutting down refuses new sessions but keeps the open ones. */
static void a_server_that_shuts_down_is_worth_another_try(void **state)
{
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    stage_load_old(stage);
    cluster_signal(SIGTERM);
    for (const int64_t deadline = clock_ms() + 10 * 1000;;) {
        struct destination *other = fixture_open(stage->url, &stage->err);
        if (!other)
            break;
        destination_close(other);
        assert_true(clock_ms() < deadline);
    }
    stage_failed(&stage->err, ERROR_DATABASE, true, "the database system is shutting down");
    stage_succeeded(stage, stage_load_new(stage));
    stage_expect_new();
    cluster_restart();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGE_TEST(an_address_that_cannot_be_read_is_not_repeated),
        STAGE_TEST(a_server_that_is_not_there_is_worth_another_try),
        STAGE_TEST(a_wrong_password_says_where_it_comes_from),
        STAGE_TEST(a_database_that_is_not_there_is_named),
        STAGE_TEST(a_certificate_of_another_authority_is_refused),
        STAGE_TEST(a_certificate_of_another_host_is_refused),
        STAGE_TEST(a_root_certificate_that_is_not_there_is_named),
        STAGE_TEST(a_server_without_encryption_is_refused_unless_that_is_asked_for),
        STAGE_TEST(a_connection_that_proves_nothing_warns),
        STAGE_TEST(a_server_without_a_connection_left_is_worth_another_try),
        STAGE_TEST(a_role_that_may_have_no_more_connections_is_worth_another_try),
        STAGE_TEST(a_server_that_shuts_down_is_worth_another_try),
    };

    cluster_start();
    const int failed =
        cmocka_run_group_tests_name("destination_postgres_connect", tests, NULL, NULL);
    cluster_stop();
    return failed;
}
