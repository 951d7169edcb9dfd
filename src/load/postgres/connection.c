/* SPDX-License-Identifier: MIT */
/* Opens a connection: where to, how well protected, and what is unwise about it. */
#include "load/postgres/connection.h"

#include "base/mem.h"

#include <assert.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

/* What of an address decides how its connection is protected. */
struct protection {
    bool has_mode, has_root;
};

/* libpq's own words about an address that it cannot read show the address, password and all. */
static bool look_at_url(const char *url, struct protection *out, struct error *err)
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

/* Entries after the address win over it, those before it are defaults. Without a word about
 * encryption it is "require", as the Python program had it: a password never goes over a line in
 * the clear unless somebody asked for that. Sockets of this machine do without.
 *
 * The rest tells within a minute, and of what was sent within 20 s, that the other end is gone;
 * libpq's request to cancel, which we cannot make non-blocking, ends by that too. */
static PGconn *start(const char *url, struct protection protection)
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

/* With a certificate of the authority at hand libpq checks the server's even for "require". */
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

static bool finish(struct postgres_destination *dest, struct error *err)
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
    if (!look_at_url(dest->url, &protection, err))
        return false;
    dest->conn = start(dest->url, protection);
    if (!dest->conn)
        return error_set(err, ERROR_SYSTEM, "out of memory");
    name_database(dest);
    if (PQstatus(dest->conn) == CONNECTION_BAD)
        return postgres_report_failure(dest, "connect", NULL, err);
    /* Verbose, because only then the message of a refusal holds its SQLSTATE. */
    PQsetErrorVerbosity(dest->conn, PQERRORS_VERBOSE);
    PQsetNoticeReceiver(dest->conn, ignore_notice, NULL);
    if (!finish(dest, err))
        return false;
    PQsetnonblocking(dest->conn, 1);
    dest->base.warning = weakness(dest);
    return true;
}
