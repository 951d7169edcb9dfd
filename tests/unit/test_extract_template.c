/* SPDX-License-Identifier: MIT */
/* Request templates: finding a window's days in a request, and making the request of another
 * window. */
#include "extract/replay/template.h"

#include "base/date.h"
#include "base/mem.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

#define URL "https://portal.example/relatorios.php"

static int32_t day(const char *iso)
{
    int32_t made = 0;

    assert_true(date_parse_iso(iso, strlen(iso), &made));
    return made;
}

/* Makes a request that points to these texts and owns no memory. */
static struct request make_request(const char *url, const char *body)
{
    return (struct request){
        .method = (char *)(body ? "POST" : "GET"),
        .url = (char *)url,
        .body = (char *)body,
        .body_len = body ? strlen(body) : 0,
    };
}

static struct template learn(const char *url, const char *body, const char *first, const char *last)
{
    const struct request request = make_request(url, body);
    struct template template = {0};
    const char *why = NULL;

    if (!template_learn(&request, day(first), day(last), &template, &why))
        fail_msg("%s %s: %s", url, body ? body : "", why);
    return template;
}

static void expect_filled(const struct template *template, const char *first, const char *last,
                          const char *url, const char *body)
{
    struct request request;

    template_fill(template, day(first), day(last), &request);
    assert_string_equal(request.url, url);
    if (body)
        assert_string_equal(request.body, body);
    else
        assert_null(request.body);
    assert_int_equal(request.body_len, body ? strlen(body) : 0);
    request_done(&request);
}

static void every_spelling_of_a_day_is_found_and_replaced(void **state)
{
    static const struct {
        const char *url, *body;             /* for 2026-10-24 to 2026-11-23 */
        const char *other_url, *other_body; /* for 2022-03-01 to 2022-04-05 */
    } cases[] = {
        {URL, "tipo=tudo&de=2026-10-24&ate=2026-11-23&x=1", URL,
         "tipo=tudo&de=2022-03-01&ate=2022-04-05&x=1"},
        {URL, "de=24/10/2026&ate=23/11/2026", URL, "de=01/03/2022&ate=05/04/2022"},
        {URL, "de=24%2F10%2F2026&ate=23%2F11%2F2026", URL, "de=01%2F03%2F2022&ate=05%2F04%2F2022"},
        {URL, "de=24%2f10%2f2026&ate=23%2f11%2f2026", URL, "de=01%2f03%2f2022&ate=05%2f04%2f2022"},
        {URL, "de=24-10-2026&ate=23-11-2026", URL, "de=01-03-2022&ate=05-04-2022"},
        {URL, "de=24102026&ate=23112026", URL, "de=01032022&ate=05042022"},
        {URL, "de=20261024&ate=20261123", URL, "de=20220301&ate=20220405"},
        {URL "?de=2026-10-24&ate=2026-11-23", NULL, URL "?de=2022-03-01&ate=2022-04-05", NULL},
        {URL "/20261024/20261123.csv", NULL, URL "/20220301/20220405.csv", NULL},
        {URL "?de=24%2F10%2F2026", "ate=20261123", URL "?de=01%2F03%2F2022", "ate=20220405"},
        {URL, "{\"periodo\":[\"2026-10-24T00:00:00\",\"2026-11-23T23:59:59\"]}", URL,
         "{\"periodo\":[\"2022-03-01T00:00:00\",\"2022-04-05T23:59:59\"]}"},
        /* Last before first; a range in one field; blanks escaped; a part of a multipart body. */
        {URL, "ate=2026-11-23&de=2026-10-24", URL, "ate=2022-04-05&de=2022-03-01"},
        {URL, "periodo=24%2F10%2F2026%20-%2023%2F11%2F2026", URL,
         "periodo=01%2F03%2F2022%20-%2005%2F04%2F2022"},
        {URL, "p=%3D20261024%2020261123%3B", URL, "p=%3D20220301%2020220405%3B"},
        {URL, "--b4e\r\n\r\n2026-10-24\r\n--b4e\r\n\r\n2026-11-23\r\n--b4e--\r\n", URL,
         "--b4e\r\n\r\n2022-03-01\r\n--b4e\r\n\r\n2022-04-05\r\n--b4e--\r\n"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct template template = learn(cases[i].url, cases[i].body, "2026-10-24", "2026-11-23");
        assert_true(template.certain);
        expect_filled(&template, "2022-03-01", "2022-04-05", cases[i].other_url,
                      cases[i].other_body);
        expect_filled(&template, "2026-10-24", "2026-11-23", cases[i].url, cases[i].body);
        template_done(&template);
    }
}

static void a_window_of_one_day_is_filled_in_but_not_learned_from(void **state)
{
    struct request request = make_request(URL, "de=2026-10-24&ate=2026-10-24");
    struct template none = {0};
    const char *why = NULL;

    (void)state;
    assert_false(template_learn(&request, day("2026-10-24"), day("2026-10-24"), &none, &why));
    assert_string_equal(why, "a window of one day does not tell its first day from its last");
    struct template template =
        learn(URL, "ate=2026-11-23&de=2026-10-24", "2026-10-24", "2026-11-23");
    expect_filled(&template, "2022-03-01", "2022-03-01", URL, "ate=2022-03-01&de=2022-03-01");
    template_done(&template);
}

static void days_that_are_not_the_windows_stay(void **state)
{
    static const char body[] = "hoje=2026-11-24&inicio=01%2F03%2F2022&de=2026-10-24&"
                               "ate=2026-11-23&versao=20261022";
    struct template template = learn(URL, body, "2026-10-24", "2026-11-23");

    (void)state;
    expect_filled(&template, "2024-01-01", "2024-01-31", URL,
                  "hoje=2026-11-24&inicio=01%2F03%2F2022&de=2024-01-01&ate=2024-01-31&"
                  "versao=20261022");
    template_done(&template);
}

static void digits_of_a_longer_number_are_no_day(void **state)
{
    static const char *const bodies[] = {
        "de=2026-10-24&t=20261123101500",
        "de=2026-10-24&t=120261123",
        "de=2026-10-24&id=a20261123",
        "de=2026-10-24&id=20261123f",
        "de=2026-10-24&t=2026-11-2311",
        "de=2026-10-24&t=12026-11-23",
        "de=2026-10-24&t=23%2F11%2F20261",
        "de=2026-10-24",
        "",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(bodies); i++) {
        struct request request = make_request(URL, bodies[i]);
        struct template none = {0};
        const char *why = NULL;
        if (template_learn(&request, day("2026-10-24"), day("2026-11-23"), &none, &why))
            fail_msg("'%s' has become a template", bodies[i]);
        assert_string_equal(why, "its days are not both in the request");
        assert_false(template_holds(&request, day("2026-10-24"), day("2026-11-23")));
        assert_null(none.places);
    }
}

static void days_that_share_digits_are_no_places_for_others(void **state)
{
    struct request request = make_request(URL, "periodo=24-10-2026-11-23");
    struct template none = {0};
    const char *why = NULL;

    (void)state;
    assert_false(template_learn(&request, day("2026-10-24"), day("2026-11-23"), &none, &why));
    assert_string_equal(why, "its days have digits in common");
    assert_null(none.places);
}

#define TWO_WINDOWS "2026-10-24", "2026-11-23"

/* The second window is 2026-11-23 to 2026-12-20. */
static bool confirm(struct template *template, const char *body, const char **why)
{
    const struct request request = make_request(URL, body);

    return template_confirm(template, &request, day("2026-11-23"), day("2026-12-20"), why);
}

static void a_day_in_two_places_waits_for_a_second_window(void **state)
{
    static const struct {
        const char *first, *second, *third; /* of 2022-03-01 to 2022-03-31 */
    } cases[] = {
        /* One field in two spellings: both follow the window. */
        {"de=2026-10-24&ate=2026-11-23&de_br=24/10/2026&ate_br=23/11/2026",
         "de=2026-11-23&ate=2026-12-20&de_br=23/11/2026&ate_br=20/12/2026",
         "de=2022-03-01&ate=2022-03-31&de_br=01/03/2022&ate_br=31/03/2022"},
        /* Another field was equal by chance and does not follow. */
        {"de=2026-10-24&ate=2026-11-23&hoje=2026-11-23",
         "de=2026-11-23&ate=2026-12-20&hoje=2026-11-23",
         "de=2022-03-01&ate=2022-03-31&hoje=2026-11-23"},
        {"min=2026-10-24&de=2026-10-24&ate=2026-11-23&ate=2026-11-23&x=23112026",
         "min=2026-10-24&de=2026-11-23&ate=2026-12-20&ate=2026-12-20&x=23112026",
         "min=2026-10-24&de=2022-03-01&ate=2022-03-31&ate=2022-03-31&x=23112026"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct template template = learn(URL, cases[i].first, TWO_WINDOWS);
        const char *why = "";
        assert_false(template.certain);
        if (!confirm(&template, cases[i].second, &why))
            fail_msg("%s: %s", cases[i].second, why);
        assert_true(template.certain);
        expect_filled(&template, "2022-03-01", "2022-03-31", URL, cases[i].third);
        template_done(&template);
    }
}

static void two_windows_requests_may_differ_in_their_days_only(void **state)
{
    static const struct {
        const char *second, *why;
    } cases[] = {
        {"k=b&de=2026-11-23&ate=2026-12-20&ate=2026-12-20",
         "two windows' requests differ in more than their days"},
        {"k=aa&de=2026-11-23&ate=2026-12-20&ate=2026-12-20",
         "two windows' requests differ in more than their days"},
        {"k=a&de=2026-11-23&ate=2026-12-20&ate=2026-12-19",
         "two windows' requests differ in more than their days"},
        {"k=a&de=2026-10-24&ate=2026-12-20&ate=2026-12-20",
         "the window's days are not both in the request"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct template template =
            learn(URL, "k=a&de=2026-10-24&ate=2026-11-23&ate=2026-11-23", TWO_WINDOWS);
        const char *why = "nothing";
        assert_false(confirm(&template, cases[i].second, &why));
        assert_string_equal(why, cases[i].why);
        template_done(&template);
    }
}

static void a_window_that_shares_a_day_leaves_the_question_open(void **state)
{
    static const char body[] = "de=2026-10-24&ate=2026-11-23&hoje=2026-11-23";
    struct template template = learn(URL, body, TWO_WINDOWS);
    struct request other = make_request(URL, "de=2026-10-01&ate=2026-11-23&hoje=2026-11-23");
    const char *why = NULL;

    (void)state;
    assert_true(template_confirm(&template, &other, day("2026-10-01"), day("2026-11-23"), &why));
    assert_false(template.certain);
    template_done(&template);
}

static void headers_travel_but_those_of_a_connection_do_not(void **state)
{
    static const char *const sent[][2] = {
        {"Origin", "https://portal.example"},
        {"host", "portal.example"},
        {"Cookie", "PHPSESSID=x"},
        {"X-Requested-With", "XMLHttpRequest"},
        {":authority", "portal.example"},
        {"content-length", "12"},
        {"Accept-Encoding", "gzip"},
        {"Connection", "keep-alive"},
        {"User-Agent", "Mozilla"},
        {"Expect", "100-continue"},
    };
    static const char *const kept[] = {"Origin", "X-Requested-With", "User-Agent"};
    struct request request = {.method = mem_copy("POST"),
                              .url = mem_copy(URL),
                              .body = mem_copy("2026-10-24 2026-11-23"),
                              .body_len = 21};
    struct template template;
    struct request filled;
    const char *why;

    (void)state;
    for (size_t i = 0; i < COUNT(sent); i++)
        request_add_header(&request, sent[i][0], sent[i][1]);
    assert_true(template_learn(&request, day("2026-10-24"), day("2026-11-23"), &template, &why));
    request_done(&request);
    template_fill(&template, day("2026-01-01"), day("2026-01-02"), &filled);
    assert_string_equal(filled.method, "POST");
    assert_int_equal(filled.header_count, COUNT(kept));
    for (size_t i = 0; i < COUNT(kept); i++)
        assert_string_equal(filled.headers[i].name, kept[i]);
    assert_string_equal(filled.headers[2].value, "Mozilla");
    request_done(&filled);
    template_done(&template);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_spelling_of_a_day_is_found_and_replaced),
        cmocka_unit_test(a_window_of_one_day_is_filled_in_but_not_learned_from),
        cmocka_unit_test(days_that_are_not_the_windows_stay),
        cmocka_unit_test(digits_of_a_longer_number_are_no_day),
        cmocka_unit_test(days_that_share_digits_are_no_places_for_others),
        cmocka_unit_test(a_day_in_two_places_waits_for_a_second_window),
        cmocka_unit_test(two_windows_requests_may_differ_in_their_days_only),
        cmocka_unit_test(a_window_that_shares_a_day_leaves_the_question_open),
        cmocka_unit_test(headers_travel_but_those_of_a_connection_do_not),
    };

    return cmocka_run_group_tests_name("extract_template", tests, NULL, NULL);
}
