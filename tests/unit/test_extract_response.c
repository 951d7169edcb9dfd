/* SPDX-License-Identifier: MIT */
/* Checks that an answer is the expected file, and that two files have the same content. */
#include "base/buf.h"
#include "base/file.h"
#include "extract/replay/response.h"
#include "extract/replay/file_digest.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct names files = {.items = (const char *const[]){"relatorio*.csv"}, .count = 1};

#define NAMED "attachment; filename=\"relatorio_1.csv\""

static struct response make(int status, const char *type, const char *disposition, const char *body)
{
    struct response made = {.status = status, .size = (int64_t)strlen(body)};

    if (type)
        response_take_header(&made, "content-type", type, strlen(type));
    if (disposition)
        response_take_header(&made, "Content-Disposition", disposition, strlen(disposition));
    memcpy(made.start, body, strlen(body) < sizeof(made.start) ? strlen(body) : sizeof(made.start));
    return made;
}

static void the_files_name_is_read_as_browsers_do(void **state)
{
    static const char *const cases[][2] = {
        {"attachment; filename=\"relatorio 1.csv\"", "relatorio 1.csv"},
        {"attachment; filename=relatorio.csv", "relatorio.csv"},
        {"attachment; filename=relatorio.csv ; size=12", "relatorio.csv"},
        {"attachment;FILENAME=\"a\\\"b;c.csv\"; x=y", "a\"b;c.csv"},
        {"attachment; filename=\"x.csv\"; filename*=UTF-8''relat%C3%B3rio.csv", "relatório.csv"},
        {"attachment; filename*=utf-8'pt-BR'a%20b.csv; filename=\"x.csv\"", "a b.csv"},
        {"attachment; title=\"filename=falso.csv\"", ""},
        {"attachment; title=\"a\\\" filename=falso.csv; filename=falso.csv\"; filename=x.csv",
         "x.csv"},
        {"attachment; filename=\"a\\\"; filename*=UTF-8''falso.csv\"",
         "a\"; filename*=UTF-8''falso.csv"},
        {"attachment; filename = x.csv; filename = falso.csv", "x.csv"},
        {"attachment; filename*=UTF-8''; filename=x.csv", "x.csv"},
        {"attachment; filename=../../etc/x.csv.", "_.._etc_x.csv"},
        {"attachment; filename*=UTF-8''%2e%2E%2Fa%1B%5Bm%00.csv", "_a_[m_.csv"},
        {"attachment; filename=\"..\"", ""},
        {"attachment; nofilename=x.csv", ""},
        {"attachment; filename=", ""},
        {"attachment", ""},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(make(200, NULL, cases[i][0], "").name, cases[i][1]);
}

/* A name each of whose letters takes six bytes in the header. */
static void a_long_name_in_percent_signs_keeps_its_end(void **state)
{
    BUF_DONE struct buf header = BUF_INIT(4096), name = BUF_INIT(4096);

    (void)state;
    buf_add_text(&header, "attachment; filename*=UTF-8''");
    for (int i = 0; i < 100; i++) {
        buf_add_text(&header, "%C3%B3");
        buf_add_text(&name, "ó");
    }
    buf_add_text(&header, ".csv");
    buf_add_text(&name, ".csv");
    assert_string_equal(make(200, NULL, buf_text(&header), "").name, buf_text(&name));
}

static void only_the_file_that_a_click_brings_is_accepted(void **state)
{
    static const char csv[] = "text/csv; charset=ISO-8859-1";
    static const struct {
        int status;
        const char *type, *disposition, *body;
        const char *why; /* NULL: the answer is the file */
    } cases[] = {
        {200, csv, NAMED, "a;b\r\n1;2\r\n", NULL},
        {200, "TEXT/CSV", NAMED, "\xEF\xBB\xBF\"a\";b\n", NULL},
        {200, csv, NAMED, "\r\n\r\nTitulo\r\na;b\r\n", NULL},
        {200, csv, "attachment; filename=\"RELATORIO_1.CSV\"", "a;b", NULL},
        {302, csv, NAMED, "a;b", "HTTP 302, the way to another page"},
        {500, csv, NAMED, "a;b", "HTTP 500"},
        {206, csv, NAMED, "a;b", "HTTP 206"},
        {200, "text/html; charset=utf-8", NAMED, "<p>", "text/html instead of a file"},
        {200, "application/json", NULL, "{\"job\": 1}", "application/json instead of a file"},
        {200, "application/octet-stream", NAMED, "a;b",
         "application/octet-stream instead of text/csv"},
        {200, NULL, NAMED, "a;b", "no type instead of text/csv"},
        {200, csv, "attachment; filename=\"retorno_1.csv\"", "a;b",
         "a file called 'retorno_1.csv'"},
        {200, csv, "attachment", "a;b", "a file without a name"},
        {200, csv, NULL, "a;b", "a file without a name"},
        {200, csv, NAMED, "", "an empty file"},
        {200, csv, NAMED, " \r\n<!DOCTYPE html>", "a page that is called a file"},
        {200, csv, NAMED, "\xEF\xBB\xBF<br />\n<b>Fatal error</b>", "a page that is called a file"},
        {200, csv, NAMED, "{\"erro\": 1}", "JSON that is called a file"},
        {200, csv, NAMED, "PK\003\004", "a compressed file"},
        {200, csv, NAMED, "\x1F\x8B\b", "a compressed file"},
    };
    const struct response model = make(200, csv, NAMED, "");

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct response response =
            make(cases[i].status, cases[i].type, cases[i].disposition, cases[i].body);
        char why[RESPONSE_WHY_SIZE] = "";
        bool good = response_is_like(&response, &model, &files, why);
        assert_int_equal(good, cases[i].why == NULL);
        assert_string_equal(why, cases[i].why ? cases[i].why : "");
    }
}

static void a_packed_file_is_expected_where_the_click_brought_one(void **state)
{
    static const char *const bodies[] = {"PK\003\004", "\x1F\x8B\b"};
    const struct names any = {.items = (const char *const[]){"*"}, .count = 1};
    const struct response plain = make(200, "application/zip", NULL, "a;b\n");
    char why[RESPONSE_WHY_SIZE] = "";

    (void)state;
    for (size_t i = 0; i < COUNT(bodies); i++) {
        const struct response model = make(200, "application/zip", NULL, bodies[i]);
        assert_true(response_is_like(&model, &model, &any, why));
        assert_false(response_is_like(&plain, &model, &any, why));
        assert_string_equal(why, "a file that is not compressed");
        assert_false(response_is_like(&model, &plain, &any, why));
        assert_string_equal(why, "a compressed file");
    }
}

static void packed_files_are_called_as_their_csvs_would_be(void **state)
{
    static const char *const good[] = {"relatorio_1.csv.gz", "relatorio_1.CSV.ZIP",
                                       "Relatorio_1.zip", "relatorio_1.gz"};
    static const char *const bad[] = {
        "retorno_1.zip", "relatorio_1.csv.rar", "relatorio_1.csv.xz", ".zip", "zip", "relatorio"};

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++)
        assert_true(report_names_file(&files, good[i]));
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(report_names_file(&files, bad[i]));
}

static void a_file_that_never_had_a_name_needs_none(void **state)
{
    const struct response model = make(200, "text/csv", "attachment", "");
    const struct response response = make(200, "text/csv", NULL, "a;b\n");
    char why[RESPONSE_WHY_SIZE] = "";

    (void)state;
    assert_true(response_is_like(&response, &model, &files, why));
}

static struct file_digest digest_of(const char *text)
{
    char path[] = "/tmp/test-digest-XXXXXX";
    struct file_digest made;
    struct error err;
    int fd = mkstemp(path);

    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    assert_true(file_digest_of(path, &made, &err));
    unlink(path);
    return made;
}

static void files_are_alike_by_their_bytes_or_by_their_lines_in_any_order(void **state)
{
    static const struct {
        const char *one, *other;
        enum file_digest_match verdict;
    } cases[] = {
        {"h\r\n1\r\n2\r\n", "h\r\n1\r\n2\r\n", FILE_DIGEST_BYTES},
        {"", "", FILE_DIGEST_BYTES},
        {"h\r\n1\r\n2\r\n", "h\r\n2\r\n1\r\n", FILE_DIGEST_LINES},
        {"h\n1\n2", "h\n2\n1", FILE_DIGEST_LINES},
        {"h\n1\n2\n", "h\n1\n3\n", FILE_DIGEST_NONE},
        {"h\n1\n2\n", "h\n1\n", FILE_DIGEST_NONE},
        {"h\n1\n1\n2\n", "h\n1\n2\n2\n", FILE_DIGEST_NONE},
        {"h\n1\n2\n", "1\nh\n2\n", FILE_DIGEST_NONE}, /* the first line is the header */
        {"h\n12\n", "h\n1\n2\n", FILE_DIGEST_NONE},
        {"h\n", "", FILE_DIGEST_NONE},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct file_digest one = digest_of(cases[i].one), other = digest_of(cases[i].other);
        assert_int_equal(file_digest_compare(&one, &other), cases[i].verdict);
        assert_int_equal(file_digest_compare(&other, &one), cases[i].verdict);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_files_name_is_read_as_browsers_do),
        cmocka_unit_test(a_long_name_in_percent_signs_keeps_its_end),
        cmocka_unit_test(only_the_file_that_a_click_brings_is_accepted),
        cmocka_unit_test(a_packed_file_is_expected_where_the_click_brought_one),
        cmocka_unit_test(packed_files_are_called_as_their_csvs_would_be),
        cmocka_unit_test(a_file_that_never_had_a_name_needs_none),
        cmocka_unit_test(files_are_alike_by_their_bytes_or_by_their_lines_in_any_order),
    };

    return cmocka_run_group_tests_name("extract_response", tests, NULL, NULL);
}
