/* SPDX-License-Identifier: MIT */
/* A simulated portal for a test, and an HTTP client that reads raw bytes. */
#include "tests/support/sim_client.h"

#include "base/date.h"
#include "base/mem.h"
#include "simulator/export.h"
#include "simulator/server.h"
#include "tests/support/unit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TIMEOUT_SECONDS = 30, REPLY_MAX = 64 << 20 };

static struct sim_portal portal; /* its session table is too large for a stack */
static struct sim_server *server;

/* --------------------------------------------------------------------------------- the fixture */

static int32_t day(const char *iso)
{
    int32_t out;

    assert_true(date_parse_iso(iso, strlen(iso), &out));
    return out;
}

int sim_fixture_open(void **state)
{
    struct history history = {
        .seed = 3, .begin = day("2022-03-01"), .today = day("2022-09-01"), .rows = 10};
    struct error err = {0};

    (void)state;
    sim_portal_init(&portal, &history, "demo", SIM_PASSWORD);
    if (!sim_server_open(&server, &portal, 0, &err))
        fail_msg("%s", err.message);
    return 0;
}

void sim_fixture_stop(void)
{
    sim_server_close(server);
    server = NULL;
}

int sim_fixture_close(void **state)
{
    (void)state;
    sim_fixture_stop();
    sim_portal_done(&portal);
    return 0;
}

struct sim_portal *sim_fixture_portal(void)
{
    return &portal;
}

void sim_fixture_set(const char *setting, const char *value)
{
    pthread_mutex_lock(&portal.lock);
    bool good = variant_set(&portal.variant, setting, value);
    pthread_mutex_unlock(&portal.lock);
    assert_true(good);
}

void sim_fixture_fault(const char *spec)
{
    struct error err = {0};

    pthread_mutex_lock(&portal.lock);
    bool good = fault_add(&portal.faults, spec, &err);
    pthread_mutex_unlock(&portal.lock);
    if (!good)
        fail_msg("%s", err.message);
}

void sim_fixture_file(enum report_kind kind, const char *first, const char *last, struct buf *out)
{
    sim_export_csv(&portal.history, kind, day(first), day(last), out);
}

/* ------------------------------------------------------------------------------------- requests */

static int dial(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(sim_server_port(server)),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct timeval timeout = {.tv_sec = TIMEOUT_SECONDS};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static void add_header(struct buf *out, const char *name, const char *value)
{
    if (value[0])
        buf_addf(out, "%s: %s\r\n", name, value);
}

int sim_client_send(struct sim_client *client, const char *path, const char *form)
{
    BUF_DONE struct buf request = BUF_INIT(MESSAGE_FIELD_BYTES_MAX * 4);
    MEM_FREE_TEXT char *host = mem_format("127.0.0.1:%u", sim_server_port(server));
    MEM_FREE_TEXT char *own = mem_format("http://%s", host);
    int fd = dial();

    buf_addf(&request, "%s %s HTTP/1.1\r\n", form ? "POST" : "GET", path);
    add_header(&request, "Host", host);
    add_header(&request, "User-Agent", client->agent ? client->agent : "teste");
    add_header(&request, "Connection", "close");
    if (client->cookie[0])
        buf_addf(&request, "Cookie: PHPSESSID=%s\r\n", client->cookie);
    if (form) {
        add_header(&request, "Origin", client->origin ? client->origin : own);
        add_header(&request, "Content-Type", "application/x-www-form-urlencoded");
        buf_addf(&request, "Content-Length: %zu\r\n", strlen(form));
    }
    buf_addf(&request, "\r\n%s", form ? form : "");
    assert_int_equal(send(fd, request.data, request.len, MSG_NOSIGNAL), request.len);
    return fd;
}

/* ------------------------------------------------------------------------------------ responses */

void sim_reply_done(struct sim_reply *reply)
{
    free(reply->head);
    buf_done(&reply->body);
    *reply = (struct sim_reply){0};
}

static const char *header_value(const char *head, const char *name)
{
    MEM_FREE_TEXT char *line = mem_format("\r\n%s: ", name);
    const char *found = strcasestr(head, line);

    return found ? found + strlen(line) : NULL;
}

/* Whether the last chunk came. */
static bool unchunk(const char *bytes, size_t len, struct buf *out)
{
    const char *end = bytes + len;

    for (;;) {
        char *text;
        if (bytes >= end)
            return false;
        size_t size = strtoul(bytes, &text, 16);
        if (strncmp(text, "\r\n", 2) != 0)
            return false;
        bytes = text + 2;
        if (size == 0)
            return true;
        size_t there = (size_t)(end - bytes) < size ? (size_t)(end - bytes) : size;
        buf_add(out, bytes, there);
        bytes += size + 2;
    }
}

static void remember(const char *text, const char *before, char out[SESSION_ID_SIZE])
{
    const char *found = strstr(text, before);

    if (found && strlen(found) >= strlen(before) + SESSION_ID_SIZE - 1)
        memcpy(out, found + strlen(before), SESSION_ID_SIZE - 1);
}

static void parse_reply(struct sim_reply *reply, const struct buf *raw)
{
    const char *head_end = strstr(buf_text(raw), "\r\n\r\n");

    if (!head_end)
        return;
    size_t head_len = (size_t)(head_end - raw->data);
    reply->head = mem_copy_n(raw->data, head_len);
    if (sscanf(reply->head, "%*s %3u", &reply->status) != 1)
        reply->status = 0;
    const char *body = head_end + 4, *length = header_value(reply->head, "Content-Length");
    size_t len = raw->len - head_len - 4;
    reply->chunked = header_value(reply->head, "Transfer-Encoding") != NULL;
    if (length)
        reply->promised = strtoll(length, NULL, 10);
    if (reply->chunked) {
        reply->complete = unchunk(body, len, &reply->body);
    } else {
        buf_add(&reply->body, body, len);
        reply->complete = length ? (int64_t)len == reply->promised : !reply->reset;
    }
}

void sim_client_receive(struct sim_client *client, int fd, struct sim_reply *out)
{
    BUF_DONE struct buf raw = BUF_INIT(REPLY_MAX);
    char bytes[16384];
    ssize_t got;

    *out = (struct sim_reply){.body = BUF_INIT(REPLY_MAX), .promised = -1};
    while ((got = recv(fd, bytes, sizeof bytes, 0)) > 0)
        buf_add(&raw, bytes, (size_t)got);
    if (got < 0 && errno != ECONNRESET)
        fail_msg("no end of the answer within %d s", TIMEOUT_SECONDS);
    out->reset = got < 0;
    close(fd);
    parse_reply(out, &raw);
    remember(out->head ? out->head : "", "Set-Cookie: PHPSESSID=", client->cookie);
    remember(buf_text(&out->body), "name=\"csrf_token\" value=\"", client->token);
    remember(buf_text(&out->body), "name=\"desafio\" value=\"", client->nonce);
}

void sim_client_ask(struct sim_client *client, const char *path, const char *form,
                    struct sim_reply *out)
{
    sim_client_receive(client, sim_client_send(client, path, form), out);
}

unsigned sim_client_status(struct sim_client *client, const char *path, const char *form)
{
    SIM_REPLY_DONE struct sim_reply reply;

    sim_client_ask(client, path, form, &reply);
    return reply.status;
}

void sim_client_control(const char *path_and_query)
{
    struct sim_client client = {0};

    assert_int_equal(sim_client_status(&client, path_and_query, ""), 200);
}

/* ----------------------------------------------------------------------------------- the portal */

static void add_escaped(struct buf *out, const char *text)
{
    for (; *text; text++)
        buf_addf(out, "%%%02X", (unsigned char)*text);
}

void sim_client_try(struct sim_client *client, const char *password, struct sim_reply *out)
{
    BUF_DONE struct buf form = BUF_INIT(MESSAGE_FIELD_BYTES_MAX);

    assert_int_equal(sim_client_status(client, "/sigos/login.php", NULL), 200);
    buf_addf(&form, "usuario=demo&csrf_token=%s&senha=", client->token);
    add_escaped(&form, password);
    sim_client_ask(client, "/sigos/login.php", buf_text(&form), out);
}

void sim_client_log_in(struct sim_client *client)
{
    SIM_REPLY_DONE struct sim_reply reply;

    sim_client_try(client, SIM_PASSWORD, &reply);
    assert_int_equal(reply.status, 302);
    assert_int_equal(sim_client_status(client, "/sigos/relatorios.php", NULL), 200);
}

int sim_client_order(struct sim_client *client, enum report_kind kind, const char *first,
                     const char *last)
{
    BUF_DONE struct buf form = BUF_INIT(MESSAGE_FIELD_BYTES_MAX);

    buf_addf(&form,
             "csrf_token=%s&tp_relatorio=%s&periodo_todos=data_execucao&stat_retorno=E&"
             "periodo_ret=data_execucao&data_inicio=",
             client->token, kind == REPORT_RETURN ? "retornos" : "tudo");
    add_escaped(&form, first);
    buf_add_text(&form, "&data_fim=");
    add_escaped(&form, last);
    return sim_client_send(client, "/sigos/relatorios.php", buf_text(&form));
}

void sim_client_export(const char *spec, struct sim_reply *out)
{
    struct sim_client client = {0};

    sim_client_log_in(&client);
    if (spec)
        sim_fixture_fault(spec);
    sim_client_receive(&client,
                       sim_client_order(&client, REPORT_GENERAL, SIM_FIRST_DAY, SIM_LAST_DAY), out);
}

bool sim_reply_has(const struct sim_reply *reply, const char *line)
{
    return reply->head && strstr(reply->head, line);
}

void sim_reply_expect(const struct sim_reply *reply, const struct buf *file, size_t len)
{
    assert_int_equal(reply->body.len, len);
    assert_memory_equal(buf_text(&reply->body), buf_text(file), len);
}

void sim_fixture_right_file(struct buf *out)
{
    *out = BUF_INIT(REPLY_MAX);
    sim_fixture_file(REPORT_GENERAL, SIM_FIRST_DAY, SIM_LAST_DAY, out);
}
