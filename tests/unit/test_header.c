/* SPDX-License-Identifier: MIT */
/* Header names are compared without quotes, accents, case and superfluous blanks. */
#include "model/header.h"

#include "base/buf.h"
#include "tests/support/unit.h"

#include <string.h>

static void expect(const char *raw, size_t len, const char *wanted)
{
    BUF_DONE struct buf out = BUF_INIT(64 * 1024);

    header_normalize(&out, raw, len);
    assert_string_equal(buf_text(&out), wanted);
    assert_int_equal(out.len, strlen(wanted));
}

static void test_quotes_blanks_accents_and_case_do_not_count(void **state)
{
    static const struct {
        const char *raw, *wanted;
    } cases[] = {
        {"UC / MD", "UC / MD"},
        {"Data execução", "DATA EXECUCAO"},
        {"DATA EXECUÇÃO", "DATA EXECUCAO"},
        {"CÓD", "COD"},
        {"Cód", "COD"},
        {"  \"Nº   TOI\" ", "NO TOI"},
        {"½", "1\xE2\x81\x84"
              "2"},
        {"Município\r", "MUNICIPIO"},
        {"Hora\xC2\xA0 in\xC3\xAD"
         "cio",
         "HORA INICIO"},                        /* U+00A0, no-break space */
        {"Sit\tdeixada\n", "SIT DEIXADA"},      /* a line break within a quoted name */
        {"\xEF\xBB\xBF\"UC / MD\"", "UC / MD"}, /* the BOM of a file */
        {"\xE2\x80\x9CToi\xE2\x80\x9D", "TOI"}, /* typographic quotes */
        {"Motivo na\xCC\x83o baixado", "MOTIVO NAO BAIXADO"}, /* already decomposed */
        {"QTD parcela(s)", "QTD PARCELA(S)"},
        {"straße", "STRASSE"},
        {"tipo_servico_comercial", "TIPO_SERVICO_COMERCIAL"},
        {"\"\"", ""},
        {"", ""},
        {" \t ", ""},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++)
        expect(cases[i].raw, strlen(cases[i].raw), cases[i].wanted);
}

static void test_a_normalized_name_stays_as_it_is(void **state)
{
    static const char *const names[] = {"Data execução", "½ Nº ª", "ŉ ǰ ΐ ﬃ İ ı", "´ x ¨", "µÿ"};
    (void)state;

    for (size_t i = 0; i < COUNT(names); i++) {
        BUF_DONE struct buf once = BUF_INIT(1024);
        header_normalize(&once, names[i], strlen(names[i]));
        expect(once.data, once.len, once.data);
    }
}

static void test_bytes_that_are_no_utf8_become_replacement_characters(void **state)
{
    (void)state;

    expect("C\xD3"
           "D",
           3,
           "C\xEF\xBF\xBD"
           "D");
    expect("C\xC3", 2, "C\xEF\xBF\xBD");
    expect("\xFF\xFE", 2, "\xEF\xBF\xBD\xEF\xBF\xBD");
}

static void test_a_nul_counts_as_a_blank(void **state)
{
    (void)state;

    expect("TOI\0ENTREGUE\0", 13, "TOI ENTREGUE");
}

static void test_any_bytes_are_taken(void **state)
{
    (void)state;

    for (unsigned first = 0; first < 256; first++) {
        for (unsigned second = 0; second < 256; second++) {
            BUF_DONE struct buf out = BUF_INIT(1024);
            const char bytes[] = {(char)first, (char)second, 'a'};
            header_normalize(&out, bytes, sizeof(bytes));
            assert_false(out.full);
        }
    }
}

static void test_a_name_of_absurd_length_is_cut(void **state)
{
    BUF_DONE struct buf out = BUF_INIT(64 * 1024);
    char name[4 * HEADER_NAME_MAX];
    (void)state;

    memset(name, 'a', sizeof(name));
    header_normalize(&out, name, sizeof(name));
    assert_int_equal(out.len, HEADER_NAME_MAX);
}

static void test_the_form_is_added_to_what_the_buffer_holds(void **state)
{
    BUF_DONE struct buf out = BUF_INIT(1024);
    (void)state;

    buf_add_text(&out, "x=");
    header_normalize(&out, " Toi ", 5);
    assert_string_equal(out.data, "x=TOI");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quotes_blanks_accents_and_case_do_not_count),
        cmocka_unit_test(test_a_normalized_name_stays_as_it_is),
        cmocka_unit_test(test_bytes_that_are_no_utf8_become_replacement_characters),
        cmocka_unit_test(test_a_nul_counts_as_a_blank),
        cmocka_unit_test(test_any_bytes_are_taken),
        cmocka_unit_test(test_a_name_of_absurd_length_is_cut),
        cmocka_unit_test(test_the_form_is_added_to_what_the_buffer_holds),
    };
    return cmocka_run_group_tests_name("header", tests, NULL, NULL);
}
