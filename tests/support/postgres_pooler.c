/* SPDX-License-Identifier: MIT */
/* Settings, process and console of pgbouncer. */
#include "tests/support/postgres_pooler.h"

#include "base/mem.h"
#include "tests/support/postgres_cluster.h"
#include "tests/support/postgres_process.h"

#include <postgresql/libpq-fe.h>
#include <signal.h>
#include <stdio.h>

static pid_t pooler;

static void write_settings(const char *more)
{
    MEM_FREE_TEXT char *conf = mem_format(
        "[databases]\n"
        "session = host=127.0.0.1 port=%d dbname=" CLUSTER_DATABASE " pool_mode=session\n"
        "transaction = host=127.0.0.1 port=%d dbname=" CLUSTER_DATABASE " pool_mode=transaction\n"
        "[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = %d\nunix_socket_dir =\n"
        "auth_type = scram-sha-256\nauth_file = users\nadmin_users = " CLUSTER_USER "\n"
        "default_pool_size = 5\nserver_login_retry = 1\n"
        "client_tls_sslmode = require\nclient_tls_cert_file = server.crt\n"
        "client_tls_key_file = server.key\nserver_tls_sslmode = require\n%s\n",
        cluster.port, cluster.port, cluster.pooler_port, more);

    process_write_file("pooler.ini", conf);
}

static void start(const char *settings)
{
    static const char *const argv[] = {"/usr/sbin/pgbouncer", "pooler.ini", NULL};
    MEM_FREE_TEXT char *url = cluster_url(cluster.pooler_port, "pgbouncer");

    write_settings(settings);
    pooler = process_start(argv, SIGKILL);
    process_wait_for("pgbouncer does not start", url);
}

void pooler_start(void)
{
    process_write_file("users", "\"" CLUSTER_USER "\" \"" CLUSTER_PASSWORD_PLAIN "\"\n");
    start("");
}

void pooler_stop(void)
{
    process_stop(&pooler, SIGTERM);
}

void pooler_restart(const char *settings)
{
    pooler_stop();
    start(settings);
}

void pooler_run(const char *command)
{
    MEM_FREE_TEXT char *url = cluster_url(cluster.pooler_port, "pgbouncer");
    PGconn *console = PQconnectdb(url);
    PGresult *res = PQexec(console, command);
    const ExecStatusType status = PQresultStatus(res);

    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        fprintf(stderr, "%s: %s\n", command, PQerrorMessage(console));
        process_die("a command for pgbouncer failed");
    }
    PQclear(res);
    PQfinish(console);
}
