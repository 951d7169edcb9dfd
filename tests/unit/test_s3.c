/* SPDX-License-Identifier: MIT */
/* S3: addresses of objects, its answers, and the keys of a task's role. */
#include "base/mem.h"
#include "base/thread.h"
#include "s3/address.h"
#include "s3/answer.h"
#include "s3/credentials.h"
#include "tests/support/unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct error err;

static void an_object_has_the_address_that_its_server_expects(void **state)
{
    static const struct {
        struct bucket_settings bucket;
        const char *address, *name;
    } cases[] = {
        {{.name = "etl-bronze", .region = "sa-east-1"},
         "https://etl-bronze.s3.sa-east-1.amazonaws.com/general/2026/r_1-2.zst",
         "s3://etl-bronze/general/2026/r_1-2.zst"},
        {{.name = "etl.bronze", .region = "sa-east-1", .prefix = "a"},
         "https://s3.sa-east-1.amazonaws.com/etl.bronze/a/general/2026/r_1-2.zst",
         "s3://etl.bronze/a/general/2026/r_1-2.zst"},
        {{.name = "etl", .region = "auto", .endpoint = "http://minio:9000", .prefix = "x*(1)/y'!"},
         "http://minio:9000/etl/x%2A%281%29/y%27%21/general/2026/r_1-2.zst",
         "s3://etl/x*(1)/y'!/general/2026/r_1-2.zst"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        MEM_FREE_TEXT char *key = s3_key(&cases[i].bucket, "general/2026/r_1-2.zst");
        MEM_FREE_TEXT char *address = s3_address(&cases[i].bucket, key);
        MEM_FREE_TEXT char *name = s3_name(&cases[i].bucket, key);
        assert_string_equal(address, cases[i].address);
        assert_string_equal(name, cases[i].name);
    }
    MEM_FREE_TEXT char *whole = s3_address(&cases[0].bucket, NULL);
    MEM_FREE_TEXT char *by_path = s3_address(&cases[2].bucket, NULL);
    assert_string_equal(whole, "https://etl-bronze.s3.sa-east-1.amazonaws.com/");
    assert_string_equal(by_path, "http://minio:9000/etl");
}

static bool join(void *arg, const char *key, struct error *failure)
{
    char *text = arg;
    const size_t len = strlen(text);

    if (strcmp(key, "stop") == 0)
        return error_set(failure, ERROR_STOPPED, "enough");
    snprintf(text + len, 256 - len, "%s|", key);
    return true;
}

/* The form of AWS's own example of ListObjectsV2. */
static const char answer[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>bucket</Name>"
    "<Prefix>E</Prefix><KeyCount>3</KeyCount><MaxKeys>3</MaxKeys><IsTruncated>%s</IsTruncated>"
    "<Contents><Key>ExampleObject.txt</Key><LastModified>2013-09-17T18:07:53.000Z</LastModified>"
    "<ETag>&quot;599bab3ed2c697f1d26842727561fd94&quot;</ETag><Size>857</Size></Contents>"
    "<Contents><Key>a&amp;b&lt;c&gt;&apos;&#39;&#x27;&quot;</Key><Size>1</Size></Contents>"
    "<Contents><Size>2</Size><Key>%s</Key></Contents></ListBucketResult>";

static void a_list_gives_its_keys_and_whether_there_are_more(void **state)
{
    MEM_FREE_TEXT char *last = mem_format(answer, "false", "z");
    MEM_FREE_TEXT char *first = mem_format(answer, "true", "z");
    char keys[256] = "";
    bool more = true;
    (void)state;

    assert_true(s3_answer_list(last, join, keys, &more, &err));
    assert_string_equal(keys, "ExampleObject.txt|a&b<c>'''\"|z|");
    assert_false(more);
    assert_true(s3_answer_list(first, join, keys, &more, &err));
    assert_true(more);
}

static void what_is_no_list_is_refused(void **state)
{
    MEM_FREE_TEXT char *unknown = mem_format(answer, "false", "&eacute;");
    MEM_FREE_TEXT char *stopped = mem_format(answer, "false", "stop");
    MEM_FREE_TEXT char *cut = mem_format(answer, "false", "z");
    const char *const pages[] = {"", "<html>login</html>", "<ListBucketResult>", unknown, cut};
    char keys[256] = "";
    bool more;
    (void)state;

    *strstr(cut, "</Key><LastM") = '\0';
    for (size_t i = 0; i < COUNT(pages); i++) {
        assert_false(s3_answer_list(pages[i], join, keys, &more, &err));
        assert_int_equal(err.kind, ERROR_SYSTEM);
    }
    assert_false(s3_answer_list(stopped, join, keys, &more, &err));
    assert_int_equal(err.kind, ERROR_STOPPED);
}

/* The form of ECS's answer, as AWS documents it. */
static const char role[] =
    "{\"AccessKeyId\": \"ASIA1\", \"Expiration\": \"2026-11-27T20:40:00Z\", \"RoleArn\": "
    "\"arn:aws:iam::1:role/task\", \"SecretAccessKey\": \"hunter2\", \"Token\": \"tok==\"}";

enum { EXPIRES = 1795812000 }; /* date -d 2026-11-27T20:40:00Z +%s */

static void expect_role(const struct s3_credentials *credentials)
{
    assert_string_equal(credentials->key_id, "ASIA1");
    assert_string_equal(credentials->secret, "hunter2");
    assert_string_equal(credentials->token, "tok==");
    assert_int_equal(credentials->expires, EXPIRES);
}

static void the_keys_of_a_role_are_read_and_nothing_else_is(void **state)
{
    static const char *const others[] = {
        "",
        "[]",
        "{}",
        "{\"AccessKeyId\": \"hunter2\"}",
        "{\"AccessKeyId\": \"A\", \"SecretAccessKey\": \"hunter2\", \"Expiration\": \"soon\"}",
        "{\"AccessKeyId\":\"\",\"SecretAccessKey\":\"x\",\"Expiration\":\"2026-11-27T20:40:00Z\"}",
    };
    struct s3_credentials credentials = {0};
    (void)state;

    assert_true(s3_credentials_read(role, strlen(role), &credentials, &err));
    expect_role(&credentials);
    s3_credentials_done(&credentials);
    for (size_t i = 0; i < COUNT(others); i++) {
        assert_false(s3_credentials_read(others[i], strlen(others[i]), &credentials, &err));
        assert_null(strstr(err.message, "hunter2"));
        assert_null(credentials.key_id);
    }
}

static void keys_are_renewed_five_minutes_before_they_expire(void **state)
{
    static const struct bucket_settings fixed = {.key_id = "AKID", .secret = "s"};
    struct s3_credentials credentials = {0};
    (void)state;

    assert_false(s3_credentials_are_fresh(&credentials, EXPIRES));
    assert_true(s3_credentials_read(role, strlen(role), &credentials, &err));
    assert_true(s3_credentials_are_fresh(&credentials, EXPIRES - 301));
    assert_false(s3_credentials_are_fresh(&credentials, EXPIRES - 300));
    assert_false(s3_credentials_are_fresh(&credentials, EXPIRES + 1));
    assert_true(s3_credentials_refresh(&fixed, EXPIRES, &credentials, &err));
    assert_string_equal(credentials.key_id, "AKID");
    assert_null(credentials.token);
    assert_true(s3_credentials_are_fresh(&credentials, EXPIRES + 1000000));
    s3_credentials_done(&credentials);
}

/* Answers one request with `arg`. */
struct one_answer {
    int listener;
    const char *head, *body;
};

static void *serve_once(void *arg)
{
    const struct one_answer *one = arg;
    char request[4096];
    const int fd = accept(one->listener, NULL, NULL);

    if (read(fd, request, sizeof(request)) > 0)
        dprintf(fd, "HTTP/1.1 %s\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s", one->head,
                strlen(one->body), one->body);
    close(fd);
    return NULL;
}

static bool fetch_from(struct one_answer one, struct s3_credentials *out)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof(address);
    pthread_t thread;

    one.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(one.listener, (struct sockaddr *)&address, len), 0);
    assert_int_equal(listen(one.listener, 1), 0);
    assert_int_equal(getsockname(one.listener, (struct sockaddr *)&address, &len), 0);
    assert_int_equal(thread_start(&thread, serve_once, &one), 0);
    MEM_FREE_TEXT char *url = mem_format("http://127.0.0.1:%d/v2/hunter3", ntohs(address.sin_port));
    const bool ok = s3_credentials_fetch(url, out, &err);
    pthread_join(thread, NULL);
    close(one.listener);
    return ok;
}

static void the_keys_are_fetched_and_a_refusal_does_not_show_the_address(void **state)
{
    struct s3_credentials credentials = {0};
    (void)state;

    assert_true(fetch_from((struct one_answer){.head = "200 OK", .body = role}, &credentials));
    expect_role(&credentials);
    s3_credentials_done(&credentials);
    assert_false(
        fetch_from((struct one_answer){.head = "500 Oops", .body = "hunter3"}, &credentials));
    assert_string_equal(err.message, "no credentials of the task role: ECS answered HTTP 500");
    assert_true(err.transient);
    assert_false(fetch_from((struct one_answer){.head = "404 No", .body = "{}"}, &credentials));
    assert_false(err.transient);
    assert_false(fetch_from((struct one_answer){.head = "200 OK", .body = "{}"}, &credentials));
    assert_null(strstr(err.message, "hunter3"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_object_has_the_address_that_its_server_expects),
        cmocka_unit_test(a_list_gives_its_keys_and_whether_there_are_more),
        cmocka_unit_test(what_is_no_list_is_refused),
        cmocka_unit_test(the_keys_of_a_role_are_read_and_nothing_else_is),
        cmocka_unit_test(keys_are_renewed_five_minutes_before_they_expire),
        cmocka_unit_test(the_keys_are_fetched_and_a_refusal_does_not_show_the_address),
    };

    return cmocka_run_group_tests_name("s3", tests, NULL, NULL);
}
