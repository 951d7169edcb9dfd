/* SPDX-License-Identifier: MIT */
/* Reads what tells one state of the database from another, in two cheap queries. */
#include "serve/edition.h"

#include "base/buf.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SETTINGS_MAX = 256 * 1024, IDLE_MINUTES = 10, SETTINGS_DIGITS = 12 };

/* Each is answered by the end of an index. */
static const char ledger_sql[] =
    "SELECT (SELECT max(id) FROM etl_windows),"
    " (SELECT ended_at FROM etl_windows WHERE status = 'loaded' ORDER BY id DESC LIMIT 1),"
    " (SELECT max(id) FROM etl_runs),"
    " (SELECT ended_at FROM etl_runs ORDER BY id DESC LIMIT 1),"
    " (SELECT max(expires_at) FROM etl_lease WHERE run_id IS NOT NULL)";

/* A hundred rows or so, and whether the summaries were made with them. */
#define SETTINGS_SQL                                                                               \
    "SELECT 'a', chave, CAST(valor AS text) FROM config_parametro"                                 \
    " UNION ALL SELECT 'b', status, produzido || origem FROM config_status"                        \
    " UNION ALL SELECT 'c', tipo_servico, inspecao || origem FROM config_tipo_servico"             \
    " UNION ALL SELECT 'd', texto, '' FROM config_sim"                                             \
    " UNION ALL SELECT 'f', situacao, motivo || config FROM resumo_estado"                         \
    " UNION ALL SELECT 'e', CAST(dia_semana AS text), CAST(inicio AS text) || CAST(fim AS text)"   \
    " FROM config_expediente"                                                                      \
    " ORDER BY 1, 2"
/* In ClickHouse ORDER BY belongs to the last SELECT alone, and || takes texts. */
static const char *const settings_sql[] = {
    [DIALECT_POSTGRES] = SETTINGS_SQL,
    [DIALECT_SQLITE] = SETTINGS_SQL,
    [DIALECT_CLICKHOUSE] =
        "SELECT a, b, c FROM (SELECT 'a' AS a, chave AS b, toString(valor) AS c FROM"
        " config_parametro UNION ALL SELECT 'b', status, concat(toString(produzido), origem) FROM"
        " config_status UNION ALL SELECT 'c', tipo_servico, concat(toString(inspecao), origem) FROM"
        " config_tipo_servico UNION ALL SELECT 'd', texto, '' FROM config_sim UNION ALL SELECT 'f',"
        " situacao, concat(motivo, config) FROM resumo_estado UNION ALL SELECT 'e',"
        " toString(dia_semana), concat(inicio, fim) FROM config_expediente) AS s ORDER BY a, b, c",
};

struct ledger {
    char window[24], run[64];
    bool has_ended;
    time_t loaded_at, lease_until;
};

static void copy(char *out, size_t size, struct cell cell)
{
    snprintf(out, size, "%.*s", (int)cell.len, cell.text ? cell.text : "0");
    if (!cell.text)
        snprintf(out, size, "0");
}

/* Reads "2026-11-23T18:30:01-03:00"; 0 if it is in another form. */
static time_t parse_instant(struct cell cell)
{
    struct tm civil = {0};
    char text[40];

    copy(text, sizeof(text), cell);
    if (!strptime(text, "%Y-%m-%dT%H:%M:%S%z", &civil))
        return 0;
    const long offset = civil.tm_gmtoff;
    return timegm(&civil) - offset;
}

static bool take_ledger(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct ledger *ledger = arg;
    char expires[24];

    (void)count;
    (void)err;
    copy(ledger->window, sizeof(ledger->window), cells[0]);
    ledger->loaded_at = parse_instant(cells[1]);
    copy(ledger->run, sizeof(ledger->run), cells[2]);
    ledger->has_ended = cells[3].text != NULL;
    copy(expires, sizeof(expires), cells[4]);
    ledger->lease_until = (time_t)strtoll(expires, NULL, 10);
    return true;
}

static bool take_setting(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct buf *text = arg;

    (void)err;
    for (size_t i = 0; i < count; i++) {
        buf_add(text, cells[i].text, cells[i].len);
        buf_add_char(text, '\0');
    }
    return true;
}

static bool hash_settings(struct destination *dest, char out[SETTINGS_DIGITS + 1],
                          struct error *err)
{
    BUF_DONE struct buf text = BUF_INIT(SETTINGS_MAX);
    unsigned char hash[SHA256_DIGEST_LENGTH];

    if (!destination_query(dest, settings_sql[dest->ops->dialect], take_setting, &text, err))
        return false;
    SHA256((const unsigned char *)buf_text(&text), text.len, hash);
    for (size_t i = 0; i < SETTINGS_DIGITS / 2; i++)
        snprintf(out + 2 * i, 3, "%02x", hash[i]);
    return true;
}

bool edition_read(struct destination *dest, bool settings, const char *program, const char *viewer,
                  time_t now, struct edition *out, struct error *err)
{
    struct ledger ledger = {0};
    char hash[SETTINGS_DIGITS + 1] = "";

    if (!destination_query(dest, ledger_sql, take_ledger, &ledger, err) ||
        (settings && !hash_settings(dest, hash, err)))
        return false;
    const long long minute = (long long)now / 60;
    const bool running = ledger.lease_until > now;
    snprintf(out->tag, sizeof(out->tag), "W/\"%s-%s%s-%s-%s-%c%lld%s%s\"", ledger.window,
             ledger.run, ledger.has_ended ? "" : "+", hash, program, running ? 'm' : 'd',
             running ? minute : minute / IDLE_MINUTES, *viewer ? "-" : "", viewer);
    out->loaded_at = ledger.loaded_at;
    return true;
}

/* A weak comparison, as If-None-Match has it; the header may list several tags. */
bool edition_matches(const char *if_none_match, const char *tag)
{
    if (strncmp(tag, "W/", 2) == 0)
        tag += 2;
    return if_none_match && strstr(if_none_match, tag) != NULL;
}

char *edition_http_date(time_t when, char out[40])
{
    struct tm civil;

    gmtime_r(&when, &civil);
    strftime(out, 40, "%a, %d %b %Y %H:%M:%S GMT", &civil);
    return out;
}
