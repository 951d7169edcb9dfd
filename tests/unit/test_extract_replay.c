/* SPDX-License-Identifier: MIT */
/* Repeated requests as bytes on the wire, and the handling of their answers, with a scripted
 * server. */
#include "extract/replay/http_client.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "tests/support/unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ANSWERS_MAX = 4, REQUEST_MAX = 64 * 1024 };

struct fixture {
    int listener, port;
    pthread_t thread;
    const char *answers[ANSWERS_MAX]; /* one for each request; after the last the connection ends */
    struct buf heard;                 /* all requests */
    size_t requests, connections;
    struct http_client *replay;
    char *folder, *path, *url;
};

static const struct deadlines deadlines = {.page = 5, .answer = 5, .silence = 5, .window = 5};

/* Reads one request with its body. Returns false at the end of the connection. */
static bool read_request(int fd, struct buf *request)
{
    char bytes[4096];
    const char *head = NULL, *length = NULL;
    size_t want = 0;

    buf_reset(request);
    do {
        ssize_t got = read(fd, bytes, sizeof(bytes));
        if (got <= 0)
            return false;
        buf_add(request, bytes, (size_t)got);
        head = strstr(request->data, "\r\n\r\n");
        length = head ? strcasestr(request->data, "content-length: ") : NULL;
        want = length ? strtoul(length + 16, NULL, 10) : 0;
    } while (!head || strlen(head + 4) < want);
    return true;
}

static void answer_requests(struct fixture *fixture, int fd)
{
    BUF_DONE struct buf request = BUF_INIT(REQUEST_MAX);

    while (fixture->requests < ANSWERS_MAX && fixture->answers[fixture->requests] &&
           read_request(fd, &request)) {
        const char *answer = fixture->answers[fixture->requests++];
        buf_add(&fixture->heard, request.data, request.len);
        ssize_t sent = write(fd, answer, strlen(answer));
        if (sent < 0 || !strstr(answer, "\r\nContent-Length: "))
            return; /* the answer ends with the connection */
    }
}

static void *serve(void *arg)
{
    struct fixture *fixture = arg;

    for (int fd; (fd = accept(fixture->listener, NULL, NULL)) >= 0;) {
        fixture->connections++;
        answer_requests(fixture, fd);
        close(fd);
    }
    return NULL;
}

static int open_fixture(void **state)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(address);
    struct fixture *fixture = mem_alloc(sizeof(*fixture));
    struct error err;

    *state = fixture;
    fixture->heard = BUF_INIT(REQUEST_MAX);
    fixture->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(fixture->listener, (const struct sockaddr *)&address, len) < 0 ||
        listen(fixture->listener, 16) < 0 ||
        getsockname(fixture->listener, (struct sockaddr *)&address, &len) < 0 ||
        !file_make_temp_dir("test-replay", &fixture->folder, &err))
        return -1;
    fixture->port = ntohs(address.sin_port);
    fixture->path = mem_format("%s/file", fixture->folder);
    fixture->url = mem_format("http://127.0.0.1:%d/export", fixture->port);
    fixture->replay = http_client_new(NULL);
    return 0;
}

/* Starts the server with the answers chosen before. It then owns the fixture until it ends. */
static void start_server(struct fixture *fixture)
{
    assert_int_equal(pthread_create(&fixture->thread, NULL, serve, fixture), 0);
}

static const char *end_server(struct fixture *fixture)
{
    http_client_free(fixture->replay); /* this closes the connection */
    fixture->replay = NULL;
    shutdown(fixture->listener, SHUT_RDWR);
    pthread_join(fixture->thread, NULL);
    return buf_text(&fixture->heard);
}

static int close_fixture(void **state)
{
    struct fixture *fixture = *state;

    http_client_free(fixture->replay);
    close(fixture->listener);
    buf_done(&fixture->heard);
    file_remove_tree(fixture->folder);
    free(fixture->folder);
    free(fixture->path);
    free(fixture->url);
    free(fixture);
    return 0;
}

static enum http_outcome ask(struct fixture *fixture, const struct request *request,
                             struct response *out, char why[RESPONSE_WHY_SIZE])
{
    struct error err = {0};

    return http_client_send(fixture->replay, request, &deadlines, fixture->path, out, why, &err);
}

static void expect_answered(struct fixture *fixture, const struct request *request)
{
    struct response response = {0};
    char why[RESPONSE_WHY_SIZE] = "";

    if (ask(fixture, request, &response, why) != HTTP_ANSWERED)
        fail_msg("%s", why);
    unlink(fixture->path);
}

static struct request make_post(const struct fixture *fixture)
{
    struct request request = {.method = mem_copy("POST"),
                              .url = mem_copy(fixture->url),
                              .body = mem_copy("de=1&ate=2"),
                              .body_len = 10};

    request_add_header(&request, "Origin", "https://portal.example");
    request_add_header(&request, "User-Agent", "Mozilla/5.0 (X11)");
    request_add_header(&request, "Content-Type", "application/x-www-form-urlencoded");
    request_add_header(&request, "X-Empty", "");
    return request;
}

static size_t count(const char *text, const char *words)
{
    size_t found = 0;

    for (; (text = strstr(text, words)); text += strlen(words))
        found++;
    return found;
}

#define OK "HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 4\r\n"

static void a_request_is_on_the_wire_what_the_page_sent(void **state)
{
    struct fixture *fixture = *state;
    struct request request = make_post(fixture);

    fixture->answers[0] = OK "\r\na;b\n";
    start_server(fixture);
    expect_answered(fixture, &request);
    const char *heard = end_server(fixture);
    assert_int_equal(strncmp(heard, "POST /export HTTP/1.1\r\n", 23), 0);
    assert_int_equal(count(heard, "\r\nOrigin: https://portal.example\r\n"), 1);
    assert_int_equal(count(heard, "\r\nUser-Agent: Mozilla/5.0 (X11)\r\n"), 1);
    assert_int_equal(count(heard, "\r\nUser-Agent:"), 1);
    assert_int_equal(count(heard, "\r\nContent-Type: application/x-www-form-urlencoded\r\n"), 1);
    assert_int_equal(count(heard, "\r\nContent-Length: 10\r\n"), 1);
    assert_int_equal(count(heard, "\r\nX-Empty:"), 1);
    assert_int_equal(count(heard, "Expect"), 0);
    assert_int_equal(count(heard, "Accept-Encoding"), 0);
    assert_int_equal(count(heard, "Cookie"), 0);
    assert_string_equal(heard + strlen(heard) - 10, "de=1&ate=2");
    request_done(&request);
}

static void cookies_go_where_they_belong_and_new_ones_are_kept(void **state)
{
    struct fixture *fixture = *state;
    struct request request = make_post(fixture);
    json_t *cookies = json_pack(
        "[{s:s,s:s,s:s,s:s},{s:s,s:s,s:s,s:s,s:b},{s:s,s:s,s:s,s:s},{s:s,s:s,s:s,s:s,s:f}]", "name",
        "session", "value", "old", "domain", "127.0.0.1", "path", "/", /* */
        "name", "locked", "value", "x", "domain", "elsewhere.example", "path", "/", "secure", 1,
        "name", "other", "value", "x", "domain", "127.0.0.1", "path", "/admin", /* */
        "name", "kept", "value", "k=1", "domain", "127.0.0.1", "path", "/", "expires", 4e9);

    fixture->answers[0] = OK "Set-Cookie: session=new; path=/\r\n\r\na;b\n";
    fixture->answers[1] = OK "\r\na;b\n";
    fixture->answers[2] = OK "\r\na;b\n";
    start_server(fixture);
    http_client_take_cookies(fixture->replay, cookies);
    expect_answered(fixture, &request);
    expect_answered(fixture, &request);
    json_t *none = json_array();
    http_client_take_cookies(fixture->replay, none);
    expect_answered(fixture, &request);
    const char *heard = end_server(fixture);
    assert_int_equal(fixture->requests, 3);
    assert_int_equal(fixture->connections, 1);
    assert_int_equal(count(heard, "Cookie: "), 2);
    assert_int_equal(count(heard, "session=old"), 1);
    assert_int_equal(count(heard, "session=new"), 1);
    assert_int_equal(count(heard, "kept=k=1"), 2);
    assert_int_equal(count(heard, "locked"), 0);
    assert_int_equal(count(heard, "other"), 0);
    assert_true(strstr(heard, "session=old") < strstr(heard, "session=new"));
    json_decref(cookies);
    json_decref(none);
    request_done(&request);
}

static void an_answer_is_delivered_with_what_it_says_of_itself(void **state)
{
    struct fixture *fixture = *state;
    struct request request = {.method = mem_copy("GET"), .url = mem_copy(fixture->url)};
    struct response response = {0};
    char why[RESPONSE_WHY_SIZE] = "";
    struct file_map map;
    struct error err;

    fixture->answers[0] =
        "HTTP/1.1 103 Early Hints\r\nContent-Type: text/html\r\n\r\n"
        "HTTP/1.1 200 OK\r\nContent-Length: 8\r\nContent-type: text/CSV; charset=x\r\n"
        "Content-Disposition: attachment; filename=\"r 1.csv\"\r\n\r\na;b\n1;2\n";
    start_server(fixture);
    assert_int_equal(ask(fixture, &request, &response, why), HTTP_ANSWERED);
    assert_int_equal(strncmp(end_server(fixture), "GET /export HTTP/1.1\r\n", 22), 0);
    assert_int_equal(response.status, 200);
    assert_string_equal(response.type, "text/csv");
    assert_string_equal(response.name, "r 1.csv");
    assert_int_equal(response.size, 8);
    assert_memory_equal(response.start, "a;b\n1;2\n", 9);
    assert_true(file_map_open(fixture->path, &map, &err));
    assert_int_equal(map.size, 8);
    assert_memory_equal(map.data, "a;b\n1;2\n", 8);
    file_map_close(&map);
    request_done(&request);
}

static void a_redirect_is_an_answer_and_not_followed(void **state)
{
    struct fixture *fixture = *state;
    struct request request = make_post(fixture);
    struct response response = {0};
    char why[RESPONSE_WHY_SIZE];

    fixture->answers[0] = "HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n";
    fixture->answers[1] = OK "\r\na;b\n";
    start_server(fixture);
    assert_int_equal(ask(fixture, &request, &response, why), HTTP_ANSWERED);
    end_server(fixture);
    assert_int_equal(fixture->requests, 1);
    assert_int_equal(response.status, 302);
    assert_true(response_is_elsewhere(&response));
    request_done(&request);
}

static void a_cut_answer_leaves_no_file(void **state)
{
    static const struct {
        const char *answer, *why;
    } cases[] = {
        {"HTTP/1.1 200 OK\r\nContent-length: 40\r\n\r\na;b\n",
         "transfer closed with 36 bytes remaining to read (after 4 bytes)"},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\na;b\n\r\n",
         "transfer closed with outstanding read data remaining (after 4 bytes)"},
        {"HTTP/1.1 200", "(after 0 bytes)"},
        {"", "Empty reply from server (after 0 bytes)"},
    };
    struct fixture *fixture = *state;
    struct request request = make_post(fixture);

    for (size_t i = 0; i < COUNT(cases); i++)
        fixture->answers[i] = cases[i].answer;
    start_server(fixture);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct response response = {.status = 77};
        char why[RESPONSE_WHY_SIZE] = "";
        assert_int_equal(ask(fixture, &request, &response, why), HTTP_LOST);
        if (!strstr(why, cases[i].why))
            fail_msg("expected '%s', got '%s'", cases[i].why, why);
        assert_int_equal(response.status, 77);
        assert_int_equal(access(fixture->path, F_OK), -1);
    }
    end_server(fixture);
    request_done(&request);
}

static void a_server_that_is_not_there_is_told(void **state)
{
    struct fixture *fixture = *state;
    struct request request = {.method = mem_copy("GET"), .url = mem_copy("http://127.0.0.1:9/x")};
    struct response response;
    char why[RESPONSE_WHY_SIZE] = "";

    assert_int_equal(ask(fixture, &request, &response, why), HTTP_LOST);
    assert_non_null(strstr(why, "Failed to connect to 127.0.0.1 port 9"));
    free(request.url);
    request.url = mem_copy("file:///etc/hostname");
    assert_int_equal(ask(fixture, &request, &response, why), HTTP_LOST);
    assert_non_null(strstr(why, "Protocol \"file\" not supported"));
    assert_int_equal(access(fixture->path, F_OK), -1);
    request_done(&request);
}

static void a_file_that_cannot_be_written_is_this_machines_failure(void **state)
{
    struct fixture *fixture = *state;
    struct request request = make_post(fixture);
    struct response response;
    struct error err = {0};
    struct rlimit before;
    char why[RESPONSE_WHY_SIZE];

    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    fixture->answers[0] = OK "\r\na;b\n";
    start_server(fixture);
    assert_int_equal(http_client_send(fixture->replay, &request, &deadlines, "/nowhere/file",
                                      &response, why, &err),
                     HTTP_FAILED);
    assert_int_equal(err.kind, ERROR_SYSTEM);
    assert_string_equal(err.message, "cannot create /nowhere/file: No such file or directory");
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){.rlim_cur = 2, .rlim_max = before.rlim_max});
    enum http_outcome outcome = http_client_send(fixture->replay, &request, &deadlines,
                                                 fixture->path, &response, why, &err);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_int_equal(outcome, HTTP_FAILED);
    assert_non_null(strstr(err.message, "/file: File too large"));
    assert_int_equal(access(fixture->path, F_OK), -1);
    end_server(fixture);
    request_done(&request);
}

static void a_request_goes_by_the_proxy_that_was_chosen_and_by_no_other(void **state)
{
    struct fixture *fixture = *state;
    MEM_FREE_TEXT char *proxy = mem_format("http://127.0.0.1:%d", fixture->port);
    char name[] = "http://portal.test/export";
    const struct request request = {.method = "GET", .url = name};
    struct response response;
    char why[RESPONSE_WHY_SIZE];

    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("no_proxy", "portal.test", 1);
    http_client_free(fixture->replay);
    fixture->replay = http_client_new(proxy);
    fixture->answers[0] = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na;b";
    start_server(fixture);
    assert_int_equal(ask(fixture, &request, &response, why), HTTP_ANSWERED);
    assert_int_equal(response.size, 3);
    assert_non_null(strstr(end_server(fixture), "GET http://portal.test/export HTTP/1.1\r\n"));
    unsetenv("http_proxy");
    unsetenv("no_proxy");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_request_is_on_the_wire_what_the_page_sent),
        TEST(cookies_go_where_they_belong_and_new_ones_are_kept),
        TEST(an_answer_is_delivered_with_what_it_says_of_itself),
        TEST(a_redirect_is_an_answer_and_not_followed),
        TEST(a_cut_answer_leaves_no_file),
        TEST(a_server_that_is_not_there_is_told),
        TEST(a_file_that_cannot_be_written_is_this_machines_failure),
        TEST(a_request_goes_by_the_proxy_that_was_chosen_and_by_no_other),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests_name("extract_replay", tests, NULL, NULL);
}
