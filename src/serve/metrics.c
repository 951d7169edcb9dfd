/* SPDX-License-Identifier: MIT */
/* Reads the ledger's numbers and writes them as metrics. */
#include "serve/metrics.h"

#include "base/mem.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { QUERY_MS = 5 * 1000 };
#define BEARER "Bearer "

bool metrics_may_read(const struct serve_options *options, const struct incoming *in)
{
    const char *token = options->metrics_token, *given = in->authorization;

    if (!token)
        return in->local;
    return given && strncasecmp(given, BEARER, strlen(BEARER)) == 0 &&
           strlen(given + strlen(BEARER)) == strlen(token) &&
           CRYPTO_memcmp(given + strlen(BEARER), token, strlen(token)) == 0;
}

/* A query whose rows are numbers, each with the label of its first column, or without one. */
struct ledger_metric {
    const char *name, *help, *label;
    bool is_instant;                /* the value is one, as a text */
    const char *sql[DIALECT_COUNT]; /* (label, value) */
};

#define EVERYWHERE(text)                                                                           \
    {                                                                                              \
        [DIALECT_POSTGRES] = (text), [DIALECT_SQLITE] = (text), [DIALECT_CLICKHOUSE] = (text)      \
    }
#define WINDOWS_OPEN                                                                               \
    "SELECT w.status, count(*) FROM etl_windows AS w WHERE w.status <> 'loaded' AND NOT EXISTS"    \
    " (SELECT 1 FROM etl_windows AS o WHERE o.report = w.report AND o.status = 'loaded'"           \
    " AND o.id > w.id AND o.own_first <= w.own_first AND o.own_last >= w.own_last)"                \
    " GROUP BY w.status"

static const struct ledger_metric ledger_metrics[] = {
    {"last_loaded_timestamp_seconds", "When a window of the report was last loaded.", "report",
     true,
     EVERYWHERE("SELECT report, max(ended_at) FROM etl_windows WHERE status = 'loaded' GROUP BY"
                " report")},
    {"windows_open",
     "Windows that were not loaded, and whose days no later window loaded.",
     "status",
     false,
     {[DIALECT_POSTGRES] = WINDOWS_OPEN,
      [DIALECT_SQLITE] = WINDOWS_OPEN,
      [DIALECT_CLICKHOUSE] = "SELECT status, count(*) FROM etl_lost_windows GROUP BY status"}},
    {"runs", "Runs in the ledger.", "mode", false,
     EVERYWHERE("SELECT mode, count(*) FROM etl_runs GROUP BY mode")},
    {"last_run_exit_code", "Exit code of the last run that ended.", "mode", false,
     EVERYWHERE("SELECT mode, exit_code FROM etl_runs WHERE id IN"
                " (SELECT max(id) FROM etl_runs WHERE ended_at IS NOT NULL GROUP BY mode)")},
    {"rejects", "Lines of exports that could not be used.", "report", false,
     EVERYWHERE("SELECT report, count(*) FROM etl_rejects GROUP BY report")},
};

struct writing {
    const struct ledger_metric *metric;
    struct buf *out;
};

static void add_label(struct buf *out, struct cell cell)
{
    for (size_t i = 0; i < cell.len; i++) {
        const char c = cell.text[i];
        if (c == '"' || c == '\\')
            buf_add_char(out, '\\');
        if ((unsigned char)c >= ' ')
            buf_add_char(out, c);
    }
}

static bool add_row(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    const struct writing *writing = arg;
    struct tm civil = {0};
    char value[40];

    (void)count;
    (void)err;
    if (!cells[1].text)
        return true;
    snprintf(value, sizeof(value), "%.*s", (int)cells[1].len, cells[1].text);
    if (writing->metric->is_instant) {
        if (!strptime(value, "%Y-%m-%dT%H:%M:%S%z", &civil))
            return true;
        const long offset = civil.tm_gmtoff;
        snprintf(value, sizeof(value), "%lld", (long long)timegm(&civil) - offset);
    }
    buf_addf(writing->out, "etl_sigos_%s{%s=\"", writing->metric->name, writing->metric->label);
    add_label(writing->out, cells[0]);
    buf_addf(writing->out, "\"} %s\n", value);
    return true;
}

static bool add_ledger(void *arg, struct destination *dest, struct error *err)
{
    struct buf *out = arg;

    buf_reset(out);
    for (size_t i = 0; i < sizeof(ledger_metrics) / sizeof(*ledger_metrics); i++) {
        const struct ledger_metric *metric = &ledger_metrics[i];
        struct writing writing = {.metric = metric, .out = out};
        buf_addf(out, "# HELP etl_sigos_%s %s\n# TYPE etl_sigos_%s gauge\n", metric->name,
                 metric->help, metric->name);
        if (!destination_query(dest, metric->sql[dest->ops->dialect], add_row, &writing, err))
            return false;
    }
    return true;
}

static bool read_ledger(struct readers *readers, struct buf *out)
{
    struct reader *reader;
    struct error err;

    if (!readers_take(readers, &reader, &err))
        return false;
    const bool ok = destination_read(reader->dest, QUERY_MS, add_ledger, out, &err);
    readers_give(readers, reader, !ok && !err.divisible);
    return ok;
}

void metrics_answer(const struct router *router, struct reply *out)
{
    BUF_DONE struct buf ledger = BUF_INIT(REPLY_BODY_MAX / 2);
    const bool up = read_ledger(router->readers, &ledger);

    out->type = "text/plain; version=0.0.4; charset=utf-8";
    buf_addf(&out->body,
             "# HELP etl_sigos_database_up Whether the database answers.\n"
             "# TYPE etl_sigos_database_up gauge\netl_sigos_database_up %d\n",
             up);
    if (up)
        buf_add(&out->body, ledger.data, ledger.len);
    counters_add(router->counters, &out->body);
}
