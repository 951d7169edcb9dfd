/* SPDX-License-Identifier: MIT */
/* Foreign text in HTML and in JSON within HTML. */
#include "pages/html.h"
#include "tests/support/unit.h"

#include <math.h>
#include <string.h>

static void expect(struct buf *out, const char *expected)
{
    assert_string_equal(buf_text(out), expected);
    buf_reset(out);
}

static void foreign_text_never_becomes_markup(void **state)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"Porto Alegre", "Porto Alegre"},
        {"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
        {"a & b", "a &amp; b"},
        {"&lt;", "&amp;lt;"},
        {"\" onclick='x'", "&quot; onclick=&#39;x&#39;"},
        {"Município – é", "Município – é"},
        {"a\x01"
         "b\x7F",
         "a\xEF\xBF\xBD"
         "b\xEF\xBF\xBD"},
        {"linha\nnova", "linha\nnova"},
        {"\xFF<\xC3", "\xEF\xBF\xBD&lt;\xEF\xBF\xBD"},
        {"\xF0\x9F\x94\x8C", "\xF0\x9F\x94\x8C"},
    };
    BUF_DONE struct buf out = BUF_INIT(1024);

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        html_text(&out, cases[i][0]);
        expect(&out, cases[i][1]);
    }
    html_text_n(&out, "a\0b<", 4);
    expect(&out, "a\xEF\xBF\xBD"
                 "b&lt;");
    html_textf(&out, "%s: %d", "<b>", 7);
    expect(&out, "&lt;b&gt;: 7");
}

static void elements_and_attributes_are_whole(void **state)
{
    BUF_DONE struct buf out = BUF_INIT(1024);

    (void)state;
    html_open(&out, "section", "cartao c8");
    html_element(&out, "h2", NULL, "Serviços < ontem");
    html_element(&out, "p", "", "x");
    html_close(&out, "section");
    expect(&out, "<section class=\"cartao c8\"><h2>Serviços &lt; ontem</h2><p>x</p></section>");
    html_begin_tag(&out, "input");
    html_attr(&out, "value", "a\"b");
    html_attr(&out, "list", NULL);
    html_attr(&out, "id", "");
    html_end_tag(&out);
    expect(&out, "<input value=\"a&quot;b\" id=\"\">");
    html_link(&out, "/hoje?regional=SUL&grupo=BT", NULL, "S & B");
    expect(&out, "<a href=\"/hoje?regional=SUL&amp;grupo=BT\">S &amp; B</a>");
    html_link(&out, "/hoje", "forte", "hoje");
    expect(&out, "<a href=\"/hoje\" class=\"forte\">hoje</a>");
    html_hidden(&out, "ordem", "-servicos");
    expect(&out, "<input type=\"hidden\" name=\"ordem\" value=\"-servicos\">");
    html_option(&out, "SUL", "SUL", true);
    html_option(&out, "", "Todas", false);
    expect(&out, "<option value=\"SUL\" selected>SUL</option><option value=\"\">Todas</option>");
}

static void expect_bar(double share, const char *class_name, const char *fill)
{
    BUF_DONE struct buf out = BUF_INIT(1024);
    BUF_DONE struct buf expected = BUF_INIT(1024);

    buf_addf(&expected,
             "<svg class=\"barra\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" "
             "aria-hidden=\"true\"><rect class=\"t\" width=\"100\" height=\"10\"/>"
             "<rect%s height=\"10\"/></svg>",
             fill);
    html_bar(&out, share, class_name);
    assert_string_equal(buf_text(&out), buf_text(&expected));
}

static void bars_stay_within_their_ground(void **state)
{
    (void)state;
    expect_bar(0.185, NULL, " width=\"18.5\"");
    expect_bar(1, "s2", " class=\"s2\" width=\"100.0\"");
    expect_bar(1.5, "", " width=\"100.0\"");
    expect_bar(-0.2, NULL, " width=\"0.0\"");
    expect_bar((double)NAN, NULL, " width=\"0.0\"");
    expect_bar((double)INFINITY, NULL, " width=\"100.0\"");
}

static void json_in_a_page_cannot_end_its_script(void **state)
{
    static const char *const cases[][2] = {
        {"", "\"\""},
        {"Serviços", "\"Serviços\""},
        {"</script><b a='1' & \"", "\"\\u003c/script\\u003e\\u003cb a='1' \\u0026 \\u0022\""},
        {"a\\b\n", "\"a\\u005cb\\u000a\""},
        {"x\xE2\x80\xA8y\xE2\x80\xA9z", "\"x\\u2028y\\u2029z\""},
        {"\x7F\x01", "\"\\u007f\\u0001\""},
        {"\xFFz", "\"\xEF\xBF\xBDz\""},
    };
    BUF_DONE struct buf out = BUF_INIT(1024);

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        html_json_text(&out, cases[i][0]);
        expect(&out, cases[i][1]);
    }
    html_json_text_n(&out, "\0<", 2);
    expect(&out, "\"\\u0000\\u003c\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(foreign_text_never_becomes_markup),
        cmocka_unit_test(elements_and_attributes_are_whole),
        cmocka_unit_test(bars_stay_within_their_ground),
        cmocka_unit_test(json_in_a_page_cannot_end_its_script),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
