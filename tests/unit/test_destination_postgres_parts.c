/* SPDX-License-Identifier: MIT */
/* The parts of the PostgreSQL destination that need no server: COPY's text and binary forms, arrays
 * as text, and the kinds of failures. */
#include "load/postgres/encode.h"
#include "load/postgres/failure.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

/* COPY's text form */

static void expect_cell(const char *text, size_t len, const char *expected)
{
    BUF_DONE struct buf out = BUF_INIT(1024);

    copy_text_cell(&out, (struct cell){.text = text, .len = len});
    copy_text_end_row(&out);
    assert_false(out.full);
    assert_string_equal(buf_text(&out), expected);
}

static void what_would_end_a_cell_is_escaped(void **state)
{
    static const char *const cases[][2] = {
        {"plain", "plain\n"},
        {"", "\n"},
        {"a\tb", "a\\tb\n"},
        {"a\nb\r\n", "a\\nb\\r\\n\n"},
        {"\\", "\\\\\n"},
        {"\\N", "\\\\N\n"},
        {"\\.", "\\\\.\n"},
        {"\t\n\r\\", "\\t\\n\\r\\\\\n"},
        {"a;b,c\"d'e|f\b\v\f", "a;b,c\"d'e|f\b\v\f\n"},
        {"\xC3\x87\xE2\x82\xAC\xF0\x9F\x98\x80", "\xC3\x87\xE2\x82\xAC\xF0\x9F\x98\x80\n"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        expect_cell(cases[i][0], strlen(cases[i][0]), cases[i][1]);
    expect_cell("cut here, not there", 8, "cut here\n");
}

static void null_is_not_the_empty_text(void **state)
{
    (void)state;
    expect_cell(NULL, 0, "\\N\n");
    expect_cell("", 0, "\n");
}

static void cells_are_parted_by_tabs_and_rows_by_line_ends(void **state)
{
    BUF_DONE struct buf out = BUF_INIT(1024);

    (void)state;
    copy_text_text(&out, "a");
    copy_text_text(&out, NULL);
    copy_text_text(&out, "");
    copy_text_end_row(&out);
    copy_text_text(&out, "b\t");
    copy_text_hash(&out, (struct hash128){.high = 1, .low = UINT64_C(0xFEDCBA9876543210)});
    copy_text_end_row(&out);
    assert_string_equal(buf_text(&out), "a\t\\N\t\nb\\t\t00000000-0000-0001-fedc-ba9876543210\n");
}

static void a_cell_that_does_not_fit_is_told(void **state)
{
    BUF_DONE struct buf out = BUF_INIT(8);

    (void)state;
    copy_text_text(&out, "123");
    assert_false(out.full);
    copy_text_text(&out, "4567890");
    copy_text_end_row(&out);
    assert_true(out.full);
}

/* COPY's binary form. The bytes are those of PostgreSQL's own types, counted from 2000-01-01. */

static void expect_bytes(const struct buf *out, const char *hex)
{
    char found[256] = "";

    assert_true(!out->full && out->len * 2 < sizeof(found));
    for (size_t i = 0; i < out->len; i++)
        snprintf(found + 2 * i, 3, "%02X", (unsigned char)out->data[i]);
    assert_string_equal(found, hex);
}

static void values_are_the_bytes_of_the_servers_types(void **state)
{
    static const struct {
        enum column_type type;
        const char *text, *hex;
    } cases[] = {
        {COLUMN_DATE, "2000-01-01", "0000000400000000"},
        {COLUMN_DATE, "0001-01-01", "00000004FFF4DBF9"},
        {COLUMN_DATE, "9999-12-31", "00000004002C95D3"},
        {COLUMN_DATE, "2024-02-29", "0000000400002279"},
        {COLUMN_TIMESTAMP, "2000-01-01 00:00:00", "000000080000000000000000"},
        {COLUMN_TIMESTAMP, "1999-12-31 23:59:59", "00000008FFFFFFFFFFF0BDC0"},
        {COLUMN_TIMESTAMP, "0001-01-01 00:00:00", "00000008FF1FE2FFC59C6000"},
        {COLUMN_TIMESTAMP, "9999-12-31 23:59:59", "000000080380E70B912C3DC0"},
        {COLUMN_TIME, "00:00:00", "000000080000000000000000"},
        {COLUMN_TIME, "23:59:59", "00000008000000141DC81DC0"},
        {COLUMN_TEXT, "", "00000000"},
        {COLUMN_TEXT, "AÇÃO", "0000000641C387C3834F"},
        {COLUMN_TEXT, "\\N", "000000025C4E"},
        {COLUMN_DATE, NULL, "FFFFFFFF"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        BUF_DONE struct buf out = BUF_INIT(1024);
        const char *text = cases[i].text;
        assert_true(copy_binary_cell(&out, cases[i].type,
                                     (struct cell){.text = text, .len = text ? strlen(text) : 0}));
        expect_bytes(&out, cases[i].hex);
    }
}

static void what_is_no_value_of_its_type_is_told(void **state)
{
    static const struct {
        enum column_type type;
        const char *text;
    } cases[] = {
        {COLUMN_DATE, ""},
        {COLUMN_DATE, "2023-02-29"},
        {COLUMN_DATE, "29/02/2024"},
        {COLUMN_DATE, "2024-02-29 "},
        {COLUMN_TIME, "24:00:00"},
        {COLUMN_TIME, "12:60:00"},
        {COLUMN_TIME, "1:02:03"},
        {COLUMN_TIMESTAMP, "2024-02-29"},
        {COLUMN_TIMESTAMP, "2024-02-29T10:00:00"},
        {COLUMN_TIMESTAMP, "2024-02-30 10:00:00"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        BUF_DONE struct buf out = BUF_INIT(1024);
        assert_false(
            copy_binary_cell(&out, cases[i].type,
                             (struct cell){.text = cases[i].text, .len = strlen(cases[i].text)}));
        assert_int_equal(out.len, 0);
    }
}

static void a_row_is_a_number_of_cells_between_a_signature_and_an_end(void **state)
{
    BUF_DONE struct buf out = BUF_INIT(1024);

    (void)state;
    copy_binary_begin(&out);
    copy_binary_begin_row(&out, 1);
    copy_binary_hash(&out, (struct hash128){.high = 1, .low = UINT64_C(0xFEDCBA9876543210)});
    copy_binary_end(&out);
    expect_bytes(&out, "5047434F50590AFF0D0A00" /* signature */
                       "0000000000000000"       /* flags, length of an extension */
                       "0001"
                       "000000100000000000000001FEDCBA9876543210"
                       "FFFF");
}

/* Arrays */

static void an_element_means_nothing_but_itself(void **state)
{
    BUF_DONE struct buf out = BUF_INIT(1024), none = BUF_INIT(1024), small = BUF_INIT(8);

    (void)state;
    array_text_cell(&out, (struct cell){.text = "a,b}", .len = 4});
    array_text_cell(&out, (struct cell){0});
    array_text_cell(&out, (struct cell){.text = "NULL", .len = 4});
    array_text_cell(&out, (struct cell){.text = "", .len = 0});
    array_text_cell(&out, (struct cell){.text = "\"\\", .len = 2});
    array_text_hash(&out, (struct hash128){.high = 1, .low = 2});
    assert_string_equal(array_text_end(&out), "{\"a,b}\",NULL,\"NULL\",\"\",\"\\\"\\\\\","
                                              "\"00000000-0000-0001-0000-000000000002\"}");
    assert_string_equal(array_text_end(&none), "{}");
    array_text_cell(&small, (struct cell){.text = "12345678", .len = 8});
    assert_true(small.full);
}

/* Failures */

static void expect_failure(const char *state, const char *words, bool transient, const char *hint)
{
    const struct postgres_failure found = postgres_failure_of(state, words);

    if (found.transient != transient)
        fail_msg("%s %s is not %s", state ? state : "-", words,
                 transient ? "transient" : "lasting");
    if (!hint) {
        assert_null(found.hint);
        return;
    }
    if (!found.hint || !strstr(found.hint, hint))
        fail_msg("the hint of %s %s is \"%s\"", state ? state : "-", words,
                 found.hint ? found.hint : "");
}

static void a_failure_is_known_by_its_state(void **state)
{
    static const struct {
        const char *state;
        bool transient;
        const char *hint;
    } cases[] = {
        {"08006", true, NULL},     {"08P01", true, NULL},       {"40001", true, NULL},
        {"40P01", true, NULL},     {"57P01", true, NULL},       {"57P02", true, NULL},
        {"57P03", true, NULL},     {"53300", true, "pooler"},   {"55P03", true, "another process"},
        {"57014", false, "limit"}, {"53100", false, "disk"},    {"25006", false, "read-only"},
        {"42501", false, "right"}, {"28P01", false, "DB_PASS"}, {"3D000", false, "DB_NAME"},
        {"23505", false, NULL},    {"42P01", false, NULL},      {"40002", false, NULL},
        {"57P04", false, NULL},    {"XX000", false, NULL},      {"22P05", false, "UTF8"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        expect_failure(cases[i].state, "", cases[i].transient, cases[i].hint);
}

static void without_a_state_the_words_count(void **state)
{
    (void)state;
    expect_failure(NULL, "server closed the connection unexpectedly", true, NULL);
    expect_failure(NULL, "SSL SYSCALL error: EOF detected", true, NULL);
    expect_failure(NULL, "SSL error: unexpected eof while reading", true, NULL);
    expect_failure(NULL, "connection to server failed: Connection refused", true, "DB_PORT");
    expect_failure(NULL, "could not translate host name: Name or service not known", false,
                   "DB_HOST");
    expect_failure(NULL, "could not translate host name: Temporary failure in name resolution",
                   true, NULL);
    expect_failure(NULL, "SSL error: certificate verify failed", false, "DB_SSLROOTCERT");
    expect_failure(NULL, "root certificate file \"x\" does not exist", false, "DB_SSLROOTCERT");
    expect_failure(NULL, "certificate does not match host name \"x\"", false, "DB_HOST");
    expect_failure(NULL, "server does not support SSL, but SSL was required", false, "DB_SSLMODE");
    expect_failure("XX000", "Tenant or user not found", false, "postgres.PROJECT");
    expect_failure("XX000", "MaxClientsInSessionMode: max clients reached", true, "full");
    expect_failure("08P01", "no more connections allowed (max_client_conn)", true, "full");
    expect_failure("08P01", "query_wait_timeout", true, "pool size");
    expect_failure("08P01", "query timeout", false, "query_timeout");
    expect_failure("08P01", "no such database: x", false, "DB_NAME");
    expect_failure("08P01", "server conn crashed?", true, NULL);
    /* The SQLSTATE counts more than the message. */
    expect_failure("42P01", "Connection refused", false, NULL);
}

static void the_state_is_found_in_a_verbose_message(void **state)
{
    char found[SQLSTATE_SIZE] = "-";

    (void)state;
    assert_true(postgres_failure_state("connection to server at \"h\" (::1), port 5432 failed: "
                                       "FATAL:  28P01: password authentication failed",
                                       found));
    assert_string_equal(found, "28P01");
    assert_true(postgres_failure_state("SCHWERWIEGEND:  3D000: Datenbank fehlt", found));
    assert_string_equal(found, "3D000");
    assert_true(postgres_failure_state("FATAL:  57P03: starting\nFATAL:  28000: no", found));
    assert_string_equal(found, "28000");
    assert_false(postgres_failure_state("FATAL:  no state here", found));
    assert_false(postgres_failure_state("FATAL:  28P0", found));
    assert_false(postgres_failure_state("Connection refused", found));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_would_end_a_cell_is_escaped),
        cmocka_unit_test(null_is_not_the_empty_text),
        cmocka_unit_test(cells_are_parted_by_tabs_and_rows_by_line_ends),
        cmocka_unit_test(a_cell_that_does_not_fit_is_told),
        cmocka_unit_test(values_are_the_bytes_of_the_servers_types),
        cmocka_unit_test(what_is_no_value_of_its_type_is_told),
        cmocka_unit_test(a_row_is_a_number_of_cells_between_a_signature_and_an_end),
        cmocka_unit_test(an_element_means_nothing_but_itself),
        cmocka_unit_test(a_failure_is_known_by_its_state),
        cmocka_unit_test(without_a_state_the_words_count),
        cmocka_unit_test(the_state_is_found_in_a_verbose_message),
    };

    return cmocka_run_group_tests_name("destination_postgres_parts", tests, NULL, NULL);
}
