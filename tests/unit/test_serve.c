/* SPDX-License-Identifier: MIT */
/* What a server does without a database: addresses, forms, passwords, sessions, tokens, its
 * memory of pages. */
#include "serve/actions.h"
#include "serve/address.h"
#include "serve/cache.h"
#include "serve/decode.h"
#include "serve/logins.h"
#include "serve/password.h"
#include "serve/token.h"
#include "serve/edition.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

/* Addresses and forms */

static void an_address_is_decoded(void **state)
{
    struct decode_fault fault;
    struct decoded decoded;

    (void)state;
    assert_true(decode_target(
        "/linhas?regional=SUL&equipe=RS-1&equipe=RS+2&municipio=S%C3%A3o%26&x", &decoded, &fault));
    assert_string_equal(decoded.path, "/linhas");
    assert_int_equal(decoded.value_count, 5);
    assert_string_equal(decoded.values[2].name, "equipe");
    assert_string_equal(decoded.values[2].value, "RS 2");
    assert_string_equal(decoded_value(&decoded, "municipio"), "São&");
    assert_string_equal(decoded_value(&decoded, "x"), "");
    assert_null(decoded_value(&decoded, "y"));
    decoded_done(&decoded);
    assert_true(decode_target("/a+b%2f", &decoded, &fault)); /* a plus of a path is a plus */
    assert_string_equal(decoded.path, "/a+b/");
    decoded_done(&decoded);
}

static void what_is_no_address_is_refused(void **state)
{
    static const struct {
        const char *target, *field;
    } cases[] = {
        {"", ""},
        {"http://other/", ""},
        {"*", ""},
        {"/%", ""},
        {"/%4", ""},
        {"/%zz", ""},
        {"/a?b=%", ""},
        {"/%00", ""}, /* it would end the text */
        {"/a?b=%00", ""},
        {"/%ff", ""},           /* no UTF-8 */
        {"/a?b=%C0%AF", ""},    /* a slash in the forbidden long form */
        {"/a?b=%ED%A0%80", ""}, /* half of a UTF-16 pair */
        {"/a?b=%0d%0aX", ""},   /* a line end would become one of a header */
        {"/a?b=%7f", ""},
        {"/a?b=%C2%85", ""}, /* NEL, a control character of Unicode */
        {"/a?=1", ""},
        {"/a?de=1&de=2", "de"},
        {"/a?de=1&%64e=2", "de"}, /* the same name, written otherwise */
    };
    struct decode_fault fault;
    struct decoded decoded;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        if (decode_target(cases[i].target, &decoded, &fault))
            fail_msg("\"%s\" is decoded", cases[i].target);
        assert_string_equal(fault.field, cases[i].field);
    }
}

static void values_have_a_limit(void **state)
{
    struct buf many = BUF_INIT(64 * 1024), teams = BUF_INIT(64 * 1024);
    struct decode_fault fault;
    struct decoded decoded;

    (void)state;
    buf_add_text(&many, "/a?");
    for (int i = 0; i < DECODE_VALUES_MAX; i++)
        buf_addf(&many, "n%d=1&", i);
    assert_true(decode_target(many.data, &decoded, &fault));
    decoded_done(&decoded);
    buf_add_text(&many, "last=1");
    assert_false(decode_target(many.data, &decoded, &fault));
    buf_add_text(&teams, "/a?");
    for (int i = 0; i < 20; i++)
        buf_addf(&teams, "equipe=%d&", i);
    assert_true(decode_target(teams.data, &decoded, &fault));
    decoded_done(&decoded);
    buf_add_text(&teams, "equipe=20");
    assert_false(decode_target(teams.data, &decoded, &fault));
    assert_string_equal(fault.field, "equipe");
    buf_done(&many);
    buf_done(&teams);
}

static void a_form_is_decoded_like_a_query(void **state)
{
    struct decode_fault fault;
    struct decoded decoded;

    (void)state;
    assert_true(decode_form("senha=a%2Bb+c&volta=%2Fhoje", 27, &decoded, &fault));
    assert_string_equal(decoded_value(&decoded, "senha"), "a+b c");
    assert_string_equal(decoded_value(&decoded, "volta"), "/hoje");
    decoded_done(&decoded);
    assert_true(decode_form(NULL, 0, &decoded, &fault));
    assert_int_equal(decoded.value_count, 0);
    decoded_done(&decoded);
    assert_false(decode_form("a=1\0b=2", 7, &decoded, &fault));
}

/* Where it listens, and by which names it may be asked */

static void addresses_are_read(void **state)
{
    static const struct {
        const char *text, *url;
        bool loopback;
    } good[] = {
        {"127.0.0.1:8090", "http://127.0.0.1:8090/", true},
        {"localhost:80", "http://localhost:80/", true},
        {"[::1]:8090", "http://[::1]:8090/", true},
        {"127.3.2.1:1", "http://127.3.2.1:1/", true},
        {"0.0.0.0:8090", "http://0.0.0.0:8090/", false},
        {"[::]:8090", "http://[::]:8090/", false},
        {"192.168.0.7:8090", "http://192.168.0.7:8090/", false},
        {"[::ffff:127.0.0.1]:1", "http://[::ffff:127.0.0.1]:1/", true},
        {"[::ffff:10.0.0.1]:1", "http://[::ffff:10.0.0.1]:1/", false},
    };
    static const char *const bad[] = {
        "",      "8090",        "127.0.0.1", "127.0.0.1:",  ":8090", "host:8090", "127.0.0.1:65536",
        "[::1]", "127.0.0.1:x", "[::1",      "127.0.0.1:-1"};
    char url[ADDRESS_TEXT_SIZE + 24];
    struct address address;
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
        assert_true(address_parse(good[i].text, &address, &err));
        const char *port = strrchr(good[i].text, ':') + 1;
        address_url(&address, (uint16_t)strtol(port, NULL, 10), url);
        assert_string_equal(url, good[i].url);
        assert_int_equal(address.loopback, good[i].loopback);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        if (address_parse(bad[i], &address, &err))
            fail_msg("\"%s\" is read", bad[i]);
    }
}

static void a_name_that_was_not_configured_is_refused(void **state)
{
    struct address address;
    struct error err;

    (void)state;
    assert_true(address_parse("127.0.0.1:8090", &address, &err));
    assert_true(address_allows_host(&address, NULL, "127.0.0.1:8090"));
    assert_true(address_allows_host(&address, NULL, "localhost:8090"));
    assert_true(address_allows_host(&address, NULL, "LOCALHOST"));
    assert_true(address_allows_host(&address, NULL, "[::1]:8090"));
    assert_false(address_allows_host(&address, NULL, "evil.example:8090"));
    assert_false(address_allows_host(&address, NULL, "localhost.evil.example"));
    assert_false(address_allows_host(&address, NULL, "127.0.0.1.evil.example"));
    assert_false(address_allows_host(&address, NULL, ""));
    assert_false(address_allows_host(&address, NULL, NULL));
    assert_true(address_allows_host(&address, "a.example, sigos.example", "SIGOS.example:443"));
    assert_false(address_allows_host(&address, "a.example,sigos.example", "igos.example"));
    assert_false(address_allows_host(&address, "sigos.example", "localhost"));
}

/* Passwords and sessions */

/* Made by Python: hashlib.scrypt(b"correct horse battery", salt=bytes(range(16)), n=2**15, r=8,
 * p=1, maxmem=2**26, dklen=32). */
#define KNOWN_HASH                                                                                 \
    "scrypt$15$8$1$AAECAwQFBgcICQoLDA0ODw==$xy6UCICz8Vv/P6JqOkkUD4DOmhxN0tXSe6sQAUBxupQ="

static void a_hash_of_another_program_is_understood(void **state)
{
    struct error err;

    (void)state;
    assert_true(password_check_hash(KNOWN_HASH, &err));
    assert_true(password_matches(KNOWN_HASH, "correct horse battery"));
    assert_false(password_matches(KNOWN_HASH, "correct horse batterz"));
    assert_false(password_matches(KNOWN_HASH, ""));
}

static void a_hash_is_of_one_password_and_has_its_own_salt(void **state)
{
    char one[PASSWORD_HASH_SIZE], other[PASSWORD_HASH_SIZE];
    struct error err;

    (void)state;
    assert_true(password_hash("uma senha longa", one, &err));
    assert_true(password_hash("uma senha longa", other, &err));
    assert_string_not_equal(one, other);
    assert_true(password_matches(one, "uma senha longa"));
    assert_true(password_matches(other, "uma senha longa"));
    assert_false(password_hash("curta", one, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_false(password_check_hash("uma senha longa", &err));
    assert_false(password_check_hash("scrypt$1$8$1$AAECAwQFBgcICQoLDA0ODw==$", &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
}

static void a_session_ends_by_itself_and_by_logging_out(void **state)
{
    const int64_t now = 5000, end = now + (int64_t)SESSION_SECONDS * 1000;
    unsigned char key[SESSION_KEY_SIZE], other_key[SESSION_KEY_SIZE];
    struct logins *logins = logins_new();
    char one[SESSION_TOKEN_SIZE], other[SESSION_TOKEN_SIZE];

    (void)state;
    assert_true(logins_begin(logins, now, one));
    assert_true(logins_begin(logins, now, other));
    assert_string_not_equal(one, other);
    assert_int_equal(strlen(one), 64);
    assert_true(logins_find(logins, one, now, key));
    assert_true(logins_find(logins, other, end - 1, other_key));
    assert_memory_not_equal(key, other_key, SESSION_KEY_SIZE);
    assert_false(logins_find(logins, other, end, key));
    logins_end(logins, one);
    assert_false(logins_find(logins, one, now, key));
    assert_true(logins_find(logins, other, now, key));
    one[3] = one[3] == 'a' ? 'b' : 'a';
    assert_false(logins_find(logins, one, now, key));
    assert_false(logins_find(logins, "", now, key));
    assert_false(logins_find(logins, NULL, now, key));
    logins_free(logins);
}

static void the_oldest_session_gives_way(void **state)
{
    struct logins *logins = logins_new();
    char first[SESSION_TOKEN_SIZE], second[SESSION_TOKEN_SIZE], token[SESSION_TOKEN_SIZE];
    unsigned char key[SESSION_KEY_SIZE];

    (void)state;
    logins_begin(logins, 1, first);
    logins_begin(logins, 2, second);
    for (int i = 2; i < SESSIONS_MAX + 1; i++)
        logins_begin(logins, 1 + i, token);
    assert_false(logins_find(logins, first, 1000, key));
    assert_true(logins_find(logins, second, 1000, key));
    assert_true(logins_find(logins, token, 1000, key));
    logins_free(logins);
}

static void five_failures_a_minute_are_all(void **state)
{
    struct logins *logins = logins_new();

    (void)state;
    for (int i = 0; i < 5; i++)
        assert_int_equal(logins_try(logins, "10.0.0.1", 1000 + 1000 * i), 0);
    assert_int_equal(logins_try(logins, "10.0.0.1", 6000), 55);
    assert_int_equal(logins_try(logins, "10.0.0.2", 6000), 0); /* another client */
    assert_int_equal(logins_try(logins, "10.0.0.1", 60999), 1);
    assert_int_equal(logins_try(logins, "10.0.0.1", 61000), 0); /* the first is a minute ago */
    assert_int_equal(logins_try(logins, "10.0.0.1", 61001), 1);
    logins_forgive(logins, "10.0.0.1");
    for (int i = 0; i < 5; i++)
        assert_int_equal(logins_try(logins, "10.0.0.1", 61002), 0);
    assert_int_equal(logins_try(logins, "10.0.0.1", 61002), 60);
    logins_free(logins);
}

/* Tokens of forms */

/* Made by Python: hmac.new(b"k" * 32, b"/executar", "sha256").hexdigest(). */
#define KNOWN_TOKEN "63ec863664ee06d9c7483e9cd9fe9ca2d57a2808c45f583e4ef1fbdb8d772f5c"

static void a_token_is_of_one_key_and_one_address(void **state)
{
    unsigned char key[32], other[32];
    char token[TOKEN_SIZE];

    (void)state;
    memset(key, 'k', sizeof(key));
    memset(other, 'o', sizeof(other));
    assert_string_equal(token_make(key, sizeof(key), "/executar", token), KNOWN_TOKEN);
    assert_true(token_matches(key, sizeof(key), "/executar", token));
    assert_false(token_matches(other, sizeof(other), "/executar", token));
    assert_false(token_matches(key, sizeof(key), "/janelas/1/aceitar", token));
    assert_false(token_matches(key, sizeof(key), "/executar", ""));
    assert_false(token_matches(key, sizeof(key), "/executar", NULL));
    token[63] = token[63] == '0' ? '1' : '0';
    assert_false(token_matches(key, sizeof(key), "/executar", token));
}

static void the_origin_is_the_host(void **state)
{
    (void)state;
    assert_true(token_same_origin("http://127.0.0.1:8090", "127.0.0.1:8090"));
    assert_true(token_same_origin("https://sigos.example", "sigos.example"));
    assert_false(token_same_origin("http://127.0.0.1:9999", "127.0.0.1:8090"));
    assert_false(token_same_origin("https://sigos.example.evil", "sigos.example"));
    assert_false(token_same_origin("null", "sigos.example"));
    assert_false(token_same_origin(NULL, "sigos.example"));
    assert_false(token_same_origin("https://", ""));
}

/* Memory of pages */

static struct page page_of(const char *etag, const char *text)
{
    struct page page = {.type = "text/html", .made_at = 7, .body = BUF_INIT(1 << 20)};

    snprintf(page.etag, sizeof(page.etag), "%s", etag);
    buf_add_text(&page.body, text);
    return page;
}

static void keep(struct cache *cache, const char *key, const char *etag, const char *text)
{
    struct page page = page_of(etag, text);

    cache_keep(cache, key, &page);
    buf_done(&page.body);
}

static void expect_kept(struct cache *cache, const char *key, const char *etag, const char *text)
{
    struct page page = {.body = BUF_INIT(1 << 20)};
    const bool found = cache_find(cache, key, etag, &page);

    assert_int_equal(found, text != NULL);
    if (found)
        assert_string_equal(buf_text(&page.body), text);
    buf_done(&page.body);
}

static void a_page_is_kept_until_a_newer_one_or_the_limits(void **state)
{
    struct cache *cache = cache_new(2, 10);

    (void)state;
    keep(cache, "/a", "1", "aaa");
    expect_kept(cache, "/a", "1", "aaa");
    expect_kept(cache, "/a", "2", NULL);
    expect_kept(cache, "/a", NULL, "aaa"); /* of any version: the database is away */
    keep(cache, "/a", "2", "AAAA");
    expect_kept(cache, "/a", "1", NULL);
    keep(cache, "/b", "2", "bb");
    expect_kept(cache, "/a", "2", "AAAA"); /* now /b was not used for longer */
    keep(cache, "/c", "2", "c");
    expect_kept(cache, "/b", "2", NULL);
    expect_kept(cache, "/c", "2", "c");
    keep(cache, "/d", "2", "dddddddddd"); /* ten bytes: all others go */
    expect_kept(cache, "/a", NULL, NULL);
    expect_kept(cache, "/c", NULL, NULL);
    expect_kept(cache, "/d", "2", "dddddddddd");
    keep(cache, "/e", "2", "eeeeeeeeeee"); /* does not fit at all */
    expect_kept(cache, "/e", NULL, NULL);
    expect_kept(cache, "/d", "2", "dddddddddd");
    cache_free(cache);
}

static void a_tag_is_found_in_a_list(void **state)
{
    (void)state;
    assert_true(edition_matches("W/\"1-a\"", "W/\"1-a\""));
    assert_true(edition_matches("\"x\", W/\"1-a\"", "W/\"1-a\""));
    assert_true(edition_matches("\"1-a\"", "W/\"1-a\"")); /* a weak comparison */
    assert_false(edition_matches("W/\"11-a\"", "W/\"1-a\""));
    assert_false(edition_matches("W/\"1-a-b\"", "W/\"1-a\""));
    assert_false(edition_matches(NULL, "W/\"1-a\""));
    char text[40];
    assert_string_equal(edition_http_date(784111777, text), "Sun, 06 Nov 1994 08:49:37 GMT");
}

static void rows_at_stake_are_read_from_the_guard_s_words(void **state)
{
    long rows = -1;

    (void)state;
    assert_true(actions_rows_at_stake("general_reports 2026-10-01: the export lacks 31 of the 100 "
                                      "rows that the table holds (more "
                                      "than 10 %, max_delete_ratio): nothing was deleted",
                                      &rows));
    assert_int_equal(rows, 31);
    assert_true(actions_rows_at_stake(
        "x: the export has no row, the table holds 384: nothing was deleted", &rows));
    assert_int_equal(rows, 384);
    assert_false(actions_rows_at_stake("the export has nothing in column TOI", &rows));
    assert_false(actions_rows_at_stake("the export lacks a column", &rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_decoded),
        cmocka_unit_test(what_is_no_address_is_refused),
        cmocka_unit_test(values_have_a_limit),
        cmocka_unit_test(a_form_is_decoded_like_a_query),
        cmocka_unit_test(addresses_are_read),
        cmocka_unit_test(a_name_that_was_not_configured_is_refused),
        cmocka_unit_test(a_hash_of_another_program_is_understood),
        cmocka_unit_test(a_hash_is_of_one_password_and_has_its_own_salt),
        cmocka_unit_test(a_session_ends_by_itself_and_by_logging_out),
        cmocka_unit_test(the_oldest_session_gives_way),
        cmocka_unit_test(five_failures_a_minute_are_all),
        cmocka_unit_test(a_token_is_of_one_key_and_one_address),
        cmocka_unit_test(the_origin_is_the_host),
        cmocka_unit_test(a_page_is_kept_until_a_newer_one_or_the_limits),
        cmocka_unit_test(a_tag_is_found_in_a_list),
        cmocka_unit_test(rows_at_stake_are_read_from_the_guard_s_words),
    };

    return cmocka_run_group_tests_name("serve", tests, NULL, NULL);
}
