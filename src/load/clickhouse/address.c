/* SPDX-License-Identifier: MIT */
/* Takes a ClickHouse address apart with libcurl's URL API. */
#include "load/clickhouse/address.h"

#include "base/mem.h"
#include "base/secret.h"

#include <ctype.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

enum { PORT_HTTP = 8123, PORT_HTTPS = 8443, NAME_LEN_MAX = 200 };

static const char unreadable[] =
    "the database address cannot be read; it is written clickhouse://USER:PASSWORD@HOST:PORT/NAME,"
    " with special characters in the password as %XX";

static void url_done(CURLU **url)
{
    curl_url_cleanup(*url);
}

/* Returns a part, decoded and owned by the caller; NULL if the address has none. *ok becomes false
 * if it has one that cannot be decoded. */
static char *take_part(CURLU *url, CURLUPart part, unsigned flags, bool *ok)
{
    char *text = NULL, *copy = NULL;
    const CURLUcode code = curl_url_get(url, part, &text, flags);

    if (code == CURLUE_OK)
        copy = mem_copy(text);
    else if (code == CURLUE_URLDECODE)
        *ok = false;
    if (text)
        explicit_bzero(text, strlen(text));
    curl_free(text);
    return copy;
}

/* Names of databases and clusters go into statements and messages. */
static bool is_name(const char *text)
{
    const size_t len = strlen(text);

    for (size_t i = 0; i < len; i++)
        if (!isalnum((unsigned char)text[i]) && !strchr("_-.", text[i]))
            return false;
    return len > 0 && len <= NAME_LEN_MAX;
}

static bool take_database(CURLU *url, struct clickhouse_address *out, struct error *err)
{
    bool ok = true;
    MEM_FREE_TEXT char *path = take_part(url, CURLUPART_PATH, CURLU_URLDECODE, &ok);
    const char *name = path && *path == '/' ? path + 1 : "";

    if (!ok)
        return error_set(err, ERROR_CONFIG, "%s", unreadable);
    if (*name && !is_name(name))
        return error_set(err, ERROR_CONFIG,
                         "the database's name in its address has other characters than letters,"
                         " digits, _, - and .");
    out->database = mem_copy(*name ? name : "default");
    return true;
}

/* Adds "HOST:PORT" to the shards. */
static bool add_shard(struct clickhouse_address *out, const char *text, size_t len)
{
    const char *colon = memrchr(text, ':', len);
    char *end = NULL;

    if (!colon || colon == text || strtol(colon + 1, &end, 10) <= 0 || end != text + len)
        return false;
    for (const char *c = text; c < colon; c++)
        if (!isalnum((unsigned char)*c) && !strchr("-.[]:", *c))
            return false;
    out->shards = mem_grow(out->shards, out->shard_count + 1, sizeof(*out->shards));
    out->shards[out->shard_count++] =
        mem_format("%s://%.*s", out->tls ? "https" : "http", (int)len, text);
    return true;
}

static bool take_shards(struct clickhouse_address *out, const char *list, struct error *err)
{
    for (const char *from = list;; from++) {
        const size_t len = strcspn(from, ",");
        if (!add_shard(out, from, len))
            return error_set(err, ERROR_CONFIG,
                             "shards=… in the database address is a list of HOST:PORT with commas"
                             " between, the port that of HTTP");
        from += len;
        if (!*from)
            return true;
    }
}

static bool take_parameter(struct clickhouse_address *out, const char *text, struct error *err)
{
    static const char cluster[] = "cluster=", shards[] = "shards=";

    if (strncmp(text, shards, sizeof(shards) - 1) == 0)
        return take_shards(out, text + sizeof(shards) - 1, err);
    if (strncmp(text, cluster, sizeof(cluster) - 1) != 0)
        return error_set(err, ERROR_CONFIG,
                         "the database address has a parameter that is not known; ClickHouse's has"
                         " only cluster=NAME and shards=HOST:PORT,…");
    if (!is_name(text + sizeof(cluster) - 1))
        return error_set(err, ERROR_CONFIG,
                         "cluster=… in the database address is no name of a cluster: the server"
                         " lists them in system.clusters");
    free(out->cluster);
    out->cluster = mem_copy(text + sizeof(cluster) - 1);
    return true;
}

static bool take_parameters(CURLU *url, struct clickhouse_address *out, struct error *err)
{
    bool ok = true;
    MEM_FREE_TEXT char *query = take_part(url, CURLUPART_QUERY, CURLU_URLDECODE, &ok);
    char *rest = query;

    if (!ok)
        return error_set(err, ERROR_CONFIG, "%s", unreadable);
    for (char *text; (text = strsep(&rest, "&"));)
        if (*text && !take_parameter(out, text, err))
            return false;
    return !out->shard_count || out->cluster ||
           error_set(err, ERROR_CONFIG,
                     "the database address has shards=…, but not the cluster=NAME that they form");
}

static bool take_host(CURLU *url, struct clickhouse_address *out, struct error *err)
{
    bool ok = true;
    MEM_FREE_TEXT char *port = take_part(url, CURLUPART_PORT, 0, &ok);

    MEM_FREE_TEXT char *host = take_part(url, CURLUPART_HOST, 0, &ok);
    if (!host || !*host)
        return error_set(err, ERROR_CONFIG, "%s", unreadable);
    const long number = port ? strtol(port, NULL, 10) : out->tls ? PORT_HTTPS : PORT_HTTP;
    out->origin = mem_format("%s://%s:%ld", out->tls ? "https" : "http", host, number);
    out->name = mem_format("clickhouse %s:%ld/%s", host, number, out->database);
    return true;
}

static bool take_user(CURLU *url, struct clickhouse_address *out, struct error *err)
{
    bool ok = true;

    out->user = take_part(url, CURLUPART_USER, CURLU_URLDECODE, &ok);
    out->password = take_part(url, CURLUPART_PASSWORD, CURLU_URLDECODE, &ok);
    if (!ok || (out->user && strpbrk(out->user, "\r\n")) ||
        (out->password && strpbrk(out->password, "\r\n")))
        return error_set(err, ERROR_CONFIG, "%s", unreadable);
    if (!out->user || !*out->user) {
        free(out->user);
        out->user = mem_copy("default");
    }
    return true;
}

bool clickhouse_address_read(const char *url, struct clickhouse_address *out, struct error *err)
{
    __attribute__((cleanup(url_done))) CURLU *handle = curl_url();
    struct clickhouse_address address = {
        .tls = strncmp(url, CLICKHOUSES_SCHEME ":", sizeof(CLICKHOUSES_SCHEME)) == 0};

    if (!handle || curl_url_set(handle, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
        return error_set(err, ERROR_CONFIG, "%s", unreadable);
    if (take_user(handle, &address, err) && take_database(handle, &address, err) &&
        take_parameters(handle, &address, err) && take_host(handle, &address, err)) {
        *out = address;
        return true;
    }
    clickhouse_address_done(&address);
    return false;
}

void clickhouse_address_copy(const struct clickhouse_address *address,
                             struct clickhouse_address *out)
{
    *out = (struct clickhouse_address){
        .tls = address->tls,
        .origin = mem_copy(address->origin),
        .user = mem_copy(address->user),
        .password = mem_copy(address->password),
        .database = mem_copy(address->database),
        .cluster = mem_copy(address->cluster),
        .shards = mem_array(address->shard_count, sizeof(*out->shards)),
        .shard_count = address->shard_count,
        .name = mem_copy(address->name),
    };
    for (size_t i = 0; i < address->shard_count; i++)
        out->shards[i] = mem_copy(address->shards[i]);
}

void clickhouse_address_done(struct clickhouse_address *address)
{
    free(address->origin);
    free(address->user);
    secret_free(address->password);
    free(address->database);
    free(address->cluster);
    for (size_t i = 0; i < address->shard_count; i++)
        free(address->shards[i]);
    free(address->shards);
    free(address->name);
    *address = (struct clickhouse_address){0};
}
