/* SPDX-License-Identifier: MIT */
/*
 * A small S3 for end-to-end tests, which computes each request's signature anew from AWS's
 * description of Signature Version 4, and knows nothing of the program.
 *
 *     bucket_server FOLDER          with S3_KEY_ID, S3_SECRET, S3_REGION, and S3_TOKEN or not
 *
 * Prints "listening http://127.0.0.1:PORT" and ends by a signal. It serves PUT, GET and HEAD of
 * objects, which are the files FOLDER/BUCKET/KEY, and ListObjectsV2 with pages of three keys. While
 * FOLDER.busy exists it answers 503 SlowDown, while FOLDER.hang exists it answers nothing to a PUT.
 * FOLDER.log has a line of method, key and status for each request.
 */
#include "tests/e2e/small_server.h"

#include <dirent.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { TEXT_MAX = 16 * 1024, PAGE = 3, KEYS_MAX = 10000, HEX = 65 };

static const char *folder;

/* --- the signature ---------------------------------------------------------------------------- */

static void to_hex(const unsigned char *bytes, char hex[HEX])
{
    for (size_t i = 0; i < 32; i++)
        snprintf(hex + i * 2, 3, "%02x", bytes[i]);
}

static void sha256(const void *bytes, size_t len, char hex[HEX])
{
    unsigned char digest[EVP_MAX_MD_SIZE];

    EVP_Digest(bytes, len, digest, NULL, EVP_sha256(), NULL);
    to_hex(digest, hex);
}

static void hmac(const void *key, size_t key_len, const char *text, unsigned char out[32])
{
    unsigned len = 32;

    HMAC(EVP_sha256(), key, (int)key_len, (const unsigned char *)text, strlen(text), out, &len);
}

static void sign(const char *day, const char *text, char hex[HEX])
{
    unsigned char key[32];
    char first[256];

    snprintf(first, sizeof(first), "AWS4%s", getenv("S3_SECRET"));
    hmac(first, strlen(first), day, key);
    hmac(key, 32, getenv("S3_REGION"), key);
    hmac(key, 32, "s3", key);
    hmac(key, 32, "aws4_request", key);
    hmac(key, 32, text, key);
    to_hex(key, hex);
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
    const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);

    return value ? value : "";
}

/* Copies what stands behind `name` in the Authorization, up to a comma. */
static bool part_of(const char *authorization, const char *name, char *out, size_t size)
{
    const char *at = strstr(authorization, name);

    if (!at)
        return false;
    at += strlen(name);
    snprintf(out, size, "%.*s", (int)strcspn(at, ","), at);
    return true;
}

/* Adds the signed headers in the order of their list; false if one that must be signed is not. */
static bool add_headers(struct MHD_Connection *connection, const char *list, char *out, size_t size)
{
    static const char *const musts[] = {"host", "x-amz-content-sha256", "x-amz-date"};
    char names[TEXT_MAX], *rest = NULL, padded[TEXT_MAX], previous[256] = "";
    const bool has_token = *header(connection, "x-amz-security-token");

    snprintf(padded, sizeof(padded), ";%s;", list);
    for (size_t i = 0; i < sizeof(musts) / sizeof(*musts); i++) {
        char must[64];
        snprintf(must, sizeof(must), ";%s;", musts[i]);
        if (!strstr(padded, must))
            return false;
    }
    if (has_token && !strstr(padded, ";x-amz-security-token;"))
        return false;
    snprintf(names, sizeof(names), "%s", list);
    for (char *name = strtok_r(names, ";", &rest); name; name = strtok_r(NULL, ";", &rest)) {
        const size_t len = strlen(out);
        if (strcmp(previous, name) >= 0)
            return false;
        snprintf(previous, sizeof(previous), "%s", name);
        snprintf(out + len, size - len, "%s:%s\n", name, header(connection, name));
    }
    return true;
}

/* Returns what is wrong with the request, as S3 names it; NULL: nothing. */
static const char *judge(struct MHD_Connection *connection, const char *method,
                         const struct request *request)
{
    const char *authorization = header(connection, "Authorization");
    const char *stamp = header(connection, "x-amz-date"), *token = getenv("S3_TOKEN");
    char path[TEXT_MAX], credential[256], scope[256], list[1024], given[128], hash[HEX], want[HEX];
    static char headers[TEXT_MAX], canonical[4 * TEXT_MAX], text[TEXT_MAX];

    if (!part_of(authorization, "Credential=", credential, sizeof(credential)) ||
        !part_of(authorization, "SignedHeaders=", list, sizeof(list)) ||
        !part_of(authorization, "Signature=", given, sizeof(given)) || strlen(stamp) != 16)
        return "AccessDenied";
    snprintf(scope, sizeof(scope), "%.8s/%s/s3/aws4_request", stamp, getenv("S3_REGION"));
    snprintf(path, sizeof(path), "%s/%s", getenv("S3_KEY_ID"), scope);
    if (strncmp(path, credential, strlen(getenv("S3_KEY_ID")) + 1) != 0)
        return "InvalidAccessKeyId";
    if (strcmp(path, credential) != 0)
        return "AuthorizationHeaderMalformed";
    if (strcmp(header(connection, "x-amz-security-token"), token ? token : "") != 0)
        return "InvalidToken";
    sha256(request->body, request->len, hash);
    if (strcmp(hash, header(connection, "x-amz-content-sha256")) != 0)
        return "XAmzContentSHA256Mismatch";
    headers[0] = '\0';
    if (!add_headers(connection, list, headers, sizeof(headers)))
        return "AccessDenied";
    snprintf(path, sizeof(path), "%s", request->url);
    char *query = strchr(path, '?');
    if (query)
        *query++ = '\0';
    snprintf(canonical, sizeof(canonical), "%s\n%s\n%s\n%s\n%s\n%s", method, path,
             query ? query : "", headers, list, hash);
    sha256(canonical, strlen(canonical), want);
    snprintf(text, sizeof(text), "AWS4-HMAC-SHA256\n%s\n%s\n%s", stamp, scope, want);
    snprintf(scope, sizeof(scope), "%.8s", stamp);
    sign(scope, text, want);
    return strcmp(want, given) == 0 ? NULL : "SignatureDoesNotMatch";
}

/* --- objects ---------------------------------------------------------------------------------- */

static bool exists(const char *suffix)
{
    char path[TEXT_MAX];

    snprintf(path, sizeof(path), "%s.%s", folder, suffix);
    return access(path, F_OK) == 0;
}

static void write_down(const char *method, const char *url, unsigned status)
{
    char path[TEXT_MAX];

    snprintf(path, sizeof(path), "%s.log", folder);
    FILE *file = fopen(path, "ae");
    if (!file)
        abort();
    fprintf(file, "%s %s %u\n", method, url, status);
    fclose(file);
}

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status, const char *bytes,
                              size_t len)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(len, (void *)(uintptr_t)bytes, MHD_RESPMEM_MUST_COPY);
    const enum MHD_Result result = MHD_queue_response(connection, status, response);

    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result refuse(struct MHD_Connection *connection, unsigned status, const char *code)
{
    char text[512];

    snprintf(text, sizeof(text),
             "<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>%s, it&#x27;s so</Message>"
             "</Error>",
             code, code);
    return answer(connection, status, text, strlen(text));
}

static bool put_object(const char *url, const struct request *request)
{
    char path[TEXT_MAX + 256], fresh[TEXT_MAX + 512];

    snprintf(path, sizeof(path), "%s%s", folder, url);
    for (char *slash = path + strlen(folder) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    snprintf(fresh, sizeof(fresh), "%s.new", folder);
    FILE *file = fopen(fresh, "we");
    return file && fwrite(request->body, 1, request->len, file) == request->len &&
           fclose(file) == 0 && rename(fresh, path) == 0;
}

static enum MHD_Result get_object(struct MHD_Connection *connection, const char *method,
                                  const char *url)
{
    static char bytes[SMALL_BODY_MAX];
    char path[TEXT_MAX + 256];

    snprintf(path, sizeof(path), "%s%s", folder, url);
    FILE *file = fopen(path, "re");
    write_down(method, url, file ? 200 : 404);
    if (!file)
        return refuse(connection, 404, "NoSuchKey");
    const size_t len = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    return answer(connection, 200, bytes, len);
}

/* --- lists ------------------------------------------------------------------------------------ */

struct keys {
    char *names[KEYS_MAX];
    size_t count;
};

static void collect(struct keys *keys, const char *root, const char *below)
{
    char path[TEXT_MAX];

    snprintf(path, sizeof(path), "%s/%s", root, below);
    DIR *dir = opendir(path);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        char key[TEXT_MAX];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(key, sizeof(key), "%s%s%s", below, *below ? "/" : "", entry->d_name);
        if (entry->d_type == DT_DIR)
            collect(keys, root, key);
        else if (keys->count < KEYS_MAX)
            keys->names[keys->count++] = strdup(key);
    }
    if (dir)
        closedir(dir);
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static const char *argument(struct MHD_Connection *connection, const char *name)
{
    const char *value = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, name);

    return value ? value : "";
}

static enum MHD_Result list(struct MHD_Connection *connection, const char *url)
{
    static struct keys keys;
    static char text[4 * TEXT_MAX];
    const char *prefix = argument(connection, "prefix");
    const char *after = argument(connection, "start-after");
    char root[TEXT_MAX];
    size_t shown = 0, len;
    bool more = false;

    keys.count = 0;
    snprintf(root, sizeof(root), "%s%s", folder, url);
    collect(&keys, root, "");
    qsort(keys.names, keys.count, sizeof(*keys.names), compare);
    snprintf(text, sizeof(text), "<?xml version=\"1.0\"?><ListBucketResult xmlns=\"x\">");
    for (size_t i = 0; i < keys.count; i++) {
        const char *key = keys.names[i];
        len = strlen(text);
        if (strncmp(key, prefix, strlen(prefix)) == 0 && strcmp(key, after) > 0) {
            if (shown++ < PAGE)
                snprintf(text + len, sizeof(text) - len,
                         "<Contents><Key>%s</Key><Size>1</Size></Contents>", key);
            else
                more = true;
        }
        free(keys.names[i]);
    }
    len = strlen(text);
    snprintf(text + len, sizeof(text) - len, "<IsTruncated>%s</IsTruncated></ListBucketResult>",
             more ? "true" : "false");
    write_down("LIST", url, 200);
    return answer(connection, 200, text, strlen(text));
}

/* --- the server ------------------------------------------------------------------------------- */

enum MHD_Result respond(struct MHD_Connection *connection, const char *url, const char *method,
                        const struct request *request)
{
    const char *fault = exists("busy") ? "SlowDown" : judge(connection, method, request);
    const char *slash = strchr(url + 1, '/');

    if (fault) {
        const unsigned status = strcmp(fault, "SlowDown") == 0 ? 503 : 403;
        write_down(method, url, status);
        return refuse(connection, status, fault);
    }
    if (strcmp(method, "PUT") == 0 && exists("hang")) {
        write_down(method, url, 0);
        MHD_suspend_connection(connection);
        return MHD_YES;
    }
    if (strcmp(method, "PUT") == 0) {
        if (!put_object(url, request))
            abort();
        write_down(method, url, 200);
        return answer(connection, 200, "", 0);
    }
    if (!slash || !slash[1])
        return list(connection, url);
    return get_object(connection, method, url);
}

int main(int argc, char **argv)
{
    if (argc != 2 || !getenv("S3_KEY_ID") || !getenv("S3_SECRET") || !getenv("S3_REGION"))
        return 2;
    folder = argv[1];
    small_server_run();
    return 1;
}
