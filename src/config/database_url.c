/* SPDX-License-Identifier: MIT */
/* Makes an address from DB_HOST and the other DB_ variables, and checks the parameters behind the
 * "?" of an address. */
#include "config/database_url.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/url.h"
#include "config/variables.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* bytes; a password of SECRET_MAX bytes fits with each byte encoded */
enum { URL_MAX = 512 * 1024 };

/* Adds a part, with the text that introduces it, if the part is set. */
static void add_part(struct buf *out, const char *introduction, const char *text)
{
    if (!text)
        return;
    buf_add_text(out, introduction);
    url_add_encoded(out, text); /* so a host may be the folder of a Unix socket */
}

static bool check_port(const char *port, struct error *err)
{
    char *end;

    if (!port)
        return true;
    long number = strtol(port, &end, 10);
    if (*end || number < 1 || number > 65535)
        return error_set(err, ERROR_CONFIG, "DB_PORT must be a number from 1 to 65535");
    return true;
}

static bool check_host(const struct env_file *file, const char *password, struct error *err)
{
    static const char *const others[] = {"DB_NAME", "DB_USER", "DB_PORT"};
    const char *lonely = password ? "DB_PASS" : NULL;

    for (size_t i = 0; !lonely && i < sizeof(others) / sizeof(*others); i++)
        if (variables_get(file, others[i]))
            lonely = others[i];
    if (lonely)
        return error_set(err, ERROR_CONFIG, "%s is set, but neither DB_HOST nor DATABASE_URL",
                         lonely);
    return true;
}

static char *build(const struct env_file *file, const char *host, const char *port,
                   const char *password)
{
    SECRET_BUF struct buf url = BUF_INIT(URL_MAX);
    const char *user = variables_get(file, "DB_USER");
    const char *mode = variables_get(file, "DB_SSLMODE");

    /* so that it does not move and leave a copy */
    buf_reserve(&url, 4096 + (password ? 3 * strlen(password) : 0));
    buf_add_text(&url, "postgres://");
    add_part(&url, "", user);
    add_part(&url, ":", password);
    if (user || password)
        buf_add_char(&url, '@');
    add_part(&url, "", host);
    add_part(&url, ":", port);
    add_part(&url, "/", variables_get(file, "DB_NAME"));
    add_part(&url, "?sslmode=", mode);
    add_part(&url, mode ? "&sslrootcert=" : "?sslrootcert=", variables_get(file, "DB_SSLROOTCERT"));
    return mem_copy(buf_text(&url));
}

bool database_url_from_parts(const struct env_file *file, char **out, struct error *err)
{
    const char *host = variables_get(file, "DB_HOST"), *port = variables_get(file, "DB_PORT");
    char *password = NULL, *url = NULL;

    if (!variables_get_secret(file, "DB_PASS", &password, err))
        return false;
    bool ok = host ? check_port(port, err) : check_host(file, password, err);
    if (ok && host)
        url = build(file, host, port, password);
    secret_free(password);
    if (ok)
        *out = url;
    return ok;
}

enum { NAME_MAX_LEN = 40, WARNING_MAX = 1024 };

/* PostgreSQL's parameters; libpq itself refuses those that its version does not know. */
static const char *const known[] = {
    "application_name",
    "channel_binding",
    "client_encoding",
    "connect_timeout",
    "dbname",
    "fallback_application_name",
    "gssdelegation",
    "gssencmode",
    "gsslib",
    "host",
    "hostaddr",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "krbsrvname",
    "load_balance_hosts",
    "options",
    "passfile",
    "password",
    "port",
    "require_auth",
    "requirepeer",
    "requiressl",
    "service",
    "ssl",
    "ssl_max_protocol_version",
    "ssl_min_protocol_version",
    "sslcert",
    "sslcertmode",
    "sslcompression",
    "sslcrl",
    "sslcrldir",
    "sslkey",
    "sslmode",
    "sslpassword",
    "sslrootcert",
    "sslsni",
    "target_session_attrs",
    "tcp_user_timeout",
    "user",
};

/* Parameters of other programs: for pools, prepared statements and logs. */
static const char *const ignored[] = {
    "pgbouncer",
    "connection_limit",
    "pool_timeout",
    "socket_timeout",
    "pool_size",
    "max_overflow",
    "pool_mode",
    "pool_recycle",
    "pool_pre_ping",
    "statement_cache_size",
    "prepared_statements",
    "prepared_statement_cache_size",
    "prepareThreshold",
    "preparedStatements",
    "max_idle_connection_lifetime",
    "max_connection_lifetime",
    "supa",
    "workaround",
};

static bool is_among(const char *const *words, size_t count, const char *name, size_t len)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(words[i]) == len && memcmp(words[i], name, len) == 0)
            return true;
    return false;
}

#define IS_AMONG(words, name, len) is_among(words, sizeof(words) / sizeof(*(words)), name, len)

/* Whether it looks like a name; only such text is shown, because it may be a password that was not
 * encoded. */
static bool is_word(const char *name, size_t len)
{
    if (len == 0 || len > NAME_MAX_LEN)
        return false;
    for (size_t i = 0; i < len; i++)
        if (!isalnum((unsigned char)name[i]) && name[i] != '_' && name[i] != '-')
            return false;
    return true;
}

static bool refuse(const char *name, size_t len, struct error *err)
{
    if (!is_word(name, len))
        return error_set(err, ERROR_CONFIG,
                         "the database address has a parameter that cannot be read; special "
                         "characters in the password are written as %%XX");
    return error_set(err, ERROR_CONFIG,
                     "the database address has a parameter that is not known: %.*s", (int)len,
                     name);
}

/* Refuses a `schema` (Prisma's parameter) other than "public": the rows would silently go to
 * another table. */
static bool check_schema(const char *value, size_t len, struct error *err)
{
    if (len == strlen("public") && memcmp(value, "public", len) == 0)
        return true;
    return error_set(
        err, ERROR_CONFIG,
        "the database address has schema=…, which PostgreSQL does not know: tables are "
        "where the role's search_path says; write options=-csearch_path%%3DNAME "
        "instead, or ALTER ROLE … SET search_path");
}

/* Decides whether a parameter is kept, or left out and named. */
static bool judge(const char *at, size_t len, bool *keep, struct buf *left_out, struct error *err)
{
    const char *equals = memchr(at, '=', len);
    const size_t name = equals ? (size_t)(equals - at) : len;
    const bool schema = name == strlen("schema") && memcmp(at, "schema", name) == 0;

    *keep = equals && IS_AMONG(known, at, name);
    if (*keep)
        return true;
    if (schema && equals && !check_schema(equals + 1, len - name - 1, err))
        return false;
    if (!schema && !IS_AMONG(ignored, at, name))
        return refuse(at, equals ? name : 0, err); /* text without "=" is no name */
    buf_addf(left_out, "%s%.*s", left_out->len ? ", " : "", (int)name, at);
    return true;
}

/* Returns the "?" before the parameters, found as libpq finds it: credentials end with the first
 * '@' before a '/', and may hold a '?'. */
static char *find_parameters(char *url)
{
    char *after = strstr(url, "://") + 3;
    const size_t credentials = strcspn(after, "@/");

    return strchr(after[credentials] == '@' ? after + credentials : after, '?');
}

static bool filter(char *parameters, struct buf *left_out, struct error *err)
{
    char *from = parameters + 1, *to = parameters;

    for (char *next; *from; from = next) {
        const size_t len = strcspn(from, "&");
        bool keep;
        next = from + len + (from[len] == '&');
        if (len == 0)
            continue;
        if (!judge(from, len, &keep, left_out, err))
            return false;
        if (!keep)
            continue;
        *to = to == parameters ? '?' : '&';
        memmove(to + 1, from, len);
        to += 1 + len;
    }
    /* clears up to the old end, because parts of it may be secret */
    memset(to, 0, (size_t)(from - to));
    return true;
}

static bool has_scheme(const char *url, const char *scheme)
{
    return strncmp(url, scheme, strlen(scheme)) == 0;
}

#define KINDS "sqlite, postgres, postgresql, clickhouse, clickhouses"

bool database_url_accept(char *url, char **warning, struct error *err)
{
    BUF_DONE struct buf left_out = BUF_INIT(WARNING_MAX);
    const size_t scheme = strcspn(url, ":");

    /* what they lack shows when they are opened */
    if (has_scheme(url, "sqlite:") || has_scheme(url, "clickhouse://") ||
        has_scheme(url, "clickhouses://"))
        return true;
    if (!url[scheme])
        return error_set(err, ERROR_CONFIG,
                         "the database address has no scheme; it begins with one of: " KINDS);
    if (!has_scheme(url, "postgres://") && !has_scheme(url, "postgresql://"))
        return error_set(err, ERROR_CONFIG, "unknown kind of database \"%.*s\" (known: " KINDS ")",
                         scheme < 32 ? (int)scheme : 32, url);
    char *parameters = find_parameters(url);
    if (!parameters || strchr(parameters, '@')) /* it may be part of a password; libpq refuses it */
        return true;
    if (!filter(parameters, &left_out, err))
        return false;
    if (left_out.len)
        *warning = mem_format("of the database address is ignored, for it is meant for other "
                              "programs: %s",
                              buf_text(&left_out));
    return true;
}
