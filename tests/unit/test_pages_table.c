/* SPDX-License-Identifier: MIT */
/* Rows of a query in memory, as an HTML table and as a chart's data. */
#include "pages/chart_data.h"
#include "pages/table_html.h"
#include "tests/support/destination_sqlite.h"
#include "tests/support/unit.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define NB "\xC2\xA0"
enum { TEXT_MAX = 1 << 20 };

/* Three months; the last one still grows. */
static const char sql[] =
    "SELECT * FROM (SELECT '2026-09-01' AS mes, 'SUL <b>' AS regional, 1200 AS servicos, 0.0822 AS "
    "taxa, 53848896 AS centavos UNION ALL SELECT '2026-10-01', NULL, 600, NULL, 1 "
    "UNION ALL SELECT '2026-11-01', $1, 'muitos', 0.5, -250) ORDER BY mes";

/* The table of a test, whose cells live in the arena. */
struct read {
    struct arena arena;
    struct query_table table;
};

static void read_table(struct bench *bench, struct read *read)
{
    *read = (struct read){0};
    struct sql_values values = {.arena = &read->arena};

    sql_bind(&values, "\"N'");
    bench_open(bench);
    if (!query_table_read(bench->dest, sql, &values, 3, &read->arena, &read->table, &bench->err))
        fail_msg("%s", bench->err.message);
}

static void cells_are_found_by_row_and_column(void **state)
{
    struct read read;
    struct decimal number;
    int64_t whole = 77;
    int32_t day = 0;

    read_table(*state, &read);
    const struct query_table *table = &read.table;
    assert_int_equal(table->rows, 3);
    assert_int_equal(table->columns, 5);
    assert_string_equal(query_table_text(table, 0, 1), "SUL <b>");
    assert_string_equal(query_table_text(table, 1, 1), "");
    assert_null(query_table_cell(table, 1, 1).text);
    assert_string_equal(query_table_text(table, 2, 1), "\"N'");
    assert_true(query_table_int(table, 0, 2, &whole));
    assert_int_equal(whole, 1200);
    assert_false(query_table_int(table, 2, 2, &whole));
    assert_false(query_table_decimal(table, 1, 3, &number));
    assert_int_equal(whole, 1200);
    assert_true(query_table_decimal(table, 0, 3, &number));
    assert_int_equal(number.magnitude, 822);
    assert_int_equal(number.scale, 4);
    assert_true(query_table_day(table, 2, 0, &day));
    assert_int_equal(day, 20758); /* 01/11/2026 */
    assert_false(query_table_day(table, 2, 1, &day));
    assert_int_equal(query_table_sum(table, 2), 1800);
    assert_int_equal(query_table_sum(table, 4), 53848647);
    arena_done(&read.arena);
}

static void a_sum_that_does_not_fit_stays_at_the_edge(void **state)
{
    struct bench *bench = *state;
    struct arena arena = {0};
    struct query_table table;

    bench_open(bench);
    assert_true(query_table_read(bench->dest, "SELECT '9223372036854775807' UNION ALL SELECT '1'",
                                 NULL, 2, &arena, &table, &bench->err));
    assert_true(query_table_sum(&table, 0) == INT64_MAX);
    arena_done(&arena);
}

static void more_rows_than_a_page_may_have_are_an_error(void **state)
{
    struct bench *bench = *state;
    struct arena arena = {0};
    struct query_table table = {.rows = 99};

    bench_open(bench);
    assert_false(query_table_read(bench->dest, "SELECT 1 UNION SELECT 2 UNION SELECT 3", NULL, 2,
                                  &arena, &table, &bench->err));
    expect_error(&bench->err, ERROR_DATA, "more than 2 rows");
    assert_false(query_table_read(bench->dest, "SELECT printf('%17000000s', 'x')", NULL, 2, &arena,
                                  &table, &bench->err));
    expect_error(&bench->err, ERROR_DATA, "bytes");
    assert_int_equal(table.rows, 99);
    assert_true(query_table_read(bench->dest, "SELECT 1 WHERE 1 = 0", NULL, 2, &arena, &table,
                                 &bench->err));
    assert_int_equal(table.rows, 0);
    arena_done(&arena);
}

static bool link_regions(void *arg, const struct query_table *table, size_t row, size_t column,
                         struct buf *address)
{
    (void)arg;
    if (column != 1 || !query_table_cell(table, row, 1).text)
        return false;
    buf_add_text(address, "/linhas?a=1&b=2");
    return true;
}

static bool tag_growing(void *arg, const struct query_table *table, size_t row, size_t column,
                        struct buf *html)
{
    (void)arg;
    (void)table;
    if (row != 2 || column != 5)
        return false;
    buf_add_text(html, "<span class=\"tag\">cresce</span>");
    return true;
}

static const char *class_of_row(void *arg, const struct query_table *table, size_t row)
{
    (void)arg;
    return row + 1 == table->rows ? "imatura" : NULL;
}

static const struct table_column view_columns[] = {
    {.head = "Mês", .cell = 0, .kind = KIND_MONTH, .flags = TABLE_ROW_HEAD},
    {.head = "Regional", .cell = 1, .flags = TABLE_WIDE},
    {.head = "Serviços & mais",
     .cell = 2,
     .kind = KIND_INTEGER,
     .order_link = "/x?ordem=-servicos&y=1",
     .order = "descending"},
    {.head = "",
     .cell = 2,
     .kind = KIND_INTEGER,
     .flags = TABLE_BAR | TABLE_WIDE,
     .bar_class = "s2"},
    {.head = "Taxa", .cell = 3, .kind = KIND_RATIO, .digits = 1, .flags = TABLE_WIDE},
    {.head = "Valor", .cell = 4, .kind = KIND_CENTS},
};

#define BAR(width)                                                                                 \
    "<svg class=\"barra\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" "                    \
    "aria-hidden=\"true\"><rect class=\"t\" width=\"100\" height=\"10\"/><rect class=\"s2\" "      \
    "width=\"" width "\" height=\"10\"/></svg>"
#define ROW_1                                                                                      \
    "<tr><th scope=\"row\">set/26</th><td class=\"p2\"><a href=\"/linhas?a=1&amp;b=2\">"           \
    "SUL &lt;b&gt;</a></td><td class=\"n\">1.200</td><td class=\"p2\">" BAR(                       \
        "100.0") "</td>"                                                                           \
                 "<td class=\"n p2\">8,2" NB "%</td><td class=\"n\">R$" NB "538.488,96</td></tr>"
#define ROW_2                                                                                      \
    "<tr><th scope=\"row\">out/26</th><td class=\"p2\">–</td><td class=\"n\">600</td>"           \
    "<td class=\"p2\">" BAR("50.0") "</td><td class=\"n p2\">–</td>"                             \
                                    "<td class=\"n\">R$" NB "0,01</td></tr>"
#define ROW_3                                                                                      \
    "<tr class=\"imatura\"><th scope=\"row\">nov/26</th><td class=\"p2\">"                         \
    "<a href=\"/linhas?a=1&amp;b=2\">&quot;N&#39;</a></td><td class=\"n\">muitos</td>"             \
    "<td class=\"p2\">" BAR("0.0") "</td><td class=\"n p2\">50,0" NB "%</td>"                      \
                                   "<td class=\"n\"><span class=\"tag\">cresce</span></td></tr>"
#define HEAD                                                                                       \
    "<div class=\"rola\" tabindex=\"0\" role=\"region\" aria-label=\"Por &lt;mês&gt;\">"          \
    "<table class=\"funil\"><caption>Por &lt;mês&gt;</caption><thead><tr><th scope=\"col\">Mês"  \
    "</th><th scope=\"col\" class=\"p2\">Regional</th><th scope=\"col\" class=\"n\" "              \
    "aria-sort=\"descending\"><a href=\"/x?ordem=-servicos&amp;y=1\">Serviços &amp; mais</a>"     \
    "</th><th scope=\"col\" class=\"p2\"><span class=\"oculto\"></span></th><th scope=\"col\" "    \
    "class=\"n p2\">Taxa</th>"                                                                     \
    "<th scope=\"col\" class=\"n\">Valor</th></tr></thead><tbody>"
#define TAIL "</tbody></table></div>"

static void a_table_can_be_read_aloud_and_holds_no_foreign_markup(void **state)
{
    struct table_view view = {.caption = "Por <mês>",
                              .class_name = "funil",
                              .columns = view_columns,
                              .column_count = COUNT(view_columns),
                              .link = link_regions,
                              .content = tag_growing,
                              .row_class = class_of_row};
    BUF_DONE struct buf out = BUF_INIT(TEXT_MAX);
    struct read read;

    read_table(*state, &read);
    table_html(&out, &read.table, &view);
    assert_string_equal(buf_text(&out), HEAD ROW_1 ROW_2 ROW_3 TAIL);
    buf_reset(&out);
    view.reversed = true;
    table_html(&out, &read.table, &view);
    assert_string_equal(buf_text(&out), HEAD ROW_3 ROW_2 ROW_1 TAIL);
    buf_reset(&out);
    table_html(&out, &(struct query_table){0}, &view);
    assert_string_equal(buf_text(&out), HEAD "<tr><td colspan=\"6\">Nenhuma linha.</td></tr>" TAIL);
    arena_done(&read.arena);
}

static bool last_grows(void *arg, const struct query_table *table, size_t row)
{
    (void)arg;
    return row + 1 == table->rows;
}

static void link_month(void *arg, const struct query_table *table, size_t row, struct buf *address)
{
    (void)arg;
    buf_addf(address, "/linhas?a=1&mes=%s", query_table_text(table, row, 0));
}

static const struct chart_series series[] = {
    {.name = "Taxa", .cell = 3, .kind = KIND_RATIO, .flags = SERIES_PALE, .radius = 3},
    {.name = "Serviços </script>",
     .cell = 2,
     .kind = KIND_INTEGER,
     .type = "bar",
     .colour = "--serie-2",
     .format = "0",
     .flags = SERIES_PALE,
     .order = 2},
    {.name = "Valor",
     .cell = 4,
     .kind = KIND_CENTS,
     .flags = SERIES_DASHED | SERIES_NO_POINTS | SERIES_STEPS | SERIES_TICKS | SERIES_BAND |
              SERIES_INVISIBLE | SERIES_SILENT},
};

static void a_chart_has_what_the_script_reads(void **state)
{
    const struct chart chart = {.id = "coorte",
                                .type = "line",
                                .label_cell = 0,
                                .label_kind = KIND_MONTH,
                                .format = "%",
                                .axis = "0",
                                .has_min = true,
                                .has_max = true,
                                .not_from_zero = true,
                                .min = 4,
                                .max = 8.5,
                                .series = series,
                                .series_count = COUNT(series),
                                .pale = last_grows,
                                .link = link_month};
    BUF_DONE struct buf out = BUF_INIT(TEXT_MAX);
    struct read read;

    read_table(*state, &read);
    chart_data_begin(&out);
    chart_data_add(&out, &chart, &read.table);
    chart_data_end(&out);
    assert_string_equal(
        buf_text(&out),
        "<script type=\"application/json\" id=\"dados\">{\"coorte\":{\"tipo\":\"line\","
        "\"rotulos\":[\"set/26\",\"out/26\",\"nov/26\"],"
        "\"titulos\":[\"setembro de 2026\",\"outubro de 2026\",\"novembro de 2026\"],"
        "\"formato\":\"%\",\"eixo\":\"0\",\"zero\":false,\"min\":4,\"max\":8.5,\"series\":["
        "{\"nome\":\"Taxa\",\"dados\":[8.22,null,50],\"imaturos\":[2],\"raio\":3},"
        "{\"nome\":\"Serviços \\u003c/script\\u003e\",\"tipo\":\"bar\",\"cor\":\"--serie-2\","
        "\"formato\":\"0\",\"dados\":[1200,600,null],\"apagadas\":[2],\"ordem\":2},"
        "{\"nome\":\"Valor\",\"dados\":[538488.96,0.01,-2.50],\"tracejado\":true,\"pontos\":false,"
        "\"degrau\":true,\"tique\":true,\"faixa\":\"+1\",\"invisivel\":true,\"mudo\":true}],"
        "\"ligar\":[\"/linhas?a=1\\u0026mes=2026-09-01\",\"/linhas?a=1\\u0026mes=2026-10-01\","
        "\"/linhas?a=1\\u0026mes=2026-11-01\"]}}</script>");
    arena_done(&read.arena);
}

static const char *label_of(json_t *root, const char *chart, const char *name, size_t at)
{
    return json_string_value(
        json_array_get(json_object_get(json_object_get(root, chart), name), at));
}

/* What stands between the tags is read by a JSON reader that is not ours. */
static void labels_follow_what_they_stand_for(void **state)
{
    struct bench *bench = *state;
    const struct chart days = {.id = "dias", .type = "bar", .label_kind = KIND_DATE};
    const struct chart runs = {
        .id = "execucoes", .type = "line", .label_cell = 1, .label_kind = KIND_INSTANT};
    const struct chart texts = {.id = "textos", .type = "bar", .label_cell = 2};
    BUF_DONE struct buf out = BUF_INIT(TEXT_MAX);
    struct arena arena = {0};
    struct query_table table;

    bench_open(bench);
    assert_true(query_table_read(bench->dest,
                                 "SELECT '2026-11-26', '2026-11-26T15:30:00-03:00', '\"<&>' UNION "
                                 "ALL SELECT 'x', NULL, NULL",
                                 NULL, 2, &arena, &table, &bench->err));
    chart_data_begin(&out);
    const size_t start = out.len - 1;
    chart_data_add(&out, &days, &table);
    chart_data_add(&out, &runs, &table);
    chart_data_add(&out, &texts, &table);
    json_t *root = json_loadb(out.data + start, out.len - start, JSON_DISABLE_EOF_CHECK, NULL);
    assert_null(root); /* not closed yet */
    buf_add_char(&out, '}');
    root = json_loadb(out.data + start, out.len - start, 0, NULL);
    assert_non_null(root);
    assert_string_equal(label_of(root, "dias", "rotulos", 0), "26/11");
    assert_string_equal(label_of(root, "dias", "titulos", 0), "qui, 26/11/2026");
    assert_string_equal(label_of(root, "dias", "rotulos", 1), "x");
    assert_string_equal(label_of(root, "execucoes", "rotulos", 0), "26/11");
    assert_string_equal(label_of(root, "execucoes", "titulos", 0), "26/11/2026 15:30");
    assert_string_equal(label_of(root, "execucoes", "titulos", 1), "");
    assert_string_equal(label_of(root, "textos", "rotulos", 0), "\"<&>");
    assert_null(label_of(root, "textos", "titulos", 0));
    json_decref(root);
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(cells_are_found_by_row_and_column),
        BENCH_TEST(a_sum_that_does_not_fit_stays_at_the_edge),
        BENCH_TEST(more_rows_than_a_page_may_have_are_an_error),
        BENCH_TEST(a_table_can_be_read_aloud_and_holds_no_foreign_markup),
        BENCH_TEST(a_chart_has_what_the_script_reads),
        BENCH_TEST(labels_follow_what_they_stand_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
