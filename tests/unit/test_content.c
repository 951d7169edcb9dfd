/* SPDX-License-Identifier: MIT */
/* Detection of a file's kind by its first bytes. */
#include "base/content.h"
#include "tests/support/unit.h"

#include <string.h>

static void each_kind_is_known_by_its_first_bytes(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
        enum content content;
        const char *name;
    } cases[] = {
        {"UC;Data", 7, CONTENT_UNKNOWN, NULL},
        {"", 0, CONTENT_UNKNOWN, NULL},
        {"PK\3\4", 4, CONTENT_ZIP, "a ZIP or spreadsheet file"},
        {"PK\5\6", 4, CONTENT_ZIP, "a ZIP or spreadsheet file"},
        {"PK\3", 3, CONTENT_UNKNOWN, NULL},
        {" PK\3\4", 5, CONTENT_UNKNOWN, NULL}, /* a zip must begin at the first byte */
        {"\x1F\x8B", 2, CONTENT_GZIP, "a gzip file"},
        {"\xFD"
         "7zXZ",
         5, CONTENT_ARCHIVE, "an xz file"},
        {"%PDF-1.4", 8, CONTENT_DOCUMENT, "a PDF"},
        {"\xEF\xBB\xBF \r\n\t{\"a\":1}", 14, CONTENT_JSON, "JSON"},
        {"[]", 2, CONTENT_JSON, "JSON"},
        {"<?xml version", 13, CONTENT_XML, "XML"},
        {"\xEF\xBB\xBF<!DOCTYPE html>", 18, CONTENT_HTML, "an HTML page"},
        {"\n\n<html>", 8, CONTENT_HTML, "an HTML page"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *name = "";
        assert_int_equal(content_of(cases[i].bytes, cases[i].len, &name), cases[i].content);
        assert_int_equal(name == NULL, cases[i].name == NULL);
        if (name)
            assert_string_equal(name, cases[i].name);
        assert_int_equal(content_is_page(content_of(cases[i].bytes, cases[i].len, NULL)),
                         cases[i].content == CONTENT_XML || cases[i].content == CONTENT_HTML);
    }
}

static void a_title_ends_with_its_tag_or_with_the_bytes(void **state)
{
    static const char *const cases[][2] = {
        {"<html><TITLE>Portal | Login</title>", "Portal | Login"},
        {"<title></title>", ""},
        {"<title>cut", "cut"},
        {"<title", NULL},
        {"no page", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t len = 0;
        const char *title = content_title(cases[i][0], strlen(cases[i][0]), &len);
        assert_int_equal(title == NULL, cases[i][1] == NULL);
        if (title) {
            assert_int_equal(len, strlen(cases[i][1]));
            assert_memory_equal(title, cases[i][1], len);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_is_known_by_its_first_bytes),
        cmocka_unit_test(a_title_ends_with_its_tag_or_with_the_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
