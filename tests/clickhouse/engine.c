/* SPDX-License-Identifier: MIT */
/*
 * Today's ClickHouse behind HTTP: the engine of libchdb.so in this process, asked as a server is.
 *
 *     engine LIBCHDB.SO FOLDER PORT      prints "ready" once it answers on 127.0.0.1:PORT
 *
 * It answers POST /?database=…&query=…&setting=… with a statement in `query` or in the body, and
 * rows behind it. Statements run side by side, each on a connection of its own. Errors are HTTP 500
 * with the engine's words. There are no users. Of the formats that are no text only
 * Native can be inserted.
 */
#include "base/buf.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { BODY_MAX = 512 * 1024 * 1024, ANSWER_TEXT = 64 * 1024 };

/* --- the engine, as chdb.h declares it ------------------------------------------------------- */

typedef struct chdb_connection_ *chdb_connection;
typedef struct chdb_result_ chdb_result;

static struct {
    chdb_connection *(*connect)(int argc, char **argv);
    chdb_result *(*query)(chdb_connection conn, const char *sql, size_t len, const char *format,
                          size_t format_len);
    char *(*buffer)(chdb_result *result);
    size_t (*length)(chdb_result *result);
    const char *(*error)(chdb_result *result);
    void (*destroy)(chdb_result *result);
    void (*close)(chdb_connection *conn);
} chdb;

/* Of the connections that each request makes; the first one keeps the engine between them. */
static char folder_argument[4096];

static bool find(void *library, const char *name, void *out)
{
    void *symbol = dlsym(library, name);

    memcpy(out, &symbol, sizeof(symbol));
    return symbol != NULL;
}

static chdb_connection *connect_engine(void)
{
    char *argv[] = {"clickhouse", folder_argument, NULL};
    chdb_connection *conn = chdb.connect(2, argv);

    return conn && *conn ? conn : NULL;
}

static bool open_engine(const char *path, const char *folder)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);

    if (!library) {
        fprintf(stderr, "engine: %s\n", dlerror());
        return false;
    }
    if (!find(library, "chdb_connect", &chdb.connect) ||
        !find(library, "chdb_query_n", &chdb.query) ||
        !find(library, "chdb_result_buffer", &chdb.buffer) ||
        !find(library, "chdb_result_length", &chdb.length) ||
        !find(library, "chdb_result_error", &chdb.error) ||
        !find(library, "chdb_destroy_query_result", &chdb.destroy) ||
        !find(library, "chdb_close_conn", &chdb.close)) {
        fprintf(stderr, "engine: %s is not the library that this was made for\n", path);
        return false;
    }
    snprintf(folder_argument, sizeof(folder_argument), "--path=%s", folder);
    return connect_engine() != NULL;
}

/* Runs a statement; adds what comes, or the error. */
static bool run(chdb_connection *conn, const char *sql, size_t len, struct buf *answer)
{
    static const char format[] = "TabSeparated";
    chdb_result *result = chdb.query(*conn, sql, len, format, sizeof(format) - 1);
    const char *error = result ? chdb.error(result) : "no answer";
    const bool ok = !error || !*error;

    if (!ok)
        buf_add_text(answer, error);
    else if (chdb.length(result))
        buf_add(answer, chdb.buffer(result), chdb.length(result));
    if (result)
        chdb.destroy(result);
    return ok;
}

/* --- requests -------------------------------------------------------------------------------- */

struct asked {
    const char *database, *query;
    struct buf settings; /* statements that set them */
};

static void add_setting(struct buf *settings, const char *name, const char *value)
{
    buf_addf(settings, "SET %s = '", name);
    for (; *value; value++)
        buf_addf(settings, *value == '\'' ? "\\%c" : "%c", *value);
    buf_add_text(settings, "';");
}

/* Everything that is no part of the request is a setting. */
static enum MHD_Result take_argument(void *arg, enum MHD_ValueKind kind, const char *name,
                                     const char *value)
{
    static const char *const others[] = {"query_id", "wait_end_of_query"};
    struct asked *asked = arg;

    (void)kind;
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
        if (strcmp(name, others[i]) == 0)
            return MHD_YES;
    if (strcmp(name, "database") == 0)
        asked->database = value;
    else if (strcmp(name, "query") == 0)
        asked->query = value;
    else
        add_setting(&asked->settings, name, value ? value : "");
    return MHD_YES;
}

static bool prepare(chdb_connection *conn, const struct asked *asked, struct buf *answer)
{
    char use[1024];

    snprintf(use, sizeof(use), "USE `%s`", asked->database ? asked->database : "default");
    if (!run(conn, use, strlen(use), answer))
        return false;
    for (char *from = asked->settings.data, *end; from && (end = strchr(from, ';')); from = end + 1)
        if (!run(conn, from, (size_t)(end - from), answer))
            return false;
    return true;
}

static const char native[] = " FORMAT Native";

/* The engine's own call cuts a statement at a NUL, so rows in binary come from a file. */
static void read_from_file(struct buf *sql, const char *query, char *file, const struct buf *body)
{
    const int fd = mkstemp(file);

    if (fd >= 0 && write(fd, body->data, body->len) != (ssize_t)body->len)
        perror(file);
    if (fd >= 0)
        close(fd);
    buf_addf(sql, "%.*s SELECT * FROM file('%s', 'Native')", (int)(strstr(query, native) - query),
             query, file);
}

static bool execute(struct MHD_Connection *connection, const struct buf *body, struct buf *answer)
{
    struct asked asked = {.settings = BUF_INIT(ANSWER_TEXT)};
    BUF_DONE struct buf sql = BUF_INIT(BODY_MAX);

    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, take_argument, &asked);
    char file[] = "/tmp/engine.XXXXXX";
    const bool binary = asked.query && strstr(asked.query, native);
    if (binary)
        read_from_file(&sql, asked.query, file, body);
    else
        buf_addf(&sql, "%s\n", asked.query ? asked.query : "");
    buf_add(&sql, body->len && !binary ? body->data : "", binary ? 0 : body->len);
    chdb_connection *conn = connect_engine();
    const bool ok =
        conn && prepare(conn, &asked, answer) && run(conn, buf_text(&sql), sql.len, answer);
    if (conn)
        chdb.close(conn);
    if (binary)
        unlink(file);
    buf_done(&asked.settings);
    return ok;
}

static enum MHD_Result reply(struct MHD_Connection *connection, bool ok, struct buf *answer)
{
    const size_t len = answer->len;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(len, buf_detach(answer), MHD_RESPMEM_MUST_FREE);
    const enum MHD_Result queued = MHD_queue_response(connection, ok ? 200 : 500, response);

    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result take_request(void *arg, struct MHD_Connection *connection, const char *url,
                                    const char *method, const char *version, const char *upload,
                                    size_t *upload_len, void **state)
{
    struct buf *body = *state;
    struct buf answer = BUF_INIT(BODY_MAX);

    (void)arg, (void)url, (void)method, (void)version;
    if (!body) {
        body = calloc(1, sizeof(*body));
        if (!body)
            return MHD_NO;
        *body = BUF_INIT(BODY_MAX);
        *state = body;
        return MHD_YES;
    }
    if (*upload_len) {
        buf_add(body, upload, *upload_len);
        *upload_len = 0;
        return MHD_YES;
    }
    const bool ok = execute(connection, body, &answer);
    if (!answer.data)
        buf_add_text(&answer, "");
    return reply(connection, ok, &answer);
}

static void end_request(void *arg, struct MHD_Connection *connection, void **state,
                        enum MHD_RequestTerminationCode code)
{
    struct buf *body = *state;

    (void)arg, (void)connection, (void)code;
    if (body)
        buf_done(body);
    free(body);
}

int main(int argc, char **argv)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    sigset_t ending;
    int signal;

    if (argc != 4) {
        fprintf(stderr, "usage: engine LIBCHDB.SO FOLDER PORT\n");
        return 2;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ending, NULL);
    address.sin_port = htons((uint16_t)strtoul(argv[3], NULL, 10));
    if (!open_engine(argv[1], argv[2]))
        return 1;
    struct MHD_Daemon *daemon =
        MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION, 0, NULL,
                         NULL, take_request, NULL, MHD_OPTION_SOCK_ADDR, &address,
                         MHD_OPTION_NOTIFY_COMPLETED, end_request, NULL, MHD_OPTION_END);
    if (!daemon) {
        fprintf(stderr, "engine: port %s cannot be listened on\n", argv[3]);
        return 1;
    }
    puts("ready");
    fflush(stdout);
    sigwait(&ending, &signal);
    MHD_stop_daemon(daemon);
    return 0;
}
