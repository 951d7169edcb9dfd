/* SPDX-License-Identifier: MIT */
/* Numbers, money, dates and times as pages show them. The expected texts were written by hand. */
#include "base/date.h"
#include "pages/format.h"
#include "tests/support/unit.h"

#include <string.h>

#define NB "\xC2\xA0"
#define MINUS "\xE2\x88\x92"

static int32_t day_of(const char *iso)
{
    int32_t day = 0;

    assert_true(date_parse_iso(iso, strlen(iso), &day));
    return day;
}

static struct decimal number_of(const char *text)
{
    struct decimal number = {0};

    if (!decimal_parse(text, strlen(text), &number))
        fail_msg("%s is no number", text);
    return number;
}

/* Compares what was written with the expected text, and empties the buffer. */
static void expect(struct buf *out, const char *expected)
{
    assert_string_equal(buf_text(out), expected);
    buf_reset(out);
}

static void counts_have_points_between_thousands(void **state)
{
    static const struct {
        int64_t number;
        const char *expected;
    } cases[] = {
        {0, "0"},
        {7, "7"},
        {999, "999"},
        {1000, "1.000"},
        {1234, "1.234"},
        {12345, "12.345"},
        {123456, "123.456"},
        {1234567, "1.234.567"},
        {-1, MINUS "1"},
        {-1234, MINUS "1.234"},
        {INT64_MAX, "9.223.372.036.854.775.807"},
        {INT64_MIN, MINUS "9.223.372.036.854.775.808"},
    };
    BUF_DONE struct buf out = BUF_INIT(256);

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        format_count(&out, cases[i].number);
        expect(&out, cases[i].expected);
    }
}

static void decimals_are_rounded_half_away_from_zero(void **state)
{
    static const struct {
        const char *number;
        unsigned digits;
        const char *expected;
    } cases[] = {
        {"8.2", 1, "8,2"},
        {"0", 1, "0,0"},
        {"0", 0, "0"},
        {"-0.04", 1, "0,0"},
        {"-0.05", 1, MINUS "0,1"},
        {"-0", 2, "0,00"},
        {"0.05", 1, "0,1"},
        {"0.049999999999999999999999", 1, "0,0"},
        {"999.95", 1, "1.000,0"},
        {"999.949", 1, "999,9"},
        {"2.5", 0, "3"},
        {"-2.5", 0, MINUS "3"},
        {"1.005", 2, "1,01"},
        {"7", 2, "7,00"},
        {"1.0e-06", 6, "0,000001"},
        {"1e+3", 1, "1.000,0"},
        {"35.4411764705882353", 0, "35"},
        {"0.5000000000000000000000000001", 0, "1"},
        {"9999999999999999999", 0, "9.999.999.999.999.999.999"},
        {"9999999999999999999", 2, "9.999.999.999.999.999.999,00"},
        {"9.9999999999999999999", 1, "10,0"},
    };
    BUF_DONE struct buf out = BUF_INIT(256);

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        format_decimal(&out, number_of(cases[i].number), cases[i].digits);
        expect(&out, cases[i].expected);
    }
}

static void what_is_no_number_is_not_read_as_one(void **state)
{
    static const char *const texts[] = {
        "",      "-",      "+1",   "1.",  ".5",  "1,5", " 1",       "1 ",  "1e",
        "1e+",   "1e9999", "1e20", "--1", "0x1", "NaN", "Infinity", "inf", "12345678901234567890",
        "1.2.3", "R$ 1",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct decimal number = {.magnitude = 42};
        if (decimal_parse(texts[i], strlen(texts[i]), &number))
            fail_msg("'%s' was read as a number", texts[i]);
        assert_int_equal(number.magnitude, 42);
    }
}

static void whole_numbers_come_back_at_the_edges(void **state)
{
    int64_t whole = 5;

    (void)state;
    assert_true(decimal_to_int(number_of("-9223372036854775808"), &whole));
    assert_true(whole == INT64_MIN);
    assert_true(decimal_to_int(number_of("9223372036854775807"), &whole));
    assert_true(whole == INT64_MAX);
    whole = 5;
    assert_false(decimal_to_int(number_of("9223372036854775808"), &whole));
    assert_false(decimal_to_int(number_of("-9223372036854775809"), &whole));
    assert_false(decimal_to_whole(number_of("12.5"), &whole));
    assert_int_equal(whole, 5);
    assert_true(decimal_to_whole(number_of("12.000"), &whole));
    assert_int_equal(whole, 12);
    assert_true(decimal_to_double(number_of("-12.25")) == -12.25);
}

static void rates_are_ratios_in_per_cent(void **state)
{
    BUF_DONE struct buf out = BUF_INIT(256);

    (void)state;
    format_rate(&out, number_of("0.08219"), 1);
    expect(&out, "8,2" NB "%");
    format_rate(&out, number_of("0.077682"), 2);
    expect(&out, "7,77" NB "%");
    format_rate(&out, number_of("1"), 0);
    expect(&out, "100" NB "%");
    format_rate(&out, number_of("9999999999999999999"), 0);
    expect(&out, "–");
    format_share(&out, 55, 236, 1);
    expect(&out, "23,3" NB "%");
    format_share(&out, 1, 3, 2);
    expect(&out, "33,33" NB "%");
    format_share(&out, 2, 3, 2);
    expect(&out, "66,67" NB "%");
    format_share(&out, -1, 8, 1);
    expect(&out, MINUS "12,5" NB "%");
    format_share(&out, 1, 2000, 1); /* 0,05 % exactly */
    expect(&out, "0,1" NB "%");
    format_share(&out, 0, 7, 1);
    expect(&out, "0,0" NB "%");
    format_share(&out, 7, 0, 1);
    expect(&out, "–");
    format_share(&out, INT64_C(1000000000000), INT64_C(1000000000000), 1);
    expect(&out, "100,0" NB "%");
}

static void money_is_in_reais(void **state)
{
    static const struct {
        int64_t cents;
        const char *full, *whole, *brief;
    } cases[] = {
        {0, "R$" NB "0,00", "R$" NB "0", "R$" NB "0,00"},
        {1, "R$" NB "0,01", "R$" NB "0", "R$" NB "0,01"},
        {-1, MINUS "R$" NB "0,01", "R$" NB "0", MINUS "R$" NB "0,01"},
        {1250, "R$" NB "12,50", "R$" NB "13", "R$" NB "12,50"},
        {9999, "R$" NB "99,99", "R$" NB "100", "R$" NB "99,99"},
        {10000, "R$" NB "100,00", "R$" NB "100", "R$" NB "100"},
        {123456, "R$" NB "1.234,56", "R$" NB "1.235", "R$" NB "1.235"},
        {155800, "R$" NB "1.558,00", "R$" NB "1.558", "R$" NB "1.558"},
        {999949, "R$" NB "9.999,49", "R$" NB "9.999", "R$" NB "9.999"},
        {999950, "R$" NB "9.999,50", "R$" NB "10.000", "R$" NB "10,0" NB "mil"},
        {1234567, "R$" NB "12.345,67", "R$" NB "12.346", "R$" NB "12,3" NB "mil"},
        {9994999, "R$" NB "99.949,99", "R$" NB "99.950", "R$" NB "99,9" NB "mil"},
        {9995000, "R$" NB "99.950,00", "R$" NB "99.950", "R$" NB "100" NB "mil"},
        {53848896, "R$" NB "538.488,96", "R$" NB "538.489", "R$" NB "538" NB "mil"},
        {99949999, "R$" NB "999.499,99", "R$" NB "999.500", "R$" NB "999" NB "mil"},
        {99999999, "R$" NB "999.999,99", "R$" NB "1.000.000", "R$" NB "1,00" NB "mi"},
        {504000000, "R$" NB "5.040.000,00", "R$" NB "5.040.000", "R$" NB "5,04" NB "mi"},
        {-1659000000, MINUS "R$" NB "16.590.000,00", MINUS "R$" NB "16.590.000",
         MINUS "R$" NB "16,59" NB "mi"},
        {INT64_C(12345000000), "R$" NB "123.450.000,00", "R$" NB "123.450.000",
         "R$" NB "123,5" NB "mi"},
        {INT64_C(123456789000), "R$" NB "1.234.567.890,00", "R$" NB "1.234.567.890",
         "R$" NB "1,23" NB "bi"},
        {INT64_MIN, MINUS "R$" NB "92.233.720.368.547.758,08",
         MINUS "R$" NB "92.233.720.368.547.758", MINUS "R$" NB "92.233.720,37" NB "bi"},
    };
    BUF_DONE struct buf out = BUF_INIT(256);

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        format_reais(&out, cases[i].cents);
        expect(&out, cases[i].full);
        format_reais_whole(&out, cases[i].cents);
        expect(&out, cases[i].whole);
        format_reais_short(&out, cases[i].cents);
        expect(&out, cases[i].brief);
    }
}

static void changes_have_their_sign(void **state)
{
    BUF_DONE struct buf out = BUF_INIT(256);

    (void)state;
    format_change(&out, 40);
    expect(&out, "+40");
    format_change(&out, -1300);
    expect(&out, MINUS "1.300");
    format_change(&out, 0);
    expect(&out, "0");
    format_points(&out, number_of("0.065760"), number_of("0.067536"), 2);
    expect(&out, "+0,18" NB "p.p.");
    format_points(&out, number_of("0.0822"), number_of("0.0653"), 2);
    expect(&out, MINUS "1,69" NB "p.p.");
    format_points(&out, number_of("0.08"), number_of("0.08004"), 2);
    expect(&out, "0,00" NB "p.p.");
    format_points(&out, number_of("-0.5"), number_of("0.5"), 0);
    expect(&out, "+100" NB "p.p.");
    format_points(&out, number_of("0"), number_of("999999999"), 2);
    expect(&out, "–");
}

static void dates_are_day_month_year(void **state)
{
    BUF_DONE struct buf out = BUF_INIT(256);

    (void)state;
    format_date(&out, day_of("2026-11-06"));
    expect(&out, "06/11/2026");
    format_date(&out, DATE_MIN);
    expect(&out, "01/01/0001");
    format_date(&out, DATE_MAX);
    expect(&out, "31/12/9999");
    format_day_month(&out, day_of("2026-09-28"));
    expect(&out, "28/09");
    format_month_short(&out, day_of("2026-09-01"));
    expect(&out, "set/26");
    format_month_short(&out, day_of("2005-03-31"));
    expect(&out, "mar/05");
    format_month_long(&out, day_of("2026-09-01"));
    expect(&out, "setembro de 2026");
    format_month_long(&out, day_of("2025-03-01"));
    expect(&out, "março de 2025");
    assert_string_equal(format_month_name(day_of("2026-12-31")), "dezembro");
    assert_string_equal(format_month_name(day_of("2026-01-01")), "janeiro");
    /* 26/11/2026 is a Thursday. */
    assert_string_equal(format_weekday(day_of("2026-11-26")), "quinta");
    assert_string_equal(format_weekday_short(day_of("2026-11-28")), "sáb");
    assert_string_equal(format_weekday_short(day_of("2026-11-29")), "dom");
    assert_string_equal(format_weekday(day_of("2026-12-01")), "terça");
}

static void times_have_hours_and_minutes(void **state)
{
    BUF_DONE struct buf out = BUF_INIT(256);

    (void)state;
    format_time(&out, 15, 30);
    expect(&out, "15:30");
    format_time(&out, 0, 5);
    expect(&out, "00:05");
    format_minutes(&out, 35);
    expect(&out, "35" NB "min");
    format_minutes(&out, 0);
    expect(&out, "0" NB "min");
    format_minutes(&out, 60);
    expect(&out, "1" NB "h" NB "00");
    format_minutes(&out, 65);
    expect(&out, "1" NB "h" NB "05");
    format_minutes(&out, -65);
    expect(&out, MINUS "1" NB "h" NB "05");
    format_minutes(&out, -5);
    expect(&out, MINUS "5" NB "min");
    format_minutes(&out, 60000);
    expect(&out, "1.000" NB "h" NB "00");
}

static void one_is_singular_and_the_rest_plural(void **state)
{
    BUF_DONE struct buf out = BUF_INIT(256);

    (void)state;
    format_counted(&out, 1, "serviço", "serviços");
    expect(&out, "1" NB "serviço");
    format_counted(&out, 0, "serviço", "serviços");
    expect(&out, "0" NB "serviços");
    format_counted(&out, 1234, "serviço", "serviços");
    expect(&out, "1.234" NB "serviços");
    format_counted(&out, -1, "linha", "linhas");
    expect(&out, MINUS "1" NB "linha");
}

static void cells_are_written_by_their_kind(void **state)
{
    static const struct {
        const char *text;
        enum cell_kind kind;
        unsigned digits;
        bool of_its_kind;
        const char *expected;
    } cases[] = {
        {NULL, KIND_INTEGER, 0, true, "–"},
        {NULL, KIND_TEXT, 0, true, "–"},
        {"", KIND_TEXT, 0, true, ""},
        {"PORTO ALEGRE", KIND_TEXT, 0, true, "PORTO ALEGRE"},
        {"<script>", KIND_TEXT, 0, true, "&lt;script&gt;"},
        {"1234", KIND_INTEGER, 0, true, "1.234"},
        {"1234.0", KIND_INTEGER, 0, true, "1.234"},
        {"1234.5", KIND_INTEGER, 0, false, "1234.5"},
        {"", KIND_INTEGER, 0, false, ""},
        {"<b>1", KIND_INTEGER, 0, false, "&lt;b&gt;1"},
        {"99999999999999999999", KIND_INTEGER, 0, false, "99999999999999999999"},
        {"8.25", KIND_DECIMAL, 1, true, "8,3"},
        {"0.077682", KIND_RATIO, 1, true, "7,8" NB "%"},
        {"0.077682", KIND_RATIO, 2, true, "7,77" NB "%"},
        {"9999999999999999999", KIND_RATIO, 1, false, "9999999999999999999"},
        {"NaN", KIND_RATIO, 1, false, "NaN"},
        {"1234.5", KIND_REAIS, 0, true, "R$" NB "1.234,50"},
        {"538488.96", KIND_REAIS, 0, true, "R$" NB "538.488,96"},
        {"-0.004", KIND_REAIS, 0, true, "R$" NB "0,00"},
        {"12,50", KIND_REAIS, 0, false, "12,50"},
        {"123456", KIND_CENTS, 0, true, "R$" NB "1.234,56"},
        {"1.5", KIND_CENTS, 0, false, "1.5"},
        {"65.4", KIND_MINUTES, 0, true, "1" NB "h" NB "05"},
        {"2026-09-01", KIND_DATE, 0, true, "01/09/2026"},
        {"9999-12-31", KIND_DATE, 0, true, "31/12/9999"},
        {"2026-02-31", KIND_DATE, 0, false, "2026-02-31"},
        {"01/09/2026", KIND_DATE, 0, false, "01/09/2026"},
        {"2026-09-01", KIND_MONTH, 0, true, "set/26"},
        {"setembro", KIND_MONTH, 0, false, "setembro"},
        {"15:30:00", KIND_TIME, 0, true, "15:30"},
        {"08:05", KIND_TIME, 0, true, "08:05"},
        {"24:00", KIND_TIME, 0, false, "24:00"},
        {"8:30", KIND_TIME, 0, false, "8:30"},
        {"08:3<", KIND_TIME, 0, false, "08:3&lt;"},
        {"2026-11-26T15:30:00-03:00", KIND_INSTANT, 0, true, "26/11/2026 15:30"},
        {"2026-11-26 15:30:00.123-03", KIND_INSTANT, 0, true, "26/11/2026 15:30"},
        {"2026-11-26T15:30", KIND_INSTANT, 0, true, "26/11/2026 15:30"},
        {"2026-11-26", KIND_INSTANT, 0, false, "2026-11-26"},
        {"2026-11-26T15:30:00 <", KIND_INSTANT, 0, false, "2026-11-26T15:30:00 &lt;"},
        {"2026-11-31T15:30:00", KIND_INSTANT, 0, false, "2026-11-31T15:30:00"},
    };
    BUF_DONE struct buf out = BUF_INIT(256);

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct cell cell = {cases[i].text, cases[i].text ? strlen(cases[i].text) : 0};
        if (format_cell(&out, cell, cases[i].kind, cases[i].digits) != cases[i].of_its_kind)
            fail_msg("%s as %s", cases[i].text, cell_kind_name(cases[i].kind));
        expect(&out, cases[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_have_points_between_thousands),
        cmocka_unit_test(decimals_are_rounded_half_away_from_zero),
        cmocka_unit_test(what_is_no_number_is_not_read_as_one),
        cmocka_unit_test(whole_numbers_come_back_at_the_edges),
        cmocka_unit_test(rates_are_ratios_in_per_cent),
        cmocka_unit_test(money_is_in_reais),
        cmocka_unit_test(changes_have_their_sign),
        cmocka_unit_test(dates_are_day_month_year),
        cmocka_unit_test(times_have_hours_and_minutes),
        cmocka_unit_test(one_is_singular_and_the_rest_plural),
        cmocka_unit_test(cells_are_written_by_their_kind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
