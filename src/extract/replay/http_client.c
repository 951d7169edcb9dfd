/* SPDX-License-Identifier: MIT */
/* Sends requests by libcurl's multi interface, so that a stop can end a wait. */
#include "extract/replay/http_client.h"

#include "base/activity.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { BUFFER_SIZE = 128 * 1024 };

struct http_client {
    CURLM *multi;
    CURL *easy;
};

/* One request on its way. */
struct exchange {
    CURL *easy;
    int file;
    const char *path;
    const struct deadlines *deadlines;
    struct response response;
    int64_t begun_ms, progress_ms; /* instants: the beginning, the last sign of progress */
    bool answering;                /* the answer has begun */
    struct error failure;          /* the file cannot be written; kind 0: none */
    char words[CURL_ERROR_SIZE];
};

static pthread_once_t initialised = PTHREAD_ONCE_INIT;

static void initialise(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

/* Whether a text holds no tab and no line break, which cannot be in a line of a cookie file or of
 * headers. A browser's cookies have none. */
static bool is_plain(const char *text)
{
    return !strpbrk(text, "\t\r\n");
}

/* Takes a cookie as a line of Netscape's cookie file: domain, with subdomains, path, secure,
 * expiry, name, value. */
static void take_cookie(struct http_client *client, const json_t *cookie)
{
    const char *name, *value, *domain, *path;
    int secure = 0;
    double expires = -1;

    if (json_unpack((json_t *)cookie, "{s:s, s:s, s:s, s:s, s?b, s?F}", "name", &name, "value",
                    &value, "domain", &domain, "path", &path, "secure", &secure, "expires",
                    &expires) < 0 ||
        !is_plain(name) || !is_plain(value) || !is_plain(domain) || !is_plain(path))
        return;
    MEM_FREE_TEXT char *line = mem_format(
        "%s\t%s\t%s\t%s\t%" PRId64 "\t%s\t%s", domain, *domain == '.' ? "TRUE" : "FALSE", path,
        secure ? "TRUE" : "FALSE", expires > 0 ? (int64_t)expires : 0, name, value);
    curl_easy_setopt(client->easy, CURLOPT_COOKIELIST, line);
}

static size_t on_header(char *bytes, size_t size, size_t count, void *arg)
{
    struct exchange *exchange = arg;
    size_t len = size * count;
    const char *colon = memchr(bytes, ':', len);

    exchange->progress_ms = clock_ms();
    exchange->answering = true;
    if (len > 5 && memcmp(bytes, "HTTP/", 5) == 0)
        exchange->response = (struct response){0}; /* what came before was an interim answer */
    if (!colon)
        return len;
    MEM_FREE_TEXT char *name = mem_copy_n(bytes, (size_t)(colon - bytes));
    const char *value = colon + 1, *end = bytes + len;
    while (value < end && (*value == ' ' || *value == '\t'))
        value++;
    while (end > value && (end[-1] == '\r' || end[-1] == '\n' || end[-1] == ' '))
        end--;
    response_take_header(&exchange->response, name, value, (size_t)(end - value));
    return len;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *arg)
{
    struct exchange *exchange = arg;
    struct response *response = &exchange->response;
    size_t len = size * count;

    exchange->progress_ms = clock_ms();
    for (size_t i = 0; i < len && response->size + (int64_t)i < RESPONSE_START_SIZE; i++)
        response->start[response->size + (int64_t)i] = bytes[i];
    for (size_t sent = 0; sent < len;) {
        ssize_t written = write(exchange->file, bytes + sent, len - sent);
        if (written >= 0) {
            sent += (size_t)written;
        } else if (errno != EINTR) {
            error_set_errno(&exchange->failure, ERROR_SYSTEM, "cannot write %s", exchange->path);
            return CURL_WRITEFUNC_ERROR;
        }
    }
    response->size += (int64_t)len;
    activity_received(response->size);
    return len;
}

/* Lists the headers for libcurl. "Name:" removes a header that libcurl would send by itself;
 * "Name;" sends it empty. */
static struct curl_slist *list_headers(const struct request *request)
{
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");

    for (size_t i = 0; i < request->header_count; i++) {
        const struct request_header *header = &request->headers[i];
        MEM_FREE_TEXT char *line = *header->value
                                       ? mem_format("%s: %s", header->name, header->value)
                                       : mem_format("%s;", header->name);
        if (is_plain(line))
            list = curl_slist_append(list, line);
    }
    return list;
}

static void set_request(CURL *easy, const struct request *request)
{
    if (strcmp(request->method, "POST") == 0) {
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body ? request->body : "");
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_len);
    } else {
        curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    }
    curl_easy_setopt(easy, CURLOPT_URL, request->url);
}

/* Sets the options that hold for every request. */
static void set_options(CURL *easy, const char *proxy)
{
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_PROXY, proxy ? proxy : "");
    curl_easy_setopt(easy, CURLOPT_NOPROXY, ""); /* proxy.c has decided what goes without a proxy */
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_COOKIEFILE, ""); /* the jar is on, no file is read */
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)BUFFER_SIZE);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
}

static void set_exchange_options(struct exchange *exchange)
{
    CURL *easy = exchange->easy;

    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)exchange->deadlines->page);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, exchange->words);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, exchange);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
}

static bool explain_lateness(const char *what, int seconds, char why[RESPONSE_WHY_SIZE])
{
    snprintf(why, RESPONSE_WHY_SIZE, "%s for %d s", what, seconds);
    return false;
}

/* Computes for how many ms nothing may happen from now on; false, with `why`, if that time is
 * over. */
static bool time_left(const struct exchange *exchange, int64_t *out, char why[RESPONSE_WHY_SIZE])
{
    const struct deadlines *deadlines = exchange->deadlines;
    int seconds = exchange->answering ? deadlines->silence : deadlines->answer;
    int64_t now = clock_ms(),
            total_left = exchange->begun_ms + (int64_t)deadlines->window * 1000 - now,
            silence_left = exchange->progress_ms + (int64_t)seconds * 1000 - now;

    if (total_left <= 0)
        return explain_lateness("the export was not finished", deadlines->window, why);
    if (silence_left <= 0)
        return explain_lateness(exchange->answering ? "the transfer stood still" : "no answer came",
                                seconds, why);
    *out = total_left < silence_left ? total_left : silence_left;
    return true;
}

static enum http_outcome outcome_of(const struct exchange *exchange, CURLcode code,
                                    char why[RESPONSE_WHY_SIZE], struct error *err)
{
    if (exchange->failure.kind) {
        *err = exchange->failure;
        return HTTP_FAILED;
    }
    if (code == CURLE_OK)
        return HTTP_ANSWERED;
    snprintf(why, RESPONSE_WHY_SIZE, "%s (after %" PRId64 " bytes)",
             *exchange->words ? exchange->words : curl_easy_strerror(code),
             exchange->response.size);
    return HTTP_LOST;
}

static enum http_outcome perform(struct http_client *client, struct exchange *exchange,
                                 char why[RESPONSE_WHY_SIZE], struct error *err)
{
    struct curl_waitfd stop = {.fd = stop_fd(), .events = CURL_WAIT_POLLIN};
    int running = 0, queued;
    int64_t left;

    for (;;) {
        CURLMcode code = curl_multi_perform(client->multi, &running);
        const CURLMsg *message = running ? NULL : curl_multi_info_read(client->multi, &queued);
        if (message)
            return outcome_of(exchange, message->data.result, why, err);
        if (!stop_check(err))
            return HTTP_FAILED;
        if (!time_left(exchange, &left, why))
            return HTTP_LOST;
        if (code == CURLM_OK)
            code = curl_multi_poll(client->multi, &stop, stop.fd >= 0, (int)left, NULL);
        if (code != CURLM_OK) {
            error_set(err, ERROR_SYSTEM, "libcurl: %s", curl_multi_strerror(code));
            return HTTP_FAILED;
        }
    }
}

static enum http_outcome run_exchange(struct http_client *client, struct exchange *exchange,
                                      const struct request *request, char why[RESPONSE_WHY_SIZE],
                                      struct error *err)
{
    struct curl_slist *headers = list_headers(request);
    long status = 0;

    set_exchange_options(exchange);
    set_request(exchange->easy, request);
    curl_easy_setopt(exchange->easy, CURLOPT_HTTPHEADER, headers);
    exchange->begun_ms = exchange->progress_ms = clock_ms();
    curl_multi_add_handle(client->multi, exchange->easy);
    enum http_outcome outcome = perform(client, exchange, why, err);
    curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status);
    exchange->response.status = (int)status;
    curl_multi_remove_handle(client->multi, exchange->easy);
    /* The connection may be closed later and must not find pointers to what is freed here. */
    curl_easy_setopt(exchange->easy, CURLOPT_ERRORBUFFER, NULL);
    curl_easy_setopt(exchange->easy, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(headers);
    return outcome;
}

struct http_client *http_client_new(const char *proxy)
{
    struct http_client *client = mem_alloc(sizeof(*client));

    pthread_once(&initialised, initialise);
    client->multi = curl_multi_init();
    client->easy = curl_easy_init();
    if (!client->multi || !client->easy)
        abort(); /* out of memory: base/mem.h */
    set_options(client->easy, proxy);
    return client;
}

void http_client_free(struct http_client *client)
{
    if (!client)
        return;
    curl_easy_cleanup(client->easy);
    curl_multi_cleanup(client->multi);
    free(client);
}

void http_client_take_cookies(struct http_client *client, const json_t *cookies)
{
    curl_easy_setopt(client->easy, CURLOPT_COOKIELIST, "ALL"); /* forgets */
    for (size_t i = 0; i < json_array_size(cookies); i++)
        take_cookie(client, json_array_get(cookies, i));
}

enum http_outcome http_client_send(struct http_client *client, const struct request *request,
                                   const struct deadlines *deadlines, const char *path,
                                   struct response *out, char why[RESPONSE_WHY_SIZE],
                                   struct error *err)
{
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    if (file < 0) {
        error_set_errno(err, ERROR_SYSTEM, "cannot create %s", path);
        return HTTP_FAILED;
    }
    struct exchange one = {
        .easy = client->easy, .path = path, .deadlines = deadlines, .file = file};
    enum http_outcome outcome = run_exchange(client, &one, request, why, err);
    if (close(file) < 0 && outcome == HTTP_ANSWERED) {
        error_set_errno(err, ERROR_SYSTEM, "cannot write %s", path);
        outcome = HTTP_FAILED;
    }
    if (outcome != HTTP_ANSWERED)
        unlink(path);
    else
        *out = one.response;
    return outcome;
}
