/* SPDX-License-Identifier: MIT */
/* Sends control requests to a simulator, each on its own connection. */
#include "tests/support/sim_remote.h"

#include "base/buf.h"
#include "tests/support/unit.h"

#include <arpa/inet.h>
#include <jansson.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REPLY_MAX = 16 << 20 };

static json_t *ask(const char *url, const char *method, const char *path)
{
    const char *host = "http://127.0.0.1:";
    BUF_DONE struct buf text = BUF_INIT(REPLY_MAX);
    char bytes[16384];
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    assert_int_equal(strncmp(url, host, strlen(host)), 0);
    address.sin_port = htons((uint16_t)strtoul(url + strlen(host), NULL, 10));
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    buf_addf(&text,
             "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
             method, path);
    assert_int_equal(send(fd, text.data, text.len, MSG_NOSIGNAL), text.len);
    buf_reset(&text);
    for (ssize_t got; (got = recv(fd, bytes, sizeof(bytes), 0)) > 0;)
        buf_add(&text, bytes, (size_t)got);
    close(fd);
    const char *body = strstr(buf_text(&text), "\r\n\r\n");
    assert_int_equal(strncmp(buf_text(&text), "HTTP/1.1 200", 12), 0);
    json_t *state = json_loads(body, 0, NULL);
    assert_non_null(state);
    return state;
}

void sim_remote_tell(const char *url, const char *path_and_query)
{
    json_decref(ask(url, "POST", path_and_query));
}

int64_t sim_remote_count(const char *url, const char *name)
{
    json_t *state = ask(url, "GET", "/_sim/state"), *number = json_object_get(state, name);

    assert_true(json_is_integer(number));
    int64_t count = (int64_t)json_integer_value(number);
    json_decref(state);
    return count;
}
