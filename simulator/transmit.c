/* SPDX-License-Identifier: MIT */
/* Sends bodies by libmicrohttpd's callback. Every connection has a thread, so a wait delays no
 * other one. */
#include "simulator/transmit.h"

#include "base/mem.h"
#include "simulator/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
    BLOCK = 16 * 1024,
    BLOCKS_PER_SECOND = 50, /* of a body with a rate, so that it is sent evenly */
    NS = 1000000000,
};

struct body {
    char *bytes;
    size_t len;
    struct sim_delivery delivery;
    const struct pause *pause;
    int fd;        /* the socket of the connection */
    int64_t begun; /* when the first byte was sent, sim_clock_ns(); 0: not yet */
};

static void body_free(void *context)
{
    struct body *body = context;

    free(body->bytes);
    free(body);
}

/* Sends RST at once. Bytes that the kernel has not sent yet are lost, as when a machine crashes. */
static void reset(int fd)
{
    struct sockaddr nobody = {.sa_family = AF_UNSPEC};
    int failed = connect(fd, &nobody, sizeof nobody);

    (void)failed; /* the client has gone already */
}

static ssize_t end(struct body *body)
{
    switch (body->delivery.ending) {
    case ENDING_RESET:
        reset(body->fd);
        break;
    case ENDING_STALL:
        pause_until(body->pause, PAUSE_FOREVER, body->fd);
        break;
    case ENDING_WHOLE:
        return MHD_CONTENT_READER_END_OF_STREAM;
    case ENDING_CUT:
    case ENDING_SILENCE:
        break;
    }
    return MHD_CONTENT_READER_END_WITH_ERROR;
}

/* Returns when the byte before `position` is due. */
static int64_t due(const struct body *body, uint64_t position)
{
    uint32_t rate = body->delivery.rate;

    return body->begun + (int64_t)(position / rate) * NS + (int64_t)(position % rate) * NS / rate;
}

static ssize_t produce(void *context, uint64_t position, char *out, size_t max)
{
    struct body *body = context;
    bool whole = body->delivery.ending == ENDING_WHOLE;
    size_t limit = whole ? body->len : body->delivery.sent;
    size_t len = limit - (size_t)position;
    uint32_t rate = body->delivery.rate;

    if (len == 0)
        return end(body);
    if (len > max)
        len = max;
    if (!body->begun)
        body->begun = sim_clock_ns();
    if (rate) {
        size_t step = rate / BLOCKS_PER_SECOND + 1;
        if (len > step)
            len = step;
        if (pause_until(body->pause, due(body, position + len), body->fd) != PAUSE_OVER)
            return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    memcpy(out, body->bytes + position, len);
    return (ssize_t)len;
}

static bool is_plain(const struct sim_delivery *delivery)
{
    return delivery->ending == ENDING_WHOLE && delivery->transfer == TRANSFER_LENGTH &&
           !delivery->rate;
}

static int socket_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

static struct MHD_Response *body_response(struct MHD_Connection *connection,
                                          struct sim_answer *answer, const struct pause *pause)
{
    struct body *body = mem_alloc(sizeof *body);
    enum sim_transfer transfer = answer->delivery.transfer;

    *body = (struct body){.len = answer->body.len,
                          .delivery = answer->delivery,
                          .pause = pause,
                          .fd = socket_of(connection)};
    body->bytes = buf_detach(&answer->body);
    struct MHD_Response *response = MHD_create_response_from_callback(
        transfer == TRANSFER_LENGTH ? body->len : MHD_SIZE_UNKNOWN, BLOCK, produce, body,
        body_free);
    if (!response)
        body_free(body);
    else if (transfer == TRANSFER_CLOSE)
        MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END);
    return response;
}

static struct MHD_Response *plain_response(struct sim_answer *answer)
{
    size_t len = answer->body.len;
    char *bytes = buf_detach(&answer->body);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(len, bytes, MHD_RESPMEM_MUST_FREE);

    if (!response)
        free(bytes);
    return response;
}

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
    if (value[0])
        MHD_add_response_header(response, name, value);
}

static void add_headers(struct MHD_Response *response, const struct sim_answer *answer,
                        bool has_body)
{
    char seconds[16] = "";

    if (answer->retry_after)
        snprintf(seconds, sizeof seconds, "%u", answer->retry_after);
    add_header(response, "Content-Type", has_body ? answer->type : "");
    add_header(response, "Location", answer->location);
    add_header(response, "Set-Cookie", answer->cookie);
    add_header(response, "Content-Disposition", answer->disposition);
    add_header(response, "Retry-After", seconds);
    add_header(response, "Cache-Control", "no-store");
    add_header(response, "X-Content-Type-Options", "nosniff");
}

bool transmit(struct MHD_Connection *connection, struct sim_answer *answer,
              const struct pause *pause)
{
    bool has_body = answer->body.len || answer->disposition[0];

    if (answer->delivery.ending == ENDING_SILENCE) {
        pause_until(pause, PAUSE_FOREVER, socket_of(connection));
        return false;
    }
    struct MHD_Response *response = is_plain(&answer->delivery)
                                        ? plain_response(answer)
                                        : body_response(connection, answer, pause);
    if (!response)
        return false;
    add_headers(response, answer, has_body);
    enum MHD_Result result = MHD_queue_response(connection, answer->status, response);
    MHD_destroy_response(response);
    return result == MHD_YES;
}
