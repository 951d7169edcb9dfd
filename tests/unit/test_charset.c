/* SPDX-License-Identifier: MIT */
/* Charset detection: the encoding of a file, found from its bytes. */
#include "tests/support/unit.h"
#include "transform/charset.h"

#include <string.h>

static void a_file_is_utf8_only_if_all_of_it_is(void **state)
{
    static const struct {
        const char *bytes;
        enum charset expected;
        size_t bom;
    } cases[] = {
        {"MEDI\xC7\xC3O", CHARSET_WINDOWS_1252, 0},
        {"MEDI\xC3\x87\xC3\x83O", CHARSET_UTF_8, 0},
        {"plain", CHARSET_UTF_8, 0},
        {"\xEF\xBB\xBFplain", CHARSET_UTF_8, 3},
        {"\xEF\xBB\xBF"
         "JO\xC3O",
         CHARSET_WINDOWS_1252, 3},
        {"\x93quoted\x94", CHARSET_WINDOWS_1252, 0},
        {"\x93volte amanh\xE3\x92\x85", CHARSET_WINDOWS_1252, 0},
        {"\xE7\xE3o \xE7 then \xC3\x87", CHARSET_MIXED, 0},
        {"\xC3\x87 \xC3\x83 then \xE7", CHARSET_DAMAGED_UTF_8, 0},
        {"inspe\x87\xC6o n\xC6o \x82 servi\x87o e posi\x87\xC6o", CHARSET_UNKNOWN, 0},
        {"d\x92\xE1gua 1\xBA n\xBA 2\xAA \x96 \x80 5 \xB0"
         "C",
         CHARSET_WINDOWS_1252, 0},
        {"", CHARSET_UTF_8, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct charset_survey survey = charset_survey(cases[i].bytes, strlen(cases[i].bytes));
        assert_int_equal(survey.charset, cases[i].expected);
        assert_int_equal(survey.bom, cases[i].bom);
    }
}

static void a_cell_is_what_its_bytes_are(void **state)
{
    static const struct {
        enum charset charset;
        const char *text;
        bool readable;
        enum encoding expected;
    } cases[] = {
        {CHARSET_MIXED, "Bag\xC3\xA9", true, ENCODING_UTF_8},
        {CHARSET_MIXED, "Bag\xE9", true, ENCODING_WINDOWS_1252},
        {CHARSET_MIXED, "IRM\xC3", true, ENCODING_WINDOWS_1252},
        {CHARSET_MIXED, "JO\xC3O", true, ENCODING_WINDOWS_1252},
        {CHARSET_DAMAGED_UTF_8, "JO\xC3O", true, ENCODING_WINDOWS_1252},
        {CHARSET_DAMAGED_UTF_8, "Inspe\xE7\xE3o", true, ENCODING_WINDOWS_1252},
        {CHARSET_DAMAGED_UTF_8, "Execu\xC3", false, 0},
        {CHARSET_DAMAGED_UTF_8, "Execu\xC3 o", false, 0},
        {CHARSET_DAMAGED_UTF_8, "n\xA3o", false, 0},
        {CHARSET_DAMAGED_UTF_8, "d\xE2\x80", false, 0},
        {CHARSET_MIXED, "Bag\xC3\xA9 e Execu\xE7", false, 0},
        {CHARSET_MIXED, "\x93volte amanh\xE3\x92\x85", true, ENCODING_WINDOWS_1252},
        {CHARSET_MIXED, "\x93VOLTE AMANH\xC3\x94", true, ENCODING_WINDOWS_1252},
        {CHARSET_MIXED, "METR\xC3\x94", true, ENCODING_UTF_8},
        {CHARSET_MIXED, "inspe\x87o", false, 0},
        {CHARSET_WINDOWS_1252, "Bag\xC3\xA9", true, ENCODING_WINDOWS_1252},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        enum encoding encoding;
        assert_int_equal(
            charset_of_cell(cases[i].charset, cases[i].text, strlen(cases[i].text), &encoding),
            cases[i].readable);
        if (cases[i].readable)
            assert_int_equal(encoding, cases[i].expected);
    }
}

static void a_nul_is_found(void **state)
{
    (void)state;
    assert_true(charset_survey("a\0b", 3).has_nul);
    assert_false(charset_survey("ab", 2).has_nul);
}

/* The detector reads a file in pieces. Its counts must not depend on where the pieces end. */
static void a_file_of_any_length_is_counted_once(void **state)
{
    enum { PIECE = 32 * 1024, LEN = PIECE + 64 };
    static const struct {
        const char *first, *later; /* around the end of a piece, and after it */
        enum charset expected;
    } cases[] = {
        {"\xC3\xA9", "", CHARSET_UTF_8},
        {"\xE2\x82\xAC", "", CHARSET_UTF_8},
        {"\xE9", "", CHARSET_WINDOWS_1252},
        {"n\x87o", "", CHARSET_MIXED},
        {"\xC3", "", CHARSET_WINDOWS_1252},
        {"\xC3\xA9", "\xE9", CHARSET_DAMAGED_UTF_8},
        {"\xE2\x82\xAC", "\xE9", CHARSET_DAMAGED_UTF_8},
    };
    char text[LEN];

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        for (size_t at = PIECE - 40; at < PIECE + 8; at++) {
            memset(text, 'a', sizeof(text));
            memcpy(text + at, cases[i].first, strlen(cases[i].first));
            text[at + 4] = ' ';
            memcpy(text + LEN - 8, cases[i].later, strlen(cases[i].later));
            const struct charset_survey survey = charset_survey(text, sizeof(text));
            assert_int_equal(survey.charset, cases[i].expected);
            assert_false(survey.has_nul);
            text[at + 8] = '\0';
            assert_true(charset_survey(text, sizeof(text)).has_nul);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_utf8_only_if_all_of_it_is),
        cmocka_unit_test(a_cell_is_what_its_bytes_are),
        cmocka_unit_test(a_nul_is_found),
        cmocka_unit_test(a_file_of_any_length_is_counted_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
