/* SPDX-License-Identifier: MIT */
/* The choice of the request to repeat among a page's requests, with hand-made browser events. */
#include "extract/replay/capture.h"

#include "base/date.h"
#include "base/mem.h"
#include "tests/support/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ORIGIN "https://portal.example"
#define BOTH "de=2026-10-24&ate=2026-11-23"
#define CSV "'content-type':'text/csv','Content-Disposition':'attachment; filename=r.csv'"

static const struct names files = {.items = (const char *const[]){"r*.csv"}, .count = 1};

/* A page whose browser the test plays: it calls the page's observer. */
struct fixture {
    struct devtools devtools;
    struct page page;
    struct capture capture;
    int to_us, from_us;
};

static int open_fixture(void **state)
{
    struct fixture *fixture = mem_alloc(sizeof(*fixture));
    int in[2], out[2];

    if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0)
        return -1;
    devtools_init(&fixture->devtools, in[0], out[1]);
    fixture->to_us = in[1];
    fixture->from_us = out[0];
    fixture->page.devtools = &fixture->devtools;
    capture_begin(&fixture->capture, &fixture->page, ORIGIN, date_from_civil(2026, 10, 24),
                  date_from_civil(2026, 11, 23));
    *state = fixture;
    return 0;
}

static int close_fixture(void **state)
{
    struct fixture *fixture = *state;

    capture_done(&fixture->capture);
    assert_null(fixture->page.observer);
    devtools_done(&fixture->devtools);
    close(fixture->to_us);
    close(fixture->from_us);
    free(fixture);
    return 0;
}

/* Sends an event. In `params`, ' stands for ", so that JSON is readable in C. */
static void tell(struct fixture *fixture, const char *method, const char *params)
{
    MEM_FREE_TEXT char *text = mem_copy(params);

    for (char *c = text; *c; c++)
        if (*c == '\'')
            *c = '"';
    json_t *json = json_loads(text, 0, NULL);
    assert_non_null(json);
    fixture->page.observer(fixture->page.observer_arg, "S", method, json);
    json_decref(json);
}

static void tell_sent(struct fixture *fixture, const char *id, const char *method, const char *url,
                      const char *body)
{
    MEM_FREE_TEXT char *post =
        body ? mem_format(",'hasPostData':true,'postData':'%s'", body) : mem_copy("");
    MEM_FREE_TEXT char *params = mem_format("{'requestId':'%s','request':{'method':'%s','url':'%s',"
                                            "'headers':{'Accept':'text/html'}%s}}",
                                            id, method, url, post);

    tell(fixture, "Network.requestWillBeSent", params);
}

static void tell_answered(struct fixture *fixture, const char *id, int status, const char *headers)
{
    MEM_FREE_TEXT char *params = mem_format(
        "{'requestId':'%s','response':{'status':%d,'headers':{%s}}}", id, status, headers);

    tell(fixture, "Network.responseReceived", params);
}

static void expect_none(struct fixture *fixture, const char *words)
{
    struct request request = {0};
    struct response answer;
    char why[RESPONSE_WHY_SIZE] = "";

    if (capture_take(&fixture->capture, &files, &request, &answer, why))
        fail_msg("caught in spite of '%s'", words);
    assert_string_equal(why, words);
    assert_null(request.url);
}

static void expect_caught(struct fixture *fixture, struct request *request)
{
    struct response answer = {0};
    char why[RESPONSE_WHY_SIZE] = "";

    if (!capture_take(&fixture->capture, &files, request, &answer, why))
        fail_msg("%s", why);
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.type, "text/csv");
    assert_string_equal(answer.name, "r.csv");
}

static void a_form_post_is_caught_with_the_headers_that_were_really_sent(void **state)
{
    struct fixture *fixture = *state;
    struct request request;

    tell_sent(fixture, "1", "GET", ORIGIN "/logo.png", NULL);
    tell_sent(fixture, "2", "POST", ORIGIN "/export", BOTH);
    tell(fixture, "Network.requestWillBeSentExtraInfo",
         "{'requestId':'2','headers':{'Origin':'" ORIGIN "','Cookie':'s=1','Host':'h'}}");
    tell_answered(fixture, "2", 200, CSV);
    expect_caught(fixture, &request);
    assert_string_equal(request.method, "POST");
    assert_string_equal(request.url, ORIGIN "/export");
    assert_string_equal(request.body, BOTH);
    assert_int_equal(request.header_count, 1);
    assert_string_equal(request.headers[0].name, "Origin");
    request_done(&request);
}

static void days_in_the_address_are_enough(void **state)
{
    struct fixture *fixture = *state;
    struct request request;

    tell_sent(fixture, "1", "GET", ORIGIN "/export?" BOTH, NULL);
    tell_answered(fixture, "1", 200, CSV);
    expect_caught(fixture, &request);
    assert_string_equal(request.method, "GET");
    assert_null(request.body);
    /* The headers of the first event, as no extra ones came. */
    assert_string_equal(request.headers[0].name, "Accept");
    request_done(&request);
}

static void a_body_that_was_not_told_is_asked_for(void **state)
{
    static const char answer[] = "{\"id\":1,\"result\":{\"postData\":\"" BOTH "\"}}";
    struct fixture *fixture = *state;
    struct request request;
    char asked[512] = "";

    tell(fixture, "Network.requestWillBeSent",
         "{'requestId':'7','request':{'method':'POST','url':'" ORIGIN "/x','hasPostData':true}}");
    assert_true(read(fixture->from_us, asked, sizeof(asked) - 1) > 0);
    assert_non_null(strstr(asked, "\"Network.getRequestPostData\""));
    assert_non_null(strstr(asked, "\"requestId\":\"7\""));
    assert_non_null(strstr(asked, "\"sessionId\":\"S\""));
    tell_answered(fixture, "7", 200, CSV);
    assert_int_equal(write(fixture->to_us, answer, sizeof(answer)), sizeof(answer));
    expect_caught(fixture, &request);
    assert_string_equal(request.body, BOTH);
    request_done(&request);
}

static void a_request_without_both_days_is_none(void **state)
{
    struct fixture *fixture = *state;

    tell_sent(fixture, "1", "POST", ORIGIN "/export", "de=2026-10-24&ate=2026-11-22");
    tell_sent(fixture, "2", "GET", ORIGIN "/file?token=8f3a", NULL);
    tell_answered(fixture, "2", 200, CSV);
    expect_none(fixture, "no request of the page holds both days");
}

static void a_queued_job_is_none(void **state)
{
    struct fixture *fixture = *state;

    tell_sent(fixture, "1", "POST", ORIGIN "/jobs", BOTH);
    tell_answered(fixture, "1", 200, "'content-type':'application/json'");
    tell_sent(fixture, "2", "GET", ORIGIN "/jobs/1/file", NULL);
    tell_answered(fixture, "2", 200, CSV);
    expect_none(fixture, "the request with both days was answered with application/json instead of "
                         "a file");
}

static void a_request_that_is_sent_on_is_none(void **state)
{
    struct fixture *fixture = *state;

    tell_sent(fixture, "1", "POST", ORIGIN "/export", BOTH);
    tell_sent(fixture, "1", "GET", ORIGIN "/file/8f3a", NULL);
    tell_answered(fixture, "1", 200, CSV);
    expect_none(fixture, "the portal sends the export's request on to another one");
}

static void two_requests_with_both_days_are_none(void **state)
{
    struct fixture *fixture = *state;

    tell_sent(fixture, "1", "POST", ORIGIN "/check", BOTH);
    tell_answered(fixture, "1", 200, "'content-type':'application/json'");
    tell_sent(fixture, "2", "POST", ORIGIN "/export", BOTH);
    tell_answered(fixture, "2", 200, CSV);
    expect_none(fixture, "several requests of the page hold both days");
}

static void another_origins_request_is_none(void **state)
{
    struct fixture *fixture = *state;

    tell_sent(fixture, "1", "POST", "https://files.example/export", BOTH);
    tell_answered(fixture, "1", 200, CSV);
    expect_none(fixture, "the export goes to another origin than SIGOS_URL's");
}

static void another_origins_request_beside_the_export_does_not_matter(void **state)
{
    struct fixture *fixture = *state;
    struct request request;

    tell_sent(fixture, "1", "POST", "http://portal.example/counter", BOTH); /* http, not https */
    tell_sent(fixture, "2", "POST", "https://PORTAL.example:443/export", BOTH);
    tell_answered(fixture, "2", 200, CSV);
    expect_caught(fixture, &request);
    assert_string_equal(request.url, "https://PORTAL.example:443/export");
    request_done(&request);
}

static void another_method_is_none(void **state)
{
    struct fixture *fixture = *state;

    tell_sent(fixture, "1", "PUT", ORIGIN "/export", BOTH);
    tell_answered(fixture, "1", 200, CSV);
    expect_none(fixture, "the export is asked for by neither GET nor POST");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_form_post_is_caught_with_the_headers_that_were_really_sent),
        TEST(days_in_the_address_are_enough),
        TEST(a_body_that_was_not_told_is_asked_for),
        TEST(a_request_without_both_days_is_none),
        TEST(a_queued_job_is_none),
        TEST(a_request_that_is_sent_on_is_none),
        TEST(two_requests_with_both_days_are_none),
        TEST(another_origins_request_is_none),
        TEST(another_origins_request_beside_the_export_does_not_matter),
        TEST(another_method_is_none),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests_name("extract_capture", tests, NULL, NULL);
}
