/* SPDX-License-Identifier: MIT */
/* Verdicts on requests: shared by the sessions of a run, and compared for equality. */
#include "extract/replay/verdicts.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

static struct request make(const char *url, const char *body, const char *header)
{
    struct request request = {
        .method = strdup("POST"),
        .url = strdup(url),
        .body = strdup(body),
        .body_len = strlen(body),
    };

    request_add_header(&request, "X-Token", header);
    return request;
}

static void only_tokens_may_be_others(void **state)
{
    static const struct {
        const char *url, *body, *header;
        bool alike;
    } cases[] = {
        {"http://host/r?a=1", "de=2022-03-01&csrf=3f9a0c1177be25d0aa", "tok", true},
        {"http://host/r?a=1", "de=2022-03-01&csrf=00ffee99882133445566", "tok", true},
        {"http://host/r?a=2", "de=2022-03-01&csrf=3f9a0c1177be25d0aa", "tok", false},
        {"http://host/s?a=1", "de=2022-03-01&csrf=3f9a0c1177be25d0aa", "tok", false},
        {"http://host/r?a=1", "de=2022-03-02&csrf=3f9a0c1177be25d0aa", "tok", false},
        {"http://host/r?a=1", "ate=2022-03-01&csrf=3f9a0c1177be25d0aa", "tok", false},
        {"http://host/r?a=1", "de=2022-03-01&csrf=short0123456789", "tok", false},
        {"http://host/r?a=1", "de=2022-03-01&csrf=wordsWithoutDigitsInThem", "tok", false},
        {"http://host/r?a=1", "de=2022-03-01", "tok", false},
        {"http://host/r?a=1", "de=2022-03-01&csrf=3f9a0c1177be25d0aa&x=1", "tok", false},
        {"http://host/r?a=1", "de=2022-03-01&csrf=3f9a0c1177be25d0aa", "key", false},
    };
    struct request known = make(cases[0].url, cases[0].body, cases[0].header);

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct request other = make(cases[i].url, cases[i].body, cases[i].header);
        if (request_is_alike(&known, &other) != cases[i].alike ||
            request_is_alike(&other, &known) != cases[i].alike)
            fail_msg("case %zu", i);
        request_done(&other);
    }
    struct request other = make(cases[0].url, cases[0].body, cases[0].header);
    other.method[0] = 'G';
    assert_false(request_is_alike(&known, &other));
    request_done(&other);
    request_done(&known);
}

static void one_tries_and_the_others_wait_for_what_comes_of_it(void **state)
{
    static const enum verdict answers[] = {VERDICT_GIVEN, VERDICT_DENIED};
    const struct report report = {0}, another = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++) {
        struct verdicts *verdicts = verdicts_new();
        struct request mine = make("http://host/", "csrf=3f9a0c1177be25d0aa", "x");
        struct request yours = make("http://host/", "csrf=ffffffffffffffff00", "x");
        assert_int_equal(verdicts_ask(verdicts, &report, &mine), VERDICT_WANTED);
        assert_int_equal(verdicts_ask(verdicts, &report, &yours), VERDICT_AWAITED);
        assert_int_equal(verdicts_ask(verdicts, &another, &yours), VERDICT_WANTED);
        verdicts_answer(verdicts, &report, &mine, answers[i]);
        assert_int_equal(verdicts_ask(verdicts, &report, &yours), answers[i]);
        assert_int_equal(verdicts_ask(verdicts, &another, &mine), VERDICT_AWAITED);
        request_done(&mine);
        request_done(&yours);
        verdicts_free(verdicts);
    }
}

static void what_one_could_not_find_out_another_may_try(void **state)
{
    const struct report report = {0};
    struct verdicts *verdicts = verdicts_new();
    struct request request = make("http://host/", "de=1", "x");

    (void)state;
    assert_int_equal(verdicts_ask(verdicts, &report, &request), VERDICT_WANTED);
    verdicts_answer(verdicts, &report, &request, VERDICT_WANTED);
    assert_int_equal(verdicts_ask(verdicts, &report, &request), VERDICT_WANTED);
    request_done(&request);
    verdicts_free(verdicts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_tokens_may_be_others),
        cmocka_unit_test(one_tries_and_the_others_wait_for_what_comes_of_it),
        cmocka_unit_test(what_one_could_not_find_out_another_may_try),
    };

    return cmocka_run_group_tests_name("extract_verdicts", tests, NULL, NULL);
}
