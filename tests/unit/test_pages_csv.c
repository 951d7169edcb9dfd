/* SPDX-License-Identifier: MIT */
/* Rows of a query as CSV and as JSON for programs. */
#include "base/mem.h"
#include "pages/csv.h"
#include "pages/json_rows.h"
#include "tests/support/destination_sqlite.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { TEXT_MAX = 1 << 20 };

static struct cell cell_of(const char *text)
{
    return (struct cell){text, text ? strlen(text) : 0};
}

static void fields_are_what_a_spreadsheet_in_brazil_reads(void **state)
{
    static const struct {
        const char *text;
        enum cell_kind kind;
        const char *brazil, *iso;
    } cases[] = {
        {NULL, KIND_TEXT, "", ""},
        {NULL, KIND_INTEGER, "", ""},
        {"PORTO ALEGRE", KIND_TEXT, "PORTO ALEGRE", "PORTO ALEGRE"},
        {"1234567", KIND_INTEGER, "1234567", "1234567"},
        {"-12", KIND_INTEGER, "-12", "-12"},
        {"0.077682", KIND_RATIO, "0,077682", "0.077682"},
        {"1.0e-06", KIND_RATIO, "0,0000010", "0.0000010"},
        {"-8.25", KIND_DECIMAL, "-8,25", "-8.25"},
        {"1234.5", KIND_REAIS, "1234,50", "1234.50"},
        {"7", KIND_REAIS, "7,00", "7.00"},
        {"123456", KIND_CENTS, "123456", "123456"},
        {"35", KIND_MINUTES, "35", "35"},
        {"2026-09-01", KIND_DATE, "01/09/2026", "2026-09-01"},
        {"2026-09-01", KIND_MONTH, "01/09/2026", "2026-09-01"},
        {"15:30:00", KIND_TIME, "15:30", "15:30:00"},
        {"2026-11-26T15:30:00-03:00", KIND_INSTANT, "26/11/2026 15:30",
         "2026-11-26T15:30:00-03:00"},
        {"=cmd|' /C calc'!A0", KIND_TEXT, "'=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"},
        {"=1+1", KIND_INTEGER, "'=1+1", "'=1+1"},
        {"-x", KIND_INTEGER, "'-x", "'-x"},
        {"-12", KIND_TEXT, "'-12", "'-12"},
        {"+55", KIND_TEXT, "'+55", "'+55"},
        {"@SUM(A1)", KIND_DATE, "'@SUM(A1)", "'@SUM(A1)"},
        {"=1", KIND_INSTANT, "'=1", "'=1"},
        {"\tx", KIND_TEXT, "\"'\tx\"", "\"'\tx\""},
        {"\rx", KIND_TEXT, "\"'\rx\"", "\"'\rx\""},
        {"\xEF\xBC\x9D"
         "1",
         KIND_TEXT,
         "'\xEF\xBC\x9D"
         "1",
         "'\xEF\xBC\x9D"
         "1"},                                                         /* U+FF1D */
        {"\xEF\xBC\x8B", KIND_TEXT, "'\xEF\xBC\x8B", "'\xEF\xBC\x8B"}, /* U+FF0B */
        {"\xEF\xBC\x8D", KIND_TEXT, "'\xEF\xBC\x8D", "'\xEF\xBC\x8D"}, /* U+FF0D */
        {"\xEF\xBC\xA0", KIND_TEXT, "'\xEF\xBC\xA0", "'\xEF\xBC\xA0"}, /* U+FF20 */
        {"\xEF\xBC\x8A", KIND_TEXT, "\xEF\xBC\x8A", "\xEF\xBC\x8A"},
        {"a=b", KIND_TEXT, "a=b", "a=b"},
        {"", KIND_TEXT, "", ""},
        {"a;b", KIND_TEXT, "\"a;b\"", "\"a;b\""},
        {"diz \"oi\"", KIND_TEXT, "\"diz \"\"oi\"\"\"", "\"diz \"\"oi\"\"\""},
        {"a\nb", KIND_TEXT, "\"a\nb\"", "\"a\nb\""},
        {"12,50", KIND_REAIS, "\"12,50\"", "\"12,50\""},
        {"2026-02-31", KIND_DATE, "2026-02-31", "2026-02-31"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        BUF_DONE struct buf out = BUF_INIT(TEXT_MAX);
        csv_add_field(&out, cell_of(cases[i].text), cases[i].kind, false);
        assert_string_equal(buf_text(&out), cases[i].brazil);
        buf_reset(&out);
        csv_add_field(&out, cell_of(cases[i].text), cases[i].kind, true);
        assert_string_equal(buf_text(&out), cases[i].iso);
    }
}

static const char sql[] =
    "SELECT * FROM (SELECT '2026-09-01' AS mes, 5471 AS servicos, 0.077682 AS "
    "taxa, 'NORTE; SUL' AS regional UNION ALL SELECT '2026-10-01', NULL, NULL, "
    "$1 UNION ALL SELECT '2026-11-01', 3, 0.5, '=x') ORDER BY mes";
static const struct view_column columns[] = {
    {"mes", KIND_MONTH}, {"servicos", KIND_INTEGER}, {"taxa", KIND_RATIO}, {"regional", KIND_TEXT}};

static char *contents_of(FILE *file)
{
    BUF_DONE struct buf text = BUF_INIT(TEXT_MAX);
    char piece[4096];

    for (size_t len; (len = fread(piece, 1, sizeof(piece), file)) > 0;)
        buf_add(&text, piece, len);
    return mem_copy(buf_text(&text));
}

static void expect_csv(struct bench *bench, bool iso, const char *expected)
{
    struct arena arena = {0};
    struct sql_values values = {.arena = &arena};
    struct stat info;
    FILE *file = NULL;

    sql_bind(&values, "</b>");
    if (!csv_write(bench->dest, sql, &values, columns, COUNT(columns), iso, &file, &bench->err))
        fail_msg("%s", bench->err.message);
    assert_int_equal(fstat(fileno(file), &info), 0);
    assert_int_equal(info.st_nlink, 0);
    MEM_FREE_TEXT char *text = contents_of(file);
    assert_string_equal(text, expected);
    fclose(file);
    arena_done(&arena);
}

static void a_csv_has_all_rows_and_no_name(void **state)
{
    struct bench *bench = *state;

    bench_open(bench);
    expect_csv(bench, false,
               "\xEF\xBB\xBF"
               "mes;servicos;taxa;regional\r\n"
               "01/09/2026;5471;0,077682;\"NORTE; SUL\"\r\n"
               "01/10/2026;;;</b>\r\n"
               "01/11/2026;3;0,5;'=x\r\n");
    expect_csv(bench, true,
               "mes;servicos;taxa;regional\r\n"
               "2026-09-01;5471;0.077682;\"NORTE; SUL\"\r\n"
               "2026-10-01;;;</b>\r\n"
               "2026-11-01;3;0.5;'=x\r\n");
}

static void a_csv_that_cannot_be_whole_is_an_error(void **state)
{
    struct bench *bench = *state;
    FILE *file = NULL;

    bench_open(bench);
    assert_false(csv_write(bench->dest, "SELECT 1, 2", NULL, columns, COUNT(columns), false, &file,
                           &bench->err));
    expect_error(&bench->err, ERROR_DATABASE, "2 cells instead of 4");
    assert_false(
        csv_write(bench->dest, "SELECT nothing", NULL, columns, 1, false, &file, &bench->err));
    assert_int_equal(bench->err.kind, ERROR_DATABASE);
    assert_false(csv_write(bench->dest, "SELECT printf('%2000000s', 'x')", NULL, columns, 1, false,
                           &file, &bench->err));
    expect_error(&bench->err, ERROR_DATA, "bytes");
    setenv("TMPDIR", "/nowhere", 1);
    const bool made =
        csv_write(bench->dest, "SELECT 1", NULL, columns, 1, false, &file, &bench->err);
    unsetenv("TMPDIR");
    assert_false(made);
    assert_int_equal(bench->err.kind, ERROR_SYSTEM);
    assert_null(file);
}

static void a_head_is_text_like_any_other(void **state)
{
    static const struct view_column names[] = {{"=a", KIND_INTEGER}, {"b;\"c", KIND_TEXT}};
    struct bench *bench = *state;
    FILE *file = NULL;

    bench_open(bench);
    assert_true(csv_write(bench->dest, "SELECT 1, 'x'", NULL, names, 2, true, &file, &bench->err));
    MEM_FREE_TEXT char *text = contents_of(file);
    assert_string_equal(text, "'=a;\"b;\"\"c\"\r\n1;x\r\n");
    fclose(file);
}

static void expect_json(struct bench *bench, size_t limit, const char *tail)
{
    static const struct filters filters = {
        .has_first = true, .has_last = true, .first = 20697, .last = 20726};
    const struct json_rows rows = {.model = "ouro_mes",
                                   .filters = &filters,
                                   .data_until = "2026-11-26T15:30:00-03:00",
                                   .columns = columns,
                                   .column_count = COUNT(columns),
                                   .limit = limit};
    BUF_DONE struct buf out = BUF_INIT(TEXT_MAX);
    BUF_DONE struct buf expected = BUF_INIT(TEXT_MAX);
    struct arena arena = {0};
    struct sql_values values = {.arena = &arena};

    sql_bind(&values, "</b>");
    buf_addf(&expected,
             "{\"modelo\":\"ouro_mes\",\"filtros\":{\"de\":\"2026-09-01\",\"ate\":\"2026-09-30\"},"
             "\"dados_ate\":\"2026-11-26T15:30:00-03:00\",\"execucao\":null,\"colunas\":["
             "{\"nome\":\"mes\",\"tipo\":\"mes\"},{\"nome\":\"servicos\",\"tipo\":\"inteiro\"},"
             "{\"nome\":\"taxa\",\"tipo\":\"razao\"},{\"nome\":\"regional\",\"tipo\":\"texto\"}],"
             "\"linhas\":[[\"2026-09-01\",5471,0.077682,\"NORTE; SUL\"]%s",
             tail);
    if (!json_rows(bench->dest, sql, &values, &rows, &out, &bench->err))
        fail_msg("%s", bench->err.message);
    assert_string_equal(buf_text(&out), buf_text(&expected));
    arena_done(&arena);
}

static void json_has_rows_up_to_a_limit_and_says_how_many_there_are(void **state)
{
    struct bench *bench = *state;

    bench_open(bench);
    expect_json(bench, 3,
                ",[\"2026-10-01\",null,null,\"\\u003c/b\\u003e\"],"
                "[\"2026-11-01\",3,0.5,\"=x\"]],\"total\":3,\"cortado\":false}");
    expect_json(bench, 1, "],\"total\":3,\"cortado\":true}");
}

static void json_cells_are_valid_json_whatever_the_database_has(void **state)
{
    static const struct {
        const char *text;
        enum cell_kind kind;
        const char *expected;
    } cases[] = {
        {NULL, KIND_RATIO, "null"},
        {"1.0e-06", KIND_RATIO, "0.0000010"},
        {"-0", KIND_INTEGER, "0"},
        {"007", KIND_INTEGER, "7"},
        {"NaN", KIND_RATIO, "\"NaN\""},
        {"", KIND_INTEGER, "\"\""},
        {"123", KIND_TEXT, "\"123\""},
        {"1234.50", KIND_REAIS, "1234.50"},
        {"\xFF", KIND_TEXT, "\"\xEF\xBF\xBD\""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        BUF_DONE struct buf out = BUF_INIT(TEXT_MAX);
        json_add_cell(&out, cell_of(cases[i].text), cases[i].kind);
        assert_string_equal(buf_text(&out), cases[i].expected);
    }
}

static void json_that_does_not_fit_is_an_error(void **state)
{
    static const struct filters filters = {0};
    const struct json_rows rows = {
        .model = "m", .filters = &filters, .columns = columns, .column_count = 1, .limit = 5};
    BUF_DONE struct buf out = BUF_INIT(180);
    struct bench *bench = *state;

    bench_open(bench);
    assert_false(
        json_rows(bench->dest, "SELECT printf('%200s', 'x')", NULL, &rows, &out, &bench->err));
    expect_error(&bench->err, ERROR_DATA, "more than 180 bytes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_what_a_spreadsheet_in_brazil_reads),
        BENCH_TEST(a_csv_has_all_rows_and_no_name),
        BENCH_TEST(a_csv_that_cannot_be_whole_is_an_error),
        BENCH_TEST(a_head_is_text_like_any_other),
        BENCH_TEST(json_has_rows_up_to_a_limit_and_says_how_many_there_are),
        cmocka_unit_test(json_cells_are_valid_json_whatever_the_database_has),
        BENCH_TEST(json_that_does_not_fit_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
