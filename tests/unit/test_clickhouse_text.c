/* SPDX-License-Identifier: MIT */
/* Addresses, names, values, rows and errors of ClickHouse. */
#include "load/clickhouse/address.h"
#include "load/clickhouse/failure.h"
#include "load/clickhouse/text.h"

#include "tests/support/unit.h"

#include <string.h>

static void an_address_is_taken_apart(void **state)
{
    static const struct {
        const char *url, *origin, *user, *password, *database, *cluster, *name;
    } cases[] = {
        {"clickhouse://h", "http://h:8123", "default", NULL, "default", NULL,
         "clickhouse h:8123/default"},
        {"clickhouses://h/", "https://h:8443", "default", NULL, "default", NULL,
         "clickhouse h:8443/default"},
        {"clickhouse://etl:s%40%2F%3A@10.0.0.1:9000/sigos?cluster=dez", "http://10.0.0.1:9000",
         "etl", "s@/:", "sigos", "dez", "clickhouse 10.0.0.1:9000/sigos"},
        {"clickhouses://etl@[::1]:1/a_b-c.d", "https://[::1]:1", "etl", NULL, "a_b-c.d", NULL,
         "clickhouse [::1]:1/a_b-c.d"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct clickhouse_address address = {0};
        struct error err;
        if (!clickhouse_address_read(cases[i].url, &address, &err))
            fail_msg("%s: %s", cases[i].url, err.message);
        assert_string_equal(address.origin, cases[i].origin);
        assert_string_equal(address.user, cases[i].user);
        assert_string_equal(address.password ? address.password : "(none)",
                            cases[i].password ? cases[i].password : "(none)");
        assert_string_equal(address.database, cases[i].database);
        assert_string_equal(address.cluster ? address.cluster : "(none)",
                            cases[i].cluster ? cases[i].cluster : "(none)");
        assert_string_equal(address.name, cases[i].name);
        clickhouse_address_done(&address);
    }
}

static void the_shards_of_a_cluster_are_addresses_of_the_same_kind(void **state)
{
    struct clickhouse_address address = {0};
    struct error err;

    (void)state;
    if (!clickhouse_address_read("clickhouses://u@h/d?cluster=c&shards=a-1.b:8443,[::1]:9",
                                 &address, &err))
        fail_msg("%s", err.message);
    assert_string_equal(address.cluster, "c");
    assert_int_equal(address.shard_count, 2);
    assert_string_equal(address.shards[0], "https://a-1.b:8443");
    assert_string_equal(address.shards[1], "https://[::1]:9");
    clickhouse_address_done(&address);
}

static void a_wrong_address_is_refused_without_what_may_be_secret(void **state)
{
    static const struct {
        const char *url, *words;
    } cases[] = {
        {"clickhouse://u:hunter2@", "cannot be read"},
        {"clickhouse://u:hun ter2@h/d", "cannot be read"},
        {"clickhouse://u:hunter2@h:99999/d", "cannot be read"},
        {"clickhouse://u:hunter2%0d%0aX: y@h/d", "cannot be read"},
        {"clickhouse://u:x@h/hunter2/b", "other characters than letters"},
        {"clickhouse://u:x@h/hunter2%27", "other characters than letters"},
        {"clickhouse://u:x@h/d?compress=hunter2", "has only cluster=NAME"},
        {"clickhouse://u:x@h/d?cluster=a%27hunter2", "system.clusters"},
        {"clickhouse://u:x@h/d?cluster=", "system.clusters"},
        {"clickhouse://u:x@h/d?cluster=c&shards=a:1,hunter2", "list of HOST:PORT"},
        {"clickhouse://u:x@h/d?cluster=c&shards=", "list of HOST:PORT"},
        {"clickhouse://u:x@h/d?cluster=c&shards=a:1,", "list of HOST:PORT"},
        {"clickhouse://u:x@h/d?cluster=c&shards=hunter2@a:1", "list of HOST:PORT"},
        {"clickhouse://u:x@h/d?shards=a:1", "not the cluster=NAME"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct clickhouse_address address = {0};
        struct error err;
        if (clickhouse_address_read(cases[i].url, &address, &err))
            fail_msg("%s was accepted", cases[i].url);
        assert_int_equal(err.kind, ERROR_CONFIG);
        if (!strstr(err.message, cases[i].words) || strstr(err.message, "hunter"))
            fail_msg("%s: %s", cases[i].url, err.message);
        assert_null(address.origin);
    }
}

static void names_and_values_are_quoted_with_backslashes(void **state)
{
    BUF_DONE struct buf sql = BUF_INIT(1024);

    (void)state;
    clickhouse_add_name(&sql, "SAY \"HI\" `\\");
    clickhouse_add_literal(&sql, "it's \\ \"x\"");
    assert_string_equal(buf_text(&sql), "\"SAY \\\"HI\\\" `\\\\\"'it\\'s \\\\ \"x\"'");
}

static void values_are_put_where_they_are_asked_for_and_nowhere_else(void **state)
{
    static const char *const values[] = {"a'b", NULL};
    BUF_DONE struct buf sql = BUF_INIT(1024);

    (void)state;
    clickhouse_bind(&sql, "SELECT $1, '$1', \"$2\", `$1`, 'it''s $1', '\\'$1', $2, $1$ FROM t",
                    values, 2);
    assert_string_equal(buf_text(&sql),
                        "SELECT 'a\\'b', '$1', \"$2\", `$1`, 'it''s $1', '\\'$1', NULL, 'a\\'b'$"
                        " FROM t");
}

static void a_row_comes_back_as_it_was_sent(void **state)
{
    static const char odd[] = "tab\t line\n\r back\\slash \0 'quote' \\N";
    const struct cell sent[] = {{"", 0}, {NULL, 0}, {odd, sizeof(odd) - 1}, {"\\N", 2}, {"x", 1}};
    BUF_DONE struct buf line = BUF_INIT(1024);
    struct cell cells[COUNT(sent)];

    (void)state;
    for (size_t i = 0; i < COUNT(sent); i++) {
        if (i)
            buf_add_char(&line, '\t');
        clickhouse_add_field(&line, sent[i]);
    }
    assert_null(memchr(line.data, '\n', line.len));
    assert_int_equal(clickhouse_split(line.data, line.len, cells, COUNT(cells)), COUNT(sent));
    for (size_t i = 0; i < COUNT(sent); i++) {
        assert_int_equal(cells[i].text != NULL, sent[i].text != NULL);
        assert_int_equal(cells[i].len, sent[i].len);
        if (sent[i].text)
            assert_memory_equal(cells[i].text, sent[i].text, sent[i].len + 1);
    }
}

static void more_fields_than_there_is_room_for_are_counted(void **state)
{
    char line[] = "a\tb\t\\N\td";
    struct cell cells[2];

    (void)state;
    assert_int_equal(clickhouse_split(line, sizeof(line) - 1, cells, 2), 4);
    assert_string_equal(cells[1].text, "b");
}

static void an_error_is_read_from_old_and_new_servers(void **state)
{
    static const struct {
        long status;
        const char *body;
        int code;
        const char *words;
        bool transient;
        const char *advice;
    } cases[] = {
        {404,
         "Code: 60, e.displayText() = DB::Exception: Table sigos.x doesn't exist., e.what() = "
         "DB::Exception\n",
         60, "Table sigos.x doesn't exist", false, NULL},
        {404,
         "Code: 60. DB::Exception: Unknown table expression identifier 'x' in scope SELECT x. "
         "(UNKNOWN_TABLE) (version 26.5.3.1)\n",
         60, "Unknown table expression identifier 'x' in scope SELECT x. (UNKNOWN_TABLE)", false,
         NULL},
        {401,
         "Code: 193, e.displayText() = DB::Exception: Wrong password for user etl, e.what() = "
         "DB::Exception\n",
         193, "Wrong password for user etl", false, "password"},
        {500, "Code: 210. DB::NetException: Connection refused (127.0.0.1:9000). (NETWORK_ERROR)\n",
         210, "Connection refused (127.0.0.1:9000). (NETWORK_ERROR)", true, "shard"},
        {500, "Code: 243. DB::Exception: Cannot reserve 1.00 MiB, not enough space\n", 243,
         "Cannot reserve 1.00 MiB, not enough space", false, "disk is full"},
        {502, "<html>Bad Gateway</html>", 0,
         "the answer is not ClickHouse's: is this its HTTP port?", true, NULL},
        {400, "Port 9000 is for clickhouse-client program", 0,
         "the answer is not ClickHouse's: is this its HTTP port?", false, NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct clickhouse_failure failure =
            clickhouse_failure_read(cases[i].status, cases[i].body);
        assert_int_equal(failure.code, cases[i].code);
        assert_int_equal(failure.words_len, strlen(cases[i].words));
        assert_memory_equal(failure.words, cases[i].words, failure.words_len);
        assert_int_equal(failure.transient, cases[i].transient);
        assert_int_equal(failure.advice != NULL, cases[i].advice != NULL);
        if (cases[i].advice && failure.advice && !strstr(failure.advice, cases[i].advice))
            fail_msg("\"%s\" does not advise on the %s", failure.advice, cases[i].advice);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_taken_apart),
        cmocka_unit_test(the_shards_of_a_cluster_are_addresses_of_the_same_kind),
        cmocka_unit_test(a_wrong_address_is_refused_without_what_may_be_secret),
        cmocka_unit_test(names_and_values_are_quoted_with_backslashes),
        cmocka_unit_test(values_are_put_where_they_are_asked_for_and_nowhere_else),
        cmocka_unit_test(a_row_comes_back_as_it_was_sent),
        cmocka_unit_test(more_fields_than_there_is_room_for_are_counted),
        cmocka_unit_test(an_error_is_read_from_old_and_new_servers),
    };

    return cmocka_run_group_tests_name("clickhouse_text", tests, NULL, NULL);
}
