/* SPDX-License-Identifier: MIT */
/* Text encodings: detection, decoding, trimming and upper case. */
#include "base/buf.h"
#include "tests/support/unit.h"
#include "transform/encoding.h"

#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <uninorm.h>
#include <unistr.h>

static void expect_fold(enum encoding encoding, const char *text, const char *expected)
{
    struct buf out = BUF_INIT(1 << 16);

    encoding_fold(encoding, &out, text, strlen(text));
    assert_string_equal(buf_text(&out), expected);
    buf_done(&out);
}

static void upper_case_is_that_of_python(void **state)
{
    (void)state;
    expect_fold(ENCODING_WINDOWS_1252, "Telemedi\xE7\xE3o", "TELEMEDIÇÃO");
    expect_fold(ENCODING_WINDOWS_1252, "Strau\xDF", "STRAUSS");
    expect_fold(ENCODING_WINDOWS_1252, "\xFF \xB5 \xBA\xAA\xBD \xF7", "Ÿ Μ ºª½ ÷");
    expect_fold(ENCODING_WINDOWS_1252, "\x93x\x94 \x96 \x80", "“X” – €");
    expect_fold(ENCODING_UTF_8, "telemedição Strauß ÿ", "TELEMEDIÇÃO STRAUSS Ÿ");
    expect_fold(ENCODING_UTF_8, "ﬁm", "FIM");
}

static void texts_are_trimmed_at_both_ends_and_nowhere_else(void **state)
{
    (void)state;
    expect_fold(ENCODING_WINDOWS_1252, "  a  b\t\r\n", "A  B");
    expect_fold(ENCODING_WINDOWS_1252, "\xA0x\xA0", "X");
    expect_fold(ENCODING_WINDOWS_1252, "\x85", "…");
    expect_fold(ENCODING_UTF_8, " \xC2\xA0x\xE2\x80\x83", "X");
    expect_fold(ENCODING_UTF_8, "   ", "");
    expect_fold(ENCODING_UTF_8,
                "\xE2\x80\x8B"
                "12\xE2\x81\xA0"
                "3\xEF\xBB\xBF",
                "123");
    expect_fold(ENCODING_UTF_8, "Bage\xCC\x81", "BAG\xC3\x89");
    expect_fold(ENCODING_UTF_8, "", "");
    expect_fold(ENCODING_WINDOWS_1252, "null", "NULL");
}

/* Compares the decoding of every byte with libunistring's, by Unicode's table of Windows-1252. */
static void every_byte_of_windows_1252_is_what_unicode_says(void **state)
{
    static const char *const high[] = {
        "€", "\xC2\x81", "‚",        "ƒ", "„",        "…",        "†", "‡",        "ˆ", "‰", "Š",
        "‹", "Œ",        "\xC2\x8D", "Ž", "\xC2\x8F", "\xC2\x90", "‘", "’",        "“", "”", "•",
        "–", "—",        "˜",        "™", "š",        "›",        "œ", "\xC2\x9D", "ž", "Ÿ",
    };

    (void)state;
    for (unsigned byte = 1; byte < 256; byte++) {
        char text[] = {'(', (char)byte, ')', 0};
        char plain[8] = "(";
        struct buf out = BUF_INIT(64);
        if (byte >= 0x80 && byte < 0xA0) {
            memcpy(plain + 1, high[byte - 0x80], strlen(high[byte - 0x80]) + 1);
        } else {
            int len = u8_uctomb((uint8_t *)plain + 1, byte, 6);
            plain[1 + len] = '\0';
        }
        plain[strlen(plain) + 1] = '\0';
        plain[strlen(plain)] = ')';
        encoding_decode(ENCODING_WINDOWS_1252, &out, text, 3);
        assert_string_equal(buf_text(&out), plain);
        buf_reset(&out);

        size_t upper_len = 0;
        uint8_t *upper = u8_toupper((uint8_t *)plain, strlen(plain), NULL, NULL, NULL, &upper_len);
        encoding_fold(ENCODING_WINDOWS_1252, &out, text, 3);
        assert_int_equal(out.len, upper_len);
        assert_memory_equal(out.data, upper, upper_len);
        free(upper);
        buf_done(&out);
    }
}

/* Random numbers that are the same on every machine. */
static uint32_t next_number(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Adds runs of ASCII, Latin-1 and other characters, so that each folding code path follows every
 * other one. */
static void folded_in_any_way_a_text_is_what_libunistring_makes_of_it(void **state)
{
    static const char *const odd[] = {"ç", "ß", "ÿ", "µ", "×", "÷", "à", "¿", "ŉ", "ﬁ", "ΐ", "漢"};
    uint32_t random = 7;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        BUF_DONE struct buf text = BUF_INIT(4096), out = BUF_INIT(4096);
        const size_t pieces = 1 + next_number(&random) % 12;
        const size_t kinds = round % 2 ? COUNT(odd) : COUNT(odd) - 4; /* the others are Latin-1 */
        for (size_t i = 0; i < pieces; i++) {
            for (size_t n = next_number(&random) % 11; n > 0; n--)
                buf_add_char(&text, (char)('!' + next_number(&random) % 94));
            if (next_number(&random) % 3 == 0)
                buf_add_text(&text, odd[next_number(&random) % kinds]);
        }
        size_t expected_len = 0;
        uint8_t *expected = u8_toupper((const uint8_t *)buf_text(&text), text.len, NULL,
                                       UNINORM_NFC, NULL, &expected_len);
        encoding_fold(ENCODING_UTF_8, &out, buf_text(&text), text.len);
        assert_int_equal(out.len, expected_len);
        assert_memory_equal(buf_text(&out), expected, expected_len);
        free(expected);
    }
}

static void what_is_behind_a_text_makes_no_difference(void **state)
{
    static const char text[] = "Equipe \xE7\xE3o;VIZINHO E MAIS";
    char to[256];

    (void)state;
    for (size_t len = 0; len < 10; len++) {
        char alone[256];
        const size_t expected =
            encoding_fold_to(ENCODING_WINDOWS_1252, alone, text, len, text + len);
        const size_t folded =
            encoding_fold_to(ENCODING_WINDOWS_1252, to, text, len, text + sizeof(text) - 1);
        assert_int_equal(folded, expected);
        assert_memory_equal(to, alone, expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(upper_case_is_that_of_python),
        cmocka_unit_test(texts_are_trimmed_at_both_ends_and_nowhere_else),
        cmocka_unit_test(every_byte_of_windows_1252_is_what_unicode_says),
        cmocka_unit_test(folded_in_any_way_a_text_is_what_libunistring_makes_of_it),
        cmocka_unit_test(what_is_behind_a_text_makes_no_difference),
    };

    return cmocka_run_group_tests_name("encoding", tests, NULL, NULL);
}
