/* SPDX-License-Identifier: MIT */
/* Statements and answers, with a real ClickHouse. */
#include "load/clickhouse/client.h"

#include "base/mem.h"
#include "load/clickhouse/failure.h"
#include "tests/support/clickhouse_server.h"
#include "tests/support/clickhouse_stage.h"

#include <stdlib.h>
#include <string.h>

struct stage {
    struct clickhouse ch;
    struct error err;
};

static void connect_to(struct stage *stage, const char *url)
{
    struct clickhouse_address address;

    if (!clickhouse_address_read(url, &address, &stage->err))
        fail_msg("%s", stage->err.message);
    clickhouse_init(&stage->ch, &address);
}

static int start(void **state)
{
    struct stage *stage = mem_alloc(sizeof(*stage));
    MEM_FREE_TEXT char *url = clickhouse_server_url(0, "sigos", "");

    *stage = (struct stage){0};
    clickhouse_server_reset();
    connect_to(stage, url);
    *state = stage;
    return 0;
}

static int end(void **state)
{
    struct stage *stage = *state;

    clickhouse_done(&stage->ch);
    free(stage);
    return 0;
}

static void succeeded(struct stage *stage, bool ok)
{
    if (!ok)
        fail_msg("%s", stage->err.message);
}

static void expect_error(const struct stage *stage, bool transient, const char *words)
{
    assert_int_equal(stage->err.kind, ERROR_DATABASE);
    if (!strstr(stage->err.message, words))
        fail_msg("\"%s\" is not in \"%s\"", words, stage->err.message);
    assert_int_equal(stage->err.transient, transient);
    assert_null(strstr(stage->err.message, CLICKHOUSE_PASSWORD_PLAIN));
}

static void make_table(struct stage *stage)
{
    succeeded(stage, clickhouse_run(&stage->ch, "make a table",
                                    "CREATE TABLE t (`a b` Nullable(String), n UInt64)"
                                    " ENGINE = MergeTree ORDER BY n",
                                    &stage->err));
}

/* Joins the fields of all rows. */
static bool join(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct buf *text = arg;

    (void)err;
    for (size_t i = 0; i < count; i++) {
        buf_add_text(text, i ? "," : text->len ? ";" : "");
        buf_add(text, cells[i].text ? cells[i].text : "NULL",
                cells[i].text ? cells[i].len : strlen("NULL"));
    }
    return true;
}

static const char insert[] = "INSERT INTO t FORMAT TabSeparated";

static void what_is_inserted_is_read_back(void **state)
{
    struct stage *stage = *state;
    BUF_DONE struct buf rows = BUF_INIT(1024), text = BUF_INIT(1024);
    static const char *const values[] = {"x'y", "3"};

    make_table(stage);
    buf_add_text(&rows, "x'y\t1\n\\N\t2\na\\tb\\n\\\\\t3\nç\t4\n");
    succeeded(stage, clickhouse_insert(&stage->ch, "insert", insert, &rows, &stage->err));
    succeeded(stage, clickhouse_query(&stage->ch, "read", "SELECT `a b`, n FROM t ORDER BY n", NULL,
                                      0, join, &text, &stage->err));
    assert_string_equal(buf_text(&text), "x'y,1;NULL,2;a\tb\n\\,3;ç,4");
    buf_reset(&text);
    succeeded(stage, clickhouse_query(&stage->ch, "read",
                                      "SELECT n FROM t WHERE `a b` = $1 OR toString(n) = $2"
                                      " ORDER BY n",
                                      values, 2, join, &text, &stage->err));
    assert_string_equal(buf_text(&text), "1;3");
}

/* A server of 2018 would say that it cannot read a number. */
static void no_rows_are_no_statement(void **state)
{
    struct stage *stage = *state;
    BUF_DONE struct buf rows = BUF_INIT(1024);
    uint64_t count = 9;

    make_table(stage);
    succeeded(stage, clickhouse_insert(&stage->ch, "insert", insert, &rows, &stage->err));
    succeeded(stage,
              clickhouse_number(&stage->ch, "count", "SELECT count() FROM t", &count, &stage->err));
    assert_int_equal(count, 0);
}

/* More than a block of the server and many pieces of the network. */
static void many_rows_come_one_at_a_time(void **state)
{
    struct stage *stage = *state;
    BUF_DONE struct buf text = BUF_INIT(16 * 1024 * 1024);

    succeeded(stage, clickhouse_query(&stage->ch, "read", "SELECT number FROM numbers(200000)",
                                      NULL, 0, join, &text, &stage->err));
    assert_int_equal(text.len, 1088890 + 199999); /* digits and separators */
    assert_int_equal(memcmp(text.data, "0;1;2;", 6), 0);
    assert_string_equal(text.data + text.len - 14, ";199998;199999");
}

static void a_failure_names_database_purpose_and_reason(void **state)
{
    struct stage *stage = *state;

    assert_false(clickhouse_run(&stage->ch, "try", "SELECT x FROM nowhere", &stage->err));
    expect_error(stage, false,
                 clickhouse_server_is_modern()
                     ? "/sigos: try: Unknown table expression identifier 'nowhere'"
                     : "/sigos: try: Table sigos.nowhere doesn't exist");
    assert_int_equal(stage->ch.code, CLICKHOUSE_UNKNOWN_TABLE);
}

/* Rows were sent already when it fails. */
static void an_error_within_an_answer_is_no_row(void **state)
{
    struct stage *stage = *state;
    BUF_DONE struct buf text = BUF_INIT(16 * 1024 * 1024);

    assert_false(clickhouse_query(&stage->ch, "read",
                                  "SELECT throwIf(number = 150000) FROM numbers(200000)", NULL, 0,
                                  join, &text, &stage->err));
    expect_error(stage, false, "/sigos: read: ");
    assert_int_equal(text.len, 0);
}

static bool refuse_row(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    (void)arg;
    (void)cells;
    (void)count;
    return error_set(err, ERROR_DATA, "enough");
}

static void a_row_that_fails_ends_the_query_and_the_next_one_works(void **state)
{
    struct stage *stage = *state;
    uint64_t one = 0;

    assert_false(clickhouse_query(&stage->ch, "read", "SELECT number FROM numbers(1000000)", NULL,
                                  0, refuse_row, NULL, &stage->err));
    assert_int_equal(stage->err.kind, ERROR_DATA);
    assert_string_equal(stage->err.message, "enough");
    succeeded(stage, clickhouse_number(&stage->ch, "read", "SELECT 1", &one, &stage->err));
    assert_int_equal(one, 1);
}

static void a_query_of_a_reader_ends_in_time_and_can_be_divided(void **state)
{
    struct stage *stage = *state;
    uint64_t number;

    stage->ch.read_timeout = 200;
    assert_false(clickhouse_number(&stage->ch, "read",
                                   "SELECT count() FROM system.numbers", /* it has no end */
                                   &number, &stage->err));
    expect_error(stage, false, "/sigos: read: ");
    assert_true(stage->err.divisible);
}

static void a_wrong_password_is_told_without_it(void **state)
{
    struct stage *stage = *state;

    if (clickhouse_server_is_modern())
        skip(); /* the engine has no users */
    MEM_FREE_TEXT char *url =
        mem_format("clickhouse://etl:hunter2@127.0.0.1:%d/sigos", clickhouse_server_port(0));

    clickhouse_done(&stage->ch);
    connect_to(stage, url);
    assert_false(clickhouse_run(&stage->ch, "connect", "SELECT 1", &stage->err));
    expect_error(stage, false, "check the password");
    assert_null(strstr(stage->err.message, "hunter2"));
}

static void a_database_that_is_not_there_is_named(void **state)
{
    struct stage *stage = *state;
    MEM_FREE_TEXT char *url = clickhouse_server_url(0, "outro", "");

    clickhouse_done(&stage->ch);
    connect_to(stage, url);
    assert_false(clickhouse_run(&stage->ch, "connect", "SELECT 1", &stage->err));
    expect_error(stage, false, "make the database first");
}

static void a_server_that_is_away_may_come_back(void **state)
{
    struct stage *stage = *state;
    uint64_t one = 0;

    clickhouse_server_kill(0);
    assert_false(clickhouse_run(&stage->ch, "connect", "SELECT 1", &stage->err));
    expect_error(stage, true, "is the server running");
    clickhouse_server_up(0);
    succeeded(stage, clickhouse_number(&stage->ch, "read", "SELECT 1", &one, &stage->err));
    assert_int_equal(one, 1);
}

/* Its own port for other programs answers in words that are not HTTP's or not ClickHouse's. */
static void another_service_on_the_port_is_told(void **state)
{
    struct stage *stage = *state;

    clickhouse_done(&stage->ch);
    MEM_FREE_TEXT char *url =
        mem_format("clickhouses://etl:x@127.0.0.1:%d/sigos", clickhouse_server_port(0));
    connect_to(stage, url);
    stage->ch.timeouts.connect = 1000; /* the port may wait for more of what it takes for HTTP */
    assert_false(clickhouse_run(&stage->ch, "connect", "SELECT 1", &stage->err));
    expect_error(stage, true, "does this port speak HTTPS?");
}

static void settings_go_with_every_statement(void **state)
{
    struct stage *stage = *state;
    BUF_DONE struct buf text = BUF_INIT(1024);

    clickhouse_set(&stage->ch, "max_block_size", "7");
    succeeded(stage, clickhouse_query(&stage->ch, "read",
                                      "SELECT value FROM system.settings WHERE name ="
                                      " 'max_block_size'",
                                      NULL, 0, join, &text, &stage->err));
    assert_string_equal(buf_text(&text), "7");
}

#define CLIENT_TEST(f) cmocka_unit_test_setup_teardown(f, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLIENT_TEST(what_is_inserted_is_read_back),
        CLIENT_TEST(no_rows_are_no_statement),
        CLIENT_TEST(many_rows_come_one_at_a_time),
        CLIENT_TEST(a_failure_names_database_purpose_and_reason),
        CLIENT_TEST(an_error_within_an_answer_is_no_row),
        CLIENT_TEST(a_row_that_fails_ends_the_query_and_the_next_one_works),
        CLIENT_TEST(a_query_of_a_reader_ends_in_time_and_can_be_divided),
        CLIENT_TEST(a_wrong_password_is_told_without_it),
        CLIENT_TEST(a_database_that_is_not_there_is_named),
        CLIENT_TEST(a_server_that_is_away_may_come_back),
        CLIENT_TEST(another_service_on_the_port_is_told),
        CLIENT_TEST(settings_go_with_every_statement),
    };

    if (!click_begin_tests(1))
        return 1;
    const int failed = cmocka_run_group_tests_name("clickhouse_client", tests, NULL, NULL);
    clickhouse_server_stop();
    return failed;
}
