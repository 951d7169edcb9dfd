/* SPDX-License-Identifier: MIT */
/* Makes and starts a PostgreSQL server and its pooler, and queries it. */
#include "tests/support/postgres_cluster.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "tests/support/postgres_pooler.h"
#include "tests/support/postgres_process.h"

#include <poll.h>
#include <postgresql/libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BIN "/usr/lib/postgresql/15/bin/"

enum { SETTING_MS = 10 * 1000, BOOLEAN = 16, INSTANT = 1184 /* OIDs of types */ };

struct postgres_cluster cluster;

static pid_t server;
static PGconn *admin;

/* Makes NAME.key and a self-signed NAME.crt. */
static void make_authority(const char *name)
{
    MEM_FREE_TEXT char *key = mem_format("%s.key", name), *crt = mem_format("%s.crt", name),
                       *subject = mem_format("/CN=%s", name);

    PROCESS_RUN("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-nodes", "-days", "2", "-subj", subject, "-keyout", key, "-out", crt);
}

static void make_certificates(void)
{
    make_authority("root");
    make_authority("other");
    process_write_file("san", "subjectAltName=DNS:localhost\n");
    PROCESS_RUN("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr");
    PROCESS_RUN("openssl", "x509", "-req", "-in", "server.csr", "-CA", "root.crt", "-CAkey",
                "root.key", "-CAcreateserial", "-days", "2", "-extfile", "san", "-out",
                "server.crt");
    cluster.root = process_path("root.crt");
    cluster.other_root = process_path("other.crt");
}

static void make_cluster(void)
{
    MEM_FREE_TEXT char *conf =
        mem_format("listen_addresses = '127.0.0.1'\nport = %d\nunix_socket_directories = '%s'\n"
                   "ssl = on\nssl_cert_file = '../server.crt'\nssl_key_file = '../server.key'\n"
                   "fsync = off\nmax_connections = 60\ndeadlock_timeout = 200ms\n"
                   "log_statement = none\nmax_wal_size = 4GB\n",
                   cluster.port, cluster.folder);

    process_write_file("password", CLUSTER_PASSWORD_PLAIN "\n");
    PROCESS_RUN(BIN "initdb", "-D", "data", "--username=" CLUSTER_USER, "--pwfile=password",
                "--auth-local=trust", "--auth-host=scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8",
                "--no-sync", "--no-instructions");
    process_write_file("data/postgresql.auto.conf", conf);
}

static void wait_for_server(void)
{
    MEM_FREE_TEXT char *url = mem_format("host=%s port=%d user=" CLUSTER_USER " dbname=postgres",
                                         cluster.folder, cluster.port);

    process_wait_for("the server does not start", url);
}

/* Copies the library into the folder, because the servers' user may not read the build's folder. */
static void start_server(void)
{
    static const char *const plain[] = {BIN "postgres", "-D", "data", NULL};
    MEM_FREE_TEXT char *library = process_path("preload.so"),
                       *preload = mem_format("LD_PRELOAD=%s", library),
                       *folder = mem_format("CLUSTER_FOLDER=%s", cluster.folder);
    const char *const with_library[] = {"env", preload, folder, BIN "postgres", "-D", "data", NULL};

    server = process_start(cluster.preload ? with_library : plain, SIGQUIT);
    wait_for_server();
}

static void connect_admin(const char *database)
{
    MEM_FREE_TEXT char *url = mem_format("host=%s port=%d user=" CLUSTER_USER " dbname=%s",
                                         cluster.folder, cluster.port, database);

    PQfinish(admin);
    admin = PQconnectdb(url);
    PQsetNoticeProcessor(admin, NULL, NULL);
    cluster_run("SET TimeZone = 'America/Sao_Paulo'; SET client_min_messages = warning");
}

static void copy_preload(void)
{
    if (cluster.preload)
        process_copy_file(cluster.preload, "preload.so");
}

void cluster_start(void)
{
    process_make_folder();
    copy_preload();
    cluster.port = process_free_port();
    cluster.pooler_port = process_free_port();
    make_certificates();
    make_cluster();
    start_server();
    connect_admin("postgres");
    cluster_run("CREATE DATABASE " CLUSTER_DATABASE);
    connect_admin(CLUSTER_DATABASE);
    pooler_start();
}

void cluster_stop(void)
{
    PQfinish(admin);
    admin = NULL;
    pooler_stop();
    process_stop(&server, SIGQUIT);
    if (cluster.folder)
        file_remove_tree(cluster.folder);
    free(cluster.folder);
    free(cluster.root);
    free(cluster.other_root);
    cluster = (struct postgres_cluster){0};
}

void cluster_down(enum cluster_end how)
{
    process_stop(&server, how == CLUSTER_FAST ? SIGINT : SIGQUIT);
}

void cluster_up(void)
{
    start_server();
    connect_admin(CLUSTER_DATABASE);
}

void cluster_restart(void)
{
    cluster_down(CLUSTER_FAST);
    cluster_up();
}

void cluster_signal(int number)
{
    kill(server, number);
}

void cluster_reconnect(void)
{
    wait_for_server();
    connect_admin(CLUSTER_DATABASE);
}

/* Waits until a session sees the new value: the server has read it then. */
void cluster_set(const char *name, const char *value)
{
    MEM_FREE_TEXT char *set = mem_format("ALTER SYSTEM SET %s = %s", name, value),
                       *show = mem_format("SHOW %s", name);
    const int64_t deadline = clock_ms() + SETTING_MS;

    cluster_run(set);
    cluster_run("SELECT pg_reload_conf()");
    for (;;) {
        MEM_FREE_TEXT char *now = cluster_query(show);
        if (strcmp(now, value) == 0)
            return;
        if (clock_ms() > deadline)
            process_die(set);
        poll(NULL, 0, 10);
    }
}

char *cluster_url_with(int port, const char *database, const char *parameters)
{
    return mem_format("postgres://%s:%s@localhost:%d/%s?%s", CLUSTER_USER, CLUSTER_PASSWORD, port,
                      database, parameters);
}

char *cluster_url(int port, const char *database)
{
    MEM_FREE_TEXT char *parameters = mem_format("sslrootcert=%s", cluster.root);

    return cluster_url_with(port, database, parameters);
}

/* Converts "2026-03-01 09:00:00-03" into the form of base/clock.h. */
static char *format_instant(const char *text)
{
    char *stamp = mem_format("%s%s", text, strlen(text) == 22 ? ":00" : "");

    stamp[10] = 'T';
    return stamp;
}

static char *canonical(const PGresult *res)
{
    const char *text = PQgetvalue(res, 0, 0);

    if (PQftype(res, 0) == BOOLEAN)
        return mem_copy(*text == 't' ? "1" : "0");
    return PQftype(res, 0) == INSTANT ? format_instant(text) : mem_copy(text);
}

char *cluster_query(const char *sql)
{
    char *text = NULL;
    PGresult *res = PQexec(admin, sql);
    const ExecStatusType status = PQresultStatus(res);

    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        fprintf(stderr, "%s: %s\n", sql, PQresultErrorMessage(res));
        process_die("a query of the test failed");
    }
    if (PQntuples(res) && !PQgetisnull(res, 0, 0))
        text = canonical(res);
    PQclear(res);
    return text;
}

void cluster_run(const char *sql)
{
    free(cluster_query(sql));
}

void cluster_reset(void)
{
    cluster_run("DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public");
}
