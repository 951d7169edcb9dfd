/* SPDX-License-Identifier: MIT */
/* Speaks to S3 by libcurl. */
#include "s3/s3.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"
#include "base/url.h"
#include "s3/address.h"
#include "s3/credentials.h"

#include <curl/curl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    ANSWER_MAX = 4 * 1024 * 1024, /* a list has 1000 keys of 1024 bytes at most, and their tags */
    CONNECT_SECONDS = 10,
    STALL_SECONDS = 30, /* without a byte each way */
    WHOLE_SECONDS = 600,
    STOPPED_MS = 5000, /* what a request has left after a signal */
    HASH_PIECE = 64 * 1024,
    SHA256_HEX = 65,
};

struct s3 {
    const struct bucket_settings *settings;
    struct s3_credentials credentials;
    CURL *easy; /* keeps the connection from request to request */
};

/* One request. */
struct request {
    const char *key, *query; /* NULL: none */
    bool head;
    FILE *from; /* of a PUT */
    int64_t size;
    const char *sha256; /* of what is sent, hex */
    struct buf *answer; /* gets the answer; of an error: `words` */
    FILE *to;           /* or this */
    uint64_t max, written;
    curl_off_t length; /* that the answer says it has */
    long status;
    int64_t stop_ms; /* when a signal was seen; 0: not yet */
    struct buf words;
    CURL *easy;
};

struct s3 *s3_new(const struct bucket_settings *settings)
{
    struct s3 *s3 = mem_alloc(sizeof(*s3));

    *s3 = (struct s3){.settings = settings, .easy = curl_easy_init()};
    return s3;
}

void s3_free(struct s3 *s3)
{
    if (!s3)
        return;
    curl_easy_cleanup(s3->easy);
    s3_credentials_done(&s3->credentials);
    free(s3);
}

/* --- what goes and what comes --------------------------------------------------------------- */

static size_t give(char *bytes, size_t size, size_t count, void *arg)
{
    return fread(bytes, 1, size * count, ((struct request *)arg)->from);
}

/* A connection that S3 has closed meanwhile is opened again by curl: from the start. */
static int rewind_body(void *arg, curl_off_t offset, int origin)
{
    return fseeko(((struct request *)arg)->from, offset, origin) == 0 ? CURL_SEEKFUNC_OK
                                                                      : CURL_SEEKFUNC_FAIL;
}

static size_t take(char *bytes, size_t size, size_t count, void *arg)
{
    struct request *request = arg;
    const size_t len = size * count;

    curl_easy_getinfo(request->easy, CURLINFO_RESPONSE_CODE, &request->status);
    if (request->status / 100 != 2 || (!request->answer && !request->to)) {
        buf_add(&request->words, bytes, len); /* what does not fit is not needed */
        return len;
    }
    request->written += len;
    if (request->written > request->max)
        return 0;
    if (request->to)
        return fwrite(bytes, 1, len, request->to);
    buf_add(request->answer, bytes, len);
    return request->answer->full ? 0 : len;
}

static int watch(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    struct request *request = arg;

    (void)a, (void)b, (void)c, (void)d;
    if (!stop_signal())
        return 0;
    if (!request->stop_ms)
        request->stop_ms = clock_ms();
    return clock_ms() - request->stop_ms > STOPPED_MS;
}

/* --- one request ---------------------------------------------------------------------------- */

static void set_body(CURL *easy, struct request *request)
{
    if (request->head) {
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    } else if (request->from) {
        curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, give);
        curl_easy_setopt(easy, CURLOPT_READDATA, request);
        curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, rewind_body);
        curl_easy_setopt(easy, CURLOPT_SEEKDATA, request);
        curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)request->size);
    }
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, request);
}

static void set_limits(CURL *easy, struct request *request)
{
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)STALL_SECONDS);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)WHOLE_SECONDS);
    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, watch);
    curl_easy_setopt(easy, CURLOPT_XFERINFODATA, request);
}

/* Signs. curl 7.88 signs the host without its port, so the header is ours; and it would not hash
 * what it streams, so the hash is ours too. Queries have only names with values, in order. */
static struct curl_slist *sign(struct s3 *s3, const struct request *request)
{
    MEM_FREE_TEXT char *origin = s3_origin(s3->settings);
    MEM_FREE_TEXT char *host = mem_format("Host: %s", strstr(origin, "//") + 2);
    MEM_FREE_TEXT char *hash = mem_format("x-amz-content-sha256: %s", request->sha256);
    MEM_FREE_TEXT char *how = mem_format("aws:amz:%s:s3", s3->settings->region);
    struct curl_slist *headers = curl_slist_append(NULL, host);

    headers = curl_slist_append(headers, hash);
    if (s3->credentials.token) {
        char *token = mem_format("x-amz-security-token: %s", s3->credentials.token);
        headers = curl_slist_append(headers, token);
        explicit_bzero(token, strlen(token));
        free(token);
    }
    curl_easy_setopt(s3->easy, CURLOPT_AWS_SIGV4, how);
    curl_easy_setopt(s3->easy, CURLOPT_USERNAME, s3->credentials.key_id);
    curl_easy_setopt(s3->easy, CURLOPT_PASSWORD, s3->credentials.secret);
    curl_easy_setopt(s3->easy, CURLOPT_HTTPHEADER, headers);
    return headers;
}

static void free_headers(struct curl_slist *headers)
{
    for (struct curl_slist *line = headers; line; line = line->next)
        explicit_bzero(line->data, strlen(line->data));
    curl_slist_free_all(headers);
}

static const char *hint_of(long status, const char *code)
{
    if (strcmp(code, "RequestTimeTooSkewed") == 0)
        return "; set this machine's clock";
    if (strcmp(code, "NoSuchBucket") == 0)
        return "; check BRONZE_S3_BUCKET: buckets are not made by this program";
    if (strcmp(code, "InvalidAccessKeyId") == 0 || strcmp(code, "SignatureDoesNotMatch") == 0)
        return "; check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
    if (status == 301 || strcmp(code, "AuthorizationHeaderMalformed") == 0)
        return "; check BRONZE_S3_REGION";
    if (status == 401 || status == 403)
        return "; the keys need s3:PutObject, s3:GetObject and s3:ListBucket here";
    return "";
}

/* Makes the error of an answer that is not 2xx. */
static bool refuse(struct s3 *s3, struct request *request, struct error *err)
{
    MEM_FREE_TEXT char *code = s3_answer_text(buf_text(&request->words), "Code", NULL);
    MEM_FREE_TEXT char *words = s3_answer_text(buf_text(&request->words), "Message", NULL);
    const long status = request->status;
    const char *name = code ? code : "";

    error_set(err, status == 404 ? ERROR_DATA : ERROR_SYSTEM, "HTTP %ld%s%s%s%s%s", status,
              code ? " " : "", name, words ? ": " : "", words ? words : "", hint_of(status, name));
    /* Those of a role are asked for again. */
    const bool expired = strcmp(name, "ExpiredToken") == 0 && !s3->settings->key_id;
    if (expired)
        s3_credentials_done(&s3->credentials);
    if (expired || status >= 500 || status == 429 || status == 408 ||
        strcmp(name, "RequestTimeout") == 0)
        return error_mark_transient(err);
    return false;
}

static bool explain(const struct request *request, CURLcode code, const char *words,
                    struct error *err)
{
    if (code == CURLE_ABORTED_BY_CALLBACK)
        return error_set(err, ERROR_STOPPED, "stopped");
    if (code == CURLE_WRITE_ERROR && request->written > request->max)
        return error_set(err, ERROR_DATA, "it is larger than it should be");
    if (code == CURLE_WRITE_ERROR)
        return error_set_errno(err, ERROR_SYSTEM, "what came cannot be written");
    error_set(err, ERROR_SYSTEM, "%s", *words ? words : curl_easy_strerror(code));
    if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_URL_MALFORMAT)
        return false;
    return error_mark_transient(err);
}

static bool perform(struct s3 *s3, struct request *request, struct error *err)
{
    char words[CURL_ERROR_SIZE] = "";

    if (!s3->easy)
        return error_set(err, ERROR_SYSTEM, "no memory for a request");
    if (!s3_credentials_refresh(s3->settings, clock_now(), &s3->credentials, err))
        return false;
    MEM_FREE_TEXT char *address = s3_address(s3->settings, request->key);
    MEM_FREE_TEXT char *url = mem_format("%s%s%s", address, request->query ? "?" : "",
                                         request->query ? request->query : "");
    request->easy = s3->easy;
    request->words = BUF_INIT(ANSWER_MAX);
    curl_easy_reset(s3->easy);
    curl_easy_setopt(s3->easy, CURLOPT_URL, url);
    curl_easy_setopt(s3->easy, CURLOPT_ERRORBUFFER, words);
    set_body(s3->easy, request);
    set_limits(s3->easy, request);
    struct curl_slist *headers = sign(s3, request);
    const CURLcode code = curl_easy_perform(s3->easy);
    curl_easy_getinfo(s3->easy, CURLINFO_RESPONSE_CODE, &request->status);
    curl_easy_getinfo(s3->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &request->length);
    const bool ok = code != CURLE_OK ? explain(request, code, words, err)
                                     : request->status / 100 == 2 || refuse(s3, request, err);
    curl_easy_reset(s3->easy); /* forgets the keys and the buffers of this call */
    free_headers(headers);
    buf_done(&request->words);
    return ok;
}

static bool perform_named(struct s3 *s3, struct request *request, struct error *err)
{
    MEM_FREE_TEXT char *name = s3_name(s3->settings, request->key ? request->key : "");

    return perform(s3, request, err) || error_context(err, "%s", name);
}

/* --- objects -------------------------------------------------------------------------------- */

/* Of nothing, which a GET sends. */
static const char empty_sha256[] =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/* Computes the SHA-256 of a file, and goes back to its start. */
static bool hash_file(FILE *file, char hex[SHA256_HEX], int64_t *size, struct error *err)
{
    char *piece = mem_alloc(HASH_PIECE);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned digest_len = 0;
    size_t len;

    bool ok = context && EVP_DigestInit_ex(context, EVP_sha256(), NULL);
    *size = 0;
    while (ok && (len = fread(piece, 1, HASH_PIECE, file)) > 0) {
        ok = EVP_DigestUpdate(context, piece, len);
        *size += (int64_t)len;
    }
    ok = ok && !ferror(file) && EVP_DigestFinal_ex(context, digest, &digest_len) &&
         fseeko(file, 0, SEEK_SET) == 0;
    for (unsigned i = 0; ok && i < digest_len && i < (SHA256_HEX - 1) / 2; i++)
        snprintf(hex + (size_t)i * 2, 3, "%02x", digest[i]);
    EVP_MD_CTX_free(context);
    free(piece);
    return ok || error_set(err, ERROR_SYSTEM, "cannot compute a SHA-256");
}

static bool put(struct s3 *s3, const char *key, FILE *from, struct error *err)
{
    char hex[SHA256_HEX] = "";
    struct request request = {.key = key, .from = from, .sha256 = hex};

    return hash_file(from, hex, &request.size, err) && perform_named(s3, &request, err);
}

bool s3_put_file(struct s3 *s3, const char *key, const char *path, struct error *err)
{
    FILE *file = fopen(path, "re");

    if (!file)
        return error_set_errno(err, ERROR_SYSTEM, "cannot open %s", path);
    const bool ok = put(s3, key, file, err);
    fclose(file);
    return ok;
}

bool s3_put_bytes(struct s3 *s3, const char *key, const char *bytes, size_t len, struct error *err)
{
    FILE *file = fmemopen((void *)(uintptr_t)bytes, len, "r");

    if (!file)
        return error_set_errno(err, ERROR_SYSTEM, "cannot send %zu bytes", len);
    const bool ok = put(s3, key, file, err);
    fclose(file);
    return ok;
}

bool s3_get_bytes(struct s3 *s3, const char *key, struct buf *out, struct error *err)
{
    struct request request = {
        .key = key, .sha256 = empty_sha256, .answer = out, .max = out->max - out->len};

    return perform_named(s3, &request, err);
}

bool s3_get_file(struct s3 *s3, const char *key, const char *to, uint64_t max, struct error *err)
{
    struct request request = {
        .key = key, .sha256 = empty_sha256, .to = fopen(to, "wxe"), .max = max};

    if (!request.to)
        return error_set_errno(err, ERROR_SYSTEM, "cannot write %s", to);
    bool ok = perform_named(s3, &request, err);
    if (fclose(request.to) != 0 && ok)
        ok = error_set_errno(err, ERROR_SYSTEM, "cannot write %s", to);
    if (!ok)
        unlink(to);
    return ok;
}

/* --- lists ---------------------------------------------------------------------------------- */

struct listing {
    s3_each_key *each;
    void *arg;
    char *last; /* the last key so far: the next page begins behind it */
};

static bool take_key(void *arg, const char *key, struct error *err)
{
    struct listing *listing = arg;

    if (listing->last && strcmp(key, listing->last) <= 0)
        return error_set(err, ERROR_SYSTEM, "the list of objects is not in order");
    free(listing->last);
    listing->last = mem_copy(key);
    return listing->each(listing->arg, key, err);
}

bool s3_list(struct s3 *s3, const char *prefix, s3_each_key *each, void *arg, struct error *err)
{
    struct listing listing = {.each = each, .arg = arg};
    bool more = true, ok = true;

    while (ok && more) {
        BUF_DONE struct buf query = BUF_INIT(ANSWER_MAX), answer = BUF_INIT(ANSWER_MAX);
        struct request request = {.sha256 = empty_sha256, .answer = &answer, .max = ANSWER_MAX};
        buf_add_text(&query, "list-type=2&prefix=");
        url_add_encoded(&query, prefix);
        if (listing.last) {
            buf_add_text(&query, "&start-after=");
            url_add_encoded(&query, listing.last);
        }
        request.query = buf_text(&query);
        ok = perform_named(s3, &request, err) &&
             s3_answer_list(buf_text(&answer), take_key, &listing, &more, err);
    }
    free(listing.last);
    return ok;
}

static bool ignore_key(void *arg, const char *key, struct error *err)
{
    (void)arg;
    (void)key;
    (void)err;
    return true;
}

bool s3_has(struct s3 *s3, const char *key, uint64_t size, bool *has, struct error *err)
{
    struct request request = {.head = true, .key = key, .sha256 = empty_sha256};
    struct error failure;

    if (perform_named(s3, &request, &failure)) {
        *has = request.length >= 0 && (uint64_t)request.length == size;
        return true;
    }
    *has = false;
    if (request.status == 404)
        return true;
    /* The answer to a HEAD has no words. Who is refused gets them for another question. */
    if (request.status / 100 == 4 && !s3_list(s3, key, ignore_key, NULL, err))
        return false;
    *err = failure;
    return false;
}
