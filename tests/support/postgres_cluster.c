/* SPDX-License-Identifier: MIT */
/* initdb, postgres and pgbouncer, from nothing to a URL. */
#include "tests/support/postgres_cluster.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <postgresql/libpq-fe.h>
#include <grp.h>
#include <netinet/in.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define BIN "/usr/lib/postgresql/15/bin/"
#define PASSWORD "p@ss/w?rd"

enum { START_MS = 30 * 1000, BOOLEAN = 16, INSTANT = 1184 /* types, by their numbers */ };

struct postgres_cluster cluster;

static pid_t server, pooler;
static PGconn *admin;

_Noreturn static void die(const char *what)
{
    MEM_FREE_TEXT char *log = mem_format("%s/log", cluster.folder ? cluster.folder : "");
    struct error err;
    char *words;

    fprintf(stderr, "postgres_cluster: %s\n", what);
    if (file_read(log, 1024 * 1024, &words, &err)) {
        fputs(words, stderr);
        free(words);
    }
    cluster_stop();
    exit(1);
}

static char *in_folder(const char *name)
{
    return mem_format("%s/%s", cluster.folder, name);
}

/* The user that the servers run as: ourselves, unless we are root. */
static bool find_user(uid_t *uid, gid_t *gid)
{
    const struct passwd *user = getpwnam("postgres");

    *uid = user ? user->pw_uid : 65534;
    *gid = user ? user->pw_gid : 65534;
    return geteuid() == 0;
}

static void write_file(const char *name, const char *text)
{
    MEM_FREE_TEXT char *path = in_folder(name);
    FILE *file = fopen(path, "w");
    uid_t uid;
    gid_t gid;

    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        die("cannot write a file");
    if (find_user(&uid, &gid) && chown(path, uid, gid) < 0)
        die("cannot give a file away");
    chmod(path, 0600);
}

static void become_user(void)
{
    uid_t uid;
    gid_t gid;

    if (find_user(&uid, &gid) && (setgroups(0, NULL) < 0 || setgid(gid) < 0 || setuid(uid) < 0))
        _exit(126);
}

/* Starts a program in the folder, its words going to the log. It ends by `at_death` when we die,
 * which is asked for after the change of user, because that takes it back. */
static pid_t start(const char *const *argv, int at_death)
{
    MEM_FREE_TEXT char *log = in_folder("log");
    const pid_t parent = getpid();
    const pid_t pid = fork();

    if (pid != 0)
        return pid;
    const int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0644);
    dup2(fd, STDOUT_FILENO);
    dup2(fd, STDERR_FILENO);
    if (chdir(cluster.folder) < 0)
        _exit(126);
    become_user();
    signal(SIGPIPE, SIG_DFL);
    prctl(PR_SET_PDEATHSIG, at_death);
    if (getppid() != parent)
        _exit(126);
    execvp(argv[0], (char *const *)argv);
    _exit(127);
}

static void run(const char *const *argv)
{
    int status;
    const pid_t pid = start(argv, SIGKILL);

    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
        die(argv[0]);
}
#define RUN(...) run((const char *const[]){__VA_ARGS__, NULL})

/* Below 32768, where the kernel gives no port to anybody who did not ask for it. */
static int free_port(void)
{
    for (int port = 20000 + getpid() % 9000; port < 32768; port++) {
        struct sockaddr_in address = {.sin_family = AF_INET,
                                      .sin_port = htons((uint16_t)port),
                                      .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
        const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const bool free =
            port != cluster.port && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
        close(fd);
        if (free)
            return port;
    }
    die("no free port");
}

/* NAME.key and NAME.crt, signed by themselves. */
static void make_authority(const char *name)
{
    MEM_FREE_TEXT char *key = mem_format("%s.key", name), *crt = mem_format("%s.crt", name),
                       *subject = mem_format("/CN=%s", name);

    RUN("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
        "-days", "2", "-subj", subject, "-keyout", key, "-out", crt);
}

static void make_certificates(void)
{
    make_authority("root");
    make_authority("other");
    write_file("san", "subjectAltName=DNS:localhost\n");
    RUN("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
        "/CN=localhost", "-keyout", "server.key", "-out", "server.csr");
    RUN("openssl", "x509", "-req", "-in", "server.csr", "-CA", "root.crt", "-CAkey", "root.key",
        "-CAcreateserial", "-days", "2", "-extfile", "san", "-out", "server.crt");
    cluster.root = in_folder("root.crt");
    cluster.other_root = in_folder("other.crt");
}

static void make_cluster(void)
{
    MEM_FREE_TEXT char *conf =
        mem_format("listen_addresses = '127.0.0.1'\nport = %d\nunix_socket_directories = '%s'\n"
                   "ssl = on\nssl_cert_file = '../server.crt'\nssl_key_file = '../server.key'\n"
                   "fsync = off\nmax_connections = 60\ndeadlock_timeout = 200ms\n"
                   "log_statement = none\nmax_wal_size = 4GB\n",
                   cluster.port, cluster.folder);

    write_file("password", PASSWORD "\n");
    RUN(BIN "initdb", "-D", "data", "--username=" CLUSTER_USER, "--pwfile=password",
        "--auth-local=trust", "--auth-host=scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8",
        "--no-sync", "--no-instructions");
    write_file("data/postgresql.auto.conf", conf);
}

static void make_pooler(void)
{
    MEM_FREE_TEXT char *conf = mem_format(
        "[databases]\n"
        "session = host=127.0.0.1 port=%d dbname=" CLUSTER_DATABASE " pool_mode=session\n"
        "transaction = host=127.0.0.1 port=%d dbname=" CLUSTER_DATABASE " pool_mode=transaction\n"
        "[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = %d\nunix_socket_dir =\n"
        "auth_type = scram-sha-256\nauth_file = users\ndefault_pool_size = 5\n"
        "client_tls_sslmode = require\nclient_tls_cert_file = server.crt\n"
        "client_tls_key_file = server.key\nserver_tls_sslmode = require\n"
        "server_login_retry = 1\n",
        cluster.port, cluster.port, cluster.pooler_port);

    write_file("users", "\"" CLUSTER_USER "\" \"" PASSWORD "\"\n");
    write_file("pooler.ini", conf);
}

static void wait_for(const char *what, const char *url)
{
    const int64_t deadline = clock_ms() + START_MS;

    while (PQping(url) != PQPING_OK) {
        if (clock_ms() > deadline)
            die(what);
        poll(NULL, 0, 10);
    }
}

static void start_server(void)
{
    static const char *const argv[] = {BIN "postgres", "-D", "data", NULL};
    MEM_FREE_TEXT char *url = mem_format("host=%s port=%d user=" CLUSTER_USER " dbname=postgres",
                                         cluster.folder, cluster.port);

    server = start(argv, SIGQUIT); /* an immediate shutdown */
    wait_for("the server does not start", url);
}

static void start_pooler(void)
{
    static const char *const argv[] = {"/usr/sbin/pgbouncer", "pooler.ini", NULL};
    MEM_FREE_TEXT char *url = cluster_url(cluster.pooler_port, "session");

    pooler = start(argv, SIGKILL);
    wait_for("pgbouncer does not start", url);
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

static void make_folder(void)
{
    struct error err;
    uid_t uid;
    gid_t gid;

    if (!file_make_temp_dir("test-postgres", &cluster.folder, &err))
        die(err.message);
    if (find_user(&uid, &gid) && chown(cluster.folder, uid, gid) < 0)
        die("cannot give the folder away");
}

void cluster_start(void)
{
    make_folder();
    cluster.port = free_port();
    cluster.pooler_port = free_port();
    make_certificates();
    make_cluster();
    make_pooler();
    start_server();
    connect_admin("postgres");
    cluster_run("CREATE DATABASE " CLUSTER_DATABASE);
    connect_admin(CLUSTER_DATABASE);
    start_pooler();
}

static void stop(pid_t *pid, int by)
{
    if (*pid <= 0)
        return;
    kill(*pid, by);
    waitpid(*pid, NULL, 0);
    *pid = 0;
}

void cluster_stop(void)
{
    PQfinish(admin);
    admin = NULL;
    stop(&pooler, SIGTERM);
    stop(&server, SIGQUIT);
    if (cluster.folder)
        file_remove_tree(cluster.folder);
    free(cluster.folder);
    free(cluster.root);
    free(cluster.other_root);
    cluster = (struct postgres_cluster){0};
}

void cluster_restart(void)
{
    stop(&server, SIGINT);
    start_server();
    connect_admin(CLUSTER_DATABASE);
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

/* "2026-03-01 09:00:00-03" as base/clock.h has it. */
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
        die("a query of the test failed");
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
