/* SPDX-License-Identifier: MIT */
/* Judges failures by two tables: SQLSTATEs, and words of messages. */
#include "load/postgres/failure.h"

#include <stddef.h>
#include <string.h>

#define ROOT_CERTIFICATE                                                                           \
    "set DB_SSLROOTCERT, or sslrootcert= in DATABASE_URL, to the file with the certificate of "    \
    "the authority that signed the server's"

#define CHECK_PASSWORD "check the user and the password: DB_USER and DB_PASS, or DATABASE_URL"
#define CHECK_NAME "make the database, or correct its name: DB_NAME, or DATABASE_URL"

struct rule {
    const char *match; /* a SQLSTATE, the two characters of its class, or words */
    struct postgres_failure failure;
};

/* A code stands before its class. A state that is not listed is permanent: another try would fail
 * in the same way.
 *
 * A cancelled statement is permanent too: a person or a limit ended it on purpose, and another try
 * would take as long. */
static const struct rule by_state[] = {
    {"08", {true, NULL}}, /* the connection failed; also pgbouncer's messages that by_words lacks */
    {"40001", {true, NULL}}, /* serialization failure */
    {"40P01", {true, NULL}}, /* deadlock */
    {"53100", {false, "make room on the database's disk, then run again"}},
    {"53200", {true, NULL}}, /* the server has no memory */
    {"53300", {true, "the server has no connection left: raise its limit, or use its pooler"}},
    {"55000",
     {false,
      "is the table in a publication, such as Supabase's Realtime? Then PostgreSQL changes no "
      "row before ALTER TABLE ... REPLICA IDENTITY FULL"}},
    {"55P03",
     {true,
      "another process is writing to these tables, or reads them in a transaction that does not "
      "end: wait for it or stop it"}},
    {"57014", {false, "the statement was cancelled, by a person or by a limit of the server"}},
    {"57P01", {true, NULL}}, /* the server shuts down, or a person ended the connection */
    {"57P02", {true, NULL}}, /* the server crashed */
    {"57P03", {true, NULL}}, /* the server is starting */
    {"57P05", {true, NULL}}, /* the session was idle for too long */
    {"25P03", {true, NULL}}, /* idle in a transaction for too long */
    {"22021", {false, "the database cannot hold UTF-8: make one with ENCODING 'UTF8'"}},
    {"22P05", {false, "the database cannot hold UTF-8: make one with ENCODING 'UTF8'"}},
    {"23514",
     {false,
      "a CHECK of the table forbids the row, or it is partitioned and has no partition for its "
      "day: make one, and a DEFAULT one for rows without a date"}},
    {"25006",
     {false, "the database is read-only: is it a replica, or did its disk fill up? Supabase does "
             "that to a full database"}},
    {"28000", {false, "check the user, and whether the server lets it in from here (pg_hba.conf)"}},
    {"28P01", {false, CHECK_PASSWORD}},
    {"3D000", {false, CHECK_NAME}},
    {"3F000", {false, "make the schema that this user's search_path names"}},
    {"42P07",
     {false,
      "something of that name is there, perhaps an index that a renamed table has kept: rename "
      "it too"}},
    {"42501", {false, "give this user the right to, or run as the tables' owner"}},
};

/* pgbouncer's SQLSTATE is always 08P01, that of Supabase's pooler always XX000; only the words tell
 * what happened. */
static const struct rule by_words[] = {
    {"no more connections allowed", {true, "the pooler is full: raise its max_client_conn"}},
    {"query_wait_timeout",
     {true,
      "no connection of the pooler came free in time: raise its pool size, or does the server "
      "behind it not run?"}},
    {"server login has been failing",
     {true, "the pooler cannot log in at the server: does the server run?"}},
    {"query timeout",
     {false, "the pooler's query_timeout is shorter than a window takes: raise it"}},
    {"no such database", {false, CHECK_NAME}},
    {"no such user", {false, CHECK_PASSWORD}},
    {"SASL authentication failed", {false, CHECK_PASSWORD}},
    {"password authentication failed", {false, CHECK_PASSWORD}},
    {"SSL required", {false, "the pooler takes encrypted connections only: DB_SSLMODE=require"}},
    {"root certificate file", {false, ROOT_CERTIFICATE}},
    {"certificate verify failed",
     {false,
      "the server's certificate is not signed by an authority that we trust: " ROOT_CERTIFICATE}},
    {"does not match host name",
     {false, "the certificate is of another host: use in DB_HOST the name that it was made for"}},
    {"server does not support SSL",
     {false, "to send everything unencrypted set DB_SSLMODE=disable"}},
    {"Name or service not known", {false, "there is no host of that name: check DB_HOST"}},
    {"No address associated with hostname",
     {false, "there is no host of that name: check DB_HOST"}},
    {"Network is unreachable",
     {true, "a host with only an IPv6 address needs IPv6 here too; Supabase's poolers have IPv4"}},
    {"Connection refused", {true, "is the server running, and are DB_HOST and DB_PORT right?"}},
    {"No such file or directory", {true, "is the server running, and is this its socket?"}},
    {"Tenant or user not found",
     {false, "behind Supabase's poolers the user is called postgres.PROJECT"}},
    {"max clients reached", {true, "the pooler is full"}},
};

static bool matches_state(const char *rule, const char *state)
{
    return strncmp(rule, state, strlen(rule)) == 0;
}

static const struct postgres_failure *find(const struct rule *rules, size_t count, const char *text,
                                           bool states)
{
    for (size_t i = 0; text && i < count; i++)
        if (states ? matches_state(rules[i].match, text) : strstr(text, rules[i].match) != NULL)
            return &rules[i].failure;
    return NULL;
}

#define COUNT_OF(table) (sizeof(table) / sizeof(*(table)))

/* Whether the code does not tell what happened. */
static bool is_vague(const char *sqlstate)
{
    return !sqlstate || strcmp(sqlstate, "XX000") == 0 || matches_state("08", sqlstate);
}

struct postgres_failure postgres_failure_of(const char *sqlstate, const char *words)
{
    const struct postgres_failure *found = NULL;

    if (is_vague(sqlstate))
        found = find(by_words, COUNT_OF(by_words), words, false);
    if (!found)
        found = find(by_state, COUNT_OF(by_state), sqlstate, true);
    if (found)
        return *found;
    return (struct postgres_failure){.transient = !sqlstate};
}

static bool is_state(const char *text)
{
    for (int i = 0; i < SQLSTATE_SIZE - 1; i++)
        if (!(text[i] >= '0' && text[i] <= '9') && !(text[i] >= 'A' && text[i] <= 'Z'))
            return false;
    return strncmp(text + SQLSTATE_SIZE - 1, ": ", 2) == 0;
}

/* The word before the code (FATAL) is in the server's language, so only the separators are looked
 * for. With several addresses the last message counts. */
bool postgres_failure_state(const char *message, char out[SQLSTATE_SIZE])
{
    static const char before[] = ":  ";
    bool found = false;

    for (const char *at = message; (at = strstr(at, before)); at++) {
        const char *state = at + sizeof(before) - 1;
        if (!is_state(state))
            continue;
        memcpy(out, state, SQLSTATE_SIZE - 1);
        out[SQLSTATE_SIZE - 1] = '\0';
        found = true;
    }
    return found;
}
