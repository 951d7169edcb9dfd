/* SPDX-License-Identifier: MIT */
/* The DevTools connection, with a scripted peer instead of a browser. */
#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"
#include "extract/browser/devtools.h"
#include "tests/support/unit.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SECOND = 1000, HEARD_MAX = 512 };

/* The browser's ends of both pipes, and the events that the listener got. */
struct peer {
    struct devtools devtools;
    int reads, writes;
    char heard[HEARD_MAX];
};

static struct peer peer;

static void listen_to(void *arg, const char *session, const char *method, json_t *params)
{
    char *heard = arg;
    size_t len = strlen(heard);
    const char *name = json_string_value(json_object_get(params, "name"));

    snprintf(heard + len, HEARD_MAX - len, "%s/%s/%s ", session ? session : "-", method,
             name ? name : "-");
}

static int set_up(void **state)
{
    int there[2], back[2];

    (void)state;
    if (pipe(there) < 0 || pipe(back) < 0)
        return -1;
    peer = (struct peer){.reads = there[0], .writes = back[1]};
    devtools_init(&peer.devtools, back[0], there[1]);
    devtools_listen(&peer.devtools, listen_to, peer.heard);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    devtools_done(&peer.devtools);
    close(peer.reads);
    if (peer.writes >= 0)
        close(peer.writes);
    return 0;
}

static void say_bytes(const char *bytes, size_t len)
{
    assert_int_equal(write(peer.writes, bytes, len), (ssize_t)len);
}

static void say(const char *message)
{
    say_bytes(message, strlen(message) + 1);
}

static void hang_up(void)
{
    close(peer.writes);
    peer.writes = -1;
}

static void expect_asked(const char *expected)
{
    char text[4096];
    ssize_t got = read(peer.reads, text, sizeof(text));

    assert_true(got > 0);
    assert_int_equal(text[got - 1], '\0');
    assert_string_equal(text, expected);
}

/* Calls a method and asserts the member "value" of its result. */
static void expect_answer(const char *expected)
{
    struct error err = {0};
    json_t *result = NULL;

    if (!devtools_call(&peer.devtools, "S", "Do.it", NULL, clock_ms() + SECOND, &result, &err))
        fail_msg("%s", err.message);
    assert_string_equal(json_string_value(json_object_get(result, "value")), expected);
    json_decref(result);
}

static void expect_failure(int64_t ms, enum error_kind kind, const char *words)
{
    struct error err = {0};

    assert_false(devtools_call(&peer.devtools, NULL, "Do.it", NULL, clock_ms() + ms, NULL, &err));
    if (err.kind != kind || !strstr(err.message, words))
        fail_msg("expected %s with '%s', got %s: %s", error_kind_name(kind), words,
                 error_kind_name(err.kind), err.message);
}

static void a_call_is_one_message_ended_by_a_nul(void **state)
{
    (void)state;
    say("{\"id\":1,\"result\":{\"value\":\"yes\"}}");
    expect_answer("yes");
    expect_asked("{\"id\":1,\"method\":\"Do.it\",\"sessionId\":\"S\"}");
    struct error err;
    say("{\"id\":2,\"result\":{}}");
    assert_true(devtools_call(&peer.devtools, NULL, "Do.more",
                              json_pack("{s:s}", "text", "a\"b\xC3\xA7"), clock_ms() + SECOND, NULL,
                              &err));
    expect_asked("{\"id\":2,\"method\":\"Do.more\",\"params\":{\"text\":\"a\\\"b\xC3\xA7\"}}");
}

static void *drip(void *text)
{
    const char *message = text;

    for (size_t i = 0; i <= strlen(message); i++)
        say_bytes(message + i, 1);
    return NULL;
}

static void an_answer_may_come_byte_by_byte(void **state)
{
    (void)state;
    char message[] = "{\"id\":1,\"result\":{\"value\":\"slow\"}}";
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, drip, message), 0);
    expect_answer("slow");
    pthread_join(thread, NULL);
}

static void two_messages_may_come_in_one_read(void **state)
{
    (void)state;
    static const char both[] = "{\"method\":\"A.b\",\"params\":{\"name\":\"x\"}}\0"
                               "{\"id\":1,\"result\":{\"value\":\"both\"}}\0"
                               "{\"id\":2,\"res";
    static const char rest[] = "ult\":{\"value\":\"rest\"}}";

    say_bytes(both, sizeof(both) - 1);
    expect_answer("both");
    assert_string_equal(peer.heard, "-/A.b/x ");
    say_bytes(rest, sizeof(rest));
    expect_answer("rest");
}

static void events_are_handed_on_while_an_answer_is_awaited(void **state)
{
    (void)state;
    say("{\"method\":\"A.one\",\"sessionId\":\"T\",\"params\":{\"name\":\"x\"}}");
    say("{\"method\":\"A.two\"}");
    say("{\"id\":1,\"result\":{\"value\":\"done\"}}");
    say("{\"method\":\"A.three\"}");
    expect_answer("done");
    assert_string_equal(peer.heard, "T/A.one/x -/A.two/- -/A.three/- ");
}

static bool both_answers_came(void *arg)
{
    const struct devtools_reply *replies = arg;

    return replies[0].done && replies[1].done;
}

static void answers_may_come_out_of_order(void **state)
{
    (void)state;
    struct devtools_reply replies[2];
    struct error err;

    devtools_start(&peer.devtools, &replies[0], NULL, "First.call", NULL);
    devtools_start(&peer.devtools, &replies[1], NULL, "Second.call", NULL);
    say("{\"id\":2,\"result\":{\"value\":\"second\"}}");
    say("{\"method\":\"A.b\"}");
    say("{\"id\":1,\"error\":{\"code\":-32000,\"message\":\"first is refused\"}}");
    assert_int_equal(
        devtools_wait(&peer.devtools, both_answers_came, replies, clock_ms() + SECOND, &err),
        DEVTOOLS_MET);
    assert_string_equal(replies[0].refusal, "first is refused");
    assert_null(replies[0].result);
    assert_string_equal(json_string_value(json_object_get(replies[1].result, "value")), "second");
    assert_null(replies[1].refusal);
    devtools_forget(&peer.devtools, &replies[0]);
    devtools_forget(&peer.devtools, &replies[1]);
}

static void an_answer_that_nobody_awaits_is_dropped(void **state)
{
    (void)state;
    struct devtools_reply reply;

    devtools_start(&peer.devtools, &reply, NULL, "First.call", NULL);
    devtools_forget(&peer.devtools, &reply);
    devtools_send(&peer.devtools, NULL, "Second.call", NULL);
    say("{\"id\":1,\"result\":{}}");
    say("{\"id\":2,\"error\":{\"message\":\"no\"}}");
    say("{\"id\":77,\"result\":{}}");
    say("{\"id\":3,\"result\":{\"value\":\"third\"}}");
    expect_answer("third");
}

/* 2^32 + 1, which 32 bits would cut to 1. */
static void an_id_that_no_call_had_is_not_cut_to_one(void **state)
{
    (void)state;
    say("{\"id\":4294967297,\"result\":{\"value\":\"stray\"}}");
    say("{\"id\":1,\"result\":{\"value\":\"ours\"}}");
    expect_answer("ours");
}

static void a_refusal_is_an_error_with_the_browsers_words(void **state)
{
    (void)state;
    say("{\"id\":1,\"error\":{\"code\":-32601,\"message\":\"'Do.it' wasn't found\"}}");
    expect_failure(SECOND, ERROR_PORTAL, "the browser refused Do.it: 'Do.it' wasn't found");
    say("{\"id\":2,\"result\":{\"value\":\"still here\"}}");
    expect_answer("still here");
}

static void garbage_breaks_the_conversation_for_good(void **state)
{
    (void)state;
    say("<html>");
    say("{\"id\":1,\"result\":{}}");
    expect_failure(SECOND, ERROR_SYSTEM, "no JSON");
    say("{\"id\":2,\"result\":{}}");
    expect_failure(SECOND, ERROR_SYSTEM, "no JSON");
}

static void json_that_is_no_object_is_garbage(void **state)
{
    (void)state;
    say("[1]");
    expect_failure(SECOND, ERROR_SYSTEM, "no JSON");
}

static void a_browser_that_dies_is_noticed_at_once(void **state)
{
    (void)state;
    int64_t began = clock_ms();

    say_bytes("{\"id\":1,", 8);
    hang_up();
    expect_failure(60 * SECOND, ERROR_SYSTEM, "the browser ended unexpectedly");
    assert_true(clock_ms() - began < SECOND);
}

static void the_last_words_of_a_dying_browser_count(void **state)
{
    (void)state;
    say("{\"id\":1,\"result\":{\"value\":\"farewell\"}}");
    hang_up();
    expect_answer("farewell");
    expect_failure(SECOND, ERROR_SYSTEM, "the browser ended unexpectedly");
}

static void a_browser_that_stopped_reading_is_dead(void **state)
{
    (void)state;
    close(peer.reads);
    expect_failure(SECOND, ERROR_SYSTEM, "the browser ended unexpectedly");
    peer.reads = open("/dev/null", O_RDONLY);
}

static void silence_ends_at_the_deadline(void **state)
{
    (void)state;
    int64_t began = clock_ms();

    say("{\"method\":\"A.b\"}");
    expect_failure(50, ERROR_PORTAL, "the browser did not answer Do.it in time");
    assert_true(clock_ms() - began >= 50);
    say("{\"id\":1,\"result\":{\"value\":\"too late\"}}");
    say("{\"id\":2,\"result\":{\"value\":\"in time\"}}");
    expect_answer("in time");
}

static void *pour(void *arg)
{
    size_t size = DEVTOOLS_MESSAGE_MAX + 1;
    char *bytes = mem_alloc(size);

    (void)arg;
    memset(bytes, 'x', size);
    for (size_t sent = 0; sent < size;) {
        ssize_t now = write(peer.writes, bytes + sent, size - sent);
        if (now < 0)
            break;
        sent += (size_t)now;
    }
    free(bytes);
    return NULL;
}

static void a_message_without_end_is_refused(void **state)
{
    (void)state;
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, pour, NULL), 0);
    expect_failure(60 * SECOND, ERROR_SYSTEM, "larger than 64 MiB");
    pthread_join(thread, NULL);
}

static void *swallow_and_answer(void *arg)
{
    char bytes[4096];
    ssize_t got;

    (void)arg;
    do
        got = read(peer.reads, bytes, sizeof(bytes));
    while (got > 0 && bytes[got - 1] != '\0');
    say("{\"id\":1,\"result\":{}}");
    return NULL;
}

static void a_call_larger_than_the_pipe_is_sent_while_waiting(void **state)
{
    (void)state;
    enum { LARGE = 1 << 20 };
    char *large = mem_alloc(LARGE + 1);
    pthread_t thread;
    struct error err = {0};

    memset(large, 'y', LARGE);
    assert_int_equal(pthread_create(&thread, NULL, swallow_and_answer, NULL), 0);
    if (!devtools_call(&peer.devtools, NULL, "Do.it", json_pack("{s:s}", "text", large),
                       clock_ms() + 5 * SECOND, NULL, &err))
        fail_msg("%s", err.message);
    pthread_join(thread, NULL);
    free(large);
}

static bool is_never_done(void *arg)
{
    (void)arg;
    return false;
}

static void a_stop_signal_wakes_the_wait(void **state)
{
    (void)state;
    pid_t pid = fork(); /* a stop cannot be undone, so a child process gets it */
    int status;

    if (pid == 0) {
        struct error err = {0};
        if (!stop_install(&err))
            _exit(1);
        say("{\"method\":\"A.b\"}");
        raise(SIGTERM);
        enum devtools_outcome outcome =
            devtools_wait(&peer.devtools, is_never_done, NULL, clock_ms() + 60 * SECOND, &err);
        _exit(outcome == DEVTOOLS_FAILED && err.kind == ERROR_STOPPED ? 42 : 2);
    }
    int64_t began = clock_ms();
    waitpid(pid, &status, 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 42);
    assert_true(clock_ms() - began < 5 * SECOND);
}

static void a_stop_signal_reaches_a_wait_under_way(void **state)
{
    (void)state;
    int status, ready[2];
    char byte;

    assert_int_equal(pipe(ready), 0);
    pid_t pid = fork();
    if (pid == 0) {
        struct error err = {0};
        if (!stop_install(&err) || write(ready[1], "", 1) != 1)
            _exit(1);
        enum devtools_outcome outcome =
            devtools_wait(&peer.devtools, is_never_done, NULL, clock_ms() + 60 * SECOND, &err);
        _exit(outcome == DEVTOOLS_FAILED && err.kind == ERROR_STOPPED ? 42 : 2);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    kill(pid, SIGINT);
    waitpid(pid, &status, 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 42);
    close(ready[0]);
    close(ready[1]);
}

static void a_zeroed_conversation_can_be_ended(void **state)
{
    (void)state;
    struct devtools devtools = {0};

    devtools_done(&devtools);
    /* Descriptor 0 is not the connection's, so it stays open. */
    assert_true(fcntl(STDIN_FILENO, F_GETFD) >= 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_call_is_one_message_ended_by_a_nul),
        TEST(an_answer_may_come_byte_by_byte),
        TEST(two_messages_may_come_in_one_read),
        TEST(events_are_handed_on_while_an_answer_is_awaited),
        TEST(answers_may_come_out_of_order),
        TEST(an_answer_that_nobody_awaits_is_dropped),
        TEST(an_id_that_no_call_had_is_not_cut_to_one),
        TEST(a_refusal_is_an_error_with_the_browsers_words),
        TEST(garbage_breaks_the_conversation_for_good),
        TEST(json_that_is_no_object_is_garbage),
        TEST(a_browser_that_dies_is_noticed_at_once),
        TEST(the_last_words_of_a_dying_browser_count),
        TEST(a_browser_that_stopped_reading_is_dead),
        TEST(silence_ends_at_the_deadline),
        TEST(a_message_without_end_is_refused),
        TEST(a_call_larger_than_the_pipe_is_sent_while_waiting),
        TEST(a_stop_signal_wakes_the_wait),
        TEST(a_stop_signal_reaches_a_wait_under_way),
        TEST(a_zeroed_conversation_can_be_ended),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests_name("devtools", tests, NULL, NULL);
}
