/* SPDX-License-Identifier: MIT */
/* Damaged texts of the simulated portal's files: mixed encodings, footers, totals and bytes of old
 * programs. */
#include "tests/support/sim_client.h"
#include "tests/support/unit.h"

#include <string.h>
#include <unistr.h>

static void export_with(const char *spec, struct sim_reply *out)
{
    sim_client_export(spec, out);
    assert_int_equal(out->status, 200);
    assert_true(out->complete);
}

/* Counts the lines with accents: [0] those that are not UTF-8, [1] those that are. */
static void count_lines(const struct buf *file, size_t from, size_t counts[2])
{
    counts[0] = counts[1] = 0;
    for (size_t end; from < file->len; from = end + 1) {
        const char *newline = memchr(file->data + from, '\n', file->len - from);
        end = newline ? (size_t)(newline - file->data) : file->len;
        const uint8_t *line = (const uint8_t *)file->data + from;
        bool plain = true;
        for (size_t i = 0; i < end - from; i++)
            plain = plain && line[i] < 0x80;
        if (!plain)
            counts[u8_check(line, end - from) == NULL]++;
    }
}

static size_t first_line_end(const struct buf *file)
{
    const char *newline = memchr(file->data, '\n', file->len);
    assert_non_null(newline);
    return (size_t)(newline - file->data) + 1;
}

static void expect_end(const struct sim_reply *reply, const char *words)
{
    size_t len = strlen(words);

    assert_true(reply->body.len > len);
    assert_memory_equal(reply->body.data + reply->body.len - len, words, len);
}

/* Asserts that the first `len` bytes are whole rows of the right file. */
static void expect_beginning(const struct sim_reply *reply, size_t len)
{
    struct buf file;

    sim_fixture_right_file(&file);
    assert_true(len > 0 && len <= file.len);
    assert_int_equal(file.data[len - 1], '\n');
    assert_memory_equal(reply->body.data, file.data, len);
    buf_done(&file);
}

/* -------------------------------------------------------------------------------------- tests */

static void the_clean_file_has_one_encoding(void **state)
{
    struct buf file;
    size_t counts[2];

    (void)state;
    sim_fixture_right_file(&file);
    count_lines(&file, 0, counts);
    assert_true(counts[0] > 10);
    assert_int_equal(counts[1], 0);
    buf_done(&file);
}

static void the_header_may_stay_behind_when_the_rows_become_utf8(void **state)
{
    SIM_REPLY_DONE struct sim_reply reply;
    size_t counts[2];

    (void)state;
    export_with("mixed-header", &reply);
    count_lines(&reply.body, first_line_end(&reply.body), counts);
    assert_int_equal(counts[0], 0);
    assert_true(counts[1] > 10);
    count_lines(&reply.body, 0, counts);
    assert_int_equal(counts[0], 1);
}

static void a_bom_may_stand_before_rows_in_latin1(void **state)
{
    SIM_REPLY_DONE struct sim_reply reply;
    size_t counts[2];

    (void)state;
    export_with("mixed-bom", &reply);
    assert_memory_equal(reply.body.data, "\xEF\xBB\xBF", 3);
    count_lines(&reply.body, first_line_end(&reply.body), counts);
    assert_true(counts[0] > 10);
    assert_int_equal(counts[1], 0);
    count_lines(&reply.body, 0, counts);
    assert_int_equal(counts[1], 1);
}

static void rows_may_come_in_both_encodings(void **state)
{
    SIM_REPLY_DONE struct sim_reply reply;
    size_t counts[2];

    (void)state;
    export_with("mixed-rows", &reply);
    count_lines(&reply.body, 0, counts);
    assert_true(counts[0] > 5 && counts[1] > 5);
}

static void a_server_that_fails_says_so_behind_the_last_row_it_sent(void **state)
{
    static const struct {
        const char *spec, *begin, *end;
    } cases[] = {
        {"php-end:percent=60", "PHP Fatal error:  Uncaught PDOException: SQLSTATE[HY000]",
         "relatorios.php on line 412\n"},
        {"sql-end", "SQLSTATE[HY000]: General error", "try restarting transaction\n"},
        {"json-end:bytes=9000", "{\"error\":", "\"code\":500}\n"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        SIM_REPLY_DONE struct sim_reply reply;
        export_with(cases[i].spec, &reply);
        expect_end(&reply, cases[i].end);
        const char *words = strstr(buf_text(&reply.body), cases[i].begin);
        assert_non_null(words);
        expect_beginning(&reply, (size_t)(words - reply.body.data));
    }
}

static void a_footer_may_lack_its_line_end(void **state)
{
    SIM_REPLY_DONE struct sim_reply reply;

    (void)state;
    export_with("footer", &reply);
    const char *words = strstr(buf_text(&reply.body), "Total de registros: ");
    assert_non_null(words);
    expect_beginning(&reply, (size_t)(words - reply.body.data));
    assert_int_equal(strspn(words + 20, "0123456789"), strlen(words + 20));
}

static void totals_may_have_the_separators_of_a_row(void **state)
{
    SIM_REPLY_DONE struct sim_reply reply;
    size_t separators[2] = {0};

    (void)state;
    export_with("totals", &reply);
    const char *words = strstr(buf_text(&reply.body), "\nTOTAL;");
    assert_non_null(words);
    for (const char *c = reply.body.data; *c != '\n'; c++)
        separators[0] += *c == ';';
    for (const char *c = words; *c; c++)
        separators[1] += *c == ';';
    assert_true(separators[0] > 20);
    assert_int_equal(separators[1], separators[0]);
}

static void old_programs_leave_their_marks_behind_the_last_row(void **state)
{
    struct buf file;
    SIM_REPLY_DONE struct sim_reply dos, padded, counted;
    static const char nothing[100];

    (void)state;
    sim_fixture_right_file(&file);
    export_with("ctrl-z", &dos);
    assert_int_equal(dos.body.len, file.len + 1);
    assert_int_equal(dos.body.data[file.len], 0x1A);
    export_with("padding", &padded);
    assert_int_equal(padded.body.len % 512, 0);
    assert_memory_equal(padded.body.data, file.data, file.len);
    assert_int_equal(padded.body.data[padded.body.len - 1], '\0');
    export_with("padding:bytes=100", &counted);
    assert_int_equal(counted.body.len, file.len + sizeof nothing);
    assert_memory_equal(counted.body.data + file.len, nothing, sizeof nothing);
    buf_done(&file);
}

#define WIRE(name) cmocka_unit_test_setup_teardown(name, sim_fixture_open, sim_fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WIRE(the_clean_file_has_one_encoding),
        WIRE(the_header_may_stay_behind_when_the_rows_become_utf8),
        WIRE(a_bom_may_stand_before_rows_in_latin1),
        WIRE(rows_may_come_in_both_encodings),
        WIRE(a_server_that_fails_says_so_behind_the_last_row_it_sent),
        WIRE(a_footer_may_lack_its_line_end),
        WIRE(totals_may_have_the_separators_of_a_row),
        WIRE(old_programs_leave_their_marks_behind_the_last_row),
    };

    return cmocka_run_group_tests_name("sim_text", tests, NULL, NULL);
}
