/* SPDX-License-Identifier: MIT */
/*
 * Takes messages by HTTP and writes them down, for tests of what the program sends.
 *
 *     receiver FOLDER
 *
 * Prints "listening http://127.0.0.1:PORT" and ends by a signal. Each request becomes two files of
 * the folder: N.head with method, path and query, and content type, N.body with the body; N counts
 * from 1. The answer is 200, or N for a path that has /answer/N in it; the first request for a path
 * with /hang is never answered.
 */
#include "tests/e2e/small_server.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *folder;
static unsigned received; /* one thread serves all connections, so neither needs a lock */
static bool hung;

static void write_file(unsigned number, const char *suffix, const char *data, size_t len)
{
    char path[4096], fresh[4096 + 8];

    snprintf(path, sizeof(path), "%s/%u.%s", folder, number, suffix);
    snprintf(fresh, sizeof(fresh), "%s.tmp", path);
    FILE *file = fopen(fresh, "we");
    if (!file || fwrite(data, 1, len, file) != len || fclose(file) != 0 || rename(fresh, path) != 0)
        abort();
}

static void write_down(const struct request *request, const char *method, const char *type)
{
    char head[SMALL_URL_MAX + 256];

    received++;
    write_file(received, "body", request->body ? request->body : "", request->len);
    const int len =
        snprintf(head, sizeof(head), "%s %s\n%s\n", method, request->url, type ? type : "no type");
    write_file(received, "head", head, (size_t)len);
}

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(2, (void *)(uintptr_t) "OK", MHD_RESPMEM_PERSISTENT);
    const enum MHD_Result result = MHD_queue_response(connection, status, response);

    MHD_destroy_response(response);
    return result;
}

enum MHD_Result respond(struct MHD_Connection *connection, const char *url, const char *method,
                        const struct request *request)
{
    write_down(request, method,
               MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Type"));
    if (strstr(url, "/hang") && !hung) {
        hung = true;
        MHD_suspend_connection(connection);
        return MHD_YES;
    }
    const char *status = strstr(url, "/answer/");
    return answer(connection, status ? (unsigned)strtoul(status + 8, NULL, 10) : 200);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    folder = argv[1];
    small_server_run();
    return 1;
}
