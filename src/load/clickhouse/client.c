/* SPDX-License-Identifier: MIT */
/* Sends statements to ClickHouse and takes its answers. */
#include "load/clickhouse/client.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"
#include "base/url.h"
#include "load/clickhouse/failure.h"
#include "load/clickhouse/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum {
    CONNECT_MS = 10 * 1000,
    STATEMENT_MS = 15 * 60 * 1000,
    STOPPED_MS = 5 * 1000,
    READERS_MS = 5 * 60 * 1000,
    READ_MORE_MS = 2 * 1000, /* for the server to end a query that takes too long itself */
    IDLE_SECONDS = 2,        /* a server of 2018 closes a connection that was idle for 3 */
    URL_MAX = 1024 * 1024,   /* bytes */
    WORDS_MAX = 64 * 1024,   /* of an error */
    LINE_MAX_BYTES = 64 * 1024 * 1024, /* of a row; one is far smaller */
    FIELDS_MAX = 1024,
};

/* --- the client ----------------------------------------------------------------------------- */

void clickhouse_init(struct clickhouse *ch, struct clickhouse_address *address)
{
    uint64_t number = 0;

    *ch = (struct clickhouse){
        .address = *address,
        .easy = curl_easy_init(),
        .settings = BUF_INIT(URL_MAX),
        .heed_stop = true,
        .timeouts = {.connect = CONNECT_MS,
                     .statement = STATEMENT_MS,
                     .closing = STOPPED_MS,
                     .readers = READERS_MS},
    };
    *address = (struct clickhouse_address){0};
    if (getrandom(&number, sizeof(number), 0) != sizeof(number))
        number = (uint64_t)clock_ms();
    snprintf(ch->session, sizeof(ch->session), "%016" PRIx64, number);
}

void clickhouse_init_like(struct clickhouse *ch, const struct clickhouse *other)
{
    struct clickhouse_address address;

    clickhouse_address_copy(&other->address, &address);
    clickhouse_init(ch, &address);
    buf_add(&ch->settings, other->settings.data, other->settings.len);
    ch->year = other->year;
    ch->month = other->month;
    ch->readonly = other->readonly;
    ch->reads_only = other->reads_only;
    ch->heed_stop = other->heed_stop;
    ch->timeouts = other->timeouts;
}

void clickhouse_done(struct clickhouse *ch)
{
    curl_easy_cleanup(ch->easy);
    buf_done(&ch->settings);
    free(ch->read_filter);
    clickhouse_address_done(&ch->address);
    *ch = (struct clickhouse){0};
}

void clickhouse_set(struct clickhouse *ch, const char *name, const char *value)
{
    buf_addf(&ch->settings, "&%s=", name);
    url_add_encoded(&ch->settings, value);
}

bool clickhouse_is_since(const struct clickhouse *ch, int year, int month)
{
    return ch->year > year || (ch->year == year && ch->month >= month);
}

bool clickhouse_is_modern(const struct clickhouse *ch)
{
    return clickhouse_is_since(ch, 24, 3);
}

bool clickhouse_report_error(const struct clickhouse *ch, const char *purpose, struct error *err,
                             const char *format, ...)
{
    char words[sizeof(err->message)];
    va_list args;

    va_start(args, format);
    vsnprintf(words, sizeof(words), format, args);
    va_end(args);
    return error_set(err, ERROR_DATABASE, "%s: %s: %s", ch->address.name, purpose, words);
}

/* --- one statement -------------------------------------------------------------------------- */

struct call {
    struct clickhouse *ch;
    const char *origin; /* another server than that of the address, or NULL */
    const char *purpose;
    const char *query; /* in the address; NULL: the body is the statement */
    const char *body;
    size_t body_len, body_sent;
    clickhouse_bytes *take; /* NULL: the answer is not needed */
    void *arg;
    struct error *err;
    bool taker_failed; /* and *err is set */
    bool lost;         /* a kept connection ended without an answer */
    long status;
    int64_t stop_ms;  /* when a signal was seen; 0: not yet */
    struct buf words; /* of an error */
};

static size_t take_answer(char *bytes, size_t size, size_t count, void *arg)
{
    struct call *call = arg;
    const size_t len = size * count;

    curl_easy_getinfo(call->ch->easy, CURLINFO_RESPONSE_CODE, &call->status);
    if (call->status / 100 != 2) {
        buf_add(&call->words, bytes, len); /* what does not fit is not needed */
        return len;
    }
    if (!call->take || call->take(call->arg, bytes, len, call->err))
        return len;
    call->taker_failed = true;
    return 0;
}

/* Libcurl sends a request again by itself when a connection that it kept ends without an answer,
 * although the server may have done the statement. It cannot if the body comes from a function that
 * does not go back. */
static size_t give_body(char *room, size_t size, size_t count, void *arg)
{
    struct call *call = arg;
    const size_t left = call->body_len - call->body_sent;
    const size_t len = left < size * count ? left : size * count;

    memcpy(room, call->body + call->body_sent, len);
    call->body_sent += len;
    return len;
}

static int watch(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    struct call *call = arg;

    (void)a, (void)b, (void)c, (void)d;
    if (!call->ch->heed_stop || !stop_signal())
        return 0;
    if (!call->stop_ms)
        call->stop_ms = clock_ms();
    return clock_ms() - call->stop_ms > call->ch->timeouts.closing;
}

/* "readonly=2" lets a statement read and set what it needs. */
static void add_settings(struct buf *url, const struct clickhouse *ch)
{
    if (ch->reads_only || ch->read_timeout)
        buf_add_text(url, "&readonly=2");
    if (ch->read_timeout)
        buf_addf(url, "&max_execution_time=%" PRId64, (ch->read_timeout + 999) / 1000);
    if (ch->read_filter) {
        buf_add_text(url, "&additional_table_filters=");
        url_add_encoded(url, ch->read_filter);
    }
    buf_add(url, ch->settings.data, ch->settings.len);
}

/* An answer is sent when the server has all of it: an error within it is then an error of HTTP.
 * Otherwise a server of 2018 says 200 and writes the error behind the rows. */
static char *make_url(struct call *call)
{
    struct clickhouse *ch = call->ch;
    BUF_DONE struct buf url = BUF_INIT(URL_MAX);

    buf_addf(&url, "%s/?database=", call->origin ? call->origin : ch->address.origin);
    url_add_encoded(&url, ch->address.database);
    MEM_FREE_TEXT char *id = clickhouse_statement_id(ch, ++ch->statements);
    buf_addf(&url, "&query_id=%s&wait_end_of_query=1", id);
    if (!ch->readonly)
        add_settings(&url, ch);
    if (call->query) {
        buf_add_text(&url, "&query=");
        url_add_encoded(&url, call->query);
    }
    return buf_detach(&url);
}

static void set_limits(struct call *call)
{
    struct clickhouse *ch = call->ch;
    const int64_t whole =
        ch->read_timeout ? ch->read_timeout + READ_MORE_MS : ch->timeouts.statement;

    curl_easy_setopt(ch->easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(ch->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(ch->easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(ch->easy, CURLOPT_MAXAGE_CONN, (long)IDLE_SECONDS);
    curl_easy_setopt(ch->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)ch->timeouts.connect);
    curl_easy_setopt(ch->easy, CURLOPT_TIMEOUT_MS, (long)whole);
    curl_easy_setopt(ch->easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(ch->easy, CURLOPT_XFERINFOFUNCTION, watch);
    curl_easy_setopt(ch->easy, CURLOPT_XFERINFODATA, call);
}

/* The password goes as a header, so it is in no address. */
static struct curl_slist *set_headers(struct clickhouse *ch)
{
    MEM_FREE_TEXT char *user = mem_format("X-ClickHouse-User: %s", ch->address.user);
    struct curl_slist *headers = curl_slist_append(NULL, user);

    if (ch->address.password) {
        char *key = mem_format("X-ClickHouse-Key: %s", ch->address.password);
        headers = curl_slist_append(headers, key);
        explicit_bzero(key, strlen(key));
        free(key);
    }
    headers = curl_slist_append(headers, "Expect:"); /* no round trip before the rows are sent */
    curl_easy_setopt(ch->easy, CURLOPT_HTTPHEADER, headers);
    return headers;
}

static void free_headers(struct curl_slist *headers)
{
    for (struct curl_slist *line = headers; line; line = line->next)
        explicit_bzero(line->data, strlen(line->data));
    curl_slist_free_all(headers);
}

/* Makes the error of an answer that is not 2xx. */
static bool refuse(struct call *call)
{
    struct clickhouse *ch = call->ch;
    const struct clickhouse_failure failure =
        clickhouse_failure_read(call->status, buf_text(&call->words));

    ch->code = failure.code;
    clickhouse_report_error(ch, call->purpose, call->err, "%.*s%s%s", (int)failure.words_len,
                            failure.words, failure.advice ? "; " : "",
                            failure.advice ? failure.advice : "");
    if (failure.code == CLICKHOUSE_TIMEOUT)
        return error_mark_divisible(call->err);
    return failure.transient ? error_mark_transient(call->err) : false;
}

/* Whether there was a connection, but no TLS on it: a port without TLS answers its first bytes in
 * some way of its own, closes, or waits for more. */
static bool lacks_tls(const struct clickhouse *ch, CURLcode code, const char *words)
{
    curl_off_t connected = 0, encrypted = 0;

    if (code == CURLE_OPERATION_TIMEDOUT && strstr(words, "SSL"))
        return true;
    curl_easy_getinfo(ch->easy, CURLINFO_CONNECT_TIME_T, &connected);
    curl_easy_getinfo(ch->easy, CURLINFO_APPCONNECT_TIME_T, &encrypted);
    return ch->address.tls && connected && !encrypted;
}

static const char *advice_of(const struct clickhouse *ch, CURLcode code, const char *words)
{
    if (code != CURLE_PEER_FAILED_VERIFICATION && lacks_tls(ch, code, words))
        code = CURLE_SSL_CONNECT_ERROR;
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return "; there is no host of that name: check the database address";
    case CURLE_COULDNT_CONNECT:
        return "; is the server running, and are host and port right?";
    case CURLE_PEER_FAILED_VERIFICATION:
        return "; the server's certificate is not signed by an authority that we trust, or is of"
               " another host";
    case CURLE_SEND_FAIL_REWIND:
        return "; the connection ended before the answer came";
    case CURLE_SSL_CONNECT_ERROR:
        return "; does this port speak HTTPS? Without it the scheme is clickhouse";
    default:
        return "";
    }
}

static bool explain(struct call *call, CURLcode code, const char *words)
{
    struct clickhouse *ch = call->ch;

    if (call->taker_failed)
        return false;
    if (code == CURLE_ABORTED_BY_CALLBACK)
        return error_set(call->err, ERROR_STOPPED, "stopped");
    if (code == CURLE_OPERATION_TIMEDOUT && ch->read_timeout) {
        clickhouse_report_error(ch, call->purpose, call->err, "no answer in time");
        return error_mark_divisible(call->err);
    }
    clickhouse_report_error(ch, call->purpose, call->err, "%s%s",
                            *words ? words : curl_easy_strerror(code), advice_of(ch, code, words));
    return code == CURLE_PEER_FAILED_VERIFICATION ? false : error_mark_transient(call->err);
}

static bool perform(struct call *call)
{
    struct clickhouse *ch = call->ch;
    char words[CURL_ERROR_SIZE] = "";

    if (!ch->easy)
        return error_set(call->err, ERROR_SYSTEM, "no memory for a request");
    MEM_FREE_TEXT char *url = make_url(call);
    call->words = BUF_INIT(WORDS_MAX);
    call->body_sent = 0;
    curl_easy_reset(ch->easy);
    curl_easy_setopt(ch->easy, CURLOPT_URL, url);
    curl_easy_setopt(ch->easy, CURLOPT_ERRORBUFFER, words);
    curl_easy_setopt(ch->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body_len);
    curl_easy_setopt(ch->easy, CURLOPT_POST, 1L);
    curl_easy_setopt(ch->easy, CURLOPT_READFUNCTION, give_body);
    curl_easy_setopt(ch->easy, CURLOPT_READDATA, call);
    curl_easy_setopt(ch->easy, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(ch->easy, CURLOPT_WRITEDATA, call);
    set_limits(call);
    struct curl_slist *headers = set_headers(ch);
    const CURLcode code = curl_easy_perform(ch->easy);
    curl_easy_getinfo(ch->easy, CURLINFO_RESPONSE_CODE, &call->status);
    ch->code = 0;
    call->lost = code == CURLE_SEND_FAIL_REWIND;
    const bool ok =
        code != CURLE_OK ? explain(call, code, words) : call->status / 100 == 2 || refuse(call);
    curl_easy_reset(ch->easy); /* forgets the headers and the buffers of this call */
    free_headers(headers);
    buf_done(&call->words);
    return ok;
}

char *clickhouse_statement_id(const struct clickhouse *ch, uint64_t statement)
{
    return mem_format("etl-sigos-%s-%" PRIu64, ch->session, statement);
}

bool clickhouse_run(struct clickhouse *ch, const char *purpose, const char *sql, struct error *err)
{
    struct call call = {
        .ch = ch, .purpose = purpose, .body = sql, .body_len = strlen(sql), .err = err};

    return perform(&call);
}

bool clickhouse_run_on_shards(struct clickhouse *ch, const char *purpose, const char *sql,
                              struct error *err)
{
    struct call call = {
        .ch = ch, .purpose = purpose, .body = sql, .body_len = strlen(sql), .err = err};

    if (!perform(&call))
        return false;
    for (size_t i = 0; i < ch->address.shard_count; i++) {
        call.origin = ch->address.shards[i];
        if (!perform(&call) && ch->code != CLICKHOUSE_ILLEGAL_COLUMN)
            return error_context(err, "shard %s", call.origin);
    }
    return true;
}

bool clickhouse_run_all(struct clickhouse *ch, const char *purpose, const char *sql,
                        struct error *err)
{
    while (*(sql += strspn(sql, " \n"))) {
        const char *end = strstr(sql, ";\n");
        const size_t len = end ? (size_t)(end - sql) : strlen(sql);
        MEM_FREE_TEXT char *statement = mem_copy_n(sql, len);
        if (!clickhouse_run(ch, purpose, statement, err))
            return false;
        sql += end ? len + 2 : len;
    }
    return true;
}

bool clickhouse_read(struct clickhouse *ch, const char *purpose, const char *sql,
                     clickhouse_bytes *take, void *arg, struct error *err)
{
    struct call call = {.ch = ch,
                        .purpose = purpose,
                        .body = sql,
                        .body_len = strlen(sql),
                        .take = take,
                        .arg = arg,
                        .err = err};

    return perform(&call) || (call.lost && perform(&call)); /* a query may be asked again */
}

bool clickhouse_insert(struct clickhouse *ch, const char *purpose, const char *sql,
                       const struct buf *rows, struct error *err)
{
    struct call call = {.ch = ch,
                        .purpose = purpose,
                        .query = sql,
                        .body = rows->data,
                        .body_len = rows->len,
                        .err = err};

    return !rows->len || perform(&call);
}

/* --- rows ----------------------------------------------------------------------------------- */

struct reader {
    struct clickhouse *ch;
    const char *purpose;
    struct buf pending; /* the bytes behind the last whole line */
    struct cell *cells;
    clickhouse_row *row;
    void *arg;
};

static bool take_lines(void *arg, const char *bytes, size_t len, struct error *err)
{
    struct reader *reader = arg;
    struct buf *pending = &reader->pending;
    size_t from = 0;

    buf_add(pending, bytes, len);
    if (pending->full)
        return clickhouse_report_error(reader->ch, reader->purpose, err, "a row has over %d bytes",
                                       LINE_MAX_BYTES);
    for (char *end; (end = memchr(pending->data + from, '\n', pending->len - from));) {
        char *line = pending->data + from;
        *end = '\0';
        const size_t count =
            clickhouse_split(line, (size_t)(end - line), reader->cells, FIELDS_MAX);
        if (count > FIELDS_MAX)
            return clickhouse_report_error(reader->ch, reader->purpose, err,
                                           "a row has over %d fields", FIELDS_MAX);
        if (!reader->row(reader->arg, reader->cells, count, err))
            return false;
        from = (size_t)(end - pending->data) + 1;
    }
    buf_drop_front(pending, from);
    return true;
}

bool clickhouse_query(struct clickhouse *ch, const char *purpose, const char *sql,
                      const char *const *values, size_t value_count, clickhouse_row *row, void *arg,
                      struct error *err)
{
    BUF_DONE struct buf text = BUF_INIT(URL_MAX);
    struct reader reader = {.ch = ch,
                            .purpose = purpose,
                            .pending = BUF_INIT(LINE_MAX_BYTES),
                            .cells = mem_array(FIELDS_MAX, sizeof(struct cell)),
                            .row = row,
                            .arg = arg};

    clickhouse_bind(&text, sql, values, value_count);
    buf_add_text(&text, " FORMAT TabSeparated");
    const bool ok = text.full
                        ? clickhouse_report_error(ch, purpose, err, "the statement is too long")
                        : clickhouse_read(ch, purpose, buf_text(&text), take_lines, &reader, err);
    buf_done(&reader.pending);
    free(reader.cells);
    return ok;
}

static bool take_number(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    (void)count;
    (void)err;
    *(uint64_t *)arg = cells[0].text ? strtoull(cells[0].text, NULL, 10) : 0;
    return true;
}

bool clickhouse_number(struct clickhouse *ch, const char *purpose, const char *sql, uint64_t *out,
                       struct error *err)
{
    uint64_t number = 0;

    if (!clickhouse_query(ch, purpose, sql, NULL, 0, take_number, &number, err))
        return false;
    *out = number;
    return true;
}
