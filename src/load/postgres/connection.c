/* SPDX-License-Identifier: MIT */
/* Opens a connection to PostgreSQL: its parameters, its deadline, and what is unwise about its
 * protection. */
#include "load/postgres/connection.h"

#include "base/mem.h"

#include <assert.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

/* Which settings of the connection's protection the user has made. */
struct protection {
    bool has_mode, has_root;
};

/* Reads the URL. The message for a URL that cannot be read is this program's own, because libpq's
 * message shows the URL with its password. */
static bool read_protection(const char *url, struct protection *out, struct error *err)
{
    char *words = NULL;
    PQconninfoOption *options = PQconninfoParse(url, &words);

    PQfreemem(words);
    if (!options)
        return error_set(err, ERROR_CONFIG,
                         "the database address cannot be read; it is written "
                         "postgres://USER:PASSWORD@HOST:PORT/NAME, with special characters in the "
                         "password as %%XX");
    *out = (struct protection){
        .has_mode = getenv("PGSSLMODE") != NULL,
        .has_root = getenv("PGSSLROOTCERT") != NULL,
    };
    for (const PQconninfoOption *o = options; o->keyword; o++) {
        out->has_mode |= o->val && strcmp(o->keyword, "sslmode") == 0;
        out->has_root |= o->val && strcmp(o->keyword, "sslrootcert") == 0;
    }
    PQconninfoFree(options);
    return true;
}

/* Begins to connect. Entries before "dbname" (the URL) are defaults, those after it override the
 * URL. Without an sslmode the default is "require", as in the Python program: a password is never
 * sent in the clear unless the user asked for it. Sockets of this machine are not encrypted.
 *
 * The keepalive and timeout settings end a connection whose other end is gone: within a minute, or
 * within 20 s if data was sent. They also end PQcancel, which cannot be made non-blocking. */
static PGconn *start_connecting(const char *url, struct protection protection)
{
    const char *const settings[][2] = {
        {"sslmode", protection.has_root ? "verify-full" : "require"},
        {"gssencmode", "disable"},
        {"keepalives_idle", "20"},
        {"keepalives_interval", "5"},
        {"keepalives_count", "4"},
        {"tcp_user_timeout", "20000"},
        {"dbname", url},
        {"fallback_application_name", "etl-sigos"},
        {"client_encoding", "UTF8"},
    };
    enum { COUNT = sizeof(settings) / sizeof(*settings) };
    const char *keywords[COUNT + 1] = {0}, *values[COUNT + 1] = {0};
    size_t count = 0;

    for (size_t i = protection.has_mode ? 1 : 0; i < COUNT; i++, count++) {
        keywords[count] = settings[i][0];
        values[count] = settings[i][1];
    }
    return PQconnectStartParams(keywords, values, 1);
}

static char *setting(PGconn *conn, const char *keyword)
{
    PQconninfoOption *options = PQconninfo(conn);
    char *value = NULL;

    for (const PQconninfoOption *o = options; o && o->keyword; o++)
        if (o->val && strcmp(o->keyword, keyword) == 0)
            value = mem_copy(o->val);
    PQconninfoFree(options);
    return value;
}

static void name_database(struct postgres_destination *dest)
{
    MEM_FREE_TEXT char *host = setting(dest->conn, "host"), *port = setting(dest->conn, "port"),
                       *database = setting(dest->conn, "dbname");

    free(dest->name);
    dest->name = mem_format("postgres %s%s%s/%s", host ? host : "", port ? ":" : "",
                            port ? port : "", database ? database : "");
}

static int64_t connect_deadline(const struct postgres_destination *dest)
{
    MEM_FREE_TEXT char *text = setting(dest->conn, "connect_timeout");
    const long seconds = text ? strtol(text, NULL, 10) : 0;
    const int64_t statement_deadline = postgres_deadline(dest);
    const int64_t deadline =
        clock_ms() + (seconds > 0 ? (int64_t)seconds * 1000 : dest->timeouts.connect);

    return deadline < statement_deadline ? deadline : statement_deadline;
}

/* Returns the weakness of the connection for people, or NULL. With sslrootcert libpq checks the
 * server's certificate even for "require". */
static const char *weakness(struct postgres_destination *dest)
{
    MEM_FREE_TEXT char *mode = setting(dest->conn, "sslmode"),
                       *root = setting(dest->conn, "sslrootcert");
    const char *host = PQhost(dest->conn);

    if (host && *host == '/')
        return NULL;
    if (!PQsslInUse(dest->conn))
        return "the connection to the database is not encrypted: set DB_SSLMODE=verify-full and "
               "DB_SSLROOTCERT";
    if ((mode && strncmp(mode, "verify", strlen("verify")) == 0) || root)
        return NULL;
    return "the database server is not authenticated, anybody on the way could answer in its "
           "place: set DB_SSLROOTCERT to the certificate of its authority";
}

static void ignore_notice(void *arg, const PGresult *res)
{
    (void)arg;
    (void)res;
}

static bool finish_connecting(struct postgres_destination *dest, struct error *err)
{
    const int64_t deadline = connect_deadline(dest);
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;

    while (state != PGRES_POLLING_OK) {
        if (state == PGRES_POLLING_FAILED)
            return postgres_report_failure(dest, "connect", NULL, err);
        const short events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT;
        if (!postgres_wait(dest, "connect", events, deadline, err))
            return false;
        state = PQconnectPoll(dest->conn);
    }
    return true;
}

bool postgres_connect(struct postgres_destination *dest, struct error *err)
{
    struct protection protection;

    assert(!dest->conn);
    if (!read_protection(dest->url, &protection, err))
        return false;
    dest->conn = start_connecting(dest->url, protection);
    if (!dest->conn)
        return error_set(err, ERROR_SYSTEM, "out of memory");
    name_database(dest);
    if (PQstatus(dest->conn) == CONNECTION_BAD)
        return postgres_report_failure(dest, "connect", NULL, err);
    /* Verbose, because only then libpq's message of a refused connection has the SQLSTATE. */
    PQsetErrorVerbosity(dest->conn, PQERRORS_VERBOSE);
    PQsetNoticeReceiver(dest->conn, ignore_notice, NULL);
    if (!finish_connecting(dest, err))
        return false;
    PQsetnonblocking(dest->conn, 1);
    dest->base.warning = weakness(dest);
    return true;
}
