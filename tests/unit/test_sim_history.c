/* SPDX-License-Identifier: MIT */
/* The history of the simulated portal: the same file for the same seed, unique keys, audits of a
 * known size, and shared days. */
#include "base/buf.h"
#include "base/date.h"
#include "base/mem.h"
#include "simulator/export.h"
#include "simulator/truth.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TEST_BYTES_MAX ((size_t)256 << 20)

static const enum report_kind kinds[] = {REPORT_GENERAL, REPORT_RETURN};

enum { KINDS = 2 };

static struct history history_of(uint32_t rows, uint32_t generation)
{
    return (struct history){.seed = 11,
                            .begin = date_from_civil(2022, 3, 1),
                            .today = date_from_civil(2026, 11, 23),
                            .rows = rows,
                            .generation = generation};
}

/* The lines of the expected file, without the header. They point into `text`. */
struct truth {
    char *text;
    size_t bytes;
    char **lines;
    size_t count;
};

static struct truth truth_of(const struct history *history, enum report_kind kind, int32_t from,
                             int32_t to)
{
    struct truth truth = {0};
    struct error err = {0};
    FILE *out = open_memstream(&truth.text, &truth.bytes);

    assert_true(truth_write(history, kind, from, to, out, &err));
    fclose(out);
    truth.lines = mem_array(truth.bytes + 1, sizeof *truth.lines);
    for (char *end = strchr(truth.text, '\n'); end[1]; end = strchr(end + 1, '\n')) {
        truth.lines[truth.count++] = end + 1;
        *end = '\0';
    }
    truth.text[truth.bytes - 1] = '\0';
    return truth;
}

static void truth_done(struct truth *truth)
{
    free(truth->text);
    free(truth->lines);
}

static struct truth truth_whole(uint32_t generation, enum report_kind kind)
{
    struct history history = history_of(20, generation);
    return truth_of(&history, kind, history.begin, history.today);
}

/* Returns the key columns of a line, in the table's order, as a new text. */
static char *key_of(const char *line, enum report_kind kind)
{
    const struct sim_report *report = sim_report_of(kind);
    struct buf key = BUF_INIT(1024);

    for (size_t c = 0; c < report->column_count; c++) {
        size_t len = strcspn(line, "\t");
        if (report->columns[c].key) {
            buf_add(&key, line, len);
            buf_add_char(&key, '\t');
        }
        line += len + (line[len] != '\0');
    }
    return buf_detach(&key);
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char **keys_of(const struct truth *truth, enum report_kind kind)
{
    char **keys = mem_array(truth->count, sizeof *keys);

    for (size_t i = 0; i < truth->count; i++)
        keys[i] = key_of(truth->lines[i], kind);
    qsort(keys, truth->count, sizeof *keys, compare_texts);
    return keys;
}

static void keys_free(char **keys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(keys[i]);
    free(keys);
}

/* Counts the texts of a that are not in b. Both are sorted. */
static size_t missing(char **a, size_t a_count, char **b, size_t b_count)
{
    size_t count = 0;

    for (size_t i = 0; i < a_count; i++)
        count += !bsearch(&a[i], b, b_count, sizeof *b, compare_texts);
    return count;
}

/* Copies the bytes between the header and the totals line. */
static char *rows_of(const struct buf *file, const struct sim_report *report)
{
    const char *rows = strstr(buf_text(file), "UC / MD");

    assert_non_null(rows);
    rows = strstr(rows, report->newline) + strlen(report->newline);
    const char *total = strstr(rows, "Total de registros");
    return mem_copy_n(rows, total ? (size_t)(total - rows) : strlen(rows));
}

static char *export_rows(const struct history *history, enum report_kind kind, int32_t from,
                         int32_t last)
{
    const struct sim_report *report = sim_report_of(kind);
    BUF_DONE struct buf file = BUF_INIT(TEST_BYTES_MAX);

    sim_export_csv(history, kind, from, last + report->end_exclusive, &file);
    return rows_of(&file, report);
}

static void a_day_is_the_same_whichever_window_asks_for_it(void **state)
{
    struct history history = history_of(40, 2);
    int32_t day = date_from_civil(2023, 5, 10);

    (void)state;
    for (int k = 0; k < KINDS; k++)
        for (int32_t shared = day; shared < day + 20; shared++) {
            MEM_FREE_TEXT char *alone = export_rows(&history, kinds[k], shared, shared);
            MEM_FREE_TEXT char *before = export_rows(&history, kinds[k], shared - 30, shared);
            MEM_FREE_TEXT char *after = export_rows(&history, kinds[k], shared, shared + 30);
            size_t len = strlen(alone), before_len = strlen(before);

            assert_true(len > 100 && before_len > len);
            assert_string_equal(before + before_len - len, alone); /* its last day */
            assert_memory_equal(after, alone, len);                /* its first day */
        }
}

static void the_end_of_the_return_period_is_exclusive(void **state)
{
    struct history history = history_of(40, 0);
    int32_t day = date_from_civil(2024, 7, 2);
    BUF_DONE struct buf none = BUF_INIT(TEST_BYTES_MAX);
    BUF_DONE struct buf some = BUF_INIT(TEST_BYTES_MAX);

    (void)state;
    sim_export_csv(&history, REPORT_RETURN, day, day, &none);
    sim_export_csv(&history, REPORT_GENERAL, day, day, &some);
    MEM_FREE_TEXT char *none_rows = rows_of(&none, sim_report_of(REPORT_RETURN));
    MEM_FREE_TEXT char *some_rows = rows_of(&some, sim_report_of(REPORT_GENERAL));
    assert_string_equal(none_rows, "");
    assert_true(strlen(some_rows) > 1000);
}

static void the_same_arguments_give_the_same_bytes(void **state)
{
    struct history history = history_of(40, 3);

    (void)state;
    for (int k = 0; k < KINDS; k++) {
        struct buf one = BUF_INIT(TEST_BYTES_MAX), two = BUF_INIT(TEST_BYTES_MAX);
        sim_export_csv(&history, kinds[k], history.today - 60, history.today + 1, &one);
        sim_export_csv(&history, kinds[k], history.today - 60, history.today + 1, &two);
        assert_int_equal(one.len, two.len);
        assert_memory_equal(one.data, two.data, one.len);
        buf_done(&one);
        buf_done(&two);
    }
}

static void keys_are_unique_in_the_truth(void **state)
{
    (void)state;
    for (int k = 0; k < KINDS; k++)
        for (uint32_t generation = 0; generation <= 6; generation += 3) {
            struct truth truth = truth_whole(generation, kinds[k]);
            char **keys = keys_of(&truth, kinds[k]);
            for (size_t i = 1; i < truth.count; i++)
                assert_string_not_equal(keys[i - 1], keys[i]);
            keys_free(keys, truth.count);
            truth_done(&truth);
        }
}

static void keys_are_unique_at_two_thousand_rows_a_day(void **state)
{
    struct history history = history_of(2000, 1);
    int32_t first = date_from_civil(2025, 3, 10);

    (void)state;
    for (int k = 0; k < KINDS; k++) {
        struct truth truth = truth_of(&history, kinds[k], first, first + 6);
        char **keys = keys_of(&truth, kinds[k]);
        for (size_t i = 1; i < truth.count; i++)
            assert_string_not_equal(keys[i - 1], keys[i]);
        keys_free(keys, truth.count);
        truth_done(&truth);
    }
}

static void the_truth_is_sorted_bytewise(void **state)
{
    (void)state;
    struct truth truth = truth_whole(0, REPORT_GENERAL);
    for (size_t i = 1; i < truth.count; i++)
        assert_true(strcmp(truth.lines[i - 1], truth.lines[i]) < 0);
    truth_done(&truth);
}

/* Asserts rates in hundredths of a percent of the earlier rows. */
static void assert_share(size_t part, size_t whole, size_t low, size_t high)
{
    assert_in_range(part * 10000 / whole, low, high);
}

static void each_generation_alters_removes_and_adds_old_rows(void **state)
{
    (void)state;
    for (int k = 0; k < KINDS; k++)
        for (uint32_t generation = 1; generation <= 3; generation++) {
            struct truth was = truth_whole(generation - 1, kinds[k]);
            struct truth is = truth_whole(generation, kinds[k]);
            char **old_keys = keys_of(&was, kinds[k]), **keys = keys_of(&is, kinds[k]);
            size_t removed = missing(old_keys, was.count, keys, is.count);
            size_t added = missing(keys, is.count, old_keys, was.count);
            size_t differing = missing(was.lines, was.count, is.lines, is.count);

            assert_share(removed, was.count, 15, 50);
            assert_share(added, was.count, 15, 50);
            assert_share(differing - removed, was.count, 70, 130);
            keys_free(old_keys, was.count);
            keys_free(keys, is.count);
            truth_done(&was);
            truth_done(&is);
        }
}

static void an_audit_reaches_every_year_and_the_last_weeks(void **state)
{
    struct history was = history_of(40, 0), is = history_of(40, 1);

    (void)state;
    int32_t starts[] = {was.begin, date_from_civil(2023, 1, 1), date_from_civil(2024, 1, 1),
                        date_from_civil(2025, 1, 1), was.today - 59};
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        int32_t last = i == 4 ? was.today : starts[i] + 300;
        struct truth before = truth_of(&was, REPORT_GENERAL, starts[i], last);
        struct truth after = truth_of(&is, REPORT_GENERAL, starts[i], last);
        assert_true(missing(before.lines, before.count, after.lines, after.count) > 0);
        assert_true(missing(after.lines, after.count, before.lines, before.count) > 0);
        truth_done(&before);
        truth_done(&after);
    }
}

static void a_removed_row_never_comes_back(void **state)
{
    (void)state;
    struct truth was = truth_whole(0, REPORT_GENERAL), gone = truth_whole(2, REPORT_GENERAL),
                 later = truth_whole(9, REPORT_GENERAL);
    char **first = keys_of(&was, REPORT_GENERAL), **second = keys_of(&gone, REPORT_GENERAL),
         **third = keys_of(&later, REPORT_GENERAL);

    for (size_t i = 0; i < was.count; i++)
        if (!bsearch(&first[i], second, gone.count, sizeof *second, compare_texts))
            assert_null(bsearch(&first[i], third, later.count, sizeof *third, compare_texts));
    keys_free(first, was.count);
    keys_free(second, gone.count);
    keys_free(third, later.count);
    truth_done(&was);
    truth_done(&gone);
    truth_done(&later);
}

static void the_truth_of_generation_zero_is_untouched_by_later_generations(void **state)
{
    (void)state;
    struct truth before = truth_whole(0, REPORT_RETURN);
    struct truth later = truth_whole(5, REPORT_RETURN);
    struct truth again = truth_whole(0, REPORT_RETURN);

    assert_int_equal(before.bytes, again.bytes);
    assert_memory_equal(before.text, again.text, before.bytes);
    assert_true(missing(later.lines, later.count, before.lines, before.count) > 0);
    truth_done(&before);
    truth_done(&later);
    truth_done(&again);
}

static void a_few_rows_have_no_readable_service_date(void **state)
{
    (void)state;
    for (int k = 0; k < KINDS; k++) {
        struct history history = history_of(40, 0);
        size_t undated = 0;
        for (int32_t date = history.begin; date <= history.today; date++) {
            struct history_day day;
            history_day_init(&day, &history, kinds[k], date);
            for (size_t i = 0; i < day.count; i++)
                undated += !day.rows[i].dated;
            history_day_done(&day);
        }
        assert_in_range(undated, 3, 60);
    }
}

static void nothing_lies_outside_the_history(void **state)
{
    struct history history = history_of(40, 1);

    (void)state;
    for (int k = 0; k < KINDS; k++) {
        struct truth before = truth_of(&history, kinds[k], history.begin - 900, history.begin - 1);
        struct truth after = truth_of(&history, kinds[k], history.today + 1, history.today + 900);
        assert_int_equal(before.count, 0);
        assert_int_equal(after.count, 0);
        truth_done(&before);
        truth_done(&after);
    }
}

static void returns_are_about_a_fifth_and_come_from_general_services(void **state)
{
    (void)state;
    struct truth general = truth_whole(0, REPORT_GENERAL), returned = truth_whole(0, REPORT_RETURN);
    char **services = keys_of(&general, REPORT_GENERAL),
         **returns = keys_of(&returned, REPORT_RETURN);

    assert_in_range(returned.count * 100 / general.count, 18, 22);
    size_t lost = missing(returns, returned.count, services, general.count);
    assert_in_range(lost * 1000 / returned.count, 5, 40);
    keys_free(services, general.count);
    keys_free(returns, returned.count);
    truth_done(&general);
    truth_done(&returned);
}

static void sundays_and_holidays_are_quiet(void **state)
{
    struct history history = history_of(400, 0);
    int32_t monday = date_from_civil(2025, 6, 9);
    int32_t quiet[] = {monday - 1, date_from_civil(2025, 12, 25), date_from_civil(2025, 9, 20),
                       date_from_civil(2024, 3, 29)}; /* the last is Good Friday */

    (void)state;
    uint32_t busy = history_slots(&history, REPORT_GENERAL, monday);
    for (size_t i = 0; i < sizeof quiet / sizeof quiet[0]; i++)
        assert_true(history_slots(&history, REPORT_GENERAL, quiet[i]) * 3 < busy);
}

static void all_four_combinations_of_region_and_group_occur(void **state)
{
    static const char *const pairs[] = {"\tSUL\tAT", "\tSUL\tBT", "\tNORTE\tAT", "\tNORTE\tBT"};

    (void)state;
    struct truth truth = truth_whole(0, REPORT_RETURN);
    for (int p = 0; p < 4; p++) {
        size_t found = 0;
        for (size_t i = 0; i < truth.count; i++)
            found += strstr(truth.lines[i], pairs[p]) != NULL;
        assert_true(found > truth.count / 50);
    }
    truth_done(&truth);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_is_the_same_whichever_window_asks_for_it),
        cmocka_unit_test(the_end_of_the_return_period_is_exclusive),
        cmocka_unit_test(the_same_arguments_give_the_same_bytes),
        cmocka_unit_test(keys_are_unique_in_the_truth),
        cmocka_unit_test(keys_are_unique_at_two_thousand_rows_a_day),
        cmocka_unit_test(the_truth_is_sorted_bytewise),
        cmocka_unit_test(each_generation_alters_removes_and_adds_old_rows),
        cmocka_unit_test(an_audit_reaches_every_year_and_the_last_weeks),
        cmocka_unit_test(a_removed_row_never_comes_back),
        cmocka_unit_test(the_truth_of_generation_zero_is_untouched_by_later_generations),
        cmocka_unit_test(a_few_rows_have_no_readable_service_date),
        cmocka_unit_test(nothing_lies_outside_the_history),
        cmocka_unit_test(returns_are_about_a_fifth_and_come_from_general_services),
        cmocka_unit_test(sundays_and_holidays_are_quiet),
        cmocka_unit_test(all_four_combinations_of_region_and_group_occur),
    };

    return cmocka_run_group_tests_name("sim_history", tests, NULL, NULL);
}
